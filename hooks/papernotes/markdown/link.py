"""Parsed and the Site -> Rendered: what a page needs to know of others is filled in, and it is written as HTML."""

from __future__ import annotations

import re
from copy import deepcopy
from posixpath import dirname, normpath
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from markdown import Markdown

from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.data.terms import Term
from papernotes.figures.render import Figures, Gallery
from papernotes.markdown import english_lang, pairs, references, source_marks, term_links, typography
from papernotes.text.parsed import PAPER, PLACE, Parsed, Rendered, Use
from papernotes.words import Words

_TABLE: Final = re.compile(r"<table(?P<attributes>[^>]*)>(?P<inside>.*?)</table>", re.DOTALL)
_WIDE: Final = 6
"""A table of this many columns may use the margin too."""
TABLE_END: Final = "<span hidden></span>"
"""Behind a table in its box: until a browser has read this, further rows may come and move the columns (table.css)."""


def link(parsed: Parsed, site: Site, gallery: Gallery, md: Markdown, *, terms: bool) -> Rendered:
    """Fill in what a page needs to know of others, and write it as HTML.

    `md`: the instance that read it. `terms`: whether the first uses of terms are links. The parsed page stays as it is.
    """
    uri = parsed.document.uri
    root, stash = deepcopy(parsed.root), list(parsed.stash)
    md.htmlStash.rawHtmlBlocks = stash
    md.htmlStash.html_counter = len(stash)
    figures = Figures(gallery, uri, stash)
    _resolve_papers(root, site, gallery, uri)
    if kind_of(uri) != "plain":
        source_marks.let_report(root)
    referred = figures.fill(root)
    done: set[str] = set()
    for figure in referred:  # a card's own text may refer to further figures, which get theirs
        if figure.key not in done:
            done.add(figure.key)
            card = _read(figures.card(figure), md)
            _resolve_papers(card, site, gallery, uri)
            referred += figures.resolve(card)
            root.append(card)
    pairs.fill(root, parsed, site, md)
    typography.join(root)
    typography.align_numbers(root)
    _resolve_addresses(root, uri, site)
    place = term_links.Place(site.glossary, uri, uses=site.uses if terms else None)
    if terms:
        term_links.mark(root, place, stash)
    english_lang.mark(root)
    typography.bind(root, stash)
    typography.keep_names(root)
    _name(root, parsed, site.words)
    html = boxed(_write(root, md))
    if place.marks:
        html = f"{html}\n{term_links.cards(place.marks, uri, site.words, site.days)}"
    uses = tuple(Use(mark.entry.id, mark.section) for mark in place.marks if isinstance(mark.entry, Term))
    return Rendered(html, parsed.toc, uses)


_KINDS: Final = {"table": ("name.table", "name.table_of"), "div": ("name.formula", "name.formula_of")}


def _name(root: Element, parsed: Parsed, words: Words) -> None:
    """Name tables, and formulas without a number, by their section; in one that has several by their number too."""
    titles = {heading.id: heading.text for heading in parsed.headings}
    section = ""
    named: dict[tuple[str, str], list[Element]] = {}
    for element in root.iter():
        if element.get("id") in titles:
            section = titles[element.attrib["id"]]
        elif "aria-label" not in element.attrib and (
            element.tag == "table" or element.get("class") == "pn-formula pn-formula--display"
        ):
            named.setdefault((section, element.tag), []).append(element)
    for (title, tag), elements in named.items():
        alone, within = _KINDS[tag]
        for number, element in enumerate(elements, 1):
            name = words.say(within, section=title) if title else words[alone]
            element.set("aria-label", name if len(elements) == 1 else f"{name} {number}")


def _resolve_papers(root: Element, site: Site, gallery: Gallery, uri: str) -> None:
    for element in root.iter("a"):
        if PAPER in element.attrib:
            references.resolve(element, site, uri)
        elif PLACE in element.attrib:
            source_marks.resolve(element, site, gallery, uri)


def _read(element: Element, md: Markdown) -> Element:
    """An element whose texts are Markdown, read as the page was."""
    md.htmlStash.html_counter = len(md.htmlStash.rawHtmlBlocks)
    box = Element("div")
    box.append(element)
    for step in ("inline", "pn-join-lines", "pn-formula", "prettify", "unescape"):
        md.treeprocessors[step].run(box)
    element.tail = "\n"
    return element


def _write(root: Element, md: Markdown) -> str:
    """The second half of `Markdown.convert`."""
    md.htmlStash.html_counter = len(md.htmlStash.rawHtmlBlocks)
    output = str(md.serializer(root))
    start, end = output.find(">") + 1, output.rfind(f"</{md.doc_tag}>")
    output = output[start:end].strip() if end >= 0 else ""
    for postprocessor in md.postprocessors:
        output = postprocessor.run(output)
    return output.strip()


def _resolve_addresses(root: Element, uri: str, site: Site) -> None:
    """Make links to pages (`../papers/dpo.md#结果`) links to what is built of them."""
    for element in root.iter("a"):
        address = element.get("href", "")
        if ".md" not in address:
            continue
        try:
            scheme, host, path, query, fragment = urlsplit(address)
        except ValueError:
            continue
        if scheme or host or not path.endswith(".md") or path.startswith("/"):
            continue
        if normpath(f"{dirname(uri)}/{unquote(path)}").lstrip("/") in site.documents:
            element.set("href", urlunsplit(("", "", f"{path.removesuffix('.md')}.html", query, fragment)))


def boxed(html: str) -> str:
    """The HTML of a page with each table that Markdown made in a `<div class="pn-table">`.

    The table gets a class too: the theme's script leaves tables with one alone.
    """
    return _TABLE.sub(_box, html)


def _box(match: re.Match[str]) -> str:
    inside, attributes = match["inside"], match["attributes"]
    if "class=" in attributes:
        return match.group()
    wide = " pn-table--wide" if len(re.findall(r"<th\b", inside)) >= _WIDE else ""
    return f'<div class="pn-table{wide}"><table class="pn-table__table"{attributes}>{inside}</table>{TABLE_END}</div>'
