"""What the second book says of each paper page: how its paper was read, how many result numbers were compared, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from papernotes.data import outdated
from papernotes.data.evidence import COPIES
from papernotes.data.outdated import Drift
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.evidence.compare import Outcome, compare
from papernotes.figures.render import Gallery

WHY_NOT: Final[dict[Outcome, str]] = {
    "unread": "check.why_unread",
    "outside": "check.why_outside",
    "underived": "check.why_underived",
    "unplaced": "check.why_unplaced",
    "part": "check.why_part",
    "none": "check.why_none",
    "version": "check.why_version",
}
"""Why a number was not compared: the words of each reason."""

Reading = Literal["whole", "part", "none"]
READINGS: Final[dict[Reading, str]] = {"whole": "read.whole", "part": "read.part", "none": "read.none"}
"""How much of a paper was read for the second book: the words of each answer."""


@dataclass(frozen=True)
class Compared:
    """The result numbers under marks of one page, or of several."""

    found: int = 0
    """In a place that their mark names."""
    derived: int = 0
    """Marked 自算 and worked out again."""
    not_compared: tuple[tuple[str, int], ...] = ()
    """How many for each reason, one of the words of `WHY_NOT`, in their order."""

    @property
    def open(self) -> int:
        """How many were not compared."""
        return sum(count for _, count in self.not_compared)

    @property
    def total(self) -> int:
        """All of them."""
        return self.found + self.derived + self.open


@dataclass(frozen=True)
class Row:
    """What is known of how true one paper page is."""

    paper: Paper
    reading: Reading
    copy: str
    """What was read for the second book, as readers see it; empty where nothing was."""
    version: int | None
    """Of the text that was read; None where it does not name it, or nothing was read."""
    compared: Compared
    figures: int
    unsure: int
    """Figures whose number nobody has seen in the paper: 待核."""
    drift: Drift | None

    @property
    def reading_name(self) -> str:
        """How much was read: one of the words of `READINGS`."""
        return READINGS[self.reading]


def rows(
    site: Site,
    gallery: Gallery,
    numbers: Mapping[str, Compared] | None = None,
    known: Mapping[str, Row] | None = None,
) -> dict[str, Row]:
    """What is known of each paper page, by its uri; those that want work most come first. Empty where there is no second book.

    `numbers`: by uri what `compared` says, where that is known. `known`: the rows of the pages that are not among these.
    """
    found = []
    for paper in site.papers.values() if site.evidence else ():
        if numbers is not None and paper.uri not in numbers:
            found += [row for row in [(known or {}).get(paper.uri)] if row]
        else:
            found.append(_row(paper, site, gallery, numbers[paper.uri] if numbers else compared(paper, site)))
    found.sort(key=lambda row: (-list(READINGS).index(row.reading), -row.compared.open, row.paper.arxiv))
    return {row.paper.uri: row for row in found}


def compared(paper: Paper, site: Site) -> Compared:
    """What became of the result numbers of a page."""
    return _compared(Counter(number.outcome for number in compare(site.documents[paper.uri], site)))


def _row(paper: Paper, site: Site, gallery: Gallery, numbers: Compared) -> Row:
    evidence = site.evidence.get(paper.arxiv)
    is_whole = evidence and evidence.whole and not any(entry.partial for entry in evidence.entries)
    figures = [figure for figure in gallery.of(paper.uri) if not figure.own]
    return Row(
        paper=paper,
        reading="none" if evidence is None else "whole" if is_whole else "part",
        copy=COPIES[evidence.copy] if evidence else "",
        version=evidence.version if evidence else None,
        compared=numbers,
        figures=len(figures),
        unsure=sum(not figure.verified for figure in figures),
        drift=outdated.of(paper),
    )


def _compared(counts: Counter[Outcome]) -> Compared:
    why_not = tuple((words, counts[outcome]) for outcome, words in WHY_NOT.items() if counts[outcome])
    return Compared(counts["found"], counts["derived"], why_not)


def total(rows: Mapping[str, Row]) -> Compared:
    """The result numbers of all pages together."""
    why_not = Counter[str]()
    for row in rows.values():
        why_not.update(dict(row.compared.not_compared))
    return Compared(
        sum(row.compared.found for row in rows.values()),
        sum(row.compared.derived for row in rows.values()),
        tuple((words, why_not[words]) for words in WHY_NOT.values() if why_not[words]),
    )
