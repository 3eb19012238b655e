"""A source mark: which places of which papers, and which addresses, a statement was seen at, and what it vouches for.

§4.2，表 1                                   places in the page's own paper
§3；@2310.16944v1 表 1，附录 B               a second paper, by its id
[Phi-2 公告](https://example.org/phi-2)      something that is not an arXiv paper
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from papernotes.base import arxiv
from papernotes.base.fields import is_https
from papernotes.base.finding import quote
from papernotes.text.blocks import blocks
from papernotes.text.document import Document

UNSEEN: Final = "未核对位置"
"""The item of a mark whose place in the paper nobody has seen."""
DERIVED: Final = "自算"
"""The item of a mark which says that a number was worked out from others."""

MARK = re.compile(r"【来源：(?P<inner>[^【】\n]*)】")
_LINK = re.compile(r"\[(?P<name>[^\[\]]+)\]\((?P<url>[^()\s]+)\)\Z")
_NUMBER = r"[A-Z]?\.?[0-9]+(?:\.[0-9]+)*[a-z]?"
_RANGE = rf"{_NUMBER}(?:–{_NUMBER})?"
_ITEM = re.compile(
    rf"摘要|{UNSEEN}|自算|参考文献|致谢|标题|首页|§{_RANGE}|§[A-Z](?:\.[0-9]+)*(?:–[A-Z](?:\.[0-9]+)*)?"
    rf"|附录(?: [A-Z](?:\.[0-9]+)*(?:–[A-Z](?:\.[0-9]+)*)?)?|(?:表|图|式|算法|脚注|定理|引理|命题|代码|清单) {_RANGE}"
)
_SPAN = re.compile(r"[ §]([0-9]+)–([0-9]+)\Z")
_PAPER = re.compile(r"@(?P<id>\S+)(?:\s+(?P<rest>.*))?\Z", re.DOTALL)


@dataclass(frozen=True)
class Link:
    """A source that is not an arXiv paper."""

    name: str
    url: str


@dataclass(frozen=True)
class Group:
    """Places in one paper, or things outside arXiv."""

    paper: arxiv.ArxivId | None
    """None: the page's own paper."""
    items: tuple[str | Link, ...]


@lru_cache(maxsize=4096)  # every rule about sources asks for each mark of the page
def parse(inner: str) -> tuple[Group, ...]:
    """Read the inside of a mark.

    Shape: groups separated by `；`, items by `，`.
    Raises: ValueError that quotes the part that cannot be read.
    """
    groups = []
    for part in inner.split("；"):
        text = part.strip()
        paper = None
        named = _PAPER.match(text)
        if named:
            paper = arxiv.parse_id(named["id"])
            text = named["rest"] or ""
            if not text:
                raise ValueError(f"{quote(part.strip())} names no place in the paper")
        groups.append(Group(paper, tuple(_item(item.strip()) for item in text.split("，"))))
    return tuple(groups)


def groups_of(mark: re.Match[str] | None) -> tuple[Group, ...]:
    """What a mark holds; nothing where there is none, or where it cannot be read, which is a finding of its own."""
    try:
        return parse(mark["inner"]) if mark else ()
    except ValueError:
        return ()


def _item(text: str) -> str | Link:
    link = _LINK.match(text)
    if link:
        if not is_https(link["url"]):
            raise ValueError(f"{quote(link['url'])} is not an https address")
        return Link(link["name"], link["url"])
    if not _ITEM.fullmatch(text):
        raise ValueError(f"{quote(text)} is not a place")
    if (span := _SPAN.search(text)) and int(span[1]) >= int(span[2]):
        raise ValueError(f"{quote(text)} does not run upwards")
    return text


@dataclass(frozen=True)
class Passage:
    """What one mark vouches for."""

    start: int
    """In the body."""
    end: int
    block: int
    """Where the paragraph, the item or the table begins in which it stands."""
    table: tuple[int, int] | None
    """Where the table begins and ends that the stretch is, or is a row of."""
    mark: re.Match[str]
    groups: tuple[Group, ...]


def passages(document: Document) -> Iterator[Passage]:
    """The stretches of a page that a source mark vouches for.

    In prose and items: from the mark before it in its block, or the block's start. Of a table: the row that it stands in; from
    below the table, the rows that have none.
    """
    table = None
    for block in blocks(document):
        bounds = block.offset, block.offset + len(block.text)
        if block.kind == "table":
            table = block
            yield from _of_rows(document, *bounds)
            continue
        start = block.offset
        for match in MARK.finditer(document.prose, *bounds):
            groups = groups_of(match)
            if table is not None and not document.prose[block.offset : match.start()].strip():
                where = table.offset, table.offset + len(table.text)
                rows = _rows_without_mark(document, *where)
                yield from (Passage(a, b, where[0], where, match, groups) for a, b in rows if groups)
            elif groups:
                yield Passage(start, match.start(), block.offset, None, match, groups)
            start = match.end()
        table = None


def _of_rows(document: Document, start: int, end: int) -> Iterator[Passage]:
    for a, b in _lines(document.prose, start, end):
        for match in MARK.finditer(document.prose, a, b):
            if groups := groups_of(match):
                yield Passage(a, b, start, (start, end), match, groups)


def _rows_without_mark(document: Document, start: int, end: int) -> list[tuple[int, int]]:
    return [(a, b) for a, b in _lines(document.prose, start, end) if not MARK.search(document.prose, a, b)]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1
