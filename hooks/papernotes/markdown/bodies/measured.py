"""What the pages measure of models: the numbers of their tables, read as `results.yml` declares, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from papernotes.base.finding import Finding, quote
from papernotes.data.models import results
from papernotes.data.models.results import Declared, Result, UnreadError
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text.document import Document, relative
from papernotes.text.parsed import Table
from papernotes.text.source_mark import DERIVED, MARK, Group, Link, groups_of


@dataclass(frozen=True)
class Measured:
    """One number of a page, and where it stands."""

    result: Result
    uri: str
    section: str
    """The id of the heading above its table."""
    mark: str
    """The inside of the mark that the table has for it; each paper named."""


def of(site: Site) -> list[Measured]:
    """Every number that the pages' tables state about models, in the order of the declarations."""
    return [each for declared in site.measuring.tables for each in _walk(declared, site) if isinstance(each, Measured)]


def by_model(site: Site) -> dict[str, list[Measured]]:
    """The same by the id of the model."""
    numbers: dict[str, list[Measured]] = {}
    for each in of(site):
        numbers.setdefault(each.result.model.id, []).append(each)
    return numbers


def check(document: Document, site: Site) -> Iterator[Finding]:
    """On a page: declarations that fit no table, cells that they do not explain, and tables of models that none declares."""
    if not site.measuring.tables or kind_of(document.uri) == "plain":
        return
    declared = [each for each in site.measuring.tables if each.page == document.uri]
    for each in declared:
        yield from (found for found in _walk(each, site) if isinstance(found, Finding))
    heads = {each.head for each in declared}
    for table in site.parsed(document.uri).tables:
        if results.head_of(table) not in heads and results.holds_models(table, site.models):
            what = f"nothing says how the table {quote(' | '.join(results.head_of(table)))} measures models"
            fix = f"declare it in docs/{results.FILE}, with skip: … where it does not"
            yield document.finding(document.offset_of(table.line), "result-table", what, fix)


def check_pages(site: Site) -> Iterator[Finding]:
    """Declarations of pages that are no papers and no topics of the site."""
    for declared in site.measuring.tables:
        if declared.page not in site.documents or kind_of(declared.page) == "plain":
            yield _without_table(declared, site)


def _without_table(declared: Declared, site: Site) -> Finding:
    path = relative(site.docs_dir / results.FILE, site.root)
    what = f"{declared.page} has no table with the head {quote(' | '.join(declared.head))}"
    return Finding(path, declared.line, 1, "result-table", what, "copy the head from the page")


def _walk(declared: Declared, site: Site) -> Iterator[Measured | Finding]:
    """What a declaration finds on its page; nothing where there is no such page, which `check_pages` tells."""
    document = site.documents.get(declared.page)
    if document is None or kind_of(declared.page) == "plain":
        return
    if kind_of(declared.page) == "paper" and declared.page not in site.by_uri:
        return  # what is wrong with its front matter is told
    found = results.find(_tables(declared.page, site), declared)
    if not found:
        yield _without_table(declared, site)
    for table in found if declared.skip is None else ():
        yield from _of_table(declared, table, document, site)


def _of_table(declared: Declared, table: Table, document: Document, site: Site) -> Iterator[Measured | Finding]:
    paper = site.by_uri.get(declared.page)
    rows = table.head.cells[-1] == results.SOURCES
    last = table.rows[-1].line if table.rows else table.line
    section = section_above(table.line, declared.page, site)
    own = f"{paper.arxiv}v{paper.version}" if paper and paper.version else paper.arxiv if paper else ""
    try:
        for result in results.read(declared, table, site.models, paper.arxiv if paper else None, site.measuring.same):
            groups = groups_of(MARK.search(document.prose, document.offset_of(result.line if rows else last)))
            mark = "；".join(written for group in groups if (written := _written(group, own, result.by)))
            mark += f"，{DERIVED}" if mark and any(group.items == (DERIVED,) for group in groups) else ""
            yield Measured(result, declared.page, section, mark)
    except UnreadError as error:
        rule, what, fix, line = error.args
        yield document.finding(document.offset_of(line), rule, what, fix)


def _tables(uri: str, site: Site) -> list[Table]:
    """The tables of a page, which is not read for them alone where they are known."""

    def read() -> list[Table]:
        known = site.keep(
            "tables", site.documents[uri], site, lambda: [each.to_json() for each in site.parsed(uri).tables]
        )
        return [Table.from_json(each) for each in known]

    return site.once(f"tables {uri}", read)


def section_above(line: int, uri: str, site: Site) -> str:
    """The id of the last heading above a line of a page's body; empty above the first."""
    return next((each.id for each in reversed(site.face(uri).headings) if each.line < line), "")


def _written(group: Group, own: str, by: str) -> str:
    """A group of places as a mark names it, if it is about the paper or the address whose the number is."""
    paper = str(group.paper) if group.paper else own
    links = [each for each in group.items if isinstance(each, Link)]
    if links:
        return "，".join(f"[{each.name}]({each.url})" for each in links if each.url == by)
    if paper.partition("v")[0] != by or group.items == (DERIVED,):
        return ""
    return f"@{paper} {'，'.join(str(each) for each in group.items)}"
