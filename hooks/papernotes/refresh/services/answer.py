"""What a service can say about one paper. Only the first four are answers; the ledger changes by the first three alone."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from papernotes.base import arxiv, licences
from papernotes.data.ledger import Record
from papernotes.refresh.services.service import Service
from papernotes.refresh.services.text import clean
from papernotes.refresh.services.transport import Reply, Request, explain

MAX_VALUES: Final = 500_000
"""Of one answer: the largest that is asked for, works with all their locations, has some ten thousand."""


@dataclass(frozen=True)
class Metadata:
    """What arXiv says of a paper."""

    title: str
    version: int | None
    """The newest; None where the answer does not tell."""
    authors: tuple[str, ...]
    published: date
    """Day of version 1."""
    updated: date
    """Day of the newest version."""
    category: str | None
    withdrawn: bool
    abstract: str = field(default="", compare=False)
    """Of the newest version; no part of the ledger."""
    earlier: tuple[int, str] | None = field(default=None, compare=False)
    """An older version that was asked for too, and its abstract."""


@dataclass(frozen=True)
class Licensed:
    """The licence of a paper."""

    licence: str | None
    """Key of `base.licences`; None: the service gives none."""
    version: int | None
    """Whose it is; None: the service does not name a version."""


@dataclass(frozen=True)
class Citations:
    """A citation count, with what it takes to see whether it is this paper's."""

    count: int
    title: str
    year: int | None = None
    """Year of publication, where the service tells."""
    licence: Licensed | None = field(default=None, compare=False)
    """Of the text on arXiv, where the service tells."""


@dataclass(frozen=True)
class Exists:
    """The paper exists; nothing more was asked."""


@dataclass(frozen=True)
class Unknown:
    """The service does not know the paper."""


@dataclass(frozen=True)
class Silent:
    """The service did not answer."""

    why: str
    status: int | None = None
    """HTTP status, where there was one."""


@dataclass(frozen=True)
class Nonsense:
    """The service answered what cannot be true of this paper."""

    why: str


Answer = Metadata | Citations | Licensed | Exists | Unknown | Silent | Nonsense
Answers = dict[str, Answer]
"""Answers by arXiv id."""


_ARXIV_DOI: Final = re.compile(r"(?:\A|/)10\.48550/arxiv\.(?P<id>.*?)(?:v[0-9]{1,3})?\Z", re.IGNORECASE)


class MalformedError(Exception):
    """A whole answer makes no sense. The text says why, in one line."""


class Client(ABC):
    """How one service is asked about some papers, and how its answer is read. Pure: the sending is elsewhere."""

    service: Service
    batch: int
    """Papers in one request, at most."""

    @abstractmethod
    def request(self, papers: list[Record]) -> Request:
        """What to send for these papers."""

    @abstractmethod
    def read(self, papers: list[Record], body: bytes) -> Answers:
        """The answers in a body that came with status 200: one for each paper, and perhaps some not asked for.

        Raises: MalformedError.
        """

    def rejected(self, reply: Reply) -> Answer:
        """What it means that a request for one paper alone was refused."""
        return Silent(explain(reply), reply.status)

    def culprit(self, papers: list[Record], reply: Reply) -> Record | None:
        """The paper for which a request was refused, where the answer names it."""
        return None


def decode(body: bytes) -> Any:
    """Read a JSON body.

    Raises: MalformedError where it is not JSON (NaN is none), or nested too deeply to be what was asked for.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:  # each takes memory, many times its byte
        raise MalformedError(f"answered more than {MAX_VALUES} values")
    try:
        return json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        raise MalformedError("answered JSON nested without end") from None
    except ValueError:
        if not body.strip():
            raise MalformedError("answered nothing, with status 200") from None
        html = body[:1000].lstrip().startswith(b"<")
        raise MalformedError(f"answered {'HTML' if html else 'no valid JSON'}, with status 200") from None


def complaint(data: Any) -> str | None:
    """The message of an error that came with status 200, or None."""
    if not isinstance(data, Mapping):
        return None
    words = [clean(data[key])[:80] for key in ("error", "message") if isinstance(data.get(key), str)]
    return f"answered the error {words[0]!r}, with status 200" if words else None


def citations(entry: Mapping[str, Any], count_key: str, most: int) -> Citations | Nonsense:
    """A count and a title out of one entry, or what is wrong with them."""
    count, title = entry.get(count_key), entry.get("title")
    if not isinstance(count, int) or isinstance(count, bool):
        return Nonsense(f"a count that is not a whole number: {shown(count)}")
    if not 0 <= count <= most:
        return Nonsense(f"a count that cannot be: {shown(count)}")
    if not isinstance(title, str) or not clean(title):
        return Nonsense("a count without a title")
    return Citations(count, clean(title)[:1000])


def licensed(word: object, address: object, paper: str) -> Licensed | None:
    """The licence that a service calls by a word, where it is that of the paper's text on arXiv; None for any other text.

    A publisher's text of the same paper may have another licence. `address`: of the text; it may name the version.
    """
    key = licences.of_word(word) if isinstance(word, str) else None
    try:
        named = arxiv.id_of_link(address) if key and isinstance(address, str) else None
    except ValueError:
        return None
    return Licensed(key, named.version) if named and named.id == paper else None


def id_in(link: object) -> str | None:
    """The arXiv id of a link that a service gives; None where it is none to a paper on arXiv."""
    try:
        return arxiv.id_of_link(str(link)).id
    except ValueError:
        return None


def other_paper(doi: object, paper: str) -> str | None:
    """The arXiv id in the DOI of a work, where it is not that of `paper`; None for every other DOI."""
    found = _ARXIV_DOI.search(clean(doi)) if isinstance(doi, str) else None
    return None if found is None or found["id"].lower() == paper.lower() else found["id"][:60]


def shown(value: object) -> str:
    """A foreign value for a message: one line, at most 60 characters."""
    try:
        text = clean(repr(value))
    except (RecursionError, ValueError):  # ValueError: an int of more digits than Python prints
        text = type(value).__name__
    return text if len(text) <= 60 else text[:59] + "…"


def silent(papers: Iterable[Record], why: str, status: int | None = None) -> Iterator[tuple[str, Answer]]:
    """The same silence about each of these papers."""
    for paper in papers:
        yield paper.arxiv, Silent(why, status)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")
