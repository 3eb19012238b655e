"""The links of a page and of its Markdown twin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import markdown
from selectolax.lexbor import LexborHTMLParser

HIDDEN = "[hidden] a, button a, noscript a, a.pn-heading, [class^=pn-equation] > a, a.pn-figure__mark, a.pn-figure__number, a.pn-figure__to-mark"
PLAIN = 'a.pn-src__label, .pn-src > a[href*="arxiv.org/abs/"]:not(.pn-ref)'
"""Links that are words in a twin."""


def links(html: str, url: str) -> list[str]:
    """Where the links of an article lead that a reader sees, from the site's root, in order."""
    article = LexborHTMLParser(html).css_first("article")
    assert article is not None
    for each in article.css(f"{HIDDEN}, {PLAIN}"):
        each.decompose()
    return [unquote(urljoin(f"/{url}", each.attributes["href"] or "")) for each in article.css("a[href]")]


def links_of_text(text: str, url: str) -> list[str]:
    """The same of a twin, as a Markdown parser has them; formulas are not Markdown."""
    plain = re.sub(r"(?<!\\)\$\$?[^$]+\$\$?", "x", text)
    html = markdown.markdown(plain, extensions=["tables", "fenced_code", "sane_lists"])
    return links(f"<article>{html}</article>", url)


def without_code(text: str) -> str:
    """A Markdown text without its blocks and spans of code."""
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", re.sub(r"(?ms)^ *(`{3,})[^`\n]*\n.*?^ *\1$", "", text))


def pages(site: Path) -> Iterator[str]:
    """The addresses of the pages, without those that only lead on."""
    for file in sorted(site.rglob("*.html")):
        if file.name != "404.html" and 'http-equiv="refresh"' not in file.read_text(encoding="utf-8"):
            yield file.relative_to(site).as_posix()
