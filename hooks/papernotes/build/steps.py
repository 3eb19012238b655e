"""The steps of a build, in the order in which the hook takes them. This and `publish` are all that knows MkDocs."""

from __future__ import annotations

import html as html_module
import os
import sys
from datetime import UTC, date, datetime
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_build_timestamp

from papernotes.base import git
from papernotes.build import redirects, stamp
from papernotes.build.finish import assets, offline, security, theme
from papernotes.build.state import Build, of
from papernotes.data import outdated, paper
from papernotes.figures import render
from papernotes.markdown import dialect as dialects
from papernotes.markdown import glossary_page, typography
from papernotes.markdown.english import EnglishExtension
from papernotes.markdown.glossary_page import Use
from papernotes.markdown.typography import TypographyExtension
from papernotes.pages import counts, map, neighbours, newest, preview, reading_time
from papernotes.pages.files import bibtex, exports, feed, twin
from papernotes.rules import checker
from papernotes.search import build as search_index
from papernotes.search import pages as search_pages
from papernotes.text.parsed import Heading
from papernotes.text.special_pages import GLOSSARY, HOME, MAP, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation

    from papernotes.base.git import Change

log = get_plugin_logger("papernotes")

SHEET, SCRIPT = "papernotes.css", "papernotes.js"
"""What names all the others."""
PROGRAM: Final = "hooks"
"""The folder of our Python, from the project's root."""
REFERENCE_STYLES: Final = "assets/_mkdocstrings.css"


class _Command:
    """What MkDocs was started for; it says so once, before there is a configuration to keep it in."""

    serve = False


def started(command: str) -> None:
    """Note whether the pages are for the writer's own eyes: then drafts are shown, and no service is asked."""
    _Command.serve = command == "serve"


# --- the configuration ------------------------------------------------------------------------------------------------


def settings(config: MkDocsConfig) -> None:
    """Take addresses from the environment or from `extra:`; without them no link that needs them is written."""
    of(config).serving = _Command.serve
    config.site_url = config.site_url or config.extra.get("site_url", "")
    config.repo_url = config.repo_url or config.extra.get("repo_url", "")
    config.edit_uri = "edit/main/docs/" if config.repo_url else None


def dialect(config: MkDocsConfig) -> None:
    """Give the pages that MkDocs itself reads our Markdown: the dialect, with what mkdocs.yml adds to it."""
    written = [each for each in config.markdown_extensions if isinstance(each, str) and each not in dialects.BUILT_IN]
    of(config).dialect = ours = dialects.Dialect().with_(written, config.mdx_configs)
    others = [each for each in config.markdown_extensions if each not in ours.extensions]  # of MkDocs, of plugins
    first = [each for each in others if each == "fenced_code"]  # replaced by superfences, which must come after it
    rest = [each for each in others if each != "fenced_code"]
    config.markdown_extensions = [*first, *ours.extensions, *rest, TypographyExtension(), EnglishExtension()]  # type: ignore[list-item]
    config.mdx_configs = {name: dict(values) for name, values in ours.configs.items()}


def merge_assets(config: MkDocsConfig) -> None:
    """Replace our style sheet and our script in the configuration by what is made of them."""
    ours = Path(config.theme.custom_dir or "")
    sheet = assets.sheet(ours, SHEET)
    scripts = assets.scripts(ours, SCRIPT)
    of(config).assets = (sheet, *scripts)
    config.extra_css[config.extra_css.index(f"{assets.STYLES}/{SHEET}")] = sheet.path
    config.extra_javascript[config.extra_javascript.index(f"{assets.SCRIPTS}/{SCRIPT}")] = scripts[-1].path


# --- before the old site is touched -----------------------------------------------------------------------------------


def refresh_if_asked(config: MkDocsConfig) -> None:
    """Refresh the ledger if `PAPERNOTES_REFRESH` is 1. One line says what came of it; the build goes on in any case."""
    if os.environ.get("PAPERNOTES_REFRESH") == "1" and not of(config).serving:
        from papernotes import refresh

        print(f"papernotes: {refresh.for_build(Path(config.docs_dir))}", file=sys.stderr)


def begin(config: MkDocsConfig) -> None:
    """Read and check every page before MkDocs touches the old site; stop once, with every finding listed."""
    build = of(config)
    docs_dir, config_file = Path(config.docs_dir), config.config_file_path
    root = Path(str(config_file)).parent
    root = root if docs_dir.is_relative_to(root) else docs_dir.parent
    library = checker.library(build.dialect)
    if build.unchecked is not None:
        build.linked = library.linked(build.unchecked)
    else:
        read = checker.preview if build.serving else checker.check
        result = read(docs_dir, root=root, today=date.today(), reader=library)
        for finding in result.previewed:
            print(finding, file=sys.stderr)
        if result.findings:
            # The builder puts a word of its own before the first line.
            lines = [
                f"{len(result.findings)} findings; nothing was built",
                *(str(finding) for finding in result.findings),
            ]
            raise PluginError("\n".join(lines))
        if result.site.drafts:
            log.info("drafts left out: %s", ", ".join(sorted(result.site.drafts)))
        build.linked = result.linked
    site = build.site
    build.minutes = {
        uri: reading_time.minutes(document) for uri, document in site.documents.items() if uri not in site.drafts
    }
    build.citations = bibtex.entries(
        (paper.record for paper in site.papers.values()),
        [
            *(paper.name for paper in site.papers.values()),
            *(term.en for term in site.glossary.terms.values() if term.is_name),
        ],
    )
    build.changes = git.changes(Path(site.root), docs_dir)


# --- the files --------------------------------------------------------------------------------------------------------


def leave_out_drafts(files: Files, config: MkDocsConfig) -> None:
    """Drafts are not pages yet."""
    for uri in of(config).site.drafts:
        file = files.get_file_from_path(uri)
        if file:
            files.remove(file)


def add_redirects(files: Files, config: MkDocsConfig) -> None:
    """Add a page at every old address."""
    for address, target in redirects.redirects(of(config).site).items():
        files.append(File.generated(config, address, content=redirects.page(address, target)))


def add_citations(files: Files, config: MkDocsConfig) -> None:
    """Add a .bib file beside every paper page, and one of all papers."""
    build = of(config)
    entries = {paper.slug: build.citations[paper.arxiv] for paper in build.site.papers.values()}
    for slug, text in entries.items():
        files.append(File.generated(config, f"papers/{slug}.bib", content=text))
    files.append(File.generated(config, "papers.bib", content="\n".join(entries.values())))


def add_exports(files: Files, config: MkDocsConfig) -> None:
    """Add the files for machines; those that need the site's address only where it is set."""
    build, site_url = of(config), config.site_url or ""
    site = build.site
    made = {
        "papers.json": exports.papers_json(site, site_url),
        "papers.schema.json": exports.papers_schema(site, site_url),
        "llms.txt": exports.llms_txt(site, config.site_name, config.site_description or "", site_url),
        "robots.txt": exports.robots_txt(site_url),
    }
    if site_url:
        built = datetime.fromtimestamp(get_build_timestamp(), UTC)

        def before(uri: str, commit: str) -> str | None:
            return git.text_at(commit, Path(site.root), site.docs_dir / uri)

        made["feed.xml"] = feed.write(site, site_url, config.site_name, build.changes, built, before)
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))


def replace_assets(files: Files, config: MkDocsConfig) -> None:
    """Publish the one style sheet and the scripts in place of their parts."""
    ours = Path(config.theme.custom_dir or "")
    for part in (*ours.glob(f"{assets.STYLES}/**/*.css"), *ours.glob(f"{assets.SCRIPTS}/**/*.js")):
        file = files.get_file_from_path(part.relative_to(ours).as_posix())
        if file and file.src_uri != offline.WORKER:
            files.remove(file)
    for made in of(config).assets:
        files.append(File.generated(config, made.path, content=made.content))


# --- the pages --------------------------------------------------------------------------------------------------------


def take_front_matter(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Give the theme an escaped title and description, and MkDocs nothing to parse, but for the reference.

    The theme prints both without escaping; MkDocs' own reading of the front matter is not used.
    """
    site, uri = of(config).site, page.file.src_uri
    document = site.documents.get(uri)
    if document is None:
        return markdown
    entries = document.front.entries if document.front else {}
    meta: dict[str, Any] = {
        "hide": [node.value for node in entries["hide"].value] if "hide" in entries else [],
    }
    if "title" in entries:
        meta["title"] = html_module.escape(entries["title"].value)
    if "summary" in entries:
        meta["description"] = html_module.escape(entries["summary"].value)
    page.meta.clear()
    page.meta.update(meta)
    return document.body if uri.startswith(REFERENCE) else ""


def content(html: str, page: Page, config: MkDocsConfig) -> str:
    """Put in the page as it was read and linked, and its table of contents."""
    build, uri = of(config), page.file.src_uri
    if uri not in build.site.documents or uri.startswith(REFERENCE):
        return security.disarm(html)
    rendered = build.pages.rendered(uri)
    page.toc = get_toc(list(rendered.toc))
    page.present_anchor_ids = set(build.site.parsed(uri).ids)
    return security.disarm(rendered.html)


def collect_uses(files: Files, config: MkDocsConfig) -> None:
    """Note which sections use which terms."""
    build = of(config)
    for file in files.documentation_pages():
        if file.src_uri not in build.site.documents or file.src_uri.startswith(REFERENCE) or not file.page:
            continue
        found = build.pages.rendered(file.src_uri).uses
        paper = build.site.by_uri.get(file.src_uri)
        name = escape(paper.name) if paper else str(file.page.title)  # the title is escaped already
        titles = {heading.id: heading.text for heading in _listed(build, file.src_uri)}
        for use in found:
            made = Use(file.url, name, use.section, titles.get(use.section, ""))
            build.uses.setdefault(use.term, []).append(made)


def _listed(build: Build, uri: str) -> tuple[Heading, ...]:
    return build.site.parsed(uri).headings


def date_sitemap(files: Files, config: MkDocsConfig) -> None:
    """Let the sitemap say when each page changed, where MkDocs would give every page the day of the build."""
    build = of(config)
    program = git.last_change(Path(build.site.root), PROGRAM)
    for file in files.documentation_pages():
        if file.page:
            day = exports.last_day(file.src_uri, build.site, build.changes, program.date() if program else None)
            file.page.update_date = day.isoformat() if day else ""


def read_templates(env: Environment, config: MkDocsConfig) -> None:
    """Keep the template of a card, and the inline scripts of the theme."""
    build = of(config)
    build.card = env.get_template("partials/pn-card-paper.html")
    build.templates = security.Templates(Path(folder) for folder in config.theme.dirs)


# --- the templates ----------------------------------------------------------------------------------------------------


def show_records(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the templates of a paper page its record as `paper`, and to all of them the site and the build's stamp."""
    site, uri = of(config).site, page.file.src_uri
    document = site.documents.get(uri)
    found = site.by_uri.get(uri)
    context["site"] = site
    context["phrases"] = lambda title: typography.phrases(title, site.glossary.uses)
    context["kind"] = paper.kind_of(uri)
    context["draft"] = uri in site.previews
    context["paper"] = found
    context["topic"] = site.topics.get(uri)
    context["stamp"] = stamp.of(document) if document else None
    context["history"] = counts.line(found.record) if found else None
    context["drift"] = outdated.of(found) if found else None


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
        query = {"template": "error.yml", "title": f"事实有误：{page.file.url}", "page": page.file.url}
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
    note = site.by_uri.get(page.file.src_uri) or site.topics.get(page.file.src_uri)
    if note:
        return exports.structured_data(note, site.ledger, name, site_url, change)
    if page.file.url == exports.HOME:
        return exports.website(name, config.site_description or "", site_url)
    if page.file.url == exports.GLOSSARY:
        title, description = (unescape(page.meta.get(key, "")) for key in ("title", "description"))  # escaped above
        return exports.term_set(title, description, name, site_url)
    return None


def show_map(context: dict[str, Any], page: Page, config: MkDocsConfig) -> None:
    """Show the templates of the pages that have it the `map`."""
    context["map"] = map.draw(of(config).site) if page.file.src_uri in {HOME, MAP} else None


def fill_glossary(page: Page, config: MkDocsConfig) -> None:
    """Say on the glossary page where each term is used."""
    if page.file.src_uri == GLOSSARY:
        build = of(config)
        site = build.site
        page.content = glossary_page.fill(page.content or "", site.glossary, build.uses, site.docs_dir)


def mark_tab(page: Page, nav: Navigation) -> None:
    """Mark the tab of the folder that a page outside the navigation lies in."""
    index = f"{page.file.src_uri.rpartition('/')[0]}/index.md"
    tabs = (item for item in nav.items if isinstance(item, Page) and item.file.src_uri == index)
    tab = next((tab for tab in tabs if tab is not page), None)
    if tab:
        tab.active = True
        page.meta["tab"] = tab


# --- the finished pages -----------------------------------------------------------------------------------------------


def unmark_tab(output: str, page: Page) -> str:
    """The next page marks its own."""
    tab = page.meta.pop("tab", None)
    if tab:
        tab.active = False
    return output


def add_paper_cards(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the cards of the papers that a page refers to, in its text or in its templates, after the article."""
    build = of(config)

    def card(slug: str) -> str | None:
        found = build.site.by_slug.get(slug)
        # `url`, MkDocs' filter, looks up both names and uses the page
        return build.card.render(paper=found, page=page, base_url="") if found and build.card else None

    try:
        return preview.add(output, {"paper-": card})
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from None


def note_for_search(output: str, page: Page, config: MkDocsConfig) -> None:
    """Take down what stands in the article; the page itself stays as it is."""
    build = of(config)
    if search_pages.is_searched(page.file.src_uri, build.site):
        build.searched.append(search_pages.describe(output, page.file.src_uri, page.file.url, page.title, build.site))


def add_twin(output: str, page: Page, config: MkDocsConfig) -> None:
    """Note the page as Markdown."""
    build, site_url, url = of(config), config.site_url or "", page.file.url
    address = twin.absolute(url, site_url) if site_url else twin.relative(url)
    build.twins[twin.path_of(url)] = twin.write(output, address)
    if page.file.src_uri in build.site.by_uri or page.file.src_uri in build.site.topics:
        build.texts[page.file.src_uri] = twin.write(output, twin.absolute(url, site_url))


def finish(html: str, name: str, config: MkDocsConfig) -> str:
    """A page without the theme's faults, with what it needs alone, under its policy."""
    build = of(config)
    html, found = theme.mend(html)
    if found != theme.TOGGLES:
        log.warning(
            "%s: %d of the theme's %d faults found; see papernotes/build/finish/theme.py", name, found, theme.TOGGLES
        )
    html = assets.defer(assets.without_reference_styles(html, REFERENCE_STYLES))
    html, unknown = security.protect(html, cast("security.Templates", build.templates))
    for script in unknown:
        log.warning(
            "%s: an inline script that is not a template's will not run: %s", name, " ".join(script.split())[:60]
        )
    return html


def let_reload(server: LiveReloadServer) -> None:
    """Under `serve` pages have the policy of the published site; MkDocs' own script, which reloads them, is let run by it."""
    serve = server.get_app()

    def serve_with_hash(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began: list[tuple[str, list[tuple[str, str]]]] = []
        note = cast("Any", lambda status, headers, *_: began.append((status, headers)))
        answer: Iterable[bytes] = cast("Any", serve)(environ, note)
        status, headers = began[0]
        if ("Content-Type", "text/html") in headers:
            answer = [security.allow_reload(b"".join(answer).decode()).encode()]
            headers = [
                *(each for each in headers if each[0] != "Content-Length"),
                ("Content-Length", str(len(answer[0]))),
            ]
        start_response(status, headers)
        return answer

    server.set_app(serve_with_hash)


# --- beside the pages -------------------------------------------------------------------------------------------------


def write_search(config: MkDocsConfig) -> None:
    """Write the index beside the pages."""
    build = of(config)
    made = search_index.files(build.searched, search_pages.terms(build.site.glossary), search_pages.KINDS)
    search_index.write(made, Path(config.site_dir))


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


def write_twins(config: MkDocsConfig) -> None:
    """Write the Markdown twin beside every page, and all papers and topics in one file."""
    build = of(config)
    full = exports.llms_full(
        build.site, config.site_name, config.site_description or "", build.texts, config.site_url or ""
    )
    for path, text in {**build.twins, "llms-full.txt": full}.items():
        (Path(config.site_dir) / path).write_text(text, encoding="utf-8", newline="\n")


def write_worker(config: MkDocsConfig) -> None:
    """Write `sw.js`, which holds a digest of every other file."""
    offline.write(Path(config.site_dir))
