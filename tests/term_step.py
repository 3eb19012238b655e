"""The step that links terms, as a Markdown extension of its own: a test of terms needs no page, no site and no other mark."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from papernotes.markdown import term_links
from papernotes.markdown.term_links import Place


class TermStep(Extension):
    """Links the terms of what Markdown has made, as `markdown.link` does. `place()`: None where a page has no previews."""

    def __init__(self, place: Callable[[], Place | None]) -> None:
        super().__init__()
        self.place = place

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        term_links.TermEscapeExtension().extendMarkdown(md)
        md.treeprocessors.register(_Step(md, self.place), "terms", -1)


class _Step(Treeprocessor):
    def __init__(self, md: Markdown, place: Callable[[], Place | None]) -> None:
        super().__init__(md)
        self.place = place

    def run(self, root: Element) -> None:
        if (place := self.place()) is not None:
            term_links.mark(root, place, self.md.htmlStash.rawHtmlBlocks)
