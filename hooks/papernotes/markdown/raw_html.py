"""What an author wrote as HTML, kept apart from what extensions put aside as HTML of their own."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension

_PLAIN_TAG: Final = re.compile(r"</?(?:kbd|sub|sup)>|<br[ ]?/?>")
_COMMENT: Final = re.compile(r"<!--(?!-?>)(?:(?!--|<!--).)*-->", re.DOTALL)


def author(md: Markdown) -> list[tuple[int, str]]:
    """The pieces of HTML, not on the short list, that the page just read has brought: number in the stash, text."""
    found: list[tuple[int, str]] = md.author_html  # type: ignore[attr-defined]  # set below
    return found


def is_allowed(piece: str) -> bool:
    """Whether a piece of raw HTML is only comments and tags of the short list: <br>, <kbd>, <sub>, <sup>, without attributes."""
    rest = _PLAIN_TAG.sub("", _COMMENT.sub("", piece))
    return "<" not in rest and ">" not in rest


class RawHtmlExtension(Extension):
    """Notes what the two readers of raw HTML put aside."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After every extension that replaces one of the two readers."""
        found: list[tuple[int, str]] = []
        md.author_html = found  # type: ignore[attr-defined]
        reading = [False]
        store = md.htmlStash.store

        def noting(html: str | Element) -> str:
            if reading[0]:
                piece = f"<{html.tag}>" if isinstance(html, Element) else html
                if isinstance(html, Element) or not is_allowed(html):
                    found.append((md.htmlStash.html_counter, piece))
            return store(html)

        def watch(function: Any) -> Any:
            def watched(*arguments: Any) -> Any:
                reading[0] = True
                try:
                    return function(*arguments)
                finally:
                    reading[0] = False

            return watched

        md.htmlStash.store = noting  # type: ignore[method-assign]
        block, inline = md.preprocessors["html_block"], md.inlinePatterns["html"]
        block.run = watch(block.run)  # type: ignore[method-assign]
        inline.handleMatch = watch(inline.handleMatch)  # type: ignore[method-assign]
