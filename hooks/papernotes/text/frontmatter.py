"""Front matter, read as it was written: every value keeps its text and its place.

MkDocs ignores front matter it cannot parse and YAML reads an unquoted `1706.03760` as a number, so neither is trusted
with it: the YAML is parsed here into nodes, and a node says what it is and where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Final, Literal, TypeVar

import yaml

from papernotes.base.fields import Field
from papernotes.base.finding import Finding, quote
from papernotes.base.han import is_joined
from papernotes.base.rule import Rule

RULES = (
    Rule(
        "front-matter",
        "页面以一段合法的 YAML 头信息开始",
        "网站的一切列表、卡片和引用都来自头信息。",
        "---\ntitle: [没有关上\n---",
        '---\ntitle: "写完整的标题"\n---',
    ),
    Rule(
        "front-matter-key", "头信息只用已知的键，必需的键都在", "拼错的键会被悄悄忽略。", "titel: 标题", "title: 标题"
    ),
    Rule(
        "front-matter-value",
        "每个键的值都是说好的类型",
        "没有引号的 2305.18290 会被 YAML 读成数字，丢掉末尾的零。",
        "arxiv: 2305.18290",
        'arxiv: "2305.18290"',
    ),
)

MAX_DEPTH: Final = 6
"""Nesting deeper than this is refused before it is parsed recursively."""

MAX_NAME: Final = 200
"""Characters of a name, which is looked for in every text."""
MAX_TEXT: Final = 5_000
"""Characters of one value: a definition has some hundred."""
MAX_ITEMS: Final = 5_000
"""Values of one list or mapping: the term table is a list of some hundred."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times as fast
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML takes for the end of a line
_OPEN = re.compile(r"---[ \t]*\n")
_LATE = re.compile(r"\s+---[ \t]*\n(?=[a-z_]+:)")
_COMMENT = re.compile(r"[ \t]+#")
_CONTEXT: Final = 8
"""Characters on either side of a line break that tell it from a space that was written."""
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value with its place in the file."""

    kind: Literal["str", "int", "float", "bool", "null", "date", "list", "map"]
    value: Any
    """str, int, bool, None, date; the written text for a float; list[Node]; dict[str, Node]."""
    text: str
    """As written, for scalars."""
    line: int
    column: int

    def finding(self, path: str, rule: str, what: str, fix: str) -> Finding:
        """A finding at this value."""
        return Finding(path, self.line, self.column, rule, what, fix)


@dataclass(frozen=True)
class FrontMatter:
    """The mapping between the two `---` lines."""

    entries: dict[str, Node]

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of a key's value, of its key where the value is empty, (1, 1) where it is missing."""
        node = self.entries.get(key)
        return (node.line, node.column) if node else (1, 1)

    @classmethod
    def split(cls, path: str, text: str, limit: int) -> tuple[FrontMatter | None, int, list[Finding]]:
        """Part a page into its front matter and its body.

        Shape: (front matter or None, offset of the body, findings). Units: `limit` in bytes of UTF-8.
        """
        opening = _OPEN.match(text)
        if not opening:
            if late := _LATE.match(text):  # nothing is said of the body, which would begin with the keys
                line = text.count("\n", 0, late.end())
                what, fix = "blank lines stand above the front matter", "begin the page with the line '---'"
                return None, len(text), [_found(path, line, 1, what, fix)]
            return None, 0, []
        closing = _CLOSE.search(text, opening.end())
        if not closing:
            return None, len(text), [_found(path, 1, 1, "the front matter is not closed", "end it with a line '---'")]
        body = min(closing.end() + 1, len(text))
        block = text[opening.end() : closing.start()]
        if len(block.encode()) > limit:
            what = f"the front matter has {len(block.encode())} bytes, more than {limit}"
            return None, body, [_found(path, 1, 1, what, "move the text into the body")]
        entries, findings = read_mapping(path, block, first_line=2)
        if not entries and re.search("[\x85\u2028\u2029]", block):
            return None, body, []  # `unsafe-character` tells of the hidden end of a line
        return None if findings and not entries else cls(entries), body, findings


def read_mapping(path: str, text: str, *, first_line: int = 1) -> tuple[dict[str, Node], list[Finding]]:
    """Read one YAML mapping, without tags, anchors or aliases.

    Shape: (entries, findings); `first_line` is the line of the file on which `text` begins.
    """
    root, findings = read_yaml(path, text, first_line=first_line)
    if root is not None and root.kind != "map":
        findings.append(root.finding(path, "front-matter", "the YAML is not a mapping", "write 'key: value' lines"))
    return root.value if root is not None and root.kind == "map" else {}, findings


def read_list(path: str, text: str, rule: str, entry: str) -> tuple[list[Node], list[Finding]]:
    """Read one YAML list into its entries; none where it is something else. `entry`: how an entry begins."""
    root, findings = read_yaml(path, text)
    if root is not None and root.kind != "list":
        findings.append(root.finding(path, rule, "is not a list", f"begin each {entry}"))
    return root.value if root is not None and root.kind == "list" else [], findings


F = TypeVar("F", bound=Field)


class WrongError(Exception):
    """A value that cannot be taken: where it is, what is wrong and what to do."""

    def __init__(self, place: Node, what: str, fix: str, rule: str | None = None) -> None:
        super().__init__(what)
        self.place, self.what, self.fix, self.rule = place, what, fix, rule

    def finding(self, path: str, rule: str) -> Finding:
        """The finding that says so. `rule`: the one that is broken where none was named."""
        return self.place.finding(path, self.rule or rule, self.what, self.fix)


def wrong_keys(entry: Node, fields: Sequence[Field]) -> Iterator[WrongError]:
    """What is wrong with an entry before its values are looked at: it is not a mapping, or keys are missing or unknown."""
    if entry.kind != "map":
        yield WrongError(entry, "the entry is not a mapping", "write 'key: value' lines")
        return
    free = [field.name for field in fields if field.name not in entry.value]
    names = [field.name for field in fields]
    meant = {
        key: near[0]
        for key in entry.value
        if key not in names and (near := get_close_matches(key, free, n=1, cutoff=0.75))
    }
    for field in fields:
        if field.required and field.name not in entry.value and field.name not in meant.values():
            fix = "add it, null where none is known" if field.may_be_null else "add it"
            yield WrongError(entry, f"the key {quote(field.name)} is missing", fix)
    for key, item in entry.value.items():
        if key not in names:
            fix = f"did you mean {meant[key]}?" if key in meant else f"use one of {', '.join(names)}"
            yield WrongError(item, f"the key {quote(key)} is unknown", fix)


def read_values(
    path: str, rule: str, entry: Node, fields: Sequence[F], value: Callable[[F, Node], Any]
) -> tuple[dict[str, Any], list[Finding]]:
    """The values of an entry by key, with its line. `value`: reads one, or raises WrongError. `rule`: what a finding breaks."""
    findings = [each.finding(path, rule) for each in wrong_keys(entry, fields)]
    values: dict[str, Any] = {"line": entry.line}
    for field in fields if entry.kind == "map" else ():
        if field.name in entry.value:
            try:
                values[field.name] = value(field, entry.value[field.name])
            except WrongError as wrong:
                findings.append(wrong.finding(path, rule))
    return values, findings


def plain_value(field: Field, item: Node) -> str | bool | tuple[str, ...] | None:
    """The value of a key whose schema asks for a text, texts, or what is true or not. Raises: WrongError."""
    name, kind, most = field.name, field.schema["type"], field.schema.get("maxLength", MAX_NAME)
    if kind == "boolean":
        if item.kind != "bool":
            raise WrongError(item, f"{name!r} is not a truth value", f"write '{name}: true' or leave it out")
        return bool(item.value)
    if kind == "array":
        if item.kind != "list" or any(part.kind != "str" or not part.value.strip() for part in item.value):
            fix = f"write '{name}: [一种写法, 另一种]', numbers in quotes"
            raise WrongError(item, f"{name!r} is not a list of texts", fix)
        for part in item.value:
            if "，" in part.value:
                raise WrongError(
                    part, f"a full-width comma in {quote(part.value)}", "part the texts by half-width ones"
                )
            _check_length(part, most)
        return tuple(str(part.value) for part in item.value)
    if item.kind == "null" and field.may_be_null:
        return None
    if item.kind != "str" or item.value.strip() != item.value or not item.value:
        raise WrongError(item, f"{name!r} is not a text", "write a text, in quotes where YAML reads it otherwise")
    _check_length(item, most)
    return str(item.value)


def _check_length(item: Node, most: int) -> None:
    if len(item.value) > most:
        raise WrongError(item, f"a text of {len(item.value)} characters, more than {most}", "shorten it")


def read_yaml(path: str, text: str, *, first_line: int = 1) -> tuple[Node | None, list[Finding]]:
    """Read one YAML document into nodes; None where it cannot be read or is empty."""
    findings: list[Finding] = []
    written = _BREAK.split(text)

    def refused(mark: Any, what: str, fix: str = "correct it") -> tuple[None, list[Finding]]:
        line, column = (mark.line, mark.column + 1) if mark else (0, 1)  # YAML may stumble behind the last line
        return None, [_found(path, min(line, len(written) - 1) + first_line, column, what, fix)]

    try:
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                return refused(event.start_mark, "anchors and aliases are not allowed", "write the value out")
            if tag := getattr(event, "tag", None):
                return refused(event.start_mark, f"the tag {tag!r} is not allowed", "write a plain value")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return refused(event.start_mark, f"values are nested deeper than {MAX_DEPTH}", "flatten them")
        tree = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        opened = error.context_mark if "flow" in str(error.context) else None  # a bracket never closed: where it opens
        mark = opened or error.problem_mark or error.context_mark
        within = written[opened.line][opened.column :] if opened and opened.line < len(written) else ""
        if opened and "，" in within:
            what, fix = "a full-width comma within brackets", "write a half-width one, or the text in quotes"
            column = opened.column + within.index("，") + 1
            return None, [_found(path, opened.line + first_line, column, what, fix)]
        if not opened and mark and (slip := _slip(written[: mark.line + 1])):
            line, column, what, fix = slip
            return None, [_found(path, line + first_line, column + 1, what, fix)]
        return refused(mark, f"not valid YAML: {error.problem}")
    except yaml.YAMLError as error:
        return refused(None, f"not valid YAML: {str(error).splitlines()[0]}")
    if tree is None:
        return None, []
    return _node(path, tree, first_line, findings, written), findings


_NO_SPACE: Final = re.compile(r"\s*(?:- )*[A-Za-z_][\w-]*:(?=[^\s/])")
_VALUE: Final = re.compile(r"\s*(?:- +)*(?:[A-Za-z_][\w-]*: +)?(?P<value>[^\s#].*)")
_QUOTED: Final = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:#.*)?\Z""")
_KEY_ALONE: Final = re.compile(r"\s*(?:- +)*[A-Za-z_][\w-]*:\s*(?:#.*)?\Z")
_BRACKETED: Final = re.compile(r"\[[^\[\]]*\][ \t]*[^\s,#]|\{[^{}]*\}[ \t]*[^\s,#]")
"""A text that begins with what YAML reads as a list or a mapping."""
_AMBIGUOUS: Final = re.compile(r"[@`%&*!?]|[-|>,\]}]|.*?(?::\s|\s:|:\Z)")
"""What makes of a value something else than text."""


def _slip(lines: list[str]) -> tuple[int, int, str, str] | None:
    """The line that is not what its writer meant, of those up to where YAML stumbles; it often does so lines below.

    Shape: line and column from 0, what, fix.
    """
    for number, line in reversed(list(enumerate(lines))):  # the nearest: far above, what it looks like was read well
        if match := re.match(r" *\t", line):
            return number, match.end() - 1, "a tab indents the line", "write spaces"
        if match := re.match(r"\s*(?:- )*[A-Za-z_][\w-]*：", line):
            return number, match.end() - 1, "a full-width colon behind a key", "write key: value"
        if match := _NO_SPACE.match(line):
            return number, match.end() - 1, "a colon without a space behind it", "write key: value"
        if (match := _VALUE.match(line)) is None or _KEY_ALONE.match(line):
            continue
        value, column = match["value"], match.start("value")
        if value[0] in "\"'":
            if not _QUOTED.match(value):
                return number, column, f"{quote(value)} is not in one pair of quotes", "close it, with nothing behind"
        elif match.start("value") > 0 and (_BRACKETED if value[0] in "[{" else _AMBIGUOUS).match(value):
            return number, column, f"YAML does not read {quote(value)} as text", "put the value in quotes"
        elif match.start("value") == 0 and ":" not in line:
            return (
                number,
                0,
                f"{quote(line)} has no key",
                "write key: value, and indent what goes on from the line above",
            )
    if len(lines) > 1 and lines[-2].lstrip().startswith("#") and lines[-1].startswith(" "):
        return len(lines) - 2, lines[-2].index("#"), "a comment ends the value above it", "move it above the key"
    return None


def _node(path: str, node: yaml.Node, first_line: int, findings: list[Finding], lines: list[str]) -> Node:
    line, column = node.start_mark.line + first_line, node.start_mark.column + 1
    most, unit = (MAX_TEXT, "characters") if isinstance(node, yaml.ScalarNode) else (MAX_ITEMS, "values")
    if len(node.value) > most:
        what = f"a value of {len(node.value)} {unit}, more than {most}"
        findings.append(_found(path, line, column, what, "shorten it"))
        return Node("null", None, "", line, column)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key_line, key_column = key_node.start_mark.line + first_line, key_node.start_mark.column + 1
            if not isinstance(key_node, yaml.ScalarNode):
                findings.append(_found(path, key_line, key_column, "a key is not plain text", "write 'key: value'"))
                continue
            key = str(key_node.value)
            if key in entries:
                findings.append(
                    Finding(path, key_line, key_column, "front-matter-key", f"{quote(key)} is repeated", "keep one")
                )
            entries[key] = _node(path, value_node, first_line, findings, lines)
        return Node("map", entries, "", line, column)
    if isinstance(node, yaml.SequenceNode):
        return Node("list", [_node(path, item, first_line, findings, lines) for item in node.value], "", line, column)
    text = _joined(str(node.value), node, lines)
    end = node.end_mark
    style = getattr(node, "style", None)
    kind = node.tag.rpartition(":")[2]
    # Behind a text it may be meant as the rest of it; behind a number or a day it cannot.
    if kind == "str" and not style and text and _COMMENT.match(lines[end.line], end.column):
        what = f"a comment follows the plain value {quote(text)}"
        fix = "put the value in quotes, or the comment on a line of its own"
        findings.append(_found(path, end.line + first_line, end.column + 1, what, fix))
    if kind == "int" and re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})", text):
        return Node("int", int(text), text, line, column)
    if kind in {"int", "float"}:
        return Node("float", text, text, line, column)
    if kind == "bool":
        return Node("bool", text.lower() in {"true", "yes", "on"}, text, line, column)
    if kind == "null":
        return Node("null", None, text, line, column)
    if kind == "timestamp":
        try:
            return Node("date", date.fromisoformat(text), text, line, column)
        except ValueError:
            return Node("str", text, text, line, column)
    return Node("str", text, text, line, column)


def _joined(value: str, node: yaml.Node, lines: list[str]) -> str:
    """A value written over several lines, without the space that YAML puts between two Chinese characters."""
    if node.start_mark.line == node.end_mark.line or getattr(node, "style", None) == "|":
        return value
    written = [line.strip() for line in lines[node.start_mark.line : node.end_mark.line + 1]]
    for before, after in pairwise(written):
        if before and after and is_joined(before[-1], after[0]):
            end, start = before[-_CONTEXT:].split()[-1].lstrip("\"'"), after[:_CONTEXT].split()[0].rstrip("\"'")
            value = value.replace(f"{end} {start}", f"{end}{start}", 1)
    return value


def _found(path: str, line: int, column: int, what: str, fix: str) -> Finding:
    return Finding(path, line, column, "front-matter", what, fix)
