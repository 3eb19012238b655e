"""The finished pages, and what is written beside them: the steps after the templates."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from papernotes.build import kept
from papernotes.build.context import age
from papernotes.build.engine import PluginError, get_toc, log
from papernotes.build.finish import assets, offline, security, theme
from papernotes.build.state import of
from papernotes.pages import preview
from papernotes.pages.files import exports, listing, twin
from papernotes.search import build as search_index
from papernotes.search import pages as search_pages
from papernotes.text.special_pages import PAPERS

if TYPE_CHECKING:
    from papernotes.build.engine import MkDocsConfig, Page
    from papernotes.data.paper import Paper


def add_paper_cards(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the cards of the papers that a page refers to, in its text or in its templates, after the article."""
    build = of(config)

    def card(slug: str) -> str | None:
        found = build.site.by_slug.get(slug)
        # `url`, MkDocs' filter, looks up both names and uses the page
        return build.card.render(paper=found, page=page, base_url="", age=age) if found and build.card else None

    try:
        return preview.add(output, {"paper-": card})
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from None


def note_for_search(output: str, page: Page, config: MkDocsConfig) -> None:
    """Take down what stands in the article; the page itself stays as it is."""
    build = of(config)
    part = build.parts.get(page.file.src_uri)
    if (part is None or part.number == 1) and search_pages.is_searched(page.file.src_uri, build.site):
        url = page.file.url
        build.searched[url] = search_pages.describe(output, page.file.src_uri, url, page.title, build.site)


def add_twin(output: str, page: Page, config: MkDocsConfig) -> str:
    """Write the page as Markdown beside it. Shape: what was written."""
    build, site_url, url = of(config), config.site_url or "", page.file.url
    absolute = twin.absolute(url, site_url)
    written, text = twin.write(output, absolute if site_url else twin.relative(url), absolute)
    if page.file.src_uri in build.site.notes:
        build.texts[page.file.src_uri] = text
    kept.write_twin(written, page, config)
    return written


def let_go(page: Page) -> None:
    """Let go of what the template was handed of a page, of which MkDocs keeps every one until the end."""
    page.content, page.toc = "", get_toc([])


def finish(html: str, name: str, config: MkDocsConfig) -> str:
    """A page without the theme's faults, with what it needs alone, under its policy."""
    build = of(config)
    html, found = theme.mend(html, build.words.say("skip"))
    if found != theme.TOGGLES:
        build.warned.add(name)
        log.warning(
            "%s: %d of the theme's %d faults found; see papernotes/build/finish/theme.py", name, found, theme.TOGGLES
        )
    html = assets.defer(assets.without_reference_styles(html, kept.REFERENCE_STYLES))
    html, unknown = security.protect(html, cast("security.Templates", build.templates))
    for script in unknown:
        build.warned.add(name)
        log.warning(
            "%s: an inline script that is not a template's will not run: %s", name, " ".join(script.split())[:60]
        )
    return html


# --- beside the pages -------------------------------------------------------------------------------------------------


def count_page(config: MkDocsConfig) -> None:
    """One more page is finished."""
    if count := of(config).count:
        count.step()


def end_count(config: MkDocsConfig) -> None:
    """There are no further pages."""
    build = of(config)
    if build.count:
        build.count.end()
    build.count = None


def write_search(config: MkDocsConfig) -> None:
    """Write the index beside the pages; but for a preview, it is the last that is made of them."""
    build = of(config)
    terms = search_pages.terms(build.site.glossary, build.site.models)
    if not build.serving:  # nobody asks for the pages any more, and of ten thousand the index needs the room
        build.linked = None
        gc.collect()
    pages = {**build.searched} if build.serving else build.searched  # what is saved meanwhile is for the next time
    search_index.write(pages, terms, search_pages.KINDS, Path(config.site_dir))


def write_list(config: MkDocsConfig) -> None:
    """Write what the list of papers fetches to sort and filter all of them, where it takes several pages."""
    build = of(config)
    if PAPERS not in build.parts or build.env is None or build.surroundings is None:
        return
    template, site_dir = build.env.get_template("partials/pn-papers-row.html"), Path(config.site_dir)
    file = build.surroundings.files.get_file_from_path(PAPERS)
    page = file.page if file else None  # for the addresses in a row

    def row(paper: Paper) -> str:
        html = template.render(paper=paper, page=page, base_url="")
        return re.sub(r"\s*\n\s*", " ", re.sub(r' data-pn-words="[^"]*"', "", html))

    (site_dir / listing.FOLDER).mkdir(exist_ok=True)
    for path, text in listing.files(build.site.newest, row).items():
        (site_dir / path).write_text(text, encoding="utf-8", newline="\n")


def lighten(config: MkDocsConfig) -> None:
    """Remove what no reader needs of what the theme brings: source maps, stemmers of other languages, its search workers."""
    site_dir = Path(config.site_dir)
    for pattern in ("**/*.map", "assets/javascripts/lunr/**/*.js", "assets/javascripts/workers/*"):
        for file in site_dir.glob(pattern):
            file.unlink()
    for script in (*site_dir.glob("assets/javascripts/**/*.js"), *site_dir.glob("assets/stylesheets/*.css")):
        text = script.read_text(encoding="utf-8")
        kept = text.partition("\n//# sourceMappingURL=")[0].partition("/*# sourceMappingURL=")[0]
        if kept != text:
            script.write_text(kept, encoding="utf-8")
    for folder in sorted(site_dir.glob("assets/javascripts/**/"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    if not config.site_url:
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            (site_dir / name).unlink(missing_ok=True)
    found = 0
    for file in sorted(site_dir.glob("assets/stylesheets/palette.*.css")):
        sheet, changed = theme.lighten(file.read_text(encoding="utf-8"))
        file.write_text(sheet, encoding="utf-8", newline="\n")
        found += changed
    if found != 1:
        log.warning("the theme's style sheet is another one; see lighten in papernotes/build/finish/theme.py")


def write_texts(config: MkDocsConfig) -> None:
    """Write all papers and topics in one file."""
    build = of(config)
    full = exports.llms_full(
        build.site, config.site_name, config.site_description or "", build.texts, config.site_url or ""
    )
    with Path(config.site_dir, "llms-full.txt").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(full)
    build.texts.clear()


def write_worker(config: MkDocsConfig) -> None:
    """Write `sw.js`, which holds a digest of every other file."""
    offline.write(Path(config.site_dir))
