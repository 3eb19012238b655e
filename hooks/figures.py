"""Figure blocks and references to them, and the list of all figures. After papers.py: needs `config.extra["site"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs.plugins import get_plugin_logger

from papernotes.figures.render import FigureExtension, Gallery, list_of_figures

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

LIST_PAGE = "figures.md"

log = get_plugin_logger("figures")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Register the Markdown extension; `config` is new for each build and carries it from page to page."""
    extension = FigureExtension()
    config.extra["figure_extension"] = extension
    config.markdown_extensions.append(extension)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Read the figures of all pages: any page may refer to any."""
    config.extra["figures"] = Gallery.of(config.extra["site"])
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Tell the extension which page comes; fill the list of figures."""
    gallery: Gallery = config.extra["figures"]
    config.extra["figure_extension"].start_page(gallery, page.file.src_uri)
    if page.file.src_uri == LIST_PAGE:
        return f"{markdown}\n\n{list_of_figures(gallery)}"
    return markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """The n-th block rendered must be the n-th found: anything else would be a figure left as text on the page."""
    rendering = config.extra["figure_extension"].rendering
    if rendering.rendered != len(rendering.figures):
        log.warning(
            "%s: %d of %d figure blocks rendered", page.file.src_uri, rendering.rendered, len(rendering.figures)
        )
    return html
