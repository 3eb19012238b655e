"""Terms: previews in the text, and the glossary page with the places that use them. After papers.py and figures.py."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from papernotes import glossary_page
from papernotes.glossary import PAGE
from papernotes.tooltips import Place, TooltipsExtension

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from papernotes.site import Site

WITHOUT = ("reference/", PAGE)
"""Pages that show no previews: the reference of our Python, and the glossary itself."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Register the Markdown extension; the site and the page it works on are looked up when it runs."""

    def place() -> Place | None:
        uri: str = config.extra["here"]
        return None if uri.startswith(WITHOUT) else Place(config.extra["site"].glossary, uri)

    config.markdown_extensions.append(TooltipsExtension(place))  # type: ignore[arg-type]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Begin with no use of any term."""
    config.extra["uses"] = {}
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Write the entries of the glossary page."""
    if page.file.src_uri != PAGE:
        return markdown
    site: Site = config.extra["site"]
    return f"{markdown}\n\n{glossary_page.markdown(site.glossary, site)}"


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Note which sections use which terms."""
    site: Site = config.extra["site"]
    paper = site.by_uri.get(page.file.src_uri)
    name = escape(paper.name) if paper else str(page.title)  # the title is escaped already (papers.py)
    for term, use in glossary_page.uses_on(html, page.file.url, name):
        config.extra["uses"].setdefault(term, []).append(use)
    return html


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Every page has been read by now: say on the glossary page where each term is used."""
    if page.file.src_uri == PAGE:
        page.content = glossary_page.fill(page.content or "", config.extra["uses"])
