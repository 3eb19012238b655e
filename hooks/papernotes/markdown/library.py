"""The pages of a site, each read once and linked once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from posixpath import dirname

from papernotes.base.store import Store
from papernotes.data.models.record import FOLDER
from papernotes.data.site import Site
from papernotes.figures.render import Gallery
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.keys import Keys
from papernotes.markdown.link import link
from papernotes.markdown.parse import Reader
from papernotes.text.document import Document
from papernotes.text.parsed import Face, Parsed, Rendered
from papernotes.text.special_pages import FIGURES, GLOSSARY

Body = Callable[[Site, str], str]
"""Makes the Markdown that follows a page's own, from the whole site and the page's uri."""


def _shows_terms(uri: str) -> bool:
    """Whether the terms of a page are links: not on the list of figures, not in the glossary and the entries of models."""
    return uri not in {FIGURES, GLOSSARY} and not uri.startswith(FOLDER)


class Library:
    """Reads pages by the dialect, and links them within a site."""

    def __init__(self, dialect: Dialect, bodies: Mapping[str, Body], store: Store | None = None) -> None:
        """`bodies`: what the program adds to pages, by uri or by folder. `store`: where results are kept, of a program that has this dialect."""
        self._dialect = dialect
        self._bodies = bodies
        self.store = store or Store()
        self._keys: Keys | None = None

    @cached_property
    def reader(self) -> Reader:
        """The instance that reads; where all is known already, none is made."""
        return Reader(self._dialect)

    def parse(self, document: Document, site: Site) -> Parsed:
        """Read one page, with what the program adds to it."""
        return self.reader.parse(document, self._more(document, site))

    def face(self, document: Document, site: Site) -> Face:
        """What others may see of a page; the page is read only where that is not known."""
        if not self.store.is_open:
            return Face.of(site.parsed(document.uri))
        key = self.store.key("face", document.digest, self._more(document, site))
        if (known := self.store.recall(key)) is not None:
            return Face.from_json(known)
        face = Face.of(site.parsed(document.uri))
        self.store.keep(key, face.to_json())
        return face

    def _more(self, document: Document, site: Site) -> str:
        if body := self._bodies.get(document.uri):
            return f"\n\n{body(site, document.uri)}"
        if body := self._bodies.get(
            f"{dirname(document.uri)}/"
        ):  # made of what other pages say, which are not read for it twice
            keys = self._keys = (
                self._keys if self._keys and self._keys.site is site else Keys(site, self.store, terms=False)
            )
            key = keys.of_site("body", document.uri, keys.tables)
            if (known := self.store.recall(key)) is None:
                known = body(site, document.uri)
                self.store.keep(key, known)
            return f"\n\n{known}"
        return ""

    def linked(self, site: Site, *, terms: bool = True) -> Linked:
        """The pages of a site whose pages this library has read. `terms`: whether they are linked, for what is published."""
        return Linked(site, self, terms=terms)


class Linked:
    """The pages of one site, linked."""

    def __init__(self, site: Site, library: Library, *, terms: bool) -> None:
        self.site = site
        self.store = library.store
        self.keys = Keys(site, library.store, terms=terms)
        self._terms = terms
        self._library = library
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
                parsed, self.site, self.gallery, self._library.reader.md, terms=self._terms and _shows_terms(uri)
            )
        return self._rendered[uri]
