"""The services, as far as a refresh uses them, on a loopback port. They speak the formats that `refresh` must read.

By default every service answers well about the papers of its `world`. A `weather` takes one service over: a function that
is given the request handler and writes whatever bytes it likes.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

PATHS = {
    "/api/query": "arxiv",
    "/graph/v1/paper/batch": "semantic-scholar",
    "/works": "openalex",
    "/dois": "datacite",
    "/html/": "arxiv-html",
    "/oai": "arxiv-oai",
}
VARIABLES = {
    "arxiv": "PAPERNOTES_ARXIV_API",
    "semantic-scholar": "PAPERNOTES_S2_API",
    "openalex": "PAPERNOTES_OPENALEX_API",
    "datacite": "PAPERNOTES_DATACITE_API",
    "arxiv-html": "PAPERNOTES_ARXIV_HTML",
    "arxiv-oai": "PAPERNOTES_ARXIV_OAI",
}


@dataclass
class Paper:
    """One paper, as all services know it. None: the service does not know it."""

    arxiv: str
    title: str
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    version: int | None = 2
    published: str = "2023-05-29"
    updated: str = "2024-07-29"
    category: str = "cs.LG"
    comment: str | None = None
    summary: str = "An abstract."
    semantic_scholar: int | None = 100
    openalex: int | None = 40
    openalex_doi: bool = True
    """Whether its OpenAlex work carries the arXiv DOI; if not, only its locations tell."""
    year: int = 2023
    datacite: bool = True
    s2_licence: str | None = None
    """Of the PDF on arXiv, as Semantic Scholar writes it: `CCBY`."""
    openalex_licence: str | None = None
    """Of its location on arXiv, as OpenAlex writes it: `cc-by`."""
    arxiv_licence: str | None = None
    """The address that arXiv's OAI-PMH gives."""
    earlier: dict[int, str] = field(default_factory=dict)
    """Abstracts of older versions."""


@dataclass
class Seen:
    """A request as it came in."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float


Weather = Callable[["Handler"], None]


@dataclass
class FakeServices:
    """A running server. `with FakeServices([...]) as services:`."""

    papers: Iterable[Paper] = ()
    prefix: str = ""
    """A path before the documented ones, as a mirror may have."""
    s2_key: str | None = None
    openalex_key: str | None = None
    """A key that the service asks for."""
    seen: list[Seen] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    """Papers as HTML, by id and version."""
    weather: dict[str, Weather] = field(default_factory=dict)

    def __enter__(self) -> FakeServices:
        self.world = {paper.arxiv: paper for paper in self.papers}
        self.server = _Server(("127.0.0.1", 0), Handler)
        self.server.services = self
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.close_all()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        """The base address of every service."""
        return f"http://127.0.0.1:{self.server.server_port}{self.prefix}"

    @property
    def environment(self) -> dict[str, str]:
        """What to set so that all services are this server."""
        return dict.fromkeys(VARIABLES.values(), self.url)

    def count(self, service: str) -> int:
        """Requests that one service has had."""
        return sum(seen.service == service for seen in self.seen)


class _Server(ThreadingHTTPServer):
    services: FakeServices
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def close_all(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what half of the tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        services = self.server.services
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(services.prefix)
        service = PATHS.get("/html/" if path.startswith("/html/") else path, "")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.query, self.body = query, json.loads(body) if body else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        services.seen.append(Seen(service, self.command, self.path, query, headers, self.body, time.monotonic()))
        weather = services.weather.get(service)
        if weather:
            weather(self)
        else:
            self.good(service)

    def good(self, service: str) -> None:
        """Answer as the service does on a good day."""
        {
            "arxiv": self._arxiv,
            "semantic-scholar": self._semantic_scholar,
            "openalex": self._openalex,
            "datacite": self._datacite,
            "arxiv-html": self._html,
            "arxiv-oai": self._arxiv_oai,
        }.get(service, lambda: self.reply(404, "<html>Not Found</html>", "text/html"))()

    def reply(self, status: int, body: str | bytes, kind: str = "application/json", **headers: str) -> None:
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def json(self, data: Any, status: int = 200, **headers: str) -> None:
        self.reply(status, json.dumps(data) + "\n", **headers)

    def _html(self) -> None:
        page = self.server.services.pages.get(urlsplit(self.path).path.partition("/html/")[2])
        self.reply(200 if page else 404, page or "<html>No HTML for this paper</html>", "text/html; charset=utf-8")

    @property
    def world(self) -> dict[str, Paper]:
        return self.server.services.world

    def _arxiv(self) -> None:
        if len(self.path) > 8000:
            return self.reply(414, "<html>Request-URI Too Large</html>", "text/html")
        ids = self.query["id_list"].split(",")
        most = int(self.query.get("max_results", 10))
        for id_ in ids:
            if not re.fullmatch(r"([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})(v[0-9]+)?", id_):
                return self.reply(400, arxiv_error(id_), "application/atom+xml; charset=utf-8")
        # Backwards: the service does not keep the order of the question.
        known = [paper for id_ in reversed(ids) if (paper := self._arxiv_paper(id_)) and paper.version is not None]
        return self.reply(200, arxiv_feed(known[:most], total=len(known)), "application/atom+xml; charset=utf-8")

    def _arxiv_paper(self, id_: str) -> Paper | None:
        """The newest version of a paper, or the one that is named, as arXiv-search gives them for a list."""
        name, version = re.fullmatch(r"(.+?)(?:v([0-9]+))?", id_).groups()  # type: ignore[union-attr]  # it matches all
        paper = self.world.get(name)
        if paper is None or not version or int(version) == paper.version:
            return paper
        abstract = paper.earlier.get(int(version))
        return replace(paper, version=int(version), summary=abstract) if abstract else None

    def _semantic_scholar(self) -> None:
        key = self.server.services.s2_key
        if key and self.headers.get("x-api-key") not in (None, key):
            return self.json({"message": "Forbidden"}, 403)
        unknown = set(self.query.get("fields", "").split(",")) - {
            "title",
            "citationCount",
            "externalIds",
            "openAccessPdf",
        }
        if unknown:
            return self.json({"error": f"Unrecognized or unsupported fields: [{', '.join(unknown)}]"}, 400)
        entries = [self._s2_entry(id_.removeprefix("ARXIV:")) for id_ in self.body["ids"]]
        if len(entries) > 500 or not any(entries):
            return self.json({"error": "No valid paper ids given"}, 400)
        return self.json(entries)

    def _s2_entry(self, id_: str) -> dict[str, Any] | None:
        paper = self.world.get(id_)
        if paper is None or paper.semantic_scholar is None:
            return None
        return s2_entry(paper)

    def _openalex(self) -> None:
        key = self.server.services.openalex_key
        if key and self.headers.get("Authorization") not in (None, f"Bearer {key}"):
            return self.json({"error": "Invalid or missing API key", "message": "API key not found"}, 401)
        if len(self.path) > 4096:
            return self.reply(414, "<html>URI Too Long</html>", "text/html")
        name, _, values = self.query["filter"].partition(":")
        wanted = values.split("|")
        if len(wanted) > 100:
            return self.json({"error": "Invalid query parameters error.", "message": "Maximum of 100 values"}, 400)
        works = []
        for paper in self.world.values():
            if paper.openalex is None:
                continue
            if name == "doi":
                hit = paper.openalex_doi and f"10.48550/arxiv.{paper.arxiv}" in {w.lower() for w in wanted}
            else:
                hit = f"http://arxiv.org/abs/{paper.arxiv}" in wanted
            if hit:
                works.append(openalex_work(paper))
        select = self.query["select"].split(",")
        per_page = int(self.query.get("per_page", 25))
        works = [{key: work[key] for key in select} for work in works]
        return self.json(openalex_answer(works[:per_page], len(works), per_page))

    def _datacite(self) -> None:
        dois = re.findall(r'"10\.48550/arxiv\.([^"]+)"', self.query["query"])
        known = [id_ for id_ in dois if id_ in self.world and self.world[id_].datacite]
        items = [{"id": f"10.48550/arxiv.{id_}", "type": "dois", "attributes": {"state": "findable"}} for id_ in known]
        return self.json({"data": items[: int(self.query["page[size]"])], "meta": {"total": len(items)}})

    def _arxiv_oai(self) -> None:
        paper = self.world.get(self.query["identifier"].removeprefix("oai:arXiv.org:"))
        assert (self.query["verb"], self.query["metadataPrefix"]) == ("GetRecord", "arXivRaw")
        inside = oai_record(paper) if paper else '<error code="idDoesNotExist">Nothing found</error>'
        return self.reply(200, oai_answer(inside), "text/xml")


def s2_entry(paper: Paper) -> dict[str, Any]:
    """A paper as Semantic Scholar's batch gives it."""
    return {
        "paperId": f"{hash(paper.arxiv) & (2**160 - 1):040x}",
        "externalIds": {"ArXiv": paper.arxiv, "DBLP": "journals/corr/x", "CorpusId": 13756489},
        "title": paper.title,
        "citationCount": paper.semantic_scholar,
        "openAccessPdf": {
            "url": f"https://arxiv.org/pdf/{paper.arxiv}",
            "status": "GREEN",
            "license": paper.s2_licence,
            "disclaimer": "Notice: the license is that of the source.",
        },
    }


def openalex_work(paper: Paper) -> dict[str, Any]:
    """A paper as OpenAlex gives it."""
    doi = f"https://doi.org/10.48550/arxiv.{paper.arxiv}" if paper.openalex_doi else "https://doi.org/10.1000/journal"
    return {
        "id": f"https://openalex.org/W{hash(paper.arxiv) & (2**32 - 1)}",
        "doi": doi,
        "title": paper.title,
        "publication_year": paper.year,
        "cited_by_count": paper.openalex,
        "locations": [
            {"landing_page_url": "https://doi.org/10.1000/journal", "license": "cc-by", "version": "publishedVersion"},
            {
                "landing_page_url": f"http://arxiv.org/abs/{paper.arxiv}",
                "license": paper.openalex_licence,
                "version": "submittedVersion",
            },
        ],
    }


def openalex_answer(works: list[Any], count: int | None = None, per_page: int = 100) -> dict[str, Any]:
    """A page of works."""
    meta = {"count": len(works) if count is None else count, "db_response_time_ms": 19, "page": 1, "per_page": per_page}
    return {"meta": meta, "results": works}


def oai_record(paper: Paper, id_: str | None = None) -> str:
    """A record in the format arXivRaw."""
    versions = "".join(
        f'<version version="v{number}"><date>Mon, 29 May 2023 17:57:46 GMT</date><size>9kb</size></version>'
        for number in range(1, (paper.version or 0) + 1)
    )
    licence = f"<license>{escape(paper.arxiv_licence)}</license>" if paper.arxiv_licence is not None else ""
    return f"""<GetRecord><record><header><identifier>oai:arXiv.org:{paper.arxiv}</identifier></header><metadata>
  <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{id_ or paper.arxiv}</id><submitter>A</submitter>{versions}
  <title>{escape(paper.title)}</title><authors>A</authors><categories>cs.LG</categories>{licence}
  <abstract>{escape(paper.summary)}</abstract></arXivRaw></metadata></record></GetRecord>"""


def oai_answer(inside: str) -> str:
    """An answer of arXiv's OAI-PMH."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-23T00:00:00Z</responseDate>
<request verb="GetRecord">http://oaipmh.arxiv.org/oai</request>{inside}</OAI-PMH>
"""


def arxiv_entry(paper: Paper) -> str:
    """An Atom entry as arXiv gives it."""
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    comment = f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>" if paper.comment else ""
    return f"""<entry>
    <id>http://arxiv.org/abs/{paper.arxiv}v{paper.version}</id>
    <title>{escape(paper.title)}</title>
    <updated>{paper.updated}T17:57:46Z</updated>
    <link href="https://arxiv.org/abs/{paper.arxiv}v{paper.version}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{paper.arxiv}v{paper.version}" rel="related" type="application/pdf" title="pdf"/>
    <summary>{escape(paper.summary)}</summary>
    <category term="{paper.category}" scheme="http://arxiv.org/schemas/atom"/>
    <published>{paper.published}T17:57:46Z</published>
    {comment}
    <arxiv:primary_category term="{paper.category}"/>
    {authors}
  </entry>"""


def arxiv_feed(papers: list[Paper], total: int | None = None, entries: str | None = None) -> str:
    """An Atom feed as arXiv gives it."""
    inside = "\n".join(map(arxiv_entry, papers)) if entries is None else entries
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/abc</id>
  <title>arXiv Query: search_query=&amp;id_list=x&amp;start=0&amp;max_results=10</title>
  <updated>2026-11-23T00:00:00Z</updated>
  <link href="https://arxiv.org/api/query" type="application/atom+xml"/>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(papers) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  {inside}
</feed>
"""


def arxiv_error(id_: str) -> str:
    """The feed with which arXiv refuses a malformed id."""
    entry = f"""<entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_{escape(id_)}</id>
    <title>Error</title>
    <summary>incorrect id format for {escape(id_)}</summary>
    <updated>2026-11-23T00:00:00Z</updated>
    <link href="https://arxiv.org/api/errors#incorrect_id_format_for_{escape(id_)}" rel="alternate"/>
    <author><name>arXiv api core</name></author>
  </entry>"""
    return arxiv_feed([], total=1, entries=entry)
