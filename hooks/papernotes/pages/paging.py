"""The lists of everything, in pages: none of them grows with the number of papers, and from each, links lead to all the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from papernotes.figures import render
from papernotes.text.document import address
from papernotes.text.special_pages import CHECK, FIGURES, GLOSSARY, LISTS, PAPERS

T = TypeVar("T")

MOST: Final[Mapping[str, int]] = {PAPERS: 100, LISTS: 100, CHECK: 100, FIGURES: render.MANY, GLOSSARY: 200}
"""By the uri of a list: how many rows, or sections, a page of it has; of the glossary: a page behind its first, which has the entries."""
_SECTION: Final = re.compile(r"(?=<h2\b)")


@dataclass(frozen=True)
class Part:
    """A page of a list of several: the first is the list's own, `papers/index.html`; `papers/index.2.html` follows."""

    home: str
    """The uri of the list."""
    number: int
    count: int

    def of(self, items: Sequence[T], before: int = 0) -> Sequence[T]:
        """Those that stand on this page. `before`: pages without any."""
        most, number = MOST[self.home], self.number - before
        return items[(number - 1) * most : number * most]

    def uri(self, number: int) -> str:
        """The uri of one of the pages."""
        return self.home if number == 1 else f"{self.home.removesuffix('.md')}.{number}.md"

    def url(self, number: int) -> str:
        """The address of one of the pages, from the site's root."""
        return address(self.uri(number))

    @property
    def near(self) -> list[int]:
        """The numbers of the pages to which this one links: the ends, its neighbours, and steps of ten and a hundred."""
        steps = [sign * step for step in (0, 1, 2, 10, 100) for sign in (1, -1)]
        return sorted({1, self.count, *(self.number + step for step in steps)} & {*range(1, self.count + 1)})


def parts(lengths: Mapping[str, int]) -> dict[str, Part]:
    """By uri: every page of the lists that take more than one. `lengths`: by the uri of a list, how much it holds."""
    found = {}
    for uri, length in lengths.items():
        count = -(-length // MOST[uri])
        for number in range(1, count + 1) if count > 1 else ():
            part = Part(uri, number, count)
            found[part.uri(number)] = part
    return found


def split(html: str, at: int) -> tuple[str, list[str]]:
    """What a page begins with, the sections before `at` included, and each of the sections from there; counted as in a slice."""
    first, *sections = _SECTION.split(html)
    return "".join([first, *sections[:at]]), sections[at:]
