"""The glossary page: every term with all its forms, its definition, its paper, and where the site uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from posixpath import relpath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from papernotes.base.escaping import escape_markdown
from papernotes.data.terms import Glossary, Term
from papernotes.figures import inlining
from papernotes.markdown.typography import bound
from papernotes.text.document import address
from papernotes.text.special_pages import GLOSSARY
from papernotes.words import Words

if TYPE_CHECKING:
    from papernotes.data.site import Site

_PICTURE: Final = re.compile(r"<!--pn-picture:([a-z0-9-]+)-->")
_USES: Final = re.compile(r"<!--pn-uses:([a-z0-9-]+)-->")
_PLACE: Final = '<div class="pn-filter__place"></div>'
"""glossary.js puts its field there; `fill` puts the links to the groups before it."""
MOST, FIRST = 50, 10
"""An entry names so many pages that use its term; of more, so many, and the others stand on further pages."""
_GROUP: Final = re.compile(r'<h2 id="([^"]+)">(?:<a [^>]*>)?([^<]+)<')


@dataclass(frozen=True)
class Use:
    """A section in which a term is used."""

    address: str
    """Of the page, from the root of the site."""
    page: str
    """Its short name, escaped."""
    section: str
    """The id of the section's heading; empty above the first."""
    title: str
    """The heading, escaped; empty above the first."""


def markdown(glossary: Glossary, site: Site) -> str:
    """All entries, as Markdown to follow the introduction of the page. `fill` puts the uses in later."""
    parts = [f"{_PLACE}\n"]
    for group, terms in glossary.groups.items():
        parts.append(f"## {escape_markdown(group)}\n")
        parts += [f"{_entry(term, glossary, site)}\n" for term in terms]
    return "\n".join(parts)


def fill(
    html: str, site: Site, uses: Mapping[str, Sequence[Use]], further: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Put into the rendered page where each term is used, the drawings of ours that show one, and links to the groups.

    `further`: by term, the page with those of its uses that its entry has no room for.
    """
    html = html.replace(_PLACE, _groups(html, site.words) + _PLACE, 1)
    html = _PICTURE.sub(lambda match: _picture(site.glossary.terms[match[1]], site), html)
    return _USES.sub(lambda match: _uses(uses.get(match[1], ()), further.get(match[1], ""), site.words), html)


def _groups(html: str, words: Words) -> str:
    """For a screen that has no room for the table of contents."""
    links = [f'<a href="#{anchor}">{name}</a>' for anchor, name in _GROUP.findall(html)]
    label = words["glossary.groups"]
    return f'<nav class="pn-groups" aria-label="{label}">{" ".join(links)}</nav>' if links else ""


def _entry(term: Term, glossary: Glossary, site: Site) -> str:
    # No blank line inside: to Markdown this is one block of raw HTML.
    words = site.words
    forms = "\n".join(
        dict.fromkeys((term.zh, term.en, *filter(None, [term.abbr]), *term.short, *term.variants, *term.forbidden))
    )
    english = "" if term.is_name else f'<p class="pn-entry__english" lang="en">{escape(_english(term))}</p>'
    lines = [
        f'<section class="pn-entry" id="{term.anchor}" data-pn-forms="{escape(forms)}">',
        f'<h3 class="pn-entry__name"><a class="pn-heading" href="#{term.anchor}">{escape(term.zh)}</a></h3>',
        english,
        f'<p class="pn-entry__definition">{escape(bound(term.definition))}</p>',
        f"<!--pn-picture:{term.id}-->" if term.picture else "",
        "<dl>",
        _list("glossary.also", term.short, words),
        _paper(term, site),
        _related(term, glossary, words),
        _list("glossary.variants", term.variants, words, "pn-entry__unused"),
        _list("glossary.forbidden", term.forbidden, words, "pn-entry__unused"),
        _list("glossary.not_for", term.not_for, words, "pn-entry__unused"),
        "</dl>",
        f"<!--pn-uses:{term.id}-->",
        "</section>",
    ]
    return "\n".join(line for line in lines if line)


def _english(term: Term) -> str:
    return f"{term.en}, {term.abbr}" if term.abbr else term.en


def _list(name: str, forms: Sequence[str], words: Words, style: str = "") -> str:
    open_ = f'<div class="{style}">' if style else "<div>"
    return f"{open_}<dt>{words[name]}</dt><dd>{escape(bound(words['and'].join(forms)))}</dd></div>" if forms else ""


def _paper(term: Term, site: Site) -> str:
    if term.arxiv is None:
        return ""
    paper, record = site.papers.get(term.arxiv), site.ledger.get(term.arxiv)
    if paper:
        link = f'<a href="{escape(paper.url)}">{escape(paper.name)}</a>'
    else:
        title = escape(record.title) if record else f"arXiv:{escape(term.arxiv)}"
        link = f'<a href="https://arxiv.org/abs/{escape(term.arxiv)}" lang="en">{title}</a>'
    return f"<div><dt>{site.words['glossary.paper']}</dt><dd>{link}</dd></div>"


def _related(term: Term, glossary: Glossary, words: Words) -> str:
    links = [f'<a href="#{other.anchor}">{escape(other.zh)}</a>' for other in glossary.related(term)]
    # Each with the comma behind it, which else could begin a line.
    joined = "".join(f'<span class="pn-entry__related">{link}{words["and"]}</span>' for link in links[:-1])
    return f"<div><dt>{words['glossary.related']}</dt><dd>{joined}{links[-1]}</dd></div>" if links else ""


def _picture(term: Term, site: Site) -> str:
    if term.picture is None or not (site.docs_dir / term.picture).is_file():
        return ""
    text = (site.docs_dir / term.picture).read_text(encoding="utf-8")
    picture = inlining.inline(text, prefix=f"{term.anchor}-svg", label=site.words.say("glossary.picture", term=term.zh))
    return f'<div class="pn-entry__picture">{picture}</div>'


def _uses(uses: Sequence[Use], further: str, words: Words) -> str:
    """Pages in the order of their names, sections in reading order, each once. `further`: where those stand that have no room."""
    if not uses:
        return ""
    lines = _lines(uses, words)
    count = words.say("glossary.uses", pages=len(lines), sections=len(dict.fromkeys(uses)))
    if len(lines) > MOST:
        lines[FIRST:] = [f'<li><a href="{further}">{words.say("glossary.rest", n=len(lines) - FIRST)}</a></li>']
    return f'<details class="pn-entry__uses"><summary>{count}</summary><ul>{"".join(lines)}</ul></details>'


def _lines(uses: Sequence[Use], words: Words) -> list[str]:
    lines = []
    for (url, name), found in groupby(sorted(dict.fromkeys(uses), key=_page), key=_page):
        path = escape(relpath(url, GLOSSARY.rpartition("/")[0] or "."))
        links = [
            f'<a href="{path}#{escape(use.section)}">{bound(use.title)}</a>'
            if use.section
            else f'<a href="{path}">{words["glossary.top"]}</a>'
            for use in found
        ]
        lines.append(f"<li>{name}{words['colon']}{words['and'].join(links)}</li>")
    return lines


def _page(use: Use) -> tuple[str, str]:
    return use.address, use.page


def further(site: Site, uses: Mapping[str, Sequence[Use]]) -> list[tuple[Term, str]]:
    """Each term with each of the pages that use it, as a line of a list, that its entry has no room for; in the order of the entries."""
    found = []
    for term in (term for terms in site.glossary.groups.values() for term in terms):
        lines = _lines(uses.get(term.id, ()), site.words)
        found += [(term, line) for line in lines[FIRST:] if len(lines) > MOST]
    return found


def further_page(lines: Sequence[tuple[Term, str]]) -> str:
    """A further page of the glossary: some of those lines."""
    return "".join(
        f'<h2 id="{term.anchor}"><a href="{address(GLOSSARY)}#{term.anchor}">{escape(term.zh)}</a></h2>'
        f"<ul>{''.join(line for _, line in found)}</ul>"
        for term, found in groupby(lines, key=lambda line: line[0])
    )
