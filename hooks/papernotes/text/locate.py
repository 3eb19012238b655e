"""Where on a page something was written that is shown: found in its line or below, each place once."""

from __future__ import annotations

from typing import Final

from papernotes.text.document import Document
from papernotes.text.parsed import OPAQUE

_CONTEXT: Final = 6
"""So many characters beside a mark tell it from others of its kind."""


class Locator:
    """Finds the places of one page, and knows which it has told already."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._used: set[int] = set()

    def find(self, line: int, mark: str, before: str = "", after: str = "") -> int:
        """The offset in the body of a mark that is shown.

        `line`: of the body, from 1, where the text begins that holds it. `before`, `after`: what is shown beside it.
        Shape: the place in this line or below that has its neighbours; else one that has not; else the line's own text.
        """
        prose, start = self._document.prose, self._document.offset_of(line)
        left, right = before[-_CONTEXT:].rpartition(OPAQUE)[2], after[:_CONTEXT].partition(OPAQUE)[0]
        for text, lead in ((left + mark + right, len(left)), (mark + right, 0), (left + mark, len(left)), (mark, 0)):
            at = prose.find(text, start)
            while at >= 0 and at + lead in self._used:
                at = prose.find(text, at + 1)
            if at >= 0:
                self._used.add(at + lead)
                return at + lead
        row = self._document.body[start:].partition("\n")[0]
        return start + len(row) - len(row.lstrip())

    def take(self, offset: int) -> bool:
        """Tell a place; whether it was not told before."""
        fresh = offset not in self._used
        self._used.add(offset)
        return fresh

    def used(self, offset: int) -> bool:
        """Whether a place was told."""
        return offset in self._used
