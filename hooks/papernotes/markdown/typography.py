"""What others do not know of Chinese: a line break in the source is not a space, and a title has places where it may break."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from papernotes.base.han import HAN, is_joined
from papernotes.base.matcher import Matcher

_BREAK: Final = re.compile(r"[ \t]*\n[ \t]*")
_PHRASE: Final = re.compile(
    "(?<=[^目]的)|(?<!参)(?=与)|(?=和)|(?<![听服])(?=从)|(?<![潜存现实])(?=在)|(?<![可所])(?=以[^及上下])"
    "|(?=让|把|怎样|如何|其实|就是)|(?<!就是)(?=一[个套种])"
)
"""Where a title may break by its words of grammar; not in the words that hold their characters by chance."""
_BETWEEN_HAN: Final = re.compile(f"[{HAN}](?![的者性化们])[{HAN}]")
"""A character that only ends words never begins a line."""
_VERBATIM: Final = frozenset({"pre", "code", "script", "style", "textarea"})
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br",
})  # fmt: skip


def phrases(text: str, words: Matcher[Any]) -> list[str]:
    """Part a title where a line may end: behind 的, before 与 and its like, and on either side of a known word.

    Shape: the parts in order, which together are the text; none but the last is a single character.
    Only between Chinese characters: beside others there is a space, or no place to break.
    """
    cuts = {match.start() for match in _PHRASE.finditer(text)}
    cuts |= {place for word in words.find(text) for place in (word.start, word.end)}
    parts, start = [], 0
    for place in sorted(cuts):
        if _BETWEEN_HAN.match(text, place - 1) and place - start > 1:
            parts.append(text[start:place])
            start = place
    return [*parts, text[start:]]


class _Segment:
    """One text or tail of the tree, which is not empty."""

    def __init__(self, element: Element, place: str, text: str) -> None:
        self.element, self.place, self.text = element, place, text

    def write(self, text: str) -> None:
        """Put another text there, of the same type: Markdown's own kinds of strings say what may be done with them."""
        setattr(self.element, self.place, type(getattr(self.element, self.place))(text))
        self.text = text


def _segments(root: Element) -> list[_Segment | None]:
    """The texts of a tree in reading order. None is the edge of a block: nothing is joined across it."""
    found: list[_Segment | None] = []

    def visit(element: Element) -> None:
        if element.tag in _VERBATIM or not isinstance(element.tag, str):
            found.append(None)
            return
        block = element.tag in _BLOCKS
        if block:
            found.append(None)
        if element.text:
            found.append(_Segment(element, "text", element.text))
        for child in element:
            visit(child)
            if child.tail:
                found.append(_Segment(child, "tail", child.tail))
        if block:
            found.append(None)

    visit(root)
    return found


def part(
    element: Element, divide: Callable[[str], tuple[str, list[Element]]], visit: Callable[[Element], None]
) -> None:
    """Divide the texts below an element, in reading order: each into what stands first, and elements with the rest as tails.

    `visit`: does the same to what is below a child. The element's tail belongs to its parent.
    """
    children = list(element)
    if element.text:
        element.text, made = divide(element.text)
        element[:0] = made
    for child in children:
        visit(child)
        if child.tail:
            child.tail, made = divide(child.tail)
            at = list(element).index(child) + 1 if made else 0
            element[at:at] = made


class _JoinLines(Treeprocessor):
    def run(self, root: Element) -> None:
        join(root)


def spans(text: str, pattern: re.Pattern[str], attributes: Mapping[str, str]) -> tuple[str, list[Element]]:
    """Divide a text for `part` at what matches: what stands before the first match, and a `<span>` for each, with its tail."""
    made: list[Element] = []
    before, at = text, 0
    for match in pattern.finditer(text):
        piece = AtomicString(text[at : match.start()])
        if made:
            made[-1].tail = piece
        else:
            before = piece
        made.append(Element("span", dict(attributes)))
        made[-1].text = AtomicString(match.group())
        at = match.end()
    if made:
        made[-1].tail = AtomicString(text[at:])
    return before, made


def join(root: Element) -> None:
    """Join the lines of a tree as a reader of Chinese sees them. What is joined already stays as it is."""
    previous: _Segment | None = None  # the last segment that holds characters
    breaks: list[_Segment] = []  # segments after it that hold line breaks only
    for segment in _segments(root):
        if segment is None:
            previous, breaks = None, []
            continue
        text = segment.text
        if "\n" in text and (joined := _join_inside(text)) != text:
            segment.write(joined)
            text = joined
        if not text.strip("\n"):
            breaks.append(segment)
            continue
        if previous is not None and (breaks or text.startswith("\n") or previous.text.endswith("\n")):
            before, after = previous.text.rstrip("\n"), text.lstrip("\n")
            if is_joined(before[-1], after[0]):
                previous.write(before)
                segment.write(after)
                for empty in breaks:
                    empty.write("")
        previous, breaks = segment, []


_TOGETHER: Final = re.compile(
    r"(?<=[0-9]) (?=[万亿倍个次分秒天周年月日层维步张块篇条项种类]|小时|美元|词元|参数|百分点|像素|[KMGT]i?B\b)"
    r"|(?<=[A-Za-z]) (?=[0-9](?![0-9]{3}))|(?<=[A-Za-z] [0-9]) (?=[0-9.]+B\b)"
    r"|(?<=[第表图式]) (?=[0-9])"
)
"""The space before a unit, and before the number of a name or a place: Llama 2 70B, Apache 2.0, 表 1; a year stands by itself."""


_CLOSING: Final = re.compile("[。，、；：？！）」』】》]+")
_SIGN: Final = re.compile("<m(?:i|n|o|text)(?: [^>]*)?>([^<]*)<")
SHORT: Final = 20
"""So many signs of a formula and a mark behind it have room in a line of the narrowest screen."""


def bound(text: str) -> str:
    """A text in which no line ends between a number and its unit, or a name or place and its number."""
    return _TOGETHER.sub("\u00a0", text)


def bind(root: Element, stash: Sequence[str | Element]) -> None:
    """Keep together what a line may not part: a formula and the marks behind it; what `bound` does.

    After terms are marked, which are written with spaces. `stash`: where Markdown keeps the formulas.
    """
    for parent in list(root.iter()):
        for place, formula in enumerate(list(parent)):
            marks = _CLOSING.match(formula.tail or "")
            if marks and formula.get("class") == "pn-formula" and _signs(formula, stash) <= SHORT:
                kept = Element("span", {"class": "pn-kept"})
                kept.tail, formula.tail = (formula.tail or "")[marks.end() :], marks.group()
                kept.append(formula)
                parent[place] = kept
    for _, block in groupby(_segments(root), lambda segment: segment is None):
        segments = [segment for segment in block if segment is not None]
        text = "".join(segment.text for segment in segments)
        if (joined := bound(text)) != text:  # as long as it was
            for segment in segments:
                own, joined = joined[: len(segment.text)], joined[len(segment.text) :]
                if own != segment.text:
                    segment.write(own)


def _names(longest: int) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w./-])(?=[\w.-]{{3,{longest}}}(?![\w./-]))(?=[a-z-]*[A-Z\d])(?=[\d.-]*[A-Za-z])"
        r"[A-Za-z0-9]+(?:\.\d\w*)?(?:-[A-Za-z0-9]+(?:\.\d\w*)?)+"
        f"|[{HAN}]-[{HAN}]",
        re.ASCII,
    )


_NAME: Final = _names(20)
"""With hyphens and a digit or a capital, and not too long for the narrowest screen: Falcon-40B, MT-Bench, the end of Llama 2-Chat.
Of a Chinese one, what stands about the hyphen: 布拉德利-特里."""
_IN_CELL: Final = _names(8)
_NO_TEXT: Final = _VERBATIM | {"math", "svg", "title"}


def keep_names(root: Element) -> None:
    """Keep the parts of a name in one line; in cells, which are narrow, of a short one. Comes last: the texts it makes are for no
    other step.
    """
    waiting = [(root, _NAME)]
    while waiting:
        element, names = waiting.pop()
        if element.tag not in _NO_TEXT:
            names = _IN_CELL if element.tag in ("td", "th") else names
            waiting += [(child, names) for child in element]
            part(element, partial(spans, pattern=names, attributes={"class": "pn-kept"}), lambda _: None)


_NUMBER: Final = re.compile(r"(?:约\s)?[-−+]?\d[\d,.]*\s?(?:%|万亿|[万亿倍次天]|[KMBT])?")
_NO_NUMBER: Final = re.compile(r"\D{0,4}")
_RIGHT: Final = "text-align: right;"
"""As Markdown writes it for `---:`."""


def align_numbers(root: Element) -> None:
    """Set columns of numbers flush right, but the first, which names the rows; a column that its author aligned stays."""
    for table in root.iter("table"):
        for column in list(zip(*table.iter("tr"), strict=False))[1:]:
            texts = ["".join(cell.itertext()).strip() for cell in column[1:]]
            numbers = sum(_NUMBER.fullmatch(text) is not None for text in texts)
            words = sum(_NO_NUMBER.fullmatch(text) is not None for text in texts)
            if numbers > words and numbers + words == len(texts):
                for cell in column:
                    cell.attrib.setdefault("style", _RIGHT)


def _signs(formula: Element, stash: Sequence[str | Element]) -> int:
    placed = HTML_PLACEHOLDER_RE.search(formula.text or "")
    math = stash[int(placed[1])] if placed else ""
    return sum(map(len, _SIGN.findall(math))) if isinstance(math, str) else 0


def _join_inside(text: str) -> str:
    """Join at the breaks that have characters on both sides in this text; its ends stay."""

    def replace(match: re.Match[str]) -> str:
        start, end = match.start(), match.end()
        if start == 0 or end == len(text):
            return "\n"
        return "" if is_joined(text[start - 1], text[end]) else "\n"

    return _BREAK.sub(replace, text)


class TypographyExtension(Extension):
    """Joins lines once the inline patterns (20) have made the tree."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After inline patterns, before every step that reads the text (formulas 18, terms 15)."""
        md.treeprocessors.register(_JoinLines(md), "pn-join-lines", 19)
