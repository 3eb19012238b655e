"""The pages of a site, each read once and linked once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, Final

from papernotes.base import machine
from papernotes.base.store import Store
from papernotes.data.models.record import FOLDER
from papernotes.data.site import Site
from papernotes.figures.render import Gallery, gallery_of
from papernotes.markdown.bodies import models_page
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.keys import Keys
from papernotes.markdown.link import link
from papernotes.markdown.parse import Reader
from papernotes.progress import Count
from papernotes.text.document import Document
from papernotes.text.parsed import Parsed, Rendered
from papernotes.text.special_pages import FIGURES, GLOSSARY
from papernotes.words import Words, program

Body = Callable[[Site, str], str]
"""Makes the Markdown that follows a page's own, from the whole site and the page's uri; empty where none does. Not of models."""

Each = Callable[["Linked", str], None]
"""Does something with a page, and keeps what comes of it in the store."""
LEAST: Final = 48
"""Of so many pages, reading them is worth a second process."""


def _shows_terms(uri: str) -> bool:
    """Whether the terms of a page are links: not on the list of figures, not in the glossary and the entries of models."""
    return uri not in {FIGURES, GLOSSARY} and not uri.startswith(FOLDER)


class Library:
    """Reads pages by the dialect, and links them within a site."""

    def __init__(self, dialect: Dialect, body: Body, store: Store | None = None, words: Words | None = None) -> None:
        """`body`: what the program adds to pages. `store`: where results are kept, of a program that has this dialect.

        `words`: of the site; None: those of the program.
        """
        self._dialect = dialect
        self._body = body
        self.store = store or Store()
        self.words = words or program()
        self.also: Each | None = None
        """What else is made of each page where all cores read and check them; for a build, which is to find it made."""

    @cached_property
    def reader(self) -> Reader:
        """The instance that reads; where all is known already, none is made."""
        return Reader(self._dialect)

    def parse(self, document: Document, site: Site) -> Parsed:
        """Read one page, with what the program adds to it."""
        return self.reader.parse(document, self._more(document, site))

    def keep(self, kind: str, document: Document, site: Site, make: Callable[[], Any]) -> Any:
        """What `make` reads of one page alone; the page is read only where that is not known."""
        if not self.store.is_open:
            return make()
        key = self.store.key(kind, self.words.digest, document.digest, self._more(document, site))
        return self.store.once(key, make)

    def _more(self, document: Document, site: Site) -> str:
        if document.uri.startswith(FOLDER):
            more = self.of_models(site).get(document.uri, "")
        else:  # of a list, this goes over all pages
            known = site.once("more", dict[str, str])
            if document.uri not in known:
                known[document.uri] = self._body(site, document.uri)
            more = known[document.uri]
        return f"\n\n{more}" if more else ""

    def of_models(self, site: Site) -> dict[str, str]:
        """By uri: what the program adds to the pages of models, made of what other pages say."""

        def kept() -> dict[str, str]:
            keys = Keys(site, self.store, terms=False)
            made: dict[str, str] = self.store.once(
                keys.of_site("of models", keys.stated), partial(models_page.markdown, site)
            )
            return made

        return site.once("of models", kept)

    def linked(self, site: Site, *, terms: bool = True) -> Linked:
        """The pages of a site whose pages this library has read. `terms`: whether they are linked, for what is published."""
        return Linked(site, self, terms=terms)


class Linked:
    """The pages of one site, linked."""

    def __init__(self, site: Site, library: Library, *, terms: bool) -> None:
        self.site = site
        self.store, self.also = library.store, library.also
        self.keys = Keys(site, library.store, terms=terms, of_models=partial(library.of_models, site))
        self.terms = terms
        self._is_shared = False  # whether other processes link pages too: what one of them has linked is kept for all
        self._library = library
        self._rendered: dict[str, Rendered] = {}

    @cached_property
    def gallery(self) -> Gallery:
        """The figures of the site."""
        return gallery_of(self.site)

    def rendered(self, uri: str) -> Rendered:
        """A page as it is published; linked when it is first asked for, and once."""
        if uri not in self._rendered:
            key = self.keys.of_page("rendered", uri) if self._is_shared else ""
            if key and (known := self.store.recall(key)) is not None:
                self._rendered[uri] = Rendered.from_json(known)
            else:
                terms, md = self.terms and _shows_terms(uri), self._library.reader.md
                self._rendered[uri] = made = link(self.site.parsed(uri), self.site, self.gallery, md, terms=terms)
                if key:
                    self.store.keep(key, made.to_json())
        return self._rendered[uri]

    def take(self, uri: str) -> Rendered:
        """The same for whoever is the last to ask: it is not held any longer."""
        rendered = self.rendered(uri)
        del self._rendered[uri]
        return rendered

    def spread(self, each: Each) -> None:
        """Let every core read a share of the pages and do `each` with them: what that keeps is not to be worked out again.

        Nothing is done where there are few pages or is one core, or where that has been done since the pages came to show this.
        """
        if len(self.site.documents) < LEAST or not self.store.is_shared or machine.cores() < 2:
            return
        self._is_shared = True
        key = self.keys.of_site("spread")
        if not self.store.has(key):
            count = Count(len(self.site.documents), "checked")
            machine.spread(partial(_read, self, each), _shares(self.site, machine.cores()), step=count.step)
            count.end()
            self.store.keep(key, True)


def _read(linked: Linked, each: Each, uris: list[str], wait: Callable[[], None], step: Callable[[], None]) -> None:
    site, later = linked.site, []
    for uri in uris:
        if any(target != uri and target in site.documents for target, _ in site.face(uri).anchors):
            later.append(uri)  # what it knows of others may be read elsewhere
            site.documents[uri].forget()
            continue
        each(linked, uri)  # while it is parsed
        step()
        site.forget(uri)
    wait()  # from here on, what a page may know of any other is kept
    for uri in later:
        each(linked, uri)
        step()


def _shares(site: Site, count: int) -> list[list[str]]:
    """The pages in as many shares of about the same length; in one, those of models and those whose tables they are made of."""
    tables = {declared.page for declared in site.measuring.tables}
    together = [uri for uri in site.documents if uri in tables or uri.startswith(FOLDER)]
    groups = [together, *([uri] for uri in site.documents if uri not in together)]
    sizes = [sum(len(site.documents[uri].text) for uri in group) for group in groups]
    shares: list[list[str]] = [[] for _ in range(count)]
    weights = [0] * count
    for size, group in sorted(zip(sizes, groups, strict=True), reverse=True):
        lightest = weights.index(min(weights))
        shares[lightest] += group
        weights[lightest] += size
    return shares
