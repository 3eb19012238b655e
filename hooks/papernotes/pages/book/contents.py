"""What is in a book: the whole site, or one topic with its papers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from papernotes.data.paper import Topic
from papernotes.data.site import Site
from papernotes.text.special_pages import ABOUT, ARTICLE, ERRATA, FIGURES, GLOSSARY

WHOLE: Final = "papernotes"
"""The name of the book of the whole site."""


@dataclass(frozen=True)
class Part:
    """Chapters that follow one another."""

    title: str | None
    """None: they stand beside the other parts."""
    uris: tuple[str, ...]
    """The pages, from docs/."""


@dataclass(frozen=True)
class Contents:
    """What a book is called, and its chapters."""

    name: str
    """Of its file, without ending."""
    title: str
    description: str
    parts: tuple[Part, ...]

    @property
    def uris(self) -> tuple[str, ...]:
        """Its chapters in order."""
        return tuple(chain.from_iterable(part.uris for part in self.parts))

    def identifier(self, site_url: str) -> str:
        """The same for every edition of a book. `site_url`: empty where the site has no address; that is another book."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{site_url}#{self.name}')}"


def whole(site: Site, title: str, description: str) -> Contents:
    """All pages that are read: topics, papers by their first tag in the order of time, and what belongs to all of them.

    What only helps in a browser is left out (home, map, lists, the table of checks), and so is what is for contributors.
    """
    papers = [Part(tag, tuple(paper.uri for paper in site.lanes[tag])) for tag in site.tags if tag in site.lanes]
    parts = [
        _plain(site, ABOUT),
        Part(site.words["lists.topics"], tuple(site.topics)),
        *papers,
        _plain(site, ARTICLE, ERRATA, FIGURES, GLOSSARY),
    ]
    return Contents(WHOLE, title, description, tuple(part for part in parts if part.uris))


def of_topic(topic: Topic, site: Site) -> Contents:
    """A topic, its papers in the order in which it leads through them, and the terms that they use."""
    papers = tuple(site.papers[id_].uri for id_ in topic.papers if id_ in site.papers)
    parts = [Part(None, (topic.uri,)), Part(site.words["lists.papers"], papers), _plain(site, GLOSSARY, ABOUT)]
    name = topic.uri.removeprefix("topics/").removesuffix(".md")
    return Contents(name, topic.title, topic.summary, tuple(part for part in parts if part.uris))


def _plain(site: Site, *uris: str) -> Part:
    return Part(None, tuple(uri for uri in uris if uri in site.documents and uri not in site.drafts))
