"""The front matter of pages, checked key by key: one table of keys for each kind of page, one reader for each kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, cast

from papernotes.base import arxiv
from papernotes.base.escaping import RAW
from papernotes.base.fields import ARXIV_ID, DAY, TEXT, Schema, closed
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.ledger import Record
from papernotes.data.paper import CHECKERS, KINDS, TIER_NAMES, TIERS, Checked, Note, kind_of
from papernotes.text.document import Document
from papernotes.text.frontmatter import Node
from papernotes.text.special_pages import REFERENCE

NO_FRONT_MATTER: Final = "the page has no front matter"
"""What is then found in the page follows from it."""
SUMMARY_LIMIT: Final = 120
"""Characters of a summary: one sentence that fits a card."""

RULES = (
    Rule("arxiv-id", "arXiv 编号写法正确", "编号错一位，链接、引用数和书目就都是别人的。", 'arxiv: "2305.1829"', 'arxiv: "2305.18290"'),
    Rule("ledger-record", "页面引用的论文在台账里有记录", "没有台账记录，就没有作者、日期和引用数可显示。", 'builds_on: ["2305.99999"]', 'builds_on: ["2203.02155"]'),
    Rule("duplicate-paper", "一篇论文只有一页", "两页写同一篇论文，读者不知道该信哪一页。", "（两页都写 arxiv: \"2305.18290\"）", "（合并为一页）"),
    Rule("page-name", "文件名是小写拉丁字母、数字和连字符，且不与别的页面只差大小写", "文件名就是永久地址；在不分大小写的系统上会互相覆盖。", "docs/papers/DPO.md 与 docs/papers/dpo.md", "docs/papers/dpo.md"),
    Rule("page-title", "每页一个标题，一个简称，各不相同", "两页同名，列表和搜索里就分不清。", "title: 直接偏好优化（两页相同）", "title: 直接偏好优化：你的语言模型其实就是一个奖励模型"),
    Rule("page-draft", "草稿不能合并", "草稿不会出现在网站上；写完后删去这一行。", "draft: true", "（没有 draft 这一行）"),
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What the value of a key is read against."""

    path: str
    """Of the page, as findings show it."""
    ledger: Mapping[str, Record]
    tags: frozenset[str]
    today: date


@dataclass(frozen=True)
class Kind:
    """A kind of value."""

    read: Callable[[Node, Context], Any]
    schema: Callable[[Sequence[str]], Schema]
    """By the tags of the site."""
    snippet: str = "$1"
    """What an editor offers; `{tag}`, `{tier}` and `{checker}` stand for the choices."""


@dataclass(frozen=True)
class Field:
    """One key of a page's front matter."""

    name: str
    kind: Kind
    required: bool
    description: str
    """In Chinese, for the guide and the editors."""


class _Wrong(Exception):  # noqa: N818 - internal: a value that cannot be used
    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def _bad(node: Node, context: Context, what: str, fix: str, rule: str = "front-matter-value") -> _Wrong:
    return _Wrong(node.finding(context.path, rule, what, fix))


"""What a text of the front matter shows as it stands, in lists, cards and results."""


def _text(node: Node, context: Context) -> str:
    if node.kind != "str":
        what = f"{quote(node.text) if node.text else 'the value'} is not a text"
        raise _bad(node, context, what, "write a text, in quotes if it looks like a number")
    if not node.value.strip():
        raise _bad(node, context, "the text is empty", "write it")
    if any(ord(c) < 32 or ord(c) == 127 for c in node.value.strip("\n")):
        what = f"{quote(node.value)} holds a control character or a line break"
        raise _bad(node, context, what, "write it on one line")
    return cast(str, node.value.strip())


def _id(node: Node, context: Context) -> str:
    if node.kind in {"float", "int"}:
        raise _bad(node, context, f"YAML reads {node.text} as a number", f'put it in quotes: "{node.text}"', "arxiv-id")
    if node.kind != "str":
        raise _bad(node, context, "the value is not an arXiv id", 'write it in quotes: "2305.18290"', "arxiv-id")
    try:
        parsed = arxiv.parse_id(node.value, today=context.today)
    except ValueError as error:
        raise _bad(node, context, str(error), "copy the id from the paper's arXiv page", "arxiv-id") from None
    if parsed.id != node.value:
        what = f"{quote(node.value)} is not the plain form of the id"
        raise _bad(node, context, what, f'write "{parsed.id}"', "arxiv-id")
    if parsed.id not in context.ledger:
        what, fix = f"{parsed.id} has no record in the ledger", f"run 'make new ID={parsed.id}', or correct the id"
        raise _bad(node, context, what, fix, "ledger-record")
    return parsed.id


def _list(node: Node, context: Context, read_item: Callable[[Node, Context], Any]) -> tuple[Any, ...]:
    if node.kind != "list":
        raise _bad(node, context, "the value is not a list", "write [a, b], or [] where there is none")
    values: list[Any] = []
    findings: list[Finding] = []
    for item in node.value:
        try:
            value = read_item(item, context)
        except _Wrong as wrong:
            findings += wrong.findings
            continue
        if value in values:
            what = f"{quote(str(value))} is repeated"
            findings.append(item.finding(context.path, "front-matter-value", what, "keep one"))
        values.append(value)
    if findings:
        raise _Wrong(*findings)
    return tuple(values)


def _ids(node: Node, context: Context) -> tuple[str, ...]:
    return _list(node, context, _id)


def _tag(node: Node, context: Context) -> str:
    if node.kind != "str" or node.value not in context.tags:
        fix = f"use one of {', '.join(sorted(context.tags))} (docs/_data/tags.yml)"
        if "，" in node.text:
            fix = "write a half-width comma between two tags"
        raise _bad(node, context, f"{quote(node.text)} is not a tag", fix)
    return cast(str, node.value)


def _tags(node: Node, context: Context) -> tuple[str, ...]:
    values = _list(node, context, _tag)
    if not values:
        raise _bad(node, context, "there is no tag", f"give at least one of {', '.join(sorted(context.tags))}")
    return values


def _version(node: Node, context: Context) -> int:
    if node.kind != "int" or not 1 <= node.value <= 999:
        raise _bad(node, context, f"{quote(node.text)} is not a version", "write a number from 1, or leave the key out")
    return cast(int, node.value)


def _bool(node: Node, context: Context) -> bool:
    if node.kind != "bool":
        raise _bad(node, context, f"{quote(node.text)} is neither true nor false", "write true, or leave the key out")
    return cast(bool, node.value)


def _tier(node: Node, context: Context) -> str:
    if node.kind != "str" or node.value not in TIERS:
        raise _bad(node, context, f"{quote(node.text)} is not a tier", f"use one of {', '.join(TIERS)}")
    return cast(str, node.value)


def _checked(node: Node, context: Context) -> Checked:
    shape = "write {day: 2026-11-23, by: writer} or by: reviewer"
    if node.kind != "map" or set(node.value) != {"day", "by"}:
        raise _bad(node, context, "'checked' needs exactly 'day' and 'by'", shape)
    day, by = node.value["day"], node.value["by"]
    if day.kind != "date":
        raise _bad(day, context, f"{quote(day.text)} is not a day", shape)
    if day.value > context.today:
        raise _bad(day, context, f"{day.text} is in the future", "write the day on which the page was checked")
    if by.value not in CHECKERS:
        raise _bad(by, context, f"{quote(by.text)} is neither 'writer' nor 'reviewer'", shape)
    return Checked(day.value, by.value)


def _redirect(node: Node, context: Context) -> str:
    text = _text(node, context)
    if not re.fullmatch(r"(?:[a-z0-9][a-z0-9-]{0,79}/){0,5}[a-z0-9][a-z0-9-]{0,79}\.html", text):
        raise _bad(node, context, f"{quote(text)} is not an address of this site", "write it as papers/old-name.html")
    return text


def _redirects(node: Node, context: Context) -> tuple[str, ...]:
    return _list(node, context, _redirect)


def _search(node: Node, context: Context) -> dict[str, bool]:
    if node.kind != "map" or set(node.value) != {"exclude"} or node.value["exclude"].kind != "bool":
        fix = "write search: {exclude: true}, or leave the key out"
        raise _bad(node, context, "'search' is not {exclude: true}", fix)
    return {"exclude": node.value["exclude"].value}


def _hide(node: Node, context: Context) -> tuple[str, ...]:
    values = _list(node, context, _text)
    if not set(values) <= {"navigation", "toc"}:
        raise _bad(node, context, "only 'navigation' and 'toc' can be hidden", "use these")
    return values


def _summary(node: Node, context: Context) -> str:
    text = _text(node, context)
    if len(text) > SUMMARY_LIMIT:
        raise _bad(node, context, f"the summary has {len(text)} characters, more than {SUMMARY_LIMIT}", "shorten it")
    return text


_ID_SCHEMA: Final[Schema] = {"type": "string", "pattern": ARXIV_ID}
_TIER_WORDS: Final = [f"{TIER_NAMES[name]}：{least} 至 {most} 个汉字。" for name, (least, most) in TIERS.items()]
_CHECKED_SCHEMA: Final = closed(
    {
        "day": {"type": "string", **DAY, "description": "核对的日期。"},
        "by": {"enum": list(CHECKERS), "description": "writer：作者本人；reviewer：另一位读者对照论文读过。"},
    }
)


def _unique(item: Schema) -> Schema:
    return {"type": "array", "items": item, "uniqueItems": True}


TEXT_KIND: Final = Kind(_text, lambda _: TEXT)
SUMMARY: Final = Kind(_summary, lambda _: {**TEXT, "maxLength": SUMMARY_LIMIT})
ID: Final = Kind(_id, lambda _: _ID_SCHEMA, '"${1:2106.09685}"')
IDS: Final = Kind(_ids, lambda _: _unique(_ID_SCHEMA), '["${1:2005.14165}"]')
VERSION: Final = Kind(_version, lambda _: {"type": "integer", "minimum": 1, "maximum": 999}, "${1:1}")
BOOL: Final = Kind(_bool, lambda _: {"type": "boolean"}, "true")
TAG: Final = Kind(_tag, lambda tags: {"enum": list(tags)}, "${1{tag}}")
TAGS: Final = Kind(
    _tags,
    lambda tags: {"type": "array", "items": {"enum": list(tags)}, "minItems": 1, "uniqueItems": True},
    "[${1{tag}}]",
)
TIER: Final = Kind(_tier, lambda _: {"enum": list(TIERS), "enumDescriptions": _TIER_WORDS}, "${1{tier}}")
CHECKED: Final = Kind(
    _checked,
    lambda _: _CHECKED_SCHEMA,
    "{day: $CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE, by: ${1{checker}}}",
)
REDIRECTS: Final = Kind(
    _redirects,
    lambda _: _unique({"type": "string", "pattern": r"^(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9-]*\.html$"}),
    "[${1:papers/old-name.html}]",
)
KEYWORDS: Final = Kind(lambda node, given: _list(node, given, _text), lambda _: _unique(TEXT), "[${1:读者会输入的词}]")
SEARCH: Final = Kind(_search, lambda _: closed({"exclude": {"type": "boolean"}}), "{exclude: true}")
HIDE: Final = Kind(_hide, lambda _: _unique({"enum": ["navigation", "toc"]}), "[${1|navigation,toc|}]")

_KEYWORDS: Final = Field("keywords", KEYWORDS, False, "读者会用来找这一页、页面上却没有的词，至多八个，只供搜索。")
_DRAFT: Final = Field("draft", BOOL, False, "true 表示草稿，不进网站。")
PAPER_FIELDS: Final = (
    Field("arxiv", ID, True, "论文的 arXiv 编号，加引号，不带版本。"),
    Field("version", VERSION, False, "所读的版本；读的文本没有注明版本就不写。"),
    Field("name", TEXT_KIND, True, "论文的短名，用在列表、地图和引用里。"),
    Field("title", TEXT_KIND, True, "中文标题。"),
    Field("tier", TIER, True, "篇幅：full 详读，middle 简读，short 短注。"),
    Field("summary", SUMMARY, True, "一句话概述，不超过 120 字。"),
    Field("tags", TAGS, True, "标签，取自 docs/_data/tags.yml，第一个决定论文在地图上的位置。"),
    Field("builds_on", IDS, True, "它所依据的论文的编号；没有就写 []。"),
    Field("checked", CHECKED, True, "核对的日期与人：by 为 writer（作者本人）或 reviewer（另一位读者）。"),
    _KEYWORDS,
    Field("redirect_from", REDIRECTS, False, "从前的地址，构建时在那里放一页转向本页。"),
    _DRAFT,
)
TOPIC_FIELDS: Final = (
    Field("title", TEXT_KIND, True, "标题。"),
    Field("summary", SUMMARY, True, "一句话概述。"),
    Field("tag", TAG, True, "专题对应的标签。"),
    Field("papers", IDS, True, "专题里的论文，按阅读顺序。"),
    Field("checked", CHECKED, True, "核对的日期与人。"),
    _KEYWORDS,
    Field("redirect_from", REDIRECTS, False, "从前的地址。"),
    _DRAFT,
)
PLAIN_FIELDS: Final = (
    Field("title", TEXT_KIND, True, "标题。"),
    Field("summary", TEXT_KIND, False, "一句话概述，也作网页描述。"),
    Field("search", SEARCH, False, "search: {exclude: true} 让页面不进搜索。"),
    Field("hide", HIDE, False, "不显示的部件：navigation、toc。"),
    _KEYWORDS,
    Field("redirect_from", REDIRECTS, False, "从前的地址。"),
)
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {"paper": PAPER_FIELDS, "topic": TOPIC_FIELDS, "plain": PLAIN_FIELDS}
"""By kind of page."""


def schemas(fields: Sequence[Field], tags: Sequence[str]) -> dict[str, Schema]:
    """The keys of a page's front matter, each with its schema and its description."""
    return {field.name: {**field.kind.schema(tags), "description": field.description} for field in fields}


def read(
    document: Document, ledger: dict[str, Record], tags: frozenset[str], *, today: date
) -> tuple[Note | None, list[Finding]]:
    """Read the front matter of a page and check every key of it.

    Shape: the record where its values can be used (None for plain pages); findings, all at once.
    """
    kind = kind_of(document.uri)
    fields, context = FIELDS[kind], Context(document.path, ledger, tags, today)
    if document.front is None:
        if document.text.lstrip().startswith("---") or (kind == "plain" and document.uri.startswith(REFERENCE)):
            return None, []  # broken front matter has been reported while reading
        fix = "begin the page with '---' and its keys"
        return None, [document.front_finding(None, "front-matter", NO_FRONT_MATTER, fix)]
    entries = document.front.entries
    findings: list[Finding] = []
    raw: list[Finding] = []
    values: dict[str, Any] = {}
    names = [field.name for field in fields]
    meant: set[str] = set()
    for key, node in entries.items():
        if key not in names:
            near = get_close_matches(key.lower(), [name for name in names if name not in entries], n=1)
            meant.update(near)
            fix = f"did you mean {near[0]}?" if near else f"remove it or use one of {', '.join(names)}"
            findings.append(_at_key(document, key, node, f"unknown key {quote(key)}", fix))
    for field in fields:
        entry = entries.get(field.name)
        if entry is None:
            if field.required and field.name not in meant:
                what = f"the key {field.name!r} is missing"
                findings.append(document.front_finding(None, "front-matter-key", what, f"add '{field.name}: …'"))
            continue
        try:
            values[field.name] = value = field.kind.read(entry, context)
        except _Wrong as wrong:
            findings += wrong.findings
            continue
        if isinstance(value, str) and (mark := RAW.search(value)):  # it can be used all the same
            what = f"{quote(mark.group())} would be shown as it stands"
            fix = "write plain words: no Markdown, TeX or HTML"
            raw.append(entry.finding(context.path, "front-matter-value", what, fix))
    if kind == "paper" and values.get("arxiv") in values.get("builds_on", ()):
        what = f"'builds_on' names the paper itself, {values['arxiv']}"
        findings.append(document.front_finding("builds_on", "front-matter-value", what, "remove it"))
    version, record = values.get("version"), ledger.get(values.get("arxiv", ""))
    if kind == "paper" and version and record and record.version and version > record.version:
        what = f"version {version} was read, but the ledger knows only {record.version}"
        fix = "correct it, or refresh the ledger"
        findings.append(document.front_finding("version", "front-matter-value", what, fix))
    if findings or kind == "plain":
        return None, [*findings, *raw]
    values.pop("draft", None)
    if kind == "paper":
        values["record"] = ledger[values.pop("arxiv")]
    return KINDS[document.uri.partition("/")[0]](uri=document.uri, **values), raw


def _at_key(document: Document, key: str, node: Node, what: str, fix: str) -> Finding:
    line = node.line
    found = re.search(rf"^{re.escape(key)}[ \t]*:", document.text, re.MULTILINE)
    if found:
        line = document.text.count("\n", 0, found.start()) + 1
    return Finding(document.path, line, 1, "front-matter-key", what, fix)


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
"""Names that Windows keeps for itself."""


def check_names(documents: dict[str, Document]) -> Iterator[Finding]:
    """Names of pages: fixed addresses, so plain ones, and none that collide on another system."""
    folded: dict[str, str] = {}
    for uri, document in sorted(documents.items()):
        stem = uri.removesuffix(".md")
        for part in stem.split("/"):
            if not _SLUG.fullmatch(part) or _RESERVED.fullmatch(part):
                what = f"{quote(part)} is not a name for a page"
                yield document.front_finding(None, "page-name", what, "use a-z, 0-9 and single hyphens")
        other = folded.setdefault(uri.lower(), uri)
        if other != uri:
            what = f"differs from docs/{other} in case only"
            yield document.front_finding(None, "page-name", what, "rename one of them")
