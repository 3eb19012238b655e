"""A paper page: its front matter as a record, checked key by key. Also the front matter of all other pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast, get_args

from papernotes.data.ledger import Count, Record, shown_count
from papernotes.data.special_pages import REFERENCE
from papernotes.text import arxiv as arxiv_module
from papernotes.text.document import Document, address
from papernotes.text.finding import Finding, quote
from papernotes.text.frontmatter import Node
from papernotes.text.rule import Rule

Tier = Literal["full", "middle", "short"]
TIERS: Final[dict[str, tuple[int, int]]] = {"full": (1500, 3500), "middle": (700, 1500), "short": (250, 700)}
"""Tiers of paper pages with the least and the most Han characters of their bodies."""
TIER_NAMES: Final = {"full": "详读", "middle": "简读", "short": "短注"}
Checker = Literal["writer", "reviewer"]
CHECKERS: Final[tuple[Checker, ...]] = get_args(Checker)
"""Who may have compared a page with the paper: the one who wrote it, or another reader."""
SUMMARY_LIMIT: Final = 120
"""Characters of a summary: one sentence that fits a card."""

RULES = (
    Rule("arxiv-id", "arXiv 编号写法正确", "编号错一位，链接、引用数和书目就都是别人的。", 'arxiv: "2305.1829"', 'arxiv: "2305.18290"'),
    Rule("ledger-record", "页面引用的论文在台账里有记录", "没有台账记录，就没有作者、日期和引用数可显示。", 'builds_on: ["2305.99999"]', 'builds_on: ["2203.02155"]'),
    Rule("duplicate-paper", "一篇论文只有一页", "两页写同一篇论文，读者不知道该信哪一页。", "（两页都写 arxiv: \"2305.18290\"）", "（合并为一页）"),
    Rule("page-name", "文件名是小写拉丁字母、数字和连字符，且不与别的页面只差大小写", "文件名就是永久地址；在不分大小写的系统上会互相覆盖。", "docs/papers/DPO.md 与 docs/papers/dpo.md", "docs/papers/dpo.md"),
    Rule("page-title", "每页一个标题，各不相同", "两页同名，列表和搜索里就分不清。", "title: 直接偏好优化（两页相同）", "title: 直接偏好优化：你的语言模型其实就是一个奖励模型"),
    Rule("page-draft", "草稿不能合并", "草稿不会出现在网站上；写完后删去这一行。", "draft: true", "（没有 draft 这一行）"),
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One key of a page's front matter."""

    name: str
    kind: Literal[
        "text", "id", "ids", "version", "bool", "tags", "tag", "tier", "checked", "redirects", "search", "hide"
    ]
    required: bool
    description: str
    """In Chinese, for the guide and the editors."""


PAPER_FIELDS: Final = (
    Field("arxiv", "id", True, "论文的 arXiv 编号，加引号，不带版本。"),
    Field("version", "version", False, "所读的版本；读的文本没有注明版本就不写。"),
    Field("name", "text", True, "论文的短名，用在列表、地图和引用里。"),
    Field("title", "text", True, "中文标题。"),
    Field("tier", "tier", True, "篇幅：full 详读，middle 简读，short 短注。"),
    Field("summary", "text", True, "一句话概述，不超过 120 字。"),
    Field("tags", "tags", True, "标签，取自 docs/_data/tags.yml，第一个决定论文在地图上的位置。"),
    Field("builds_on", "ids", True, "它所依据的论文的编号；没有就写 []。"),
    Field("checked", "checked", True, "核对的日期与人：by 为 writer（作者本人）或 reviewer（另一位读者）。"),
    Field("redirect_from", "redirects", False, "从前的地址，构建时在那里放一页转向本页。"),
    Field("draft", "bool", False, "true 表示草稿，不进网站。"),
)
TOPIC_FIELDS: Final = (
    Field("title", "text", True, "标题。"),
    Field("summary", "text", True, "一句话概述。"),
    Field("tag", "tag", True, "专题对应的标签。"),
    Field("papers", "ids", True, "专题里的论文，按阅读顺序。"),
    Field("checked", "checked", True, "核对的日期与人。"),
    Field("redirect_from", "redirects", False, "从前的地址。"),
    Field("draft", "bool", False, "true 表示草稿，不进网站。"),
)
PLAIN_FIELDS: Final = (
    Field("title", "text", True, "标题。"),
    Field("summary", "text", False, "一句话概述，也作网页描述。"),
    Field("search", "search", False, "search: {exclude: true} 让页面不进搜索。"),
    Field("hide", "hide", False, "不显示的部件：navigation、toc。"),
    Field("redirect_from", "redirects", False, "从前的地址。"),
)


@dataclass(frozen=True)
class Checked:
    """Who compared the page with the paper, and when."""

    day: date
    by: Checker


@dataclass(frozen=True)
class Paper:
    """A paper that has a page: what its author wrote, and its record in the ledger."""

    uri: str
    """Of the page, from docs/."""
    record: Record
    version: int | None
    """The version read; None where the text read does not tell."""
    name: str
    title: str
    tier: Tier
    summary: str
    tags: tuple[str, ...]
    builds_on: tuple[str, ...]
    checked: Checked
    redirect_from: tuple[str, ...] = ()

    @property
    def arxiv(self) -> str:
        """The id, without version."""
        return self.record.arxiv

    @property
    def id(self) -> arxiv_module.ArxivId:
        """The id with the version that was read."""
        return arxiv_module.ArxivId(self.record.arxiv, self.version)

    @property
    def slug(self) -> str:
        """The page's name: `dpo`."""
        return self.uri.removeprefix("papers/").removesuffix(".md")

    @property
    def url(self) -> str:
        """The page's address from the site's root."""
        return address(self.uri)

    @property
    def count(self) -> Count | None:
        """The citation count to show."""
        return shown_count(self.record)

    @property
    def tier_name(self) -> str:
        """The tier as readers see it."""
        return TIER_NAMES[self.tier]

    @property
    def year_month(self) -> tuple[int, int]:
        """When the paper came out: from version 1's day, else from the id."""
        if self.record.published:
            return self.record.published.year, self.record.published.month
        digits = self.arxiv.rpartition("/")[2]
        year = int(digits[:2])
        return (1900 if "/" in self.arxiv and year > 90 else 2000) + year, int(digits[2:4])


@dataclass(frozen=True)
class Topic:
    """A topic page: papers of one thread in the order in which to read them."""

    uri: str
    title: str
    summary: str
    tag: str
    papers: tuple[str, ...]
    checked: Checked
    redirect_from: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page's address from the site's root."""
        return address(self.uri)


def kind_of(uri: str) -> Literal["paper", "topic", "plain"]:
    """What a page is, by where it lies."""
    folder, _, name = uri.rpartition("/")
    if name != "index.md" and folder == "papers":
        return "paper"
    if name != "index.md" and folder == "topics":
        return "topic"
    return "plain"


def read(
    document: Document, ledger: dict[str, Record], tags: frozenset[str], *, today: date
) -> tuple[Paper | Topic | None, list[Finding]]:
    """Read the front matter of a page and check every key of it.

    Shape: the record where there is nothing to say against it (None for plain pages); findings, all at once.
    """
    kind = kind_of(document.uri)
    fields = {"paper": PAPER_FIELDS, "topic": TOPIC_FIELDS, "plain": PLAIN_FIELDS}[kind]
    if document.front is None:
        if document.text.startswith("---") or (kind == "plain" and document.uri.startswith(REFERENCE)):
            return None, []  # broken front matter has been reported while reading
        return None, [
            document.front_finding(
                None, "front-matter", "the page has no front matter", "begin the page with '---' and its keys"
            )
        ]
    entries = document.front.entries
    findings: list[Finding] = []
    values: dict[str, Any] = {}
    names = [field.name for field in fields]
    for key, node in entries.items():
        if key not in names:
            known = ", ".join(names)
            findings.append(
                _at_key(document, key, node, f"unknown key {quote(key)}", f"remove it or use one of {known}")
            )
    for field in fields:
        entry = entries.get(field.name)
        if entry is None:
            if field.required:
                what = f"the key {field.name!r} is missing"
                findings.append(document.front_finding(None, "front-matter-key", what, f"add '{field.name}: …'"))
            continue
        try:
            values[field.name] = _READERS[field.kind](entry, ledger, tags, today)
        except _Wrong as wrong:
            for problem in wrong.problems:
                findings.append(
                    Finding(document.path, problem.line, problem.column, problem.rule, problem.what, problem.fix)
                )
    summary = values.get("summary")
    if summary is not None and len(summary) > SUMMARY_LIMIT and kind != "plain":
        what = f"the summary has {len(summary)} characters, more than {SUMMARY_LIMIT}"
        findings.append(document.front_finding("summary", "front-matter-value", what, "shorten it"))
    if kind == "paper" and values.get("arxiv") in values.get("builds_on", ()):
        what = f"'builds_on' names the paper itself, {values['arxiv']}"
        findings.append(document.front_finding("builds_on", "front-matter-value", what, "remove it"))
    version, record = values.get("version"), ledger.get(values.get("arxiv", ""))
    if kind == "paper" and version and record and record.version and version > record.version:
        what = f"version {version} was read, but the ledger knows only {record.version}"
        findings.append(
            document.front_finding("version", "front-matter-value", what, "correct it, or refresh the ledger")
        )
    if findings or kind == "plain":
        return None, findings
    values.pop("draft", None)
    if kind == "topic":
        return Topic(uri=document.uri, **values), []
    return Paper(
        uri=document.uri, record=ledger[values.pop("arxiv")], version=values.pop("version", None), **values
    ), []


def tier_of(document: Document) -> Tier | None:
    """The tier that a paper page names, whatever else is wrong with its front matter; None for other pages."""
    node = document.front.entries.get("tier") if document.front and kind_of(document.uri) == "paper" else None
    return cast(Tier, node.value) if node and node.kind == "str" and node.value in TIERS else None


def is_draft(document: Document) -> bool:
    """Whether the page says `draft: true`."""
    node = document.front.entries.get("draft") if document.front else None
    return node is not None and node.kind == "bool" and node.value is True


@dataclass(frozen=True)
class _Problem:
    line: int
    column: int
    rule: str
    what: str
    fix: str


class _Wrong(Exception):  # noqa: N818 - internal: a value that cannot be used
    def __init__(self, *problems: _Problem) -> None:
        super().__init__()
        self.problems = problems


def _at_key(document: Document, key: str, node: Node, what: str, fix: str) -> Finding:
    line = node.line
    found = re.search(rf"^{re.escape(key)}[ \t]*:", document.text, re.MULTILINE)
    if found:
        line = document.text.count("\n", 0, found.start()) + 1
    return Finding(document.path, line, 1, "front-matter-key", what, fix)


def _bad(node: Node, what: str, fix: str, rule: str = "front-matter-value") -> _Wrong:
    return _Wrong(_Problem(node.line, node.column, rule, what, fix))


def _text(node: Node, *_: Any) -> str:
    if node.kind != "str":
        raise _bad(
            node,
            f"{quote(node.text) if node.text else 'the value'} is no text",
            "write a text, in quotes if it looks like a number",
        )
    if not node.value.strip():
        raise _bad(node, "the text is empty", "write it")
    if any(ord(c) < 32 or ord(c) == 127 for c in node.value.strip("\n")):
        raise _bad(node, f"{quote(node.value)} holds a control character or a line break", "write it on one line")
    return cast(str, node.value.strip())


def _id(node: Node, ledger: dict[str, Record], _: Any, today: date) -> str:
    if node.kind in {"float", "int"}:
        raise _bad(node, f"YAML reads {node.text} as a number", f'put it in quotes: "{node.text}"', "arxiv-id")
    if node.kind != "str":
        raise _bad(node, "the value is no arXiv id", 'write it in quotes: "2305.18290"', "arxiv-id")
    try:
        parsed = arxiv_module.parse_id(node.value, today=today)
    except ValueError as error:
        raise _bad(node, str(error), "copy the id from the paper's arXiv page", "arxiv-id") from None
    if parsed.id != node.value:
        raise _bad(node, f"{quote(node.value)} is not the plain form of the id", f'write "{parsed.id}"', "arxiv-id")
    if parsed.id not in ledger:
        raise _bad(
            node,
            f"{parsed.id} has no record in the ledger",
            f"run 'make new ID={parsed.id}', or correct the id",
            "ledger-record",
        )
    return parsed.id


def _list(node: Node, read_item: Callable[..., Any], *context: Any) -> tuple[Any, ...]:
    if node.kind != "list":
        raise _bad(node, "the value is no list", "write [a, b], or [] where there is none")
    values: list[Any] = []
    problems: list[_Problem] = []
    for item in node.value:
        try:
            value = read_item(item, *context)
        except _Wrong as wrong:
            problems += wrong.problems
            continue
        if value in values:
            problems.append(
                _Problem(item.line, item.column, "front-matter-value", f"{quote(str(value))} stands twice", "keep one")
            )
        values.append(value)
    if problems:
        raise _Wrong(*problems)
    return tuple(values)


def _ids(node: Node, *context: Any) -> tuple[str, ...]:
    return _list(node, _id, *context)


def _tag(node: Node, _: Any, tags: frozenset[str], __: Any) -> str:
    if node.kind != "str" or node.value not in tags:
        raise _bad(node, f"{quote(node.text)} is no tag", f"use one of {', '.join(sorted(tags))} (docs/_data/tags.yml)")
    return cast(str, node.value)


def _tags(node: Node, *context: Any) -> tuple[str, ...]:
    values = _list(node, _tag, *context)
    if not values:
        raise _bad(node, "there is no tag", f"give at least one of {', '.join(sorted(context[1]))}")
    return values


def _version(node: Node, *_: Any) -> int:
    if node.kind != "int" or not 1 <= node.value <= 999:
        raise _bad(node, f"{quote(node.text)} is no version", "write a number from 1, or leave the key out")
    return cast(int, node.value)


def _bool(node: Node, *_: Any) -> bool:
    if node.kind != "bool":
        raise _bad(node, f"{quote(node.text)} is neither true nor false", "write true, or leave the key out")
    return cast(bool, node.value)


def _tier(node: Node, *_: Any) -> str:
    if node.kind != "str" or node.value not in TIERS:
        raise _bad(node, f"{quote(node.text)} is no tier", f"use one of {', '.join(TIERS)}")
    return cast(str, node.value)


def _checked(node: Node, _: Any, __: Any, today: date) -> Checked:
    shape = "write {day: 2026-11-23, by: writer} or by: reviewer"
    if node.kind != "map" or set(node.value) != {"day", "by"}:
        raise _bad(node, "'checked' needs exactly 'day' and 'by'", shape)
    day, by = node.value["day"], node.value["by"]
    if day.kind != "date":
        raise _bad(day, f"{quote(day.text)} is no day", shape)
    if day.value > today:
        raise _bad(day, f"{day.text} is in the future", "write the day on which the page was checked")
    if by.value not in CHECKERS:
        raise _bad(by, f"{quote(by.text)} is neither 'writer' nor 'reviewer'", shape)
    return Checked(day.value, by.value)


def _redirect(node: Node, *_: Any) -> str:
    text = _text(node)
    if not re.fullmatch(r"(?:[a-z0-9][a-z0-9-]{0,79}/){0,5}[a-z0-9][a-z0-9-]{0,79}\.html", text):
        raise _bad(node, f"{quote(text)} is no address of this site", "write it as papers/old-name.html")
    return text


def _redirects(node: Node, *context: Any) -> tuple[str, ...]:
    return _list(node, _redirect, *context)


def _search(node: Node, *_: Any) -> dict[str, bool]:
    if node.kind != "map" or set(node.value) != {"exclude"} or node.value["exclude"].kind != "bool":
        raise _bad(node, "'search' is not {exclude: true}", "write search: {exclude: true}, or leave the key out")
    return {"exclude": node.value["exclude"].value}


def _hide(node: Node, *context: Any) -> tuple[str, ...]:
    values = _list(node, _text, *context)
    if not set(values) <= {"navigation", "toc"}:
        raise _bad(node, "only 'navigation' and 'toc' can be hidden", "use these")
    return values


_READERS: Final[dict[str, Callable[..., Any]]] = {
    "text": _text,
    "id": _id,
    "ids": _ids,
    "version": _version,
    "bool": _bool,
    "tags": _tags,
    "tag": _tag,
    "tier": _tier,
    "checked": _checked,
    "redirects": _redirects,
    "search": _search,
    "hide": _hide,
}

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_names(documents: dict[str, Document]) -> Iterator[Finding]:
    """Names of pages: fixed addresses, so plain ones, and none that collide on another system."""
    folded: dict[str, str] = {}
    for uri, document in sorted(documents.items()):
        stem = uri.removesuffix(".md")
        for part in stem.split("/"):
            if (
                not _SLUG.fullmatch(part)
                or part in {"con", "prn", "aux", "nul"}
                or re.fullmatch(r"(?:com|lpt)[0-9]", part)
            ):
                yield Finding(
                    document.path,
                    1,
                    1,
                    "page-name",
                    f"{quote(part)} is no name for a page",
                    "use a-z, 0-9 and single hyphens",
                )
        other = folded.setdefault(uri.lower(), uri)
        if other != uri:
            yield Finding(
                document.path, 1, 1, "page-name", f"differs from docs/{other} in case only", "rename one of them"
            )
