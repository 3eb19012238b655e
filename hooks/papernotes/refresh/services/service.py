"""The services: where they are, what they allow, and which key goes to which."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from papernotes.base.finding import StopError


@dataclass(frozen=True)
class Service:
    """One service that is asked about papers."""

    name: str
    """As in the ledger, where it counts: `semantic-scholar`."""
    title: str
    """As people see it."""
    base_variable: str
    """Environment variable that names another base address."""
    base: str
    """The service's own base address: what stands before `path`."""
    path: str
    """The documented path of the one endpoint that is used."""
    batch: int
    """Papers in one request, at most."""
    pause: float
    """Seconds between two requests, at least."""
    key_variable: str | None = None
    """Environment variable that holds the key, where the service has keys."""
    key_header: str = ""
    """Header that carries the key."""
    key_prefix: str = ""
    """What stands before the key in the header."""
    dataset: str = ""
    """What the ledger names as the data set of its counts; empty where it does not count."""
    purpose: str = "keeps a citation ledger of papers, one batch a week"
    """What it is asked for, as it is told."""


# Batches are smaller than the services' limits (2000, 500, 100), because long lists time out or make addresses too long.
ARXIV: Final = Service(
    "arxiv", "arXiv", "PAPERNOTES_ARXIV_API", "https://export.arxiv.org", "/api/query", batch=100, pause=3.0
)
ARXIV_OAI: Final = Service(
    "arxiv-oai", "arXiv OAI-PMH", "PAPERNOTES_ARXIV_OAI", "https://oaipmh.arxiv.org", "/oai", batch=1, pause=3.0
)
SEMANTIC_SCHOLAR: Final = Service(
    "semantic-scholar", "Semantic Scholar", "PAPERNOTES_S2_API", "https://api.semanticscholar.org",
    "/graph/v1/paper/batch", dataset="s2-graph-api", batch=100, pause=1.0, key_variable="S2_API_KEY", key_header="x-api-key",
)  # fmt: skip
OPENALEX: Final = Service(
    "openalex", "OpenAlex", "PAPERNOTES_OPENALEX_API", "https://api.openalex.org", "/works", dataset="openalex-api", batch=100, pause=0.1,
    key_variable="OPENALEX_API_KEY", key_header="Authorization", key_prefix="Bearer ",
)  # fmt: skip
DATACITE: Final = Service(
    "datacite", "DataCite", "PAPERNOTES_DATACITE_API", "https://api.datacite.org", "/dois", batch=50, pause=0.2
)
SERVICES: Final = (ARXIV, SEMANTIC_SCHOLAR, OPENALEX, DATACITE, ARXIV_OAI)
"""Those that a refresh asks."""
ARXIV_HTML: Final = Service(
    "arxiv-html", "arXiv's HTML", "PAPERNOTES_ARXIV_HTML", "https://arxiv.org", "/html/", batch=1, pause=3.0,
    purpose="reads a paper to check notes on it, one at a time",
)  # fmt: skip
"""The papers themselves; the id with its version stands behind the path."""


class SettingError(StopError):
    """An environment variable cannot be used. The text names it and never holds a key."""


@dataclass(frozen=True)
class Access:
    """Where one service is reached, and with which key."""

    service: Service
    base: str
    """Base address without a slash at its end."""
    key: str | None = field(default=None, repr=False)
    """None: without a key. Never shown, logged or sent to another address than `base`."""
    contact: str = ""
    """Address of the repository, for the people who run the service; empty where it has none."""

    @property
    def url(self) -> str:
        """Address of the endpoint."""
        return self.base + self.service.path

    @property
    def is_loopback(self) -> bool:
        """Whether the service is on this machine, as in tests; then no proxy is asked."""
        return _is_loopback(urlsplit(self.base).hostname or "")

    @property
    def user_agent(self) -> str:
        """Who asks, why and how often."""
        contact = f"; +{self.contact}" if self.contact else ""
        return f"papernotes/1 ({self.service.purpose}{contact})"

    @property
    def headers(self) -> dict[str, str]:
        """The header with the key; none without a key."""
        return {} if self.key is None else {self.service.key_header: self.service.key_prefix + self.key}


def accesses(environment: Mapping[str, str]) -> dict[str, Access]:
    """Read the base addresses and keys from the environment.

    Shape: access by name of service. A variable that is empty counts as not set.
    Raises: SettingError for an address or a key that cannot be used.
    """
    return {service.name: access(service, environment) for service in SERVICES}


def access(service: Service, environment: Mapping[str, str]) -> Access:
    """Read the base address and the key of one service; see `accesses`."""
    base = environment.get(service.base_variable, "").strip() or service.base
    key = environment.get(service.key_variable, "").strip() if service.key_variable else ""
    try:
        parts = urlsplit(base)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None or re.search(r"[\s\x00-\x1f]", base):
        raise SettingError(
            f"{service.base_variable} is not an http or https address that stands before {service.path}; correct or unset it"
        )
    if key and not re.fullmatch(r"[!-~]{1,500}", key):
        raise SettingError(f"{service.key_variable} holds characters that no key has; correct or unset it")
    if key and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise SettingError(
            f"{service.key_variable} would be readable on the way to {service.base_variable}; use https or unset the key"
        )
    contact = environment.get("REPO_URL", "").strip()
    return Access(
        service, base.rstrip("/"), key or None, contact if re.fullmatch(r"https://[!-~]{1,200}", contact) else ""
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
