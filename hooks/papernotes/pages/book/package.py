"""The files of a book: chapters, title page, contents, cover and package document.

Source: https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from posixpath import dirname, relpath, splitext
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from papernotes.data.site import Site
from papernotes.markdown.typography import phrases
from papernotes.pages.book import chapter, style, xhtml
from papernotes.pages.book.chapter import Chapter
from papernotes.pages.book.contents import Contents
from papernotes.pages.files.exports import LANGUAGE, LICENCE
from papernotes.text.special_pages import GLOSSARY
from papernotes.words import Words

MIMETYPE: Final = "application/epub+zip"
_FOLDER: Final = "EPUB"
_PACKAGE: Final = "package.opf"
_NAV: Final = "contents.xhtml"
_TITLE: Final = "title.xhtml"
_COVER: Final = "cover.svg"
_STYLE: Final = "assets/stylesheets/book.css"
_FONTS: Final = "assets/fonts"
_TYPES: Final = {
    **chapter.IMAGES,
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
}
_CONTAINER: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    f'<rootfiles><rootfile full-path="{_FOLDER}/{_PACKAGE}" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>\n"
)
_FEATURES: Final = ("tableOfContents", "readingOrder", "structuralNavigation", "alternativeText", "MathML")


@dataclass(frozen=True)
class Publisher:
    """What all books of a site share."""

    name: str
    """Of the site."""
    url: str
    """Of the site; empty where it has no address."""
    when: datetime
    """The time of the text, in UTC."""
    sheet: str
    """The style sheet of books, what it imports in it."""
    theme: str
    """The style sheet that names the colours."""
    fonts: Mapping[str, bytes]
    """The font files that the sheet asks for, and their licence, by name."""


def files(
    contents: Contents,
    site: Site,
    publisher: Publisher,
    html: Callable[[str], str],
    uses: Callable[[str], Sequence[str]],
) -> dict[str, bytes]:
    """Every file of a book by its path, in the order in which they are to be packed.

    `html`: the article of a page, by uri, with addresses as its page has them; `uses`: the ids of the terms linked on it.
    """
    terms = {term for uri in contents.uris for term in uses(uri)}
    chapters = {
        uri: chapter.make(html(uri), uri, site.documents[uri].title or uri, site, contents.uris, publisher.url, terms)
        for uri in contents.uris
        if uri != GLOSSARY or terms
    }
    chapter.settle(chapters.values())
    made: dict[str, bytes] = {
        _COVER: _cover(contents, site, publisher).encode(),
        _TITLE: _document(contents.title, _title_page(contents, publisher, site), _TITLE),
        _NAV: _document(site.words["book.contents"], _nav(contents, chapters, site.words), _NAV),
    }
    for each in chapters.values():
        made[each.path] = _document(each.title, each.body, each.path)
        for image in each.images:
            made[image] = (site.docs_dir / image).read_bytes()
    made[_STYLE] = style.style(publisher.sheet, publisher.theme).encode()
    for name, data in publisher.fonts.items():
        made[f"{_FONTS}/{name}"] = data
    package = _package(contents, publisher, chapters, list(made), site.words["book.accessible"]).encode()
    whole = {
        "mimetype": MIMETYPE.encode(),
        "META-INF/container.xml": _CONTAINER.encode(),
        f"{_FOLDER}/{_PACKAGE}": package,
    }
    return {**whole, **{f"{_FOLDER}/{path}": data for path, data in made.items()}}


def _document(title: str, body: Element, path: str) -> bytes:
    return xhtml.write(title, body, relpath(_STYLE, dirname(path) or "."), lang=LANGUAGE).encode()


# --- what stands before the chapters ----------------------------------------------------------------------------------


def _title_page(contents: Contents, publisher: Publisher, site: Site) -> Element:
    body = Element("body")
    page = SubElement(body, "section", {"class": "pn-titlepage", "epub:type": "titlepage"})
    title = SubElement(page, "h1")
    for part in _parts(contents.title):
        SubElement(title, "span", {"class": "pn-title"}).text = part
    SubElement(page, "p").text = contents.description
    facts = SubElement(page, "dl")
    say = site.words.say
    papers = sum(uri in site.by_uri for uri in contents.uris)
    rows = [
        ("book.inside", say("home.papers", n=papers)),
        ("book.text", say("book.until", day=say("day", day=publisher.when))),
        ("book.reading", say("book.how")),
        ("facts.licence", say("book.licence")),
    ]
    for name, words in rows:
        SubElement(facts, "dt").text = say(name)
        SubElement(facts, "dd").text = words
    SubElement(facts, "dt").text = say("book.site")
    address = SubElement(facts, "dd")
    address.text = publisher.name
    if publisher.url:
        address.text += say("comma")
        SubElement(address, "a", {"href": publisher.url}).text = publisher.url
    return body


def _nav(contents: Contents, chapters: Mapping[str, Chapter], words: Words) -> Element:
    body = Element("body", {"class": "pn-chapter"})
    toc = SubElement(body, "nav", {"epub:type": "toc", "role": "doc-toc", "id": "toc"})
    SubElement(toc, "h1").text = words["book.contents"]
    top = SubElement(toc, "ol")
    for part in contents.parts:
        into = top
        if part.title is not None:
            item = SubElement(top, "li")
            SubElement(item, "span").text = part.title
            into = SubElement(item, "ol")
        for each in (chapters[uri] for uri in part.uris if uri in chapters):
            item = SubElement(into, "li")
            SubElement(item, "a", {"href": each.path}).text = each.title
            if each.sections:
                inner = SubElement(item, "ol", {"hidden": "hidden"})  # on the page; the reader's own contents show it
                for id_, text in each.sections:
                    SubElement(SubElement(inner, "li"), "a", {"href": f"{each.path}#{id_}"}).text = text
    first = next(iter(chapters.values()))
    marks = [
        ("titlepage", _TITLE, "book.title_page"),
        ("toc", f"{_NAV}#toc", "book.contents"),
        ("bodymatter", first.path, "book.body"),
    ]
    if GLOSSARY in chapters:
        marks.append(("glossary", chapters[GLOSSARY].path, "missing.glossary"))
    landmarks = SubElement(body, "nav", {"epub:type": "landmarks", "hidden": "hidden"})
    SubElement(landmarks, "h2").text = words["book.landmarks"]
    items = SubElement(landmarks, "ol")
    for kind, path, key in marks:
        SubElement(SubElement(items, "li"), "a", {"epub:type": kind, "href": path}).text = words[key]
    return body


_PER_LINE: Final = 9
"""Characters of a line of the title on the cover."""


def _cover(contents: Contents, site: Site, publisher: Publisher) -> str:
    """The cover as a drawing: the title in lines that break between phrases, on the site's paper."""
    colour = style.colours(publisher.theme)
    lines: list[str] = []
    for part in _parts(contents.title):
        lines.append("")
        for phrase in phrases(part, site.glossary.uses):
            if lines[-1] and _width(lines[-1] + phrase) > _PER_LINE:
                lines.append("")
            lines[-1] += phrase
    size = min(120, round(1000 / max(1, max(map(_width, lines)))))
    set_ = [
        f'<text x="100" y="{480 + number * size * 1.4:g}" font-size="{size}" font-weight="700" fill="{colour["--pn-ink"]}">'
        f"{escape(line.strip())}</text>"
        for number, line in enumerate(lines)
    ]
    foot = (
        publisher.name
        if contents.title != publisher.name
        else site.words.say("home.papers", n=sum(uri in site.by_uri for uri in contents.uris))
    )
    fonts = escape(colour["--pn-serif"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1600" width="1200" height="1600" font-family="{fonts}">'
        f"<title>{escape(contents.title)}</title>"
        f'<rect width="1200" height="1600" fill="{colour["--pn-paper"]}"/>'
        f'<rect x="100" y="250" width="1000" height="14" fill="{colour["--pn-accent"]}"/>{"".join(set_)}'
        f'<rect x="100" y="1400" width="1000" height="2" fill="{colour["--pn-ink"]}"/>'
        f'<text x="100" y="1480" font-size="44" fill="{colour["--pn-muted"]}">{escape(foot)}</text></svg>\n'
    )


def _parts(title: str) -> list[str]:
    """A title parted behind its colons."""
    return [part for part in title.replace("：", "：\n").split("\n") if part]


def _width(text: str) -> float:
    """In Chinese characters."""
    return sum(1 if ord(each) > 0x2E80 else 0.55 for each in text)


# --- the package document ---------------------------------------------------------------------------------------------


def _package(
    contents: Contents, publisher: Publisher, chapters: Mapping[str, Chapter], paths: Sequence[str], accessible: str
) -> str:
    manifest = "".join(
        f'<item id="{_id(path)}" href="{path}" media-type="{_TYPES[splitext(path)[1]]}"{_properties(path, chapters)}/>'
        for path in paths
    )
    spine = "".join(
        f'<itemref idref="{_id(path)}"/>' for path in [_TITLE, _NAV, *(each.path for each in chapters.values())]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book" xml:lang="{LANGUAGE}">\n'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(_metadata(contents, publisher, accessible))}</metadata>\n'
        f"<manifest>{manifest}</manifest>\n<spine>{spine}</spine>\n</package>\n"
    )


def _metadata(contents: Contents, publisher: Publisher, accessible: str) -> Iterator[str]:
    yield f'<dc:identifier id="book">{contents.identifier(publisher.url)}</dc:identifier>'
    yield f"<dc:title>{escape(contents.title)}</dc:title>"
    yield f"<dc:language>{LANGUAGE}</dc:language>"
    yield f"<dc:creator>{escape(publisher.name)}</dc:creator>"
    yield f"<dc:publisher>{escape(publisher.name)}</dc:publisher>"
    yield f"<dc:description>{escape(contents.description)}</dc:description>"
    yield f"<dc:date>{publisher.when:%Y-%m-%d}</dc:date>"
    yield f"<dc:rights>CC BY 4.0 {LICENCE}</dc:rights>"
    if publisher.url:
        yield f"<dc:source>{escape(publisher.url)}</dc:source>"
    yield f'<meta property="dcterms:modified">{publisher.when:%Y-%m-%dT%H:%M:%SZ}</meta>'
    for mode in ("textual", "visual"):
        yield f'<meta property="schema:accessMode">{mode}</meta>'
    yield '<meta property="schema:accessModeSufficient">textual</meta>'
    for feature in _FEATURES:
        yield f'<meta property="schema:accessibilityFeature">{feature}</meta>'
    yield '<meta property="schema:accessibilityHazard">none</meta>'
    yield f'<meta property="schema:accessibilitySummary">{escape(accessible)}</meta>'


def _id(path: str) -> str:
    return f"f-{re.sub('[^a-zA-Z0-9]', '-', path)}"


def _properties(path: str, chapters: Mapping[str, Chapter]) -> str:
    if path == _NAV:
        return ' properties="nav"'
    if path == _COVER:
        return ' properties="cover-image"'
    each = next((each for each in chapters.values() if each.path == path), None)
    found = [kind for tag, kind in (("math", "mathml"), ("svg", "svg")) if each and each.has(tag)]
    return f' properties="{" ".join(found)}"' if found else ""
