"""What a refresh came to: a table for people, JSON for machines, an exit code for a scheduled job."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from papernotes.refresh.abstracts import Compared
from papernotes.refresh.merge import Outcome
from papernotes.refresh.services.ask import Heard
from papernotes.refresh.services.service import ARXIV, DATACITE, SERVICES

FAILED: Final = ("held", "refused", "silent")
OK, LOOK, LATER = 0, 1, 3
"""Exit codes: all answered; somebody should look; what was not answered may be tried again later."""

_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", "@": "&#64;", "#": "&#35;", "`": "'"} | {mark: f"\\{mark}" for mark in "\\|[]*_"}
)
_WORDS: Final = {"held": "held back", "refused": "refused", "silent": "not answered"}
_TITLES: Final = {service.name: service.title for service in SERVICES}


@dataclass(frozen=True)
class Row:
    """One service in the table."""

    service: str
    requests: int
    asked: int
    updated: int
    unchanged: int
    unknown: int
    failed: int
    why: str
    """Why the failed ones failed; most frequent first."""


@dataclass(frozen=True)
class Report:
    """What a refresh did."""

    day: date
    papers: int
    seconds: float
    changed: bool
    """Whether the ledger was written."""
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    """All of them, by service and id; those of papers not asked for among them, as refused."""
    abstracts: tuple[Compared, ...] = ()
    """Translated abstracts that are not those that arXiv has, by id."""


def make(
    heard: list[Heard],
    outcomes: list[Outcome],
    *,
    day: date,
    papers: int,
    seconds: float,
    changed: bool,
    differ: tuple[Compared, ...] = (),
) -> Report:
    """Count the outcomes of each service."""
    strays = [
        Outcome(name, said.service.name, "refused", "an answer about a paper that was not asked for")
        for said in heard
        for name in said.strays
    ]
    order = [said.service.name for said in heard]
    everything = sorted([*outcomes, *strays], key=lambda outcome: (order.index(outcome.service), outcome.arxiv))
    rows = tuple(_row(said, [o for o in everything if o.service == said.service.name]) for said in heard)
    return Report(day, papers, seconds, changed, rows, tuple(everything), differ)


def _row(said: Heard, outcomes: list[Outcome]) -> Row:
    states = Counter(outcome.state for outcome in outcomes)
    whys = Counter(
        f"{_WORDS[o.state]}: {'see below' if o.state == 'held' or 'title' in o.why else o.why}"
        for o in outcomes
        if o.state in FAILED
    )
    parts = [f"{number} {why}" for why, number in whys.most_common(3)]
    if len(whys) > 3:
        parts.append(f"{sum(number for _, number in whys.most_common()[3:])} for other reasons")
    return Row(
        service=said.service.name,
        requests=said.requests,
        asked=len(said.answers),
        updated=states["updated"],
        unchanged=states["unchanged"],
        unknown=states["unknown"],
        failed=sum(states[state] for state in FAILED),
        why="; ".join(parts),
    )


def exit_code(report: Report) -> int:
    """`LOOK` before `LATER` before `OK`."""
    if any(outcome.state in ("held", "refused") or _is_wrong_id(outcome) for outcome in report.outcomes):
        return LOOK
    return LATER if any(outcome.state == "silent" for outcome in report.outcomes) else OK


def table(report: Report) -> str:
    """The report as Markdown that reads well on a terminal: a table, then every change and every failure of its own."""
    lines = [
        f"Ledger refreshed on {report.day}: {report.papers} papers, {report.seconds:.1f} s, "
        + ("the ledger has changed." if report.changed else "the ledger is as it was."),
        "",
        "| service | requests | asked | updated | unchanged | unknown | failed | why |",
        "| --- | --: | --: | --: | --: | --: | --: | --- |",
    ]
    for row in report.rows:
        numbers = (row.requests, row.asked, row.updated, row.unchanged, row.unknown, row.failed)
        lines.append(f"| {_TITLES[row.service]} | {' | '.join(map(str, numbers))} | {_escape(row.why)} |")
    for heading, chosen in (
        ("To be looked at", [o for o in report.outcomes if o.state in ("held", "refused") or _is_wrong_id(o)]),
        ("Changed", [o for o in report.outcomes if o.state == "updated"]),
        ("Not answered", [o for o in report.outcomes if o.state == "silent"]),
    ):
        if chosen and not (heading == "Not answered" and _same_why(chosen)):
            lines += ["", f"{heading}:", ""]
            lines += [f"- {_escape(o.arxiv)}, {_TITLES[o.service]}: {_escape(_line(o))}" for o in chosen]
    if report.abstracts:
        lines += ["", "Abstracts that are not those that were translated:", ""]
        lines += [f"- {_escape(each.arxiv)}: {_escape(str(each))}" for each in report.abstracts]
    if held := sorted({outcome.arxiv for outcome in report.outcomes if outcome.state == "held"}):
        lines += ["", "What was held back is taken by a refresh with --accept and the paper's id, where it is right:"]
        lines += ["", *(f"    make refresh ARGS='--accept {name}'" for name in held)]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """The report for machines, with its exit code."""
    data: dict[str, Any] = {"schema": 1, "exit": exit_code(report), **asdict(report), "day": report.day.isoformat()}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def line(report: Report) -> str:
    """The report in one line, for the log of a build."""
    parts = []
    if not any(row.updated + row.unchanged for row in report.rows if row.service != DATACITE.name):
        whys = [f"{_TITLES[row.service]} {row.why or 'does not know the papers'}" for row in report.rows]
        return f"ledger not refreshed in {report.seconds:.1f} s: {', '.join(whys)}; the build goes on with what it has"
    for row in report.rows:
        good = row.updated + row.unchanged
        part = f"{_TITLES[row.service]} {good} of {row.asked}"
        parts.append(f"{part} ({row.why})" if row.why else part)
    return f"ledger refreshed in {report.seconds:.1f} s: {', '.join(parts)}"


def _is_wrong_id(outcome: Outcome) -> bool:
    """A count may be missing for many reasons; a paper that arXiv does not know has a wrong id."""
    return outcome.state == "unknown" and outcome.service == ARXIV.name


def _line(outcome: Outcome) -> str:
    return f"{_WORDS[outcome.state]}: {outcome.why}" if outcome.state in _WORDS else outcome.why


def _same_why(outcomes: list[Outcome]) -> bool:
    """The table tells it already where one reason holds for all of a service."""
    return len({(o.service, o.why) for o in outcomes}) == len({o.service for o in outcomes})


def _escape(text: str) -> str:
    """Foreign text for Markdown: no cell, tag, link, mention or issue number comes of it."""
    return text.translate(_ESCAPES)
