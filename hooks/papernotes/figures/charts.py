"""The common kinds of plots: bars, shares of a whole, dots on one scale, and curves.

Each kind is a record of what is written on the plot; called with the rows, it draws them. All are 360 units wide, so that
on a phone a unit is a pixel and the smallest words keep their 12.5.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from papernotes.figures.canvas import SIDES, Canvas, linear, logarithmic
from papernotes.figures.plot import Plot, Row, number_of
from papernotes.figures.svg import RATIO

WIDTH = 360
EDGE = 8  # between what is drawn and the frame
SMALL = 12.5  # of most words, as drawing.css has it
TONES = {"main": "full", "half": "half", "other": "mid", "light": "light"}
"""What a row is, and the fill that says so: what the plot is about, what is near it, what it is compared with, the rest."""
_INK_ON = {"full": "reverse", "mid": "reverse"}  # fills on which the words are light


class Axis(NamedTuple):
    """A scale as it is written: where it begins and ends, and its ticks with their words."""

    low: float
    high: float
    ticks: Mapping[float, str]
    log: bool = False

    def scale(self, start: float, end: float) -> Callable[[float], float]:
        """From data to units."""
        return (logarithmic if self.log else linear)(self.low, self.high, start, end)


class Line(NamedTuple):
    """A value that all others are held against, and what it is."""

    value: float
    words: str


def width_of(words: str, size: float = SMALL) -> float:
    """How wide a line of text is drawn, in units, by the common fonts; a little more rather than less."""
    return sum(size if unicodedata.east_asian_width(letter) in "WF" else size * 0.58 for letter in words)


def number(value: float, decimals: int | None = None, unit: str = "") -> str:
    """A number as a plot writes it, with the sign that is as wide as a plus. `decimals`: None for as many as it has."""
    return (f"{value:g}" if decimals is None else f"{value:.{decimals}f}").replace("-", "−") + unit


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, one a row, their numbers at their ends. Columns: value | group, label, tone; or value, error | …."""

    picture: str
    """From docs/: `papers/mae/hours.svg`."""
    title: str
    desc: str
    axis: Axis
    left: float
    """Units kept for the labels."""
    decimals: int | None = None
    unit: str = ""
    signed: bool = False
    line: Line | None = None
    step: float = 26
    """From one bar to the next."""
    error: float = 0
    """The largest that a row gives; 0: rows give none."""
    apart: bool = False
    """Whether each group has a scale of its own, that of its longest bar: its numbers are of another unit."""

    def plot(self) -> Plot:
        """Its picture, and the columns that it is drawn from."""
        errors = {"error": (0, self.error)} if self.error else {}
        numbers = {"value": (self.axis.low, self.axis.high), **errors}
        return _plot(self, numbers, group=None, label=None, tone=TONES)

    def __call__(self, rows: Sequence[Row]) -> str:
        """Draw the rows in their order, a heading before each new group."""
        names = ["", *(str(row["group"]) for row in rows)]
        groups = [before != name for before, name in pairwise(names)]
        top = 22.0 if self.line else 6.0
        height = max(top + sum(self.step + 24 * new for new in groups) + 6, WIDTH / RATIO)
        canvas = Canvas(WIDTH, height, title=self.title, desc=self.desc)
        longest = max(width_of(self._words(row)) for row in rows) + 6
        before = longest if self.axis.low < 0 else 0
        start, end = EDGE + self.left + before, WIDTH - EDGE - longest
        x = self.axis.scale(start, end)
        zero, y = x(max(0, self.axis.low)), top
        few = 2 * sum(row["tone"] == "main" for row in rows) <= len(rows)
        if self.line:
            canvas.line(x(self.line.value), top - 4, x(self.line.value), height - 4, "gray dash")
            canvas.text(x(self.line.value), 14, self.line.words, style="small soft", anchor="middle")
        for row, new in zip(rows, groups, strict=True):
            if new:
                canvas.text(EDGE, y + 17, str(row["group"]), style="small soft")
                y += 24
            if new and self.apart:
                most = max(number_of(each, "value") for each in rows if each["group"] == row["group"]) or 1
                x = self.axis._replace(high=most).scale(start, end)
            value = number_of(row, "value")
            ends = sorted((zero, x(value)))
            thick = self.step - 8
            canvas.rect(ends[0], y + 4, ends[1] - ends[0], thick, TONES[str(row["tone"])])
            middle = y + 4 + thick / 2 + 4.5
            strong = "small strong" if row["tone"] == "main" and few else "small"
            canvas.text(EDGE + self.left - 6, middle, str(row["label"]), style=strong, anchor="end")
            error = number_of(row, "error") if "error" in row else 0
            if error:
                canvas.line(x(value - error), y + 4 + thick / 2, x(value + error), y + 4 + thick / 2, "line")
            here, anchor = (ends[0] - 5, "end") if value < 0 else (x(value + error) + 5, "start")
            canvas.text(here, middle, self._words(row), style=strong, anchor=anchor)
            y += self.step
        canvas.line(zero, top, zero, y + 2, "line")
        return canvas.svg()

    def _words(self, row: Row) -> str:
        value = number_of(row, "value")
        spread = f" ± {number_of(row, 'error'):g}" if "error" in row else ""
        return ("+" if self.signed and value > 0 else "") + number(value, self.decimals) + spread + self.unit


@dataclass(frozen=True)
class Shares:
    """Bars cut into parts, each under its label. Columns: value | label, part."""

    picture: str
    """From docs/: `papers/mae/hours.svg`."""
    title: str
    desc: str
    parts: Mapping[str, str]
    """Each part and its fill, a class of drawing.css without `pn-svg__`."""
    whole: float | None = 100
    """What a full bar stands for; None: each bar for its own sum, so that only the shares are compared."""
    decimals: int | None = None
    unit: str = ""
    most: float = 101
    """No part is larger."""

    def plot(self) -> Plot:
        """Its picture, and the columns that it is drawn from."""
        return _plot(self, {"value": (0, self.most)}, label=None, part=self.parts)

    def __call__(self, rows: Sequence[Row]) -> str:
        """Draw a bar for each label, in their order."""
        labels = list(dict.fromkeys(str(row["label"]) for row in rows))
        top = legend_height(self.parts)
        canvas = Canvas(WIDTH, top + 46 * len(labels) + 4, title=self.title, desc=self.desc)
        legend(canvas, self.parts)
        for place, label in enumerate(labels):
            mine = [row for row in rows if row["label"] == label]
            y = top + 46 * place
            canvas.text(EDGE, y + 15, label, style="small")
            whole = self.whole or sum(number_of(row, "value") for row in mine) or 1
            x = linear(0, max(whole, sum(number_of(row, "value") for row in mine)), EDGE, WIDTH - EDGE)
            done = 0.0
            for row in mine:
                value, fill = number_of(row, "value"), self.parts[str(row["part"])]
                start, end = x(done), x(done + value)
                canvas.rect(start + 0.5, y + 20, max(0, end - start - 1), 20, fill)
                words = number(value, self.decimals, self.unit)
                if end - start >= width_of(words) + 4:
                    style = f"small {_INK_ON.get(fill, '')}".strip()
                    canvas.text((start + end) / 2, y + 34.5, words, style=style, anchor="middle")
                done += value
        return canvas.svg()


@dataclass(frozen=True)
class Dots:
    """One scale, a line of it for every label, a dot for every series. Columns: value | label, series."""

    picture: str
    """From docs/: `papers/mae/hours.svg`."""
    title: str
    desc: str
    axis: Axis
    series: Mapping[str, str]
    """Each series and the fill of its dots."""
    left: float
    words: str = ""
    """What the scale measures."""
    line: Line | None = None
    numbered: bool = False
    """Whether the numbers of the outer dots stand beside them."""
    step: float = 26

    def plot(self) -> Plot:
        """Its picture, and the columns that it is drawn from."""
        return _plot(self, {"value": (self.axis.low, self.axis.high)}, label=None, series=self.series)

    def __call__(self, rows: Sequence[Row]) -> str:
        """Draw a line for each label, in their order."""
        labels = list(dict.fromkeys(str(row["label"]) for row in rows))
        top = legend_height(self.series) + (18 if self.line else 0)
        bottom = top + self.step * len(labels) + 4
        canvas = Canvas(WIDTH, bottom + (44 if self.words else 26), title=self.title, desc=self.desc)
        legend(canvas, self.series, round_=True)
        spare = 38 if self.numbered else 10
        x = self.axis.scale(EDGE + self.left + spare, WIDTH - EDGE - spare)
        for tick, words in self.axis.ticks.items():
            canvas.line(x(tick), top, x(tick), bottom)
            canvas.text(x(tick), bottom + 17, words, style="small soft", anchor="middle")
        if self.line:
            canvas.line(x(self.line.value), top - 2, x(self.line.value), bottom, "gray dash")
            canvas.text(x(self.line.value), top - 8, self.line.words, style="small soft", anchor="middle")
        if self.words:
            canvas.text(WIDTH - EDGE, bottom + 37, self.words, style="small", anchor="end")
        for place, label in enumerate(labels):
            mine = sorted((row for row in rows if row["label"] == label), key=lambda row: number_of(row, "value"))
            y = top + self.step * (place + 0.5)
            canvas.text(EDGE + self.left - 4, y + 4.5, label, style="small", anchor="end")
            ends = number_of(mine[0], "value"), number_of(mine[-1], "value")
            canvas.line(x(ends[0]), y, x(ends[1]), y, "gray")
            for (here, lift), row in zip(_staggered(x(number_of(row, "value")) for row in mine), mine, strict=True):
                canvas.dot(here, y + lift, self.series[str(row["series"])], 5)
            if self.numbered:
                canvas.text(x(ends[0]) - 9, y + 4.5, number(ends[0]), style="small soft", anchor="end")
                if ends[1] != ends[0]:
                    canvas.text(x(ends[1]) + 9, y + 4.5, number(ends[1]), style="small")
        return canvas.svg()


@dataclass(frozen=True)
class Curves:
    """Points on two scales, those of a series joined. Columns: x, y | series, label, side."""

    picture: str
    """From docs/: `papers/mae/hours.svg`."""
    title: str
    desc: str
    x: Axis
    y: Axis
    series: Mapping[str, tuple[str, str]]
    """Each series, the class of its line (empty: not joined) and the fill of its points (empty: not drawn)."""
    x_words: str
    y_words: str
    height: float = 280
    left: float = 40
    r: float = 4
    line: Line | None = None
    """A height that all others are held against, its words above the left end."""

    def plot(self) -> Plot:
        """Its picture, and the columns that it is drawn from."""
        numbers = {"x": (self.x.low, self.x.high), "y": (self.y.low, self.y.high)}
        return _plot(self, numbers, series=self.series, label=None, side=SIDES)

    def __call__(self, rows: Sequence[Row]) -> str:
        """Draw the series in their order; a row with a label has it beside its point."""
        canvas = Canvas(WIDTH, self.height, title=self.title, desc=self.desc)
        bottom = self.height - 50
        x, y = self.x.scale(EDGE + self.left, WIDTH - 16), self.y.scale(bottom, 32)
        for tick, words in self.y.ticks.items():
            canvas.line(x(self.x.low), y(tick), x(self.x.high), y(tick))
            canvas.text(EDGE + self.left - 6, y(tick) + 4.5, words, style="small soft", anchor="end")
        for tick, words in self.x.ticks.items():
            canvas.line(x(tick), bottom, x(tick), bottom + 5, "gray")
            canvas.text(x(tick), bottom + 20, words, style="small soft", anchor="middle")
        canvas.line(x(self.x.low), bottom, x(self.x.high), bottom, "line")
        canvas.text(EDGE, 15, self.y_words, style="small")
        canvas.text(WIDTH - EDGE, self.height - 8, self.x_words, style="small", anchor="end")
        if self.line:
            canvas.line(x(self.x.low), y(self.line.value), x(self.x.high), y(self.line.value), "gray dash")
            canvas.text(x(self.x.low) + 4, y(self.line.value) - 6, self.line.words, style="small soft")
        for series, (path, fill) in self.series.items():
            points = [(x(number_of(row, "x")), y(number_of(row, "y"))) for row in rows if row["series"] == series]
            if path and points:
                canvas.path(points, path)
            for point in points if fill else ():
                canvas.dot(*point, fill, self.r)
        for row in rows:
            if row["label"]:
                dx, dy, anchor = SIDES[str(row["side"])]
                here = x(number_of(row, "x")) + dx, y(number_of(row, "y")) + dy
                canvas.text(*here, str(row["label"]), style="small", anchor=anchor)
        return canvas.svg()


def _staggered(places: Iterable[float]) -> Iterator[tuple[float, float]]:
    """Each place with how far its dot is moved up or down, so that it does not hide the one before."""
    last, turn = -math.inf, 0
    for place in places:
        turn = (turn + 1) % 3 if place - last < 7 else 0
        yield place, (0, -6, 6)[turn]
        last = place


def _lines_of(words: Iterable[str]) -> list[list[tuple[float, str]]]:
    """The entries of a legend, each at its place in its line, as many lines as they need."""
    lines: list[list[tuple[float, str]]] = [[]]
    x = float(EDGE)
    for each in words:
        wide = 18 + width_of(each) + 12
        if x + wide - 12 > WIDTH - EDGE and lines[-1]:
            lines.append([])
            x = EDGE
        lines[-1].append((x, each))
        x += wide
    return lines


def legend_height(parts: Mapping[str, str]) -> float:
    """Units that a legend takes, with the room below it."""
    return 8 + 20 * len(_lines_of(parts)) + 2


def legend(canvas: Canvas, parts: Mapping[str, str], *, round_: bool = False) -> None:
    """What the fills mean, along the top."""
    for place, line in enumerate(_lines_of(parts)):
        y = 8 + 20 * place
        for x, words in line:
            if round_:
                canvas.dot(x + 6, y + 6, parts[words], 5)
            else:
                canvas.rect(x, y, 12, 12, parts[words])
            canvas.text(x + 18, y + 11, words, style="small")


def _plot(
    chart: Bars | Shares | Dots | Curves, numbers: Mapping[str, tuple[float, float]], **texts: Collection[str] | None
) -> Plot:
    """The picture, drawn from the CSV of its name."""
    return Plot(chart.picture, numbers, texts, chart)


def ticks(*values: float, unit: str = "") -> Mapping[float, str]:
    """Ticks with their numbers as words."""
    return {value: f"{value:g}{unit}".replace("-", "−") for value in values}
