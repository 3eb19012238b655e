"""Answers into the ledger: only what is certainly about the paper, and plausible beside what was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from papernotes.data import ledger
from papernotes.data.blanks import BLANK
from papernotes.data.ledger import Count, Record
from papernotes.data.licences import PaperLicence
from papernotes.refresh.services.answer import Answer, Citations, Exists, Licensed, Metadata, Nonsense, Silent, Unknown
from papernotes.refresh.services.service import ARXIV, ARXIV_OAI, SERVICES
from papernotes.refresh.services.text import alike, fold

RISE: Final = 3.0
"""A count that has grown by more than this factor in a year (or in less) is held back."""
FALL: Final = 2.0
"""A count that has fallen by more than this factor is held back."""
SLACK: Final = 20
"""Changes by no more than this are never held back: small counts jump."""
YEARS: Final = (1, 4)
"""A work counts as the paper if its year is at most so many before and after version 1: it may have been published
later, but a work of another decade with the same title is another one."""

DATASETS: Final = {service.name: service.dataset for service in SERVICES}

State = Literal["updated", "unchanged", "unknown", "held", "refused", "silent"]
"""The last three are failures: held back as implausible, refused as nonsense or as another paper's, not answered."""


@dataclass(frozen=True)
class Outcome:
    """What one service's answer about one paper came to."""

    arxiv: str
    service: str
    state: State
    why: str = ""
    """What changed, or what went wrong."""


def merge(
    record: Record, answers: Mapping[str, Answer], *, today: date, accept: bool = False
) -> tuple[Record, list[Outcome]]:
    """Bring one record up to date.

    Shape: (record, an outcome for each answer). `answers`: by name of service. `accept`: take what would be held back.
    The record is valid if it was: what would break the ledger is refused.
    """
    outcomes = []
    for service, answer in answers.items():
        changed, state, why = _take(record, service, answer, today, accept)
        if changed != record and (problem := _problem(changed, today)):
            changed, state, why = record, "refused", problem
        record = changed
        outcomes.append(Outcome(record.arxiv, service, state, why))
    return record, outcomes


_Taken = tuple[Record, State, str]


def _take(record: Record, service: str, answer: Answer, today: date, accept: bool) -> _Taken:
    match answer:
        case Unknown():
            return record, "unknown", "the paper is not known"
        case Silent(why):
            return record, "silent", why
        case Nonsense(why):
            return record, "refused", why
        case Exists():
            return record, "unchanged", "the paper exists"
        case Metadata() if BLANK.search(record.title):
            return _take_metadata(record, answer, accept)
        case Metadata() | Citations() if not alike(record.title, answer.title):
            why = f"another title: the ledger has {_quote(record.title)}, the service {_quote(answer.title)}"
            return record, "refused", why
        case Metadata():
            return _take_metadata(record, answer, accept)
        case Licensed():
            return _take_licence(record, service, answer, today)
        case Citations():
            taken = _take_citations(record, service, answer, today, accept)
            if answer.licence is None or taken[1] not in ("updated", "unchanged"):
                return taken
            changed, state, why = _take_licence(taken[0], service, answer.licence, today)
            return (changed, "updated", "; ".join(filter(None, (taken[2], why)))) if state == "updated" else taken


def _take_metadata(record: Record, found: Metadata, accept: bool) -> _Taken:
    if record.version and found.version and found.version < record.version and not accept:
        return record, "held", f"version {found.version} after version {record.version}"
    changed = replace(
        record,
        # The same title in other letters stays as it was written here.
        title=record.title if fold(record.title) == fold(found.title) else found.title,
        version=found.version or record.version,
        authors=found.authors,
        authors_zh=tuple(name for name in record.authors_zh if name.author in found.authors),
        published=found.published,
        updated=found.updated,
        category=found.category or record.category,
        withdrawn=found.withdrawn,
    )
    if changed == record:
        return record, "unchanged", ""
    names = ("title", "version", "authors", "authors_zh", "published", "updated", "category", "withdrawn")
    news = [_news(name, getattr(record, name), getattr(changed, name)) for name in names]
    return changed, "updated", "; ".join(filter(None, news))


def _take_citations(record: Record, service: str, found: Citations, today: date, accept: bool) -> _Taken:
    if found.year is not None and record.published is not None:
        years = record.published.year
        if not years - YEARS[0] <= found.year <= years + YEARS[1]:
            return record, "refused", f"a work of {found.year}; the paper is of {years}"
    last = last_good(record, service)
    if last is not None and not accept and (why := implausible(last, found.count, today)):
        return record, "held", why
    now = Count(found.count, today, "read", service, DATASETS[service])
    earlier = [count for count in record.counts if _same_month(count, now)]
    if any(count.day > today for count in earlier):
        return record, "unchanged", "a later count is known"
    counts = (*(count for count in record.counts if count not in earlier), now)
    changed = replace(record, counts=tuple(sorted(counts, key=lambda c: (c.day, c.source, c.dataset))))
    if last is not None and last.count == now.count:
        return changed, "unchanged", ""
    return changed, "updated", f"{last.count} ({last.day}) → {now.count}" if last else f"{now.count}, the first"


def _take_licence(record: Record, service: str, found: Licensed, today: date) -> _Taken:
    """Keep a licence with the day on which it was first seen; one that a service does not tell any more stays."""
    if found.licence is None:
        return record, "unchanged", "no licence is given"
    source = ARXIV.name if service == ARXIV_OAI.name else service
    now = PaperLicence(found.licence, found.version, source, today)
    before = next((each for each in record.licences if (each.source, each.version) == (source, found.version)), None)
    if before and before.licence == found.licence:
        return record, "unchanged", ""
    others = (each for each in record.licences if each != before)
    kept = tuple(sorted((*others, now), key=lambda each: (each.source, each.version or 0)))
    whose = f"licence of version {found.version}" if found.version else "licence"
    news = f"{before.licence} ({before.day}) → {now.licence}" if before else f"{now.licence}, the first"
    return replace(record, licences=kept), "updated", f"{whose} {news}"


def last_good(record: Record, service: str) -> Count | None:
    """The newest count of a service in the ledger, from whatever data set."""
    return max((c for c in record.counts if c.source == service), key=lambda c: (c.day, c.dataset), default=None)


def implausible(last: Count, count: int, today: date) -> str | None:
    """Why a count should be looked at before it is believed, beside the last good one of the same service; or None.

    More than `RISE` times as much a year (at least once that), or less than 1/`FALL`; differences up to `SLACK` pass.
    """
    if abs(count - last.count) <= SLACK:
        return None
    rise = RISE ** max(1.0, (today - last.day).days / 365.25)
    if count > last.count * rise:
        return f"{last.count} ({last.day}) → {count}, more than {rise:.1f} times as much"
    if count * FALL < last.count:
        return f"{last.count} ({last.day}) → {count}, less than 1/{FALL:g}"
    return None


def _same_month(count: Count, now: Count) -> bool:
    one, other = ((each.source, each.dataset, each.day.year, each.day.month) for each in (count, now))
    return one == other


def _problem(record: Record, today: date) -> str | None:
    """What the ledger's own rules say against a record."""
    _, findings = ledger.parse(ledger.serialise([record]), "", today=today)
    return findings[0].what if findings else None


def _news(name: str, before: object, after: object) -> str:
    if before == after:
        return ""
    if name == "authors":
        return "authors"
    return f"{name} {_quote(str(before)) if name == 'title' else before} → {_quote(str(after)) if name == 'title' else after}"


def _quote(title: str) -> str:
    return f"“{title if len(title) <= 120 else title[:119] + '…'}”"
