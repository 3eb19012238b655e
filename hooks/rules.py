"""The checker's rules -> the catalogue page. After papers.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papernotes.rules import catalogue, checker

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Write the entries of the catalogue."""
    if page.file.src_uri != catalogue.PAGE:
        return markdown
    return f"{markdown}\n\n{catalogue.markdown(checker.RULES.values())}"
