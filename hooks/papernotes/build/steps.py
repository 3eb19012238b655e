"""The steps of a build until the templates, in the order in which the hook takes them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathspec import GitIgnoreSpec

from papernotes import kit, words
from papernotes.base import git
from papernotes.build import kept
from papernotes.build.engine import File, Files, InclusionLevel, Page, PluginError, get_build_timestamp, get_toc, log
from papernotes.build.finish import assets, offline, redirects, security
from papernotes.build.finish import theme as theme_module
from papernotes.build.state import Surroundings, of
from papernotes.markdown import dialect as dialects
from papernotes.markdown.bodies import glossary_page
from papernotes.markdown.english_lang import EnglishExtension
from papernotes.markdown.typography import TypographyExtension
from papernotes.pages import paging
from papernotes.pages.files import bibtex, exports, feed, models_json
from papernotes.rules import checker
from papernotes.text.special_pages import CHECK, FIGURES, GLOSSARY, LISTS, PAPERS, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jinja2 import Environment

    from papernotes.base.finding import Finding
    from papernotes.build.engine import MkDocsConfig, Navigation
    from papernotes.markdown.library import Linked


SHEET, SCRIPT = "papernotes.css", "papernotes.js"
"""What names all the others."""
PROGRAM: Final = "hooks"
"""The folder of our Python, from the project's root."""
UNPUBLISHED: Final = ("/_data/", "*.csv", "/papers/**/*.svg", "/topics/**/*.svg")
"""What lies in docs/ for the program alone; drawings stand in the pages."""


class _Command:
    """What MkDocs was started for; it says so once, before there is a configuration to keep it in."""

    serve = False


def started(command: str) -> None:
    """Note whether the pages are for the writer's own eyes: then drafts are shown, and no service is asked."""
    _Command.serve = command == "serve"


# --- the configuration ------------------------------------------------------------------------------------------------


def settings(config: MkDocsConfig) -> None:
    """Take addresses from the environment or from `extra:`; without them no link that needs them is written.

    Pages are files, on a server as on a disk; data and drawings are not published.
    """
    build = of(config)
    if build.is_configured:
        raise PluginError("mkdocs.yml names papernotes twice, as a hook and as a plugin; remove one of them")
    build.is_configured = True
    build.serving = _Command.serve
    config.use_directory_urls = False
    ours = GitIgnoreSpec.from_lines(UNPUBLISHED)
    config.exclude_docs = ours + config.exclude_docs if config.exclude_docs else ours
    config.site_url = config.site_url or config.extra.get("site_url", "")
    config.repo_url = config.repo_url or config.extra.get("repo_url", "")
    config.edit_uri = "edit/main/docs/" if config.repo_url else None


def plain_signatures() -> None:
    """Leave signatures in the reference as they are written, and the site the same on every machine.

    mkdocstrings formats them where Ruff or Black happens to be installed, and has no setting for it.
    """
    with suppress(ImportError):
        from mkdocstrings_handlers.python._internal import rendering

        rendering._get_formatter = lambda: lambda text, _: text  # type: ignore[assignment]


def theme(config: MkDocsConfig) -> None:
    """Use the templates of the site where it has its own, else those that come with the package."""
    if config.theme.name != "material":
        raise PluginError(
            "papernotes needs the theme material; write 'theme: {name: material, language: zh}' in mkdocs.yml"
        )
    own = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    folder = kit.find(kit.THEME)
    if own and (own / assets.STYLES / SHEET).is_file():
        of(config).theme = own
    else:
        of(config).theme = folder
        config.theme.dirs.insert(1 if own else 0, str(folder))
    of(config).words, findings = words.of(own, Path(str(config.config_file_path)).parent)
    _stop_at(findings)
    made = config.theme.get_env
    config.theme.get_env = lambda: theme_module.quicken(made())  # type: ignore[method-assign]


def _stop_at(findings: Sequence[Finding]) -> None:
    """End the build if there are findings. The builder puts a word of its own before the first line."""
    if findings:
        raise PluginError("\n".join(map(str, [f"{len(findings)} findings; nothing was built", *findings])))


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
    ours = of(config).theme
    sheet = assets.sheet(ours, SHEET, of(config).words)
    scripts = assets.scripts(ours, SCRIPT, of(config).words)
    of(config).assets = (sheet, *scripts)
    for listed, named, made in (
        (config.extra_css, f"{assets.STYLES}/{SHEET}", sheet.path),
        (config.extra_javascript, f"{assets.SCRIPTS}/{SCRIPT}", scripts[-1].path),
    ):
        at = listed.index(named) if named in listed else 0
        listed[at : at + (named in listed)] = [made]


# --- before the old site is touched -----------------------------------------------------------------------------------


def refresh_if_asked(config: MkDocsConfig) -> None:
    """Refresh the ledger if `PAPERNOTES_REFRESH` is 1. One line says what came of it; the build goes on in any case."""
    if os.environ.get("PAPERNOTES_REFRESH") == "1" and not of(config).serving:
        from papernotes import refresh

        print(f"papernotes: {refresh.for_build(Path(config.docs_dir))}", file=sys.stderr)


def begin(config: MkDocsConfig) -> None:
    """Read and check every page before MkDocs touches the old site; stop once, with every finding listed."""
    build = of(config)
    docs_dir, root = Path(config.docs_dir), Path(str(config.config_file_path)).parent
    root = root if docs_dir.is_relative_to(root) else docs_dir.parent
    library = checker.library(build.dialect, build.store, build.words)
    if build.unchecked is not None:
        linked = library.linked(build.unchecked)
    elif build.checked is not None:
        linked = build.checked.linked
    else:
        library.also = kept.make
        read = checker.preview if build.serving else checker.check
        result = read(docs_dir, root=root, today=date.today(), reader=library)
        for finding in result.previewed:
            print(finding, file=sys.stderr)
        _stop_at(result.findings)
        if result.site.drafts:
            log.info("drafts left out: %s", ", ".join(sorted(result.site.drafts)))
        linked = result.linked
    build.changes = git.changes(root, docs_dir)
    take(config, linked)
    kept.recall(config, build.keys)


def take(config: MkDocsConfig, linked: Linked, only: Collection[str] | None = None) -> None:
    """Take the pages as they have been checked, and work out what all of them need to know of each other.

    `only`: what these pages need to know of themselves; what is known of the others stays as it was.
    """
    build = of(config)
    build.linked = linked
    site = build.site
    uris = [uri for uri in site.documents if uri not in site.drafts] if only is None else only
    kept.count(build, uris)
    papers = site.papers.values()
    names = [  # of a page, where its paper begins with it: 'The False Promise of …' names nothing
        *(paper.name for paper in papers if paper.record.title.startswith(paper.name)),
        *(name for model in site.models.by_id.values() for name in model.known_as),
        *(term.en for term in site.glossary.terms.values() if term.en.istitle() or term.is_name),
    ]
    cited = [paper.record for paper in papers], names
    if build.cited != cited:
        build.citations, build.cited = bibtex.entries(*cited), cited
    kept.name(config, [uri for uri in uris if uri != GLOSSARY])


# --- the files --------------------------------------------------------------------------------------------------------


def leave_out_drafts(files: Files, config: MkDocsConfig) -> None:
    """Drafts are not pages yet. The others have been read: whatever the files hold by now, MkDocs is not to read them again."""
    site = of(config).site
    for file in files.documentation_pages():
        document = site.documents.get(file.src_uri)
        if file.src_uri in site.drafts or (document is None and of(config).checked is not None):
            files.remove(file)
        elif document is not None:
            file.content_string = ""


def add_redirects(files: Files, config: MkDocsConfig) -> None:
    """Add a page at every old address."""
    site = of(config).site
    for address, target in redirects.redirects(site).items():
        files.append(File.generated(config, address, content=redirects.page(address, target, site, of(config).words)))


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
        "models.json": kept.models(build.pages),
        "models.schema.json": models_json.models_schema(),
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
    """Publish the one style sheet and the scripts in place of their parts, and no words of templates."""
    ours = of(config).theme
    for part in (*ours.glob(f"{assets.STYLES}/**/*.css"), *ours.glob(f"{assets.SCRIPTS}/**/*.js"), ours / words.FILE):
        file = files.get_file_from_path(part.relative_to(ours).as_posix())
        if file and file.src_uri != offline.WORKER:
            files.remove(file)
    for made in of(config).assets:
        files.append(File.generated(config, made.path, content=made.content))


def note_surroundings(nav: Navigation, files: Files, config: MkDocsConfig) -> None:
    """Keep what one page needs to be built alone."""
    of(config).surroundings = Surroundings(files, nav)


# --- the pages --------------------------------------------------------------------------------------------------------


def take_front_matter(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Give the theme an escaped title and description, and MkDocs nothing to parse, but for the reference.

    The theme prints both without escaping; MkDocs' own reading of the front matter is not used.
    """
    build, uri = of(config), page.file.src_uri
    part = build.parts.get(uri)
    document = build.site.documents.get(part.home if part else uri)
    if document is None:
        return markdown
    entries = document.front.entries if document.front else {}
    meta: dict[str, Any] = {"hide": [node.value for node in entries["hide"].value] if "hide" in entries else []}
    if "title" in entries:
        meta["title"] = escape(entries["title"].value)
    if "summary" in entries:
        meta["description"] = escape(entries["summary"].value)
    if part and part.number > 1:
        said = {"list": meta.get("title", ""), "n": part.number}
        meta["title"] = build.words.say("paging.title", **said)
        meta["description"] = build.words.say("paging.description", **said)
    page.meta.clear()
    page.meta.update(meta)
    if uri in build.finished:
        page.meta["template"] = kept.TEMPLATE
    elif uri.startswith(REFERENCE) and not build.serving:
        return document.body
    page.content, page.toc = "", get_toc([])
    page.render = lambda *_: None  # type: ignore[method-assign]  # MkDocs makes a reader of Markdown for each page
    return ""


def content(html: str, page: Page, config: MkDocsConfig) -> str:
    """What the engine has made of a page of the reference; of ours nothing yet, for all are held until the last is written."""
    build, uri = of(config), page.file.src_uri
    if uri.startswith(REFERENCE) and build.serving:
        return "<p>预览里没有这一页；<code>make site</code> 会由程序写出它。</p>"
    if uri not in build.site.documents or uri.startswith(REFERENCE):
        return security.disarm(html)
    page.present_anchor_ids = build.site.face(uri).ids  # type: ignore[assignment]  # it is only looked into
    return ""


def put_in(page: Page, config: MkDocsConfig) -> None:
    """Put in the page as it was read and linked, and its table of contents: its template is next."""
    build, uri = of(config), page.file.src_uri
    is_figures = uri == FIGURES and uri in build.parts  # of which `show_part` puts in what stands on each page
    if uri in build.site.documents and not uri.startswith(REFERENCE) and not is_figures:
        rendered = build.pages.take(uri)
        page.toc = get_toc(list(rendered.toc))
        page.content = security.disarm(rendered.html)


def collect_uses(files: Files, config: MkDocsConfig) -> None:
    """Note which sections use which terms."""
    build, uses = of(config), dict[str, list[glossary_page.Use]]()
    for file in files.documentation_pages():
        if file.src_uri not in build.site.documents or file.src_uri.startswith(REFERENCE) or not file.page:
            continue
        if file.src_uri == GLOSSARY:
            continue  # its own terms are no links, and where others are used depends on all pages
        paper = build.site.by_uri.get(file.src_uri)
        name = escape(paper.name) if paper else str(file.page.title)  # the title is escaped already
        titles = build.site.face(file.src_uri).titles
        for use in build.used[file.src_uri]:
            made = glossary_page.Use(file.url, name, use.section, titles.get(use.section, ""))
            uses.setdefault(use.term, []).append(made)
    if uses != build.uses:  # seldom, where a sentence was saved
        build.uses, build.more_uses = uses, glossary_page.further(build.site, uses)


def finish_glossary(files: Files, config: MkDocsConfig) -> None:
    """Look whether the glossary is finished, last: it depends on the terms that all pages use."""
    build, file = of(config), files.get_file_from_path(GLOSSARY)
    if file is None or file.page is None or not build.keys:
        return
    kept.name(config, [GLOSSARY])
    kept.recall(config, [GLOSSARY])
    if GLOSSARY in build.finished:
        file.page.meta["template"] = kept.TEMPLATE


def add_parts(files: Files, config: MkDocsConfig) -> None:
    """Add the further pages of the lists that take several: each a page like its list, of another part of what there is."""
    build = of(config)
    papers = len(build.site.papers)
    lengths = {PAPERS: papers, LISTS: papers, CHECK: len(build.truth), FIGURES: len(build.pages.gallery.pages)}
    lengths[GLOSSARY] = paging.MOST[GLOSSARY] + len(build.more_uses)
    build.parts = paging.parts({uri: length for uri, length in lengths.items() if uri in build.site.documents})
    kept.name_parts(config)
    further = build.parts.keys() - build.site.documents.keys()
    kept.recall(config, further)
    for uri in sorted(further):
        file = File.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        page = Page(None, file, config)
        page.markdown = take_front_matter("", page, config)
        page.content = ""
        files.append(file)


def date_sitemap(files: Files, config: MkDocsConfig) -> None:
    """Let the sitemap say when each page changed, where MkDocs would give every page the day of the build."""
    build = of(config)
    change = git.last_change(Path(build.site.root), PROGRAM)
    program = change.date() if change else None

    @cache  # of a list of several pages it is the same, and goes over all there are
    def day_of(home: str) -> date | None:
        return exports.last_day(home, build.site, build.changes, program)

    for file in files.documentation_pages():
        if file.page:
            day = day_of(build.parts[file.src_uri].home if file.src_uri in build.parts else file.src_uri)
            file.page.update_date = day.isoformat() if day else ""


def read_templates(env: Environment, config: MkDocsConfig) -> None:
    """Hand the templates their words; keep the template of a card, and the inline scripts of the theme."""
    build = of(config)
    build.env = env
    env.globals["t"] = build.words.say
    build.card = env.get_template("partials/pn-card-paper.html")
    build.templates = security.Templates(Path(folder) for folder in config.theme.dirs)
