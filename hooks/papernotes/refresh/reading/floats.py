"""The captions of a PDF and what they belong to: tables between rules or in cells, figures with their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from papernotes.refresh.reading.glyphs import Line, Rule
from papernotes.refresh.reading.layout import Layout, joined
from papernotes.refresh.reading.numerals import BREAK
from papernotes.refresh.reading.outline import Draft, Outline, captioned, cells_of, row

_CAPTION: Final = re.compile(
    r"(?P<tag>(?P<word>Table|Tab\.|Figure|Fig\.|Algorithm|Listing)\s?(?P<number>[A-Z]?\.?\d+(?:\.\d+)*|[IVXL]+))(?P<end>\s?[:.|—]|\s|$)(?P<rest>.*)",
    re.IGNORECASE,
)
_MOST_LINES: Final = 60
"""Of a caption."""
_PART: Final = re.compile(r"\(([a-z])\)\s")


@dataclass(frozen=True)
class Caption:
    """A caption."""

    name: str
    """Of the place."""
    lines: tuple[int, ...]
    """By index."""
    text: str


class Floats:
    """Finds the captions of a layout and reads what they belong to; claims the lines of both."""

    def __init__(self, layout: Layout, outline: Outline) -> None:
        self.layout, self.outline = layout, outline
        self.lines, self.pages, self.at_page, self.claimed = layout.lines, layout.pages, layout.at_page, layout.claimed
        self.where: dict[int, Caption] = {}
        """Captions by the index of each of their lines."""

    def read(self) -> dict[int, Caption]:
        """Read all; the captions by the index of each of their lines."""
        captions = list(self._captions())
        self.where = {index: each for each in captions for index in each.lines}
        drafts = {each.name: self.outline.place(each.name, page=self._page(each.lines[0])) for each in captions}
        for each in captions:
            self._float(each, drafts[each.name])
        return self.where

    def _captions(self) -> Iterable[Caption]:
        """The captions, each number once: with a colon before any other."""
        best: dict[str, tuple[int, int]] = {}
        for index, line in enumerate(self.lines):
            match = _CAPTION.match(line.words)
            if match is None or index in self.claimed:
                continue
            name = captioned(match["tag"])
            alone = not match["rest"]
            apart = line.bold or abs(line.size - self.layout.body) > 0.3 or not self._continues(index)
            if name and (
                match["end"].strip() in (":", "|") or (apart and (match["end"].strip() or alone or line.bold))
            ):
                rank = 0 if match["end"].strip() == ":" else 1
                if name not in best or rank < best[name][0]:
                    best[name] = (rank, index)
        starts = {index for _, index in best.values()}
        for name, (_, index) in best.items():
            indices = [index]
            while (
                (nearest := indices[-1] + 1) < len(self.lines)
                and nearest not in starts
                and self._goes_on(indices, nearest)
            ):
                indices.append(nearest)
            self.claimed.update(indices)
            first = _CAPTION.match(self.lines[index].words)
            assert first is not None, "it was matched above"
            yield Caption(
                name, tuple(indices), joined([first["rest"], *(self.lines[each].words for each in indices[1:])])
            )

    def _page(self, index: int) -> int:
        return self.lines[index].page + 1

    def _continues(self, index: int) -> bool:
        """Whether a line goes on with the paragraph of the line before it."""
        return index > 0 and self.layout.goes_on(self.lines[index - 1], self.lines[index])

    def _goes_on(self, indices: Sequence[int], nearest: int) -> bool:
        """Whether a line belongs to the caption that has come so far."""
        first, last, line = self.lines[indices[0]], self.lines[indices[-1]], self.lines[nearest]
        ruled = any(
            line.base < rule.base < last.base and rule.left < last.right and rule.right > last.left
            for rule in self.pages[line.page].rules
        )
        full = max(self.lines[index].right for index in indices)
        ended = len(indices) > 1 and last.right < full - 2 * last.size
        apart = ruled or ended or len(line.cells) > 2 or (line.bold and not first.bold) or len(indices) > _MOST_LINES
        return self.layout.goes_on(last, line) and not apart

    def _float(self, each: Caption, draft: Draft) -> None:
        draft.write(each.text)
        if draft.name[0] == "表":
            inside = self._table(each)
            draft.unseen = not inside
            for cells in self._table_rows(inside):
                draft.write(cells_of(cells))
                if kept := row(cells):
                    draft.rows.append(kept)
            self.claimed.update(inside)
        elif draft.name[0] == "图":
            draft.unseen = True
        else:
            inside = self._between_rules(each)
            draft.partial = not inside
            draft.write(BREAK + joined(self.lines[index].words for index in inside))
            self.claimed.update(inside)
        self._parts(each, draft)

    def _parts(self, each: Caption, draft: Draft) -> None:
        """The captions `(a) …`, `(b) …` of parts, in a row or one under the other; each belongs to the caption nearest to it."""
        if not draft.name[-1].isdigit():
            return
        page = self.at_page[self.lines[each.lines[0]].page]
        captions = [index for index in page if index in self.where]
        found: dict[str, tuple[int, str]] = {}
        for index in page:
            base = self.lines[index].base
            nearest = min(captions, key=lambda caption: abs(self.lines[caption].base - base))
            for cell in self.lines[index].cells if self.where[nearest] is each and index not in self.where else ():
                if (match := _PART.match(cell + " ")) and self.lines[index].size <= self.layout.body:
                    found.setdefault(match[1], (index, cell[3:]))
        letters = sorted(found)
        if len(letters) > 1 and letters == [chr(97 + number) for number in range(len(letters))]:
            for letter in letters:
                index, text = found[letter]
                part = self.outline.place(f"{draft.name}{letter}", page=self._page(index))
                part.unseen, part.partial = draft.name[0] == "图", draft.name[0] != "图"
                part.write(text)
                draft.write(BREAK + text)
                self.claimed.add(index)

    def _table(self, each: Caption) -> list[int]:
        """The lines of the table of a caption: between rules above or below it; else the lines with cells beside it."""
        top, bottom = self.lines[each.lines[0]], self.lines[each.lines[-1]]
        page = self.pages[top.page]
        reach = 3.5 * top.size
        below = [rule for rule in page.rules if 0 < bottom.base - rule.base < reach and _overlap(rule, bottom)]
        above = [rule for rule in reversed(page.rules) if 0 < rule.base - top.base < reach and _overlap(rule, top)]
        sides = [(bottom.base - below[0].base, below[0], -1)] if below else []
        sides += [(above[0].base - top.base, above[0], 1)] if above else []
        for _, rule, direction in sorted(sides, key=lambda side: side[0]):
            if inside := self._within(rule, direction, top.page):
                return inside
        return self._beside(each)

    def _within(self, start: Rule, direction: int, page: int) -> list[int]:
        """The lines from a rule on, up (1) or down (-1), to the last rule that the same table has."""
        rules = [rule for rule in self.pages[page].rules if direction * (rule.base - start.base) > 2]
        rules.sort(key=lambda rule: direction * rule.base)
        inside: list[int] = []
        edge = start.base
        left, right = start.left - 4, start.right + 4
        for rule in rules:
            if rule.right < left or rule.left > right or rule.right - rule.left > 1.3 * (right - left):
                continue
            low, high = sorted((edge, rule.base))
            between = [
                index for index in self.at_page[page]
                if low - 1 < self.lines[index].base < high and self.lines[index].right > left and self.lines[index].left < right
            ]  # fmt: skip
            if any(index in self.where for index in between) or not all(
                left - 6 < self.lines[index].left and self.lines[index].right < right + 6 for index in between
            ):
                break
            if not between and high - low > 1.5 * self.layout.body:
                break  # an empty stretch: what comes is another table, or a drawing
            if inside and len(between) > 3 and not any(len(self.lines[index].cells) > 1 for index in between):
                break
            inside += [index for index in between if index not in inside and index not in self.claimed]
            edge = rule.base
        return inside

    def _beside(self, each: Caption) -> list[int]:
        """Lines of two cells or more that follow a caption, or come before it, without a gap."""
        for step, start in ((1, each.lines[-1]), (-1, each.lines[0])):
            found, last, index = [], self.lines[start], start + step
            while 0 <= index < len(self.lines) and index not in self.where:
                line = self.lines[index]
                if line.page != last.page or abs(last.base - line.base) > 2.6 * line.size or len(line.cells) < 2:
                    break
                found.append(index)
                last, index = line, index + step
            if len(found) > 1:
                return found
        return []

    def _between_rules(self, each: Caption) -> list[int]:
        """The lines of an algorithm whose caption stands between two rules, down to the third."""
        line = self.lines[each.lines[-1]]
        below = [
            rule
            for rule in self.pages[line.page].rules
            if 0 < line.base - rule.base < 1.5 * line.size and _overlap(rule, line)
        ]
        return self._within(below[0], -1, line.page) if below else []

    def _table_rows(self, indices: Sequence[int]) -> Iterable[list[str]]:
        rows: list[list[Line]] = []
        for line in sorted((self.lines[index] for index in indices), key=lambda line: -line.base):
            if rows and abs(rows[-1][0].base - line.base) < 0.35 * line.size:
                rows[-1].append(line)
            else:
                rows.append([line])
        for lines in rows:
            yield [cell for line in sorted(lines, key=lambda line: line.left) for cell in line.cells]


def _overlap(rule: Rule, line: Line) -> bool:
    return rule.right - rule.left > 30 and rule.left < line.right and line.left < rule.right
