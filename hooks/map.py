"""The map of papers, for the home page and its own. After papers.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papernotes.pages import map as map_module

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

PAGES = ("index.md", "map.md")


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Show the templates of the pages that have it the `map`."""
    context["map"] = map_module.draw(config.extra["site"]) if page.file.src_uri in PAGES else None
