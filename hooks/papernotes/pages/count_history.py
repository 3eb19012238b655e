"""The course of a paper's citation count: one source's own readings, a point a month, as a small line and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from papernotes.data.ledger import SOURCES, Count, Record

LEAST: Final = 3
"""Fewer points are not a line."""
MOST_IN_WORDS: Final = 6
"""Points that are written out; of more, so many, evenly spread, the first and the last among them."""
WIDTH: Final = 160
HEIGHT: Final = 36
_EDGE: Final = 3
"""Room for the end of the stroke, and the dot on it."""


@dataclass(frozen=True)
class Line:
    """One source's counts of one paper, ready to draw in a box of `WIDTH` by `HEIGHT`."""

    source_name: str
    """As readers see it."""
    counts: tuple[Count, ...]
    """At least `LEAST`, in order of days, no two in one month."""
    points: tuple[tuple[float, float], ...]
    """Where each count stands: days from left to right, counts from 0 at the foot to the highest."""

    @property
    def path(self) -> str:
        """The points for an SVG polyline."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)

    @property
    def words(self) -> str:
        """The values in words; the year where it changes."""
        values, year = [], None
        for count in _spoken(self.counts):
            values.append(
                f"{'' if count.day.year == year else f'{count.day.year} 年 '}{count.day.month} 月 {count.count:,} 次"
            )
            year = count.day.year
        return f"{self.source_name} 的引用数：{'，'.join(values)}。"


def line(record: Record) -> Line | None:
    """The line of the first source, in the order of `ledger.SOURCES`, that was read in at least three months; or None.

    Counts of two sources are never joined. A count of which only the last possible day is known is not a point of a line.
    """
    for name, source in SOURCES.items():
        counts = _monthly([count for count in record.counts if count.source == name and count.day_is == "read"])
        if len(counts) >= LEAST:
            return Line(source.name, counts, _points(counts))
    return None


def _monthly(counts: list[Count]) -> tuple[Count, ...]:
    """The last count of each month."""
    last = {(count.day.year, count.day.month): count for count in sorted(counts, key=lambda c: (c.day, c.dataset))}
    return tuple(last.values())


def _points(counts: tuple[Count, ...]) -> tuple[tuple[float, float], ...]:
    first, days = counts[0].day, (counts[-1].day - counts[0].day).days
    highest = max(count.count for count in counts) or 1
    return tuple(
        (
            round(_EDGE + (WIDTH - 2 * _EDGE) * (count.day - first).days / days, 1),
            round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * count.count / highest, 1),
        )
        for count in counts
    )


def _spoken(counts: tuple[Count, ...]) -> list[Count]:
    if len(counts) <= MOST_IN_WORDS:
        return list(counts)
    last = len(counts) - 1
    return [counts[round(number * last / (MOST_IN_WORDS - 1))] for number in range(MOST_IN_WORDS)]
