"""Built page -> the same page without the theme's faults. Before security.py, which signs what it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.pages import Page

from papernotes.build.finish import theme

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

log = get_plugin_logger("theme")


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """Mark the tab of the folder that a page outside the navigation lies in."""
    tab = _tab(page, nav)
    if tab:
        tab.active = True
        page.meta["tab"] = tab


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Mend a page."""
    tab = page.meta.pop("tab", None)
    if tab:
        tab.active = False
    return _mend(output, page.file.src_uri)


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Mend the page for addresses that do not exist."""
    return _mend(output_content, template_name) if template_name.endswith(".html") else output_content


def _tab(page: Page, nav: Navigation) -> Page | None:
    index = f"{page.file.src_uri.rpartition('/')[0]}/index.md"
    tabs = (item for item in nav.items if isinstance(item, Page) and item.file.src_uri == index)
    return next((tab for tab in tabs if tab is not page), None)


def on_post_build(*, config: MkDocsConfig) -> None:
    """Lighten the style sheet."""
    found = 0
    for file in sorted(Path(config.site_dir).glob("assets/stylesheets/palette.*.css")):
        sheet, changed = theme.lighten(file.read_text(encoding="utf-8"))
        file.write_text(sheet, encoding="utf-8", newline="\n")
        found += changed
    if found != 1:
        log.warning("the theme's style sheet is another one; see lighten in papernotes/build/finish/theme.py")


def _mend(html: str, name: str) -> str:
    mended, found = theme.mend(html)
    if found != theme.TOGGLES:
        log.warning(
            "%s: %d of the theme's %d faults found; see papernotes/build/finish/theme.py", name, found, theme.TOGGLES
        )
    return mended
