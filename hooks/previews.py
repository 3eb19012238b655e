"""The cards of the papers that a page refers to, in its text or in its templates. After all hooks that write HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

from papernotes.pages import preview

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from papernotes.data.site import Site


def on_env(env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
    """Keep the template of a card; `config` carries it from page to page."""
    config.extra["paper_card"] = env.get_template("partials/pn-card-paper.html")
    return env


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Put the cards after the article."""
    site: Site = config.extra["site"]

    def paper(slug: str) -> str | None:
        found = site.by_slug.get(slug)
        # `url`, MkDocs' filter, looks up both names and uses the page
        return config.extra["paper_card"].render(paper=found, page=page, base_url="") if found else None

    try:
        return preview.add(output, {"paper-": paper})
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from None
