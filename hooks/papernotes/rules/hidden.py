"""Hidden characters and such as change the direction: as they stand, as character references, and as escapes in YAML."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Iterator
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.hidden import HIDDEN, describe
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.text.document import Document
from papernotes.text.frontmatter import Node

RULES = (
    Rule(
        "unsafe-character",
        "没有看不见的字符和改变方向的字符",
        "它们让人看到的和程序读到的不是同一段文字。字符引用和 YAML 转义写出来的也算。",
        "胜率 61%（U+202E）",
        "胜率 61%",
    ),
)  # fmt: skip

_REFERENCE: Final = re.compile(r"&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Hidden characters as they stand, as character references, and as escapes in the front matter; references to no character."""
    starts = -document.body_start
    for match in HIDDEN.finditer(document.text):
        yield document.finding(match.start() + starts, *described(match.group()))
    for match in _REFERENCE.finditer(document.body):
        meant = html_module.unescape(match.group())
        if meant != match.group() and HIDDEN.search(meant):
            yield document.finding(match.start(), *described(meant, match.group()))
        elif meant == match.group() and meant[-1] == ";" and document.prose.startswith(meant, match.start()):
            what = f"{quote(meant)} is the name of no character"
            yield document.finding(
                match.start(), "raw-mark", what, "write the character itself, or &amp; for a & before a name"
            )
    for node in document.front.entries.values() if document.front else ():
        for place in texts(node):
            hidden = HIDDEN.search(str(place.value))
            if hidden and hidden.group() not in document.text[: document.body_start]:
                yield Finding(document.path, place.line, place.column, *described(hidden.group(), "an escape"))


def texts(node: Node) -> Iterator[Node]:
    """The texts of YAML at any depth."""
    if node.kind == "map":
        for each in node.value.values():
            yield from texts(each)
    elif node.kind == "list":
        for each in node.value:
            yield from texts(each)
    elif node.kind == "str":
        yield node


def described(text: str, written: str = "") -> tuple[str, str, str]:
    """Rule, what and fix of a hidden character."""
    return "unsafe-character", *describe(text, written)
