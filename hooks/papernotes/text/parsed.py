"""What Markdown makes of one page, each part with the line it was written in. The record; `markdown.parse` makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element

from papernotes.text.document import Document, resolve, split_link
from papernotes.text.pairs import Pairs

LINE: Final = "data-pn-line"
"""The attribute of an element that holds its line in the body, from 1; removed before a page is published."""
_LINES: Final = re.compile(rf' {LINE}="[0-9]+"')
PAPER: Final = "data-pn-paper"
"""The attribute of a reference to a paper, which `markdown.link` resolves: the id, with its version if it has one."""
PLACE: Final = "data-pn-place"
"""The attribute of a place in a source mark, which `markdown.link` resolves: the paper's id, empty for the page's own, a space, the place."""
FIGURE: Final = "data-pn-figure"
"""The attribute of a reference to a figure: its target as written."""
EQUATION: Final = "data-pn-equation"
"""The attribute of a reference to a formula: its label, until the formulas are numbered."""
WORDS: Final = "data-pn-words"
"""The attribute of a reference whose text is the author's own."""
PAIR: Final = "data-pn-pair"
"""The attribute of a translated sentence: the fingerprint of its original."""
NUMBER: Final = "data-pn-number"
"""The attribute of a figure block: which of the page's it is, from 1."""


@dataclass(frozen=True)
class Problem:
    """Something wrong in what Markdown makes of a page, before it is known where exactly it was written."""

    line: int
    """In the body, from 1."""
    rule: str
    what: str
    fix: str
    needles: tuple[str, ...] = ()
    """Texts that may stand where it was written, in this line or below, the likeliest first; none: the line is meant."""


@dataclass(frozen=True)
class Heading:
    """A heading as the page shows it."""

    level: int
    """1 to 6."""
    id: str
    """The address inside the page that the table of contents gives it."""
    text: str
    line: int


@dataclass(frozen=True)
class Link:
    """A link or a picture of the page; references to papers and figures are none."""

    kind: Literal["link", "image"]
    target: str
    """As the author wrote it, entities resolved."""
    text: str
    line: int


@dataclass(frozen=True)
class Attributes:
    """An attribute list that the author wrote, `{#id .class name=value}`."""

    tag: str
    """Of the element that got it."""
    pairs: tuple[tuple[str, str], ...]
    """Name and value of each; the name of a class is `.`."""
    line: int


@dataclass(frozen=True)
class Reference:
    """A paper named in prose or in a source mark."""

    id: str
    """With its version where one is named."""
    line: int


@dataclass(frozen=True)
class Formula:
    """A formula as Markdown found it."""

    tex: str
    """As it was written, its label in it."""
    display: bool
    line: int
    label: str | None = None
    """What `[@eq:…]` calls it; the labelled formulas of a page are numbered."""


@dataclass(frozen=True)
class Row:
    """A row of a table as it is shown: short rows are padded, what is too much is cut off."""

    cells: tuple[str, ...]
    line: int
    written: int
    """How many cells its line has."""


@dataclass(frozen=True)
class Table:
    """A table of the page."""

    head: Row
    rows: tuple[Row, ...]

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.head.line

    def to_json(self) -> Any:
        """As JSON can say it."""
        return [[row.cells, row.line, row.written] for row in (self.head, *self.rows)]

    @classmethod
    def from_json(cls, value: Any) -> Table:
        """What `to_json` has made."""
        head, *rows = (Row(tuple(cells), line, written) for cells, line, written in value)
        return cls(head, tuple(rows))


OPAQUE: Final = "\ue000"
"""Stands in a leaf for what is not text: code, a formula, an escaped character, a piece of HTML."""


@dataclass(frozen=True)
class Leaf:
    """A run of text that the page shows in one element, line by line, without code and formulas."""

    tag: str
    """Of the block that holds it: `p`, `li`, `td`, `h2`, …"""
    lines: tuple[tuple[int, str], ...]
    """Pairs of a line of the body and what of it stands in the element."""


@dataclass(frozen=True)
class Parsed:
    """One page, read once. It knows no other page: what depends on others is filled in by `markdown.link`."""

    document: Document
    root: Element
    """What Markdown made, placeholders of references in it; `link` works on a copy."""
    stash: tuple[str | Element, ...]
    """The pieces of HTML that stand in the tree as placeholders, by number."""
    raw: tuple[tuple[int, str], ...]
    """Those of them that the author wrote as HTML, and which are not on the short list, each with its line."""
    toc: tuple[Any, ...]
    """The tokens of the table of contents, as Python-Markdown's `toc` gives them."""
    headings: tuple[Heading, ...]
    ids: frozenset[str]
    """Every address inside the page."""
    links: tuple[Link, ...]
    references: tuple[Reference, ...]
    formulas: tuple[Formula, ...]
    tables: tuple[Table, ...]
    leaves: tuple[Leaf, ...]
    attributes: tuple[Attributes, ...]
    figures: int
    """How many figure blocks Markdown made."""
    pairs: tuple[Pairs, ...] = ()
    """The blocks of pairs, as many as Markdown made."""
    failure: Problem | None = None
    """Why the page was not read; it is empty then."""

    def lines(self) -> Iterator[tuple[int, str]]:
        """Every line of shown text, in order."""
        for leaf in self.leaves:
            yield from leaf.lines


@dataclass(frozen=True)
class Face:
    """What others may see of a page that has been read: all that they need to know of it beside its front matter and its blocks."""

    ids: frozenset[str]
    """Every address inside the page."""
    headings: tuple[Heading, ...]
    anchors: tuple[tuple[str, str], ...]
    """The uri and the address in it of each link that leads into a page."""
    references: tuple[Reference, ...]

    @cached_property
    def titles(self) -> dict[str, str]:
        """The texts of the headings by their ids."""
        return {each.id: each.text for each in self.headings}

    @classmethod
    def of(cls, parsed: Parsed) -> Face:
        """The face of a page."""
        anchors = []
        for link in parsed.links:
            path, fragment = split_link(link.target) or ("", "")
            if fragment and not path.startswith("/"):
                anchors.append((resolve(parsed.document.uri, path), fragment))
        return cls(
            parsed.ids,
            parsed.headings,
            tuple(anchors),
            parsed.references,
        )

    def to_json(self) -> Any:
        """As JSON can say it."""
        references = [[each.id, each.line] for each in self.references]
        headings = [[each.level, each.id, each.text, each.line] for each in self.headings]
        return [sorted(self.ids), headings, self.anchors, references]

    @classmethod
    def from_json(cls, value: Any) -> Face:
        """What `to_json` has made."""
        ids, headings, anchors, references = value
        return cls(
            frozenset(ids),
            tuple(Heading(*each) for each in headings),
            tuple((uri, fragment) for uri, fragment in anchors),
            tuple(Reference(id_, line) for id_, line in references),
        )


@dataclass(frozen=True)
class Use:
    """A term linked on a page."""

    term: str
    """Its id."""
    section: str
    """The id of the heading above it; empty above the first."""


@dataclass(frozen=True)
class Rendered:
    """One page, linked: as it is published."""

    lines: str
    """Its HTML with the line of each element (`LINE`), for the checker."""
    toc: tuple[Any, ...]
    uses: tuple[Use, ...]

    @cached_property
    def html(self) -> str:
        """The HTML as readers get it."""
        return _LINES.sub("", self.lines)

    def to_json(self) -> Any:
        """As JSON can say it."""
        return [self.lines, self.toc, [[use.term, use.section] for use in self.uses]]

    @classmethod
    def from_json(cls, value: Any) -> Rendered:
        """What `to_json` has made."""
        lines, toc, uses = value
        return cls(lines, tuple(toc), tuple(Use(term, section) for term, section in uses))
