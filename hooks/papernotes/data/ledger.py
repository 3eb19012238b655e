"""The ledger: what is known of every paper from outside, each citation count with its source and its day.

One JSON file, one line a paper, sorted by id, so that a refresh shows as the lines it changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, get_args

from papernotes.base import arxiv, data_file
from papernotes.base.fields import (
    ARXIV_ID,
    DAY,
    TEXT,
    TEXTS,
    Fault,
    JsonField,
    day_field,
    day_problem,
    dump,
    faults,
    is_https,
    is_int,
    is_text,
    load,
    text_field,
    unless,
)
from papernotes.base.fields import record as record_schema
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data import bounds
from papernotes.data.licences import LICENCE_FIELDS, PaperLicence
from papernotes.data.names import NAME_FIELDS, ChineseName
from papernotes.text.document import relative

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


SOURCES: Final = {
    "semantic-scholar": "Semantic Scholar",
    "openalex": "OpenAlex",
    "epoch-ai": "Epoch AI",
    "google-scholar": "谷歌学术",
}
"""Who counts, by what the ledger calls them, as readers see it; a count of somebody else brings the name along.

Counts of two sources are never compared.
"""

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
    """Key of `SOURCES`, or another id that the count itself names."""
    dataset: str
    """The file or service it was taken from, such as `epoch-all-2024-12`."""
    source_name: str = ""
    """The source as readers see it."""

    def __post_init__(self) -> None:
        """Take the name of a source that is known."""
        object.__setattr__(self, "source_name", SOURCES.get(self.source, self.source_name))


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
    licences: tuple[PaperLicence, ...] = ()
    """At most one of each source and version."""
    authors_zh: tuple[ChineseName, ...] = ()
    """Of those authors whose Chinese name a source gives."""

    @property
    def year_month(self) -> tuple[int, int]:
        """When the paper came out: from version 1's day, else from the id."""
        if self.published:
            return self.published.year, self.published.month
        return arxiv.ArxivId(self.arxiv).year_month


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
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "ledger")
    if text is not None:
        return parse(text, path, today=today)
    return {}, findings or [Finding(path, 1, 1, "ledger", "the ledger is missing", "restore it from git")]


def parse(text: str, path: str, *, today: date) -> tuple[dict[str, Record], list[Finding]]:
    """Read the text of a ledger; see `read`."""

    def whole(what: str, line: int = 1, column: int = 1) -> tuple[dict[str, Record], list[Finding]]:
        return {}, [Finding(path, line, column, "ledger", what, "restore the ledger from git")]

    try:
        data = data_file.parse_json(text)
    except data_file.SlipError as slip:
        return whole(str(slip), slip.line, slip.column)
    if not isinstance(data, dict) or set(data) != {"schema", "papers"} or not isinstance(data["papers"], list):
        return whole('not of the form {"schema": 1, "papers": [...]}')
    if data["schema"] != SCHEMA or isinstance(data["schema"], bool):
        return whole(f"schema {quote(str(data['schema']))}, this program reads schema {SCHEMA}")

    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r'\s*\{\s*"arxiv"', line)]
    records: dict[str, Record] = {}
    findings: list[Finding] = []
    names: dict[str, str] = {}
    previous = ""
    for index, item in enumerate(data["papers"]):
        line = lines[index] if len(lines) == len(data["papers"]) else 1
        problems = list(_problems(item, today)) + list(bounds.of_record(item))
        if not problems:
            record = Record(**load(RECORD_FIELDS, item))
            if record.arxiv in records:
                problems.append(("ledger", f"{record.arxiv} is repeated", "keep one line"))
            elif record.arxiv < previous:
                problems.append(("ledger", f"{record.arxiv} stands after {previous}", "sort the lines by id"))
            elif (named := _DOI.fullmatch(record.doi or "")) and named[1] != record.arxiv:
                fix = f"write 10.48550/arXiv.{record.arxiv}, or null"
                problems.append(("ledger", f"the DOI of {record.arxiv} is that of {named[1]}", fix))
            previous = max(previous, record.arxiv)
            records.setdefault(record.arxiv, record)
            for count in record.counts:
                if names.setdefault(count.source, count.source_name) != count.source_name:
                    what = f"{quote(count.source)} is named {quote(count.source_name)} and {quote(names[count.source])}"
                    problems.append(("ledger-count", what, "write one name"))
        findings += (Finding(path, line, 1, *problem) for problem in problems)
    return records, findings


def serialise(records: Iterable[Record]) -> str:
    """The text of a ledger: sorted, one line a paper, so that equal ledgers are equal bytes."""
    lines = [
        json.dumps(dump(RECORD_FIELDS, record), ensure_ascii=False, separators=(", ", ": "))
        for record in sorted(records, key=lambda record: record.arxiv)
    ]
    return f'{{"schema": {SCHEMA}, "papers": [\n' + ",\n".join(lines) + "\n]}\n"


def newest_day(records: Iterable[Record]) -> date | None:
    """The last day the ledger knows of: the date of a build that has no git."""
    days = [count.day for record in records for count in record.counts]
    return max(days, default=None)


def _id_fault(value: Any, name: str, today: date) -> Fault | None:
    if not isinstance(value, str):
        return f"the id {name} is not a string", "put it in quotes"
    try:
        parsed = arxiv.parse_id(value, today=today)
    except ValueError as error:
        return f"the id {error}", "copy the id from the paper's arXiv page"
    if str(parsed) != value or parsed.version is not None:
        return f"the id {name} is not in the plain form", f"write {parsed.id}"
    return None


def _authors_fault(value: Any, name: str, _: date) -> Fault | None:
    if isinstance(value, list) and all(map(is_text, value)):
        return None
    return f"the authors of {name} are not a list of names", "write a list of strings"


_DOI: Final = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
"""Of a paper on arXiv, with its id."""
_NAME: Final = "^[a-z0-9-]{1,40}$"

COUNT_FIELDS: Final = (
    JsonField(
        name="count", description="引用数。", schema={"type": "integer", "minimum": 0, "maximum": MAX_COUNT},
        fault=unless(
            lambda value: is_int(value, 0) and value <= MAX_COUNT, "a count of {paper} is {value}",
            f"write a whole number from 0 to {MAX_COUNT}, or remove the count",
        ),
    ),
    JsonField(
        name="day", description="日期。", schema={"type": "string", **DAY},
        fault=lambda value, paper, today: (
            (f"a count of {paper} is of the day {quote(str(value))}, {problem}", "write the day it was read")
            if (problem := day_problem(value, today)) else None
        ),
        load=date.fromisoformat, dump=date.isoformat,
    ),
    JsonField(
        name="day_is", description="read：当天读到；no-later-than：当天或更早。", schema={"enum": list(DAY_IS)},
        fault=unless(
            lambda value: value in DAY_IS, "'day_is' of {paper} is {value}", "write 'read' or 'no-later-than'"
        ),
    ),
    JsonField(
        name="source", description=f"谁数的：{'、'.join(SOURCES)}，别的来源自己起一个名。",
        schema={"type": "string", "pattern": _NAME},
        fault=unless(
            lambda value: isinstance(value, str) and bool(re.fullmatch(_NAME, value)),
            "a count of {paper} has the source {value}", "name it in a-z, 0-9 and -",
        ),
    ),
    JsonField(
        name="dataset", description="取自哪个数据集或接口。", schema={"type": "string", "pattern": _NAME},
        fault=unless(
            lambda value: isinstance(value, str) and bool(re.fullmatch(_NAME, value)),
            "a count of {paper} has the data set {value}", "name it in a-z, 0-9 and -",
        ),
    ),
    JsonField(
        name="source_name", description="来源的名字，读者看得到；程序认得的来源不写。", schema=TEXT, required=False,
        fault=unless(
            lambda value: is_text(value) and value not in SOURCES.values(),
            "a count of {paper} has the source name {value}", "write a text that is not the name of another source",
        ),
        dump=lambda name: "" if name in SOURCES.values() else name,
    ),
)  # fmt: skip
"""The keys of a count, in the order of the file."""

RECORD_FIELDS: Final = (
    JsonField(
        name="arxiv", description="arXiv 编号，不带版本。", schema={"type": "string", "pattern": ARXIV_ID}, fault=_id_fault
    ),
    JsonField(
        name="version", description="arXiv 上已知的最新版本。", schema={"type": ["integer", "null"], "minimum": 1},
        fault=unless(
            lambda value: value is None or is_int(value, 1), "paper {paper} has version {value}",
            "write a number from 1, or null",
        ),
    ),
    JsonField(
        name="title", description="英文题名。", schema=TEXT,
        fault=unless(lambda value: is_text(value), "paper {paper} has no title", "write the English title"),
    ),
    JsonField(
        name="authors", description="作者，按论文上的顺序。", schema=TEXTS, fault=_authors_fault, load=tuple, dump=list
    ),
    day_field("published", "第 1 版的日期。"),
    day_field("updated", "最新版本的日期。"),
    text_field("category", "arXiv 主分类。"),
    text_field("venue", "发表的会议或期刊。"),
    JsonField(
        name="code", description="作者公布的代码。", schema={"type": ["string", "null"], "pattern": "^https://"},
        fault=unless(
            lambda value: value is None or is_https(value), "'code' of {paper} is {value}, not an https address",
            "write it in full, or null",
        ),
    ),
    text_field("doi", "论文的 DOI。"),
    JsonField(
        name="withdrawn", description="论文是否已被撤回。", schema={"type": "boolean"},
        fault=unless(
            lambda value: isinstance(value, bool), "'withdrawn' of {paper} is {value}", "write true or false"
        ),
    ),
    JsonField(
        name="counts", description="引用数，每个都带日期、来源和数据集。",
        schema={"type": "array", "items": record_schema(COUNT_FIELDS)},
        fault=lambda _value, _paper, _today: None,  # see `_problems`
        load=lambda counts: tuple(Count(**load(COUNT_FIELDS, count)) for count in counts),
        dump=lambda counts: [
            dump(COUNT_FIELDS, count) for count in sorted(counts, key=lambda c: (c.day, c.source, c.dataset))
        ],
    ),
    JsonField(
        name="licences", description="许可，每个都带来源和日期；没有就是不知道。",
        schema={"type": "array", "items": record_schema(LICENCE_FIELDS)}, required=False,
        fault=lambda _value, _paper, _today: None,  # see `_problems`
        load=lambda found: tuple(PaperLicence(**load(LICENCE_FIELDS, each)) for each in found),
        dump=lambda found: [dump(LICENCE_FIELDS, each) for each in sorted(found, key=lambda e: (e.source, e.version or 0))],
    ),
    JsonField(
        name="authors_zh", description="作者的中文名，每个都带来源；没有就是不知道。",
        schema={"type": "array", "items": record_schema(NAME_FIELDS)}, required=False,
        fault=lambda _value, _paper, _today: None,  # see `_problems`
        load=lambda found: tuple(ChineseName(**load(NAME_FIELDS, each)) for each in found),
        dump=lambda found: [dump(NAME_FIELDS, each) for each in found],
    ),
)  # fmt: skip
"""The keys of a record, in the order of the file."""


def _problems(item: Any, today: date) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one record, as (rule, what, fix)."""
    if not isinstance(item, dict):
        yield "ledger", f"a paper is {quote(str(item))}, not an object", "restore the line from git"
        return
    name, known = quote(str(item.get("arxiv"))), {field.name for field in RECORD_FIELDS}
    missing = {field.name for field in RECORD_FIELDS if field.required} - set(item)
    unknown = set(item) - known
    meant = {key: near[0] for key in unknown if (near := get_close_matches(key, missing, n=1, cutoff=0.75))}
    for key in sorted(missing - set(meant.values())):
        yield "ledger", f"paper {name} has no {key!r}", "add the key (null where it is not known)"
    for key in sorted(unknown):
        fix = f"write {meant[key]!r}" if key in meant else "remove it"
        yield "ledger", f"paper {name} has the unknown key {quote(key)}", fix
    if missing or unknown:
        return
    for field in RECORD_FIELDS:
        if field.name in item and (fault := field.fault(item[field.name], name, today)):
            yield "ledger", *fault
    wrong = list(faults(COUNT_FIELDS, item["counts"], name, today, each="count", once="of {dataset} on {day}"))
    for fault in wrong:
        yield "ledger-count", *fault
    for count in [] if wrong else item["counts"]:
        what = f"the source {quote(count['source'])} of a count of {name}"
        if count["source"] in SOURCES and "source_name" in count:
            yield "ledger-count", f"{what} has a name already", "remove 'source_name'"
        elif count["source"] not in SOURCES and "source_name" not in count:
            fix = f"use one of {', '.join(SOURCES)}, or give its name as 'source_name'"
            yield "ledger-count", f"{what} is not known", fix
    licences = item.get("licences", [])
    for fault in faults(LICENCE_FIELDS, licences, name, today, each="licence", once="of version {version} by {source}"):
        yield "ledger-licence", *fault
    names = item.get("authors_zh", [])
    wrong = list(faults(NAME_FIELDS, names, name, today, each="Chinese name", once="of {author}"))
    for fault in wrong:
        yield "ledger", *fault
    for each in [] if wrong else names:
        if each["author"] not in item["authors"]:
            yield "ledger", f"{quote(each['author'])} is not an author of {name}", "write it as in 'authors'"
