"""The sections and the length of a paper page, by its tier; headings of every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.han import HAN
from papernotes.base.rule import Rule
from papernotes.data.paper import TIERS, tier_of
from papernotes.data.site import Site
from papernotes.markdown import lines
from papernotes.text import slash_blocks
from papernotes.text.document import Document
from papernotes.text.parsed import Heading
from papernotes.text.source_mark import MARK

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "full": ("要点", "结果", "局限", "怎么读", "相关论文"),
    "middle": ("要点", "相关论文"),
    "short": ("相关论文",),
}
"""Sections a page of each tier has; others of the author's own stand between the first and the last."""

RULES = (
    Rule("section-missing", "页面有它的篇幅要求的小节", "读者在每一页的同一个位置找到要点和相关论文。", "（详读页没有「## 局限」）", "## 局限"),
    Rule("section-order", "「要点」在最前，「相关论文」在最后", "同上。", "## 相关论文\n\n## 结果", "## 结果\n\n## 相关论文"),
    Rule("heading", "标题从二级开始，不跳级，不为空，同页不重复", "一级标题由头信息生成；跳级的标题会弄乱目录和读屏软件。", "# 结果", "## 结果"),
    Rule("page-length", "正文的长度合乎篇幅", "详读 1500–3500 个汉字，简读 700–1500，短注 250–700。", "（详读页只有 900 个汉字）", "（1500 个以上）"),
)  # fmt: skip

_HAN = re.compile(f"[{HAN}]")


def count_han(document: Document) -> int:
    """Han characters of a page's own text: no code, no formulas, no source marks, no translation, no notes on figures."""
    text = document.plain
    for block in reversed(slash_blocks.scan(document).blocks):
        text = text[: block.offset] + text[block.end :]
    return len(_HAN.findall(MARK.sub("", text)))


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Headings of every page; sections and length of paper pages."""
    parsed = site.parsed(document.uri)
    named = {each.line for each in parsed.attributes if each.tag[0] == "h" and "id" in dict(each.pairs)}
    headings = [
        heading
        for before, heading in zip([0, *(each.line for each in parsed.headings)], parsed.headings, strict=False)
        if before < heading.line  # what the program adds below a page has no lines
    ]
    previous, seen = 1, set()
    for heading in headings:
        title, place = heading.text, _offset(document, heading)
        if not re.match("#{1,6}[ \t]", document.body[place : place + 7]):
            pass  # whether it is meant as a heading is asked first (`raw-mark`)
        elif heading.level == 1:
            what = f"{quote(title)} is a heading of level 1"
            yield document.finding(place, "heading", what, "begin with ##; the title comes from the front matter")
        elif heading.level > previous + 1:
            what = f"{quote(title)} skips from level {previous} to {heading.level}"
            yield document.finding(place, "heading", what, f"use {'#' * (previous + 1)}")
        if not title:
            yield document.finding(place, "heading", "the heading is empty", "write it or remove it")
        elif title in seen and heading.line not in named:
            yield document.finding(place, "heading", f"{quote(title)} is repeated on the page", "tell the two apart")
        if heading.line not in named:
            seen.add(title)
        previous = heading.level
    tier = tier_of(document)
    if tier is None:
        return
    translated = {block.label for block in parsed.pairs}
    titles = [heading.text for heading in headings if heading.level == 2 and heading.text not in translated]
    for wanted in SECTIONS[tier]:
        if wanted not in titles:
            yield document.finding(
                0, "section-missing", f"a {tier} page needs the section {quote('## ' + wanted)}", "add it"
            )
    if "要点" in titles[1:]:
        heading = next(heading for heading in headings if heading.text == "要点")
        yield document.finding(
            _offset(document, heading), "section-order", "'## 要点' is not the first section", "move it to the top"
        )
    if "相关论文" in titles[:-1]:
        heading = next(heading for heading in headings if heading.text == "相关论文")
        yield document.finding(
            _offset(document, heading), "section-order", "'## 相关论文' is not the last section", "move it to the end"
        )
    least, most = TIERS[tier]
    length = count_han(document)
    if not least <= length <= most:
        what = f"the body has {length} Han characters, a {tier} page has {least} to {most}"
        yield document.finding(
            0, "page-length", what, "write more" if length < least else "cut, or choose another tier"
        )


def _offset(document: Document, heading: Heading) -> int:
    """Where a heading is written, quotes and lists aside."""
    start = document.offset_of(heading.line)
    line = document.body[start:].partition("\n")[0]
    return start + len(line) - len(lines.content(line))
