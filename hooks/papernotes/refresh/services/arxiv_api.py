"""arXiv's export API: does the paper exist, its title, authors, days, newest version, and whether it was withdrawn.

Thank you to arXiv for use of its open access interoperability.
Source: https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from papernotes.base import arxiv
from papernotes.data.bounds import MAX_AUTHORS
from papernotes.data.ledger import Record
from papernotes.refresh.services.answer import (
    Answer,
    Answers,
    Client,
    MalformedError,
    Metadata,
    Nonsense,
    Silent,
    Unknown,
)
from papernotes.refresh.services.service import ARXIV
from papernotes.refresh.services.text import clean
from papernotes.refresh.services.transport import Reply, Request, explain

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_TOTAL: Final = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
MAX_ABSTRACT: Final = 50_000
"""Characters; arXiv itself takes some 2,000."""
_DEPTH: Final = 20
"""No feed of arXiv's nests deeper than five."""
MAX_ELEMENTS: Final = 300_000
"""Of one feed: a hundred papers of a thousand authors each."""
_PAPER: Final = r"(?:paper|article|manuscript|submission|work|preprint|version|note)"
_ELSEWHERE: Final = r"(?!\W+from\b(?!\W+(?:the )?arxiv))"
"""A paper withdrawn from a conference still stands on arXiv."""
_WITHDRAWN_WORD: Final = "(?:withdrawn|retracted)"
_WITHDRAWN: Final = re.compile(
    rf"(?:\bthis|(?:^|[.;:,(])\W*(?:the|our|my)?)\W*\b{_PAPER} (?:(?:has been|has|was|is|had to be) )?(?:(?!not\b|never\b)\w+ )?{_WITHDRAWN_WORD}\b{_ELSEWHERE}"
    rf"|\b(?:the )?(?:authors?|we|i) (?:(?:have|has|had) (?:(?:decided |chosen )?to )?|(?:wish|want|would like|ask|request)(?:es|s)? to )?(?:withdrawn|withdraw|withdraws|withdrew|retracted|retract) (?:this|the|our|my) {_PAPER}\b{_ELSEWHERE}"
    rf"|(?:^|[.;:(]\W*|admin note: )(?:has been )?{_WITHDRAWN_WORD}(?=\W*$|\W+(?:by|due|because|since|as|at|pending|until|superseded|see|for|from (?:the )?arxiv)\b|[.;:)])",
    re.IGNORECASE,
)
"""A notice in the comment; the API has no other sign. Of an abstract it is the beginning, for abstracts tell of other
papers."""


class Arxiv(Client):
    """The query endpoint, asked by list of ids. Entries come in any order, and unknown papers are left out.

    `versions`: by id, an older version whose abstract is wanted too. A list gives the newest of an id, and what is named.
    Source: https://github.com/arXiv/arxiv-search, search/services/index/classic_api/query_builder.py
    """

    service = ARXIV
    batch = ARXIV.batch

    def __init__(self, versions: Mapping[str, int] | None = None) -> None:
        self._versions = versions or {}

    def request(self, papers: list[Record]) -> Request:
        """All in one list; without `max_results` only ten would come."""
        ids = [paper.arxiv for paper in papers]
        ids += [f"{id_}v{self._versions[id_]}" for id_ in ids if id_ in self._versions]
        return Request(query={"id_list": ",".join(ids), "max_results": str(len(ids))})

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """Entries by the id in their link, whatever their order."""
        feed = parse(body)
        found: Answers = {}
        entries = feed.findall(f"{_ATOM}entry")
        for entry in entries:
            link = _text(entry, f"{_ATOM}id")
            if "/api/errors" in link:
                raise MalformedError(f"answered the error {_text(entry, f'{_ATOM}summary')[:80]!r}, with status 200")
            try:
                named = arxiv.id_of_link(link)
            except ValueError:
                continue  # older servers answer an unknown id with an entry that has none
            found[named.id] = _newer(found.get(named.id), _metadata(entry, named.version))
        total = _text(feed, _TOTAL)
        # A page may come empty for no reason; then the total tells that there is more than came.
        short = total.isascii() and total.isdigit() and len(total) < 9 and int(total) > len(entries)
        for paper in papers:
            found.setdefault(paper.arxiv, Silent("left out of the answer, which was cut short") if short else Unknown())
        return found

    def rejected(self, reply: Reply) -> Answer:
        """Refused alone, an id is malformed: arXiv leaves well-formed unknown ones out."""
        return Nonsense(f"the id was refused ({_error(reply) or explain(reply)})")

    def culprit(self, papers: list[Record], reply: Reply) -> Record | None:
        """Read the id out of the error: one malformed id spoils a whole list."""
        named = re.search(rb"incorrect_id_format_for_([^<\s]{1,60})", reply.body)
        name = named.group(1).decode("utf-8", "replace") if named else ""
        return next((paper for paper in papers if paper.arxiv == name), None)


def parse(body: bytes) -> ElementTree.Element:
    """Read an Atom feed. Raises: MalformedError where it is none, or see `read_xml`."""
    feed = read_xml(body)
    if feed.tag != f"{_ATOM}feed":
        raise MalformedError("answered XML that is not an Atom feed")
    return feed


def read_xml(body: bytes) -> ElementTree.Element:
    """Read XML that a stranger sent.

    Raises: MalformedError where it is not well-formed, nests too deeply, or has a DOCTYPE (and so perhaps entities that
        grow without end).
    """
    depth = elements = 0

    def start(*_: object) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if elements > MAX_ELEMENTS:
            raise MalformedError(f"answered more than {MAX_ELEMENTS} elements")
        if depth > _DEPTH:
            raise MalformedError("answered XML nested without end")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise MalformedError("answered XML with a DOCTYPE, or HTML; not read")

    checker = expat.ParserCreate()
    checker.StartDoctypeDeclHandler = doctype
    checker.StartElementHandler = start
    checker.EndElementHandler = end
    try:
        checker.Parse(body, True)
        return ElementTree.fromstring(body)
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError):
        raise MalformedError("answered no well-formed XML, with status 200") from None


def _metadata(entry: ElementTree.Element, version: int | None) -> Answer:
    title = _text(entry, f"{_ATOM}title")
    names = [_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author")]
    authors = tuple(name for name in names if any(map(str.isalpha, name)))  # a ":" follows the name of a collaboration
    published, updated = _day(entry, "published"), _day(entry, "updated")
    if not title:
        return Nonsense("an entry without a title")
    if not authors:
        return Nonsense("an entry without authors")
    if len(authors) > MAX_AUTHORS:
        return Nonsense(f"an entry with {len(authors)} authors")
    if published is None or updated is None or updated < published:
        return Nonsense("an entry without its days")
    category = entry.find(f"{_ARXIV}primary_category")
    term = clean(category.get("term", "")) if category is not None else ""
    comment, abstract = _text(entry, f"{_ARXIV}comment"), _text(entry, f"{_ATOM}summary", MAX_ABSTRACT)
    return Metadata(
        title=title,
        version=version,
        authors=authors,
        published=published,
        updated=updated,
        category=term if re.fullmatch(r"[A-Za-z.-]{2,30}", term) else None,
        withdrawn=bool(_WITHDRAWN.search(comment) or _WITHDRAWN.match(abstract)),
        abstract=abstract,
    )


def _newer(before: Answer | None, now: Answer) -> Answer:
    """Of two entries for one paper, that of the newer version, with the abstract of the other."""
    if not isinstance(before, Metadata):
        return now
    if not isinstance(now, Metadata):
        return before
    old, new = sorted((now, before), key=lambda each: each.version or 0)
    return replace(new, earlier=(old.version, old.abstract)) if old.version and old.version != new.version else new


def _error(reply: Reply) -> str:
    try:
        return _text(parse(reply.body), f"{_ATOM}entry/{_ATOM}summary")[:80]
    except MalformedError:
        return ""


def _text(element: ElementTree.Element, path: str, most: int = 2000) -> str:
    return clean(element.findtext(path) or "")[:most]


def _day(entry: ElementTree.Element, name: str) -> date | None:
    try:
        return date.fromisoformat(_text(entry, f"{_ATOM}{name}")[:10])
    except ValueError:
        return None
