"""OpenAlex: citation counts, first by arXiv DOI, then by arXiv page for what no DOI finds; and the licence of the text on arXiv.

A published paper is often one work under the publisher's DOI, which the arXiv DOI does not find; about one in seven.
Source: https://docs.openalex.org/, https://docs.openalex.org/api-entities/works/work-object/location-object
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, Final

from papernotes.data.ledger import MAX_COUNT, Record
from papernotes.refresh.services import answer
from papernotes.refresh.services.answer import (
    Answer,
    Answers,
    Citations,
    Client,
    MalformedError,
    Nonsense,
    Silent,
    Unknown,
)
from papernotes.refresh.services.service import OPENALEX
from papernotes.refresh.services.text import alike
from papernotes.refresh.services.transport import Request

_PAGES: Final = ("http://arxiv.org/abs/", "https://arxiv.org/abs/")
"""Both spellings occur; a filter matches letter by letter."""


class _Works(Client):
    """The list of works, filtered; subclasses say by what."""

    service = OPENALEX
    batch = OPENALEX.batch
    select = "id,doi,title,publication_year,cited_by_count,locations"

    def request(self, papers: list[Record]) -> Request:
        """One page of works; without `per_page` only 25 would come."""
        return Request(query={"filter": self.filter(papers), "per_page": "100", "select": self.select})

    @abstractmethod
    def filter(self, papers: list[Record]) -> str:
        """The filter that finds these papers."""

    @abstractmethod
    def names(self, work: Mapping[str, Any]) -> Iterator[str]:
        """The addresses by which a work may be one of the papers."""

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """Works by the papers they name, in any order and number."""
        data = answer.decode(body)
        works = data.get("results") if isinstance(data, Mapping) else None
        if not isinstance(works, list):
            raise MalformedError(answer.complaint(data) or "answered no list of works")
        asked = {paper.arxiv: paper for paper in papers}
        found: Answers = {}
        for work in works:
            if isinstance(work, Mapping):
                for name in sorted(filter(None, {answer.id_in(each) for each in self.names(work)})):
                    now = _citations(work, name)
                    found[name] = _better(asked.get(name), found.get(name), now)
        for paper in asked:
            found.setdefault(paper, Silent("the answer was cut short") if _cut(data, works) else Unknown())
        return found


class ByDoi(_Works):
    """Works whose DOI is the paper's arXiv DOI."""

    def filter(self, papers: list[Record]) -> str:
        """Short DOIs: addresses are limited to 4096 characters."""
        return "doi:" + "|".join(f"10.48550/arXiv.{paper.arxiv}" for paper in papers)

    def names(self, work: Mapping[str, Any]) -> Iterator[str]:
        """The work's one DOI."""
        doi = work.get("doi")
        if isinstance(doi, str):
            yield doi


class ByPage(_Works):
    """Works one of whose locations is the paper's page on arXiv. A work of several pages is each paper's in turn."""

    batch = 45  # two addresses a paper: at most 100 values, and 4096 characters in all

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """Works by the papers they name; a work may name others too, by a wrong merge."""
        asked = {paper.arxiv for paper in papers}
        return {name: found for name, found in super().read(papers, body).items() if name in asked}

    def filter(self, papers: list[Record]) -> str:
        """Both spellings of each address."""
        return "locations.landing_page_url:" + "|".join(page + paper.arxiv for paper in papers for page in _PAGES)

    def names(self, work: Mapping[str, Any]) -> Iterator[str]:
        """The pages of all its locations."""
        for location in _locations(work):
            page = location.get("landing_page_url")
            if isinstance(page, str):
                yield page


def _locations(work: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Where a work can be found: each is a text of its own, with a licence of its own."""
    locations = work.get("locations")
    yield from (each for each in (locations if isinstance(locations, list) else ()) if isinstance(each, Mapping))


def _citations(work: Mapping[str, Any], paper: str) -> Citations | Nonsense:
    if other := answer.other_paper(work.get("doi"), paper):
        return Nonsense(f"a work whose DOI is that of {other}")
    read = answer.citations(work, "cited_by_count", MAX_COUNT)
    year = work.get("publication_year")
    if isinstance(read, Nonsense):
        return read
    if not isinstance(year, int) or isinstance(year, bool):
        return Nonsense("a work without a year")
    texts = (answer.licensed(text.get("license"), text.get("landing_page_url"), paper) for text in _locations(work))
    return Citations(read.count, read.title, year, next(filter(None, texts), None))


def _better(paper: Record | None, before: Answer | None, now: Answer) -> Answer:
    """Of several works for one paper, the one with its title; of several such, the one that is cited most."""

    def rank(found: Answer | None) -> tuple[bool, int]:
        if not isinstance(found, Citations):
            return (False, -1)
        return (paper is not None and alike(paper.title, found.title), found.count)

    return now if before is None or rank(now) > rank(before) else before


def _cut(data: Mapping[str, Any], works: list[Any]) -> bool:
    meta = data.get("meta")
    count = meta.get("count") if isinstance(meta, Mapping) else None
    return isinstance(count, int) and count > len(works)
