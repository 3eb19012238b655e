"""The verb `refresh`: ask the services, bring the ledger up to date, say what came of it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.base import arxiv, storage
from papernotes.base.finding import StopError
from papernotes.data import abstracts, ledger
from papernotes.data.ledger import Record
from papernotes.refresh import clock
from papernotes.refresh import report as reports
from papernotes.refresh.abstracts import compare, older
from papernotes.refresh.merge import Outcome, merge
from papernotes.refresh.progress import Progress
from papernotes.refresh.report import Report
from papernotes.refresh.services.answer import Answer
from papernotes.refresh.services.ask import Heard, Step, budget, everyone
from papernotes.refresh.services.service import SettingError, accesses
from papernotes.refresh.services.transport import Limits

LIMITS: Final = Limits()


class CannotRunError(StopError):
    """Nothing was asked, or nothing could be written. The text is one line, or one for each finding."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `refresh`."""
    parser.description = "Ask arXiv, Semantic Scholar and OpenAlex, and bring the ledger up to date."
    parser.epilog = (
        "Exit codes: 0 all answered, 1 somebody should look, 2 could not run, 3 not all answered: try later."
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="arXiv ids of papers in the ledger (default: all)")
    parser.add_argument("--accept", action="store_true", help="take what would be held back as implausible")
    parser.add_argument("--licences", action="store_true", help="ask arXiv for the licence of each, a request a paper")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run_refresh(
    arguments: argparse.Namespace,
    *,
    environment: Mapping[str, str] = os.environ,
    limits: Limits = LIMITS,
    today: date | None = None,
) -> int:
    """Refresh, show the progress on the error output and the report on the output.

    Exit codes: see `report.exit_code`. Raises: CannotRunError.
    """
    progress = Progress(sys.stderr)
    try:
        report = run(
            arguments.docs,
            arguments.ids,
            accept=arguments.accept,
            licences=arguments.licences,
            environment=environment,
            limits=limits,
            today=today or date.today(),
            step=progress.step,
        )
    finally:
        progress.end()
    print(reports.as_json(report) if arguments.json else reports.table(report), end="")
    return reports.exit_code(report)


def run(
    docs_dir: Path,
    ids: Sequence[str] = (),
    *,
    accept: bool,
    licences: bool = False,
    environment: Mapping[str, str],
    limits: Limits,
    today: date,
    step: Step,
) -> Report:
    """Refresh the ledger of a docs folder.

    Shape: `ids` are papers of the ledger; none means all. The ledger is written once, at the end, and only if what was
    learned changes it.
    Raises: CannotRunError.
    """
    start = time.monotonic()
    try:
        access = accesses(environment)
        # Before the lock, which a child that has yet to become git would hold for a moment after this process is killed.
        if problem := clock.behind(date.today(), docs_dir.resolve().parent):
            raise CannotRunError(problem)
        with storage.locked((docs_dir / ledger.FILE).resolve().parent):
            storage.sweep(docs_dir.resolve().parent)
            records = _read(docs_dir, today)
            chosen = _choose(records, ids)
            limits = replace(limits, total=budget(len(chosen), limits, licences=licences))
            heard = everyone(chosen, access, limits, step, licences=licences, versions=older(docs_dir, records))
            if problem := clock.wrong(today, (said.day for said in heard)):
                raise CannotRunError(f"the ledger is as it was: {problem}")
            # Read again: somebody may have edited the file while the services took their time.
            outcomes, records = _merge(_read(docs_dir, today), heard, today, accept)
            root = docs_dir.resolve().parent
            changed = storage.replace(docs_dir / ledger.FILE, ledger.serialise(records.values()), scratch=root)
            kept, differ = compare(docs_dir, heard, outcomes, today)
            if kept and (kept.of or (docs_dir / abstracts.FILE).exists()):
                storage.replace(docs_dir / abstracts.FILE, abstracts.serialise(kept), scratch=root)
    except SettingError as error:
        raise CannotRunError(str(error)) from None
    except (storage.BusyError, OSError) as error:
        raise CannotRunError(f"the ledger is as it was: {error}") from None
    seconds = time.monotonic() - start
    return reports.make(heard, outcomes, day=today, papers=len(chosen), seconds=seconds, changed=changed, differ=differ)


def _read(docs_dir: Path, today: date) -> dict[str, Record]:
    records, findings = ledger.read(docs_dir, docs_dir.parent, today=today)
    if findings:
        raise CannotRunError("the ledger cannot be used\n" + "\n".join(map(str, findings)))
    return records


def _choose(records: Mapping[str, Record], ids: Sequence[str]) -> list[Record]:
    chosen = dict.fromkeys(records) if not ids else {}
    for text in ids:
        try:
            name = arxiv.parse_id(text).id
        except ValueError as error:
            raise CannotRunError(f"the id {error}") from None
        if name not in records:
            raise CannotRunError(f"{name} is not in the ledger; add the paper first")
        chosen[name] = None
    return [records[name] for name in chosen]


def _merge(
    records: dict[str, Record], heard: Sequence[Heard], today: date, accept: bool
) -> tuple[list[Outcome], dict[str, Record]]:
    outcomes: list[Outcome] = []
    for name, record in records.items():
        answers: dict[str, Answer] = {said.service.name: said.answers[name] for said in heard if name in said.answers}
        records[name], found = merge(record, answers, today=today, accept=accept)
        outcomes += found
    return outcomes, records
