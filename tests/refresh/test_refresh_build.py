"""A build that was asked for a refresh: first of all, once, never under serve, and it goes on in any case."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, configured, make_project, run
from fake_services import FakeServices, Handler, Paper

from papernotes import refresh
from papernotes.build import steps
from papernotes.data import ledger


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A docs folder with the real ledger."""
    (tmp_path / "docs" / "_data").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / ledger.FILE, tmp_path / "docs" / ledger.FILE)
    return tmp_path / "docs"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    """The services, set in the environment. They know one paper."""
    title = "Direct Preference Optimization: Your Language Model is Secretly a Reward Model"
    paper = Paper("2305.18290", title, version=3, semantic_scholar=2500)
    with FakeServices([paper]) as services:
        for name, value in services.environment.items():
            monkeypatch.setenv(name, value)
        yield services


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """What is done before MkDocs touches the old site, in order, instead of doing it: with which docs folder."""
    taken: list[tuple[str, Path]] = []

    def for_build(docs_dir: Path) -> str:
        taken.append(("refresh", docs_dir))
        return "one line"

    monkeypatch.setattr(refresh, "for_build", for_build)
    monkeypatch.setattr(steps, "begin", lambda config: taken.append(("read", Path(config.docs_dir))))
    return taken


@pytest.mark.parametrize(
    ("value", "command", "times"),
    [
        ("1", "build", 1),
        ("1", "serve", 0),
        ("0", "build", 0),
        ("", "build", 0),
        (None, "build", 0),
        ("yes", "build", 0),
    ],
)
def test_a_build_refreshes_first_of_all_only_when_asked_and_never_under_serve(
    taken: list[tuple[str, Path]],
    docs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str | None,
    command: str,
    times: int,
) -> None:
    monkeypatch.delenv("PAPERNOTES_REFRESH", raising=False)
    if value is not None:
        monkeypatch.setenv("PAPERNOTES_REFRESH", value)
    config = configured(docs, command)
    config.plugins.on_pre_build(config=config)
    assert taken == [("refresh", docs)] * times + [("read", docs)]
    assert capsys.readouterr().err == "papernotes: one line\n" * times


def test_a_build_with_good_weather(docs: Path, services: FakeServices) -> None:
    line = refresh.for_build(docs)
    assert line.startswith("ledger refreshed in ")
    assert "arXiv 1 of " in line
    assert services.count("arxiv") == services.count("semantic-scholar") == 1
    assert services.count("openalex") == 2
    assert '"dataset": "s2-graph-api"' in (docs / ledger.FILE).read_text(encoding="utf-8")


def test_all_services_hanging_cost_a_build_its_budget_and_no_more(docs: Path, services: FakeServices) -> None:
    gave_up = []

    def hang(handler: Handler) -> None:
        handler.close_connection = True
        if not handler.server.services.closing.wait(60):
            gave_up.append(handler.path)

    for name in ("arxiv", "semantic-scholar", "openalex", "datacite"):
        services.weather[name] = hang
    before = (docs / ledger.FILE).read_bytes()
    line = refresh.for_build(docs, budget=1.5)
    assert gave_up == [], "the build waited longer than the services"
    assert line.startswith("ledger not refreshed in ")
    assert (docs / ledger.FILE).read_bytes() == before


def test_what_cannot_run_is_one_line_too(docs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAPERNOTES_ARXIV_API", "nonsense")
    assert refresh.for_build(docs).startswith(
        "ledger not refreshed: PAPERNOTES_ARXIV_API is not an http or https address"
    )
    monkeypatch.delenv("PAPERNOTES_ARXIV_API")
    (docs / ledger.FILE).write_text("{", encoding="utf-8")
    assert refresh.for_build(docs) == (
        "ledger not refreshed: the ledger cannot be used; the build goes on with what it has"
    )
    assert "\n" not in refresh.for_build(tmp_path / "nowhere")


def test_a_fault_of_this_program_does_not_stop_a_build(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from papernotes.refresh import command

    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(command, "run", fault)
    assert refresh.for_build(docs) == "ledger not refreshed: ZeroDivisionError; the build goes on with what it has"


def test_a_whole_build_with_no_service_within_reach(tmp_path: Path) -> None:
    """As with no network at all: one line, and the site stands."""
    project = make_project(tmp_path / "project")
    before = (project / "docs" / ledger.FILE).read_bytes()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        variables = [f"PAPERNOTES_{name}_API" for name in ("ARXIV", "S2", "OPENALEX", "DATACITE")]
        done = run(project, "site", PAPERNOTES_REFRESH="1", **dict.fromkeys(variables, nowhere))
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "ledger" in line]
    assert len(said) == 1
    asked = len(json.loads(before)["papers"])
    assert f"arXiv {asked} not answered: the connection was refused" in said[0]
    assert (project / "site" / "papers" / "dpo.html").is_file()
    assert (project / "docs" / ledger.FILE).read_bytes() == before
