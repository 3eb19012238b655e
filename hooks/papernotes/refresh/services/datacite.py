"""DataCite: whether a paper's arXiv DOI exists. Asked only where arXiv has no time (429); tells nothing else.

Source: https://support.datacite.org/docs/api-queries
"""

from __future__ import annotations

from collections.abc import Mapping

from papernotes.data.ledger import Record
from papernotes.refresh.services import answer
from papernotes.refresh.services.answer import Answers, Client, Exists, MalformedError, Unknown
from papernotes.refresh.services.service import DATACITE
from papernotes.refresh.services.transport import Request


class DataCite(Client):
    """The list of DOIs, searched."""

    service = DATACITE
    batch = DATACITE.batch

    def request(self, papers: list[Record]) -> Request:
        """One search for all the DOIs."""
        dois = " OR ".join(f'"10.48550/arxiv.{paper.arxiv}"' for paper in papers)
        return Request(query={"query": f"doi:({dois})", "page[size]": str(len(papers))})

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """Whether each DOI was found."""
        data = answer.decode(body)
        items = data.get("data") if isinstance(data, Mapping) else None
        if not isinstance(items, list):
            raise MalformedError(answer.complaint(data) or "answered no list of DOIs")
        known = {answer.id_in(f"https://doi.org/{item.get('id')}") for item in items if isinstance(item, Mapping)}
        return {paper.arxiv: Exists() if paper.arxiv in known else Unknown() for paper in papers}
