"""A page as a chapter: the HTML of its article -> what e-book readers can show."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath, relpath
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement

from papernotes.data.site import Site
from papernotes.data.terms import Term
from papernotes.markdown.term_links import entry_address
from papernotes.pages.book import xhtml
from papernotes.pages.book.formula import fit
from papernotes.pages.files.exports import address as whole_address
from papernotes.text.document import address
from papernotes.text.special_pages import GLOSSARY

IMAGES: Final = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""What every e-book reader shows. Source: https://www.w3.org/TR/epub-33/#sec-core-media-types"""

_DROPPED: Final = frozenset({
    "pn-actions", "pn-card", "pn-counts", "pn-equation__link", "pn-facts__all", "pn-filter__place", "pn-groups", "pn-history", "pn-pairs__modes",
    "pn-paper__place", "pn-steps",
})  # fmt: skip
"""Controls, what the site shows on top of a page, what leads from page to page as a book does by itself."""
_OWN_ADDRESSES: Final = frozenset({"pn-equation__number", "pn-figure__number", "pn-heading", "pn-src__label"})
"""Links of what has an address to itself."""
_ATTRIBUTES: Final = frozenset({
    "alt", "class", "colspan", "datetime", "href", "id", "lang", "rowspan", "src", "start", "style", "title",
})  # fmt: skip
"""What an element of ours keeps; drawings and formulas keep everything."""
_DRAWN: Final = frozenset(xhtml.NAMESPACES)
_PLACE: Final = re.compile(r"left:([0-9.]+)%;top:([0-9.]+)%")
_WHOLE: Final = frozenset({"pn-figure__caption", "pn-figure__stage"})
"""What of a figure stays on one page."""
_MARK_SIZE: Final = 9
"""The radius of a marker of a picture, in the picture's own units."""


@dataclass(frozen=True)
class Chapter:
    """A page of a book."""

    uri: str
    """Of the page, from docs/."""
    title: str
    body: Element
    sections: tuple[tuple[str, str], ...]
    """The id and the text of each of its headings that the table of contents names."""
    images: tuple[str, ...]
    """The pictures beside it, from docs/."""
    ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def path(self) -> str:
        """Of its file, from the root of the book."""
        return path_of(self.uri)

    def has(self, tag: str) -> bool:
        """Whether it holds an element."""
        return next(self.body.iter(tag), None) is not None


def path_of(uri: str) -> str:
    """Where a page lies in a book: `papers/dpo.md` -> `papers/dpo.xhtml`."""
    return f"{uri.removesuffix('.md')}.xhtml"


def make(
    html: str, uri: str, title: str, site: Site, uris: Collection[str], site_url: str, terms: Collection[str]
) -> Chapter:
    """Make a chapter of a page.

    `html`: its article, with addresses as its page has them. `uris`: the pages of the book. `terms`: the ids of those
    whose entries its glossary has. Links inside the book may lead to places that are not there until `settle` has run.
    """
    root = xhtml.read(html)
    body = Element("body", {"class": "pn-chapter"})
    body.extend(root)
    if uri == GLOSSARY:
        _choose_entries(body, terms)
    _drop(body)
    resolve = _Addresses(uri, site, frozenset(uris), site_url)
    for parent, element in xhtml.pairs(body):  # the entries of models are not in the book
        if "pn-model" in xhtml.classes(element):
            xhtml.unwrap(parent, element)
    _show_terms(body, site, uri, resolve)
    _link(body, resolve)
    _set_formulas(body)
    _place_markers(body)
    _keep_together(body)
    images = _show_images(body, uri, site)
    _clean(body)
    sections = tuple((h.attrib["id"], xhtml.text_of(h)) for h in body.iter("h2") if "id" in h.attrib)
    ids = frozenset(element.attrib["id"] for element in body.iter() if "id" in element.attrib)
    return Chapter(uri, title, body, sections, images, ids)


def settle(chapters: Collection[Chapter]) -> None:
    """Let no link of a book lead to a place that is not there: it leads to the chapter, or is none."""
    ids = {chapter.path: chapter.ids for chapter in chapters}
    for chapter in chapters:
        for parent, element in xhtml.pairs(chapter.body):
            target = element.get("href")
            if element.tag != "a" or target is None or urlsplit(target).scheme:
                continue
            path, _, fragment = target.partition("#")
            there = normpath(join(dirname(chapter.path), path)) if path else chapter.path
            if fragment and fragment not in ids[there]:
                if path:
                    element.set("href", path)
                else:
                    xhtml.unwrap(parent, element)


# --- steps, in their order --------------------------------------------------------------------------------------------


def _choose_entries(body: Element, terms: Collection[str]) -> None:
    """Keep the entries of some terms, and the headings of the groups that have any."""
    kept = {f"term-{term}" for term in terms}
    heading: Element | None = None
    is_empty = True
    for element in list(body):
        if element.tag == "h2":
            if heading is not None and is_empty:
                body.remove(heading)
            heading, is_empty = element, True
        elif "pn-entry" in xhtml.classes(element):
            if element.get("id") in kept:
                is_empty = False
            else:
                body.remove(element)
    if heading is not None and is_empty:
        body.remove(heading)


def _drop(body: Element) -> None:
    for parent, element in xhtml.pairs(body):
        names = xhtml.classes(element)
        if "hidden" in element.attrib or not _DROPPED.isdisjoint(names) or element.tag in {"button", "noscript", "wbr"}:
            xhtml.remove(parent, element)
        elif element.tag == "a" and not _OWN_ADDRESSES.isdisjoint(names):
            xhtml.unwrap(parent, element)
        elif "pn-facts__more" in names:  # what it folds away is dropped
            element.tag = "span"
            element[0].tag = "span"


class _Addresses:
    """Where the links of one page lead in a book."""

    def __init__(self, uri: str, site: Site, uris: frozenset[str], site_url: str) -> None:
        self._uri, self._site, self._site_url = uri, site, site_url
        self._paths = {address(each): path_of(each) for each in uris}
        self._arxiv = {paper.url: paper.id.abs_url for paper in site.papers.values()}

    def __call__(self, target: str) -> str | None:
        """The address in the book, or on the net for what is not in the book; None where there is none."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return target
        fragment = f"#{xhtml.name(unquote(parts.fragment))}" if parts.fragment else ""
        if not parts.path:
            return fragment or None
        url = normpath(join(dirname(self._uri), unquote(parts.path)))
        if url in self._paths:
            here = path_of(self._uri)
            path = self._paths[url]
            return fragment if fragment and path == here else f"{relpath(path, dirname(here) or '.')}{fragment}"
        if self._site_url:
            return whole_address(self._site_url, url) + (f"#{parts.fragment}" if parts.fragment else "")
        return self._arxiv.get(url)


def _link(body: Element, resolve: _Addresses) -> None:
    for parent, element in xhtml.pairs(body):
        if "id" in element.attrib:
            element.set("id", xhtml.name(element.attrib["id"]))
        if element.tag == "a" and "href" in element.attrib:
            target = resolve(element.attrib["href"])
            if target is None:
                xhtml.unwrap(parent, element)
            else:
                element.set("href", target)


def _show_terms(body: Element, site: Site, uri: str, resolve: _Addresses) -> None:
    """Make the links of terms references to notes, which stand at the end of the chapter and pop up."""
    used: dict[str, Term] = {}
    terms = {term.anchor: term for term in site.glossary.terms.values()}
    for element in xhtml.with_class(body, "pn-term"):
        term = terms[element.attrib["data-pn-preview"]]
        if term.id not in used:
            used[term.id] = term
            element.set("id", f"ref-{term.anchor}")
        element.set("href", f"#note-{term.anchor}")
        element.set("epub:type", "noteref")
        element.set("role", "doc-noteref")
    if not used:
        return
    notes = SubElement(body, "div", {"class": "pn-notes"})
    for term in used.values():
        note = SubElement(
            notes,
            "aside",
            {"id": f"note-{term.anchor}", "class": "pn-note", "epub:type": "footnote", "role": "doc-footnote"},
        )
        words = SubElement(note, "p")
        back = SubElement(words, "a", {"class": "pn-note__term", "href": f"#ref-{term.anchor}", "role": "doc-backlink"})
        back.text = term.zh
        back.tail = " "
        if not term.is_name:
            english = SubElement(words, "span", {"class": "pn-note__english", "lang": "en"})
            english.text = f"{term.en} ({term.abbr})" if term.abbr else term.en
            english.tail = " "
        definition = SubElement(words, "span", {"class": "pn-note__definition"})
        definition.text = term.definition
        definition.tail = " "
        if resolve(entry := entry_address(term, uri)):
            SubElement(words, "a", {"href": entry}).text = site.words["missing.glossary"]


def _set_formulas(body: Element) -> None:
    """Take the TeX out of each formula, where readers that do not know MathML would print it, and make it its alternative text.

    No reader that was tried shows `altimg`, so formulas have no second picture; see the guide for what either costs.
    """
    for formula in list(body.iter("math")):
        formula.attrib.pop("style", None)
        semantics = formula.find("semantics")
        tex = semantics.find("annotation") if semantics is not None else None
        if semantics is not None and tex is not None:
            formula.set("alttext", " ".join((tex.text or "").split()))
            semantics.remove(tex)
            xhtml.unwrap(formula, semantics)
        if formula.get("display") == "block":
            fit(formula)


def _place_markers(body: Element) -> None:
    """Draw the markers of a picture into it: readers do not place one thing over another."""
    for stage in xhtml.with_class(body, "pn-figure__stage"):
        drawing = next(stage.iter("svg"), None)
        marks = [mark for mark in stage if "pn-figure__mark" in xhtml.classes(mark)]
        for mark in marks:
            xhtml.remove(stage, mark)
            place = _PLACE.fullmatch(mark.get("style", ""))
            if drawing is None or place is None:
                continue
            _, _, width, height = map(float, drawing.attrib["viewBox"].split())
            x, y = float(place[1]) * width / 100, float(place[2]) * height / 100
            link = SubElement(drawing, "a", {name: mark.attrib[name] for name in ("id", "class", "aria-label")})
            link.set("xlink:href", mark.attrib["href"])
            SubElement(link, "circle", {"cx": f"{x:.4g}", "cy": f"{y:.4g}", "r": f"{_MARK_SIZE}"})
            number = SubElement(link, "text", {"x": f"{x:.4g}", "y": f"{y + 4:.4g}", "text-anchor": "middle"})
            number.text = mark.text
        if drawing is not None and marks:
            drawing.set("role", "group")  # what is inside an image cannot be a link
    for drawing in body.iter("svg"):
        drawing.set("xmlns:xlink", xhtml.XLINK)
        for element in drawing.iter():
            if "href" in element.attrib:
                element.set("xlink:href", element.attrib.pop("href"))


def _keep_together(body: Element) -> None:
    """Make the picture of a figure and its caption one element, which is not parted at the foot of a page."""
    for block in xhtml.with_class(body, "pn-figure"):
        figure = Element("figure", {"class": "pn-figure__whole"})
        for part in list(block):
            if not _WHOLE.isdisjoint(xhtml.classes(part)):
                block.remove(part)
                figure.append(part)
        block.tag = "div"
        block.insert(0, figure)


def _show_images(body: Element, uri: str, site: Site) -> tuple[str, ...]:
    """Let images lead to their files in the book; one that readers may not know is its description. Shape: the files."""
    files: dict[str, None] = {}
    for image in list(body.iter("img")):
        path = normpath(join(dirname(uri), unquote(image.get("src", ""))))
        if any(path.endswith(ending) for ending in IMAGES) and (site.docs_dir / path).is_file():
            files[path] = None
            image.attrib.setdefault("alt", "")
        else:
            image.tag = "em"
            image.text = image.get("alt", "")
            image.attrib.clear()
    return tuple(files)


def _clean(element: Element) -> None:
    """Remove the attributes that have no meaning in a book."""
    if element.tag in _DRAWN:
        return
    for name in list(element.attrib):
        if (
            name not in _ATTRIBUTES
            and name != "epub:type"
            and not (name == "role" and element.attrib[name].startswith("doc-"))
        ):
            del element.attrib[name]
    for child in element:
        _clean(child)
