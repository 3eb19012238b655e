"""English inside Chinese prose says that it is English: a screen reader changes its voice, a browser its line breaks."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from papernotes.markdown.typography import part

PRIORITY: Final = -2
"""After the terms (-1): what they have linked is a text of its own."""

_WORD: Final = r"[A-Za-z]{2}[A-Za-z'’]*(?:-[A-Za-z]+)*"
_RUN: Final = re.compile(rf"(?<![A-Za-z0-9'’.\-/]){_WORD}(?:,? {_WORD})+(?![A-Za-z0-9'’\-/])")
"""Two words or more: one alone (LoRA, token) is as often a name, which every voice reads."""
_SKIPPED: Final = frozenset(
    {"code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "title", "var"}
)


def mark(element: Element) -> None:
    """Mark the English below an element."""
    if element.tag in _SKIPPED or element.get("lang", "zh") != "zh":
        return
    part(element, _divided, mark)


class _English(Treeprocessor):
    def run(self, root: Element) -> None:
        mark(root)


def _divided(text: str) -> tuple[str, list[Element]]:
    """Part a text at its English: what stands before the first run, and a `<span lang="en">` for each, with its tail."""
    if isinstance(text, AtomicString):
        return text, []
    spans: list[Element] = []
    before, at = "", 0
    for match in _RUN.finditer(text):
        piece = text[at : match.start()]
        if spans:
            spans[-1].tail = AtomicString(piece)
        else:
            before = piece
        span = Element("span", {"lang": "en"})
        span.text = AtomicString(match.group())
        spans.append(span)
        at = match.end()
    if not spans:
        return text, []
    spans[-1].tail = AtomicString(text[at:])
    return before, spans


class EnglishExtension(Extension):
    """Registers the step."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """See `PRIORITY`."""
        md.treeprocessors.register(_English(md), "pn-english", PRIORITY)
