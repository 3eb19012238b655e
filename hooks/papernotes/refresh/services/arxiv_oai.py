"""arXiv's OAI-PMH interface, one paper a request and only where asked: the licence of the newest version.

In the format `arXivRaw` a record lists its versions and gives the licence of the last one; the others do not name a version.
Sources: https://info.arxiv.org/help/oa/index.html, https://github.com/arXiv/oaipmh (oaipmh/templates/record_formats.xml)
"""

from __future__ import annotations

import re
from typing import Final

from papernotes.base import arxiv, licences
from papernotes.data.ledger import Record
from papernotes.refresh.services import answer
from papernotes.refresh.services.answer import Answer, Answers, Client, Licensed, MalformedError, Nonsense, Unknown
from papernotes.refresh.services.arxiv_api import read_xml
from papernotes.refresh.services.service import ARXIV_OAI
from papernotes.refresh.services.text import clean
from papernotes.refresh.services.transport import Request

_OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
_RAW: Final = "{http://arxiv.org/OAI/arXivRaw/}"
_VERSION: Final = re.compile("v([1-9][0-9]{0,2})")


class ArxivOai(Client):
    """The verb GetRecord. What it says of a paper is in the record, whose id is checked."""

    service = ARXIV_OAI
    batch = ARXIV_OAI.batch

    def request(self, papers: list[Record]) -> Request:
        """The record of the one paper."""
        (paper,) = papers
        return Request(
            query={"verb": "GetRecord", "metadataPrefix": "arXivRaw", "identifier": f"oai:arXiv.org:{paper.arxiv}"}
        )

    def read(self, papers: list[Record], body: bytes) -> Answers:
        """The licence in the record; an error of the protocol comes with status 200."""
        (paper,) = papers
        root = read_xml(body)
        if root.tag != f"{_OAI}OAI-PMH":
            raise MalformedError("answered XML that is not OAI-PMH")
        error = root.find(f"{_OAI}error")
        if error is not None:
            if error.get("code") == "idDoesNotExist":
                return {paper.arxiv: Unknown()}
            raise MalformedError(f"answered the error {clean(error.get('code', ''))[:40]!r}, with status 200")
        record = root.find(f"{_OAI}GetRecord/{_OAI}record/{_OAI}metadata/{_RAW}arXivRaw")
        if record is None:
            raise MalformedError("answered no record")
        try:
            named = arxiv.parse_id(clean(record.findtext(f"{_RAW}id") or "")).id
        except ValueError:
            named = ""
        if named != paper.arxiv:
            return {paper.arxiv: Nonsense(f"an answer for another paper: {answer.shown(named)}")}
        names = [_VERSION.fullmatch(each.get("version", "")) for each in record.iter(f"{_RAW}version")]
        versions = [int(name[1]) for name in names if name]
        return {paper.arxiv: _licensed(record.findtext(f"{_RAW}license"), max(versions, default=None))}


def _licensed(address: str | None, version: int | None) -> Answer:
    if not (address or "").strip():
        return Licensed(None, version)
    key = licences.of_address(address or "")
    return Licensed(key, version) if key else Nonsense(f"a licence that is not known: {answer.shown(address)}")
