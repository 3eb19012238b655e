"""Formulas in a line of their own, for pages of paper: what is too wide for a narrow page is set in several lines.

A browser scrolls sideways; an e-book's page cuts off. No reader breaks MathML by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from papernotes.base.han import HAN

WIDTH: Final = 20.0
"""What a narrow page takes: a phone of 390 CSS pixels, or one of two columns. Units: em of the text."""
_SMALLEST: Final = 0.6
"""The least scale of what cannot be broken."""
_SAFETY: Final = 1.15
"""On what the characters say; of the site's formulas in 2026 as Chromium sets them, four in five are no wider than that."""
_INDENT: Final = 1.5
"""Of a line that goes on. Units: em."""
_QUAD: Final = 2.0
"""A space of this many em parts two formulas."""
_RELATIONS: Final = frozenset("=≈≃≅≡≠≤≥≪≫<>∼≻≺∝←→⟶⟵⟹⟺⇒↔∈:")
_OPERATORS: Final = frozenset("+−-±×⋅·*")
_SIGNS: Final = _RELATIONS | _OPERATORS
_WAYS: Final = ((0, _RELATIONS), (0, _SIGNS), (1, _SIGNS), (2, _SIGNS))
"""In how many brackets at most a formula is broken, before which signs; the next way where lines are too wide by this one."""
_OPENING, _CLOSING = frozenset("([{⟨⌈⌊"), frozenset(")]}⟩⌉⌋")
_STACKED: Final = frozenset({"mfrac", "munder", "mover", "munderover"})
_SCRIPTED: Final = frozenset({"msub", "msup", "msubsup"})
_LENGTH: Final = re.compile(r"([0-9.]+)em")
_WIDE: Final = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef]")


def fit(formula: Element) -> None:
    """Break a formula in its own line where it is wider than a narrow page; what cannot be broken is made smaller."""
    rows = list(_rows(formula))
    if len(rows) == 1 and width(rows[0]) <= WIDTH:
        return
    lines: list[list[Element]] = []
    for row in rows:
        lines += _lines(row)
    if len(lines) > len(rows):
        formula[:] = [_table(lines)]
    widest = max(map(_whole_width, lines))
    if widest > WIDTH:
        formula.set("style", f"font-size: {max(_SMALLEST, WIDTH / widest):.0%}")


def width(elements: Iterable[Element]) -> float:
    """About how wide a sequence is set, by the characters in it. Units: em of the text."""
    return _SAFETY * sum(map(_width, elements))


def _width(element: Element) -> float:
    tag = element.tag
    if tag == "mspace":
        length = _LENGTH.fullmatch(element.get("width", ""))
        return float(length[1]) if length else 0.0
    if tag in {"mi", "mn", "mtext"}:
        return sum(1.0 if _WIDE.match(each) else 0.55 for each in element.text or "")
    if tag == "mo":
        text = element.text or ""
        return 1.35 if _goes_on([element]) else 0.42 * len(text)
    inside = [_width(child) for child in element]
    if tag in _STACKED:
        return max(inside, default=0.0)
    if tag in _SCRIPTED:
        return inside[0] + 0.7 * max(inside[1:])
    if tag == "mtable":
        rows = [[_width(cell) for cell in row] for row in element]
        columns = max(map(len, rows), default=0)
        return sum(max(row[at] for row in rows if at < len(row)) for at in range(columns)) + max(columns - 1, 0)
    return sum(inside)


def _rows(formula: Element) -> Iterator[list[Element]]:
    """The lines that a formula has already, each as a flat sequence."""
    inside = _flat(formula)
    if len(inside) == 1 and inside[0].tag == "mtable":
        for row in inside[0]:
            found: list[Element] = []
            for at, cell in enumerate(row):
                if at and at % 2 == 0:  # every other column begins another formula
                    found.append(Element("mspace", {"width": f"{_QUAD}em"}))
                found += _flat(cell)
            yield found
    else:
        yield inside


def _flat(element: Element) -> list[Element]:
    """What stands in an element, rows without a class of their own opened."""
    found: list[Element] = []
    for child in element:
        found += _flat(child) if child.tag in {"mrow", "mstyle"} and "class" not in child.attrib else [child]
    return found


def _lines(row: list[Element]) -> list[list[Element]]:
    """Part a sequence between its statements, one too wide before its signs, inside brackets behind commas too; fill lines."""
    if width(row) <= WIDTH:
        return [row]
    filled: list[list[Element]] = []
    for statement in _statements(row):
        if filled and width(filled[-1] + statement) <= WIDTH:
            filled[-1] += statement
        else:
            filled.append(statement[1:] if filled and statement[0].tag == "mspace" else statement)
    if len(filled) > 1:
        return [line for each in filled for line in _lines(each)]
    lines = [row]
    for deepest, signs in _WAYS:
        lines = [[]]
        for piece, is_new in _pieces(row, deepest, signs):
            if lines[-1] and (is_new or _whole_width(lines[-1] + piece) > WIDTH):
                lines.append([])
            lines[-1] += piece
        if max(map(_whole_width, lines)) <= WIDTH:
            break
    return lines


def _statements(row: list[Element]) -> Iterator[list[Element]]:
    """The parts between commas outside brackets that say something each: every part holds a relation."""
    parts: list[list[Element]] = [[]]
    depth = 0
    for element in row:
        text = _sign(element)
        depth += (text in _OPENING) - (text in _CLOSING)
        parts[-1].append(element)
        if text == "," and depth == 0:
            parts.append([])
    if not parts[-1]:
        parts.pop()
    if all(any(_sign(element) in _RELATIONS for element in part) for part in parts):
        yield from parts
    else:
        yield row


def _sign(element: Element) -> str:
    """The sign that an element is; the square of a bracket is written on its last one."""
    if element.tag not in _SCRIPTED | {"mo"}:
        return ""
    return "".join((element[0] if len(element) else element).itertext())


def _pieces(row: list[Element], deepest: int, signs: AbstractSet[str]) -> Iterator[tuple[list[Element], bool]]:
    """The pieces between places where a line may end, and whether a piece is a formula of its own."""
    piece: list[Element] = []
    depth, is_new = 0, False
    for element in row:
        text = _sign(element)
        if element.tag == "mspace" and _width(element) >= _QUAD and depth == 0:
            yield piece, is_new
            piece, is_new = [], True
            continue
        if text in signs and _goes_on([element]) and depth <= deepest and piece:
            yield piece, is_new
            piece, is_new = [], False
        depth += (text in _OPENING) - (text in _CLOSING)
        piece.append(element)
        if text == "," and 0 < depth <= deepest:
            yield piece, is_new
            piece, is_new = [], False
    if piece:
        yield piece, is_new


def _goes_on(line: list[Element]) -> bool:
    """Whether a line begins with an operator between two sides."""
    first = line[0]
    text = (first.text or "") if first.tag == "mo" else ""
    return text in _SIGNS and not (text in _OPERATORS and first.get("form") == "prefix")


def _whole_width(line: list[Element]) -> float:
    """Of a line as it will be set."""
    return (_INDENT if _goes_on(line) else 0.0) + width(line)


def _table(lines: list[list[Element]]) -> Element:
    table = Element("mtable", {"class": "tml-jot", "displaystyle": "true", "columnalign": "left"})
    for line in lines:
        cell = SubElement(SubElement(table, "mtr"), "mtd", {"class": "tml-left"})
        if _goes_on(line):
            SubElement(cell, "mspace", {"width": f"{_INDENT}em"})
        cell.extend(line)
    return table
