"""The glossary page: every term with all its forms, its definition, its paper, and where the site uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from posixpath import relpath
from typing import TYPE_CHECKING, Final

from papernotes.base.escaping import escape_markdown
from papernotes.data.terms import Glossary, Term
from papernotes.figures import inlining
from papernotes.text.document import address
from papernotes.text.special_pages import GLOSSARY

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
    html: str, glossary: Glossary, uses: Mapping[str, Sequence[Use]], docs_dir: Path, further: Mapping[str, str]
) -> str:
    """Put into the rendered page where each term is used, the drawings of ours that show one, and links to the groups.

    `further`: by term, the page with those of its uses that its entry has no room for.
    """
    html = html.replace(_PLACE, _groups(html) + _PLACE, 1)
    html = _PICTURE.sub(lambda match: _picture(glossary.terms[match[1]], docs_dir), html)
    return _USES.sub(lambda match: _uses(uses.get(match[1], ()), further.get(match[1], "")), html)


def _groups(html: str) -> str:
    """For a screen that has no room for the table of contents."""
    links = [f'<a href="#{anchor}">{name}</a>' for anchor, name in _GROUP.findall(html)]
    return f'<nav class="pn-groups" aria-label="术语的分组">{" ".join(links)}</nav>' if links else ""


def _entry(term: Term, glossary: Glossary, site: Site) -> str:
    # No blank line inside: to Markdown this is one block of raw HTML.
    forms = "\n".join(
        dict.fromkeys((term.zh, term.en, *filter(None, [term.abbr]), *term.short, *term.variants, *term.forbidden))
    )
    english = "" if term.is_name else f'<p class="pn-entry__english" lang="en">{escape(_english(term))}</p>'
    lines = [
        f'<section class="pn-entry" id="{term.anchor}" data-pn-forms="{escape(forms)}">',
        f'<h3 class="pn-entry__name"><a class="pn-heading" href="#{term.anchor}">{escape(term.zh)}</a></h3>',
        english,
        f'<p class="pn-entry__definition">{escape(term.definition)}</p>',
        f"<!--pn-picture:{term.id}-->" if term.picture else "",
        "<dl>",
        _list("也写作", term.short),
        _paper(term, site),
        _related(term, glossary),
        _list("别的译法（本站不用）", term.variants, "pn-entry__unused"),
        _list("误译", term.forbidden, "pn-entry__unused"),
        _list("这里不译作", term.not_for, "pn-entry__unused"),
        "</dl>",
        f"<!--pn-uses:{term.id}-->",
        "</section>",
    ]
    return "\n".join(line for line in lines if line)


def _english(term: Term) -> str:
    return f"{term.en}, {term.abbr}" if term.abbr else term.en


def _list(name: str, forms: Sequence[str], style: str = "") -> str:
    open_ = f'<div class="{style}">' if style else "<div>"
    return f"{open_}<dt>{name}</dt><dd>{escape('、'.join(forms))}</dd></div>" if forms else ""


def _paper(term: Term, site: Site) -> str:
    if term.arxiv is None:
        return ""
    paper, record = site.papers.get(term.arxiv), site.ledger.get(term.arxiv)
    if paper:
        link = f'<a href="{escape(paper.url)}">{escape(paper.name)}</a>'
    else:
        words = escape(record.title) if record else f"arXiv:{escape(term.arxiv)}"
        link = f'<a href="https://arxiv.org/abs/{escape(term.arxiv)}" lang="en">{words}</a>'
    return f"<div><dt>提出的论文</dt><dd>{link}</dd></div>"


def _related(term: Term, glossary: Glossary) -> str:
    links = [f'<a href="#{other.anchor}">{escape(other.zh)}</a>' for other in glossary.related(term)]
    # Each with the comma behind it, which else could begin a line.
    joined = "".join(f'<span class="pn-entry__related">{link}、</span>' for link in links[:-1])
    return f"<div><dt>相关术语</dt><dd>{joined}{links[-1]}</dd></div>" if links else ""


def _picture(term: Term, docs_dir: Path) -> str:
    if term.picture is None or not (docs_dir / term.picture).is_file():
        return ""
    text = (docs_dir / term.picture).read_text(encoding="utf-8")
    picture = inlining.inline(text, prefix=f"{term.anchor}-svg", label=f"{term.zh}的示意图")
    return f'<div class="pn-entry__picture">{picture}</div>'


def _uses(uses: Sequence[Use], further: str) -> str:
    """Pages in the order of their names, sections in reading order, each once. `further`: where those stand that have no room."""
    if not uses:
        return ""
    lines = _lines(uses)
    count = f"{len(lines)} 页、{len(dict.fromkeys(uses))} 节"
    if len(lines) > MOST:
        lines[FIRST:] = [f'<li><a href="{further}">其余 {len(lines) - FIRST} 页</a></li>']
    return f'<details class="pn-entry__uses"><summary>用在 {count}</summary><ul>{"".join(lines)}</ul></details>'


def _lines(uses: Sequence[Use]) -> list[str]:
    lines = []
    for (url, name), found in groupby(sorted(dict.fromkeys(uses), key=_page), key=_page):
        path = escape(relpath(url, GLOSSARY.rpartition("/")[0] or "."))
        links = [
            f'<a href="{path}#{escape(use.section)}">{use.title}</a>' if use.section else f'<a href="{path}">开头</a>'
            for use in found
        ]
        lines.append(f"<li>{name}：{'、'.join(links)}</li>")
    return lines


def _page(use: Use) -> tuple[str, str]:
    return use.address, use.page


def further(glossary: Glossary, uses: Mapping[str, Sequence[Use]]) -> list[tuple[Term, str]]:
    """Each term with each of the pages that use it, as a line of a list, that its entry has no room for; in the order of the entries."""
    found = []
    for term in (term for terms in glossary.groups.values() for term in terms):
        lines = _lines(uses.get(term.id, ()))
        found += [(term, line) for line in lines[FIRST:] if len(lines) > MOST]
    return found


def further_page(lines: Sequence[tuple[Term, str]]) -> str:
    """A further page of the glossary: some of those lines."""
    return "".join(
        f'<h2 id="{term.anchor}"><a href="{address(GLOSSARY)}#{term.anchor}">{escape(term.zh)}</a></h2>'
        f"<ul>{''.join(line for _, line in found)}</ul>"
        for term, found in groupby(lines, key=lambda line: line[0])
    )
