"""Built page -> the same page under a Content-Security-Policy. Last in `hooks:`: what others add to a page comes before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.plugins import event_priority, get_plugin_logger

from papernotes.build.finish import security

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

log = get_plugin_logger("security")
LAST = -100


class _Command:
    """What MkDocs was started for; it says so once, before there is a configuration to keep it in."""

    serve = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], **_: Any) -> None:
    """Note whether the pages are for the server on the author's own machine."""
    _Command.serve = command == "serve"


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    """Read the inline scripts of the theme."""
    config.extra["security"] = security.Templates(Path(folder) for folder in config.theme.dirs)


@event_priority(LAST)
def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make text of what a policy cannot stop."""
    return security.disarm(html)


@event_priority(LAST)
def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Every page gets its policy."""
    return _protect(output, page.file.src_uri, config)


@event_priority(LAST)
def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
    """So does the page for addresses that do not exist."""
    return _protect(output_content, template_name, config) if template_name.endswith(".html") else output_content


def _protect(html: str, name: str, config: MkDocsConfig) -> str:
    protected, unknown = security.protect(html, config.extra["security"], live_reload=_Command.serve)
    for script in unknown:
        log.warning("%s: an inline script that is no template's will not run: %s", name, " ".join(script.split())[:60])
    return protected
