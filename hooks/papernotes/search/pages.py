"""What search knows of a page besides its article: its kind, its names, and the terms of the whole site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from papernotes.data.models import record
from papernotes.search import text
from papernotes.search.postings import Page, Term
from papernotes.text import special_pages

if TYPE_CHECKING:
    from papernotes.data.ledger import Record
    from papernotes.data.models.record import Models
    from papernotes.data.paper import Paper
    from papernotes.data.site import Site
    from papernotes.data.terms import Glossary

KINDS: Final[Mapping[str, float]] = {
    "论文": 1.0,
    "专题": 0.95,
    "模型": 0.35,
    "术语": 0.3,
    "页面": 0.45,
    "指南": 0.4,
    "总览": 0.25,
}
"""Kinds of pages in the order in which search numbers them, with the weight of each in the ranking: the page about a
thing before the pages that list it; what gathers a line on every paper is about none of them."""

_OVERVIEWS: Final = special_pages.GATHERED | {special_pages.ARTICLE, special_pages.ERRATA}

# A forbidden rendering is typed by those who learnt it elsewhere; one of two characters is a common word as well.
_SHORTEST_FORBIDDEN: Final = 4


def is_searched(uri: str, site: Site) -> bool:
    """Whether a page takes part: not the reference made from code, not the error page, none that asks to be left out."""
    if uri.startswith(special_pages.REFERENCE) or uri == special_pages.NOT_FOUND:
        return False
    document = site.documents.get(uri)
    entry = document.key("search") if document else None
    if entry is None or entry.kind != "map" or "exclude" not in entry.value:
        return True
    return entry.value["exclude"].value is not True


def kind_of(uri: str, site: Site) -> str:
    """The kind of a page, from its place in docs/."""
    if uri in site.notes:
        return site.notes[uri].LABEL
    if uri == special_pages.GLOSSARY:
        return "术语"
    if uri == special_pages.MODELS or uri.startswith(record.FOLDER):
        return "模型"
    if uri in _OVERVIEWS and uri != special_pages.HOME:
        return "总览"
    return "指南" if uri.startswith("guide/") else "页面"


def describe(output: str, uri: str, url: str, title: str, site: Site) -> Page:
    """A built page as search sees it: the article, and for a paper what its record says beyond the article."""
    article = text.read(output)
    kind = kind_of(uri, site)
    if kind == "论文":
        paper = site.by_uri[uri]
        record = paper.record
        return Page(
            url,
            kind,
            article,
            title=paper.title,
            names=names_of(paper),
            about=(
                record.title,
                *_authors(record),
                *paper.tags,
                *paper.keywords,
                *amounts_of(record.arxiv, site.models),
            ),
            summary=paper.summary,
        )
    if note := site.notes.get(uri):
        names = (site.topics[uri].tag,) if uri in site.topics else ()
        return Page(url, kind, article, title=note.title, names=names, about=note.keywords, summary=note.summary)
    title = article.title or title
    return Page(url, kind, article, title=title, about=_keywords(uri, site), summary=_summary(uri, site))


_SIZE: Final = re.compile(r" [0-9.]+[BM]$")
_HEAD: Final = re.compile("^([^:：]+)[:：]")


def names_of(paper: Paper) -> tuple[str, ...]:
    """What a paper is called, its short name first: a query that holds one of these is about the paper.

    The name without the size of the model (Mistral, of Mistral 7B), and what stands before the colon of either title
    (Emu Video; 直接偏好优化). How they are spaced and hyphened is the engine's to know.
    """
    heads = [found[1] for title in (paper.record.title, paper.title) if (found := _HEAD.match(title))]
    return tuple(dict.fromkeys((paper.name, paper.arxiv, _SIZE.sub("", paper.name), *heads)))


def amounts_of(arxiv: str, models: Models) -> list[str]:
    """How large the models that a paper presents are, and on how much they were trained: GPT-3 175B, GPT-3 300B 词元."""
    own = [model for model in models.by_id.values() if model.paper == arxiv]
    sizes = [f"{model.name} {size}" for model in own if model.sizes for size in model.sizes.values]
    return sizes + [f"{model.name} {size} 词元" for model in own if model.tokens for size in model.tokens.values]


def _authors(record: Record) -> list[str]:
    """The authors, each with the Chinese name beside the other where it is known."""
    zh = {name.author: name.zh for name in record.authors_zh}
    return [f"{author} {zh[author]}" if author in zh else author for author in record.authors]


def _keywords(uri: str, site: Site) -> tuple[str, ...]:
    """What readers call a plain page; one of models, by every name of each that has its entry there."""
    document = site.documents.get(uri)
    entry = document.key("keywords") if document else None
    written = tuple(str(node.value) for node in entry.value) if entry and entry.kind == "list" else ()
    return written + tuple(name for model in site.models.by_id.values() if model.uri == uri for name in model.known_as)


def _summary(uri: str, site: Site) -> str:
    """The sentence that a plain page has about itself."""
    document = site.documents.get(uri)
    entry = document.key("summary") if document else None
    return str(entry.value) if entry else ""


def terms(glossary: Glossary, models: Models = record.EMPTY) -> list[Term]:
    """The terms and the models of the site with every form under which a reader may look for them, then the synonyms."""
    found = []
    for term in glossary.terms.values():
        wrong = [form for form in term.forbidden if len(form) >= _SHORTEST_FORBIDDEN]
        forms = (term.zh, term.en, term.abbr, *term.short, *term.variants, *wrong)
        found.append(Term(tuple(dict.fromkeys(form for form in forms if form)), term.arxiv))
    taken = {form for term in found for form in term.forms}
    for known_as, paper in record.forms(models):
        others = tuple(form for form in known_as if form not in taken)
        if len(others) > 1:
            found.append(Term(others, paper))
    return found + [Term(words, is_entry=False) for words in _synonyms()]


def _synonyms() -> list[tuple[str, ...]]:
    """The words that say the same, from `synonyms.txt`."""
    lines = Path(__file__).with_name("synonyms.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("、")) for line in lines[1:]]
