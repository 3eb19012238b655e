"""What a body with status 200 is taken for: an answer, no knowledge, or nonsense; and never a traceback."""

from __future__ import annotations

import json
import re
import tracemalloc
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import fake_services as fake
import pytest
from fake_services import Paper
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.refresh.merge import merge
from papernotes.refresh.services.answer import (
    Answers,
    Citations,
    Client,
    Exists,
    MalformedError,
    Metadata,
    Nonsense,
    Silent,
    Unknown,
)
from papernotes.refresh.services.arxiv_api import Arxiv
from papernotes.refresh.services.datacite import DataCite
from papernotes.refresh.services.openalex import ByDoi, ByPage
from papernotes.refresh.services.semantic_scholar import SemanticScholar
from papernotes.refresh.services.text import clean
from papernotes.refresh.services.transport import Reply

TODAY = date(2026, 11, 23)
DPO, LORA, RCNN = (
    Paper("2305.18290", "Direct Preference Optimization"),
    Paper("2106.09685", "LoRA: Low-Rank Adaptation", semantic_scholar=200, openalex=50),
    Paper("math-ph/0309136", "Mask R-CNN", semantic_scholar=300, openalex=60),
)
PAPERS = [DPO, LORA, RCNN]
RECORDS = [Record(p.arxiv, 1, p.title, ("A",), date(2023, 5, 29), None, None, None, None, None) for p in PAPERS]
CLIENTS: list[Client] = [Arxiv(), SemanticScholar(), ByDoi(), ByPage(), DataCite()]


def body(client: Client) -> bytes:
    """A good answer about all papers."""
    if isinstance(client, Arxiv):
        return fake.arxiv_feed(PAPERS).encode()
    if isinstance(client, SemanticScholar):
        return json.dumps([fake.s2_entry(p) for p in PAPERS]).encode()
    if isinstance(client, DataCite):
        return json.dumps({"data": [{"id": f"10.48550/arxiv.{p.arxiv}"} for p in PAPERS]}).encode()
    return json.dumps(fake.openalex_answer([fake.openalex_work(p) for p in PAPERS])).encode()


def read(client: Client, data: Any) -> Answers:
    return client.read(RECORDS, data if isinstance(data, bytes) else json.dumps(data).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: type(client).__name__)
def test_a_good_answer_is_about_every_paper(client: Client) -> None:
    answers = read(client, body(client))
    assert list(answers) == [paper.arxiv for paper in PAPERS]
    kinds = {type(answer) for answer in answers.values()}
    assert kinds == {{"arxiv": Metadata, "datacite": Exists}.get(client.service.name, Citations)}


@pytest.mark.parametrize("client", CLIENTS[1:], ids=lambda client: type(client).__name__)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(b'{"error":"Internal trouble"}', "answered the error 'Internal trouble'", id="error"),
        pytest.param(b'{"message":"Too \\u0000\\u202emany"}', "answered the error 'Too many'", id="message"),
        pytest.param(b'{"error":null,"message":7}', "answered no list", id="null error"),
        pytest.param(b"[" * 100_000, "nested without end", id="deep list"),
        pytest.param(b'{"results":' * 50_000, "nested without end", id="deep object"),
        pytest.param(b'[{"title":"x"', "no valid JSON", id="truncated"),
        pytest.param(b"[NaN]", "no valid JSON", id="NaN"),
        pytest.param(b"[Infinity, -Infinity]", "no valid JSON", id="Infinity"),
        pytest.param(b"[" + b"9" * 5000 + b"]", "no valid JSON", id="a number of 5000 digits"),
        pytest.param(b"<html><body>502</body></html>", "answered HTML", id="HTML"),
        pytest.param(b"   \n", "answered nothing", id="blank"),
        pytest.param(b"\xff\xfe\xfa", "no valid JSON", id="bytes"),
        pytest.param(b'"OK"', "answered no list", id="string"),
        pytest.param(b"true", "answered no list", id="true"),
        pytest.param(b"null", "answered no list", id="null"),
        pytest.param(b'{"results":{}, "data":{}}', "answered no list", id="object for list"),
    ],
)
def test_a_body_that_is_no_answer(client: Client, text: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        client.read(RECORDS, text)


COUNTS = [
    pytest.param("100", "not a whole number: '100'", id="string"),
    pytest.param(100.0, "not a whole number: 100.0", id="float"),
    pytest.param(1e999, "not a whole number: inf", id="a float beyond floats"),
    pytest.param(True, "not a whole number: True", id="bool"),
    pytest.param(None, "not a whole number: None", id="null"),
    pytest.param([3], r"not a whole number: \[3\]", id="list"),
    pytest.param(-1, "cannot be: -1", id="negative"),
    pytest.param(10**18, "cannot be: 1000000000000000000", id="absurd"),
]


@pytest.mark.parametrize(("count", "why"), COUNTS)
@pytest.mark.parametrize("client", [SemanticScholar(), ByDoi(), ByPage()], ids=lambda client: type(client).__name__)
def test_a_count_is_a_whole_number_that_can_be(client: Client, count: object, why: str) -> None:
    data = json.loads(body(client))
    entries = data if isinstance(data, list) else data["results"]
    entries[0]["citationCount"] = entries[0]["cited_by_count"] = count
    text = json.dumps(data).replace("Infinity", "1e999").encode()
    answers = read(client, text)
    first = answers[DPO.arxiv]
    assert isinstance(first, Nonsense)
    assert re.search(why, first.why)
    assert isinstance(answers[LORA.arxiv], Citations)


@pytest.mark.parametrize("title", [None, 5, "", " \u200b\n", ["a"]])
@pytest.mark.parametrize("client", [SemanticScholar(), ByDoi(), ByPage()], ids=lambda client: type(client).__name__)
def test_a_count_needs_a_title(client: Client, title: object) -> None:
    data = json.loads(body(client))
    (data if isinstance(data, list) else data["results"])[0]["title"] = title
    assert read(client, data)[DPO.arxiv] == Nonsense("a count without a title")


# Semantic Scholar ---------------------------------------------------------------------------------------------------

E1, E2, E3 = (fake.s2_entry(paper) for paper in PAPERS)


def named(entry: dict[str, Any], arxiv: Any) -> dict[str, Any]:
    return entry | {"externalIds": {"ArXiv": arxiv}}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([E1, None, E3], [100, "Unknown", 300], id="null"),
        pytest.param([E3, E1, E2], [100, 200, 300], id="another order"),
        pytest.param([E1, E3], [100, "Silent", 300], id="fewer"),
        pytest.param([], ["Silent"] * 3, id="none"),
        pytest.param([E1, E2, E3, None, E1], [100, 200, 300], id="more"),
        pytest.param([E1, E1, E3], [100, "Nonsense", 300], id="a duplicate in another's place"),
        pytest.param([E1, E1 | {"citationCount": 7}, E3], ["Nonsense", "Nonsense", 300], id="two answers"),
        pytest.param([E1 | {"externalIds": None}, E2, E3], [100, 200, 300], id="no ids"),
        pytest.param([named(E1, None), named(E2, None), E3], [100, 200, 300], id="ids without arXiv's"),
        pytest.param([E1 | {"externalIds": None}, E3], ["Silent", "Silent", 300], id="fewer, and no ids"),
        pytest.param([named(E1, "2305.18290v3"), E2, E3], [100, 200, 300], id="an id with a version"),
        pytest.param([named(E1, "9999.99999"), E2, E3], ["Nonsense", 200, 300], id="another paper's id"),
        pytest.param([named(E1, 5), E2, E3], ["Nonsense", 200, 300], id="an id that is a number"),
        pytest.param([named(E1, "x" * 10_000), E2, E3], ["Nonsense", 200, 300], id="an id without end"),
        pytest.param(["x", 5, [E3]], ["Nonsense"] * 3, id="no objects"),
        pytest.param([{}, {}, {}], ["Nonsense"] * 3, id="empty objects"),
    ],
)
def test_semantic_scholar_is_read_by_id(entries: list[Any], expected: list[int | str]) -> None:
    answers = read(SemanticScholar(), entries)
    assert [
        answer.count if isinstance(answer, Citations) else type(answer).__name__
        for answer in (answers[paper.arxiv] for paper in PAPERS)
    ] == expected


def test_an_answer_nobody_asked_for_is_handed_on_as_such() -> None:
    answers = read(SemanticScholar(), [E1, E2, named(E3, "2101.03961")])
    assert isinstance(answers["2101.03961"], Citations)
    assert answers[RCNN.arxiv] == Nonsense("an answer for another paper: 2101.03961")


def test_each_record_carrying_the_next_ones_title_is_refused() -> None:
    titles = [LORA.title, RCNN.title, DPO.title]
    shifted = [entry | {"title": title} for entry, title in zip([E1, E2, E3], titles, strict=True)]
    answers = read(SemanticScholar(), shifted)
    for record in RECORDS:
        same, outcomes = merge(record, {"semantic-scholar": answers[record.arxiv]}, today=TODAY)
        assert same == record
        assert outcomes[0].state == "refused"
        assert record.title in outcomes[0].why
        assert any(title in outcomes[0].why for title in titles if title != record.title)


def test_semantic_scholar_refuses_a_paper_it_does_not_know() -> None:
    client = SemanticScholar()
    assert client.rejected(Reply(400, b'{"error":"No valid paper ids given"}')) == Unknown()
    assert client.rejected(Reply(400, b'{"error":"other"}')) == Silent("400: other", 400)


# OpenAlex -----------------------------------------------------------------------------------------------------------

W1, W2, W3 = (fake.openalex_work(paper) for paper in PAPERS)


@pytest.mark.parametrize(
    ("works", "expected"),
    [
        pytest.param([W3, W1, W2], [40, 50, 60], id="another order"),
        pytest.param([W1], [40, "Unknown", "Unknown"], id="fewer"),
        pytest.param([W1, W1, W2, W3], [40, 50, 60], id="a duplicate"),
        pytest.param([W1, W1 | {"cited_by_count": 70}, W2, W3], [70, 50, 60], id="two works for one paper"),
        pytest.param([W1, W1 | {"cited_by_count": 70, "title": "Other"}, W2, W3], [40, 50, 60], id="a namesake's id"),
        pytest.param([W1 | {"title": "X", "cited_by_count": -1}, W1, W2, W3], [40, 50, 60], id="a bad twin"),
        pytest.param([W1 | {"publication_year": None}, W2, W3], ["Nonsense", 50, 60], id="no year"),
        pytest.param([W1 | {"publication_year": True}, W2, W3], ["Nonsense", 50, 60], id="a year that is a bool"),
        pytest.param([W1 | {"doi": None, "locations": None}, W2, W3], ["Unknown", 50, 60], id="nulls"),
        pytest.param([W1 | {"doi": 5, "locations": [5, {}, None]}, W2, W3], ["Unknown", 50, 60], id="numbers"),
        pytest.param([W1 | {"doi": "https://doi.org/10.48550/x", "locations": [{"landing_page_url": "http://[x"}]}, W2, W3],
                     ["Unknown", 50, 60], id="addresses that are none"),
        pytest.param([None, 5, "x", []], ["Unknown"] * 3, id="no objects"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("client", [ByDoi(), ByPage()], ids=lambda client: type(client).__name__)
def test_openalex_is_read_by_doi_or_page(client: Client, works: list[Any], expected: list[int | str]) -> None:
    answers = read(client, {"meta": {"count": len(works)}, "results": works})
    assert [
        answer.count if isinstance(answer, Citations) else type(answer).__name__
        for answer in (answers[paper.arxiv] for paper in PAPERS)
    ] == expected


def test_an_openalex_page_that_was_cut_leaves_nobody_unknown() -> None:
    answers = read(ByDoi(), {"meta": {"count": 3}, "results": [W1]})
    assert answers[LORA.arxiv] == Silent("the answer was cut short")


def test_a_work_that_was_merged_wrongly_is_refused_by_its_year() -> None:
    paper = Paper("1706.03762", "Attention Is All You Need", openalex=6500, year=2035)
    record = Record(paper.arxiv, 7, paper.title, ("A",), date(2017, 6, 12), None, None, None, None, None)
    data = json.dumps(fake.openalex_answer([fake.openalex_work(paper)])).encode()
    same, outcomes = merge(record, {"openalex": ByPage().read([record], data)[paper.arxiv]}, today=TODAY)
    assert same == record
    assert outcomes[0].why == "a work of 2035; the paper is of 2017"


def test_addresses_stay_below_the_limit_of_openalex() -> None:
    import requests

    for client in (ByDoi(), ByPage()):
        for arxiv in ("2305.18290", "cond-mat/0309136"):
            papers = [Record(arxiv, 1, "T", (), None, None, None, None, None, None)] * client.batch
            query = client.request(papers).query
            address = requests.Request("GET", "https://api.openalex.org/works", params=query["filter"]).prepare().url
            assert address is not None
            assert len(address) + len(query["select"]) + 50 < 4096


# arXiv --------------------------------------------------------------------------------------------------------------


def feed(*papers: Paper, total: int | None = None, entries: str | None = None) -> bytes:
    return fake.arxiv_feed(list(papers), total, entries).encode("utf-8", "surrogatepass")


def entry(paper: Paper, old: str = "", new: str = "") -> str:
    text = fake.arxiv_entry(paper)
    assert old in text
    return text.replace(old, new)


def test_arxiv_tells_the_newest_version_and_the_rest() -> None:
    paper = Paper("2305.18290", "A\n  title &  $x$", ("Éva Ü", "B\u202e C"), 5, category="cs.LG")
    answer = Arxiv().read(RECORDS, feed(paper))[paper.arxiv]
    assert answer == Metadata(
        "A title & $x$", 5, ("Éva Ü", "B C"), date(2023, 5, 29), date(2024, 7, 29), "cs.LG", False
    )


@pytest.mark.parametrize(
    ("comment", "summary", "withdrawn"),
    [
        ("This paper has been withdrawn by the authors due to an error in section 4", "Abstract.", True),
        ("this article has been withdrawn", "Abstract.", True),
        ("Withdrawn; superseded by 2405.13351", "Abstract.", True),
        ("This submission has been withdrawn by arXiv administrators", "Abstract.", True),
        (None, "This paper has been withdrawn by the author(s).", True),
        ("The authors wish to withdraw this paper", "Abstract.", True),
        ("Has been withdrawn", "Abstract.", True),
        ("12 pages; supersedes 2510.26642, which has been withdrawn", "Abstract.", False),
        ("20 pages", "We study withdrawn papers. This paper has been withdrawn is what they say.", False),
        (None, "Withdrawnness as a concept", False),
        (None, "Withdrawn drugs are a burden.", False),
        ("An error was found; this paper has been withdrawn", "Abstract.", True),
        ("The authors have withdrawn this paper", "Abstract.", True),
        ("The authors have decided to withdraw this paper", "Abstract.", True),
        ("This paper has been retracted by the authors", "Abstract.", True),
        ("Retracted", "Abstract.", True),
        ("A list of the retracted papers of 2023", "Abstract.", False),
        ("Withdrawn from ICLR 2023; accepted at NeurIPS 2023", "Abstract.", False),
        ("This paper was withdrawn from ICLR 2023", "Abstract.", False),
        ("We have withdrawn this paper from ICML", "Abstract.", False),
        ("This paper has been withdrawn from arXiv", "Abstract.", True),
        ("arXiv admin note: withdrawn by arXiv due to plagiarism", "Abstract.", True),
        ("This paper has not been withdrawn", "Abstract.", False),
    ],
)
def test_a_notice_of_withdrawal_is_told_from_the_word(comment: str | None, summary: str, withdrawn: bool) -> None:
    assert is_withdrawn(comment, summary) is withdrawn


def is_withdrawn(comment: str | None, summary: str = "Abstract.") -> bool:
    answer = Arxiv().read(RECORDS, feed(Paper("2305.18290", "T", comment=comment, summary=summary)))["2305.18290"]
    assert isinstance(answer, Metadata)
    return answer.withdrawn


KINDS = st.sampled_from(["paper", "article", "manuscript", "submission", "work", "preprint"])
BEFORE = st.sampled_from(["", "12 pages, 3 figures. ", "An error was found; ", "Theorem 2 is wrong, so "])
AFTER = st.sampled_from(
    ["", ".", " by the authors", " by the author due to an error in section 4", "; see 2405.13351", " from arXiv"]
)
NOTICES = st.one_of(
    st.builds(
        "this {} {} withdrawn".format,
        KINDS,
        st.sampled_from(["has been", "was", "is", "has been temporarily", "had to be"]),
    ),
    st.builds(
        "{} {} this {}".format,
        st.sampled_from(["the author", "the authors", "we"]),
        st.sampled_from(["have withdrawn", "withdraw", "withdrew"]),
        KINDS,
    ),
)
VENUES = st.sampled_from(["ICLR 2023", "the workshop", "consideration at ICML", "NeurIPS review", "the journal"])
MENTIONS = st.one_of(
    st.builds("{} from {}; accepted elsewhere".format, NOTICES, VENUES),
    st.builds("Withdrawn from {}".format, VENUES),
    st.builds("supersedes an earlier {} that was withdrawn".format, KINDS),
    st.builds("replaces the withdrawn {} 2510.26642".format, KINDS),
    st.builds("on {}s withdrawn by their authors".format, KINDS),
    st.just("this paper has not been withdrawn"),
)


@SEEDED
@given(before=BEFORE, notice=NOTICES, after=AFTER, form=st.sampled_from([str, str.upper, str.capitalize]))
def test_every_notice_of_withdrawal_is_read_wherever_it_stands(before: str, notice: str, after: str, form) -> None:
    assert is_withdrawn(form(f"{before}{notice}{after}"))
    assert is_withdrawn(None, form(f"{notice}{after}"))


@SEEDED
@given(before=BEFORE, mention=MENTIONS)
def test_no_mention_of_the_word_is_a_notice(before: str, mention: str) -> None:
    assert not is_withdrawn(f"{before}{mention}")
    assert not is_withdrawn(None, f"We study retractions. {mention}")


@SEEDED
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20), max_size=30))
def test_authors_without_a_letter_are_dropped(names: list[str]) -> None:
    names = ["The ATLAS Collaboration", ":", *names]
    answer = Arxiv().read(RECORDS, feed(Paper("2305.18290", "T", tuple(names))))["2305.18290"]
    assert isinstance(answer, Metadata)
    assert answer.authors[0] == "The ATLAS Collaboration"
    assert answer.authors == tuple(seen for name in names if any(map(str.isalpha, seen := clean(name))))


DOIS = st.sampled_from(
    ["10.48550/arXiv.{}", "https://doi.org/10.48550/arxiv.{}", "http://dx.doi.org/10.48550/ARXIV.{}"]
)
OTHERS = st.sampled_from(["9999.99999", "2106.09685", "2305.18291", "math/0309136", "x"])


@SEEDED
@given(form=DOIS, other=OTHERS)
def test_a_work_with_the_doi_of_another_paper_is_refused_whatever_its_title(form: str, other: str) -> None:
    work = {
        **W1,
        "title": DPO.title,
        "doi": form.format(other),
        "locations": [{"landing_page_url": f"http://arxiv.org/abs/{DPO.arxiv}"}],
    }
    found = ByPage().read(RECORDS, json.dumps({"results": [work]}).encode())[DPO.arxiv]
    assert found == Nonsense(f"a work whose DOI is that of {other}")
    entry = {**fake.s2_entry(DPO), "externalIds": {"ArXiv": DPO.arxiv, "DOI": form.format(other)}}
    entries = json.dumps([entry, None, None]).encode()
    assert SemanticScholar().read(RECORDS, entries)[DPO.arxiv] == Nonsense(f"an entry whose DOI is that of {other}")
    own = {**entry, "externalIds": {"ArXiv": DPO.arxiv, "DOI": form.format(DPO.arxiv)}}
    assert isinstance(SemanticScholar().read(RECORDS, json.dumps([own, None, None]).encode())[DPO.arxiv], Citations)


@pytest.mark.parametrize(
    ("client", "body"),
    [
        pytest.param(SemanticScholar(), b"[" + b"{}," * 4_000_000 + b"{}]", id="empty objects"),
        pytest.param(ByDoi(), b'{"results": [' + b"[]," * 4_000_000 + b"[]]}", id="empty lists"),
        pytest.param(Arxiv(), fake.arxiv_feed([], entries="<a/>" * 3_000_000).encode(), id="empty elements"),
    ],
)
def test_an_answer_of_empty_things_is_refused_before_it_takes_memory(client, body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(MalformedError, match="answered more than"):
            client.read(RECORDS, body)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(feed(RCNN, LORA, DPO), ["Metadata"] * 3, id="another order"),
        pytest.param(feed(DPO), ["Metadata", "Unknown", "Unknown"], id="unknown ones are left out"),
        pytest.param(feed(total=0), ["Unknown"] * 3, id="no entry"),
        pytest.param(feed(total=3), ["Silent"] * 3, id="an empty page"),
        pytest.param(feed(DPO, total=3), ["Metadata", "Silent", "Silent"], id="a short page"),
        pytest.param(feed(entries=entry(DPO, "<id>http://arxiv.org/abs/2305.18290v2</id>")), ["Unknown"] * 3, id="an entry without id"),
        pytest.param(feed(entries=entry(DPO, "http://arxiv.org/abs/2305.18290v2", "https://arxiv.org/abs/2305.18290")), ["Metadata", "Unknown", "Unknown"], id="no version"),
        pytest.param(feed(entries=entry(DPO, "<id>http://arxiv.org", "<id>http://evil.example")), ["Unknown"] * 3, id="a link elsewhere"),
        pytest.param(feed(entries=entry(DPO, f"<title>{DPO.title}</title>")), ["Nonsense", "Unknown", "Unknown"], id="no title"),
        pytest.param(feed(entries=entry(DPO, DPO.title, "0")), ["Metadata", "Unknown", "Unknown"], id="the title 0"),
        pytest.param(feed(entries=entry(DPO, "2023-05-29", "yesterday")), ["Nonsense", "Unknown", "Unknown"], id="no day"),
        pytest.param(feed(entries=entry(DPO, "2023-05-29", "2025-05-29")), ["Nonsense", "Unknown", "Unknown"], id="updated before published"),
        pytest.param(feed(Paper("2305.18290", "T", authors=())), ["Nonsense", "Unknown", "Unknown"], id="no authors"),
    ],
)  # fmt: skip
def test_arxiv_is_read_by_the_link_of_each_entry(data: bytes, expected: list[str]) -> None:
    answers = Arxiv().read(RECORDS, data)
    assert [type(answers[paper.arxiv]).__name__ for paper in PAPERS] == expected


def test_of_two_versions_in_one_feed_the_newer_counts() -> None:
    for versions in ((1, 3), (3, 1)):
        papers = [Paper("2305.18290", "T", version=version) for version in versions]
        answer = Arxiv().read(RECORDS, feed(*papers))["2305.18290"]
        assert isinstance(answer, Metadata)
        assert answer.version == 3


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>"""
EXTERNAL = b"""<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&x;</title></feed>"""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(BOMB, "DOCTYPE", id="an entity bomb"),
        pytest.param(EXTERNAL, "DOCTYPE", id="an external entity"),
        pytest.param(BOMB.decode().encode("utf-16"), "DOCTYPE", id="an entity bomb in UTF-16"),
        pytest.param(b"<!DOCTYPE html><html></html>", "DOCTYPE", id="HTML"),
        pytest.param(b"<html><body>x</body></html>", "not an Atom feed", id="XHTML"),
        pytest.param(b"Rate exceeded.", "no well-formed XML", id="text"),
        pytest.param(b"", "no well-formed XML", id="nothing"),
        pytest.param(feed(DPO)[:-300], "no well-formed XML", id="truncated"),
        pytest.param(b"<a>" * 100_000, "nested without end", id="deep"),
        pytest.param(b"<?xml version='1.0' encoding='utf-7'?><feed/>", "no well-formed XML", id="an encoding"),
        pytest.param(b"<feed xmlns='http://www.w3.org/2005/Atom'>&undefined;</feed>", "no well-formed", id="an entity"),
        pytest.param(b"<feed><title>\x00\x08</title></feed>", "no well-formed XML", id="control characters"),
        pytest.param(fake.arxiv_error("abc").encode(), "answered the error 'incorrect id format for abc'", id="error entry"),
    ],
)  # fmt: skip
def test_a_feed_that_is_no_answer(data: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        Arxiv().read(RECORDS, data)


@pytest.mark.parametrize("body", [fake.arxiv_error("2305.18290").encode(), b"incorrect_id_format_for_2305.18290<"])
def test_arxiv_names_the_culprit(body: bytes) -> None:
    assert Arxiv().culprit(RECORDS, Reply(400, body)) == RECORDS[0]


@pytest.mark.parametrize("body", [b"", fake.arxiv_error("abc").encode(), b"incorrect_id_format_for_\xff"])
def test_arxiv_may_name_no_culprit(body: bytes) -> None:
    assert Arxiv().culprit(RECORDS, Reply(400, body)) is None
    assert isinstance(Arxiv().rejected(Reply(400, body)), Nonsense)


# Properties: malformed answers never end in a traceback, and what they say never breaks the ledger -------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([p.arxiv for p in PAPERS]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
ID = st.sampled_from([p.arxiv for p in PAPERS]) | st.text(max_size=12) | JSON
TITLE = st.sampled_from([p.title for p in PAPERS]) | st.text() | JSON
COUNT = st.integers(-5, 10**9) | JSON


@st.composite
def s2_bodies(draw: st.DrawFn) -> bytes:
    entry = st.fixed_dictionaries(
        {},
        optional={"title": TITLE, "citationCount": COUNT, "externalIds": st.fixed_dictionaries({"ArXiv": ID}) | JSON},
    )
    return json.dumps(draw(st.lists(entry | JSON, max_size=5))).encode("utf-8", "surrogatepass")


@st.composite
def openalex_bodies(draw: st.DrawFn) -> bytes:
    link = ID.map(lambda id_: f"https://doi.org/10.48550/arXiv.{id_}") | st.text() | JSON
    places = st.lists(st.fixed_dictionaries({"landing_page_url": link}) | JSON, max_size=3)
    optional = {"title": TITLE, "cited_by_count": COUNT, "publication_year": st.integers(2020, 2026) | JSON}
    work = st.fixed_dictionaries({}, optional=optional | {"doi": link, "locations": places | JSON})
    answer = st.fixed_dictionaries(
        {"results": st.lists(work | JSON, max_size=4)}, optional={"meta": JSON, "error": JSON}
    )
    return json.dumps(draw(answer | JSON)).encode("utf-8", "surrogatepass")


@st.composite
def arxiv_bodies(draw: st.DrawFn) -> bytes:
    text = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"))
    papers = draw(
        st.lists(
            st.builds(
                Paper,
                arxiv=st.sampled_from([p.arxiv for p in PAPERS]) | text.map(escape),
                title=st.sampled_from([p.title for p in PAPERS]) | text,
                authors=st.lists(text, max_size=3).map(tuple),
                version=st.integers(-1, 10**6) | st.none(),
                published=st.dates().map(str) | text.map(escape),
                updated=st.dates().map(str),
                category=st.sampled_from(["cs.LG", "", "x y"]),
                comment=st.none() | text,
            ),
            max_size=4,
        )
    )
    body = fake.arxiv_feed(papers, total=draw(st.integers(0, 10**12))).encode("utf-8", "replace")
    start = draw(st.integers(0, len(body)))
    return body[:start] + draw(st.binary(max_size=3)) + body[start + draw(st.integers(0, 3)) :]


def holds(client: Client, data: bytes) -> None:
    """Whatever was read: one answer for each paper, and a ledger that is valid after it was taken."""
    try:
        answers = client.read(RECORDS, data)
    except MalformedError as error:
        assert "\n" not in str(error)
        assert str(error).isprintable()
        return
    assert {record.arxiv for record in RECORDS} <= set(answers)
    merged = []
    for record in RECORDS:
        new, outcomes = merge(record, {client.service.name: answers[record.arxiv]}, today=TODAY)
        merged.append(new)
        assert new.arxiv == record.arxiv
        assert all(text.isprintable() for text in (new.title, *new.authors))
        assert all(outcome.why.isprintable() for outcome in outcomes)
    _, findings = ledger.parse(ledger.serialise(merged), "papers.json", today=TODAY)
    assert not findings


@SEEDED
@given(s2_bodies())
def test_any_answer_of_semantic_scholar(data: bytes) -> None:
    holds(SemanticScholar(), data)


@SEEDED
@given(openalex_bodies(), st.sampled_from([ByDoi(), ByPage(), DataCite()]))
def test_any_answer_of_openalex(data: bytes, client: Client) -> None:
    holds(client, data)


@SEEDED
@given(arxiv_bodies())
def test_any_answer_of_arxiv(data: bytes) -> None:
    holds(Arxiv(), data)


@SEEDED
@given(st.binary(max_size=200), st.sampled_from(CLIENTS))
def test_any_bytes(data: bytes, client: Client) -> None:
    holds(client, data)


@SEEDED
@given(st.data(), st.sampled_from(CLIENTS))
def test_a_good_answer_with_a_few_bytes_changed(data: st.DataObject, client: Client) -> None:
    text = bytearray(body(client))
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    holds(client, bytes(text))
