"""Built pages -> the search index. Late in `hooks:`, so that it reads each page as a reader will."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from papernotes.search import build, pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from papernotes.data.site import Site
    from papernotes.search.postings import Page as FoundPage


def on_env(env: object, *, config: MkDocsConfig, **_: object) -> None:
    """Begin with no page."""
    config.extra["search"] = []


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Take down what stands in the article; the page itself stays as it is."""
    site = cast("Site", config.extra["site"])
    if pages.is_searched(page.file.src_uri, site):
        cast("list[FoundPage]", config.extra["search"]).append(pages.describe(output, page.file, page.title, site))
    return output


def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the index beside the pages."""
    site = cast("Site", config.extra["site"])
    made = build.files(config.extra["search"], pages.terms(site.glossary), pages.KINDS)
    build.write(made, Path(config.site_dir))
