"""The places and the result numbers of a page, looked for in what was read in the paper itself.

A number is looked for in the places that its mark names. Nothing is said where the evidence cannot tell: no evidence, another
version, a place that was not read, a drawing, notes that show a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from papernotes.data.evidence import Entry, Evidence
from papernotes.data.site import Site
from papernotes.evidence import derived, results
from papernotes.evidence.results import Result
from papernotes.text import paper_places as places
from papernotes.text import quantities
from papernotes.text.document import Document
from papernotes.text.masking import readable
from papernotes.text.paper_places import Place
from papernotes.text.quantities import Amount
from papernotes.text.source_mark import DERIVED, UNSEEN, Group, Link, Passage, passages

Outcome = Literal[
    "found", "derived", "missing", "underived", "part", "unread", "version", "outside", "unplaced", "none"
]
"""found: in a place named. derived: worked out again. missing: in none of those that were read whole. Not compared: underived (自算, its parts do
not stand beside it), part (the text shows a part of the place), unread (none was read for its numbers; drawings are not), version
(the evidence is of another one), outside (a source outside arXiv), unplaced (未核对位置), none (no evidence)."""


@dataclass(frozen=True)
class Compared:
    """A result number and what came of looking for it."""

    amount: Amount
    """Its offsets are those of the body."""
    outcome: Outcome
    passage: Passage
    checkable: bool
    """Whether the number would be a finding if it were not there: a place was read whole, and nothing but places is named."""


def compare(document: Document, site: Site, *, at: int | None = None) -> list[Compared]:
    """Look for every result number of a page under a mark, in order. `at`: only of passages that hold this offset."""
    if at is not None or site.documents.get(document.uri) is not document:
        return list(_compared(document, site, at))
    return site.once(f"compared {document.uri}", lambda: list(_compared(document, site, None)))


def _compared(document: Document, site: Site, at: int | None) -> Iterator[Compared]:
    text = readable(document)
    for passage in passages(document):
        if at is not None and not passage.start <= at < passage.end:
            continue
        places_named = named(passage.groups, document, site)
        checkable = _why_not(None, passage, places_named, text) == "missing"
        for result in _results(text, passage):
            outcome = (
                "found" if _is_seen(result, places_named) else _why_not(result.amount, passage, places_named, text)
            )
            yield Compared(result.amount, outcome, passage, checkable)


def _results(text: str, passage: Passage) -> list[Result]:
    if not passage.table:
        return results.of_prose(text, passage.start, passage.end)
    found = _of_table(text, *passage.table)
    return [result for result in found if passage.start <= result.amount.start < passage.end]


_of_table = lru_cache(maxsize=4)(results.of_table)
"""Each cell with a mark of its own is a passage of the same table."""


@dataclass(frozen=True)
class Named:
    """A place that a mark names, with the evidence of its paper where it is of that version."""

    place: Place
    evidence: Evidence | None
    other_version: bool


def named(groups: tuple[Group, ...], document: Document, site: Site) -> list[Named]:
    """The places that a mark names, each with the evidence of its paper."""
    own = site.by_uri.get(document.uri)
    found = []
    for group in groups:
        id_ = group.paper.id if group.paper else own.arxiv if own else ""
        evidence = site.evidence.get(id_)
        page = site.papers.get(id_)
        version = (group.paper.version if group.paper else None) or (page.version if page else None)
        other = bool(evidence and evidence.version and version and evidence.version != version)
        for item in group.items:
            place = places.parse(item) if isinstance(item, str) else None
            if place:
                found.append(Named(place, None if other else evidence, other))
    return found


def _is_seen(result: Result, named: list[Named]) -> bool:
    """Whether the number stands in a place that the mark names; in a table whose rows are known, in a row that is the cell's.

    The rows of a place are those that the cell's names fit best; else those that hold what stands beside it. Where a place has
    neither, any of its numbers will do, unless another place has: then one of a row that holds something of what stands beside it.
    """
    entries = [(each.place, entry) for each in named if each.evidence for entry in each.evidence.at(each.place)]
    rows = [_rows_by_name(entry, result.names) or _rows_beside(entry, result.beside) for _, entry in entries]
    for (place, entry), own in zip(entries, rows, strict=True):
        chosen = own
        if not own and any(rows) and result.beside:
            chosen = [row for row in entry.row_amounts if any(_held(row, others) for others in result.beside)]
        amounts = [amount for _, amounts in chosen for amount in amounts] or entry.amounts
        if quantities.any_shows(result.amount, amounts, columns=place.kind in {"表", "图"}, axes=place.kind == "图"):
            return True
    return False


_Row = tuple[str, tuple[Amount, ...]]


def _rows_by_name(entry: Entry, names: frozenset[str]) -> list[_Row]:
    """The rows that the names of a cell fit best: in two words at least, or with all of the row's own."""
    fits = [len(names & results.words(name)) for name, _ in entry.row_amounts] if names else []
    best = max(fits, default=0)
    rows = [row for fit, row in zip(fits, entry.row_amounts, strict=True) if fit == best] if best else []
    return rows if best > 1 or any(results.words(name) <= names for name, _ in rows) else []


ENOUGH: Final = 3
"""So many numbers beside a cell tell its row."""


def _rows_beside(entry: Entry, beside: tuple[tuple[Amount, ...], ...]) -> list[_Row]:
    """The rows that hold most of the numbers of a cell's row or column and enough of them, or all and no more than the cell."""
    found = []
    for row, cells in zip(entry.row_amounts, entry.rows, strict=True):
        for others in beside:
            held = _held(row, others)
            is_all = held == len(others) == len(cells) - 2 and all(beside)
            if (held >= ENOUGH and held * 3 >= len(others) * 2) or (held and is_all):
                found.append(row)
    return found


def _held(row: _Row, others: tuple[Amount, ...]) -> int:
    """How many of the numbers beside a cell a row holds: none of a line far longer than the row, which is not the row's."""
    if len(others) > 2 * len(row[1]):
        return 0
    return sum(quantities.any_shows(other, row[1], columns=True) for other in others)


def _why_not(amount: Amount | None, passage: Passage, named: list[Named], text: str) -> Outcome:
    """What to make of a number that stands in none of the places; of any number, where none is given."""
    items = [item for group in passage.groups for item in group.items]
    if amount and DERIVED in items:
        entries = [entry for each in named if each.evidence for entry in each.evidence.at(each.place)]
        printed = [found for entry in entries for found in entry.amounts]
        if derived.recompute(amount, text, (passage.block, passage.start, passage.end), printed):
            return "derived"
    if any(isinstance(item, Link) for item in items):
        return "outside"
    if UNSEEN in items:
        return "unplaced"
    if DERIVED in items:
        return "underived"
    for each in named:
        if each.evidence is None:
            return "version" if each.other_version else "none"
    missing = [unread(each) for each in named]
    return "none" if not missing else "missing" if None in missing else missing[-1] or "unread"


def unread(named: Named) -> Outcome | None:
    """Why a place cannot tell which numbers it lacks: it was not read, or a part of it only. None where it was read whole."""
    holding = named.evidence.at(named.place) if named.evidence else []
    reason: Outcome | None = None
    for member in named.place.members or ("",):
        wanted = {member, places.whole(member)}
        holders = [entry for entry in holding if wanted & set(entry.place.members or ("",))]
        if not any(entry.is_complete for entry in holders):
            reason = "part" if any(entry.partial for entry in holders) else "unread"
    return reason
