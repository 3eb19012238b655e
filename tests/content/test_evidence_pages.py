"""The pages of this repository against its evidence: every number compared is there, and a slip would not have been missed."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import ROOT
from seeded import SOAK

from papernotes.data import evidence as records
from papernotes.data.site import Site
from papernotes.evidence.compare import Compared, compare, named
from papernotes.figures.render import Gallery
from papernotes.markdown import source_marks
from papernotes.rules import evidence
from papernotes.text import paper_places as places
from papernotes.text.document import Document
from papernotes.text.source_mark import MARK, groups_of

ROUNDS = 5 if SOAK else 1
SHARE = 1.0 if SOAK else 0.25
"""How many of the numbers are changed."""
CHANCE = 0.0 if SOAK else 0.03
"""By so much a sample may be worse than all of them: two standard errors."""
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")


@pytest.fixture(scope="module")
def compared(real: Site) -> list[tuple[Document, Compared]]:
    pages = [real.documents[uri] for uri in (*real.by_uri, *real.topics)]
    return [(page, number) for page in pages for number in compare(page, real)]


def changed(text: str, digits: int, chance: random.Random) -> str:
    """The text with some digits of its number changed; the first does not become zero."""
    number = _DIGITS.search(text)
    assert number
    places = [at for at in range(*number.span()) if text[at].isdigit()]
    made = list(text)
    for at in chance.sample(places, digits):
        made[at] = chance.choice([new for new in "0123456789" if new != text[at] and (new != "0" or at != places[0])])
    return "".join(made)


def mutated(
    compared: list[tuple[Document, Compared]], site: Site, digits: int, least: int, most: int = 99
) -> Iterator[tuple[str, bool]]:
    """For each number that would be a finding were it not there: what it stands in, and whether a change of it is one."""
    for page, number in compared:
        start, end = number.amount.start, number.amount.end
        kept = random.Random(f"{page.uri} {start}").random() < SHARE
        if not kept or not number.checkable or not least <= number.amount.digits <= most:
            continue
        for count in range(ROUNDS):
            chance = random.Random(f"{page.uri} {start} {digits} {count}")
            body = page.body[:start] + changed(page.body[start:end], digits, chance) + page.body[end:]
            spoilt = replace(page, text=page.text[: page.body_start] + body)
            found = [each for each in compare(spoilt, site, at=start) if each.amount.start == start]
            there = named(number.passage.groups, page, site)
            has_rows = any(entry.rows for each in there if each.evidence for entry in each.evidence.at(each.place))
            kind = "prose" if not number.passage.table else "cell with row" if has_rows else "cell without"
            yield kind, any(each.outcome == "missing" for each in found)


def rate(results: list[tuple[str, bool]], record: pytest.FixtureRequest) -> float:
    counts = Counter(results)
    for kind in ("prose", "cell with row", "cell without"):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{record.node.name}: {kind}: {right} of {right + wrong} changes are found")
    return sum(found for _, found in results) / len(results)


def test_every_paper_has_evidence(real: Site) -> None:
    assert set(real.evidence) >= set(real.papers)
    for id_, found in real.evidence.items():
        file = ROOT / "docs" / records.FOLDER / f"{id_}.json"
        assert file.read_text(encoding="utf-8") == records.serialise(found)


def test_numbers_that_can_be_compared_are_there(compared: list[tuple[Document, Compared]]) -> None:
    """What is not compared is counted too: it must not grow until nothing is compared."""
    counts = Counter(number.outcome for _, number in compared)
    print(dict(counts))
    assert counts["missing"] == 0
    assert counts["found"] / counts.total() > 0.75
    assert counts["derived"] / (counts["derived"] + counts["underived"]) >= 0.8


def test_one_digit_changed_is_found(
    compared: list[tuple[Document, Compared]], real: Site, request: pytest.FixtureRequest
) -> None:
    assert rate(list(mutated(compared, real, 1, 2)), request) >= 0.93 - CHANCE


def test_two_digits_changed_are_found(
    compared: list[tuple[Document, Compared]], real: Site, request: pytest.FixtureRequest
) -> None:
    assert rate(list(mutated(compared, real, 2, 3)), request) >= 0.98 - CHANCE


def test_numbers_of_one_digit_are_told_apart(
    compared: list[tuple[Document, Compared]], real: Site, request: pytest.FixtureRequest
) -> None:
    assert rate(list(mutated(compared, real, 1, 1, 1)), request) > 0.5


def test_every_place_of_a_mark_is_a_link(real: Site) -> None:
    """To an address of the evidence, to a page of the PDF that a figure block gives, or to the paper's abstract page."""
    gallery, counts = Gallery(real), Counter[str]()
    for uri in (*real.by_uri, *real.topics):
        page = real.documents[uri]
        for group in (group for mark in MARK.finditer(page.prose) for group in groups_of(mark)):
            paper = source_marks.meant(group.paper, real, uri)
            for place in (place for item in group.items if isinstance(item, str) and (place := places.parse(item))):
                assert paper, (uri, group)
                found = source_marks.address(place, paper, real, gallery)
                start, _, anchor = found.url.partition("#")
                known = real.evidence.get(paper.id)
                entries = [entry for entry in known.entries if entry.anchor == anchor] if known else []
                assert (start == paper.abs_url) is not bool(anchor), found
                assert not start.startswith("https://arxiv.org/html/") or entries, found
                counts["all"] += 1
                counts["exact"] += found.exact
                counts["exact and seen"] += found.exact and not any(entry.inferred for entry in entries)
                counts["section"] += bool(anchor) and not found.exact
    print(dict(counts))
    assert counts["exact"] / counts["all"] > 0.3


def test_a_place_that_does_not_exist_is_found(real: Site) -> None:
    tried = 0
    for uri, paper in real.by_uri.items():
        page = real.documents[uri]
        known = real.evidence[paper.arxiv]
        if not (known.whole and known.version):
            continue
        marks = [mark.span() for mark in MARK.finditer(page.body) if "@" not in mark["inner"]]
        for mark in re.finditer(r"(?<=[：，；])(§|表 |图 )[0-9]+(?:\.[0-9]+)*(?=[，；】])", page.prose):
            if not any(start < mark.start() < end for start, end in marks):
                continue
            tried += 1
            body = page.body[: mark.start()] + f"{mark[1]}97" + page.body[mark.end() :]
            spoilt = replace(page, text=page.text[: page.body_start] + body)
            told = [finding for _, finding in evidence.check_places(spoilt, real)]
            assert [f"no {mark[1]}97" in finding.what for finding in told] == [True], (uri, mark[0])
            assert list(evidence.check(spoilt, real)) == told, "what follows from the place is not told"
            body = body[: mark.start()] + f"{mark[1]}98，" + body[mark.start() :]
            twice = replace(page, text=page.text[: page.body_start] + body)
            assert len(list(evidence.check(twice, real))) == 2, "each place of a mark is told"
            if not SOAK:
                break
    assert tried > 10
