"""The map of papers: time across, tags as lanes, a node a paper, an edge from each paper to those that build on it.

Everything is reckoned here, in the units of the picture's view box; the template only writes it down.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

from papernotes.data.paper import Paper
from papernotes.data.site import Site

MOST_NODES: Final = 120
"""Of more papers the map shows how many there are a lane and year."""
WIDTH: Final = 1180
RADIUS: Final = {"full": 8.0, "middle": 6.0, "short": 4.5}
"""Of a node, by tier."""
LABEL_LENGTH: Final = 22
"""Characters of a label; a longer name is cut."""

_LEFT: Final = 14
_RIGHT: Final = WIDTH - 16
_TOP: Final = 34
_ROW: Final = 26
_STRIP: Final = 25
"""Above the nodes of a lane, for its name."""
_PADDING: Final = 7
"""Below them."""
_NARROW: Final = 7.2
"""Width of a Latin letter in the label's size, rather too wide than too narrow."""
_WIDE: Final = 13.0
_GAP: Final = 6
"""Between a node and its label, and between a label and the next node."""

_DRAWN: Final = 0.86
"""How much of a label's reckoned width its letters surely take; what they take more has a halo that covers the line."""
_ROOM: Final = 24
"""Between two nodes with their names, for a line to leave and arrive level."""


@dataclass(frozen=True)
class Year:
    """A band of the map. A year with many papers is wider than one with few."""

    year: int
    x: float
    width: float


@dataclass(frozen=True)
class Lane:
    """The papers of one first tag."""

    tag: str
    y: float
    height: float


@dataclass(frozen=True)
class Node:
    """A paper on the map."""

    paper: Paper
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    anchor: str
    """`start` where the label stands right of the node, `end` where it stands left."""


@dataclass(frozen=True)
class Edge:
    """From a paper to one that builds on it."""

    start: str
    end: str
    """Names of pages."""
    path: str
    """For the attribute `d` of an SVG path."""


@dataclass(frozen=True)
class Cell:
    """How many papers of a tag came out in a year."""

    tag: str
    year: int
    count: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Map:
    """A drawing, `WIDTH` wide. Either it has nodes and edges, or, of many papers, cells."""

    height: float
    years: tuple[Year, ...]
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cells: tuple[Cell, ...]
    width: int = WIDTH

    @property
    def rows(self) -> str:
        """The heights of the lanes, with what is above and below them, as rows of a CSS grid as high as the picture."""
        heights = [self.lanes[0].y, *(lane.height for lane in self.lanes)]
        return " ".join(f"{height:g}fr" for height in [*heights, self.height - sum(heights)])


def draw(site: Site) -> Map | None:
    """The map of a site; None where there is no paper."""
    papers = sorted(site.papers.values(), key=lambda paper: (_time(paper), paper.arxiv))
    if not papers:
        return None
    tags = [tag for tag in site.tags if any(paper.tags[0] == tag for paper in papers)]
    years = years_of([paper.year_month[0] for paper in papers])
    if len(papers) > MOST_NODES:
        return _overview(papers, tags, years)
    lanes: list[Lane] = []
    nodes: list[Node] = []
    y = float(_TOP)
    for tag in tags:
        placed, rows = _place([paper for paper in papers if paper.tags[0] == tag], years, y + _STRIP)
        lanes.append(Lane(tag, y, rows * _ROW + _STRIP + _PADDING))
        nodes += placed
        y += lanes[-1].height
    at = {node.paper.arxiv: node for node in nodes}
    edges = tuple(
        _edge(at[id_], at[paper.arxiv], nodes)
        for paper in papers
        for id_ in sorted(paper.builds_on)
        if id_ in at and id_ != paper.arxiv
    )
    nodes.sort(key=lambda node: (tags.index(node.paper.tags[0]), node.x, node.paper.arxiv))
    return Map(y + 2, years, tuple(lanes), tuple(nodes), edges, ())


def label_width(text: str) -> float:
    """About how wide a label is drawn, in units of the view box."""
    return sum(_WIDE if unicodedata.east_asian_width(character) in "WF" else _NARROW for character in text)


def _time(paper: Paper) -> float:
    """When a paper came out, in years. Without a day: the middle of the month of its id."""
    year, month = paper.year_month
    published = paper.record.published
    return year + (month - 1 + ((published.day - 0.5) / 31 if published else 0.5)) / 12


def years_of(found: list[int], left: float = _LEFT) -> tuple[Year, ...]:
    """The bands from the first year to the last, one wider the more often it is among these. `left`: where they begin."""
    counts = Counter(found)
    span = range(min(counts), max(counts) + 1)
    weights = [1 + 0.35 * min(counts[year], 40) if counts[year] else 0.45 for year in span]
    scale = (_RIGHT - left) / sum(weights)
    years, x = [], float(left)
    for year, weight in zip(span, weights, strict=True):
        years.append(Year(year, round(x, 1), round(weight * scale, 1)))
        x += weight * scale
    return tuple(years)


def x_at(time: float, years: tuple[Year, ...]) -> float:
    """Where a time lies, in years."""
    band = years[int(time) - years[0].year]
    edge = min(10.0, band.width / 4)
    return round(band.x + edge + (band.width - 2 * edge) * (time - int(time)), 1)


def _place(papers: list[Paper], years: tuple[Year, ...], top: float) -> tuple[list[Node], int]:
    """Put each paper at its time into the first row where it fits with its label.

    Shape: the nodes; how many rows they take.
    """
    rows: list[list[tuple[float, float]]] = []  # of each row: what is taken, from and to
    nodes = []
    for paper in papers:
        x, radius = x_at(_time(paper), years), RADIUS[paper.tier]
        label = paper.name if len(paper.name) <= LABEL_LENGTH else f"{paper.name[: LABEL_LENGTH - 1]}…"
        width = label_width(label)
        right = (x - radius - _GAP, x + radius + _GAP + width + _GAP)
        left = (x - radius - _GAP - width - _GAP, x + radius + _GAP)
        start, end = right if right[1] <= WIDTH else left
        row = next(
            (index for index, taken in enumerate(rows) if all(end <= a or start >= b for a, b in taken)), len(rows)
        )
        if row == len(rows):
            rows.append([])
        rows[row].append((start, end))
        after = (start, end) == right
        label_x = x + radius + _GAP if after else x - radius - _GAP
        y = top + row * _ROW + _ROW / 2
        nodes.append(Node(paper, x, y, radius, label, round(label_x, 1), "start" if after else "end"))
    return nodes, max(1, len(rows))


def _edge(start: Node, end: Node, nodes: list[Node]) -> Edge:
    """A curve that leaves behind a node's name and arrives before the other's, level at both ends.

    Between two nodes of one row it passes over the heads of those that stand there. Where the other node stands above or
    below the name, it leaves from the node itself, upright.
    """
    out, arrive = _sides(start)[1], _sides(end)[0]
    if start.y != end.y and arrive - out < _ROOM:
        down = math.copysign(1, end.y - start.y)
        top = start.y + down * start.radius
        bend = min(18.0, max(0.0, arrive - start.x) * 0.8)
        path = (
            f"M{start.x:g} {top:g}C{start.x:g} {(top + end.y) / 2:g} "
            f"{arrive - bend:g} {end.y - down * _ROW / 2:g} {arrive:g} {end.y:g}"
        )
        return Edge(start.paper.slug, end.paper.slug, path)
    bend = (arrive - out) * 0.42
    between = any(node.y == start.y == end.y and start.x < node.x < end.x for node in nodes)
    lift = _ROW * 0.8 if between else 0
    path = f"M{out:g} {start.y:g}C{out + bend:g} {start.y - lift:g} {arrive - bend:g} {end.y - lift:g} {arrive:g} {end.y:g}"
    return Edge(start.paper.slug, end.paper.slug, path)


def _sides(node: Node) -> tuple[float, float]:
    """Where a node with its name begins and ends, as far as lines go: they may touch a disc, not a letter."""
    width = label_width(node.label) * _DRAWN + _GAP / 2
    if node.anchor == "start":
        return node.x - node.radius, round(node.label_x + width, 1)
    return round(node.label_x - width, 1), node.x + node.radius


def _overview(papers: list[Paper], tags: list[str], years: tuple[Year, ...]) -> Map:
    """Of many papers: a disc for each lane and year, its area the number of papers."""
    width = round((_RIGHT - _LEFT) / len(years), 1)
    even = tuple(Year(year.year, round(_LEFT + index * width, 1), width) for index, year in enumerate(years))
    height = 68.0
    counts = Counter((paper.tags[0], paper.year_month[0]) for paper in papers)
    most = max(counts.values())
    largest = min(24.0, width / 2 - 2)
    lanes = tuple(Lane(tag, _TOP + index * height, height) for index, tag in enumerate(tags))
    cells = tuple(
        Cell(
            lane.tag,
            year.year,
            counts[lane.tag, year.year],
            round(year.x + width / 2, 1),
            lane.y + height / 2 + 6,
            round(max(4.0, largest * math.sqrt(counts[lane.tag, year.year] / most)), 1),
        )
        for lane in lanes
        for year in even
        if counts[lane.tag, year.year]
    )
    return Map(_TOP + len(tags) * height + 2, even, lanes, (), (), cells)
