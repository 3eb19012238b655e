"""The readings of a paper's citation count, source by source; the course of one as a small line and in words, a point a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
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

    def words(self, say: Callable[..., str]) -> str:
        """The values in words; the year where it changes. `say`: see `papernotes.words`."""
        values, year = [], None
        for count in _spoken(self.counts):
            key = "history.month" if count.day.year == year else "history.year"
            values.append(say(key, day=count.day, n=count.count))
            year = count.day.year
        return say("comma").join(values)


@dataclass(frozen=True)
class Readings:
    """What one source said of one paper."""

    source_name: str
    """As readers see it."""
    counts: tuple[Count, ...]
    """Newest first."""
    line: Line | None
    """Of those of a known day, where there are `LEAST` months of them."""


def readings(record: Record) -> tuple[Readings, ...]:
    """Every count of a paper by its source, in the order of `ledger.SOURCES`, others after them.

    Counts of two sources are never joined. A count of which only the last possible day is known is not a point of a line.
    """
    found = []
    others = sorted({count.source for count in record.counts} - SOURCES.keys())
    for name in (*SOURCES, *others):
        counts = sorted((count for count in record.counts if count.source == name), key=lambda count: count.day)
        if not counts:
            continue
        points, shown = _monthly([count for count in counts if count.day_is == "read"]), counts[0].source_name
        course = Line(shown, points, _points(points)) if len(points) >= LEAST else None
        found.append(Readings(shown, tuple(reversed(counts)), course))
    return tuple(found)


def age(day: date, now: date) -> int:
    """How long ago a day was, in whole months; 0 for a day to come."""
    return max((now.year - day.year) * 12 + now.month - day.month - (now.day < day.day), 0)


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
