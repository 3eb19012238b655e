"""The lines of a whole PDF, and what every reading of them asks: pages, the size of the body's type, what is claimed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from papernotes.refresh.reading.glyphs import Line, Page
from papernotes.refresh.reading.outline import Draft

LEADING: Final = 1.45
"""In sizes: the farthest from one line of a paragraph to the next."""


class Layout:
    """All lines, in the order of the file. One that is claimed, by a table or a note, is no line of a section."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.lines = [line for page in pages for line in page.lines]
        sizes: Counter[float] = Counter()
        for line in self.lines:
            sizes.update(line.sizes)
        self.body = sizes.most_common(1)[0][0]
        """The size of most glyphs."""
        self.at_page: dict[int, list[int]] = {}
        """The lines of each page, by index."""
        for index, line in enumerate(self.lines):
            self.at_page.setdefault(line.page, []).append(index)
        self.claimed: set[int] = set(self._furniture())

    def goes_on(self, before: Line, line: Line) -> bool:
        """Whether a line stands below another as the next one of a paragraph does."""
        drop = before.base - line.base
        return before.page == line.page and abs(before.height - line.height) < 0.3 and 0 < drop < LEADING * line.height

    def _base(self, index: int) -> float:
        return self.lines[index].base

    def _furniture(self) -> Iterable[int]:
        """Page numbers, and lines at the edge of pages that come back on others."""
        edges: dict[str, list[int]] = {}
        ends = {
            page: {max(self.at_page[page], key=self._base), min(self.at_page[page], key=self._base)}
            for page in self.at_page
        }
        for index, line in enumerate(self.lines):
            if index in ends[line.page] and re.fullmatch(r"\W*\d{1,4}\W*", line.words):
                yield index
            height = self.pages[line.page].height
            if not 0.07 * height < line.base < 0.93 * height:
                edges.setdefault(re.sub(r"\d+", "", line.words), []).append(index)
        for text, indices in edges.items():
            if not re.search(r"[^\W\d_]", text) or len(indices) > 2:
                yield from indices


def joined(texts: Iterable[str]) -> str:
    """The lines of a paragraph as one text."""
    draft = Draft("")
    for text in texts:
        append(draft, text)
    return "".join(draft.text)


def append(draft: Draft, text: str) -> None:
    """Add a line to a paragraph; a word that is hyphenated at its end is one word again."""
    if draft.text and draft.text[-1].endswith(("-", "‐")) and text[:1].islower():
        draft.text[-1] = draft.text[-1][:-1]
        draft.write(text)
    else:
        draft.write(f" {text}")
