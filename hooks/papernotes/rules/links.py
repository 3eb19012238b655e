"""Links of a page: to pages and headings that exist, to arXiv by ids that are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from papernotes.base import arxiv
from papernotes.base.finding import Finding, quote
from papernotes.base.han import HAN
from papernotes.base.rule import Rule
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.markdown.source_marks import ANY_MARK
from papernotes.rules.language.characters import check_characters
from papernotes.text.document import Document, blank, resolve, split_link
from papernotes.text.frontmatter import Node
from papernotes.text.special_pages import MAP, PAPERS, REFERENCE

RULES = (
    Rule("link-target", "站内链接指向存在的页面或文件", "断掉的链接会让读者走进死路。", "[QLoRA](qlra.md)", "[QLoRA](qlora.md)"),
    Rule("paper-number", "论文的图号、式号写明是论文的", "本站的图和式另有编号，只写「图 2」，读者不知道看哪一张。", "看式 3 的推导。", "看论文式 3 的推导，或者看 [@eq:loss]。"),
    Rule("link-anchor", "链接里的 # 指向存在的标题", "找不到标题时，浏览器停在页首。", "[结果](dpo.md#结果表)", "[结果](dpo.md#结果)"),
)  # fmt: skip

_NUMBER: Final = r"[A-Z]?[0-9]+(?:\.[0-9]+)*[a-z]?(?:–[A-Z]?[0-9]+[a-z]?)?"
_NUMBERED: Final = re.compile(rf"(?<!「)(?:图|(?<![公形方模样正])式) ?{_NUMBER}")
_OF_A_PAPER: Final = re.compile(
    rf"(?:论文|原文)(?:的|里的|正文的|附录的)?(?:(?:[图式表]|算法|§) ?{_NUMBER} ?(?:[、，和与到或]|以及)* ?)*\Z"
)
"""What stands before a number of a paper's: that it is the paper's, and numbers in a row with it. A name in 「」 is itself what is meant."""

_HEADER: Final = re.compile(r"^/{3,}.*", re.MULTILINE)
"""Of a block: what is wrong with the number in it, `figure-label` tells."""

UNREAD: Final = (REFERENCE, MAP, PAPERS)
"""Pages whose addresses templates and mkdocstrings make; they are not known from the Markdown."""

_ENDS: Final = r"\s<>()（）【】「」\[\]，。；：、\"'`"
"""What no address on arXiv holds."""
_ID: Final = rf"(?:(?:[^\W_{HAN}]|[./-])*[^\W_{HAN}])"
"""What may be meant for an id: letters and digits of any width, so that a look-alike is told."""
_ADDRESS = re.compile(
    rf"(?<![\w.@/-])(?:https?://)?(?:[a-z0-9-]+\.)*(?:{'|'.join(map(re.escape, arxiv.SITES))}|doi\.org)/[^{_ENDS}]+",
    re.IGNORECASE,
)
_PREFIXED = re.compile(rf"(?<![A-Za-z0-9./])arxiv:\s*(?P<id>{_ID})", re.IGNORECASE)
_DOI = re.compile(rf"10\.48550/(?P<id>arxiv\.{_ID})", re.IGNORECASE)
_OLD = re.compile(
    rf"(?<![\w./@:-])(?:{'|'.join(sorted(arxiv.ARCHIVES, reverse=True))})(?:\.[A-Za-z]{{2}})?/[0-9]{{6,8}}(?:v[0-9]+)?(?![\w/.-])"
)
_BARE = re.compile(r"(?<![\w.,/@:§-])[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?(?![\w.%-])")
_NAMED = re.compile(r"(?:arxiv|preprint|paper|预印本|论文|编号|》)[^。；\n]{0,12}\Z", re.IGNORECASE)
"""What stands before a number that means a paper; a decimal looks the same."""


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Internal links, arXiv addresses and arXiv ids of one page, code excepted, and its former addresses."""
    yield from _check_redirects(document, site)
    prose = document.prose
    parsed = site.parsed(document.uri)
    used: dict[str, int] = {}
    for link in parsed.links:
        if link.kind == "image" and resolve(document.uri, link.target) in site.documents:
            at, what = _place(document, link.target, link.line, dict(used)), f"{quote(link.target)} is no picture"
            yield document.finding(at, "link-target", what, "write [words](address), without !")
        if link.kind == "link" and not link.text.strip():
            what, fix = "the link has no words, so nobody sees it", "write them: [words](address)"
            yield document.finding(_place(document, link.target, link.line, dict(used)), "link-target", what, fix)
        yield from _check_target(document, site, link.target, link.line, used)
    for match in _ADDRESS.finditer(prose):
        yield from _check_address(document, site, match.group().rstrip("."), match.start())
    rest = _ADDRESS.sub(blank, prose)
    if kind_of(document.uri) != "plain":
        yield from _check_numbers(document)
    for pattern in (_DOI, _PREFIXED, _OLD):
        for match in pattern.finditer(rest):
            text = f"arXiv:{match['id'][6:]}" if pattern is _DOI else match.group()
            yield from _check_id(document, site, text, match.start("id") if pattern is _DOI else match.start())
        rest = pattern.sub(blank, rest)
    plain = document.plain
    for match in _BARE.finditer(plain):
        if rest[match.start() : match.end()] != match.group():
            continue  # part of what was looked at above
        if "v" in match.group() or _NAMED.search(plain, max(0, match.start() - 24), match.start()):
            yield from _check_id(document, site, match.group(), match.start())


def _check_redirects(document: Document, site: Site) -> Iterator[Finding]:
    """An old address is no page's now, and leads to one page."""
    for node in _redirects(document):
        owner = site.documents.get(f"{node.value}".removesuffix(".html") + ".md") or next(
            (
                other
                for uri, other in sorted(site.documents.items())
                if uri < document.uri and node.value in {each.value for each in _redirects(other)}
            ),
            None,
        )
        if owner:
            what = f"{quote(node.text)} is the address of {owner.path}, now or once"
            yield node.finding(document.path, "front-matter-value", what, "keep it in one page, for what is gone")


def _redirects(document: Document) -> list[Node]:
    listed = document.key("redirect_from")
    return listed.value if listed and listed.kind == "list" else []


def _check_numbers(document: Document) -> Iterator[Finding]:
    """Numbers of figures and formulas that may be the paper's or ours; those in source marks are the paper's."""
    text = _HEADER.sub(blank, ANY_MARK.sub(blank, document.prose))
    for match in _NUMBERED.finditer(text):
        if not _OF_A_PAPER.search(text, max(0, match.start() - 40), match.start()):
            what = f"{quote(match.group())} may be the paper's or ours"
            fix = f"write 论文{match.group()}, or refer to ours by {'[@fig:id]' if match.group()[0] == '图' else '[@eq:name]'}"
            yield document.finding(match.start(), "paper-number", what, fix)


def _check_address(document: Document, site: Site, url: str, offset: int) -> Iterator[Finding]:
    """An address of a paper on arXiv; of a file beside one (`/src/ID/anc/…`) the part that names the paper."""
    if "/src/" in url:
        url = url.partition("/anc/")[0]
    id_ = None
    try:
        if arxiv.is_arxiv_link(url):
            id_ = arxiv.id_of_link(url, today=site.today)
        elif text := arxiv.named_in(url):
            arxiv.parse_id(text, today=site.today)
    except ValueError as error:
        yield document.finding(offset, "arxiv-id", str(error), "copy the address from the paper's arXiv page")
        return
    if id_ and "arxiv.org/pdf/" in url.lower():
        yield document.finding(offset, "paper-reference", f"{quote(url)} is the address of a file", f"write [@{id_}]")


def _check_id(document: Document, site: Site, text: str, offset: int) -> Iterator[Finding]:
    if any(check_characters(text)):
        return  # a look-alike is told by `character`
    try:
        arxiv.parse_id(text, today=site.today)
    except ValueError as error:
        yield document.finding(offset, "arxiv-id", str(error), "copy the id from the paper's arXiv page")


def _is_file(path: Path) -> bool:
    """Whether there is a file; no for what can be no path, such as a name longer than file systems allow."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _place(document: Document, url: str, line: int, used: dict[str, int]) -> int:
    """Where an address was written: in its line or below; the same address twice is two places."""
    start = document.offset_of(line)
    for needle in (f"({url}", f"<{url}", url, unquote(url)):
        at = document.prose.find(needle, max(start, used.get(url, 0)))
        if at >= 0:
            used[url] = at + len(needle)
            return at + len(needle) - len(needle.lstrip("(<"))
    return start


def _check_target(document: Document, site: Site, url: str, line: int, used: dict[str, int]) -> Iterator[Finding]:
    parts = split_link(url)
    if parts is None:
        return  # other hosts and schemes are the business of `html`
    path, fragment = parts

    def told(rule: str, what: str, fix: str) -> Finding:
        return document.finding(_place(document, url, line, used), rule, what, fix)

    if url in {"", "#"}:
        yield told("link-target", "the link leads nowhere", "write its address, or the text alone")
        return
    if path.startswith("/"):
        yield told("link-target", f"{quote(url)} is absolute", "write it from this page, as ../papers/dpo.md")
        return
    target = resolve(document.uri, path)
    if target.startswith(".."):
        yield told("link-target", f"{quote(url)} leaves docs/", "link to a page of the site")
        return
    page = site.documents.get(target)
    if page is None:
        if path.endswith(".md") or not _is_file(site.docs_dir / target):
            fix = f"write [{url} words], without round brackets" if url.startswith("@") else "correct the path"
            yield told("link-target", f"{quote(url)} does not exist", fix)
        return
    if target in site.drafts and document.uri not in site.drafts:
        yield told("link-target", f"{quote(url)} is a draft", "finish that page first")
    if fragment and not target.startswith(UNREAD) and fragment not in (ids := site.face(target).ids):
        near = get_close_matches(fragment, ids, n=1)
        fix = f"did you mean #{near[0]}?" if near else "copy the heading's text, or give it {#id}"
        what = f"{quote('#' + fragment)} is not a heading of {target}"
        yield told("link-anchor", what, fix)
