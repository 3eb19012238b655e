"""The places of a paper as they are read, in order, with the text that stands in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from papernotes.base import arxiv
from papernotes.base.finding import StopError
from papernotes.data import evidence
from papernotes.data.evidence import Copy, Entry
from papernotes.refresh.reading.numerals import BREAK, clean, numerals, without_references
from papernotes.text import paper_places

_WORDS: Final = {
    "table": "表", "tab": "表", "figure": "图", "fig": "图", "algorithm": "算法", "listing": "清单", "theorem": "定理",
    "lemma": "引理", "proposition": "命题",
}  # fmt: skip
_CAPTION: Final = re.compile(
    rf"(?P<word>{'|'.join(_WORDS)})\.?\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?|[IVXL]+)\W*", re.IGNORECASE
)
_PART: Final = re.compile(r"\(*([a-z])\)*\W*")
_SECTION: Final = re.compile(
    r"(?:(?P<appendix>Appendix)|Chapter|Section)?\s*"
    r"(?:(?P<digits>\d+(?:\.\d+)*)|(?P<letter>[A-Z])(?P<below>(?:\.\d+)*)|(?P<roman>[IVXL]+)(?:-(?P<sub>[A-Z])(?P<subsub>\d*))?|-(?P<alone>[A-Z])(?P<under>\d*))\W*"
)
MAX_TEXT: Final = 300_000
"""Characters of one place that are read; a section of a paper has some 20,000."""
_NAME: Final = 40
"""Characters of a row's name that are kept: a name is told by its first words, and no sentence is kept."""


class UnreadableError(StopError):
    """The paper cannot be read. The text says what it is and what to do, in one line."""


@dataclass
class Draft:
    """A place that is being read."""

    name: str
    anchor: str | None = None
    section: str | None = None
    page: int | None = None
    """Of a PDF, from 1."""
    text: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    unseen: bool = False
    partial: bool = False
    room: int = MAX_TEXT

    def write(self, text: str) -> None:
        """Add to what stands there, as far as there is room."""
        if self.room > 0:
            self.text.append(text[: self.room])
        self.room -= len(text)

    def entry(self, *, citations: bool) -> Entry:
        """The place as it is kept: numbers, and no sentence."""
        text = without_references(clean("".join(self.text)), citations=citations)
        found = numerals(text)
        kept = tuple(found[: evidence.MAX_NUMBERS])
        return Entry(
            name=self.name,
            numbers=kept,
            rows=tuple(self.rows),
            section=self.section,
            anchor=self.anchor,
            page=self.page,
            unseen=self.unseen,
            partial=self.partial or len(kept) < len(found) or self.room < 0,
        )


@dataclass
class Outline:
    """All places of a paper that is being read."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    top: int = 0
    """The last numbered section of the first level."""
    in_appendix: bool = False

    def place(
        self, name: str, *, anchor: str | None = None, section: str | None = None, page: int | None = None
    ) -> Draft:
        """The draft of a place; one that the paper has twice is one place."""
        if name not in self.drafts:
            if len(self.drafts) == evidence.MAX_PLACES:
                raise UnreadableError(
                    f"it has more than {evidence.MAX_PLACES} places, as no paper has; give the paper itself"
                )
            fits = anchor and re.fullmatch(evidence.ANCHOR, anchor)
            self.drafts[name] = Draft(name, anchor if fits else None, section if section != name else None, page)
        return self.drafts[name]

    def section(self, tag: str, *, appendix: bool = False) -> str | None:
        """The name of a section by the number in its heading; None where marks cannot name it.

        Roman numbers are counted (II-A is §2.1); a letter is an appendix.
        """
        match = _SECTION.fullmatch(clean(tag))
        if match is None:
            return None
        self.in_appendix = self.in_appendix or appendix or bool(match["appendix"])
        roman = match["letter"] if match["letter"] and not match["below"] else match["roman"]
        if not self.in_appendix and roman and (number := of_roman(roman)) in (self.top, self.top + 1):
            self.top = number
            below = [ord(match["sub"]) - 64] if match["sub"] else []
            below += [int(match["subsub"])] if match["subsub"] else []
            return "§" + ".".join(map(str, [number, *below]))
        if match["digits"]:
            self.top = int(match["digits"].partition(".")[0]) if len(match["digits"]) < 5 else self.top
            return f"§{match['digits']}"
        letter = match["letter"] or match["alone"]
        if letter is None:
            return None
        self.in_appendix = True
        under = f".{match['under']}" if match["under"] else ""
        return f"附录 {letter}{match['below'] or under}"

    def entries(self, *, citations: bool = False) -> tuple[Entry, ...]:
        """The places in the order in which sections, tables, figures and the rest are listed."""
        order = ["摘要", "§", "附录", "表", "图", "式", "算法", "清单", "定理", "引理", "命题", "脚注"]
        kinds = {name: paper_places.parse(name) for name in self.drafts}
        ranks = {name: place.kind for name, place in kinds.items() if place}
        names = sorted(ranks, key=lambda name: order.index(ranks[name]) if ranks[name] in order else len(order))
        return tuple(self.drafts[name].entry(citations=citations) for name in names)


@dataclass(frozen=True)
class Found:
    """What was read of a paper."""

    copy: Copy
    entries: tuple[Entry, ...]
    head: str
    """The title; of a PDF the first page, in which it stands."""
    arxiv: str | None = None
    """The id that the text itself names; None: it names none."""
    version: int | None = None
    gaps: tuple[str, ...] = ()
    """What is missing between what was found, such as a Table 3 between 2 and 4."""


def named(match: re.Match[str] | None) -> tuple[str | None, int | None]:
    """The paper and the version that arXiv's frame or stamp names by `id` and `version`."""
    try:
        return (arxiv.parse_id(match["id"].lower()).id, int(match["version"])) if match else (None, None)
    except ValueError:
        return None, None


def captioned(tag: str, whole: str | None = None) -> str | None:
    """The place that a caption's number names, `Table 2:`; of a part, `(a)`, that of the whole with its letter."""
    tag = clean(tag)
    if match := _CAPTION.fullmatch(tag):
        number = match["number"].removeprefix(".")
        number = str(of_roman(number)) if re.fullmatch("[IVXL]+", number) else number
        return f"{_WORDS[match['word'].lower()]} {number}"
    part = _PART.fullmatch(tag)
    return f"{whole}{part[1]}" if whole and part and whole[-1:].isdigit() else None


def of_roman(text: str) -> int:
    """The value of a Roman number; 0 where the text is none."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}.get(letter, 0) for letter in text]
    if not all(values):
        return 0
    return sum(-one if one < other else one for one, other in zip(values, [*values[1:], 0], strict=True))


def row(cells: Sequence[str]) -> tuple[str, ...] | None:
    """A table's row as it is kept: its name, which is the cells before the first number, then its numerals.

    None where it has no number.
    """
    cells = [clean(cell) for cell in cells]
    filled = [cell for cell in cells if cell]
    names = [filled[0]] if filled else []
    for cell in filled[1:]:
        if re.match(r"[^\w(]*\(?[\d.]", cell) or cell in "-–—✓✗":
            break
        names.append(cell)
    values = [numeral for cell in filled[len(names) :] for numeral in numerals(without_references(cell))]
    name = " ".join(names)
    name = name if len(name) <= _NAME else name[:_NAME].rpartition(" ")[0] or name[:_NAME]
    return (name, *values) if values else None


def gaps(entries: Sequence[Entry]) -> Iterator[str]:
    """Numbers that are missing between those found: `表 3` where there are 表 2 and 表 4; first-level sections too."""
    for kind in ("§", "表", "图", "式"):
        found = {
            int(match[1]) for entry in entries if (match := re.fullmatch(rf"{kind} ?(\d{{1,3}})[a-z]?", entry.name))
        }
        for number in sorted(set(range(1, max(found, default=0))) - found):
            yield f"{kind}{number}" if kind == "§" else f"{kind} {number}"


def cells_of(cells: Sequence[str]) -> str:
    """The text of a row, no numeral of which goes over a cell's edge."""
    return BREAK + BREAK.join(cells)
