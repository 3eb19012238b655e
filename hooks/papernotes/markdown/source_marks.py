"""Source marks: where in a paper a sentence was seen. Read, checked, and rendered small at the end of a paragraph.

```text
【来源：§4.2，表 1】                                places in this page's paper
【来源：§3；@2310.16944v1 表 1，附录 B】            a second paper, by its id
【来源：[Phi-2 公告](https://example.org/phi-2)】   something that is not an arXiv paper
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from papernotes.base import arxiv
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.evidence import Entry, Evidence
from papernotes.data.paper import kind_of, tier_of
from papernotes.data.site import Site
from papernotes.figures.block_rules import KINDS
from papernotes.figures.render import Gallery
from papernotes.markdown.references import placeholder
from papernotes.text import paper_places as places
from papernotes.text.blocks import Block, blocks
from papernotes.text.document import Document
from papernotes.text.paper_places import Place
from papernotes.text.parsed import PLACE, Parsed
from papernotes.text.source_mark import MARK, UNSEEN, Link, parse
from papernotes.text.special_pages import ERRATA

UNSEEN_LIMIT: Final = {"full": 0, "middle": 2, "short": 5}
"""How many such marks a page may have, by tier."""

RULES = (
    Rule("source-mark", "来源标记合乎写法", "写法统一，读者和程序才能按图索骥。", "【来源：第三节】", "【来源：§3，表 2】"),
    Rule("source-missing", "写出结果的段落以来源标记结尾", "没有出处的数字，读者无从核对。", "胜率是 61%。", "胜率是 61%。【来源：§6.2，图 2】"),
    Rule("source-table", "每张表格下面有一行来源", "表格里的每个数字都要能追到论文的某一处。", "| 模型 | 分数 |\n| --- | --- |\n| A | 1 |", "| 模型 | 分数 |\n| --- | --- |\n| A | 1 |\n\n【来源：表 1】"),
    Rule("source-unseen", "「未核对位置」的标记不超过篇幅允许的数目", "详读页不许有，简读页至多两处，短注页至多五处。", "【来源：未核对位置】", "【来源：§5.2】"),
)  # fmt: skip

ANY_MARK = re.compile(
    r"[【〖]+\s*(?:来\s*源|來源|出处|source)[^】〗\n]*[】〗]*|[\[［〔]\s*(?:来源|來源)\s*[：:][^\]］〕\n]*[\]］〕]?|[【〖][^【】〖〗\n]*[】〗]?|[】〗]",
    re.IGNORECASE,
)
"""Marks, and what was to be one: nothing else is written in these brackets."""
# A number that states a result: with a unit that results have, or with decimals. Names such as GPT-3.5 are none.
_NOT_RESULTS = re.compile(
    r"(?:Apache|BY(?:-[A-Z]+)*|License|Python|CUDA|Diffusion|许可证|版本)\s*v?[0-9]+\.[0-9]+|[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|10\.[0-9]{4,9}/\S+"
)
_RESULT = re.compile(
    r"(?<![A-Za-z0-9.\-–§])(?<![0-9],)[0-9][0-9,]*+(?:\.[0-9]+)?\s*(?:%|％|个百分点|倍|亿|万|[KMGTP]B\b|小时|美元)"
    r"|(?<![A-Za-z0-9.\-–§])[0-9]+\.[0-9]+(?![0-9.A-Za-z])"
)


def count_unseen(document: Document) -> int:
    """How many marks of a page say that the place was not seen."""
    return sum(UNSEEN in match["inner"] for match in MARK.finditer(document.prose))


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Marks that cannot be read; results, tables and tiers without the marks they need."""
    for match in ANY_MARK.finditer(document.prose):
        mark = MARK.fullmatch(match.group())
        fix = "write 【来源：§4.2，表 1】: 摘要, §N, 附录 A, 表 N, 图 N, 式 N, 算法 N, 脚注 N, 自算, 未核对位置, or a link"
        if right := mended(match.group()):
            fix = f"write {right}"
        elif not _LABELLED.search(match.group()):
            fix = "these brackets are for source marks: write （）, or 【来源：§4.2】"
            if document.prose[match.end() : match.end() + 1] in {"(", "（"}:
                fix = "write [text](address) for a link"
        written = document.body[match.start() : match.end()]
        if written != match.group():  # Markdown takes what is in it first
            fix = "write its places alone, without code or a comment"
        if not mark or written != match.group():
            yield document.finding(match.start(), "source-mark", f"{quote(written)} is not a source mark", fix)
            continue
        try:
            parse(mark["inner"])
        except ValueError as error:
            yield document.finding(match.start(), "source-mark", str(error), fix)
    kind = kind_of(document.uri)
    if kind == "plain" and document.uri != ERRATA:
        return
    yield from _check_tables(document, site.parsed(document.uri))
    yield from _check_blocks(document)
    if tier := tier_of(document):
        unseen, limit = count_unseen(document), UNSEEN_LIMIT[tier]
        if unseen > limit:
            last = [m for m in MARK.finditer(document.prose) if UNSEEN in m["inner"]][limit]
            what = f"the page has {unseen} marks {UNSEEN}, a {tier} page may have {limit}"
            yield document.finding(
                last.start(), "source-unseen", what, "look the place up in the paper, or leave the sentence out"
            )


_LABELLED: Final = re.compile("来源|來源|出处|source", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"\A[【〖\[［〔]+\s*(?:来\s*源|來源|出处|source)\s*[：:]\s*(?P<inner>.*?)\s*[】〗\]］〕]*\Z", re.IGNORECASE
)
_ENGLISH: Final = tuple(
    (re.compile(rf"(?<![A-Za-z])(?:{english})\.?\s*(?={number})", re.IGNORECASE), chinese)
    for english, number, chinese in (
        ("sections?|sec|第", r"[0-9A-Z]", "§"),
        ("tables?|tab|表", r"[0-9A-Z]", "表 "),
        ("figures?|fig|图", r"[0-9A-Z]", "图 "),
        ("equations?|eqs?|式", r"\(?[0-9]", "式 "),
        ("algorithms?|算法", r"[0-9]", "算法 "),
        ("footnotes?|脚注", r"[0-9]", "脚注 "),
        ("appendix|appendices|附录", r"[A-Z](?![a-z])", "附录 "),
        ("abstract", "", "摘要"),
    )
)


_LINK: Final = re.compile(r"(\[[^\[\]]+\]\([^()\s]+\))")
"""What a mark names that is not a paper: its words and its address are as they are."""


def mended(mark: str) -> str:
    """A mark as it should be written, where only its colons, commas or labels are wrong; empty where that is not known."""
    label = _LABEL.match(mark)
    if label is None:
        return ""
    parts = _LINK.split(label["inner"])
    inner = "".join(part if number % 2 else _mended(part) for number, part in enumerate(parts))
    try:
        parse(inner)
    except ValueError:
        return ""
    return f"【来源：{inner}】"


def _mended(places: str) -> str:
    places = re.sub(r"[ ]*,[ ]*", "，", re.sub(r"[ ]*;[ ]*", "；", places))
    for pattern, chinese in _ENGLISH:
        places = pattern.sub(chinese, places)
    return re.sub(r"(?<=[0-9])-(?=[0-9])", "–", places)


def _check_tables(document: Document, parsed: Parsed) -> Iterator[Finding]:
    """Tables without their source line."""
    marked = {line for line, text in parsed.lines() if text.startswith("来源：") or ANY_MARK.match(text.lstrip())}
    below = dict(pairwise(_written(document)))
    for table in parsed.tables:
        last = max((row.line for row in table.rows), default=table.line)
        if below.get(last) not in marked and last not in marked:  # one in the table itself is a row too many
            what = "the table has no source line"
            at = document.offset_of(table.line)
            yield document.finding(at, "source-table", what, "put a line such as 【来源：表 1】 below it")


def _written(document: Document) -> list[int]:
    """The lines of a body that are not blank."""
    return [number for number, line in enumerate(document.prose.split("\n"), 1) if line.strip(" \t>")]


def _check_blocks(document: Document) -> Iterator[Finding]:
    for block in blocks(document):
        if block.kind in {"paragraph", "item"} and not block.in_figure and not ANY_MARK.search(block.text):
            shown = _result(block, document)
            if shown:
                what = f"{quote(shown.group().strip())} states a result without a source mark"
                yield document.finding(
                    block.offset + shown.start(), "source-missing", what, "end the paragraph with 【来源：…】"
                )


def _result(block: Block, document: Document) -> re.Match[str] | None:
    plain = document.plain[block.offset : block.offset + len(block.text)]
    return _RESULT.search(_NOT_RESULTS.sub(lambda match: " " * len(match.group()), plain))


# A line breaks neither after the label nor between 图 and its number.
_JOINED: Final = "\u2060"
_NUMBERED: Final = re.compile("(?<=[图表式页录法理节注]) (?=[0-9A-Z])|(?<=第) (?=[0-9])|(?<=[0-9]) (?=页)")


class _MarkProcessor(InlineProcessor):
    """【来源：…】 becomes a small mark whose papers, places and links are links."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        try:
            groups = parse(m["inner"])
        except ValueError:
            return None, None, None
        span = ElementTree.Element("span", {"class": "pn-src"})
        label = ElementTree.SubElement(span, "span", {"class": "pn-src__label"})
        label.text = f"来源：{_JOINED}"
        last = label
        last.tail = ""
        for number, group in enumerate(groups):
            if number:
                last.tail = (last.tail or "") + "；"
            if group.paper:
                last = placeholder(span, group.paper)
                last.tail = " "
            for place, item in enumerate(group.items):
                last.tail = (last.tail or "") + ("，" if place else "")
                if isinstance(item, Link):
                    last = ElementTree.SubElement(span, "a", {"href": item.url})
                    last.text = item.name
                elif places.parse(item):
                    last = ElementTree.SubElement(span, "a", {PLACE: f"{group.paper or ''} {item}"})
                    last.text = _NUMBERED.sub("\u00a0", item)
                else:
                    last.tail = (last.tail or "") + _NUMBERED.sub("\u00a0", item)
        for element in span.iter():
            element.text = _atomic(element.text)
            element.tail = _atomic(element.tail)
        span.tail = None
        return span, m.start(0), m.end(0)


@dataclass(frozen=True)
class Address:
    """Where a place of a paper can be read."""

    url: str
    exact: bool
    """Whether it is the very place, not the section around it or the paper's page."""


def address(place: Place, id_: arxiv.ArxivId, site: Site, gallery: Gallery) -> Address:
    """The nearest that was seen of a place: its id in arXiv's HTML or its page in the PDF; those of the section; the abstract page.

    `id_`: with the version that is meant, where that is known; without one only the abstract page is sure to have the place.
    """
    return next(_addresses(place, id_, site, gallery))


def _addresses(place: Place, id_: arxiv.ArxivId, site: Site, gallery: Gallery) -> Iterator[Address]:
    if place.kind in {"摘要", "标题"}:
        yield Address(id_.abs_url, exact=True)
    if id_.version:
        pages = [1] if place.kind == "首页" else _pages_of_figures(place, id_, site, gallery)
        evidence = site.evidence.get(id_.id)
        nearest = list(_nearest(place, evidence)) if evidence and evidence.version == id_.version else []
        own = {place.first, Place(place.kind, tuple(places.whole(member) for member in place.first.members))}
        for entry in nearest:
            exact = entry.place in own
            if entry.anchor:
                yield Address(id_.html_url(entry.anchor), exact)
            elif entry.page:
                yield Address(id_.pdf_url(entry.page), exact)
            elif exact:
                yield from (Address(id_.pdf_url(page), exact=True) for page in pages)
        yield from (Address(id_.pdf_url(page), exact=True) for page in pages)
    yield Address(id_.abs_url, exact=False)


def _nearest(place: Place, evidence: Evidence) -> Iterator[Entry]:
    """The entry of a place, or of the first of a range; then the sections around it, the innermost first."""
    kind, member = place.kind, next(iter(place.members), "")
    wanted = [Place(kind, (member,)), Place(kind, (places.whole(member),))]
    entry = next((entry for each in wanted for entry in evidence.entries if entry.place == each), None)
    if entry:
        yield entry
    if kind not in {"§", "附录"}:
        section = places.parse(entry.section or "") if entry else None
        yield from _nearest(section, evidence) if section and section.kind in {"§", "附录"} else ()
    elif "." in member:
        yield from _nearest(Place(kind, (member.rpartition(".")[0],)), evidence)


_LABELS: Final = {kind: label for label, kind in KINDS.items()}


def _pages_of_figures(place: Place, id_: arxiv.ArxivId, site: Site, gallery: Gallery) -> list[int]:
    """The pages of the PDF that the figure blocks of the paper's page give for a figure or table."""
    paper = site.papers.get(id_.id)
    label = f"{_LABELS.get(place.kind, '')} {places.whole(place.first.members[0])}" if place.members else ""
    found = (
        [figure for figure in gallery.of(paper.uri) if (figure.arxiv, figure.version) == (id_.id, id_.version)]
        if paper
        else []
    )
    return [figure.page for figure in found if figure.page and re.fullmatch(f"{re.escape(label)}[a-z]?", figure.label)]


def let_report(root: ElementTree.Element) -> None:
    """Give the label of every mark of a page the card that reports an error there (partials/pn-actions.html)."""
    for label in root.iterfind(".//span[@class='pn-src']/a[@class='pn-src__label']"):
        label.set("data-pn-preview", "report")


def resolve(element: ElementTree.Element, site: Site, gallery: Gallery, here: str) -> None:
    """Give the link of a mark's item its address; it is text on a page that is about no paper. `here`: the uri of the page."""
    paper, _, item = element.attrib.pop(PLACE).partition(" ")
    place, id_ = places.parse(item), meant(arxiv.parse_id(paper) if paper else None, site, here)
    if place and id_:
        element.set("href", address(place, id_, site, gallery).url)
    else:
        element.tag = "span"


def meant(paper: arxiv.ArxivId | None, site: Site, here: str) -> arxiv.ArxivId | None:
    """The paper of a group of places, with the version that its page is written from; None on a page that is about no paper."""
    own = site.by_uri.get(here)
    id_ = paper or (own.id if own else None)
    if id_ is None or id_.version:
        return id_
    page, evidence = site.papers.get(id_.id), site.evidence.get(id_.id)
    return replace(id_, version=(page.version if page else None) or (evidence.version if evidence else None))


def _atomic(text: str | None) -> Any:
    return AtomicString(text) if text else text


class SourcesExtension(Extension):
    """Registers the mark."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Before links, whose brackets a mark may hold."""
        md.inlinePatterns.register(_MarkProcessor(MARK.pattern, md), "pn-source", 165)
