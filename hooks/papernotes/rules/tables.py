"""Tables of the text: every column has a name, and each table a box of its own that scrolls, so that none widens the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from papernotes.data.site import Site
from papernotes.text.blocks import blocks
from papernotes.text.document import Document
from papernotes.text.finding import Finding
from papernotes.text.rule import Rule

RULES: Final = (
    Rule("table-header", "表头每一格都有字", "读屏软件念每一格之前先念列名，空着就不知道这一列是什么。", "| | LoRA |", "| 项目 | LoRA |"),
)  # fmt: skip

_HEADER: Final = re.compile(r"[ \t]*\|(?P<cells>.*)\|[ \t]*\n[ \t]*\|[ \t:|]*-[ \t:|-]*(?:\n|\Z)")
_EMPTY: Final = re.compile(r"(?:(?<=\|)|^)[ \t]*(?=\||$)")


def check(document: Document, _: Site) -> Iterator[Finding]:
    """Columns without a name."""
    for block in blocks(document):
        header = _HEADER.match(block.text) if block.kind == "table" else None
        if header:
            for cell in _EMPTY.finditer(header["cells"]):
                where = block.offset + header.start("cells") + cell.start()
                yield document.finding(where, "table-header", "a column has no name", "write what its cells are")
