"""A page as its reader sees it: the words in their places, everything that is not prose masked.

The language checks look at words. What only looks like words (code, formulas, addresses, options of a figure block, the
brackets of a reference) is masked by `FILL`, one for one, so that every offset stays and a rule about neighbours, such as
the space between Chinese and Latin, sees that something stands there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from papernotes.text.blocks import blocks
from papernotes.text.document import Document, kept

FILL: Final = "\ue000"
"""Stands for one masked character. A private-use character: no page may hold one (rule `character`)."""

_MARK: Final = re.compile(r"【[^【】\n]*】")
_REFERENCE: Final = re.compile(r"\[@[^\[\]\s]*+(?P<words>[^\[\]\n]*+)\]")
_ESCAPE: Final = re.compile(r"\[~(?P<words>[^\[\]\n]++)\]")
_FOOTNOTE: Final = re.compile(r"\[\^[^\[\]\n]++\]:?")
ICON: Final = re.compile(r"(?<![A-Za-z0-9:/]):[a-z][a-z0-9_+-]*:(?!\w)")
"""What other sites show an icon for; its colons are no punctuation."""
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_DEFINITION: Final = re.compile(
    r"^ {0,3}\[(?!\^)[^\[\]\n]++\]:[ \t]*+\S++(?:[ \t]++(?:\x22[^\x22\n]*\x22|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
"""Of the address of `[text][name]`, with its title."""
_MARKER: Final = re.compile(r"^[ \t]*(?:/{3,}|!!!|\?\?\?\+?|={3}[ \t]+\x22)[^\n]*$", re.MULTILINE)
_OPTION: Final = re.compile(r"^(?: {4}| {0,3}\t)(?P<key>[a-z]+):[^\n]*$", re.MULTILINE)
_FIGURE: Final = re.compile(r"^/{3,}[ \t]*\S[^\n]*\n(?P<options>(?:[ \t]+[^\n]*\n)*)", re.MULTILINE)
_PAIRS: Final = re.compile(r"^/{3,}[ \t]*pairs\b[^\n]*\n(?:(?!/{3})[^\n]*\n)*", re.MULTILINE)
_FINGERPRINT: Final = re.compile(r"^(?:[0-9a-f]+[ \t]|>[^\n]*)", re.MULTILINE)
"""Of the lines of a block of pairs, what is not the translation: the fingerprint, or the original."""
_WORDS: Final = frozenset({"caption", "alt"})


@kept
def readable(document: Document) -> str:
    """The body of a page with everything masked that is not prose; as long as the body."""
    text = _masked(document.body, document.plain)
    text = _FIGURE.sub(_figure, text)
    text = _PAIRS.sub(lambda match: _FINGERPRINT.sub(_fill, match.group()), text)
    text = _MARK.sub(_fill, text)
    text = _MARKER.sub(_fill, text)
    text = _FOOTNOTE.sub(_fill, text)
    text = _DEFINITION.sub(_fill, text)
    text = _ENTITY.sub(_fill, text)
    text = ICON.sub(_fill, text)
    for pattern in (_REFERENCE, _ESCAPE):
        text = pattern.sub(_but_words, text)
    return text


def figure_blocks(document: Document) -> list[tuple[int, int]]:
    """Where the parts of figure blocks begin and end, in the body of a page."""
    return [(block.offset, block.offset + len(block.text)) for block in blocks(document) if block.in_figure]


class Cover:
    """Stretches of a text, to be asked whether one of them holds a place."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        """`stretches`: offsets, ends exclusive; they may overlap."""
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether one stretch reaches from `start` or before it to `end` or beyond."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._ends[at] >= end


def _masked(body: str, plain: str) -> str:
    """The body with `FILL` where `plain` is blank and the body is not."""
    pieces = []
    at = 0
    for match in re.finditer(r"[ \t]+", plain):
        original = body[match.start() : match.end()]
        if original != match.group():
            pieces += [plain[at : match.start()], re.sub(r"[^ \t]", FILL, original)]
            at = match.end()
    return "".join([*pieces, plain[at:]])


def _fill(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", FILL, match.group())


def _but_words(match: re.Match[str]) -> str:
    start, end = match.span("words")
    return FILL * (start - match.start()) + match["words"] + FILL * (match.end() - end)


def _figure(match: re.Match[str]) -> str:
    """Of the options of a figure, only the values of some are prose."""

    def option(line: re.Match[str]) -> str:
        value = line.end("key") + 1 - line.start()
        if line["key"] not in _WORDS:
            return FILL * len(line.group())
        return FILL * value + line.group()[value:]

    start = match.start("options") - match.start()
    return match.group()[:start] + _OPTION.sub(option, match["options"])


@dataclass(frozen=True)
class Span:
    """A stretch of a text by offsets, `end` exclusive."""

    start: int
    end: int


_END: Final = re.compile("[。！？；]")


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a masked text; a line of a table is one, for its cells belong together."""
    line_start = 0
    for line in text.split("\n"):
        line_end = line_start + len(line)
        if line.lstrip().startswith("|"):
            yield Span(line_start, line_end)
        elif line.strip():
            ends = [line_start, *(match.end() for match in _END.finditer(text, line_start, line_end)), line_end]
            yield from (Span(start, end) for start, end in pairwise(ends) if start < end)
        line_start = line_end + 1


def sentences_with(text: str, *words: str) -> Iterator[Span]:
    """The sentences in which one of some words stands."""
    for span in sentences(text) if any(word in text for word in words) else ():
        if any(text.find(word, span.start, span.end) >= 0 for word in words):
            yield span


def paragraphs(text: str) -> Iterator[Span]:
    """The stretches between blank lines."""
    start = 0
    for match in re.finditer(r"\n[ \t]*\n|\Z", text):
        if text[start : match.start()].strip():
            yield Span(start, match.start())
        start = match.end()
