"""The one checker: every rule over every page, all findings at once. The build, the command and CI call it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from papernotes.base import machine
from papernotes.base.finding import Finding
from papernotes.base.rule import Rule
from papernotes.base.store import Store
from papernotes.data import (
    abstracts,
    blanks,
    front_matter,
    ledger,
    licences,
    outdated,
    term_table,
)
from papernotes.data import evidence as evidence_data
from papernotes.data import site as site_module
from papernotes.data.models import results
from papernotes.data.models import table as model_table
from papernotes.data.reading import paths, reading_order
from papernotes.data.site import Site
from papernotes.evidence import moved
from papernotes.figures import block_rules, figure, plots, render
from papernotes.markdown import dialect as dialects
from papernotes.markdown import formula, references, source_marks
from papernotes.markdown.bodies import glossary_page, measured, paths_page
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.library import Library, Linked
from papernotes.progress import counted
from papernotes.rules import (
    catalogue,
    causes,
    evidence,
    files,
    hidden,
    html,
    links,
    models,
    pairs,
    sections,
    source,
)
from papernotes.rules.language import keywords, prose
from papernotes.rules.marks import definitions, raw_marks, tables
from papernotes.text import document as document_module
from papernotes.text import frontmatter
from papernotes.text.document import Document
from papernotes.text.special_pages import FIGURES, GLOSSARY, PATHS
from papernotes.text.special_pages import RULES as RULES_PAGE
from papernotes.words import Words

PageCheck = Callable[[Document, Site], Iterator[Finding]]
SiteCheck = Callable[[Site], Iterator[Finding]]

PAGE_CHECKS: Final[tuple[PageCheck, ...]] = (
    source.check,
    hidden.check,
    html.check,
    formula.check,
    prose.check,
    keywords.check,
    links.check,
    raw_marks.check,
    definitions.check,
    references.check,
    figure.check,
    pairs.check,
    sections.check,
    source_marks.check,
    tables.check,
    evidence.check,
    models.check,
    measured.check,
    paths_page.check,
)
"""Checks of one page; each is a generator of findings."""

SITE_CHECKS: Final[tuple[SiteCheck, ...]] = (
    files.check,
    source.check_ledger,
    figure.check_pictures,
    plots.check,
    evidence.check_plots,
    measured.check_pages,
)
"""Checks that need all pages at once."""

_RULES = (
    Rule("tags", "标签表完整", "标签决定论文在地图上的位置。", "- 视觉", "- {tag: 视觉, topic: topics/vision.md}"),
    Rule("data-format", "程序和数据是同一版格式", "程序太旧会读错新的数据，太新会读不懂旧的。", "format: 2（程序只认得 1）", "format: 1"),
    Rule("allow", "放行注释写明规则和理由，而且用得上", "没有理由的放行谁也不敢删。", "<!-- allow term -->", "<!-- allow term-variant: 引用原题 -->"),
)  # fmt: skip

_EXPLAINED = (
    document_module, frontmatter, front_matter, ledger, licences, abstracts, outdated, source, links, html, hidden,
    files, formula, references, block_rules, raw_marks, pairs, reading_order, plots, sections, term_table,
    model_table, results, paths, models, prose, keywords, source_marks, tables, evidence_data, evidence, moved,
)  # fmt: skip
"""The modules that have rules."""
RULES: Final[dict[str, Rule]] = {
    rule.name: rule for rules in (_RULES, *(module.RULES for module in _EXPLAINED)) for rule in rules
}
"""Every rule by name; a finding of a rule that is not here is a bug."""

_ALLOW = re.compile(r"<!--\s*allow\b(?P<rest>.*?)-->", re.DOTALL)
_ALLOW_FORM = re.compile(r"\s+(?P<rule>[a-z0-9-]+):\s*(?P<reason>\S.*?)\s*\Z", re.DOTALL)
UNSILENCEABLE: Final = frozenset(
    {"allow", "blank", "front-matter", "page-encoding", "page-symlink", "page-unclosed"}
    | {rule.name for rule in (*html.RULES, *hidden.RULES, *files.RULES)}
)

UNSHOWN: Final = ("unsafe-", "figure-", "page-encoding", "page-size", "duplicate-paper")
"""How the rules begin that keep a draft out of a preview: it could do harm, or it cannot be laid out."""


@dataclass(frozen=True)
class Result:
    """What a run of the checker found."""

    site: Site
    findings: list[Finding]
    """Sorted, silenced ones left out."""
    silenced: int
    """How many were silenced by a comment."""
    linked: Linked
    """The pages of the site, each linked when it is first asked for."""
    previewed: tuple[Finding, ...] = ()
    """What is wrong with drafts; it stops no preview."""


def library(dialect: Dialect | None = None, store: Store | None = None, words: Words | None = None) -> Library:
    """The reader of pages, with what the program adds to some of them. `store`, `words`: see `Library`."""
    return Library(dialect or Dialect(), _body, store, words)


def _body(site: Site, uri: str) -> str:
    """What the program adds to a page, as Markdown."""
    if uri == GLOSSARY:
        return glossary_page.markdown(site.glossary, site)
    if uri == FIGURES:
        return render.list_of_figures(render.gallery_of(site))
    if uri == RULES_PAGE:
        return catalogue.markdown(RULES.values())
    return paths_page.markdown(site) if uri == PATHS else ""


def check(
    docs_dir: Path,
    *,
    root: Path,
    today: date,
    only: Collection[str] | None = None,
    drafts: bool = False,
    strict: bool = False,
    reader: Library | None = None,
    publish: bool = True,
) -> Result:
    """Read a docs folder and run every check.

    Shape: the site and all findings, sorted. `only`: report findings of these paths alone (from the root).
    What is said of a page's own files, its pictures and its evidence, is reported with the page; a ledger that is wrong, with all.
    `drafts`: report drafts as findings, and what is wrong in them. `strict`: report ids that no record confirms.
    `publish`: whether what is linked will be published; a check alone need not look for the terms.
    Raises: OSError where the file system fails; never for what a file holds.
    """
    reader = reader or library(dialects.of(root / "mkdocs.yml"))
    site, findings = site_module.load(
        docs_dir, root=root, today=today, words=reader.words, parse=reader.parse, keep=reader.keep
    )
    linked = reader.linked(site, terms=publish)
    for uri in site.drafts if drafts else ():
        what = "the page is a draft and does not stand on the site"
        fix = "finish it and remove 'draft: true'"
        findings.append(site.documents[uri].front_finding("draft", "page-draft", what, fix))
    if not drafts:
        draft_paths = {site.documents[uri].path for uri in site.drafts}
        findings = [finding for finding in findings if finding.path not in draft_paths]
    if only is None:
        linked.spread(partial(_keep, drafts))
    findings += [*_of_pages(site, linked, only, drafts=drafts), *_of_site(site, linked)]
    if strict and not any(each.rule == "ledger" for each in findings):
        findings += references.unconfirmed(site, only)
    kept, silenced = _silence(site.documents.values(), told(site, findings))
    if only is not None:
        kept = [
            each
            for each in kept
            if each.path in only or _page_of(each.path, site, root) in only or each.rule in {"ledger", "data-format"}
        ]
    site.forget()
    return Result(site, sorted(set(kept)), silenced, linked)


def preview(
    docs_dir: Path,
    *,
    root: Path,
    today: date,
    reader: Library | None = None,
    load: Callable[..., tuple[Site, list[Finding]]] = site_module.load,
    only: Collection[str] | None = None,
) -> Result:
    """Read a docs folder for the writer's own eyes: drafts that can be shown are, whatever else is still missing in them.

    Left out are drafts whose front matter is not complete, and those with findings of `UNSHOWN`; why is among what is previewed.
    `load`: reads the site.
    `only`: look into the pages of these paths alone, and not at what needs all of them.
    """
    reader = reader or library(dialects.of(root / "mkdocs.yml"))
    hidden: set[str] = set()
    reasons: list[Finding] = []
    while True:
        site, findings = load(
            docs_dir,
            root=root,
            today=today,
            previews=True,
            hidden=hidden,
            words=reader.words,
            parse=reader.parse,
            keep=reader.keep,
        )
        linked = reader.linked(site)
        if only is None and machine.forks():
            linked.spread(partial(_keep, False))
        findings += [*_of_pages(site, linked, only), *(_of_site(site, linked) if only is None else ())]
        paths = {site.documents[uri].path: uri for uri in site.previews}
        found = {paths[each.path] for each in findings if each.path in paths and each.rule.startswith(UNSHOWN)}
        if not found:
            break
        hidden |= found
        reasons += [each for each in findings if paths.get(each.path) in found]
    drafts = paths.keys() | {site.documents[uri].path for uri in site.drafts}
    pages = [page for page in site.documents.values() if only is None or page.path in only]
    kept, silenced = _silence(pages, told(site, [*findings, *reasons]))
    return Result(
        site,
        sorted({each for each in kept if each.path not in drafts}),
        silenced,
        linked,
        tuple(sorted({each for each in kept if each.path in drafts})),
    )


def of_page(document: Document, site: Site, linked: Linked) -> Iterator[Finding]:
    """What the checks say of one page."""
    for page_check in PAGE_CHECKS:
        yield from page_check(document, site)
    if (parsed := site.parsed(document.uri)).failure is None:
        try:
            rendered = linked.rendered(document.uri)
        except Exception as error:  # as of the parse: whatever a page holds is a finding, never a traceback
            what = f"the page cannot be put together ({type(error).__name__})"
            yield document.finding(
                0, "unsafe-nesting", what, "write its lists, tables, figures and formulas more plainly"
            )
        else:
            yield from html.check_rendered(parsed, rendered)


def _of_pages(
    site: Site, linked: Linked, only: Collection[str] | None = None, *, drafts: bool = False
) -> Iterator[Finding]:
    """What the checks say of every page (of drafts only if `drafts`). `only`: of these paths alone."""
    pages = [page for page in site.documents.values() if only is None or page.path in only]
    for page in counted(pages, "checked"):
        if drafts or page.uri not in site.drafts:
            yield from _of_page(linked, page.uri)


def _of_page(linked: Linked, uri: str) -> list[Finding]:
    document = linked.site.documents[uri]
    findings = _kept(linked, linked.keys.of_page("findings", uri), partial(of_page, document, linked.site, linked))
    document.forget()
    return findings


def _keep(drafts: bool, linked: Linked, uri: str) -> None:
    """See to it that what the checks say of a page is kept, and what else is made of it."""
    if drafts or uri not in linked.site.drafts:
        _of_page(linked, uri)
        if linked.also:
            linked.also(linked, uri)


def _of_site(site: Site, linked: Linked) -> list[Finding]:
    """What the checks say of the site."""
    found = partial(chain.from_iterable, (site_check(site) for site_check in SITE_CHECKS))
    return _kept(linked, linked.keys.of_site("findings"), found)


def _page_of(path: str, site: Site, root: Path) -> str:
    """The page that a file belongs to, by its path; empty for what belongs to none."""
    folder, _, name = path.rpartition("/")
    if folder.endswith(evidence_data.FOLDER):
        paper = next((each for each in site.papers.values() if evidence_data.file_name(each.arxiv) == name), None)
        return site.documents[paper.uri].path if paper else ""
    return f"{folder}.md" if (root / f"{folder}.md").is_file() else ""


def _kept(linked: Linked, key: str, find: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings that are kept under a key, else those that are found."""
    if not linked.store.is_open:
        return list(find())
    known = linked.store.once(key, lambda: [list(vars(finding).values()) for finding in find()])
    return [Finding(*each) for each in known]


def told(site: Site, findings: list[Finding]) -> list[Finding]:
    """The findings that have no other cause among them."""
    return [each for each in causes.of(site, findings) if not _is_about_blank(each)]


def _is_about_blank(finding: Finding) -> bool:
    """Whether another rule complains about a blank, which is reported as one already."""
    return finding.rule != "blank" and not finding.rule.startswith("unsafe-") and blanks.START in finding.what


def _silence(pages: Iterable[Document], findings: list[Finding]) -> tuple[list[Finding], int]:
    """Drop the findings that a comment on their line allows; report comments of these pages that are malformed or allow nothing."""
    allowed: dict[tuple[str, int, str], Finding] = {}
    kept: list[Finding] = []
    for document in pages:
        if document.text.find("<!--", document.body_start) < 0:
            continue
        for match in _ALLOW.finditer(document_module.blank_code(document.body, comments=False)):
            line, column = document.place(match.start())
            form = _ALLOW_FORM.match(match["rest"])
            if not form or form["rule"] not in RULES or form["rule"] in UNSILENCEABLE:
                what = "the comment does not name a rule that can be allowed, with a reason"
                fix = "write <!-- allow rule-name: reason -->"
                kept.append(Finding(document.path, line, column, "allow", what, fix))
            else:
                what, fix = f"nothing on this line breaks {form['rule']!r}", "remove the comment"
                unused = Finding(document.path, line, column, "allow", what, fix)
                allowed[document.path, line, form["rule"]] = unused
    keys = [(finding.path, finding.line, finding.rule) for finding in findings]
    kept += [finding for key, finding in zip(keys, findings, strict=True) if key not in allowed]
    kept += [unused for key, unused in allowed.items() if key not in keys]
    return kept, sum(key in allowed for key in keys)
