"""English inside Chinese prose says that it is English: a screen reader changes its voice, a browser its line breaks."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from papernotes.markdown.typography import part, spans

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
    return (text, []) if isinstance(text, AtomicString) else spans(text, _RUN, {"lang": "en"})


class EnglishExtension(Extension):
    """Registers the step."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """See `PRIORITY`."""
        md.treeprocessors.register(_English(md), "pn-english", PRIORITY)
