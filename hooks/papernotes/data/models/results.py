"""Which tables of pages measure models: how each is read is declared once, and its numbers are taken from the page itself.

Shape of an entry of `results.yml`: the page and the head of its table; whether its rows or its columns are models; by whom
the numbers are (an arXiv id or a link of the table's mark; of a paper page its own paper); the setting of what the table
does not say itself. A table that holds no results of models is named too, with the reason why it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from papernotes.base import data_file
from papernotes.base.fields import TEXT, TEXTS, Field, Schema, record
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.models.record import Model, Models
from papernotes.text.document import relative
from papernotes.text.frontmatter import Node, WrongError, read_yaml, wrong_keys
from papernotes.text.parsed import Row, Table

FILE: Final = "_data/results.yml"
MAX_BYTES: Final = 200_000
SOURCES: Final = "来源"
"""The last column where its cells are marks, each of its row; no part of a declared head."""
UNTOLD: Final = "未写明"
"""Begins a setting of which too little is known to compare its numbers with those of another paper."""

RULES = (
    Rule(
        "result-table",
        "模型的成绩取自页面的表，每张表声明怎样读",
        "数字只写在页面上；表头改了，声明就对不上，要一起改。",
        "head: [基准, Mistral]",
        "head: [基准, Mistral 7B, Llama 2 7B]",
    ),
    Rule(
        "result-model",
        "成绩表里的每个模型都认得",
        "认不出的名字，它的数就没有归处。",
        "| 本文 | 61% |",
        "names: {本文: Emu Video}",
    ),
    Rule(
        "result-setting",
        "每个成绩都写明设置",
        "几个示例、谁来评判、怎样取样不同的数，不能放在一起比。",
        "| MMLU | 70.6 |",
        "settings: {MMLU: 5 个示例}",
    ),
)


@dataclass(frozen=True)
class Declared:
    """How one table of a page is read."""

    page: str
    """From docs/."""
    head: tuple[str, ...]
    """The names of its columns, as the page shows them: by them it is found."""
    models: Literal["rows", "columns"] | None = None
    """Where the names of models stand; None where the table is passed over."""
    skip: str | None = None
    """Why it holds no results of models."""
    by: str | Mapping[str, str] | None = None
    """Whose numbers they are: an arXiv id, or the address of a link of the mark; by column where columns differ."""
    setting: str | None = None
    """Of all numbers, where the table does not say."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """By benchmark, as the table writes it."""
    setting_columns: tuple[str, ...] = ()
    """Columns that say under which conditions the numbers of a row were measured."""
    name_column: str | None = None
    """Where the names of the rows stand, if not in the first column."""
    head_is_setting: bool = False
    """Whether the columns are all of one model, under several conditions."""
    benchmark: str | None = None
    """What is measured, where the table's head does not say, or not alone."""
    names: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What a cell means that names no model itself; several, where its numbers stand apart by 对."""
    ignore: tuple[str, ...] = ()
    """Rows and columns that are none of models or of benchmarks, by their first cells."""
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Result:
    """One number that a page states about one model."""

    model: Model
    variant: str
    """As the page writes it, for readers."""
    key: frozenset[str]
    """What tells variants of the model apart, however they are written."""
    benchmark: str
    setting: str
    value: str
    by: str
    """An arXiv id or an address."""
    line: int
    """Of the page's body."""

    @property
    def compares(self) -> tuple[Any, ...]:
        """Numbers with the same of this measure the same thing, whoever measured."""
        own = (self.by, self.line) if self.setting.startswith(UNTOLD) else ()
        return self.model.id, tuple(sorted(self.key)), self.benchmark, self.setting, own


_NONE: Final = re.compile(r"[^0-9]*")
_SPLIT: Final = re.compile(r"(?P<name>[^，（(]+?)\s*(?:[（(](?P<inside>.+)[）)]|，\s*(?P<after>.+))")
_PAIR: Final = " 对 "


class UnreadError(Exception):
    """A cell that the declaration does not explain. Its arguments: rule, what, fix, line of the page."""


def read(
    declared: Declared, table: Table, models: Models, own: str | None, same: Mapping[str, str]
) -> Iterator[Result]:
    """The numbers of a table. `own`: the paper of the page. `same`: what a benchmark is called here, by other names.

    Raises: UnreadError at the first cell that names no model, or has no setting.
    """
    for row, column, row_name, head in _cells(declared, table):
        name, measured = (row_name, head) if declared.models == "rows" else (head, row_name)
        measured, told = _measured(declared, measured)
        beside = [_beside(declared, table, row, each) for each in declared.setting_columns]
        by_head = head if declared.head_is_setting else ""
        parts = [told, by_head, *beside, declared.settings.get(measured), declared.setting]
        setting = "，".join(dict.fromkeys(filter(None, parts)))
        wanted = declared.names.get(name, name)
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        values = row.cells[column].split(_PAIR) if len(several) > 1 else [row.cells[column]]
        for meant, value in zip(several, values, strict=False):
            if _NONE.fullmatch(value):
                continue
            found = models.named(meant)
            if found is None:
                fix = f"add it to _data/models.yml, or write names: {{{name}: …}} or ignore: [{name}]"
                raise UnreadError("result-model", f"{quote(meant)} is not a model of the table", fix, row.line)
            if not setting:
                fix = f"write settings: {{{measured}: …}} or setting: …, {UNTOLD} where the paper does not tell"
                raise UnreadError("result-setting", f"{quote(measured)} has no setting", fix, row.line)
            by = declared.by.get(head) if isinstance(declared.by, Mapping) else declared.by or own
            if by is None:
                raise UnreadError(
                    "result-table", f"nothing says whose the numbers of {quote(head)} are", "write by: …", row.line
                )
            model, key = found
            whole = (
                f"{declared.benchmark}，{measured}"
                if declared.benchmark and measured
                else declared.benchmark or measured
            )
            name_here = same.get(whole, whole)
            yield Result(model, meant, key, name_here, setting, value.strip(), by, row.line)


def _cells(declared: Declared, table: Table) -> Iterator[tuple[Row, int, str, str]]:
    """The cells that may hold numbers. Shape: row, column, name of the row, name of the column."""
    heads = table.head.cells
    named = heads.index(declared.name_column) if declared.name_column in heads else 0
    passed = {*declared.ignore, *declared.setting_columns, heads[named], SOURCES}
    for row in table.rows:
        if len(row.cells) > named and row.cells[named] not in declared.ignore:
            for column, head in enumerate(heads):
                if column and head not in passed and column < len(row.cells):
                    yield row, column, row.cells[named], head


def _beside(declared: Declared, table: Table, row: Row, head: str) -> str:
    """What the column of a condition says in a row."""
    if head not in table.head.cells:
        return ""
    text = row.cells[table.head.cells.index(head)]
    return "" if not text else _shots(text) if head.startswith("示例") else f"{head}：{text}"


def _measured(declared: Declared, text: str) -> tuple[str, str]:
    """The benchmark of a cell and the setting that it tells: `MMLU，5 个示例`, `GSM8K（8）`."""
    if text in declared.settings:
        return text, ""
    match = _SPLIT.fullmatch(text)
    return (match["name"], _shots(match["inside"] or match["after"])) if match else (text, "")


def _shots(text: str) -> str:
    return "零样本" if text in {"0", "0 个示例"} else f"{text} 个示例" if text.isdigit() else text


def holds_models(table: Table, models: Models) -> bool:
    """Whether cells of a table begin with the names of models, with numbers beside them."""
    numbers = any(any(map(str.isdigit, cell)) for row in table.rows for cell in row.cells[1:])
    names = [*table.head.cells, *(cell for row in table.rows for cell in row.cells)]
    return numbers and any(models.named(name) for name in names)


# --- the file ---------------------------------------------------------------------------------------------------------

_NAMES: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
_BY: Final[Schema] = {"anyOf": [TEXT, _NAMES]}
FIELDS: Final = (
    Field(name="page", description="表在哪一页，从 docs/ 起。", schema=TEXT),
    Field(name="head", description="表头，照页面所显示的写；程序凭它找到表。", schema=TEXTS),
    Field(name="models", description="模型的名字在行（rows）还是在列（columns）。", schema={"enum": ["rows", "columns"]}, required=False),
    Field(name="skip", description="这张表不是模型的成绩：理由。", schema=TEXT, required=False),
    Field(name="by", description="谁给的数：论文的编号，或者来源标记里的链接；各列不同就按列名写。论文页不写就是那篇论文。", schema=_BY, required=False),
    Field(name="setting", description="表里没有写的设置，对所有的数都成立。", schema=TEXT, required=False),
    Field(name="settings", description="按基准写的设置。", schema=_NAMES, required=False),
    Field(name="setting_columns", description="哪几列写着设置。", schema=TEXTS, required=False),
    Field(name="name_column", description="模型的名字在哪一列，不在第一列时才写。", schema=TEXT, required=False),
    Field(name="head_is_setting", description="true 表示各列是同一个模型的不同设置，列名就是设置。", schema={"type": "boolean"}, required=False),
    Field(name="benchmark", description="表头没有写的，或者没有写全的基准。", schema=TEXT, required=False),
    Field(name="names", description="行名或列名不是模型的名字时，它指哪个模型；一格两个数用「对」隔开时写两个。", schema={"type": "object", "additionalProperties": {"anyOf": [TEXT, TEXTS]}}, required=False),
    Field(name="ignore", description="不是模型、也不是基准的行和列。", schema=TEXTS, required=False),
)  # fmt: skip
"""The keys of an entry."""
SCHEMA: Final[Schema] = {
    "type": "object",
    "properties": {
        "benchmarks": {**_NAMES, "description": "同一个基准的别的写法。"},
        "tables": {"type": "array", "items": record(FIELDS), "description": "每张表怎样读。"},
    },
    "required": ["benchmarks", "tables"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Declarations:
    """All tables, and what benchmarks are called."""

    tables: tuple[Declared, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)


def load(docs_dir: Path, root: Path) -> tuple[Declarations, list[Finding]]:
    """Read the declarations of a docs folder; a folder may be without them. Raises: OSError where the file system fails."""
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "result-table")
    return (Declarations(), findings) if text is None else parse(path, text)


def parse(path: str, text: str) -> tuple[Declarations, list[Finding]]:
    """Read the declarations. Shape: those that are complete, every finding on the way."""
    node, findings = read_yaml(path, text)
    if node is None:
        return Declarations(), findings
    entries = node.value if node.kind == "map" else {}
    tables, same = entries.get("tables"), entries.get("benchmarks")
    if tables is None or tables.kind != "list" or same is None or same.kind != "map" or len(entries) != 2:
        what, fix = "is not a mapping of 'benchmarks' and 'tables'", "write both keys, and no others"
        return Declarations(), [*findings, node.finding(path, "result-table", what, fix)]
    found = []
    for item in tables.value:
        try:
            found.append(_declared(item))
        except WrongError as wrong:
            findings.append(wrong.finding(path, "result-table"))
    return Declarations(tuple(found), {key: each.text for key, each in same.value.items()}), findings


def _declared(item: Node) -> Declared:
    """One entry. Raises: WrongError."""
    for wrong in wrong_keys(item, FIELDS):
        raise wrong
    values = {key: _plain(value) for key, value in item.value.items()}
    how = values.get("models")
    if ("skip" in values) == (how is not None) or (how is not None and how not in {"rows", "columns"}):
        raise WrongError(
            item, "says neither how the table is read nor why not", "write models: rows, models: columns or skip: …"
        )
    if not isinstance(values["head"], tuple) or not isinstance(values["page"], str):
        raise WrongError(item.value["head"], "'head' is not a list of texts", "copy the head of the table")
    return Declared(**values, line=item.line)


def _plain(node: Node) -> Any:
    if node.kind == "list":
        return tuple(str(part.text) for part in node.value)
    if node.kind == "map":
        return {key: _plain(value) for key, value in node.value.items()}
    return node.value if node.kind == "bool" else node.text


def head_of(table: Table) -> tuple[str, ...]:
    """The columns of a table by which it is declared: all but that of the sources."""
    cells = table.head.cells
    return cells[:-1] if cells[-1] == SOURCES else cells


def find(tables: Sequence[Table], declared: Declared) -> list[Table]:
    """The tables of a page that have the head of a declaration."""
    return [table for table in tables if head_of(table) == declared.head]
