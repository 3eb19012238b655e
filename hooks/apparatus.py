"""What stands around a page: its length, its citation, its neighbours. After papers.py, figures.py and exports.py's reading of git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mkdocs.structure.files import File

from papernotes.figures import render
from papernotes.pages import bibtex, neighbours, newest, reading_time

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from papernotes.data.site import Site


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Reckon once what lists of pages show too."""
    site: Site = config.extra["site"]
    config.extra["minutes"] = {
        uri: reading_time.minutes(document) for uri, document in site.documents.items() if uri not in site.drafts
    }
    config.extra["bibtex_keys"] = bibtex.keys(paper.record for paper in site.papers.values())


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a .bib file beside every paper page, and one of all papers."""
    site: Site = config.extra["site"]
    entries = {
        paper.slug: bibtex.entry(paper.record, config.extra["bibtex_keys"][paper.arxiv])
        for paper in site.papers.values()
    }
    for slug, text in entries.items():
        files.append(File.generated(config, f"papers/{slug}.bib", content=text))
    files.append(File.generated(config, "papers.bib", content="\n".join(entries.values())))
    return files


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Show the templates the `minutes` of every page, and of this one `report`, `citation` and `neighbours`."""
    site: Site = config.extra["site"]
    uri = page.file.src_uri
    context["minutes"] = config.extra["minutes"]
    if uri == "index.md":
        context["newest"] = newest.papers(site, config.extra["changes"])
        context["figure_count"] = render.totals(config.extra["figures"])["figures"]
    context["report"] = None
    if config.repo_url:
        query = {"template": "error.yml", "title": f"事实有误：{page.file.url}", "page": page.file.url}
        context["report"] = f"{config.repo_url.rstrip('/')}/issues/new?{urlencode(query)}"
    paper = site.by_uri.get(uri)
    context["neighbours"] = neighbours.of(paper, site) if paper else None
    context["citation"] = bibtex.entry(paper.record, config.extra["bibtex_keys"][paper.arxiv]) if paper else None
