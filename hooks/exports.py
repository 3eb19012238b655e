"""Records -> files for machines, and the facts about a page that its head carries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files
from mkdocs.utils import get_build_timestamp

from papernotes import exports
from papernotes.changes import changes

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the generated files; those that need the site's address only where it is set."""
    site, site_url = config.extra["site"], config.site_url or ""
    config.extra["changes"] = changed = changes(Path(site.root), Path(config.docs_dir))
    made = {
        "papers.json": exports.papers_json(site, site_url),
        "papers.schema.json": exports.papers_schema(site, site_url),
        "llms.txt": exports.llms_txt(site, config.site_name, config.site_description or "", site_url),
        "robots.txt": exports.robots_txt(site_url),
    }
    if site_url:
        built = datetime.fromtimestamp(get_build_timestamp(), UTC).date()
        made["feed.xml"] = exports.feed(site, site_url, config.site_name, changed, built)
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Give the head of a page its structured data, and the page the days of its commits."""
    change = config.extra["changes"].get(page.file.src_uri)
    paper = context.get("paper")
    context["change"] = change
    context["structured_data"] = exports.structured_data(paper, config.site_url or "", change) if paper else None
