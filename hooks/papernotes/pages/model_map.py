"""The map of models: time across, parameters upwards by powers of ten, a dot a size, the sizes of one model on one line.

Everything is reckoned here, in the units of the picture's view box; the template only writes it down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Final

from papernotes.data.models.record import Model, amount, worded
from papernotes.data.site import Site
from papernotes.pages.map import WIDTH, Lane, Map, label_width, x_at, years_of

RADIUS: Final = 4.5
DECADE: Final = 104
"""Between two lines, of which the upper one is ten times the lower."""

_LEFT: Final = 64
"""Where the first year begins: left of it the lines say how much they are."""
_TOP: Final = 40
_BELOW: Final = 24
_GAP: Final = 4
_HALF: Final = 8
"""Half the height of a label."""
_SHIFTS: Final = (0, 5, -5, 9, -9, 14, -14, 18, -18)
"""How far a model may be moved aside, where its dots would lie on another's."""
_LIFTS: Final = (0, -8, 8, -14, 14)
"""How far a name may stand above or below its dot."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Node:
    """A model on the map."""

    model: Model
    has_page: bool
    """Whether the paper that presents it has a page."""
    x: float
    dots: tuple[float, ...]
    """How high each size lies, the largest first."""
    label: str
    """Empty where there is no room for it."""
    label_x: float
    label_y: float
    anchor: str
    """`start` where the label stands right of its dot, `end` where it stands left."""


@dataclass(frozen=True)
class ModelMap:
    """A drawing, and the models that it cannot show."""

    ground: Map
    """The years and the lines that it lies on."""
    nodes: tuple[Node, ...]
    no_size: tuple[Model, ...]
    """Of these nobody has told how many parameters they have."""
    no_day: tuple[Model, ...]
    """Of these the size is known, and not when they came out."""


def draw(site: Site) -> ModelMap | None:
    """The map of a site; None where it knows the time and the size of no model."""
    models = site.models.newest(site.days)
    shown = [model for model in models if model.sizes and site.days[model.id]]
    if not shown:
        return None
    times = {model.id: _time(site.days[model.id]) for model in shown}
    years = years_of([int(time) for time in times.values()], _LEFT)
    powers = [math.log10(amount(size)) for model in shown for size in (model.sizes.values if model.sizes else ())]
    low, high = math.floor(min(powers)), max(math.ceil(max(powers)), math.floor(min(powers)) + 1)
    lanes = tuple(
        Lane(worded(10.0**power), _TOP + (high - power) * DECADE, DECADE if power > low else _BELOW)
        for power in range(high, low - 1, -1)
    )
    places = []
    taken: list[tuple[float, float]] = []
    for model in shown:
        sizes = sorted((math.log10(amount(size)) for size in model.sizes.values), reverse=True) if model.sizes else []
        dots = [round(_TOP + (high - size) * DECADE, 1) for size in sizes]
        x = x_at(times[model.id], years)
        x = next((x + shift for shift in _SHIFTS if _is_free(x + shift, dots, taken)), x)
        taken += [(x, y) for y in dots]
        places.append((model, x, tuple(dots)))
    boxes = [_around(x, y) for x, y in taken]
    nodes = []
    for model, x, dots_of in sorted(places, key=lambda place: len(place[2])):  # those with the least choice first
        label, label_x, label_y, anchor = _label(model.name, x, dots_of, boxes)
        nodes.append(Node(model, model.paper in site.papers, x, dots_of, label, label_x, label_y, anchor))
    nodes.sort(key=lambda node: (site.days[node.model.id], node.model.id))
    return ModelMap(
        Map(lanes[-1].y + _BELOW, years, lanes, (), (), ()),
        tuple(nodes),
        tuple(model for model in models if not model.sizes),
        tuple(model for model in models if model.sizes and not site.days[model.id]),
    )


def _time(day: str) -> float:
    """In years. Of a month: its middle."""
    year, month, *days = map(int, day.split("-"))
    return year + (month - 1 + ((days[0] - 0.5) / 31 if days else 0.5)) / 12


def _is_free(x: float, dots: list[float], taken: list[tuple[float, float]]) -> bool:
    return all(math.hypot(x - other_x, y - other_y) >= 2 * RADIUS for other_x, other_y in taken for y in dots)


def _around(x: float, y: float) -> _Box:
    return x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS


def _label(name: str, x: float, dots: tuple[float, ...], boxes: list[_Box]) -> tuple[str, float, float, str]:
    """The first place beside one of its dots, or a little higher or lower, where a name lies on nothing.

    Its room is added to `boxes`.

    Shape: name, x, y, anchor; no name where there is no such place.
    """
    width, away = label_width(name), RADIUS + _GAP
    for y, lift in product(dots, _LIFTS):
        for left, at, anchor in ((x + away, x + away, "start"), (x - away - width, x - away, "end")):
            box = (left, y + lift - _HALF, left + width, y + lift + _HALF)
            if left >= _LEFT and left + width <= WIDTH and not any(_meet(box, other) for other in boxes):
                boxes.append((left - _GAP, box[1], left + width + _GAP, box[3]))  # no name runs into the next
                return name, round(at, 1), round(y + lift, 1), anchor
    return "", x, dots[0], "start"


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
