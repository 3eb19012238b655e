"""The second book: which places a paper has and which numbers stand in them, written from the paper's own text.

One JSON file a paper, one line a place. Nothing in it is made from our pages, so that a slip in one book shows in the other.
Numbers and places only; no sentence of a paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, get_args

from papernotes.base import arxiv, data_file
from papernotes.base.fields import day_problem, is_int
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.bounds import MAX_VERSION
from papernotes.text import paper_places as places
from papernotes.text import quantities
from papernotes.text.document import relative
from papernotes.text.paper_places import Place
from papernotes.text.quantities import Amount

SCHEMA: Final = 1
FOLDER: Final = "_data/evidence"
"""The files, from the docs folder: `<id>.json`."""
MAX_BYTES: Final = 1_000_000
"""A larger file is refused unread."""
MAX_PLACES: Final = 5_000
MAX_PAGES: Final = 9_999
MAX_NUMBERS: Final = 5_000
"""At one place."""

ANCHOR: Final = "^[A-Za-z][A-Za-z0-9._:-]{0,79}$"
"""An id in arXiv's HTML."""

Copy = Literal["arxiv-html", "pdf", "latex", "bilingual", "abstract", "notes"]
COPIES: Final[dict[Copy, str]] = {
    "arxiv-html": "arXiv 的 HTML 版",
    "pdf": "PDF 的文本",
    "latex": "LaTeX 源文件的文本",
    "bilingual": "带原文的译本",
    "abstract": "摘要",
    "notes": "他人的逐节笔记",
}
"""What was read, as readers see it."""
By = Literal["program", "reader"]
OUTLINED: Final = frozenset({"§", "附录", "表", "图", "式"})
"""Kinds of places that a reader lists whole; footnotes and algorithms only where a page cites them."""
ANY: Final = OUTLINED | {"算法", "脚注", "定理", "引理", "命题", "清单"}
"""Kinds that arXiv's HTML marks as such."""

RULES = (
    Rule(
        "evidence",
        "论文依据合乎格式",
        "页面上的数字和位置要与从论文里另读的一份对照；依据坏了，对照就落空。",
        '{"place": "表 1", "numbers": ["很多"]}',
        '{"place": "表 1", "numbers": ["86.4%"]}',
    ),
)  # fmt: skip


def file_name(id_: str) -> str:
    """The name of a paper's file in the folder; an old id has a slash."""
    return f"{id_.replace('/', '-')}.json"


@dataclass(frozen=True)
class Entry:
    """A place, or a range of places that was read as one, and what stands there."""

    name: str
    """As a mark writes it: `§4.2`, `表 6–7`."""
    numbers: tuple[str, ...] | None = None
    """Numerals as printed; None: not read for its numbers."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table: the name of each row, then its numerals; empty where the text did not give rows."""
    section: str | None = None
    """Where a table, figure or equation stands: `§5.2`."""
    anchor: str | None = None
    """Its id in arXiv's HTML of this version: `S4.SS2`."""
    inferred: bool = False
    """The id was not seen: that HTML exists, and its ids follow from the numbers of its sections."""
    page: int | None = None
    """The page of the PDF of this version on which it begins, as seen there; from 1."""
    unseen: bool = False
    """The text does not show what stands there: a drawing, a table that is a picture. `numbers` are its caption's."""
    partial: bool = False
    """The text shows a part only; a number that is missing proves nothing."""

    @cached_property
    def place(self) -> Place:
        """The place, parsed."""
        parsed = places.parse(self.name)
        assert parsed is not None, "the reader lets no other name in"
        return parsed

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The numbers, read."""
        return tuple(amount for numeral in self.numbers or () for amount in quantities.printed(numeral))

    @cached_property
    def row_amounts(self) -> tuple[tuple[str, tuple[Amount, ...]], ...]:
        """The rows, by name, with their numbers read, those of the name among them."""
        return tuple(
            (row[0], tuple(amount for text in row for amount in quantities.printed(text))) for row in self.rows
        )

    @property
    def is_complete(self) -> bool:
        """Whether a number that is not here does not stand there."""
        return self.numbers is not None and not self.unseen and not self.partial


@dataclass(frozen=True)
class Evidence:
    """What was read of one version of a paper."""

    arxiv: str
    version: int | None
    """None: the text does not name it."""
    by: By
    copy: Copy
    day: date
    whole: bool
    """Whether the list of sections, tables, figures and equations is complete."""
    entries: tuple[Entry, ...]

    def at(self, place: Place) -> tuple[Entry, ...]:
        """The entries that hold a place in part or whole; ranges only for what was not read by itself."""
        if place not in self._held:  # a page names few places, each for many numbers
            self._held[place] = self._holding(place)
        return self._held[place]

    @cached_property
    def _held(self) -> dict[Place, tuple[Entry, ...]]:
        return {}

    def _holding(self, place: Place) -> tuple[Entry, ...]:
        found = [entry for entry in self.entries if place.has(entry.place)]
        single = {entry.place.members for entry in found if len(entry.place.members) == 1 and entry.numbers is not None}
        return tuple(
            entry
            for entry in found
            if len(entry.place.members) < 2
            or any((member,) not in single for member in entry.place.members if member in place.members)
        )

    def knows(self, place: Place) -> bool:
        """Whether every part of a place is there."""
        if place.kind in places.ALWAYS:
            return True
        if not place.members:
            return any(entry.place.kind == place.kind for entry in self.entries)
        have = self._members.get(place.kind, frozenset())
        return all(member in have or places.whole(member) in have for member in place.members)

    def is_listed(self, place: Place) -> bool:
        """Whether the evidence would have the place if the paper had it."""
        by_html, by_pdf = ANY, OUTLINED - {"式"}  # a PDF does not mark equations, notes and theorems as such
        by_program = by_html if self.copy == "arxiv-html" else by_pdf
        kinds = by_program if self.by == "program" else OUTLINED
        return self.whole and self.version is not None and place.kind in kinds

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            found.setdefault(entry.place.kind, set()).update(entry.place.members)
        return {kind: frozenset(members) for kind, members in found.items()}


def load(
    docs_dir: Path, root: Path, ledger: Container[str], *, today: date
) -> tuple[dict[str, Evidence], list[Finding]]:
    """Read every file of evidence of a docs folder; it may have none.

    Shape: by arXiv id, the files that hold no fault; all findings. Raises: OSError where the file system fails.
    """
    found: dict[str, Evidence] = {}
    findings: list[Finding] = []
    for file in sorted((docs_dir / FOLDER).glob("*.json")):
        path = relative(file, root)
        text, problems = data_file.read(file, path, MAX_BYTES, "evidence")
        evidence = None
        if text is not None:
            evidence, problems = parse(text, path, today=today)
        findings += problems
        if evidence and evidence.arxiv not in ledger:
            what = f"the ledger has no paper {quote(evidence.arxiv)}"
            findings.append(Finding(path, 1, 1, "evidence", what, "add its record with its page, or remove the file"))
        elif evidence:
            found[evidence.arxiv] = evidence
    return found, findings


def parse(text: str, path: str, *, today: date) -> tuple[Evidence | None, list[Finding]]:
    """Read the text of one file; see `load`. The file's name must be the paper's id."""

    def whole(
        what: str, fix: str = "restore it from git", line: int = 1, column: int = 1
    ) -> tuple[None, list[Finding]]:
        return None, [Finding(path, line, column, "evidence", what, fix)]

    try:
        data = data_file.parse_json(text)
    except data_file.SlipError as slip:
        return whole(str(slip), line=slip.line, column=slip.column)
    if not isinstance(data, dict):
        return whole("is not an object")
    if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
        return whole(f"schema {quote(str(data.get('schema')))}, this program reads schema {SCHEMA}")
    problems = [(1, *problem) for problem in _head_problems(data, path, today)]
    listed = data.get("places")
    if not problems and isinstance(listed, list):
        lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r'\s*\{\s*"place"', line)]
        seen: set[str] = set()
        for index, item in enumerate(listed):
            line = lines[index] if len(lines) == len(listed) else 1
            problems += [(line, *problem) for problem in _place_problems(item, seen)]
    if problems:
        return None, [Finding(path, line, 1, "evidence", what, fix) for line, what, fix in problems]
    return _evidence(data), []


def serialise(evidence: Evidence) -> str:
    """The text of a file: one line a place, so that equal evidence is equal bytes."""
    head = {
        "schema": SCHEMA,
        "arxiv": evidence.arxiv,
        "version": evidence.version,
        "read": {"by": evidence.by, "copy": evidence.copy, "day": evidence.day.isoformat()},
        "whole": evidence.whole,
    }
    lines = ",\n".join(json.dumps(_plain(entry), ensure_ascii=False) for entry in evidence.entries)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "places": [\n{lines}\n]}}\n'


def _plain(entry: Entry) -> dict[str, Any]:
    values = {
        "place": entry.name,
        "in": entry.section,
        "anchor": entry.anchor,
        "inferred": entry.inferred or None,
        "page": entry.page,
        "numbers": None if entry.numbers is None else list(entry.numbers),
        "rows": [list(row) for row in entry.rows] or None,
        "unseen": entry.unseen or None,
        "partial": entry.partial or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _evidence(data: dict[str, Any]) -> Evidence:
    return Evidence(
        arxiv=data["arxiv"],
        version=data["version"],
        by=data["read"]["by"],
        copy=data["read"]["copy"],
        day=date.fromisoformat(data["read"]["day"]),
        whole=data["whole"],
        entries=tuple(
            Entry(
                name=item["place"],
                numbers=tuple(item["numbers"]) if "numbers" in item else None,
                rows=tuple(tuple(row) for row in item.get("rows", ())),
                section=item.get("in"),
                anchor=item.get("anchor"),
                inferred=item.get("inferred", False),
                page=item.get("page"),
                unseen=item.get("unseen", False),
                partial=item.get("partial", False),
            )
            for item in data["places"]
        ),
    )


_KEYS: Final = {"schema", "arxiv", "version", "read", "whole", "places"}
_PLACE_KEYS: Final = {"place", "in", "anchor", "inferred", "page", "numbers", "rows", "unseen", "partial"}
_Problem = tuple[str, str]


def _head_problems(data: dict[str, Any], path: str, today: date) -> Iterator[_Problem]:
    for key in sorted(_KEYS - set(data)):
        yield f"the key {key!r} is missing", "add it"
    for key in sorted(set(data) - _KEYS):
        yield f"the key {quote(key)} is unknown", "remove it"
    if set(data) != _KEYS:
        return
    name = path.rpartition("/")[2]
    try:
        id_ = arxiv.parse_id(data["arxiv"], today=today) if isinstance(data["arxiv"], str) else None
    except ValueError:
        id_ = None
    if id_ is None or str(id_) != data["arxiv"] or file_name(data["arxiv"]) != name:
        yield (
            f"'arxiv' is {quote(str(data['arxiv']))}, the file is named {quote(name.removesuffix('.json'))}",
            "write the paper's plain id in both",
        )
    version = data["version"]
    if version is not None and not (is_int(version, 1) and version <= MAX_VERSION):
        yield f"'version' is {quote(str(version))}", "write a number from 1, or null where the text names none"
    read = data["read"]
    if not isinstance(read, dict) or set(read) != {"by", "copy", "day"}:
        yield "'read' is not {by, copy, day}", 'write {"by": "reader", "copy": "pdf", "day": "2026-11-28"}'
    else:
        if read["by"] not in get_args(By):
            yield f"'by' is {quote(str(read['by']))}", "write 'program' or 'reader'"
        if not isinstance(read["copy"], str) or read["copy"] not in COPIES:
            yield f"'copy' is {quote(str(read['copy']))}", f"write one of {', '.join(COPIES)}"
        if day_problem(read["day"], today):
            yield f"'day' is {quote(str(read['day']))}", "write the day on which the text was read, YYYY-MM-DD"
    if not isinstance(data["whole"], bool):
        yield f"'whole' is {quote(str(data['whole']))}", "write true or false"
    if not isinstance(data["places"], list):
        yield "'places' is not a list", "write a list"
    elif len(data["places"]) > MAX_PLACES:
        yield f"there are {len(data['places'])} places, more than {MAX_PLACES}", "read the paper anew"


def _place_problems(item: Any, seen: set[str]) -> Iterator[_Problem]:
    if not isinstance(item, dict) or not isinstance(item.get("place"), str):
        yield f"{quote(str(item))} is not a place", 'write {"place": "§4.2", …}'
        return
    name = item["place"]
    for key in sorted(set(item) - _PLACE_KEYS):
        yield f"{name} has the unknown key {quote(key)}", f"use only {', '.join(sorted(_PLACE_KEYS))}"
    if len(name) > quantities.MAX_LENGTH or places.parse(name) is None:
        yield f"{quote(name)} is not a place", "write it as a mark does: 摘要, §4.2, 附录 B, 表 1, 图 3"
    if name in seen:
        yield f"{name} is repeated", "keep one line"
    seen.add(name)
    section = item.get("in")
    if section is not None and (not isinstance(section, str) or places.parse(section) is None):
        yield f"{name} is in {quote(str(section))}, which is not a place", "name the section, or leave 'in' out"
    anchor = item.get("anchor")
    if anchor is not None and (not isinstance(anchor, str) or not re.fullmatch(ANCHOR, anchor)):
        yield f"{name} has the anchor {quote(str(anchor))}", "copy the id from the paper's HTML"
    page = item.get("page")
    if page is not None and not (is_int(page, 1) and page <= MAX_PAGES):
        yield f"{name} is on page {quote(str(page))}", "write the number of the PDF's page, from 1"
    for key in ("inferred", "unseen", "partial"):
        if not isinstance(item.get(key, False), bool):
            yield f"{key!r} of {name} is {quote(str(item[key]))}", "write true, or leave it out"
    yield from _number_problems(name, item.get("numbers", []))
    rows = item.get("rows", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) and row and isinstance(row[0], str) for row in rows):
        yield f"the rows of {name} are not lists that begin with a name", 'write [["LoRA", "73.4"], …]'
    else:
        for row in rows:
            yield from _number_problems(name, row[1:])


def _number_problems(name: str, numbers: Any) -> Iterator[_Problem]:
    if not isinstance(numbers, list):
        yield f"the numbers of {name} are not a list", "write a list, [] where there is none"
        return
    if len(numbers) > MAX_NUMBERS:
        yield f"{name} has {len(numbers)} numbers, more than {MAX_NUMBERS}", "split the place"
        return
    for number in numbers:
        if not isinstance(number, str) or len(number) > quantities.MAX_LENGTH or not quantities.is_printed(number):
            yield f"{quote(str(number))} of {name} is not a number", "write it as printed, with its unit: 175B, 86.4%"
