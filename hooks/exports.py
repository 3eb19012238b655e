"""Records -> files for machines, and the facts about a page that its head carries."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files
from mkdocs.utils import get_build_timestamp

from papernotes.pages import exports
from papernotes.text.history import changes

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from papernotes.data.site import Site
    from papernotes.text.history import Change


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


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    """Let the sitemap say when a note changed, as the feed does, where MkDocs would give every page the day of the build.

    Of the other pages it says nothing: most are lists, made from many files.
    """
    site: Site = config.extra["site"]
    for file in files.documentation_pages():
        note = site.by_uri.get(file.src_uri) or site.topics.get(file.src_uri)
        if file.page:
            day = exports.change_of(note, config.extra["changes"]).last.isoformat() if note else ""
            file.page.update_date = day


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Give the head of a page its structured data, the page the days of its commits, and lists the files for machines."""
    site: Site = config.extra["site"]
    change = config.extra["changes"].get(page.file.src_uri)
    context["change"] = change
    context["data_files"] = exports.data_files(config.site_url or "")
    context["structured_data"] = _structured_data(page, site, config, change)


def _structured_data(page: Page, site: Site, config: MkDocsConfig, change: Change | None) -> dict[str, Any] | None:
    name, site_url = config.site_name, config.site_url or ""
    note = site.by_uri.get(page.file.src_uri) or site.topics.get(page.file.src_uri)
    if note:
        return exports.structured_data(note, site.ledger, name, site_url, change)
    if page.file.url == exports.HOME:
        return exports.website(name, config.site_description or "", site_url)
    if page.file.url == exports.GLOSSARY:
        title, description = (unescape(page.meta.get(key, "")) for key in ("title", "description"))  # papers.py escapes
        return exports.term_set(title, description, name, site_url)
    return None
