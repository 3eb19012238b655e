"""The keywords of a page: what readers look for it by, where its own words do not answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.search import fold
from papernotes.text.document import Document

MOST: Final = 8
LONGEST: Final = 16
"""Characters: what somebody types, not a sentence."""

RULES = (
    Rule("keyword", "关键词至多八个，每个 2 到 16 个字，页面上没有", "页面上已有的词，不写也搜得到；多了，每一页就都答每一个查询。", "keywords: [量化]", "keywords: [显存不足]"),
)  # fmt: skip


def check(document: Document, _: Site) -> Iterator[Finding]:
    """How many keywords there are, how long they are, and whether the page has them anyhow."""
    entries = document.front.entries if document.front else {}
    entry = entries.get("keywords")
    if entry is None or entry.kind != "list":
        return
    if not 1 <= len(entry.value) <= MOST:
        what = f"there are {len(entry.value)} keywords, not 1 to {MOST}"
        yield entry.finding(document.path, "keyword", what, "keep those by which readers look for the page")
    shown = [document.body, *(node.text for key, node in entries.items() if key in _SHOWN)]
    text = fold.fold("\n".join(shown))
    for node in entry.value:
        if node.kind != "str":
            continue
        folded = fold.fold(node.value).strip()
        if not 2 <= len(node.value) <= LONGEST or not folded.strip(". "):
            what = f"{quote(node.value)} is not a word of 2 to {LONGEST} characters"
            yield node.finding(document.path, "keyword", what, "write what a reader types, or remove it")
        elif folded in text:
            what = f"{quote(node.value)} stands on the page, so that search finds it there"
            yield node.finding(document.path, "keyword", what, "remove it")


_SHOWN: Final = ("name", "title", "summary", "tag", "tags")
"""Keys whose values search knows of a page beside its text."""
