"""Our Markdown: source marks, references to papers, formulas, lines of Chinese joined. One extension each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from papernotes.markdown import references
from papernotes.markdown.english import EnglishExtension
from papernotes.markdown.formula import FormulaExtension
from papernotes.markdown.references import ReferencesExtension
from papernotes.markdown.source_marks import SourcesExtension
from papernotes.markdown.typography import TypographyExtension

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from papernotes.text.arxiv import ArxivId


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Register the extensions; the site and the page they work on are looked up when they run."""

    def link(parent: Element, id_: ArxivId, text: str | None = None) -> Element:
        return references.link(parent, id_, config.extra["site"], config.extra["here"], text)

    config.markdown_extensions += [  # type: ignore[operator]
        SourcesExtension(link),
        ReferencesExtension(link),
        FormulaExtension(),
        TypographyExtension(),
        EnglishExtension(),
    ]
    return config
