"""Our own pictures: one SVG dialect, narrow enough to be inlined into a page without fear.

A picture may hold shapes and text, coloured by classes of `drawing.css` or by the theme's `--pn-*` variables, and nothing
that runs, loads, embeds or restyles. What is not on the lists below is refused by name, so a new attribute of some
browser is refused as well. What it costs to draw is bounded: `use`, patterns and markers draw their targets once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from papernotes.base.finding import quote
from papernotes.base.hidden import HIDDEN, describe
from papernotes.figures import css_values

NAMESPACE = "http://www.w3.org/2000/svg"
LIMIT = 256 * 1024  # bytes of one file
DEPTH = 32  # elements inside one another, those inside a target of `use` too
MOST = 20_000  # elements that are drawn, with every use, marker and pattern
LARGEST = 100_000  # of any number
SIDE = 2_000  # units of width or height
RATIO = 5  # of the longer side to the shorter

ELEMENTS = frozenset(
    {"svg", "g", "title", "desc", "defs", "marker", "clipPath", "pattern", "symbol", "use", "text", "tspan"}
    | {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
MARKERS = frozenset({"marker-start", "marker-mid", "marker-end"})
TRANSFORMS = frozenset({"transform", "patternTransform"})
COORDINATES = frozenset({"d", "points"})
PLAIN = frozenset(
    {"viewBox", "preserveAspectRatio"}
    | {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "dx", "dy"}
    | {"fill-opacity", "fill-rule", "clip-rule", "opacity", "vector-effect", "rotate"}
    | {"stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset"}
    | {"stroke-linecap", "stroke-linejoin"}
    | {"markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient", "patternUnits"}
    | {"text-anchor", "dominant-baseline", "font-weight", "font-style", "letter-spacing", "textLength"}
)  # attributes whose value is numbers or a keyword
ATTRIBUTES = (
    css_values.PAINT
    | MARKERS
    | TRANSFORMS
    | COORDINATES
    | PLAIN
    | {"xmlns", "id", "class", "style", "href", "role", "clip-path"}
)
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
CLASSES = frozenset(
    f"pn-svg__{name}"
    for name in (
        "small", "large", "strong", "italic", "soft", "red", "reverse", "line", "hair", "gray", "mark", "dash", "box", "soft-box",
        "mark-box", "tint", "full", "half", "pale", "dark", "mid", "tick", "light",
    )
)  # fmt: skip
"""Those of drawing.css."""
_SIZES = frozenset({"width", "height", "r", "rx", "ry", "stroke-width", "markerWidth", "markerHeight"})
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_SIZE = re.compile(r"\s*\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)%?\s*")
_NUMBERS = re.compile(r"[-+0-9.eE%,\s]+")
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z -]{0,40}")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE.,+\s-]*")
_TRANSFORM = re.compile(r"(?:(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([-+0-9.eE,\s]*\)[\s,]*)+")


class Problem(NamedTuple):
    """Something in a picture that must not be there: line and column from 1, what it is, what to do."""

    line: int
    column: int
    what: str
    fix: str


class Size(NamedTuple):
    """Width and height of a picture in its own units (the last two numbers of `viewBox`)."""

    width: float
    height: float


def check(data: bytes) -> Iterator[Problem]:
    """Everything in the bytes of an SVG file that keeps it from being inlined, in the order of the file."""
    if len(data) > LIMIT:
        yield Problem(1, 1, f"more than {LIMIT} bytes", "simplify the picture")
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Problem(1, 1, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
        return
    yield from _Reader(data).problems


class _Drawn(NamedTuple):
    """An element and what is drawn with it, each so many times: its children, by number, and its targets, by id."""

    place: tuple[int, int]
    children: list[int]
    targets: list[tuple[str, int]]


class _Reader:
    """One pass of expat over a picture; expat alone tells lines, and refuses a DOCTYPE before it can do harm."""

    def __init__(self, data: bytes) -> None:
        self.problems: list[Problem] = []
        self._path: list[str] = []
        self._open: list[int] = []
        self._drawn: list[_Drawn] = []
        self._ids: dict[str, int] = {}
        self._texts = {"title": "", "desc": ""}
        self._stopped = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            if not self._stopped:
                message = expat.errors.messages[error.code]
                self.problems.append(
                    Problem(error.lineno, error.offset + 1, f"not well-formed XML ({message})", "mend the markup")
                )
            return
        wanted = {target: drawn.place for drawn in reversed(self._drawn) for target, _ in drawn.targets}
        for target, place in sorted(wanted.items(), key=lambda item: item[1]):
            if target not in self._ids:
                self.problems.append(
                    Problem(*place, f"'#{target}' is not in this picture", "use the id of one of its elements")
                )
        self._weigh()
        for name, text in self._texts.items():
            if not text.strip():
                self.problems.append(Problem(1, 1, f"no <{name}>", f"say in a <{name}> below <svg> what is drawn"))

    @property
    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _report(self, what: str, fix: str) -> None:
        self.problems.append(Problem(*self._here, what, fix))

    def _declaration(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            self._report(f"encoding {quote(encoding)}", "save the file as UTF-8, and say so or nothing")
            self._stop()

    def _doctype(self, *_: object) -> None:
        self._report("DOCTYPE", "remove it: entities and external subsets have no place in a picture")
        self._stop()

    def _stop(self) -> None:
        """Read no further: a DOCTYPE may define entities, and a deep tree is not a picture."""
        self._stopped = True
        raise expat.ExpatError

    def _instruction(self, target: str, _: str) -> None:
        self._report(f"processing instruction {quote(target)}", "remove it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            self._root(name, attributes)
        elif name == "script":
            self._report("<script>", "a picture may not run anything: remove it")
        elif name == "style":
            self._report("<style>", "it would restyle the page: use the classes of drawing.css")
        elif name in {"image", "feImage"}:
            self._report(f"<{name}>", "pictures hold no raster images: draw it")
        elif name not in ELEMENTS or name == "svg":
            self._report(f"<{_shown(name)}> is not allowed", "use shapes, <text>, <g>, <defs>, <marker> and <use>")
        self._path.append(name)
        if len(self._path) > DEPTH:
            self._report(f"more than {DEPTH} elements inside one another", "flatten the groups")
            self._stop()
        if self._open:
            self._drawn[self._open[-1]].children.append(len(self._drawn))
        self._open.append(len(self._drawn))
        self._drawn.append(_Drawn(self._here, [], []))
        for attribute, value in attributes.items() if name in ELEMENTS else ():  # what must go is told once
            self._attribute(name, attribute, value, attributes)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != "svg" or attributes.get("xmlns") != NAMESPACE:
            self._report(f"the root is <{_shown(name)}>", f'write <svg xmlns="{NAMESPACE}" viewBox="0 0 … …">')
        elif (size := read_size(attributes.get("viewBox", ""))) is None:
            self._report("no viewBox of the form '0 0 width height'", "without one the picture cannot scale: add it")
        elif not (min(size) >= 1 and max(size) <= SIDE and max(size) <= RATIO * min(size)):
            what = f"a picture of {size.width:g} by {size.height:g} units"
            self._report(what, f"keep each side from 1 to {SIDE}, and the longer within {RATIO} times the shorter")
        for fixed in ("width", "height"):
            if fixed in attributes:
                self._report(f"{fixed} on <svg>", "remove it: the viewBox gives the shape, the page gives the size")

    def _attribute(self, element: str, name: str, value: str, attributes: dict[str, str]) -> None:
        self._seen(value)
        if name.lower().startswith("on"):
            self._report(f"event attribute {quote(name)}", "a picture may not run anything: remove it")
        elif name not in ATTRIBUTES or not _belongs(name, value, root=len(self._path) == 1):
            self._report(f"attribute {quote(name)} on <{_shown(element)}> is not allowed", "remove it")
        elif name == "href":
            self._link(element, value)
        elif name == "class":
            for each in value.split():
                if each not in CLASSES:
                    self._report(f"class {quote(each)}", "use the classes of drawing.css that begin with pn-svg__")
        elif name == "style":
            if css_values.paints_of(value) is None:
                self._report(f"style {quote(value)}", "only fill and stroke, as var(--pn-…), currentColor or none")
            else:
                self._elsewhere(value)
        elif name in css_values.PAINT | MARKERS | {"clip-path"}:
            self._reference(element, name, value, attributes)
        elif name == "id":
            if not css_values.IDENT.fullmatch(value):
                self._report(f"id {quote(value)}", "use a-z, 0-9 and hyphens, at most 80")
            elif value in self._ids:
                self._report(f"id {quote(value)} twice", "ids are used once in a picture")
            self._ids.setdefault(value, self._open[-1])
        elif name in _SIZES and not _SIZE.fullmatch(value):
            self._report(f"{name} {quote(value)}", "write a number from 0: nothing else is drawn")
        elif name not in {"xmlns", "role", "viewBox" if len(self._path) == 1 else ""} and not _is_measure(name, value):
            self._report(f"{name} {quote(value)}", f"numbers are at most {LARGEST}, words are keywords of SVG")

    def _reference(self, element: str, name: str, value: str, attributes: dict[str, str]) -> None:
        """`fill`, `stroke`, a marker or a clip path: a keyword, or an element of this picture."""
        target = css_values.local(value)
        if target is not None:
            if name != "clip-path" and element not in SHAPES:  # they are inherited, and so drawn any number of times
                self._report(f"{name} {quote(value)} on <{_shown(element)}>", "put it on the shapes themselves")
            corners = 1
            if name == "marker-mid":
                corners = sum(len(re.findall(r"[0-9.]+|[Zz]", attributes.get(each, ""))) for each in COORDINATES)
            self._drawn[self._open[-1]].targets.append((target, max(1, corners)))
            return
        if name in css_values.PAINT and value not in {"none", "currentColor"}:
            self._report(f"{name} {quote(value)}", "colours come from the theme: a class, currentColor or none")
        elif (
            name not in css_values.PAINT
            and value != "none"
            and all(target.startswith("#") for target in css_values.addresses(css_values.tokens_of(value)))
        ):
            self._report(f"{name} {quote(value)}", "write url(#id) with the id of an element of this picture")
        self._elsewhere(value)

    def _elsewhere(self, value: str) -> None:
        for target in css_values.addresses(css_values.tokens_of(value)):
            if not target.startswith("#"):
                self._external(target)

    def _external(self, target: str) -> None:
        self._report(f"external reference {quote(target)}", "a picture loads nothing: refer to its own ids only")

    def _link(self, element: str, target: str) -> None:
        if not target.startswith("#"):
            self._external(target)
        elif element != "use":
            self._report(f"href on <{_shown(element)}>", "only <use> refers to an element")
        else:
            self._drawn[self._open[-1]].targets.append((target[1:], 1))

    def _end(self, _: str) -> None:
        self._path.pop()
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._seen(text)
        if len(self._path) == 2 and self._path[1] in self._texts:
            self._texts[self._path[1]] += text

    def _seen(self, text: str) -> None:
        """Hidden characters, written as themselves or as entities."""
        for match in HIDDEN.finditer(text):
            self._report(*describe(match.group()))

    def _weigh(self) -> None:
        """Count what is drawn: every element with its children and its targets, without drawing it."""
        edges = [
            [(child, 1) for child in drawn.children]
            + [(self._ids[target], times) for target, times in drawn.targets if target in self._ids]
            for drawn in self._drawn
        ]
        weights: dict[int, tuple[int, int]] = {}  # elements drawn, and how deep
        entered: set[int] = set()
        waiting = [0] if edges else []
        while waiting:
            number = waiting[-1]
            if number in weights:
                waiting.pop()
            elif number in entered:
                waiting.pop()
                parts = [(weights[part], times) for part, times in edges[number]]
                count = 1 + sum(weight * times for (weight, _), times in parts)
                deep = 1 + max((depth for (_, depth), _ in parts), default=0)
                weights[number] = min(count, MOST + 1), deep
            else:
                entered.add(number)
                for part, _ in edges[number]:
                    if part in entered and part not in weights:
                        self.problems.append(
                            Problem(*self._drawn[number].place, "it refers to itself", "break the circle of references")
                        )
                        return
                    waiting.append(part)
        if edges and weights[0][0] > MOST:
            what = f"more than {MOST} elements once every use, marker and pattern is counted"
            self.problems.append(Problem(1, 1, what, "simplify the picture"))
        elif edges and weights[0][1] > DEPTH:
            what = f"more than {DEPTH} elements inside one another once every reference is followed"
            self.problems.append(Problem(1, 1, what, "flatten the groups"))


def _shown(name: str) -> str:
    """The name of an element, cut and escaped."""
    return quote(name)[1:-1]


def _belongs(name: str, value: str, *, root: bool) -> bool:
    """Whether an attribute that means something only here or there stands where it does."""
    if name == "xmlns":
        return root  # elsewhere it would put the element into another namespace
    return name != "role" or (root and value == "img")


def _is_measure(name: str, value: str) -> bool:
    """Whether a value is what SVG writes for this attribute: bounded numbers, a keyword, a path, a list of transforms."""
    if name in COORDINATES:
        form = _PATH.fullmatch(value)
    elif name in TRANSFORMS:
        form = _TRANSFORM.fullmatch(value.strip()) if value.strip() else None
    else:
        form = _NUMBERS.fullmatch(value) or _KEYWORD.fullmatch(value)
    return form is not None and all(abs(float(number)) <= LARGEST for number in _NUMBER.findall(value))


def read_size(view_box: str) -> Size | None:
    """`viewBox="0 0 420 300"` as `Size(420, 300)`; None for any other form."""
    match = re.fullmatch(r"\s*0\s+0\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*", view_box)
    if match is None or float(match[1]) == 0 or float(match[2]) == 0:
        return None
    return Size(float(match[1]), float(match[2]))
