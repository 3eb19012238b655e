"""The pages of a site, each read once and linked once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from papernotes.data.site import Site
from papernotes.figures.render import Gallery
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.link import link
from papernotes.markdown.parse import Reader
from papernotes.text.document import Document
from papernotes.text.parsed import Parsed, Rendered
from papernotes.text.special_pages import FIGURES, GLOSSARY

Body = Callable[[Site], str]
"""Makes the Markdown that follows a page's own, from the whole site."""

WITHOUT_TERMS = (FIGURES, GLOSSARY)
"""Pages whose terms are not links: the list of figures, and the glossary itself."""


class Library:
    """Reads pages by the dialect, and links them within a site. `bodies`: what the program adds to pages, by uri."""

    def __init__(self, dialect: Dialect, bodies: Mapping[str, Body]) -> None:
        self._reader = Reader(dialect)
        self._bodies = bodies

    def parse(self, document: Document, site: Site) -> Parsed:
        """Read one page, with what the program adds to it."""
        body = self._bodies.get(document.uri)
        return self._reader.parse(document, f"\n\n{body(site)}" if body else "")

    def linked(self, site: Site, *, terms: bool = True) -> Linked:
        """The pages of a site whose pages this library has read. `terms`: whether they are linked, for what is published."""
        return Linked(site, self._reader, terms=terms)


class Linked:
    """The pages of one site, linked."""

    def __init__(self, site: Site, reader: Reader, *, terms: bool) -> None:
        self.site = site
        self._terms = terms
        self._reader = reader
        self._rendered: dict[str, Rendered] = {}

    @cached_property
    def gallery(self) -> Gallery:
        """The figures of the site."""
        return Gallery(self.site)

    def rendered(self, uri: str) -> Rendered:
        """A page as it is published; linked when it is first asked for, and once."""
        if uri not in self._rendered:
            parsed = self.site.parsed(uri)
            self._rendered[uri] = link(
                parsed, self.site, self.gallery, self._reader.md, terms=self._terms and uri not in WITHOUT_TERMS
            )
        return self._rendered[uri]
