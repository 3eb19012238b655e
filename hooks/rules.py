"""The checker's rules -> the catalogue page. After papers.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papernotes import check, rules_page

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Write the entries of the catalogue."""
    if page.file.src_uri != rules_page.PAGE:
        return markdown
    return f"{markdown}\n\n{rules_page.markdown(check.RULES.values())}"
