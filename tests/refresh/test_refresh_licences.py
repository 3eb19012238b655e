"""Licences that come with a refresh: what each service means, whose version it is, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_services import FakeServices, Paper, oai_answer, oai_record, openalex_answer, openalex_work, s2_entry

from papernotes.base import licences
from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.data.licences import PaperLicence, licence_of
from papernotes.refresh import command, report
from papernotes.refresh.merge import merge
from papernotes.refresh.services.answer import Answer, Citations, Licensed, MalformedError, Nonsense, Unknown
from papernotes.refresh.services.arxiv_oai import ArxivOai
from papernotes.refresh.services.openalex import ByDoi
from papernotes.refresh.services.semantic_scholar import SemanticScholar
from papernotes.refresh.services.transport import Limits

TODAY = date(2026, 11, 23)
EARLIER = date(2026, 11, 1)
FAST = Limits(total=3.0, connect=1.0, read=1.0, retries=0, pace=0.0)
PAPER = Paper("2301.00001", "Paper of one kind", arxiv_licence="http://creativecommons.org/licenses/by/4.0/")
RECORD = Record(PAPER.arxiv, 2, PAPER.title, ("A",), date(2023, 5, 29), None, None, None, None, None)
NONEXCLUSIVE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "cc-by-4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "cc-by-nc-sa-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0", "cc-by-nc-nd-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("http://creativecommons.org/licenses/publicdomain/", "public-domain"),
        (NONEXCLUSIVE, "arxiv-nonexclusive-1.0"),
        ("http://arxiv.org/licenses/assumed-1991-2003/", "arxiv-assumed-1991-2003"),
        pytest.param("https://creativecommons.org/licenses/by/9.0/", None, id="no such number"),
        pytest.param("https://creativecommons.org.example/licenses/by/4.0/", None, id="another host"),
        pytest.param("cc-by", None, id="no address"),
        pytest.param("javascript:alert(1)", None, id="a script"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_licence_is_known_by_its_address(address: str, key: str | None) -> None:
    assert licences.of_address(address) == key


@pytest.mark.parametrize(
    ("word", "key"),
    [
        pytest.param("cc-by", "cc-by", id="OpenAlex"),
        pytest.param("CCBYNCSA", "cc-by-nc-sa", id="Semantic Scholar"),
        pytest.param("public-domain", "public-domain", id="public domain"),
        pytest.param("other-oa", None, id="open, but not under which licence"),
        pytest.param("publisher-specific-oa", None, id="a publisher's own"),
        pytest.param("cc-by-4.0", None, id="a number, which neither gives"),
    ],
)
def test_a_licence_is_known_by_its_word(word: str, key: str | None) -> None:
    assert licences.of_word(word) == key


def test_only_licences_that_allow_it_are_open() -> None:
    names = {
        licence.name.rpartition(" ")[0] or licence.name for licence in licences.LICENCES.values() if licence.is_open
    }
    assert names == {"CC", "CC BY", "CC BY-SA", "CC0"}


def one(answers: dict[str, Answer]) -> Answer:
    (found,) = answers.values()
    return found


def json(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        pytest.param({"url": "https://arxiv.org/pdf/2301.00001", "license": "CCBY"}, Licensed("cc-by", None), id="on arXiv"),
        pytest.param({"url": "https://arxiv.org/pdf/2301.00001v2.pdf", "license": "CCBYNC"}, Licensed("cc-by-nc", 2), id="it names the version"),
        pytest.param({"url": "https://arxiv.org/pdf/2301.00002", "license": "CCBY"}, None, id="another paper's"),
        pytest.param({"url": "https://example.org/a.pdf", "license": "CCBY"}, None, id="a publisher's text"),
        pytest.param({"url": "", "license": "CCBY"}, None, id="of no text"),
        pytest.param({"url": "https://arxiv.org/pdf/2301.00001", "license": None}, None, id="none told"),
        pytest.param({"url": 7, "license": ["CCBY"]}, None, id="nonsense"),
        pytest.param(None, None, id="nothing"),
        pytest.param("CCBY", None, id="no object"),
    ],
)  # fmt: skip
def test_semantic_scholar_tells_the_licence_of_a_pdf(text: Any, licence: Licensed | None) -> None:
    found = one(SemanticScholar().read([RECORD], json([{**s2_entry(PAPER), "openAccessPdf": text}])))
    assert isinstance(found, Citations)
    assert (found.count, found.licence) == (100, licence)


@pytest.mark.parametrize(
    ("location", "licence"),
    [
        pytest.param({"landing_page_url": "http://arxiv.org/abs/2301.00001", "license": "cc-by-sa"}, Licensed("cc-by-sa", None), id="on arXiv"),
        pytest.param({"landing_page_url": "https://arxiv.org/abs/2301.00001v1", "license": "cc-by"}, Licensed("cc-by", 1), id="it names the version"),
        pytest.param({"landing_page_url": "https://doi.org/10.48550/arxiv.2301.00001", "license": "public-domain"}, Licensed("public-domain", None), id="by its DOI"),
        pytest.param({"landing_page_url": "https://doi.org/10.1000/journal", "license": "cc-by"}, None, id="the published text has its own"),
        pytest.param({"landing_page_url": "http://arxiv.org/abs/2301.00001", "license": "other-oa"}, None, id="open, but how?"),
        pytest.param({"landing_page_url": None, "license": "cc-by"}, None, id="nowhere"),
        pytest.param(["cc-by"], None, id="no object"),
    ],
)  # fmt: skip
def test_openalex_tells_the_licence_of_a_location(location: Any, licence: Licensed | None) -> None:
    work = {**openalex_work(PAPER), "locations": [location]}
    found = one(ByDoi().read([RECORD], json(openalex_answer([work]))))
    assert isinstance(found, Citations)
    assert (found.count, found.licence) == (40, licence)


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        pytest.param(PAPER, Licensed("cc-by-4.0", 2), id="of the newest version"),
        pytest.param(replace(PAPER, arxiv_licence=NONEXCLUSIVE, version=11), Licensed("arxiv-nonexclusive-1.0", 11), id="eleven versions"),
        pytest.param(replace(PAPER, arxiv_licence=None), Licensed(None, 2), id="an old paper has none"),
        pytest.param(replace(PAPER, version=None), Licensed("cc-by-4.0", None), id="no version is named"),
        pytest.param(replace(PAPER, arxiv_licence="none of them"), Nonsense("a licence that is not known: 'none of them'"), id="an address that is none"),
        pytest.param(replace(PAPER, arxiv_licence="http://example.org/<b>"), Nonsense("a licence that is not known: 'http://example.org/<b>'"), id="markup"),
    ],
)  # fmt: skip
def test_arxiv_tells_the_licence_of_its_newest_version(paper: Paper, expected: Answer) -> None:
    body = oai_answer(oai_record(paper)).encode()
    assert one(ArxivOai().read([RECORD], body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(oai_answer('<error code="idDoesNotExist">x</error>'), Unknown(), id="unknown"),
        pytest.param(oai_answer(oai_record(PAPER, "2301.00002")), Nonsense("an answer for another paper: '2301.00002'"), id="another paper"),
        pytest.param(oai_answer('<error code="badArgument">x</error>'), "answered the error 'badArgument', with status 200", id="refused"),
        pytest.param(oai_answer(""), "answered no record", id="empty"),
        pytest.param("<html></html>", "answered XML that is not OAI-PMH", id="a page"),
        pytest.param("<OAI-PMH", "answered no well-formed XML, with status 200", id="cut"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "answered XML with a DOCTYPE, or HTML; not read", id="entities"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_record(body: str, expected: Answer | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(MalformedError) as error:
            ArxivOai().read([RECORD], body.encode())
        assert str(error.value) == expected
    else:
        assert one(ArxivOai().read([RECORD], body.encode())) == expected


def kept(licence: str, version: int | None, source: str = "arxiv", day: date = EARLIER) -> PaperLicence:
    return PaperLicence(licence, version, source, day)


@pytest.mark.parametrize(
    ("before", "found", "after", "why"),
    [
        pytest.param([], Licensed("cc-by-4.0", 2), [kept("cc-by-4.0", 2, day=TODAY)], "licence of version 2 cc-by-4.0, the first", id="the first"),
        pytest.param([kept("cc-by-4.0", 2)], Licensed("cc-by-4.0", 2), [kept("cc-by-4.0", 2)], "", id="the same keeps its day"),
        pytest.param([kept("cc-by-4.0", 2)], Licensed("cc-by-nc-4.0", 2), [kept("cc-by-nc-4.0", 2, day=TODAY)], "licence of version 2 cc-by-4.0 (2026-11-01) → cc-by-nc-4.0", id="another"),
        pytest.param([kept("cc-by-4.0", 1)], Licensed("cc0-1.0", 2), [kept("cc-by-4.0", 1), kept("cc0-1.0", 2, day=TODAY)], "licence of version 2 cc0-1.0, the first", id="a new version has its own"),
        pytest.param([kept("cc-by-4.0", 2)], Licensed(None, 2), [kept("cc-by-4.0", 2)], "no licence is given", id="one that is not told any more stays"),
    ],
)  # fmt: skip
def test_what_is_kept(before: list[PaperLicence], found: Licensed, after: list[PaperLicence], why: str) -> None:
    record = replace(RECORD, licences=tuple(before))
    new, (outcome,) = merge(record, {"arxiv-oai": found}, today=TODAY)
    assert list(new.licences) == after
    assert outcome.why == why
    assert (outcome.state == "updated") is (before != after)
    text = ledger.serialise([new])
    assert ledger.parse(text, "", today=TODAY) == ({new.arxiv: new}, [])


def test_a_count_that_is_held_back_brings_no_licence() -> None:
    record, _ = merge(RECORD, {"openalex": Citations(1000, RECORD.title, 2023)}, today=EARLIER)
    odd = Citations(1, RECORD.title, 2023, Licensed("cc-by", None))
    new, (outcome,) = merge(record, {"openalex": odd}, today=TODAY)
    assert (outcome.state, new.licences) == ("held", ())


@pytest.mark.parametrize(
    ("known", "version", "shown"),
    [
        pytest.param([], 2, None, id="unknown"),
        pytest.param([kept("cc-by-4.0", 1)], 2, None, id="another version's is not this one's"),
        pytest.param([kept("cc-by", None, "openalex"), kept("cc-by-4.0", 2)], 2, "cc-by-4.0", id="of the version first"),
        pytest.param([kept("cc-by", None, "openalex"), kept("cc-by-4.0", 1)], 2, "cc-by", id="else the paper's"),
        pytest.param([kept("cc-by-nc", None, "semantic-scholar"), kept("cc-by", None, "openalex")], None, "cc-by", id="OpenAlex before Semantic Scholar"),
        pytest.param([kept("cc-by-4.0", 2)], None, None, id="a page that names no version"),
    ],
)  # fmt: skip
def test_which_licence_is_shown(known: list[PaperLicence], version: int | None, shown: str | None) -> None:
    found = licence_of(known, version)
    assert (found.licence if found else None) == shown


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param('"cc-by-4.0"', '"free"', "a licence of '2301.00001' is 'free'", id="no licence"),
        pytest.param('"cc-by-4.0"', '"http://creativecommons.org/licenses/by/4.0/"', "a licence of '2301.00001' is 'http://creativecommons.org/licenses/by/4.0/'", id="an address"),
        pytest.param('"version": 2, "source"', '"version": 0, "source"', "a licence of '2301.00001' is of version '0'", id="version zero"),
        pytest.param('"source": "arxiv"', '"source": "me"', "a licence of '2301.00001' has the source 'me'", id="whose word?"),
        pytest.param('"2026-11-01"}', '"2030-11-01"}', "a licence of '2301.00001' is of the day '2030-11-01', in the future", id="a day to come"),
        pytest.param('"licences": [', '"licences": [{}, ', "a licence of '2301.00001' is '{}'", id="an empty one"),
    ],
)  # fmt: skip
def test_a_bad_licence_of_the_ledger_is_a_finding(old: str, new: str, expected: str) -> None:
    text = ledger.serialise([replace(RECORD, licences=(kept("cc-by-4.0", 2),))])
    assert old in text
    _, findings = ledger.parse(text.replace(old, new), "a.json", today=TODAY)
    assert [(each.rule, each.what) for each in findings] == [("ledger-licence", expected)]


def test_what_an_author_reads_of_a_bad_licence() -> None:
    text = ledger.serialise([replace(RECORD, licences=(kept("cc-by-4.0", 2),))])
    _, findings = ledger.parse(text.replace('"cc-by-4.0"', '"free"'), "a.json", today=TODAY)
    assert [str(each) for each in findings] == [
        "a.json:2:1: ledger-licence: a licence of '2301.00001' is 'free'; use the key of a licence that is known, or remove it"
    ]


def test_a_licence_twice_is_a_finding() -> None:
    text = ledger.serialise([replace(RECORD, licences=(kept("cc-by-4.0", 2), kept("cc0-1.0", 2)))])
    _, findings = ledger.parse(text, "a.json", today=TODAY)
    assert [each.what for each in findings] == ["'2301.00001' has two licences of version 2 by arxiv"]


def test_what_is_not_known_is_not_written() -> None:
    assert "licence" not in ledger.serialise([RECORD])


def run(docs: Path, services: FakeServices, *, ask: bool) -> report.Report:
    return command.run(
        docs, (), accept=False, licences=ask, environment=services.environment, limits=FAST, today=TODAY,
        step=lambda *_: None,
    )  # fmt: skip


def test_a_refresh_asks_arxiv_only_where_it_is_told(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    (docs / ledger.FILE).write_text(ledger.serialise([RECORD]), encoding="utf-8")
    paper = replace(PAPER, s2_licence="CCBY", openalex_licence="cc-by")
    with FakeServices([paper], prefix="/a/mirror") as services:
        run(docs, services, ask=False)
        assert services.count("arxiv-oai") == 0
        records, _ = ledger.read(docs, tmp_path, today=TODAY)
        assert [(each.source, each.licence) for each in records[paper.arxiv].licences] == [
            ("openalex", "cc-by"),
            ("semantic-scholar", "cc-by"),
        ]
        done = run(docs, services, ask=True)
        assert services.count("arxiv-oai") == 1
    records, _ = ledger.read(docs, tmp_path, today=TODAY)
    assert licence_of(records[paper.arxiv].licences, 2) == kept("cc-by-4.0", 2, day=TODAY)
    assert "arXiv OAI-PMH: licence of version 2 cc-by-4.0, the first" in report.table(done)
