"""Bad weather: whatever a service does, the refresh ends in time, says why, and the ledger is whole."""

from __future__ import annotations

import gzip
import json
import logging
import re
import socket
import ssl
import struct
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import fake_services as fake
import pytest
from conftest import ROOT
from fake_services import FakeServices, Handler, Paper
from hypothesis import given, settings
from hypothesis import strategies as st
from seeded import SEEDED, SOAK

from papernotes.data import ledger
from papernotes.data.ledger import Count, Record
from papernotes.refresh import command, for_build, report
from papernotes.refresh.report import Report
from papernotes.refresh.services.answer import Client, Nonsense, Silent
from papernotes.refresh.services.arxiv_api import Arxiv
from papernotes.refresh.services.ask import ask
from papernotes.refresh.services.datacite import DataCite
from papernotes.refresh.services.openalex import ByDoi
from papernotes.refresh.services.semantic_scholar import SemanticScholar
from papernotes.refresh.services.service import accesses
from papernotes.refresh.services.transport import Channel, Deadline, Limits

TODAY = date(2026, 11, 23)
FAST = Limits(total=3.0, connect=1.0, read=0.5, retries=1, backoff=0.01, retry_after=0.3, body=300_000, pace=0.0)
KEYS = {"S2_API_KEY": "s2-key-0123456789", "OPENALEX_API_KEY": "oa-key-0123456789"}
TITLES = {
    "2305.18290": "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
    "2106.09685": "LoRA: Low-Rank Adaptation of Large Language Models",
    "1703.06870": "Mask R-CNN",
}
SERVICES = ["arxiv", "semantic-scholar", "openalex"]
CERTIFICATE = ROOT / "tests" / "cases" / "refresh" / "self-made.pem"


def a_record(arxiv: str, title: str) -> Record:
    counts = (
        Count(90, date(2026, 1, 5), "read", "semantic-scholar", "s2-file-2024-12"),
        Count(30, date(2026, 1, 5), "read", "openalex", "openalex-api"),
    )
    return Record(arxiv, 1, title, ("A. Lovelace",), date(2023, 5, 29), None, None, None, None, None, False, counts)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A docs folder with a ledger of three papers."""
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    records = [a_record(arxiv, title) for arxiv, title in TITLES.items()]
    (docs / ledger.FILE).write_text(ledger.serialise(records), encoding="utf-8")
    return docs


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with FakeServices([Paper(arxiv, title) for arxiv, title in TITLES.items()]) as services:
        yield services


def refresh(docs: Path, services: FakeServices, limits: Limits = FAST, **environment: str) -> Report:
    return command.run(
        docs,
        accept=False,
        environment=services.environment | KEYS | environment,
        limits=limits,
        today=TODAY,
        step=lambda *_: None,
    )


def row(done: Report, service: str) -> report.Row:
    return next(row for row in done.rows if row.service == service)


# Weathers -----------------------------------------------------------------------------------------------------------


def answer(status: int, body: str | bytes, kind: str = "application/json", **headers: str) -> fake.Weather:
    return lambda handler: handler.reply(status, body, kind, **headers)


def raw(data: bytes) -> fake.Weather:
    def weather(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return weather


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


def hang(handler: Handler) -> None:
    handler.server.services.closing.wait(10)
    handler.close_connection = True


def drip(head: bytes, each: Callable[[int], bytes] = lambda _: b" ") -> fake.Weather:
    """Send the head, then a few bytes every twentieth of a second, for longer than any test."""

    def weather(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        for number in range(10_000):
            if handler.server.services.closing.wait(0.05):
                return
            handler.wfile.write(each(number))

    return weather


def endless(head: bytes) -> fake.Weather:
    def weather(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        while not handler.server.services.closing.is_set():
            handler.wfile.write(b" " * 65_536)

    return weather


def deep_gzip() -> bytes:
    """200 MB of blanks, gzipped to 200 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()


HTML = "<!DOCTYPE html><html><body>Service temporarily unavailable</body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
RATE = "Rate exceeded."

ANYWHERE = [
    pytest.param(reset, "reset", id="reset"),
    pytest.param(hang_up, "reset", id="closed without a word"),
    pytest.param(hang, r"nothing for 0\.5 s", id="read time-out"),
    pytest.param(answer(401, '{"error":"Invalid or missing API key","message":"API key not found"}'), "401: API key|401: Invalid", id="401"),
    pytest.param(answer(403, '{"message":"Forbidden"}'), "403: Forbidden", id="403"),
    pytest.param(answer(404, HTML, "text/html"), "404: an HTML page", id="404 as HTML"),
    pytest.param(answer(429, RATE, "text/plain"), "429: Rate exceeded", id="429 without Retry-After"),
    pytest.param(answer(429, RATE, "text/plain", Retry_After="0"), "429", id="429 with Retry-After 0"),
    pytest.param(answer(429, '{"error":"Rate limit exceeded"}', Retry_After="53578"), "429: Rate limit", id="429 with Retry-After of hours"),
    pytest.param(answer(429, RATE, Retry_After="Wed, 01 Jan 2120 00:00:00 GMT"), "429", id="429 with a date"),
    pytest.param(answer(429, RATE, Retry_After="soon" * 99), "429", id="429 with nonsense"),
    pytest.param(answer(429, RATE, Retry_After="9" * 400), "429", id="429 with an endless number"),
    *(pytest.param(answer(status, HTML, "text/html"), f"{status}: an HTML page", id=str(status)) for status in (500, 502, 503, 504)),
    pytest.param(answer(503, HTML, "text/html", Retry_After="0"), "503", id="503 with Retry-After"),
    pytest.param(answer(200, HTML, "text/html"), "HTML", id="200 with HTML"),
    pytest.param(answer(200, ""), "answered", id="200 with nothing"),
    pytest.param(answer(200, b"\xff\xfe\x00\x80garbage"), "answered", id="200 with bytes"),
    pytest.param(answer(204, b""), "204", id="204"),
    pytest.param(answer(301, "", Location="https://elsewhere.example/works"), "301, a redirect; not followed", id="redirect elsewhere"),
    pytest.param(answer(302, "", Location="http://127.0.0.1:1/x"), "302, a redirect; not followed", id="redirect to plain http"),
    pytest.param(answer(307, "", Location="//elsewhere.example/"), "307, a redirect; not followed", id="redirect of a POST"),
    pytest.param(answer(308, "", Location=""), "308, a redirect; not followed", id="redirect to nowhere"),
    pytest.param(raw(HEAD + b"Content-Length: 500\r\n\r\n[nul"), "broke off", id="shorter than it says"),
    pytest.param(raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[null\r\nzz\r\n"), "broke off", id="bad chunk"),
    pytest.param(raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nno gzip!!"), "inflated", id="no gzip"),
    pytest.param(answer(200, deep_gzip(), Content_Encoding="gzip"), "more than 300000 bytes", id="inflates without end"),
    pytest.param(endless(HEAD + b"\r\n"), "more than 300000 bytes", id="a body without end"),
    pytest.param(endless(b"HTTP/1.1 503 X\r\n\r\n"), "more than 300000 bytes", id="an error without end"),
    pytest.param(raw(b"NONSENSE\r\n\r\n"), "failed|reset", id="no HTTP"),
    pytest.param(raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "failed|reset", id="headers without end"),
    pytest.param(raw(b"HTTP/1.1 999 \x00\xff\r\nContent-Length: 0\r\n\r\n"), "999", id="a status of its own"),
]  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("weather", "why"), ANYWHERE)
def test_bad_weather_at_one_service_costs_its_answers_alone(
    docs: Path, services: FakeServices, service: str, weather: fake.Weather, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    services.weather[service] = weather
    done = refresh(docs, services)
    failed = row(done, service)
    assert (failed.failed, failed.updated, failed.unchanged) == (3, 0, 0)
    assert re.search(why, failed.why), failed.why
    assert "\n" not in failed.why
    for other in set(SERVICES) - {service}:
        assert row(done, other).updated == 3
    records, findings = ledger.read(docs, docs.parent, today=TODAY)
    assert not findings
    assert list(records) == sorted(TITLES)
    fresh = {c.source for record in records.values() for c in record.counts if c.day == TODAY}
    assert fresh == {"semantic-scholar", "openalex"} - {service}
    assert report.exit_code(done) in (report.LOOK, report.LATER)
    assert not any(key in report.table(done) + report.as_json(done) + caplog.text for key in KEYS.values())


@pytest.mark.parametrize(("weather", "why"), ANYWHERE)
def test_the_build_goes_on_in_any_weather(
    docs: Path, services: FakeServices, weather: fake.Weather, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in SERVICES:
        services.weather[service] = weather
    for name, value in services.environment.items():
        monkeypatch.setenv(name, value)
    before = (docs / ledger.FILE).read_bytes()
    line = for_build(docs, budget=1.0)
    assert line.startswith("ledger not refreshed in")
    assert line.endswith("the build goes on with what it has")
    assert "\n" not in line
    assert (docs / ledger.FILE).read_bytes() == before


BODY = drip(HEAD + b"\r\n[")


@pytest.mark.parametrize(
    ("service", "weather"),
    [
        *(pytest.param(service, BODY, id=f"a dripping body of {service}") for service in SERVICES),
        pytest.param("openalex", drip(HEAD + b"Content-Length: 5000\r\n\r\n["), id="of known length"),
        pytest.param(
            "openalex", drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", lambda _: b"1\r\n \r\n"), id="chunks"
        ),
        pytest.param("arxiv", drip(b"HTTP/1.1 200 OK\r\nX: "), id="a dripping header"),
        pytest.param("semantic-scholar", drip(b"H", lambda _: b"T"), id="a dripping status"),
    ],
)
def test_a_dripping_server_is_left_at_the_deadline(
    docs: Path, services: FakeServices, service: str, weather: fake.Weather
) -> None:
    services.weather[service] = weather
    limits = Limits(total=1.0, connect=1.0, read=0.8, retries=1, backoff=0.01, pace=0.0)
    done = refresh(docs, services, limits)
    assert row(done, service).failed == 3
    assert "no answer within 1 s" in row(done, service).why
    assert all(row(done, other).updated == 3 for other in SERVICES if other != service)


def test_inflation_takes_bounded_memory(docs: Path, services: FakeServices) -> None:
    bomb = gzip.compress(deep_gzip() + b" " * 1_000_000)
    services.weather["openalex"] = answer(200, bomb, Content_Encoding="gzip, gzip")
    tracemalloc.start()
    refresh(docs, services)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


HEADS = st.sampled_from([b"", HEAD + b"\r\n", HEAD + b"Content-Length: 9\r\n\r\n", b"HTTP/1.1 ", b"HTTP/1.1 429 X\r\n"])


@settings(SEEDED, max_examples=1000 if SOAK else 40)
@given(HEADS, st.binary(max_size=60), st.sampled_from([Arxiv(), SemanticScholar(), ByDoi(), DataCite()]))
def test_any_bytes_on_the_wire(head: bytes, tail: bytes, client: Client) -> None:
    papers = [a_record(arxiv, title) for arxiv, title in TITLES.items()]
    with FakeServices() as services:
        services.weather[client.service.name] = raw(head + tail)
        access = accesses(services.environment)[client.service.name]
        channel = Channel(access, FAST, Deadline(FAST.total))
        answers = dict(ask(client, papers, channel))
        channel.close()
    assert set(TITLES) <= set(answers)
    assert all(answer.why.isprintable() for answer in answers.values() if isinstance(answer, Silent | Nonsense))


# Connections --------------------------------------------------------------------------------------------------------


def test_a_name_that_does_not_resolve(docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, *arguments: object, **keywords: object) -> object:
        if host == "no-such-host.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setenv("no_proxy", "*")  # a proxy would resolve the name
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    done = refresh(docs, services, PAPERNOTES_ARXIV_API="https://no-such-host.invalid")
    assert row(done, "arxiv").why == "3 not answered: its name could not be resolved (DNS)"


def test_a_name_server_that_hangs(docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    release = threading.Event()
    gave_up = []

    def resolve(host: str, *arguments: object, **keywords: object) -> object:
        if host == "slow-host.invalid":
            if not release.wait(60):
                gave_up.append(host)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure")
        return real(host, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setenv("no_proxy", "*")  # a proxy would resolve the name
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    limits = Limits(total=0.5, retries=0, pace=0.0)
    done = refresh(docs, services, limits, PAPERNOTES_S2_API="https://slow-host.invalid")
    assert gave_up == [], "the refresh waited longer than the name server"
    release.set()
    assert row(done, "semantic-scholar").why.startswith("3 not answered: no answer within")


def test_a_refused_connection(docs: Path, services: FakeServices) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        done = refresh(docs, services, PAPERNOTES_OPENALEX_API=f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert row(done, "openalex").why == "3 not answered: the connection was refused"


def test_a_connection_that_times_out(docs: Path, services: FakeServices) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        limits = Limits(total=3.0, connect=0.2, retries=0, pace=0.0)
        done = refresh(docs, services, limits, PAPERNOTES_ARXIV_API=f"http://127.0.0.1:{full.getsockname()[1]}")
        for one in waiting:
            one.close()
    assert row(done, "arxiv").why == "3 not answered: no connection within 0.2 s"


def test_a_certificate_that_nobody_signed(docs: Path, services: FakeServices) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with FakeServices() as secure:
        secure.server.socket = context.wrap_socket(secure.server.socket, server_side=True)
        done = refresh(docs, services, PAPERNOTES_S2_API=secure.url.replace("http:", "https:"))
        assert row(done, "semantic-scholar").why.startswith("3 not answered: TLS failed")
        assert not secure.seen


def test_a_server_that_speaks_no_tls(docs: Path, services: FakeServices) -> None:
    done = refresh(docs, services, PAPERNOTES_ARXIV_API=services.url.replace("http:", "https:"))
    assert row(done, "arxiv").why.startswith("3 not answered: TLS failed")


# Retries and splitting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(docs: Path, services: FakeServices, service: str, status: int) -> None:
    def weather(handler: Handler) -> None:
        if services.count(service) == 1:
            handler.reply(status, HTML, "text/html", Retry_After="0")
        else:
            handler.good(service)

    services.weather[service] = weather
    done = refresh(docs, services)
    assert row(done, service).updated == 3
    assert row(done, service).requests == services.count(service) == 2


def test_a_retry_keeps_the_pause_and_the_wish_of_the_service(docs: Path, services: FakeServices) -> None:
    def weather(handler: Handler) -> None:
        if services.count("semantic-scholar") < 3:
            handler.reply(429, "", Retry_After="1" if services.count("semantic-scholar") == 1 else "0")
        else:
            handler.good("semantic-scholar")

    services.weather["semantic-scholar"] = weather
    refresh(docs, services, Limits(retries=3, backoff=0.0, pace=0.3))
    first, second, third = (seen.at for seen in services.seen if seen.service == "semantic-scholar")
    assert 1.0 <= second - first < 3.0
    assert 0.3 <= third - second < 1.0


def test_no_request_follows_a_refusal(docs: Path, services: FakeServices) -> None:
    for service in SERVICES:
        services.weather[service] = answer(403, '{"message":"Forbidden"}')
    refresh(docs, services)
    assert [services.count(service) for service in SERVICES] == [1, 1, 1]


def test_a_refused_key_is_named_by_its_variable(docs: Path, services: FakeServices) -> None:
    services.s2_key = services.openalex_key = "another-key"
    done = refresh(docs, services)
    whys = {line.service: line.why for line in done.rows}
    assert whys["semantic-scholar"] == "3 not answered: 403: Forbidden (is S2_API_KEY still valid?)"
    assert whys["openalex"].endswith("(is OPENALEX_API_KEY still valid?)")


def test_no_second_look_where_openalex_is_silent(docs: Path, services: FakeServices) -> None:
    services.weather["openalex"] = answer(429, RATE, Retry_After="53578")
    refresh(docs, services)
    assert services.count("openalex") == 1


def many(tmp_path: Path, number: int) -> tuple[Path, list[Paper]]:
    """A docs folder with a ledger of so many papers, and the same papers for the services."""
    papers = [Paper(f"2301.{n:05}", f"Paper of the {n}th kind, on subject {n * 7919}") for n in range(1, number + 1)]
    docs = tmp_path / "many"
    (docs / "_data").mkdir(parents=True)
    records = [Record(p.arxiv, 2, p.title, p.authors, date(2023, 5, 29), None, None, None, None, None) for p in papers]
    (docs / ledger.FILE).write_text(ledger.serialise(records), encoding="utf-8")
    return docs, papers


@pytest.mark.parametrize("service", SERVICES)
def test_one_id_that_spoils_a_batch_is_found(tmp_path: Path, service: str) -> None:
    docs, papers = many(tmp_path, 39)
    bad = papers[17].arxiv

    def weather(handler: Handler) -> None:
        asked = json.dumps([handler.query, handler.body])
        if bad in asked:
            handler.reply(400, '{"error":"No valid paper ids given, or bad"}')
        else:
            handler.good(service)

    with FakeServices(papers) as services:
        services.weather[service] = weather
        done = refresh(docs, services)
        assert row(done, service).updated == 38
        assert row(done, service).asked == 39
        assert services.count(service) <= 1 + 16
        assert all(row(done, other).updated == 39 for other in SERVICES if other != service)


def test_arxiv_names_the_id_it_refuses(tmp_path: Path) -> None:
    docs, papers = many(tmp_path, 39)
    bad = papers[17].arxiv

    def weather(handler: Handler) -> None:
        if bad in handler.query["id_list"]:
            handler.reply(400, fake.arxiv_error(bad), "application/atom+xml")
        else:
            handler.good("arxiv")

    with FakeServices(papers) as services:
        services.weather["arxiv"] = weather
        done = refresh(docs, services)
        assert services.count("arxiv") == 3
    assert [(o.arxiv, o.why) for o in done.outcomes if o.service == "arxiv" and o.state == "refused"] == [
        (bad, f"the id was refused (incorrect id format for {bad})")
    ]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [400, 413, 414])
def test_splitting_has_an_end(tmp_path: Path, service: str, status: int) -> None:
    docs, papers = many(tmp_path, 39)
    with FakeServices(papers) as services:
        services.weather[service] = answer(status, '{"error":"Unacceptable query params"}')
        done = refresh(docs, services)
        assert row(done, service).failed == 39
        assert services.count(service) <= 1 + 16


def test_a_batch_of_which_semantic_scholar_knows_nothing(docs: Path, services: FakeServices) -> None:
    for paper in services.world.values():
        paper.semantic_scholar = None
    done = refresh(docs, services)
    assert row(done, "semantic-scholar").unknown == 3


def test_a_service_that_fails_twice_is_not_asked_on(tmp_path: Path) -> None:
    docs, papers = many(tmp_path, 450)
    with FakeServices(papers) as services:
        services.weather["semantic-scholar"] = answer(200, HTML, "text/html")
        services.weather["openalex"] = answer(500, HTML, "text/html")
        done = refresh(docs, services, Limits(retries=0, pace=0.0))
        assert services.count("semantic-scholar") == 2
        assert services.count("openalex") == 2
    assert row(done, "semantic-scholar").failed == row(done, "openalex").failed == 450
    assert row(done, "arxiv").updated == 450


def test_datacite_is_asked_where_arxiv_has_no_time(docs: Path, services: FakeServices) -> None:
    services.weather["arxiv"] = answer(429, RATE, "text/plain")
    services.world["1703.06870"].datacite = False
    done = refresh(docs, services)
    assert (row(done, "datacite").unchanged, row(done, "datacite").unknown) == (2, 1)
    assert services.count("datacite") == 1
    services.weather["arxiv"] = answer(503, RATE, "text/plain")
    refresh(docs, services)
    assert services.count("datacite") == 1


def test_datacite_may_fail_too(docs: Path, services: FakeServices) -> None:
    services.weather["arxiv"] = answer(429, RATE, "text/plain")
    for body in ("[]", '{"data":null}', '{"data":[1,{"id":1},{"id":"x"}]}', "{"):
        services.weather["datacite"] = answer(200, body)
        done = refresh(docs, services)
        assert row(done, "datacite").updated == row(done, "datacite").unchanged == 0
