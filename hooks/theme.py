"""Built page -> the same page without the theme's faults. Before security.py, which signs what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger

from papernotes import theme

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

log = get_plugin_logger("theme")


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Mend a page."""
    return _mend(output, page.file.src_uri)


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Mend the page for addresses that do not exist."""
    return _mend(output_content, template_name) if template_name.endswith(".html") else output_content


def _mend(html: str, name: str) -> str:
    mended, found = theme.mend(html)
    if found != theme.TOGGLES:
        log.warning("%s: %d of the theme's %d faults found; see papernotes/theme.py", name, found, theme.TOGGLES)
    return mended
