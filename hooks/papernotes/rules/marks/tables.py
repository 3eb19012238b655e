"""Tables of the text: every column has a name, and every row as many cells as the table has columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from papernotes.base.finding import Finding
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.text.document import Document

RULES: Final = (
    Rule("table-header", "表头每一格都有字", "读屏软件念每一格之前先念列名，空着就不知道这一列是什么。", "| | LoRA |", "| 项目 | LoRA |"),
    Rule("table-row", "表格的每一行和表头格数相同", "多出来的格子不会显示，缺的格子是空白；公式里的竖线也会把格子切开。", "| 量 | 值 |\n| --- | --- |\n| $P(A|B)$ | 高 |", "| 量 | 值 |\n| --- | --- |\n| $P(A \\mid B)$ | 高 |"),
)  # fmt: skip

BELOW: Final = "leave a blank line below the table"
"""What to do, where `layout.fix` can do it."""
_EMPTY: Final = re.compile(r"(?:(?<=\|)|^)[ \t]*(?=\||$)")
_PIPE_IN_FORMULA: Final = re.compile(r"(?<!\\)\$[^$\n]*?(?<!\\)\|[^$\n]*(?<!\\)\$")


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Columns without a name; rows with more or fewer cells than their head."""
    for table in site.parsed(document.uri).tables:
        if "" in table.head.cells:
            start = document.offset_of(table.line)
            line = document.prose[start:].partition("\n")[0]
            cells = line.rstrip(" \t")
            begin = len(cells) - len(cells.lstrip(" \t>")) + cells.lstrip(" \t>").startswith("|")
            for cell in _EMPTY.finditer(cells.removesuffix("|"), begin):
                if not document.body[start + cell.start() : start + cell.end()].strip():
                    where = start + cell.start()
                    yield document.finding(where, "table-header", "a column has no name", "write what its cells are")
        columns = len(table.head.cells)
        for row in table.rows:
            if row.written != columns:
                start = document.offset_of(row.line)
                line = document.body[start:].partition("\n")[0]
                what = f"the row has {_count(row.written, 'cell')}, the table {_count(columns, 'column')}"
                at = start + _place(line, document.prose[start : start + len(line)], columns, row.written)
                yield document.finding(at, "table-row", what, _mend(line, row.written > columns))


def _place(line: str, prose: str, columns: int, written: int) -> int:
    """Where the slip of a row is: the formula with a pipe in it, the first cell too many, else where the row begins."""
    begin = len(line) - len(line.lstrip(" \t>"))
    if written > columns and (cut := _PIPE_IN_FORMULA.search(line)):
        return cut.start()
    pipes = [match.end() for match in re.finditer(r"(?<!\\)\|", prose) if match.start() > begin]
    if written <= columns or len(pipes) < columns:
        return begin
    at = pipes[columns - 1]
    return at + len(line[at:]) - len(line[at:].lstrip(" \t"))


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'s' if number != 1 else ''}"


def _mend(line: str, more: bool) -> str:
    """What to do about a row of too many or too few cells."""
    if "|" not in line:
        return BELOW
    if more and _PIPE_IN_FORMULA.search(line):
        return "write \\mid for a pipe inside a formula"
    if more:
        return "write \\| for a pipe that parts no cells, or give the head as many"
    return "write every cell; one without content is | |"
