"""The numbers of a page that state a result: with a unit that results have, with decimals, or in a table's cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from papernotes.text import quantities
from papernotes.text.quantities import Amount

_CELL: Final = re.compile(
    r"[\s\d.,%％+\-−–±～~/、，：()（）约近超不到至和个万亿千百分点倍×→KMGTB小时天美元*<>≤≥＜＞]*\d[^A-Za-z]*"
)
_HEAD: Final = re.compile(r"[（(，, ](?P<unit>万亿|亿|万|千|[%％]|百分点|倍|[KMGTP]B|小时|天|美元|[MB])[）)]?\s*\Z")


@dataclass(frozen=True)
class Result:
    """A number that states a result."""

    amount: Amount
    """Its offsets are those of the page."""
    names: frozenset[str] = frozenset()
    """In a table's cell: the words and numbers of its row's first cell and of its column's head, as `words` gives them."""
    beside: tuple[tuple[Amount, ...], ...] = ()
    """In a table's cell: the other numbers of its row, and those of its column."""


def words(name: str) -> frozenset[str]:
    """What tells rows of a table apart by name, whatever their spelling: the Latin words and numbers, in lower case."""
    return frozenset(re.findall(r"[a-z]+|[0-9]+(?:\.[0-9]+)?[a-z]*", name.lower()))


def of_prose(text: str, start: int, end: int) -> list[Result]:
    """The result numbers of a stretch of a masked page."""
    return [Result(amount) for amount in quantities.results(text, start, end)]


def of_table(text: str, start: int, end: int) -> list[Result]:
    """The result numbers of a table: those of its cells, with the unit of the column's head; first column as prose."""
    found: list[Result] = []
    places: dict[int, tuple[int, int]] = {}
    """By where a number of a cell begins: its row and column."""
    heads: list[str] = []
    for number, cells in enumerate(_rows(text, start, end)):
        if number == 0:
            heads = [text[a:b].strip() for a, b in cells]
            continue
        for column, (a, b) in enumerate(cells):
            if column and _CELL.fullmatch(text[a:b].strip()):
                head = heads[column] if column < len(heads) else ""
                names = words(f"{text[slice(*cells[0])]} {head}")
                unit = match["unit"] if (match := _HEAD.search(head)) else ""
                cell = [Result(_with_unit(amount, unit), names) for amount in quantities.chinese(text, a, b)]
                places |= {result.amount.start: (number, column) for result in cell}
                found += cell
            else:
                found += of_prose(text, a, b)
    lines = [_lines(found, {start: at[side] for start, at in places.items()}) for side in (0, 1)]
    return [
        replace(result, beside=tuple(_others(result, line) for line in lines))
        if result.amount.start in places
        else result
        for result in found
    ]


def _lines(found: list[Result], numbers: dict[int, int]) -> dict[int, list[Result]]:
    """The numbers of the cells by their row or column. Shape: by where a number begins, those of its line."""
    lines: dict[int, list[Result]] = {}
    for result in found:
        if (number := numbers.get(result.amount.start)) is not None:
            lines.setdefault(number, []).append(result)
    return {start: lines[number] for start, number in numbers.items()}


def _others(result: Result, lines: dict[int, list[Result]]) -> tuple[Amount, ...]:
    return tuple(other.amount for other in lines[result.amount.start] if other is not result)


def _with_unit(amount: Amount, unit: str) -> Amount:
    if not unit or amount.unit or amount.scaled:
        return amount
    head = quantities.chinese(f"1 {unit}")
    if not head:
        return amount
    return replace(
        amount,
        value=amount.value * head[0].value,
        step=amount.step * head[0].value,
        unit=head[0].unit,
        scaled=head[0].scaled,
        from_head=True,
    )


def _rows(text: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    at = start
    for line in text[start:end].split("\n"):
        if not re.fullmatch(r"[\s|:-]*", line):
            bars = [at + match.start() for match in re.finditer(r"(?<!\\)\|", line)]
            yield [(a + 1, b) for a, b in pairwise(bars)]
        at += len(line) + 1


def operands(text: str, start: int, end: int) -> list[Amount]:
    """Every number of a stretch, in digits or characters: what a worked-out number may come from."""
    found = [*quantities.chinese(text, start, end), *quantities.numerals(text, start, end)]
    return [amount for amount in found if amount.value > Decimal(0)]
