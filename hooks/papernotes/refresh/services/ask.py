"""All services asked side by side, each in its own thread, until all have answered or the time is up."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from papernotes.data.ledger import Record
from papernotes.refresh.services.answer import (
    Answer,
    Answers,
    Client,
    MalformedError,
    Nonsense,
    Silent,
    Unknown,
    silent,
)
from papernotes.refresh.services.arxiv_api import Arxiv
from papernotes.refresh.services.arxiv_oai import ArxivOai
from papernotes.refresh.services.datacite import DataCite
from papernotes.refresh.services.openalex import ByDoi, ByPage
from papernotes.refresh.services.semantic_scholar import SemanticScholar
from papernotes.refresh.services.service import (
    ARXIV,
    ARXIV_OAI,
    OPENALEX,
    SERVICES,
    Access,
    Service,
)
from papernotes.refresh.services.transport import (
    REFUSED_STATUS,
    Channel,
    Deadline,
    Limits,
    NoAnswerError,
    explain,
    in_time,
)

_CLIENTS: Final = (SemanticScholar(),)
"""Those of services that are asked about every paper, once."""
MAX_SPLITS: Final = 16
"""Extra requests to find what a service refuses in a batch: enough for one bad id in a hundred."""
MAX_FAILURES: Final = 2
"""A service that fails so often in a row is not asked again."""
MAX_STRAYS: Final = 20
"""Answers that nobody asked for, kept for the report."""
SECOND_LOOK: Final = 10
"""Requests to OpenAlex by page, at most; a ledger of which more is missing there is better looked at by a person."""


@dataclass
class Heard:
    """What one service said."""

    service: Service
    answers: Answers = field(default_factory=dict)
    """By id; one for each paper asked about, once the asking is over."""
    strays: Answers = field(default_factory=dict)
    """Answers about papers that were not asked for. They change nothing."""
    requests: int = 0
    """Requests sent, retries among them."""
    day: date | None = None
    """Today, by its clock; None where it has not told."""


Step = Callable[[Service, int, int], None]
"""Called with a service, the papers it has answered, and the papers it was asked about."""
_Event = tuple[Service, str, Answer] | None
"""An answer, or None: one thread is done."""


def everyone(
    papers: list[Record],
    accesses: Mapping[str, Access],
    limits: Limits,
    step: Step,
    *,
    licences: bool = False,
    versions: Mapping[str, int] | None = None,
) -> list[Heard]:
    """Ask arXiv, Semantic Scholar and OpenAlex about these papers, and DataCite where arXiv has no time.

    `licences`: ask arXiv's OAI-PMH about the licence of each, too. `versions`: see `Arxiv`.
    Shape: one `Heard` for each service that was asked, in that order. Ends within `limits.total` seconds, whatever the
    services do: what has not been answered by then is `Silent`. Never raises for what a service does.
    """
    deadline = Deadline(limits.total)
    channels = {name: Channel(access, limits, deadline) for name, access in accesses.items()}
    heard = {service.name: Heard(service) for service in SERVICES}
    asked = {paper.arxiv for paper in papers}
    events: SimpleQueue[_Event] = SimpleQueue()

    plans: dict[Service, _Plan] = {
        ARXIV: partial(_ask_arxiv, licences=licences, versions=versions),
        OPENALEX: _ask_openalex,
        **{client.service: partial(_ask_all, client) for client in _CLIENTS},
    }
    always = {service.name for service in plans} | ({ARXIV_OAI.name} if licences else set())
    for service, plan in plans.items():
        # Daemons: a name server or a dripping header can hold a thread longer than anybody can wait for it.
        threading.Thread(target=_run, args=(service, plan, papers, channels, events.put), daemon=True).start()

    running = len(plans)
    while running:
        try:
            event = events.get(timeout=deadline.remaining())
        except Empty:
            break
        if event is None:
            running -= 1
            continue
        service, name, answer = event
        said = heard[service.name]
        if name in asked:
            said.answers.setdefault(name, answer)
            step(service, len(said.answers), len(papers))
        elif len(said.strays) < MAX_STRAYS:
            said.strays[name] = answer
    if not running:
        for channel in channels.values():
            channel.close()

    for name, said in heard.items():
        said.requests, said.day = channels[name].requests, channels[name].day
        if name in always:
            for paper in papers:
                said.answers.setdefault(paper.arxiv, Silent(f"no answer within {limits.total:.0f} s"))
    return [said for said in heard.values() if said.answers or said.strays]


def one(paper: Record, access: Access, limits: Limits) -> tuple[Answer, date | None]:
    """Ask arXiv alone about one paper, within `limits.total` seconds. Never raises for what the service does.

    Returns the answer, and the day by the service's clock (UTC); None where it has not told.
    """
    channel = Channel(access, limits, Deadline(limits.total))
    try:
        answers = in_time(lambda: dict(ask(Arxiv(), [paper], channel)), limits.total)
    except Exception as error:  # a fault of this program, told as such
        return Silent(f"this program failed ({type(error).__name__})"), channel.day
    if answers is None:
        return Silent(f"no answer within {limits.total:.0f} s"), channel.day
    channel.close()
    return answers.get(paper.arxiv, Silent("its answer is about another paper")), channel.day


_Put = Callable[[_Event], None]
_Plan = Callable[[list[Record], Mapping[str, Channel], _Put], None]


def _run(service: Service, plan: _Plan, papers: list[Record], channels: Mapping[str, Channel], put: _Put) -> None:
    try:
        plan(papers, channels, put)
    except Exception as error:  # a fault of this program: the other services, and the ledger, do not suffer for it
        for name, answer in silent(papers, f"this program failed ({type(error).__name__})"):
            put((service, name, answer))
    finally:
        put(None)


def _ask_arxiv(
    papers: list[Record],
    channels: Mapping[str, Channel],
    put: _Put,
    *,
    licences: bool,
    versions: Mapping[str, int] | None,
) -> None:
    busy = []
    for name, answer in ask(Arxiv(versions), papers, channels[ARXIV.name]):
        put((ARXIV, name, answer))
        if isinstance(answer, Silent) and answer.status == 429:
            busy.append(name)
    _ask_all(DataCite(), [paper for paper in papers if paper.arxiv in busy], channels, put)
    # Last: arXiv allows one connection at a time, whatever is asked.
    _ask_all(ArxivOai(), papers if licences else [], channels, put)


def _ask_all(client: Client, papers: list[Record], channels: Mapping[str, Channel], put: _Put) -> None:
    for name, answer in ask(client, papers, channels[client.service.name]):
        put((client.service, name, answer))


def _ask_openalex(papers: list[Record], channels: Mapping[str, Channel], put: _Put) -> None:
    channel = channels[OPENALEX.name]
    missed = set()
    for name, answer in ask(ByDoi(), papers, channel):
        if isinstance(answer, Unknown):
            missed.add(name)
        else:
            put((OPENALEX, name, answer))
    again = [paper for paper in papers if paper.arxiv in missed]
    most = SECOND_LOOK * ByPage.batch
    for name, answer in ask(ByPage(), again[:most], channel):
        put((OPENALEX, name, answer))
    for name, answer in silent(again[most:], f"not known by DOI; only {most} are looked for by page in one run"):
        put((OPENALEX, name, answer))


def ask(client: Client, papers: list[Record], channel: Channel) -> Iterator[tuple[str, Answer]]:
    """Ask one service about any number of papers, batch by batch.

    A batch that is refused (400, or too long) is split until what spoils it stands alone. A service that says no (a
    status of 4xx, a redirect, no connection) is not asked again; one that fails is, once.
    """
    waiting = deque(papers[start : start + client.batch] for start in range(0, len(papers), client.batch))
    splits, failures = MAX_SPLITS, 0
    why, status = "", None
    while waiting:
        batch = waiting.popleft()
        try:
            reply = channel.send(client.request(batch))
            if reply.status in REFUSED_STATUS and len(batch) == 1:
                yield batch[0].arxiv, client.rejected(reply)
            elif reply.status in REFUSED_STATUS and splits >= 2:
                splits -= 2
                waiting.extendleft(reversed(_halves(batch, client.culprit(batch, reply))))
            elif reply.status != 200:
                why = explain(reply) + _doubt(reply.status, channel.access)
                raise NoAnswerError(why, final=reply.status < 500, status=reply.status)
            else:
                yield from client.read(batch, reply.body).items()
                failures = 0
        except MalformedError as error:
            failures += 1
            why, status = f"not asked, after it {error}", None
            for paper in batch:
                yield paper.arxiv, Nonsense(str(error))
        except NoAnswerError as error:
            failures = MAX_FAILURES if error.final else failures + 1
            why, status = str(error), error.status
            yield from silent(batch, why, status)
        if failures >= MAX_FAILURES:
            yield from silent((paper for rest in waiting for paper in rest), why, status)
            return


def _doubt(status: int, access: Access) -> str:
    """Keys lapse; a refusal may speak of nothing but the key."""
    return f" (is {access.service.key_variable} still valid?)" if access.key and status in (401, 403) else ""


def _halves(batch: list[Record], culprit: Record | None) -> list[list[Record]]:
    if culprit is not None:
        return [[culprit], [paper for paper in batch if paper is not culprit]]
    middle = len(batch) // 2
    return [batch[:middle], batch[middle:]]


def budget(papers: int, limits: Limits, *, licences: bool = False) -> float:
    """Seconds for a refresh: the limit's own up to 100 papers, and the pauses of the slowest service beyond."""
    requests = max(0, -(-papers // ARXIV.batch) - 1) + (papers if licences else 0)
    return limits.total + requests * (ARXIV.pause * limits.pace + 2.0)
