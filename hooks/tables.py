"""Tables -> boxes that scroll. Before the pages meet their templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papernotes.rules import tables

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page


def on_page_content(html: str, *, page: Page, **_: object) -> str:
    """Box every table of the page."""
    return tables.boxed(html)
