"""Inline references: `[@2305.18290]`, `[@2305.18290 这篇论文]` become links to papers. And the addresses of what has a source mark."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from posixpath import relpath
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import unique
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from papernotes.base import arxiv
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.text.document import Document
from papernotes.text.locate import Locator
from papernotes.text.parsed import PAPER, WORDS
from papernotes.text.sentences import fingerprint

RULES = (
    Rule("paper-reference", "论文引用写成 [@编号]，编号正确", "写错的引用会原样印在页面上。", "[@2305.1829]", "[@2305.18290]"),
)  # fmt: skip

_REFERENCE: Final = re.compile(r"\[@(?!fig:|eq:)(?P<id>[^\[\]\s]*+)(?:[ \t]++(?P<text>[^\[\]\n]*+))?\]")


def check(document: Document, site: Site) -> Iterator[Finding]:
    """References whose id is malformed, whose version the ledger does not know, or whose text is empty."""
    for match in _REFERENCE.finditer(document.prose):
        try:
            arxiv.parse_id(match["id"], today=site.today)
        except ValueError as error:
            fix = "write [@2305.18290], the id from the paper's arXiv page"
            yield document.finding(match.start() + 2, "paper-reference", str(error), fix)
            continue
        if match["text"] is not None and not match["text"].strip():
            yield document.finding(
                match.start(), "paper-reference", f"{quote(match.group())} has no text", "write [@id] or [@id words]"
            )
    locator = Locator(document)
    for reference in site.parsed(document.uri).references:
        id_ = arxiv.parse_id(reference.id)
        record = site.ledger.get(id_.id)
        if record and record.version and (id_.version or 0) > record.version:
            at = locator.find(reference.line, str(id_))
            what = (
                f"{quote(str(id_))} names a version of which the ledger knows nothing; the newest is {record.version}"
            )
            yield document.finding(at, "paper-reference", what, "correct it, or refresh the ledger")


def unconfirmed(site: Site, only: Collection[str] | None = None) -> list[Finding]:
    """References to ids that no record of the ledger confirms, as findings that name the nearest id known.

    `only`: on the pages of these paths alone.
    """
    found = []
    for uri, document in site.documents.items():
        if only is not None and document.path not in only:
            continue
        locator = Locator(document)
        for reference in site.face(uri).references:
            id_ = arxiv.parse_id(reference.id).id
            if id_ not in site.ledger:
                near = get_close_matches(id_, site.ledger, n=1, cutoff=0.8)
                fix = f"did you mean {near[0]} ({site.ledger[near[0]].title})? If not, " if near else "correct it, or "
                what = f"{quote(id_)} has no record in the ledger"
                at = locator.find(reference.line, id_)
                found.append(document.finding(at, "paper-reference", what, f"{fix}run 'make new ID={id_}'"))
    return found


def placeholder(parent: Element, id_: arxiv.ArxivId, text: str | None = None) -> Element:
    """Append what stands for a paper until the site is known."""
    element = SubElement(parent, "a", {"class": "pn-ref", PAPER: str(id_)})
    if text is not None:
        element.set(WORDS, "")
    element.text = AtomicString(text or f"arXiv:{id_}")
    return element


def resolve(element: Element, site: Site, here: str) -> None:
    """Make a placeholder the link to its paper: to its page where there is one, else to arXiv.

    `here`: the uri of the page on which it stands.
    """
    id_ = arxiv.parse_id(element.attrib.pop(PAPER))
    own_words = element.attrib.pop(WORDS, None) is not None
    paper, record = site.papers.get(id_.id), site.ledger.get(id_.id)
    words = f"arXiv:{id_}"
    if paper:
        words = paper.name
        element.set("href", f"{relpath(paper.uri, here.rpartition('/')[0] or '.')}")
        element.set("data-pn-preview", f"paper-{paper.slug}")
    else:
        element.set("class", "pn-ref pn-ref--arxiv")
        element.set("href", id_.abs_url)
        if record:
            words = record.title
            element.set("title", record.title)
            if not own_words:
                element.set("lang", "en")
    if not own_words:
        element.text = words


class _ReferenceProcessor(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        try:
            id_ = arxiv.parse_id(m["id"])
        except ValueError:
            return None, None, None
        words = m["text"]
        if words is not None and not words.strip():
            return None, None, None
        return placeholder(Element("span"), id_, words), m.start(0), m.end(0)


class ReferencesExtension(Extension):
    """Registers the reference."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After code spans (190) and escapes (180), before links (160)."""
        md.inlinePatterns.register(_ReferenceProcessor(_REFERENCE.pattern, md), "pn-reference", 167)


_BEGIN: Final = 24
"""So many characters at the head of a paragraph name it: what is changed further down, or elsewhere, leaves its address."""


class _Addresses(Treeprocessor):
    """Gives an address to what a mark vouches for, its paragraph or the table above it; the mark's label leads there.

    Shape: `p-` or `t-` and four digits of the fingerprint of its first words.
    """

    def run(self, root: Element) -> None:
        used = {element.get("id", "") for element in root.iter()}
        for parent in root.iter():
            above = None
            for element in parent:
                if element.tag in _VOUCHED:
                    marks = [each for each in _of_block(element) if each.get("class") == "pn-src"]
                    alone = above is not None and above.tag == "table" and not _begin(element)
                    if marks:
                        owner = above if alone and above is not None else element
                        if "id" not in owner.attrib:
                            kind = "t" if owner.tag == "table" else "p"
                            owner.set("id", unique(f"{kind}-{fingerprint(_begin(owner))[:4]}", used))
                        for mark in marks:
                            mark[0].tag = "a"
                            mark[0].set("href", f"#{owner.get('id')}")
                above = element


_VOUCHED: Final = frozenset({"p", "li", "td", "th", "dd", "figcaption"})


def _of_block(element: Element) -> Iterator[Element]:
    """The elements of a block that are not in a block inside it."""
    for child in element:
        if child.tag not in _VOUCHED and child.tag not in {"ul", "ol"}:
            yield child
            yield from _of_block(child)


def _begin(element: Element) -> str:
    """The first words of an element, without white space, formulas and marks."""

    def words(element: Element) -> Iterator[str]:
        if element.get("class") != "pn-src":
            yield element.text or ""
            for child in element:
                yield from words(child)
                yield child.tail or ""

    return re.sub("\u0002[^\u0003]*\u0003|\\s", "", "".join(words(element)))[:_BEGIN]


class AddressesExtension(Extension):
    """Registers the step that gives addresses to what has a source mark."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After headings have theirs (5)."""
        md.treeprocessors.register(_Addresses(md), "pn-addresses", 4)
