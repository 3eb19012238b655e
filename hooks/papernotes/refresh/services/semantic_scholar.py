"""Semantic Scholar: citation counts, a batch at a time, and with them the licence of the text that it found on arXiv.

Source: https://api.semanticscholar.org/api-docs/graph
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from papernotes.base import arxiv
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
from papernotes.refresh.services.service import SEMANTIC_SCHOLAR
from papernotes.refresh.services.transport import Reply, Request, explain


class SemanticScholar(Client):
    """The batch endpoint. Its answer is as long as the question and in its order; who it is about is checked anyway."""

    service = SEMANTIC_SCHOLAR
    batch = SEMANTIC_SCHOLAR.batch

    def request(self, papers: list[Record]) -> Request:
        """One batch. Ids go without a version: with one they are unknown there."""
        return Request(
            query={"fields": "title,citationCount,externalIds,openAccessPdf"},
            json={"ids": [f"ARXIV:{paper.arxiv}" for paper in papers]},
        )

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """Entries by the arXiv id they name, or by their place where they name none and none is missing."""
        entries = answer.decode(body)
        if not isinstance(entries, list):
            raise MalformedError(answer.complaint(entries) or "answered no list of papers")
        asked = {paper.arxiv: paper for paper in papers}
        places = [paper.arxiv for paper in papers] if len(entries) == len(papers) else []
        found: Answers = {}
        elsewhere: dict[str, Answer] = {}
        for number, entry in enumerate(entries):
            place = places[number] if places else None
            if entry is None:
                if place:
                    elsewhere[place] = Unknown()
            elif not isinstance(entry, Mapping):
                if place:
                    elsewhere[place] = Nonsense(f"an entry that is not a paper: {answer.shown(entry)}")
            else:
                named = _named(entry)
                if place and named not in (None, place):
                    elsewhere[place] = Nonsense(f"an answer for another paper: {named}")
                if name := named or place:
                    found[name] = _once(found.get(name), _citations(entry, name))
        for paper in asked:
            found.setdefault(paper, elsewhere.get(paper, Silent("left out of the answer")))
        return found

    def rejected(self, reply: Reply) -> Answer:
        """A request of which no id is known is refused like a wrong one."""
        return Unknown() if b"No valid paper ids" in reply.body else Silent(explain(reply), reply.status)


def _named(entry: Mapping[str, Any]) -> str | None:
    """The arXiv id an entry says it is about; None where it does not say."""
    ids = entry.get("externalIds")
    named = ids.get("ArXiv") if isinstance(ids, Mapping) else None
    if named is None:
        return None
    try:
        return arxiv.parse_id(named).id
    except (ValueError, TypeError, AttributeError):
        return answer.shown(named)


def _citations(entry: Mapping[str, Any], paper: str) -> Citations | Nonsense:
    ids = entry.get("externalIds")
    if other := answer.other_paper(ids.get("DOI") if isinstance(ids, Mapping) else None, paper):
        return Nonsense(f"an entry whose DOI is that of {other}")
    found = answer.citations(entry, "citationCount", MAX_COUNT)
    text = entry.get("openAccessPdf")  # where it can be read, and under which licence: `CCBY`
    if isinstance(found, Nonsense) or not isinstance(text, Mapping):
        return found
    return replace(found, licence=answer.licensed(text.get("license"), text.get("url"), paper))


def _once(before: Answer | None, now: Answer) -> Answer:
    return now if before in (None, now) else Nonsense("two answers that contradict each other")
