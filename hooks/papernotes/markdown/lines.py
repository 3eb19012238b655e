"""The lines of the source, carried through Markdown: a private-use mark at the head of each, taken out of the tree again.

Python-Markdown tells no line numbers. One character a line does: plane 15 has 65,534 that no page may hold (`unsafe-character`).
A mark stands behind whatever begins a block (`- `, `## `, `| `, `> `), so that it changes no block; lines of code, of options,
and those that open a block of another kind have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from papernotes.text.parsed import LINE

_FIRST: Final = 0xF0000
MAX_LINES: Final = 60_000
"""More lines than this have no mark."""
MARK: Final = re.compile("[\U000f0001-\U000ffffd]")

_BOXES: Final = re.compile(r"[ \t]*(?:(?:>[ ]?|[-*+][ \t]+|[0-9]{1,9}\.[ \t]+|:[ \t]+|\[\^[^\]\n]*\]:[ \t]*)[ \t]*)*")
_PREFIX: Final = re.compile(rf"{_BOXES.pattern}(?:#{{1,6}}[ \t]*)?(?:\|[ \t]*)?")
_UNMARKED: Final = re.compile(r"(?<!#)(?<!# )$|<|```|~~~|\$\$|/{3}|!!!|\?{3}|\{|\[[^\]\n]*\]:|[-=*_:| \t]+$")
_STASHED: Final = re.compile("\u0002[^\u0003]*\u0003")
_OPEN: Final = re.compile(r"/{3,}[ \t]*\S")
_OPTION: Final = re.compile(r"(?: {4}|\t)[ \t]*\S")


def mark(body: str, prose: str) -> str:
    """Put its mark into each line of a body. `prose`: the same with code and comments blanked, character for character."""
    marked = []
    options = False
    at = 0
    for number, line in enumerate(body.split("\n"), 1):
        end = at + len(line)
        options = bool(_OPEN.match(line)) or (options and bool(_OPTION.match(line)))
        match = _PREFIX.match(line)
        start = match.end() if match else 0
        if (
            not options
            and number <= MAX_LINES
            and not _UNMARKED.match(line, start)
            and (prose[at:end].strip() or not line.strip())
        ):
            line = f"{line[:start]}{chr(_FIRST + number)}{line[start:]}"
        marked.append(line)
        at = end + 1
    return "\n".join(marked)


def strip(text: str) -> str:
    """A text without marks."""
    return MARK.sub("", text)


def content(line: str) -> str:
    """A source line without what puts it into quotes, lists, definitions and footnotes."""
    return _BOXES.sub("", line, count=1)


def is_prefix(text: str) -> bool:
    """Whether a text is what may stand before the mark of its line."""
    return _PREFIX.fullmatch(text) is not None


def split(text: str) -> Iterator[tuple[int | None, str]]:
    """The parts of a text between marks, each with the line of the mark before it (None: of what came before)."""
    start, line = 0, None
    for match in MARK.finditer(text):
        if match.start() > start or line is not None:
            yield line, text[start : match.start()]
        start, line = match.end(), ord(match.group()) - _FIRST
    yield line, text[start:]


def take(root: Element, stash: list[str | Element]) -> None:
    """Take the marks out of a tree and its stash; give every element its line as an attribute."""
    _Taking().walk(root)
    for number, piece in enumerate(stash):
        if isinstance(piece, str):
            stash[number] = strip(piece)
        else:
            _Taking().walk(piece)


class _Taking:
    """One walk through a tree in reading order."""

    def __init__(self) -> None:
        self.now = 1

    def walk(self, element: Element) -> int:
        """Shape: the line at which the element begins."""
        before = self.now
        began: int | None = None
        text = element.text
        if text and (found := MARK.search(text)):
            began = ord(found.group()) - _FIRST if not text[: found.start()].strip() else before
            element.text = self._strip(text)
        for child in element:
            line = self.walk(child)
            if began is None and not (text and text.strip()):
                began = line
            tail = child.tail
            if tail and MARK.search(tail):
                child.tail = self._strip(tail)
        for name, value in element.items():
            if MARK.search(value):
                element.set(name, strip(value))
        began = before if began is None else began
        if not (element.tag == "p" and _STASHED.fullmatch(element.text or "")):  # Markdown takes the <p> away again
            element.set(LINE, str(began))
        return began

    def _strip(self, text: str) -> str:
        """A text without its marks, of its own type: Markdown's own kinds of strings say what may be done with them."""
        last = MARK.findall(text)[-1]
        self.now = ord(last) - _FIRST
        return type(text)(MARK.sub("", text))
