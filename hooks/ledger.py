"""The counts: a refresh before the pages are read, where the build was asked for one; and what the ledger shows of each."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papernotes.data import outdated
from papernotes.pages import counts

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

_serving = False  # `serve` builds again and again in one process, and no build can tell but by this event


def on_startup(*, command: str, dirty: bool) -> None:
    """Remember whether this process serves: it never refreshes."""
    global _serving
    _serving = command == "serve"


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Refresh the ledger if `PAPERNOTES_REFRESH` is 1. One line says what came of it; the build goes on in any case."""
    if os.environ.get("PAPERNOTES_REFRESH") == "1" and not _serving:
        from papernotes import refresh

        print(f"papernotes: {refresh.for_build(Path(config.docs_dir))}", file=sys.stderr)


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Show the templates of a paper page its count's course as `history`, and as `drift` how arXiv has left it behind."""
    paper = config.extra["site"].by_uri.get(page.file.src_uri)
    context["history"] = counts.line(paper.record) if paper else None
    context["drift"] = outdated.of(paper) if paper else None
