"""An SVG under construction, in the palette of drawing.css, and the scales that bring data to its units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

SIDES = {
    "left": (-9, 4.5, "end"),
    "right": (9, 4.5, "start"),
    "above": (0, -10, "middle"),
    "below": (0, 19, "middle"),
    "upper-left": (-7, -7, "end"),
    "lower-right": (7, 17, "start"),
}
"""Where a word stands beside its point: how far right and down, and which end of it is there."""


class Canvas:
    """An SVG under construction, in the palette of drawing.css. Units: those of its viewBox."""

    def __init__(self, width: float, height: float, *, title: str, desc: str) -> None:
        self._lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">',
            f"  <title>{escape(title)}</title>",
            f"  <desc>{escape(desc)}</desc>",
        ]

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str = "hair") -> None:
        """A straight line."""
        ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        self._lines.append(f'  <line class="{_classes(style)}" {ends}/>')

    def path(self, points: Sequence[tuple[float, float]], style: str = "line") -> None:
        """A line through points."""
        joined = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._lines.append(f'  <polyline class="{_classes(style)}" points="{joined}"/>')

    def rect(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A rectangle."""
        size = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._lines.append(f'  <rect class="{_classes(style)}" {size}/>')

    def dot(self, x: float, y: float, style: str = "dark", r: float = 4) -> None:
        """A filled circle."""
        self._lines.append(f'  <circle class="{_classes(style)}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>')

    def text(self, x: float, y: float, words: str, *, style: str = "", anchor: str = "start") -> None:
        """A line of text on its baseline."""
        kind = f' class="{_classes(style)}"' if style else ""
        end = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._lines.append(f'  <text{kind} x="{_n(x)}" y="{_n(y)}"{end}>{escape(words, quote=False)}</text>')

    def svg(self) -> str:
        """The file."""
        return "\n".join([*self._lines, "</svg>", ""])


def _n(value: float) -> str:
    """A coordinate to a tenth of a unit, without a tail of zeros."""
    return f"{round(value, 1) + 0:g}"


def _classes(style: str) -> str:
    return " ".join(f"pn-svg__{part}" for part in style.split())


def linear(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A scale from data to units: `low` falls on `start`, `high` on `end`."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """The same on a logarithmic axis; `low` and `high` are positive."""
    scale = linear(math.log10(low), math.log10(high), start, end)
    return lambda value: scale(math.log10(value))
