"""The blocks of a page's Markdown as an author sees them: headings, paragraphs, list items, tables, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from papernotes.text.document import Document, kept

_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*\Z")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,3}[.)])[ \t]+\S")
_TABLE = re.compile(r"[ \t]*\|.*\|[ \t]*\Z")
_FIGURE_OPEN = re.compile(r"(?P<fence>/{3,})[ \t]*\S")
_FIGURE_CLOSE = re.compile(r"(?P<fence>/{3,})[ \t]*\Z")
_ADMONITION = re.compile(r"[ \t]*(?:!!!|\?\?\?\+?)[ \t]")


@dataclass(frozen=True)
class Block:
    """A piece of a page, with code and comments blanked."""

    kind: Literal["heading", "paragraph", "item", "table", "marker"]
    text: str
    offset: int
    """In the body."""
    level: int = 0
    """Of a heading, 1 to 6."""
    in_figure: bool = False


@kept
def blocks(document: Document) -> tuple[Block, ...]:
    """Part the body into blocks, in order. Blank lines part them; so do headings, list items, tables and fences of `/`."""
    result: list[Block] = []
    start: int | None = None
    kind: Literal["paragraph", "item", "table"] = "paragraph"
    figure = ""
    offset = 0
    body = document.prose

    def close(end: int) -> None:
        nonlocal start
        if start is not None:
            result.append(Block(kind, body[start:end].rstrip(), start, in_figure=bool(figure)))
        start = None

    for line in body.split("\n"):
        stripped = line.strip()
        heading = _HEADING.match(line)
        fence_close = _FIGURE_CLOSE.match(stripped)
        fence_open = None if fence_close else _FIGURE_OPEN.match(stripped)
        if not stripped:
            close(offset)
        elif heading:
            close(offset)
            result.append(Block("heading", heading["text"], offset, len(heading["marks"]), bool(figure)))
        elif fence_close or fence_open or _ADMONITION.match(line):
            close(offset)
            result.append(Block("marker", line, offset, in_figure=bool(figure)))
            if fence_open and not figure:
                figure = fence_open["fence"]
            elif fence_close and fence_close["fence"] == figure:
                figure = ""
        elif _TABLE.match(line):
            if start is None or kind != "table":
                close(offset)
                start, kind = offset, "table"
        elif _ITEM.match(line) or start is None or kind == "table":
            close(offset)
            start, kind = offset, "item" if _ITEM.match(line) else "paragraph"
        offset += len(line) + 1
    close(len(body))
    return tuple(result)
