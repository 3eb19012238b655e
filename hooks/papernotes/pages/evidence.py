"""What the second book says of each paper page: how its paper was read, how many result numbers were compared, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from papernotes.data.evidence import COPIES, Evidence
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.evidence.compare import Outcome, compare

HTML: Final = "https://arxiv.org/html/"
ABSTRACT: Final = "https://arxiv.org/abs/"

WHY_NOT: Final[dict[Outcome, str]] = {
    "underived": "自算，所依据的数不在旁边",
    "part": "所读的文本只给出一部分",
    "unread": "那个位置没有另读过，或者是画出来的图",
    "version": "另读的是另一个版本",
    "outside": "出处不在 arXiv",
    "unplaced": "未核对位置",
    "none": "论文没有另读过",
}
"""Why a number was not compared, as readers see it."""


@dataclass(frozen=True)
class Compared:
    """The result numbers under marks of one page."""

    total: int
    found: int
    """In a place that their mark names."""
    derived: int
    """Marked 自算 and worked out again."""
    not_compared: dict[str, int]
    """By reason, as readers see it, the commonest first."""


Reading = Literal["whole", "part", "none"]


@dataclass(frozen=True)
class Read:
    """How the paper was read for the second book."""

    how: Reading
    """whole: every place that the page cites; part: some of it, or notes; none: not at all."""
    copy: str
    """What was read, as readers see it; empty where nothing was."""
    version: int | None
    """None: the text does not name it, or nothing was read."""


def compared(paper: Paper, site: Site) -> Compared:
    """Count the result numbers of a paper's page by what came of looking for them."""
    counts = Counter(number.outcome for number in compare(site.documents[paper.uri], site))
    not_compared = {WHY_NOT[outcome]: count for outcome, count in counts.most_common() if outcome in WHY_NOT}
    return Compared(sum(counts.values()), counts["found"], counts["derived"], not_compared)


def read(paper: Paper, site: Site) -> Read:
    """How a paper was read for the second book."""
    evidence = site.evidence.get(paper.arxiv)
    if evidence is None:
        return Read("none", "", None)
    is_whole = evidence.whole and not any(entry.partial for entry in evidence.entries)
    return Read("whole" if is_whole else "part", COPIES[evidence.copy], evidence.version)


def address(evidence: Evidence | None, id_: str, version: int | None, item: str) -> tuple[str, bool]:
    """Where a place of a mark can be read, and whether that is the very place.

    The anchor in arXiv's HTML where it was seen there, of the place or of the section that it stands in; else the abstract page.
    """
    wanted = version or (evidence.version if evidence else None)
    if evidence and evidence.version == wanted and wanted:
        entries = {entry.name: entry for entry in evidence.entries}
        entry = entries.get(item)
        for each in (entry, entries.get(entry.section or "") if entry else None):
            if each and each.anchor:
                return f"{HTML}{id_}v{wanted}#{each.anchor}", each is entry
    return f"{ABSTRACT}{id_}{f'v{wanted}' if wanted else ''}", False
