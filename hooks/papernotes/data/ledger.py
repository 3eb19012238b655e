"""The ledger: what is known of every paper from outside, each citation count with its source and its day.

One JSON file, one line a paper, sorted by id, so that a refresh shows as the lines it changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from papernotes.text import arxiv
from papernotes.text.finding import Finding, quote
from papernotes.text.rule import Rule

SCHEMA: Final = 1
FILE: Final = "_data/papers.json"
"""The ledger, from the docs folder."""
MAX_BYTES: Final = 50_000_000
"""About 20,000 papers; a larger file is refused unread."""
MAX_COUNT: Final = 10_000_000
"""No paper is cited so often; a larger count is an error of the source."""

RULES = (
    Rule(
        "ledger",
        "台账完整、合法、有序",
        "页面上的作者、日期和引用数都来自台账；坏了一行，就可能给错一篇论文的数字。",
        '{"schema": 1, "papers": [',
        '{"schema": 1, "papers": [\n…\n]}',
    ),
    Rule(
        "ledger-count",
        "每个引用数都是非负整数，带日期、来源和数据集",
        "没有出处和日期的数字不能发布。",
        '{"count": -1, "day": "2030-01-01", …}',
        '{"count": 12, "day": "2024-12-19", "day_is": "read", …}',
    ),
)


@dataclass(frozen=True)
class Source:
    """Who counted."""

    name: str
    """As readers see it."""
    url: str


SOURCES: Final = {
    "semantic-scholar": Source("Semantic Scholar", "https://www.semanticscholar.org/"),
    "openalex": Source("OpenAlex", "https://openalex.org/"),
    "epoch-ai": Source("Epoch AI", "https://epoch.ai/data/ai-models"),
    "google-scholar": Source("谷歌学术", "https://scholar.google.com/"),
    "zeta-alpha": Source("Zeta Alpha", "https://www.zeta-alpha.com/"),
}
"""Every source a count may name. Counts of two sources are never compared."""

DayIs = Literal["read", "no-later-than"]
DAY_IS: Final[tuple[DayIs, ...]] = get_args(DayIs)
"""What the day of a count is: the one on which it was read, or one up to which it was read on an unknown day."""


@dataclass(frozen=True)
class Count:
    """A citation count as one source gave it on one day."""

    count: int
    day: date
    day_is: DayIs
    source: str
    """Key of `SOURCES`."""
    dataset: str
    """The file or service it was taken from, such as `nllg-2024-12`."""

    @property
    def source_name(self) -> str:
        """The source as readers see it."""
        return SOURCES[self.source].name


@dataclass(frozen=True)
class Record:
    """One paper of the ledger. None: not known."""

    arxiv: str
    version: int | None
    """The newest version known on arXiv."""
    title: str
    authors: tuple[str, ...]
    published: date | None
    """Day of version 1."""
    updated: date | None
    """Day of `version`."""
    category: str | None
    venue: str | None
    code: str | None
    doi: str | None
    withdrawn: bool = False
    counts: tuple[Count, ...] = ()


def shown_count(record: Record) -> Count | None:
    """The count that the site shows for a paper, here and in every list: the newest; on one day Semantic Scholar's."""
    return max(
        record.counts, key=lambda count: (count.day, count.source == "semantic-scholar", count.dataset), default=None
    )


def read(docs_dir: Path, root: Path, *, today: date) -> tuple[dict[str, Record], list[Finding]]:
    """Read the ledger of a docs folder.

    Shape: (records by id, in order; findings). Any finding means that the ledger must not be used.
    """
    file = docs_dir / FILE
    path = _relative(file, root)
    if not file.is_file():
        return {}, [Finding(path, 1, 1, "ledger", "the ledger is missing", "restore it from git")]
    if file.stat().st_size > MAX_BYTES:
        return {}, [Finding(path, 1, 1, "ledger", f"the ledger has more than {MAX_BYTES} bytes", "restore it from git")]
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return {}, [Finding(path, 1, 1, "ledger", "the ledger is not UTF-8", "restore it from git")]
    return parse(text, path, today=today)


def parse(text: str, path: str, *, today: date) -> tuple[dict[str, Record], list[Finding]]:
    """Read the text of a ledger; see `read`."""

    def whole(what: str, line: int = 1, column: int = 1) -> tuple[dict[str, Record], list[Finding]]:
        return {}, [Finding(path, line, column, "ledger", what, "restore the ledger from git")]

    try:
        data = json.loads(text, object_pairs_hook=_no_duplicate_keys, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return whole(f"not valid JSON: {error.msg}", error.lineno, error.colno)
    except ValueError as error:
        return whole(f"not valid JSON: {error}")
    except RecursionError:
        return whole("nested too deeply")
    if not isinstance(data, dict) or set(data) != {"schema", "papers"} or not isinstance(data["papers"], list):
        return whole('not of the form {"schema": 1, "papers": [...]}')
    if data["schema"] != SCHEMA or isinstance(data["schema"], bool):
        return whole(f"schema {quote(str(data['schema']))}, this program reads schema {SCHEMA}")

    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r'\s*\{\s*"arxiv"', line)]
    records: dict[str, Record] = {}
    findings: list[Finding] = []
    previous = ""
    for index, item in enumerate(data["papers"]):
        line = lines[index] if len(lines) == len(data["papers"]) else 1
        problems = list(_problems(item, today))
        if not problems:
            record = _record(item)
            if record.arxiv in records:
                problems.append(("ledger", f"{record.arxiv} stands twice", "keep one line"))
            elif record.arxiv < previous:
                problems.append(("ledger", f"{record.arxiv} stands after {previous}", "sort the lines by id"))
            previous = max(previous, record.arxiv)
            records.setdefault(record.arxiv, record)
        findings += (Finding(path, line, 1, *problem) for problem in problems)
    return records, findings


def serialise(records: Iterable[Record]) -> str:
    """The text of a ledger: sorted, one line a paper, so that equal ledgers are equal bytes."""
    lines = [
        json.dumps(_plain(record), ensure_ascii=False, separators=(", ", ": "))
        for record in sorted(records, key=lambda record: record.arxiv)
    ]
    return f'{{"schema": {SCHEMA}, "papers": [\n' + ",\n".join(lines) + "\n]}\n"


def newest_day(records: Iterable[Record]) -> date | None:
    """The last day the ledger knows of: the date of a build that has no git."""
    days = [count.day for record in records for count in record.counts]
    return max(days, default=None)


def _plain(record: Record) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "arxiv": record.arxiv,
        "version": record.version,
        "title": record.title,
        "authors": list(record.authors),
        "published": day(record.published),
        "updated": day(record.updated),
        "category": record.category,
        "venue": record.venue,
        "code": record.code,
        "doi": record.doi,
        "withdrawn": record.withdrawn,
        "counts": [
            {"count": c.count, "day": day(c.day), "day_is": c.day_is, "source": c.source, "dataset": c.dataset}
            for c in sorted(record.counts, key=lambda c: (c.day, c.source, c.dataset))
        ],
    }


def _record(item: dict[str, Any]) -> Record:
    def day(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    return Record(
        arxiv=item["arxiv"],
        version=item["version"],
        title=item["title"],
        authors=tuple(item["authors"]),
        published=day(item["published"]),
        updated=day(item["updated"]),
        category=item["category"],
        venue=item["venue"],
        code=item["code"],
        doi=item["doi"],
        withdrawn=item["withdrawn"],
        counts=tuple(
            Count(c["count"], date.fromisoformat(c["day"]), c["day_is"], c["source"], c["dataset"])
            for c in item["counts"]
        ),
    )


_KEYS = {
    "arxiv", "version", "title", "authors", "published", "updated", "category", "venue", "code", "doi", "withdrawn", "counts",
}  # fmt: skip
_COUNT_KEYS = {"count", "day", "day_is", "source", "dataset"}

_Problem = tuple[str, str, str]


def _problems(item: Any, today: date) -> Iterator[_Problem]:
    """What is wrong with one record, as (rule, what, fix)."""
    if not isinstance(item, dict):
        yield "ledger", f"a paper is {quote(str(item))}, no object", "restore the line from git"
        return
    name = quote(str(item.get("arxiv")))
    for key in sorted(_KEYS - set(item)):
        yield "ledger", f"paper {name} has no {key!r}", "add the key (null where it is not known)"
    for key in sorted(set(item) - _KEYS):
        yield "ledger", f"paper {name} has the unknown key {quote(key)}", "remove it"
    if set(item) != _KEYS:
        return
    if not isinstance(item["arxiv"], str):
        yield "ledger", f"the id {name} is no string", "put it in quotes"
    else:
        try:
            parsed = arxiv.parse_id(item["arxiv"], today=today)
            if str(parsed) != item["arxiv"] or parsed.version is not None:
                yield "ledger", f"the id {name} is not in the plain form", f"write {parsed.id}"
        except ValueError as error:
            yield "ledger", f"the id {error}", "copy the id from the paper's arXiv page"
    if not (item["version"] is None or _is_int(item["version"], 1)):
        yield "ledger", f"paper {name} has version {quote(str(item['version']))}", "write a number from 1, or null"
    if not isinstance(item["title"], str) or not item["title"].strip():
        yield "ledger", f"paper {name} has no title", "write the English title"
    if not isinstance(item["authors"], list) or not all(isinstance(a, str) and a.strip() for a in item["authors"]):
        yield "ledger", f"the authors of {name} are no list of names", "write a list of strings"
    for key in ("published", "updated"):
        day = item[key]
        if day is not None and (problem := _day_problem(day, today)):
            yield "ledger", f"{key!r} of {name} is {quote(str(day))}, {problem}", "write YYYY-MM-DD, or null"
    for key in ("category", "venue", "doi"):
        if not (item[key] is None or (isinstance(item[key], str) and item[key].strip())):
            yield "ledger", f"{key!r} of {name} is {quote(str(item[key]))}", "write a text, or null"
    if item["code"] is not None and not is_https(item["code"]):
        yield "ledger", f"'code' of {name} is {quote(str(item['code']))}, no https address", "write it in full, or null"
    if not isinstance(item["withdrawn"], bool):
        yield "ledger", f"'withdrawn' of {name} is {quote(str(item['withdrawn']))}", "write true or false"
    if not isinstance(item["counts"], list):
        yield "ledger-count", f"the counts of {name} are no list", "write a list, [] where there is none"
        return
    seen = set()
    for count in item["counts"]:
        problems = list(_count_problems(count, name, today))
        yield from problems
        if not problems:
            place = (count["source"], count["dataset"], count["day"])
            if place in seen:
                yield "ledger-count", f"{name} has two counts of {count['dataset']} on {count['day']}", "keep one"
            seen.add(place)


def _count_problems(count: Any, name: str, today: date) -> Iterator[_Problem]:
    if not isinstance(count, dict) or set(count) != _COUNT_KEYS:
        yield (
            "ledger-count",
            f"a count of {name} is {quote(str(count))}",
            f"give it exactly {', '.join(sorted(_COUNT_KEYS))}",
        )
        return
    if not _is_int(count["count"], 0) or count["count"] > MAX_COUNT:
        what = f"a count of {name} is {quote(str(count['count']))}"
        yield "ledger-count", what, f"write a whole number from 0 to {MAX_COUNT}, or remove the count"
    if problem := _day_problem(count["day"], today):
        yield (
            "ledger-count",
            f"a count of {name} is of the day {quote(str(count['day']))}, {problem}",
            "write the day it was read",
        )
    if count["day_is"] not in DAY_IS:
        yield "ledger-count", f"'day_is' of {name} is {quote(str(count['day_is']))}", "write 'read' or 'no-later-than'"
    if not isinstance(count["source"], str) or count["source"] not in SOURCES:
        yield (
            "ledger-count",
            f"a count of {name} has the source {quote(str(count['source']))}",
            f"use one of {', '.join(SOURCES)}",
        )
    if not isinstance(count["dataset"], str) or not re.fullmatch(r"[a-z0-9-]{1,40}", count["dataset"]):
        yield (
            "ledger-count",
            f"a count of {name} has the data set {quote(str(count['dataset']))}",
            "name it in a-z, 0-9 and -",
        )


def _is_int(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _day_problem(value: Any, today: date) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return "not of the form YYYY-MM-DD"
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "no day of the calendar"
    return "in the future" if day > today else None


def is_https(value: Any) -> bool:
    """Whether a value is an https address with a host, and nothing that could break out of an attribute."""
    if not isinstance(value, str) or re.search(r"[\s\"'<>\\`\x00-\x1f]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _no_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _relative(file: Path, root: Path) -> str:
    try:
        return file.relative_to(root).as_posix()
    except ValueError:
        return file.as_posix()
