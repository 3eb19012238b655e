"""The licences of a paper in the ledger: each with its source and its day, and with the version where the source names one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from papernotes.base.fields import DAY, JsonField, day_problem, is_int, unless
from papernotes.base.finding import quote
from papernotes.base.licences import LICENCES, Licence
from papernotes.base.rule import Rule
from papernotes.data.bounds import MAX_VERSION

RULES = (
    Rule(
        "ledger-licence",
        "许可写成认得的名字，带来源和日期",
        "许可决定原文能不能翻译、能不能收进网页；不知道就不写，不猜。",
        '{"licence": "free", …}',
        '{"licence": "cc-by-4.0", "version": 2, "source": "arxiv", "day": "2026-11-28"}',
    ),
)

LICENCE_SOURCES: Final = {"arxiv": "arXiv", "openalex": "OpenAlex", "semantic-scholar": "Semantic Scholar"}
"""Every source a licence may name, as readers see it; the one that is believed first."""


@dataclass(frozen=True)
class PaperLicence:
    """The licence of a paper, or of one version of it, as one source gave it."""

    licence: str
    """Key of `LICENCES`."""
    version: int | None
    """Whose it is; None: the source does not name a version."""
    source: str
    """Key of `LICENCE_SOURCES`."""
    day: date
    """On which it was first read."""

    @property
    def terms(self) -> Licence:
        """What the licence is."""
        return LICENCES[self.licence]

    @property
    def source_name(self) -> str:
        """The source as readers see it."""
        return LICENCE_SOURCES[self.source]


def licence_of(licences: Iterable[PaperLicence], version: int | None) -> PaperLicence | None:
    """The licence of a version as far as it is known: what was said of this version, else of the paper; arXiv's word first."""
    sources = list(LICENCE_SOURCES)
    known = [each for each in licences if each.version in (version, None)]
    return min(known, key=lambda each: (each.version is None, sources.index(each.source)), default=None)


LICENCE_FIELDS: Final = (
    JsonField(
        name="licence", description="许可。", schema={"enum": list(LICENCES)},
        fault=unless(
            lambda value: isinstance(value, str) and value in LICENCES, "a licence of {paper} is {value}",
            "use the key of a licence that is known, or remove it",
        ),
    ),
    JsonField(
        name="version", description="是哪一版的许可；来源没有说就是 null。", schema={"type": ["integer", "null"], "minimum": 1},
        fault=unless(
            lambda value: value is None or (is_int(value, 1) and value <= MAX_VERSION),
            "a licence of {paper} is of version {value}", "write a number from 1, or null",
        ),
    ),
    JsonField(
        name="source", description="谁说的。", schema={"enum": list(LICENCE_SOURCES)},
        fault=unless(
            lambda value: isinstance(value, str) and value in LICENCE_SOURCES,
            "a licence of {paper} has the source {value}", f"use one of {', '.join(LICENCE_SOURCES)}",
        ),
    ),
    JsonField(
        name="day", description="第一次读到的日期。", schema={"type": "string", **DAY},
        fault=lambda value, paper, today: (
            (f"a licence of {paper} is of the day {quote(str(value))}, {problem}", "write the day it was first read")
            if (problem := day_problem(value, today)) else None
        ),
        load=date.fromisoformat, dump=date.isoformat,
    ),
)  # fmt: skip
"""The keys of a licence, in the order of the file."""
