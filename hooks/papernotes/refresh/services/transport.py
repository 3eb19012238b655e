"""One request to one service, bounded in time and memory, with the key kept to its own address."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.util.retry import Retry

from papernotes.refresh.services.text import clean

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

    from papernotes.refresh.services.service import Access

T = TypeVar("T")

RETRY_STATUS: Final = frozenset({429, 500, 502, 503, 504})
REFUSED_STATUS: Final = frozenset({400, 413, 414})
"""The request was refused as a whole, perhaps for one paper in it or for its length."""


@dataclass(frozen=True)
class Limits:
    """How long and how much a refresh may take. Times in seconds."""

    total: float = 50.0
    """For all services together."""
    connect: float = 5.0
    read: float = 20.0
    """Until the next byte."""
    retries: int = 3
    """After a status that may pass; a failed connection is tried again once."""
    backoff: float = 1.0
    """Wait before the first retry, doubled before each further one."""
    retry_after: float = 20.0
    """The longest `Retry-After` that is waited for; a longer one ends the asking."""
    body: int = 16_000_000
    """Bytes of one answer, after inflation."""
    pace: float = 1.0
    """Factor on the services' pauses; a test against a server of its own sets 0."""


def in_time(work: Callable[[], T], seconds: float) -> T | None:
    """What a function gives within a time; None where it takes longer. Raises: what it raises."""
    done: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except Exception as error:
            done.put((None, error))

    # A daemon: a name server or a dripping header can hold a thread longer than anybody can wait for it.
    threading.Thread(target=run, daemon=True).start()
    try:
        made, error = done.get(timeout=seconds)
    except Empty:
        return None
    if error:
        raise error
    return made


class Deadline:
    """A moment by which all must be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; 0 when it has passed."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True)
class Request:
    """What to send to a service's endpoint."""

    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    """What stands behind the endpoint's path."""
    json: Any = None
    """A body makes it a POST."""


@dataclass(frozen=True)
class Reply:
    """What came back, whatever its status."""

    status: int
    body: bytes


class NoAnswerError(Exception):
    """The service did not answer. The text says why, in one line that holds nothing secret."""

    def __init__(self, why: str, *, final: bool = False, status: int | None = None) -> None:
        super().__init__(why)
        self.final = final
        """Whether the next request would fare no better."""
        self.status = status


class Channel:
    """The way to one service: a session, its pace, its retries and its share of the time."""

    def __init__(self, access: Access, limits: Limits, deadline: Deadline) -> None:
        self.access = access
        self.limits = limits
        self.deadline = deadline
        self.requests = 0
        """Requests sent, retries among them."""
        self.day: date | None = None
        """Today, by the service's clock (UTC); None where it has not told."""
        self.pause = access.service.pause * limits.pace
        self._free_at = 0.0
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": access.user_agent, "Accept-Encoding": "gzip, deflate"})
        self._session.trust_env = not access.is_loopback
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_BoundedRetry.of(self)))

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()

    def send(self, request: Request) -> Reply:
        """Send one request, retry what may pass, and read the answer.

        Raises: NoAnswerError where no answer came, where it was too long, or where it pointed elsewhere.
        """
        wait = max(0.0, self._free_at - time.monotonic())
        if wait >= self.deadline.remaining():
            raise self._late()
        time.sleep(wait)
        self.requests += 1
        try:
            with self._session.request(
                "GET" if request.json is None else "POST",
                self.access.url + _quote(request.path),
                params="&".join(f"{name}={_quote(value)}" for name, value in request.query.items()),
                json=request.json,
                auth=_Key(self.access),
                timeout=(min(self.limits.connect, self.deadline.remaining()), self.limits.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                self.day = _day(response.headers.get("Date")) or self.day
                if 300 <= response.status_code < 400:
                    raise NoAnswerError(f"{response.status_code}, a redirect; not followed", final=True)
                body = b"".join(self._chunks(response))
                if self.access.key and len(self.access.key) >= 6:  # a server may quote what it was sent
                    body = body.replace(self.access.key.encode("ascii"), b"***")
                return Reply(response.status_code, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # The text of such an error may hold the address or a header, so only its kind is told.
            raise _no_answer(error, self.limits) from None
        finally:
            self._free_at = time.monotonic() + self.pause

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        size = 0
        while chunk := response.raw.read1(65_536, decode_content=True):
            size += len(chunk)
            if size > self.limits.body:
                raise NoAnswerError(f"an answer of more than {self.limits.body} bytes; not read on")
            if not self.deadline.remaining():
                raise self._late()
            yield chunk

    def _late(self) -> NoAnswerError:
        return NoAnswerError(f"no answer within {self.deadline.seconds:.0f} s", final=True)


class _Key(AuthBase):
    """Puts the key on one request. As an `auth` it also keeps requests from looking into a .netrc file."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._access.headers)
        return request


class _BoundedRetry(Retry):
    """urllib3's Retry that never waits longer than the limits allow, and never reads an endless body to be polite."""

    channel: Channel

    @classmethod
    def of(cls, channel: Channel) -> _BoundedRetry:
        tries = channel.limits.retries
        few = min(tries, 1)
        retry = cls(
            total=tries, connect=few, read=few, other=few, status=tries, redirect=0, allowed_methods=None,
            status_forcelist=RETRY_STATUS, raise_on_status=False, raise_on_redirect=False,
        )  # fmt: skip
        retry.channel = channel
        return retry

    def new(self, **kw: Any) -> _BoundedRetry:
        retry = super().new(**kw)
        retry.channel = self.channel
        return retry

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> _BoundedRetry:
        retry = super().increment(method, url, response, error, _pool, _stacktrace)
        wait = retry.wait(response)
        if wait > self.channel.limits.retry_after or wait >= self.channel.deadline.remaining():
            raise MaxRetryError(_pool, url or "", error or ResponseError("no time for a retry"))
        if response is not None:
            response.close()  # or urllib3 would read all that the server still sends
        return retry

    def wait(self, response: BaseHTTPResponse | None) -> float:
        """Seconds before the next try: the service's pause, the doubled wait or its own wish, whichever is longest."""
        backoff = self.channel.limits.backoff * 2.0 ** max(0, len(self.history) - 1)
        return max(self.channel.pause, backoff, self._wish(response))

    def _wish(self, response: BaseHTTPResponse | None) -> float:
        value = response.headers.get("Retry-After") if response is not None else None
        if value is None:
            return 0.0
        try:
            return self.parse_retry_after(value[:100])
        except (InvalidHeader, ValueError, OverflowError):
            return 0.0

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        time.sleep(self.wait(response))
        self.channel.requests += 1


def _day(header: str | None) -> date | None:
    try:
        return parsedate_to_datetime((header or "")[:100]).astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None


def explain(reply: Reply) -> str:
    """A status in words, with the first words of what the service said."""
    words = clean(reply.body[:2000].decode("utf-8", "replace"))
    if "<html" in words.lower() or "<!doctype" in words.lower():
        words = "an HTML page"
    elif found := re.search(r'"(?:message|error)"\s*:\s*"([^"]+)', words):
        words = found.group(1)
    return f"{reply.status}: {words[:80]}" if words else str(reply.status)


def _quote(value: str) -> str:
    """Percent-encode a query value, leaving what every server reads as it is: addresses have a limit of length."""
    return quote(value, safe="/:|,.-_()")


def _no_answer(error: Exception, limits: Limits) -> NoAnswerError:
    """The kind of a failure, from the error or what it wraps."""
    kinds = {type(link).__name__ for link in _links(error)}
    for names, why, final in _FAILURES:
        if kinds & names:
            return NoAnswerError(why.format(limits=limits), final=final)
    return NoAnswerError(f"the request failed ({type(error).__name__})", final=True)


_FAILURES: Final[tuple[tuple[frozenset[str], str, bool], ...]] = (
    (frozenset({"SSLError", "SSLCertVerificationError", "SSLEOFError"}), "TLS failed; its certificate or protocol is not trusted", True),
    (frozenset({"NameResolutionError", "gaierror"}), "its name could not be resolved (DNS)", True),
    (frozenset({"ConnectTimeout", "ConnectTimeoutError"}), "no connection within {limits.connect:g} s", True),
    (frozenset({"ReadTimeout", "ReadTimeoutError"}), "nothing for {limits.read:g} s", False),
    (frozenset({"ConnectionRefusedError"}), "the connection was refused", True),
    (frozenset({"ConnectionResetError", "RemoteDisconnected", "BrokenPipeError"}), "the connection was reset", False),
    (frozenset({"IncompleteRead", "InvalidChunkLength"}), "the answer broke off", False),
    (frozenset({"DecodeError", "ContentDecodingError"}), "the answer could not be inflated", False),
    (frozenset({"ProxyError"}), "the proxy failed", True),
    (frozenset({"ProtocolError", "NewConnectionError", "ConnectionError"}), "the connection failed", True),
)  # fmt: skip


def _links(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it wraps: as cause, context, `reason` or argument."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
