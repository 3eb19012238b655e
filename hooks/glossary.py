"""Terms: previews in the text, and the glossary page with the places that use them. After papers.py and figures.py."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from papernotes.data.terms import PAGE
from papernotes.markdown.term_links import Place, TooltipsExtension, cards
from papernotes.pages import glossary
from papernotes.pages.glossary import Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.structure.toc import AnchorLink

    from papernotes.data.site import Site

WITHOUT = ("reference/", "figures.md", PAGE)
"""Pages that show no previews: the reference of our Python, the list of figures, and the glossary itself."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Register the Markdown extension; the place it works on is looked up when it runs."""
    config.markdown_extensions.append(TooltipsExtension(lambda: config.extra.get("place")))  # type: ignore[arg-type]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Begin with no use of any term."""
    config.extra["uses"] = {}
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Tell the extension which page comes; write the entries of the glossary page."""
    site: Site = config.extra["site"]
    uri = page.file.src_uri
    config.extra["place"] = None if uri.startswith(WITHOUT) else Place(site.glossary, uri)
    return f"{markdown}\n\n{glossary.markdown(site.glossary, site)}" if uri == PAGE else markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Note which sections use which terms; put the previews at the end."""
    place: Place | None = config.extra["place"]
    if place is None or not place.marks:
        return html
    paper = config.extra["site"].by_uri.get(place.uri)
    name = escape(paper.name) if paper else str(page.title)  # the title is escaped already (papers.py)
    titles = {item.id: item.title for item in _headings(page.toc)}
    for mark in place.marks:
        use = Use(page.file.url, name, mark.section, titles.get(mark.section, ""))
        config.extra["uses"].setdefault(mark.term.id, []).append(use)
    return f"{html}\n{cards(place.marks, place.uri)}"


def _headings(items: Iterable[AnchorLink]) -> Iterator[AnchorLink]:
    for item in items:
        yield item
        yield from _headings(item.children)


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Every page has been read by now: say on the glossary page where each term is used."""
    if page.file.src_uri == PAGE:
        site: Site = config.extra["site"]
        page.content = glossary.fill(page.content or "", site.glossary, config.extra["uses"], site.docs_dir)
