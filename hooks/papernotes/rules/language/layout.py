"""What `make fix` mends in the layout of a page: blank lines, the indent of notes and lists, the form of source marks.

Only what a finding names is touched, and only where there is one way to mend it; formulas and code stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from papernotes.base.finding import Finding
from papernotes.data.site import Site
from papernotes.markdown import formula, source_marks
from papernotes.rules.marks import raw_marks, tables
from papernotes.text.document import Document

ROUNDS: Final = 8
"""What is mended may show what lies below it: a list set apart may hold another. So many times a page is read anew."""

_CHECKS: Final = (raw_marks.check, formula.check, tables.check)
_QUOTE: Final = re.compile(r"[ \t]*(?:>[ ]?)*")
_ITEM: Final = re.compile(r"(?P<indent> *)(?P<sign>(?:[-*+]|[0-9]{1,9}\.) +)\S")
_FENCE: Final = re.compile(r" *(?:`{3,}|~{3,})")


def fix(document: Document, site: Site) -> Document:
    """The page with its layout mended."""
    text = document.prose
    body = document.body
    for match in reversed(list(source_marks.ANY_MARK.finditer(text))):
        if right := source_marks.mended(match.group()):
            body = body[: match.start()] + right + body[match.end() :]
    document = _with(document, body)
    for _ in range(ROUNDS):
        here = replace(site, documents={**site.documents, document.uri: document})
        found = [finding for check in _CHECKS for finding in check(document, here)]
        lines = document.body.split("\n")
        for finding in sorted(found, reverse=True):
            if "<!--" not in lines[_row(document, finding)]:
                _mend(lines, _row(document, finding), finding)
        new = _with(document, "\n".join(lines))
        if new.text == document.text:
            break
        document = new
    return document


def _with(document: Document, body: str) -> Document:
    return replace(document, text=document.text[: document.body_start] + body)


def _row(document: Document, finding: Finding) -> int:
    return finding.line - document.text.count("\n", 0, document.body_start) - 1


def _mend(lines: list[str], row: int, finding: Finding) -> None:
    """Mend one thing, from the last of a page to its first: what stands above keeps its place."""
    line = lines[row]
    if finding.rule == "formula" and "with $$" in finding.what and line.lstrip(" \t>").startswith("$$"):
        _set_apart(lines, row)
    elif finding.fix in {raw_marks.BLANK, tables.BELOW}:
        _part(lines, row)
    elif "note above" in finding.what:
        above = next(number for number in range(row, -1, -1) if lines[number].lstrip().startswith("!!!"))
        missing = _indent(lines[above]) + 4 - _indent(line)
        for number in _block(lines, row):
            lines[number] = " " * missing + lines[number]
    elif finding.fix == raw_marks.INDENT and not line.lstrip().startswith(">"):
        _nest(lines, row)
    elif finding.fix.startswith("write 1. instead"):
        for number in _block(lines, row):
            lines[number] = re.sub(r"^([ \t>]*[0-9]{1,3})\)(?=[ \t])", r"\1.", lines[number])


def _part(lines: list[str], row: int) -> None:
    """Put a blank line above one, inside the quote it stands in."""
    quote = _QUOTE.match(lines[row])
    lines.insert(row, quote.group().rstrip() if quote else "")


def _block(lines: list[str], row: int) -> range:
    """From a line to the next blank one."""
    end = row
    while end < len(lines) and lines[end].strip(" \t>"):
        end += 1
    return range(row, end)


def _set_apart(lines: list[str], row: int) -> None:
    """Put blank lines above and below a formula that begins in a line."""
    block = _block(lines, row)
    ends = [number for number in block if lines[number].rstrip().endswith("$$")]
    single = len(lines[row].strip(" \t>")) > 4 and row in ends
    close = row if single else next((number for number in ends if number > row), None)
    if close is None:
        return
    if close + 1 in block:
        _part(lines, close + 1)
    if row and lines[row - 1].strip(" \t>"):
        _part(lines, row)


def _nest(lines: list[str], row: int) -> None:
    """Indent a list, from its first line to its last, by four spaces a level."""
    rows = range(_edge(lines, row, -1), _edge(lines, row, 1) + 1)
    base = min(_indent(lines[number]) for number in rows if _ITEM.match(lines[number]))
    opened: list[int] = []  # the indents of the items that a line may lie in
    body: int | None = None  # where the further lines of the last of them begin
    fenced = False
    for number in rows:
        line, indent = lines[number], _indent(lines[number])
        if not fenced and _ITEM.match(line):
            while opened and indent <= opened[-1]:
                opened.pop()
            lines[number] = " " * (base + 4 * len(opened)) + line.lstrip()
            opened.append(indent)
            body = None
        elif line.strip() and opened:
            while len(opened) > 1 and indent <= opened[-1] and not lines[number - 1].strip():
                opened.pop()
                body = None
            body = indent if body is None else body
            lines[number] = " " * (base + 4 * len(opened) + max(indent - body, 0)) + line.lstrip()
        fenced ^= bool(_FENCE.match(line))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _edge(lines: list[str], row: int, step: int) -> int:
    """The first or the last line of the list that a line belongs to."""
    edge = number = row
    while 0 <= number + step < len(lines):
        number += step
        line = lines[number]
        if line.strip() and not _ITEM.match(line) and not _indent(line):
            break
        edge = number if line.strip() else edge
    return edge
