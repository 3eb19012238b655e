"""Links of a page: to pages and headings that exist, to arXiv by ids that are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any, Final
from urllib.parse import unquote

from pymdownx.slugs import slugify

from papernotes.data.site import Site
from papernotes.text import arxiv
from papernotes.text.blocks import blocks
from papernotes.text.document import Document
from papernotes.text.finding import Finding, quote
from papernotes.text.rule import Rule

RULES = (
    Rule("link-target", "站内链接指向存在的页面或文件", "断掉的链接会让读者走进死路。", "[QLoRA](qlra.md)", "[QLoRA](qlora.md)"),
    Rule("link-anchor", "链接里的 # 指向存在的标题", "找不到标题时，浏览器停在页首。", "[结果](dpo.md#结果表)", "[结果](dpo.md#结果)"),
)  # fmt: skip

GENERATED: Final = frozenset({"glossary.md", "figures.md", "map.md", "papers/index.md", "guide/rules.md"})
"""Pages whose headings the build makes; their anchors are not known from the Markdown."""

_LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\(\s*<?(?P<url>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^\n]*?[\"'])?\s*\)"
)
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\(\s*<?(?P<url>[^()\s<>]*)>?[^()\n]*\)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<url>[^\s<>]+)>?", re.MULTILINE)
_ADDRESS = re.compile(
    r"https?://(?:www\.|export\.)?(?:arxiv\.org|(?:dx\.)?doi\.org)/[^\s<>()（）【】「」，。；、\"']+", re.IGNORECASE
)
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9./])arxiv:\s*(?P<id>[^\s，。；：、）)】」\]\"'<>]*[^\s，。；：、）)】」\]\"'<>.,;])", re.IGNORECASE
)
_BARE = re.compile(r"(?<![\w.,/@:§-])[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?(?![\w.%-])")
_EXPLICIT = re.compile(r"\{[^{}\n]*#(?P<id>[^\s{}]+)[^{}\n]*\}")
_ANCHOR_TAG = re.compile(r"<a\s+id=\"(?P<id>[^\"]+)\"")


@lru_cache(maxsize=1)
def _slugger() -> Any:
    return slugify(case="lower")


def heading_ids(document: Document) -> dict[str, int]:
    """The ids of a page's headings as the table of contents makes them, each with its offset in the body."""
    ids: dict[str, int] = {}
    for block in blocks(document):
        explicit = _EXPLICIT.search(block.text)
        if block.kind != "heading":
            continue
        if explicit:
            ids[explicit["id"]] = block.offset
            continue
        text = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", block.text)
        text = re.sub(r"[*_`$\\]|<[^>]*>", "", text)
        base = _slugger()(text, "-")
        name, number = base, 0
        while name in ids:
            number += 1
            name = f"{base}_{number}"
        ids[name] = block.offset
    return ids


def anchors(document: Document) -> set[str]:
    """Every address inside a page that its Markdown makes: headings, explicit ids, figures."""
    cached = document.__dict__.get("_anchors")
    if cached is None:
        cached = set(heading_ids(document))
        cached |= {match["id"] for match in _EXPLICIT.finditer(document.prose)}
        cached |= {match["id"] for match in _ANCHOR_TAG.finditer(document.prose)}
        cached |= {
            f"fig-{name}" for name in re.findall(r"^[ \t]+id:[ \t]*([a-z0-9-]+)[ \t]*$", document.prose, re.MULTILINE)
        }
        document.__dict__["_anchors"] = cached
    return set(cached)


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Internal links, arXiv addresses and arXiv ids of one page; code excepted."""
    prose = document.prose
    for pattern in (_LINK, _IMAGE, _DEFINITION):
        for match in pattern.finditer(prose):
            yield from _check_target(document, site, match["url"], match.start("url"))
    for match in _ADDRESS.finditer(prose):
        url = match.group().rstrip(".")
        if arxiv.is_arxiv_link(url):
            try:
                arxiv.id_of_link(url, today=site.today)
            except ValueError as error:
                yield document.finding(
                    match.start(), "arxiv-id", str(error), "copy the address from the paper's arXiv page"
                )
    blanked = _ADDRESS.sub(lambda match: " " * len(match.group()), prose)
    for match in _PREFIXED.finditer(blanked):
        yield from _check_id(document, site, match.group(), match.start())
    plain = _PREFIXED.sub(lambda match: " " * len(match.group()), document.plain)
    for match in _BARE.finditer(plain):
        yield from _check_id(document, site, match.group(), match.start())


def _check_id(document: Document, site: Site, text: str, offset: int) -> Iterator[Finding]:
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


def _check_target(document: Document, site: Site, url: str, offset: int) -> Iterator[Finding]:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", url):
        return  # other hosts and schemes are the business of `safety`
    path, _, fragment = url.partition("#")
    path, fragment = unquote(path.partition("?")[0]), unquote(fragment)
    if path.startswith("/"):
        yield document.finding(
            offset, "link-target", f"{quote(url)} is absolute", "write it from this page, as ../papers/dpo.md"
        )
        return
    target = document.uri if not path else normpath(f"{dirname(document.uri)}/{path}").lstrip("/")
    if target.startswith(".."):
        yield document.finding(offset, "link-target", f"{quote(url)} leaves docs/", "link to a page of the site")
        return
    page = site.documents.get(target)
    if page is None:
        if path.endswith(".md") or not _is_file(site.docs_dir / target):
            yield document.finding(offset, "link-target", f"{quote(url)} does not exist", "correct the path")
        return
    if target in site.drafts and document.uri not in site.drafts:
        yield document.finding(offset, "link-target", f"{quote(url)} is a draft", "finish that page first")
    if fragment and target not in GENERATED and fragment not in anchors(page):
        yield document.finding(
            offset,
            "link-anchor",
            f"{quote('#' + fragment)} is no heading of {target}",
            "copy the heading's text, or give it {#id}",
        )
