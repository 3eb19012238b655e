"""What the templates of a page are handed: the steps between a page's text and its template."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from papernotes.build.engine import Page, get_build_timestamp, get_toc
from papernotes.build.finish import security, stamp
from papernotes.build.state import of
from papernotes.data import outdated, paper
from papernotes.figures import render
from papernotes.markdown import typography
from papernotes.markdown.bodies import glossary_page
from papernotes.pages import count_history, evidence, map, model_map, neighbours, newest, paging
from papernotes.pages.files import exports, listing
from papernotes.text.special_pages import CHECK, FIGURES, GLOSSARY, HOME, LISTS, MAP, PAPERS

if TYPE_CHECKING:
    from papernotes.base.git import Change
    from papernotes.build.engine import MkDocsConfig, Navigation


def show_records(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the templates of a paper page its record as `paper`, and to all of them the site and the build's stamp."""
    site, uri = of(config).site, page.file.src_uri
    document = site.documents.get(uri)
    found = site.by_uri.get(uri)
    context["site"] = site
    context["phrases"] = lambda title: typography.phrases(title, site.glossary.uses)
    context["bound"] = typography.bound
    context["kind"] = paper.kind_of(uri)
    context["draft"] = uri in site.previews
    context["paper"] = found
    context["topic"] = site.topics.get(uri)
    context["note"] = site.notes.get(uri)
    context["stamp"] = stamp.of(document) if document else None
    context["readings"] = count_history.readings(found.record) if found else ()
    context["age"] = age
    context["drift"] = outdated.of(found) if found else None
    context["truth"] = of(config).truth.get(uri)


def age(day: date) -> int:
    """How old a count was when the site was built, in whole months."""
    return count_history.age(day, datetime.fromtimestamp(get_build_timestamp(), UTC).date())


def show_surroundings(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the templates the `minutes` of every page, and of this one `report`, `citation` and `neighbours`."""
    build, uri = of(config), page.file.src_uri
    site = build.site
    context["minutes"] = build.minutes
    if uri == HOME:
        context["newest"] = newest.papers(site, build.changes)
        context["figure_count"] = render.totals(build.pages.gallery)["figures"]
    context["report"] = None
    if config.repo_url:
        query = {
            "template": "error.yml",
            "title": build.words.say("report.title", page=page.file.url),
            "page": page.file.url,
        }
        context["report"] = f"{config.repo_url.rstrip('/')}/issues/new?{urlencode(query)}"
    found = site.by_uri.get(uri)
    context["neighbours"] = neighbours.of(found, site) if found else None
    context["citation"] = build.citations[found.arxiv] if found else None


def show_changes(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Give the head of a page its structured data, the page the days of its commits, and lists the files for machines."""
    change = of(config).changes.get(page.file.src_uri)
    context["change"] = change
    context["data_files"] = exports.data_files(config.site_url or "")
    context["structured_data"] = _structured_data(page, config, change)


def _structured_data(page: Page, config: MkDocsConfig, change: Change | None) -> dict[str, Any] | None:
    site, name, site_url = of(config).site, config.site_name, config.site_url or ""
    note = site.notes.get(page.file.src_uri)
    if note:
        return exports.structured_data(note, site.ledger, name, site_url, change)
    if page.file.url == exports.HOME:
        return exports.website(name, config.site_description or "", site_url)
    if page.file.url == exports.GLOSSARY:
        title, description = (unescape(page.meta.get(key, "")) for key in ("title", "description"))  # escaped above
        return exports.term_set(title, description, name, site_url)
    return None


def show_map(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the templates of the pages that have them the `map` and the `model_map`."""
    context["map"] = map.draw(of(config).site) if page.file.src_uri in {HOME, MAP} else None
    context["model_map"] = model_map.draw(of(config).site) if page.file.src_uri == MAP else None


def show_part(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the template of a list the `part` of it that is this page, None where it is the whole, and what stands there:
    of the papers as `papers`, of what is known of them as `rows`, with the `total` of their numbers, of the list of figures its sections.
    """
    build = of(config)
    site, uri = build.site, page.file.src_uri
    context["parts"] = build.parts
    context["part"] = part = build.parts.get(uri)
    context["list"] = uri = part.home if part else uri
    if uri == PAPERS:
        context["papers"] = part.of(site.newest) if part else site.newest
        context["files"] = listing.count_files(len(site.papers)) if part else 0
    elif uri == LISTS:
        papers = [paper for tag in site.tags for paper in site.lanes.get(tag, ())]
        context["papers"] = part.of(papers) if part else papers
    elif uri == CHECK:
        rows = list(build.truth.values())
        context["rows"], context["all"] = part.of(rows) if part else rows, len(rows)
        context["total"] = evidence.total(build.truth)
    elif uri == FIGURES and part:
        rendered, count = build.pages.rendered(FIGURES), len(build.pages.gallery.pages)
        first, sections = site.once("figure sections", lambda: paging.split(security.disarm(rendered.html), -count))
        page.content = "".join([first if part.number == 1 else "", *part.of(sections)])
        ids = {*re.findall(' id="([^"]+)"', page.content)}
        page.toc = get_toc([each for each in rendered.toc if each["id"] in ids])


def fill_glossary(page: Page, config: MkDocsConfig) -> None:
    """Say on the glossary page where each term is used, and on its further pages what it has no room for."""
    build, uri = of(config), page.file.src_uri
    part = build.parts.get(uri)
    if uri == GLOSSARY:
        size = paging.MOST[GLOSSARY]
        further = {
            term.id: f"{part.url(2 + at // size)}#{term.anchor}"
            for at, (term, _) in reversed(list(enumerate(build.more_uses)))
            if part
        }
        page.content = glossary_page.fill(page.content or "", build.site, build.uses, further)
    elif part and part.home == GLOSSARY:
        page.content = glossary_page.further_page(part.of(build.more_uses, before=1))


def show_thumbnails(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the pictures in the list of figures, small."""
    if context["list"] == FIGURES:
        page.content = render.show_thumbnails(page.content or "", of(config).site.docs_dir)


def mark_tab(page: Page, nav: Navigation) -> None:
    """Mark the tab of the folder that a page outside the navigation lies in."""
    index = f"{page.file.src_uri.rpartition('/')[0]}/index.md"
    tabs = (item for item in nav.items if isinstance(item, Page) and item.file.src_uri == index)
    tab = next((tab for tab in tabs if tab is not page), None)
    if tab:
        tab.active = True
        page.meta["tab"] = tab


def unmark_tab(output: str, page: Page) -> str:
    """The next page marks its own."""
    tab = page.meta.pop("tab", None)
    if tab:
        tab.active = False
    return output
