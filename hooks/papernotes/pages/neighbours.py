"""A paper among the others: what it builds on, what builds on it, what shares its tag, and its place on the path."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from papernotes.data.ledger import Record
from papernotes.data.paper import Paper
from papernotes.data.site import Site

MOST: Final = 6
"""Papers of the same tag that are shown: the nearest in time."""
MOST_LATER: Final = 12
"""Papers that build on one that are shown: the first."""


@dataclass(frozen=True)
class Neighbours:
    """What stands below a paper page. Each list oldest first; no paper stands in two of them."""

    earlier: tuple[Paper, ...]
    unread: tuple[Record, ...]
    """What it builds on and has no page here."""
    later: tuple[Paper, ...]
    more_later: int
    """Papers that build on it beyond those shown."""
    same: tuple[Paper, ...]
    more: int
    """Papers of the same tag beyond those shown."""
    place: int | None
    """On the reading path, from 1."""
    length: int
    """Of the reading path."""
    previous: Paper | None
    next: Paper | None


def of(paper: Paper, site: Site) -> Neighbours:
    """The neighbours of a paper."""
    earlier = _ordered(site.papers[id_] for id_ in paper.builds_on if id_ in site.papers)
    unread = tuple(site.ledger[id_] for id_ in paper.builds_on if id_ not in site.papers and id_ in site.ledger)
    later = tuple(other for other in site.followers.get(paper.arxiv, ()) if other not in earlier)
    taken = {paper.arxiv, *(other.arxiv for other in (*earlier, *later))}
    lane = site.lanes[paper.tags[0]]
    same = _nearest(paper, lane, taken)
    free = len(lane) - sum(other.tags[0] == paper.tags[0] for other in (paper, *earlier, *later))
    place = site.path.index(paper.arxiv) if paper.arxiv in site.path else None
    return Neighbours(
        earlier=earlier,
        unread=unread,
        later=later[:MOST_LATER],
        more_later=len(later[MOST_LATER:]),
        same=_ordered(same),
        more=free - len(same),
        place=None if place is None else place + 1,
        length=len(site.path),
        previous=site.papers[site.path[place - 1]] if place else None,
        next=site.papers[site.path[place + 1]] if place is not None and place + 1 < len(site.path) else None,
    )


def _nearest(paper: Paper, lane: tuple[Paper, ...], taken: set[str]) -> list[Paper]:
    """Up to `MOST` papers of a lane, the nearest in time first, found from the paper's own place outwards."""
    at = bisect_left(lane, (paper.year_month, paper.arxiv), key=lambda other: (other.year_month, other.arxiv))
    before, after = at - 1, at
    found: list[Paper] = []
    while len(found) < MOST and (before >= 0 or after < len(lane)):
        back = _months(paper) - _months(lane[before]) if before >= 0 else math.inf
        ahead = _months(lane[after]) - _months(paper) if after < len(lane) else math.inf
        other = lane[before] if back <= ahead else lane[after]
        before, after = (before - 1, after) if back <= ahead else (before, after + 1)
        if other.arxiv not in taken:
            found.append(other)
    return found


def _months(paper: Paper) -> int:
    year, month = paper.year_month
    return 12 * year + month


def _ordered(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    return tuple(sorted(papers, key=lambda paper: (paper.year_month, paper.arxiv)))
