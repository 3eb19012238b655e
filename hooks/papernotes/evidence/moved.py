"""What another version of a paper does to a page: marks and numbers that moved, vanished or changed value.

A note to whoever brings the page up to date, never a finding that stops a build: a page stays true to the version it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.evidence import Entry, Evidence
from papernotes.data.site import Site
from papernotes.evidence.compare import Compared, compare, named
from papernotes.text import quantities
from papernotes.text.document import Document
from papernotes.text.quantities import Amount
from papernotes.text.source_mark import MARK, groups_of

RULES = (
    Rule("drift-place", "论文的新版里，这个位置移了或没有了", "新版的表、图、节可能重新编号；照旧编号去找会找错。这是提醒，不算错误。", "【来源：表 2】（新版里是表 3）", "【来源：表 3】"),
    Rule("drift-number", "论文的新版里，这个数移了、改了或没有了", "新版可能改了结果。这是提醒，不算错误。", "准确率是 57%。（新版写 58%）", "准确率是 58%。"),
)  # fmt: skip

ALIKE: Final = 0.6
"""The share of its numbers that a table must have kept to be the same table under another number."""
FEW: Final = 5
"""A place of fewer numbers is not looked for under another one."""
MOST: Final = 3
"""Numbers or places named in one note."""


@dataclass(frozen=True)
class Moved:
    """What came of holding a page against another version."""

    kept: int
    """Result numbers that stand where their mark says, in the other version too."""
    not_compared: int
    notes: tuple[Finding, ...]


def moved(document: Document, site: Site, other: Evidence) -> Moved:
    """Hold the marks and numbers of a paper's page against the evidence of another version of its paper."""
    paper = site.by_uri[document.uri]
    there = replace(
        site,
        evidence={**site.evidence, paper.arxiv: other},
        papers={**site.papers, paper.arxiv: replace(paper, version=other.version)},
    )
    before = site.evidence.get(paper.arxiv)
    numbers = [each for each in compare(document, there) if _is_own(each, paper.arxiv)]
    missing = [each for each in numbers if each.outcome == "missing" or _is_homeless(each, document, there, other)]
    kept = sum(each.outcome in ("found", "derived") for each in numbers)
    notes = [*_places(document, there, before, other), *(_number(document, each, before, other) for each in missing)]
    return Moved(
        kept, len(numbers) - kept - len(missing), tuple(sorted(notes, key=lambda note: (note.line, note.column)))
    )


def _is_own(number: Compared, id_: str) -> bool:
    """Whether a mark speaks of the page's own paper."""
    return any(group.paper is None or group.paper.id == id_ for group in number.passage.groups)


def _is_homeless(number: Compared, document: Document, there: Site, other: Evidence) -> bool:
    """Whether the other version has none of the places that a number's mark names."""
    places = named(number.passage.groups, document, there) if number.outcome == "unread" else []
    return bool(places) and not any(each.evidence is not other or other.knows(each.place) for each in places)


def _places(document: Document, there: Site, before: Evidence | None, other: Evidence) -> Iterator[Finding]:
    """Marks whose place the other version lacks, or has under another number."""
    renumbered = _renumbered(before, other) if before else {}
    for mark in MARK.finditer(document.prose):
        for each in named(groups_of(mark), document, there):
            if each.evidence is not other:
                continue
            names = [entry.name for entry in before.entries if each.place == entry.place] if before else []
            new = next((renumbered[name] for name in names if name in renumbered), None)
            if new:
                what, fix = f"{names[0]} is {new} in version {other.version}", "look at both, then correct the mark"
            elif other.is_listed(each.place) and not other.knows(each.place):
                what, fix = f"version {other.version} has no {each.place}", "look for what stood there"
            else:
                continue
            yield document.finding(mark.start(), "drift-place", what, fix)


def _renumbered(before: Evidence, other: Evidence) -> dict[str, str]:
    """Places of one version by name, with the name that the other version gives to the same numbers."""
    theirs = {entry.name: _values(entry) for entry in other.entries}
    result = {}
    for entry in before.entries:
        mine = _values(entry)
        if len(mine) < FEW:
            continue
        shares = {name: len(mine & values) / len(mine) for name, values in theirs.items() if name[0] == entry.name[0]}
        best = max(shares, key=lambda name: shares[name], default=None)
        if best and best != entry.name and shares[best] >= ALIKE and shares[best] > shares.get(entry.name, 0.0):
            result[entry.name] = best
    return result


def _values(entry: Entry) -> frozenset[tuple[object, str]]:
    return frozenset((amount.value, amount.unit) for amount in entry.amounts)


def _number(document: Document, number: Compared, before: Evidence | None, other: Evidence) -> Finding:
    """What became of a number that does not stand where its mark says."""
    amount, mark = number.amount, number.passage.mark.group()
    what = f"{quote(amount.text.strip())} does not stand at {mark} in version {other.version}"
    elsewhere = [
        entry.name
        for entry in other.entries
        if quantities.any_shows(amount, entry.amounts, columns=entry.name[0] in "表图")
    ]
    if elsewhere:
        what += f", but at {_some(elsewhere)}"
    elif fresh := _fresh(amount, number, before, other):
        what += f", nor anywhere; new there: {_some(fresh)}"
    else:
        what += ", nor anywhere"
    return document.finding(
        amount.start, "drift-number", what, "read what changed, then correct the number or the mark"
    )


def _fresh(amount: Amount, number: Compared, before: Evidence | None, other: Evidence) -> list[str]:
    """The numbers of the same unit that the named places have in the other version alone, the nearest in value first."""
    names = [item for group in number.passage.groups for item in group.items if isinstance(item, str)]
    old = {each.value for entry in (before.entries if before else ()) for each in entry.amounts}
    new = [each for entry in other.entries if entry.name in names for each in entry.amounts]
    found = [each for each in new if each.value not in old and each.unit in (amount.unit, "")]
    found.sort(key=lambda each: abs(each.value - amount.value))
    return list(dict.fromkeys(each.text.strip() for each in found))


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST]) + (" …" if len(names) > MOST else "")
