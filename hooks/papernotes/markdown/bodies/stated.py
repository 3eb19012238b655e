"""What the sentences of pages state of models: each whole, with its mark, so that every number keeps what it was measured under.

A number in a sentence is not taken out of it. Which of two models it is of, and under which conditions, the sentence says, and
no form beside it could say so for every sentence of every page without a contributor who writes it all again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from papernotes.data.models.record import Model
from papernotes.data.site import Site
from papernotes.markdown.bodies import measured
from papernotes.text import quantities
from papernotes.text.document import Document
from papernotes.text.masking import readable
from papernotes.text.source_mark import DERIVED, Group, Link, passages

_SENTENCE: Final = re.compile(r"[^。！？\n]+[。！？]?[」』）”]*")
_LEAD: Final = re.compile(r"[ \t>]*(?:[-*+]|[0-9]{1,3}[.)])?[ \t]+|>[ \t]*")
_BESIDE: Final = re.compile(
    r"（\[@(?:fig|eq):[^\[\]\s]+\]）|\[\^[^\[\]\n]+\]|<!--.*?-->|</?[A-Za-z][^<>]*>|\*\*|\{:?[ \t]*[#.][^{}\n]*\}"
)
"""What belongs to the page and not to the words of a sentence."""
_REFERENCE: Final = re.compile(r"\[@(?P<kind>fig|eq):[^\[\]\s]+\]")
_LINK: Final = re.compile(r"\[(?P<words>[^\[\]\n@~][^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_FORMULA: Final = re.compile(r"\$[^$\n]+\$")
_DECIMAL: Final = re.compile(r"[0-9]\.[0-9]")
_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9-]+(?: [A-Z0-9][A-Za-z0-9-]*)*")
"""The Latin name that what is measured begins with: `MT-Bench` of `MT-Bench，平均`."""


@dataclass(frozen=True)
class Stated:
    """A sentence of a page with numbers of a model."""

    model: Model
    text: str
    """As Markdown that any page can show."""
    uri: str
    section: str
    """The id of the heading above it; empty above the first."""
    mark: str
    """The inside of the mark that vouches for it; each paper named."""
    numbers: int
    """How many result numbers it has."""
    is_direct: bool
    """Whether it names the model; or, on the page of its paper, another one that it is held against, or what is measured."""


def of(site: Site) -> dict[str, list[Stated]]:
    """By the id of a model: the sentences that name it and state a result, and all that do on the page of its own paper.

    In the order of the pages, topics last.
    """
    found: dict[str, list[Stated]] = {}
    names = {match.group() for each in measured.of(site) if (match := _NAME.match(each.result.benchmark))}
    is_measured = re.compile("|".join(map(re.escape, sorted({*names, *site.measuring.same}, reverse=True))) or "(?!)")
    own: dict[str, list[Model]] = {}
    for model in site.models.by_id.values():
        own.setdefault(model.paper or "", []).append(model)
    for page in (*site.papers.values(), *site.topics.values()) if site.models.by_id else ():
        paper = site.by_uri.get(page.uri)
        id_ = str(paper.id) if paper else ""
        document, presented = site.documents[page.uri], own.get(paper.arxiv, []) if paper else []
        sentences = site.keep(f"sentences {id_}", document, site, partial(_sentences, document, id_))
        for text, written, line, mark, numbers in sentences:
            named = [match.value for match in site.models.mentions.find(text) if match.value]
            is_direct = bool(named or is_measured.search(text))
            section = measured.section_above(line, page.uri, site)
            for model in dict.fromkeys([*named, *presented]):
                each = Stated(model, written, page.uri, section, mark, numbers, is_direct)
                found.setdefault(model.id, []).append(each)
    return found


def _sentences(document: Document, id_: str) -> list[tuple[str, str, int, str, int]]:
    """The sentences under marks that state results, but for tables.

    Shape: each as text, as Markdown that any page can show, its line, the inside of its mark, how many results. `id_`: of the page's paper.
    """
    text, found = readable(document), []
    for passage in passages(document):
        for match in _SENTENCE.finditer(text, passage.start, passage.end) if passage.table is None else ():
            formulas = _FORMULA.findall(document.prose, *match.span())
            of_formulas = sum(_DECIMAL.search(formula) is not None for formula in formulas)
            if numbers := len(quantities.results(text, *match.span())) + of_formulas:
                written, line = _written(document.body[match.start() : match.end()]), document.line_of(match.start())
                found.append((match.group(), written, line, _mark(passage.groups, id_), numbers))
    return found


def _written(text: str) -> str:
    """A sentence of a page as another page can show it: its references to figures, footnotes and addresses left out."""
    text = _BESIDE.sub("", text)
    text = _REFERENCE.sub(lambda match: "图" if match["kind"] == "fig" else "式", text)
    text = _LINK.sub(lambda match: match["words"], text)
    lead = _LEAD.match(text)
    return text[lead.end() if lead else 0 :].strip()


def _mark(groups: tuple[Group, ...], own: str) -> str:
    return "；".join(_group(group, own) for group in groups)


def _group(group: Group, own: str) -> str:
    items = "，".join(f"[{each.name}]({each.url})" if isinstance(each, Link) else each for each in group.items)
    is_place = any(isinstance(each, str) and each != DERIVED for each in group.items)
    paper = group.paper or own
    return f"@{paper} {items}" if paper and is_place else items
