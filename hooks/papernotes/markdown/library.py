"""The pages of a site, each read once and linked once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from papernotes.base.store import Store
from papernotes.data.site import Site
from papernotes.figures.render import Gallery
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.keys import Keys
from papernotes.markdown.link import link
from papernotes.markdown.parse import Reader
from papernotes.text.document import Document
from papernotes.text.parsed import Face, Parsed, Rendered
from papernotes.text.special_pages import FIGURES, GLOSSARY

Body = Callable[[Site], str]
"""Makes the Markdown that follows a page's own, from the whole site."""

WITHOUT_TERMS = (FIGURES, GLOSSARY)
"""Pages whose terms are not links: the list of figures, and the glossary itself."""


class Library:
    """Reads pages by the dialect, and links them within a site."""

    def __init__(self, dialect: Dialect, bodies: Mapping[str, Body], store: Store | None = None) -> None:
        """`bodies`: what the program adds to pages, by uri. `store`: where results are kept, of a program that has this dialect."""
        self._dialect = dialect
        self._bodies = bodies
        self.store = store or Store()

    @cached_property
    def reader(self) -> Reader:
        """The instance that reads; where all is known already, none is made."""
        return Reader(self._dialect)

    def parse(self, document: Document, site: Site) -> Parsed:
        """Read one page, with what the program adds to it."""
        return self.reader.parse(document, self._more(document, site))

    def face(self, document: Document, site: Site) -> Face:
        """What others may see of a page; the page is read only where that is not known."""
        key = self.store.key("face", document.digest, self._more(document, site))
        if (known := self.store.recall(key)) is not None:
            return Face.from_json(known)
        face = Face.of(site.parsed(document.uri))
        self.store.keep(key, face.to_json())
        return face

    def _more(self, document: Document, site: Site) -> str:
        body = self._bodies.get(document.uri)
        return f"\n\n{body(site)}" if body else ""

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
                parsed, self.site, self.gallery, self._library.reader.md, terms=self._terms and uri not in WITHOUT_TERMS
            )
        return self._rendered[uri]
