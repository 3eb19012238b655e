"""One page read, checked and linked in a site that is read once; and what must be true of whatever the checks let pass."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from papernotes.base.finding import Finding
from papernotes.data.site import Site
from papernotes.markdown.library import Library
from papernotes.rules import checker, html
from papernotes.text.document import Document
from papernotes.text.masking import readable
from papernotes.text.parsed import Rendered


def judged(page: Document, site: Site, library: Library) -> tuple[list[Finding], Rendered | None]:
    """What the checks say of a page that stands in a site, and the page as it would be published; None if it cannot be read."""
    within = replace(site, documents={**site.documents, page.uri: page}, parse=library.parse)
    linked = library.linked(within)
    findings = list(checker.of_page(page, within, linked))
    return findings, None if within.parsed(page.uri).failure else linked.rendered(page.uri)


_HAN: Final = re.compile("[\u4e00-\u9fff]{3,}")
_SPACES: Final = re.compile(r"\s|\u2060")
_LEFT: Final = re.compile(
    r"\*\*|(?<![A-Za-z0-9])__(?=\w)|\]\(|!\[|\[\^|\[@|\[~|【来源|`|\$\$|^[#|]+ |^> ?>|^/{3}|^!!!|^```|\{[:#.][^{}]*\}",
    re.MULTILINE,
)


def lost_or_left(page: Document, rendered: Rendered) -> list[str]:
    """Runs of Chinese characters of the source that the page does not show, and marks of Markdown that it does."""
    tree = LexborHTMLParser(rendered.html)
    shown = _SPACES.sub(
        "", tree.text() + unescape(rendered.html)
    )  # the words of attributes too: what is said of a picture
    lost = [f"lost: {run}" for run in _HAN.findall(readable(page)) if run not in shown]
    for element in tree.css("code, pre, math, svg, .arithmatex, kbd"):
        element.replace_with("\ue000")
    tree.unwrap_tags(["a", "abbr", "em", "small", "span", "strong", "sub", "sup"])
    if tree.body:
        tree.body.merge_text_nodes()  # so that a line begins where a block does
    return lost + [f"left: {match.group()}" for match in _LEFT.finditer(tree.text(separator="\n"))]


def published(rendered: Rendered) -> list[str]:
    """What of a rendered page the list of tags, attributes and addresses does not know."""
    return [problem.what for problem in html.judge(rendered.html)]
