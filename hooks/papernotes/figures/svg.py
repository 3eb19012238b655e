"""Our own pictures: one SVG dialect, narrow enough to be inlined into a page without fear.

A picture may hold shapes and text, coloured by classes of `figures.css` or by the theme's `--pn-*` variables, and nothing
that runs, loads, embeds or restyles. What is not on the lists below is refused by name, so a new attribute of some
browser is refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

NAMESPACE = "http://www.w3.org/2000/svg"
LIMIT = 256 * 1024  # bytes of one file
DEPTH = 32  # elements inside one another

ELEMENTS = frozenset(
    {"svg", "g", "title", "desc", "defs", "marker", "clipPath", "pattern", "symbol", "use", "text", "tspan"}
    | {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
ATTRIBUTES = frozenset(
    {"xmlns", "viewBox", "preserveAspectRatio", "id", "class", "style", "href", "role", "transform", "clip-path"}
    | {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "width", "height", "dx", "dy"}
    | {"fill", "fill-opacity", "fill-rule", "clip-rule", "opacity", "vector-effect", "rotate"}
    | {"stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset"}
    | {"stroke-linecap", "stroke-linejoin", "marker-start", "marker-mid", "marker-end"}
    | {"markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient"}
    | {"patternUnits", "patternTransform"}
    | {"text-anchor", "dominant-baseline", "font-weight", "font-style", "letter-spacing", "textLength"}
)
PAINT = frozenset({"fill", "stroke"})
STYLE = re.compile(r"\s*(?:(?:fill|stroke)\s*:\s*(?:var\(--pn-[a-z-]+\)|currentColor|none)\s*;?\s*)+")
COLOUR = re.compile(r"none|currentColor|url\(#[\w-]+\)")
IDENT = re.compile(r"[a-z][a-z0-9-]*")
_REFERENCE = re.compile(r"url\(\s*['\"]?(?P<target>[^)'\"]*)['\"]?\s*\)")


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


class _Reader:
    """One pass of expat over a picture; expat alone tells lines, and refuses a DOCTYPE before it can do harm."""

    def __init__(self, data: bytes) -> None:
        self.problems: list[Problem] = []
        self._path: list[str] = []
        self._ids: set[str] = set()
        self._wanted: dict[str, tuple[int, int]] = {}
        self._texts = {"title": "", "desc": ""}
        self._stopped = False
        self._parser = expat.ParserCreate("utf-8")
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
        for target, (line, column) in self._wanted.items():
            if target not in self._ids:
                self.problems.append(
                    Problem(line, column, f"'#{target}' is not in this picture", "use the id of one of its elements")
                )
        for name, text in self._texts.items():
            if not text.strip():
                self.problems.append(Problem(1, 1, f"no <{name}>", f"say in a <{name}> below <svg> what is drawn"))

    def _report(self, what: str, fix: str) -> None:
        self.problems.append(Problem(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1, what, fix))

    def _doctype(self, *_: object) -> None:
        self._report("DOCTYPE", "remove it: entities and external subsets have no place in a picture")
        self._stop()

    def _stop(self) -> None:
        """Read no further: a DOCTYPE may define entities, and a deep tree is no picture."""
        self._stopped = True
        raise expat.ExpatError

    def _instruction(self, target: str, _: str) -> None:
        self._report(f"processing instruction '{target}'", "remove it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            self._root(name, attributes)
        elif name == "script":
            self._report("<script>", "a picture may not run anything: remove it")
        elif name == "style":
            self._report("<style>", "it would restyle the page: use the classes of figures.css")
        elif name in {"image", "feImage"}:
            self._report(f"<{name}>", "pictures hold no raster images: draw it")
        elif name not in ELEMENTS:
            self._report(f"<{name}> is not allowed", "use shapes, <text>, <g>, <defs>, <marker> and <use>")
        self._path.append(name)
        if len(self._path) > DEPTH:
            self._report(f"more than {DEPTH} elements inside one another", "flatten the groups")
            self._stop()
        for attribute, value in attributes.items():
            self._attribute(name, attribute, value)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != "svg" or attributes.get("xmlns") != NAMESPACE:
            self._report(f"the root is <{name}>", f'write <svg xmlns="{NAMESPACE}" viewBox="0 0 … …">')
        elif read_size(attributes.get("viewBox", "")) is None:
            self._report("no viewBox of the form '0 0 width height'", "without one the picture cannot scale: add it")
        for fixed in ("width", "height"):
            if fixed in attributes:
                self._report(f"{fixed} on <svg>", "remove it: the viewBox gives the shape, the page gives the size")

    def _attribute(self, element: str, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            self._report(f"event attribute '{name}'", "a picture may not run anything: remove it")
        elif name not in ATTRIBUTES:
            self._report(f"attribute '{name}' on <{element}> is not allowed", "remove it")
        elif name == "href":
            self._link(value)
        elif name == "style":
            if not STYLE.fullmatch(value):
                self._report(f"style '{value}'", "only fill and stroke, as var(--pn-…), currentColor or none")
        elif name in PAINT:
            if not COLOUR.fullmatch(value):
                self._report(f"{name} '{value}'", "colours come from the theme: a class, currentColor or none")
        elif name == "id":
            if not IDENT.fullmatch(value):
                self._report(f"id '{value}'", "use a-z, 0-9 and hyphens")
            elif value in self._ids:
                self._report(f"id '{value}' twice", "ids are used once in a picture")
            self._ids.add(value)
        for reference in _REFERENCE.finditer(value):
            self._link(reference["target"])

    def _link(self, target: str) -> None:
        if target.startswith("#"):
            here = (self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
            self._wanted.setdefault(target[1:], here)
        else:
            self._report(f"external reference '{target}'", "a picture loads nothing: refer to its own ids only")

    def _end(self, _: str) -> None:
        self._path.pop()

    def _characters(self, text: str) -> None:
        if len(self._path) == 2 and self._path[1] in self._texts:
            self._texts[self._path[1]] += text


def read_size(view_box: str) -> Size | None:
    """`viewBox="0 0 420 300"` as `Size(420, 300)`; None for any other form."""
    match = re.fullmatch(r"\s*0\s+0\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*", view_box)
    if match is None or float(match[1]) == 0 or float(match[2]) == 0:
        return None
    return Size(float(match[1]), float(match[2]))


def inline(text: str, *, prefix: str, label: str, scale: float = 1.2) -> str:
    """A checked picture as an HTML fragment: ids prefixed, named by `label`, described by its own <desc>.

    `prefix`: unique in the page, goes before every id. `scale`: natural size in CSS pixels per unit; the stylesheet lets
    the picture shrink. Raises: ValueError where the text would not pass `check`.
    """
    for problem in check(text.encode()):
        raise ValueError(f"{problem.line}:{problem.column}: {problem.what}")
    root = ElementTree.fromstring(text)
    size = read_size(root.attrib["viewBox"])
    assert size is not None  # check() has seen the viewBox
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        for name, value in element.attrib.items():
            element.set(name, _prefixed(name, value, prefix))
        if element.tag not in {"text", "tspan", "title", "desc"}:
            element.text = None if element.text is None else element.text.strip() or None
        for child in element:
            if element.tag not in {"text", "tspan"} and child.tail is not None:
                child.tail = child.tail.strip() or None
    for name in ("title", "desc"):
        said = root.find(name)
        assert said is not None and said.text is not None  # check() has seen both
        said.text = " ".join(said.text.split())
        said.set("id", f"{prefix}-{name}")
    root.attrib.update(
        {
            "class": " ".join(filter(None, ["pn-svg", root.get("class")])),
            "role": "img",
            "aria-label": label,
            "aria-describedby": f"{prefix}-desc",
            "width": f"{size.width * scale:g}",
            "height": f"{size.height * scale:g}",
        }
    )
    return ElementTree.tostring(root, encoding="unicode", method="html")


def _prefixed(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href":
        return f"#{prefix}-{value[1:]}"
    return _REFERENCE.sub(lambda match: f"url(#{prefix}-{match['target'].removeprefix('#')})", value)
