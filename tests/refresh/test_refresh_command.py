"""The verb `refresh`: what it asks, what it says, and what it costs."""

from __future__ import annotations

import argparse
import io
import itertools
import json
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import fake_services as fake
import pytest
from fake_services import FakeServices, Handler, Paper

from papernotes import cli
from papernotes.data import ledger
from papernotes.data.ledger import Count, Record
from papernotes.refresh import command, report
from papernotes.refresh.command import CannotRunError
from papernotes.refresh.merge import Outcome
from papernotes.refresh.progress import Progress
from papernotes.refresh.report import Report
from papernotes.refresh.services.ask import budget
from papernotes.refresh.services.service import ARXIV, OPENALEX
from papernotes.refresh.services.transport import Limits

TODAY = date(2026, 11, 23)
FAST = Limits(total=3.0, connect=1.0, read=1.0, retries=0, pace=0.0)
S2_KEY, OA_KEY = "s2-key-0123456789", "oa-key-0123456789"


def papers(number: int) -> list[Paper]:
    return [Paper(f"2301.{n:05}", f"Paper of the {n}th kind, on subject {n * 7919}") for n in range(1, number + 1)]


def write(docs: Path, known: list[Paper], *counts: Count) -> None:
    (docs / "_data").mkdir(parents=True, exist_ok=True)
    records = [
        Record(p.arxiv, 1, p.title, ("A",), date(2023, 5, 29), None, None, None, None, None, False, counts)
        for p in known
    ]
    (docs / ledger.FILE).write_text(ledger.serialise(records), encoding="utf-8")


def records(docs: Path) -> dict[str, Record]:
    found, findings = ledger.read(docs, docs.parent, today=TODAY)
    assert not findings
    return found


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    write(docs, papers(39))
    return docs


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with FakeServices(papers(39), prefix="/a/mirror") as services:
        yield services


def run(
    docs: Path, services: FakeServices, *ids: str, accept: bool = False, limits: Limits = FAST, **environment: str
) -> Report:
    return command.run(
        docs,
        ids,
        accept=accept,
        environment=services.environment | environment,
        limits=limits,
        today=TODAY,
        step=lambda *_: None,
    )


# What it asks -------------------------------------------------------------------------------------------------------


def test_each_service_is_asked_as_it_documents(docs: Path, services: FakeServices) -> None:
    for paper in list(services.world.values())[:5]:
        paper.openalex_doi = False
    run(docs, services, S2_API_KEY=S2_KEY, OPENALEX_API_KEY=OA_KEY, REPO_URL="https://code.example/papers")
    seen = {service: [s for s in services.seen if s.service == service] for service in fake.VARIABLES}
    (arxiv,), (s2,), (doi, page) = seen["arxiv"], seen["semantic-scholar"], seen["openalex"]
    ids = [paper.arxiv for paper in papers(39)]

    assert (arxiv.method, arxiv.query) == ("GET", {"id_list": ",".join(ids), "max_results": "39"})
    assert s2.method == "POST"
    assert s2.query == {"fields": "title,citationCount,externalIds,openAccessPdf"}
    assert s2.body == {"ids": [f"ARXIV:{id_}" for id_ in ids]}
    assert doi.method == page.method == "GET"
    assert doi.query["filter"] == "doi:" + "|".join(f"10.48550/arXiv.{id_}" for id_ in ids)
    assert doi.query["per_page"] == page.query["per_page"] == "100"
    assert "locations" in doi.query["select"]
    assert page.query["filter"].startswith("locations.landing_page_url:http://arxiv.org/abs/2301.00001|https://arxiv")
    assert page.query["filter"].count("|") == 2 * 5 - 1
    for one in services.seen:
        assert one.path.startswith("/a/mirror/")
        assert one.headers["user-agent"] == (
            "papernotes/1 (keeps a citation ledger of papers, one batch a week; +https://code.example/papers)"
        )


@pytest.mark.parametrize(("number", "most"), [(1, (1, 1, 2)), (39, (1, 1, 2)), (1000, (10, 10, 20))])
@pytest.mark.parametrize("known", [True, False], ids=["all by DOI", "none by DOI"])
def test_what_a_refresh_costs(tmp_path: Path, number: int, most: tuple[int, int, int], known: bool) -> None:
    world = [replace(paper, openalex_doi=known) for paper in papers(number)]
    write(tmp_path / "docs", world)
    with FakeServices(world) as services:
        done = run(tmp_path / "docs", services)
        counts = tuple(services.count(service) for service in ("semantic-scholar", "arxiv", "openalex"))
    assert tuple(row.requests for row in done.rows) == (counts[1], counts[0], counts[2])
    assert counts <= most
    assert all(count <= limit for count, limit in zip(counts, most, strict=True))
    updated = {row.service: row.updated for row in done.rows}
    looked_for = number if known else min(number, 450)
    assert updated == {"arxiv": number, "semantic-scholar": number, "openalex": looked_for}
    why = done.rows[2].why
    assert why == (
        "" if looked_for == number else "550 not answered: not known by DOI; only 450 are looked for by page in one run"
    )


def test_a_thousand_papers_have_time_for_the_pauses_of_arxiv() -> None:
    limits = Limits()
    assert budget(39, limits) == budget(100, limits) == 50.0
    assert budget(1000, limits) >= 50.0 + 9 * ARXIV.pause


def test_requests_to_one_service_keep_its_pause(tmp_path: Path) -> None:
    world = papers(300)
    write(tmp_path / "docs", world)
    with FakeServices(world) as services:
        run(tmp_path / "docs", services, limits=replace(FAST, pace=0.1))
        at = [seen.at for seen in services.seen if seen.service == "arxiv"]
    assert len(at) == 3
    assert all(after - before >= 0.1 * ARXIV.pause for before, after in itertools.pairwise(at))


def test_no_request_goes_to_a_host_that_is_not_set(
    docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = set()
    real = socket.socket.connect

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        hosts.add(address)
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    elsewhere = {"Location": "http://127.0.0.2:9/works"}
    services.weather["openalex"] = lambda handler: handler.reply(301, "", **elsewhere)
    services.weather["arxiv"] = lambda handler: handler.reply(429, "Rate exceeded.")
    run(docs, services)
    assert hosts == {("127.0.0.1", services.server.server_port)}
    assert services.count("datacite") == 1


def test_a_service_on_this_machine_is_not_asked_through_a_proxy(
    docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeServices() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        done = run(docs, services, S2_API_KEY=S2_KEY)
        assert not proxy.seen
    assert all(row.updated == 39 for row in done.rows)


def test_each_key_goes_to_its_own_service_alone(
    docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password from-netrc\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    services.s2_key, services.openalex_key = S2_KEY, OA_KEY
    services.weather["arxiv"] = lambda handler: handler.reply(429, "Rate exceeded.")
    done = run(docs, services, S2_API_KEY=S2_KEY, OPENALEX_API_KEY=OA_KEY)
    assert {row.service: row.updated for row in done.rows} == {
        "arxiv": 0, "semantic-scholar": 39, "openalex": 39, "datacite": 0,
    }  # fmt: skip
    for seen in services.seen:
        carried = {name: value for name, value in seen.headers.items() if name in ("x-api-key", "authorization")}
        assert carried == {
            "semantic-scholar": {"x-api-key": S2_KEY}, "openalex": {"authorization": f"Bearer {OA_KEY}"},
        }.get(seen.service, {})  # fmt: skip
        assert S2_KEY not in seen.path
        assert OA_KEY not in seen.path


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_a_key_that_a_server_quotes_is_not_shown(
    docs: Path,
    services: FakeServices,
    status: int,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)

    def quote(handler: Handler) -> None:
        handler.json(
            {"error": f"the key {handler.headers.get('x-api-key')} {handler.headers.get('Authorization')}"}, status
        )

    services.weather["semantic-scholar"] = services.weather["openalex"] = quote
    environment = services.environment | {"S2_API_KEY": S2_KEY, "OPENALEX_API_KEY": OA_KEY}
    for form in ([], ["--json"]):
        arguments = parse("--docs", str(docs), *form)
        command.run_refresh(arguments, environment=environment, limits=FAST, today=TODAY)
    said = capsys.readouterr()
    everything = said.out + said.err + caplog.text
    assert "***" in everything
    assert S2_KEY not in everything
    assert OA_KEY not in everything


# What it says -------------------------------------------------------------------------------------------------------


def parse(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(argv)


def say(docs: Path, services: FakeServices, *argv: str) -> int:
    arguments = parse("--docs", str(docs), *argv)
    try:
        return command.run_refresh(arguments, environment=services.environment, limits=FAST, today=TODAY)
    except CannotRunError as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return error.code


def test_the_report_is_a_table(docs: Path, services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    services.world["2301.00007"].openalex = None
    services.weather["arxiv"] = lambda handler: handler.reply(503, "<html>")
    assert say(docs, services) == report.LATER
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert re.fullmatch(r"Ledger refreshed on 2026-11-23: 39 papers, \d\.\d s, the ledger has changed\.", lines[0])
    assert lines[2] == "| service | requests | asked | updated | unchanged | unknown | failed | why |"
    assert lines[4:7] == [
        "| arXiv | 1 | 39 | 0 | 0 | 0 | 39 | 39 not answered: 503: an HTML page |",
        "| Semantic Scholar | 1 | 39 | 39 | 0 | 0 | 0 |  |",
        "| OpenAlex | 2 | 39 | 38 | 0 | 1 | 0 |  |",
    ]
    assert "- 2301.00001, Semantic Scholar: 100, the first" in lines
    assert "Semantic Scholar: asked about 39 of 39 papers\n" in said.err
    assert "\r" not in said.err


def test_the_report_for_machines(docs: Path, services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    services.world["2301.00002"].title = "Quite Another Title"
    assert say(docs, services, "--json") == report.LOOK
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["exit"], data["day"], data["papers"], data["changed"]) == (
        1,
        1,
        "2026-11-23",
        39,
        True,
    )
    assert data["rows"][0] == {
        "service": "arxiv", "requests": 1, "asked": 39, "updated": 38, "unchanged": 0, "unknown": 0, "failed": 1,
        "why": "1 refused: see below",
    }  # fmt: skip
    assert {
        "arxiv": "2301.00002", "service": "semantic-scholar", "state": "refused",
        "why": "another title: the ledger has “Paper of the 2th kind, on subject 15838”, the service “Quite Another Title”",
    } in data["outcomes"]  # fmt: skip


def test_exit_codes_a_job_can_act_on(docs: Path, services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(docs, services) == 0
    services.weather["openalex"] = lambda handler: handler.reply(500, "")
    assert say(docs, services) == 3
    services.world["2301.00001"].semantic_scholar = 100_000
    assert say(docs, services) == 1
    assert say(docs, services, "--accept", "2301.00001") == 3
    services.weather.clear()
    assert say(docs, services) == 0
    services.world["2301.00001"].version = None  # arXiv does not know it: the id is wrong
    assert say(docs, services) == 1
    assert "- 2301.00001, arXiv: the paper is not known" in capsys.readouterr().out
    assert say(docs, services, "2301.99999") == 2


def test_what_is_held_back_is_told_and_taken_with_accept(docs: Path, services: FakeServices) -> None:
    last = Count(50, date(2026, 10, 1), "read", "semantic-scholar", "s2-graph-api")
    write(docs, papers(39), last)
    services.world["2301.00003"].semantic_scholar = 801216
    done = run(docs, services)
    held = [outcome for outcome in done.outcomes if outcome.state == "held"]
    assert held == [
        Outcome("2301.00003", "semantic-scholar", "held", "50 (2026-10-01) → 801216, more than 3.0 times as much")
    ]
    assert records(docs)["2301.00003"].counts[0] == last
    assert report.table(done).endswith(
        "What was held back is taken by a refresh with --accept and the paper's id, where it is right:\n\n"
        "    make refresh ARGS='--accept 2301.00003'\n"
    )
    run(docs, services, "2301.00003", accept=True)
    assert records(docs)["2301.00003"].counts[-1].count == 801216


def test_with_a_clock_that_is_ahead_nothing_is_written(docs: Path, services: FakeServices) -> None:
    before = (docs / ledger.FILE).read_bytes()
    ahead = date.today() + timedelta(days=365)
    with pytest.raises(
        command.CannotRunError, match=f"as it was: this machine's clock says {ahead}, the services say "
    ):
        command.run(
            docs, accept=False, environment=services.environment, limits=FAST, today=ahead, step=lambda *_: None
        )
    assert (docs / ledger.FILE).read_bytes() == before


def test_an_answer_that_nobody_asked_for_is_refused(docs: Path, services: FakeServices) -> None:
    stray = Paper("1706.03762", "Attention Is All You Need")

    def weather(handler: Handler) -> None:
        entries = [fake.s2_entry(paper) for paper in services.world.values()]
        handler.json([*entries, *[fake.s2_entry(stray)] * 50])

    services.weather["semantic-scholar"] = weather
    done = run(docs, services)
    assert done.rows[1].updated == 39
    assert (
        Outcome(stray.arxiv, "semantic-scholar", "refused", "an answer about a paper that was not asked for")
        in done.outcomes
    )
    assert stray.arxiv not in records(docs)
    assert report.exit_code(done) == report.LOOK


def test_foreign_text_is_harmless_in_the_report() -> None:
    why = "another title: “<script>x</script> | `a` @you fixes #1 [x](http://y) *b* & \\ ”"
    outcome = Outcome("2301.00001", "arxiv", "refused", why)
    text = report.table(Report(TODAY, 1, 0.1, False, (), (outcome,)))
    shown = next(line for line in text.splitlines() if line.startswith("- "))
    assert shown == (
        "- 2301.00001, arXiv: refused: another title: “&lt;script>x&lt;/script> \\| 'a' &#64;you fixes &#35;1 "
        "\\[x\\](http://y) \\*b\\* &amp; \\\\ ”"
    )


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream in (Terminal(), io.StringIO()):
        progress = Progress(stream)
        for done in range(1, 4):
            progress.step(ARXIV, done, 3)
        progress.step(OPENALEX, 1, 3)
        progress.end()
        if stream.isatty():
            assert "\r[################........] arXiv 2/3" in stream.getvalue()
            assert stream.getvalue().endswith("\r")
            assert "\n" not in stream.getvalue()
        else:
            assert stream.getvalue() == "arXiv: asked about 3 of 3 papers\n"


def test_progress_outlives_its_reader() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    progress = Progress(Gone())
    progress.step(ARXIV, 3, 3)
    progress.end()


# What becomes of the ledger -----------------------------------------------------------------------------------------


def test_a_refresh_that_learns_nothing_changes_no_byte(docs: Path, services: FakeServices) -> None:
    assert run(docs, services).changed
    file = docs / ledger.FILE
    before, stat = file.read_bytes(), file.stat()
    again = run(docs, services)
    assert not again.changed
    assert all(row.unchanged == 39 for row in again.rows)
    assert file.read_bytes() == before
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (stat.st_ino, stat.st_mtime_ns)


def test_only_the_papers_named_are_asked_about(docs: Path, services: FakeServices) -> None:
    done = run(docs, services, "arXiv:2301.00005", "2301.00006v2", "2301.00005")
    assert done.papers == 2
    assert {name for name, record in records(docs).items() if record.counts} == {"2301.00005", "2301.00006"}
    assert services.seen[0].query.get("id_list", "2301.00005,2301.00006") == "2301.00005,2301.00006"


@pytest.mark.parametrize(
    ("id_", "why"),
    [
        ("2301.99999", "2301.99999 is not in the ledger; add the paper first"),
        ("2313.00001", "the id '2313.00001' has month 13"),
        ("", "the id '' is empty"),
    ],
)
def test_a_wrong_id_stops_before_anything_is_asked(docs: Path, services: FakeServices, id_: str, why: str) -> None:
    with pytest.raises(CannotRunError, match=re.escape(why)):
        run(docs, services, id_)
    assert not services.seen


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not valid JSON"),
        ('{"schema": 2, "papers": []}', "schema '2'"),
        ("", "not valid JSON"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_left_alone(docs: Path, services: FakeServices, text: str, why: str) -> None:
    (docs / ledger.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CannotRunError, match=why):
        run(docs, services)
    assert (docs / ledger.FILE).read_text(encoding="utf-8") == text
    assert not services.seen


def test_no_ledger_no_refresh(tmp_path: Path, services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(tmp_path / "nowhere", services) == 2
    error = capsys.readouterr().err
    assert error.startswith("papernotes: the ledger is as it was:")
    assert error.count("\n") == 1


def test_an_empty_ledger_asks_nothing(docs: Path, services: FakeServices) -> None:
    write(docs, [])
    done = run(docs, services)
    assert (done.papers, done.rows, done.changed) == (0, (), False)
    assert not services.seen


def test_an_edit_made_meanwhile_is_kept(docs: Path, services: FakeServices) -> None:
    file = docs / ledger.FILE

    def edit(handler: Handler) -> None:
        now = records(docs)
        now["2301.00001"] = replace(now["2301.00001"], venue="ICML 2026")
        del now["2301.00002"]
        file.write_text(ledger.serialise(now.values()), encoding="utf-8")
        handler.good("arxiv")

    services.weather["arxiv"] = edit
    run(docs, services)
    after = records(docs)
    assert after["2301.00001"].venue == "ICML 2026"
    assert after["2301.00001"].version == 2
    assert "2301.00002" not in after


def test_a_ledger_broken_meanwhile_is_left_alone(docs: Path, services: FakeServices) -> None:
    def spoil(handler: Handler) -> None:
        (docs / ledger.FILE).write_text("half an edit", encoding="utf-8")
        handler.good("arxiv")

    services.weather["arxiv"] = spoil
    with pytest.raises(CannotRunError, match="the ledger cannot be used"):
        run(docs, services)
    assert (docs / ledger.FILE).read_text(encoding="utf-8") == "half an edit"


def test_a_disk_that_is_full(docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (docs / ledger.FILE).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotRunError, match=r"the ledger is as it was: .*No space left"):
        run(docs, services)
    assert (docs / ledger.FILE).read_bytes() == before


def test_a_setting_that_cannot_be_used(docs: Path, services: FakeServices) -> None:
    with pytest.raises(CannotRunError, match="PAPERNOTES_ARXIV_API is not an http"):
        run(docs, services, PAPERNOTES_ARXIV_API="mirror")


def test_a_fault_of_this_program_costs_one_service(
    docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    from papernotes.refresh.services.semantic_scholar import SemanticScholar

    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SemanticScholar, "read", fault)
    done = run(docs, services)
    assert done.rows[1].why == "39 not answered: this program failed (ZeroDivisionError)"
    assert done.rows[0].updated == done.rows[2].updated == 39


# The command line ---------------------------------------------------------------------------------------------------


def test_the_command_line(
    docs: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in services.environment.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["refresh", "--docs", str(docs), "2301.00001"]) == 0
    assert cli.main(["refresh", "--docs", str(docs), "--json", "2301.00001"]) == 0
    assert "1 papers" in capsys.readouterr().out


def test_no_other_verb_loads_the_network_code() -> None:
    code = "import sys, papernotes.cli, papernotes.refresh; print(*sys.modules)"
    hooks = str(Path(cli.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": hooks}, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "papernotes.refresh" in loaded
    assert not loaded & {
        "requests",
        "urllib3",
        "papernotes.refresh.services.transport",
        "papernotes.refresh.services.ask",
    }
