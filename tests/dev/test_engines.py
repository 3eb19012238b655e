"""What the audits of the other engines make of what these answer; the engines themselves are driven by `make audit`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self

import pytest

from papernotes.dev import audit, host
from papernotes.dev.engines import answers, look
from papernotes.dev.engines.driver import DriverError
from papernotes.dev.host import Host, Sent
from papernotes.dev.node import CannotAuditError, NotInstalledError


class Answers:
    """An engine that answers one thing, or throws."""

    def __init__(self, answer: Any, messages: Sequence[str] = ()) -> None:
        self.answer, self.told = answer, list(messages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def open(self, url: str) -> None:
        pass

    def enter(self, frame: int | None) -> None:
        pass

    def messages(self, urls: Sequence[str]) -> list[str]:
        return self.told

    def run(self, script: str) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "PATIENCE", -1)
    monkeypatch.setattr(look, "SETTLES", 0)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path, text in (
        ("index.html", "首页"),
        ("papers/dpo.html", "<math>"),
        ("papers/index.html", "列表"),
        ("papers/qlora.html", "<mtr>"),
        ("topics/moe.html", "专题"),
        ("assets/a.css", "a {}"),
    ):
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_text(text, encoding="utf-8")
    return tmp_path / "site"


def test_a_page_of_each_kind_and_every_formula_with_columns(site: Path) -> None:
    assert look.pages(site) == ["index.html", "papers/dpo.html", "topics/moe.html", "papers/qlora.html"]


@pytest.mark.parametrize(
    ("answer", "complaints"),
    [
        pytest.param(True, [], id="it shows"),
        pytest.param(False, ["papers/dpo.html: there does not become true"], id="it does not"),
        pytest.param(DriverError("no such element"), ["papers/dpo.html: no such element"], id="the page throws"),
    ],
)
def test_what_is_done_shows(answer: Any, complaints: list[str]) -> None:
    feature = look.Feature("map", look.PAPER, "here", "there")
    assert list(look._try(Answers(answer), feature)) == [("map", complaint) for complaint in complaints]


def test_a_complaint_names_engine_protocol_feature_page_and_width(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Answers([("widths", "is 500 pixels wide")], ["papers/dpo.html:1: no such thing"])
    monkeypatch.setattr(look, "FEATURES", ())
    monkeypatch.setattr(look, "WebKit", lambda folder: engine)
    found = list(look.webkitgtk(site.parent))
    assert "webkitgtk: http: console: papers/dpo.html:1: no such thing" in found
    wide = [complaint for complaint in found if "file: widths" in complaint]
    assert wide == [
        f"webkitgtk: file: widths: {page} at {width}: is 500 pixels wide"
        for page in look.pages(site)
        for width in look.WIDTHS
    ]
    assert capsys.readouterr().out.splitlines()[:4] == [
        "| webkitgtk | http | file |",
        "| --- | ---: | ---: |",
        "| console | 1 | 1 |",
        "| widths | 12 | 12 |",
    ]


def test_a_saved_site_asks_its_server_for_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Asks(Answers):
        def open(self, url: str) -> None:
            if "?q=" in url:
                raise DriverError("connection refused")

    assert list(look.saved(Asks(True), site)) == [("offline", "connection refused")]
    assert list(look.saved(Answers(True), site)) == []

    class Lingers(Answers):
        def open(self, url: str) -> None:
            server.sent += [Sent("/sw.js", 200, 1), Sent("/papers/lora.html", 200, 1)] if "?q=" in url else []

    server = Host("http://127.0.0.1")
    monkeypatch.setattr(host, "serving", lambda site: nullcontext(server))
    assert list(look.saved(Lingers(True), site)) == [("offline", "/papers/lora.html was asked of the server")]


def test_an_engine_that_is_not_installed_fails_where_it_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(audit, "PARTS", [part for part in audit.PARTS if part.name in {"firefox", "webkitgtk"}])
    said: list[str] = []
    assert audit.run(site.parent, ["firefox"], said.append) == 2
    assert said[-1] == "audit: firefox: not run: Firefox is not installed (Debian: apt install firefox-esr)"
    assert audit.run(site.parent, [], said.append) == 0
    needs = "WebKitGTK is not installed (Debian: apt install webkit2gtk-driver xvfb)"
    assert said[-1] == f"audit: webkitgtk: not run: {needs}"


def test_a_site_that_is_not_built_and_an_engine_that_does_not_start(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotAuditError, match="site/ is not built; run make site"):
        list(look.firefox(tmp_path / "nothing"))
    monkeypatch.setattr(look, "Firefox", lambda profile: Answers(DriverError("Firefox has gone")))
    with pytest.raises(CannotAuditError, match="Firefox has gone") as raised:
        list(look.firefox(site.parent))
    assert not isinstance(raised.value, NotInstalledError)


def test_every_feature_has_a_row() -> None:
    rows = list(look.table("firefox", {"http": Counter(list=2), "file": Counter()}))
    assert "| list | 2 | 0 |" in rows
    assert "| search | 0 | 0 |" in rows
    assert rows[-1] == "| offline | 0 | — |"


def test_a_query_that_engines_answer_otherwise_is_named() -> None:
    given = [[["papers/dpo.html"], "shown so"], [["papers/lora.html"], "shown so"], [[], ""]]
    other = [[["papers/dpo.html"], "otherwise"], [["papers/qlora.html"], "shown so"], [[], ""]]
    assert answers.answers(Answers(json.dumps(given)), "http://127.0.0.1", ["dpo", "lora", "?"]) == given
    assert list(answers.differing(["dpo", "lora", "?"], {"firefox: http": given, "chromium: file": other})) == [
        "chromium: file: dpo: shown otherwise than in firefox: http",
        "chromium: file: lora: ['papers/qlora.html'], not ['papers/lora.html'] as in firefox: http",
    ]
    with pytest.raises(DriverError, match="TypeError"):
        answers.answers(Answers('"TypeError"'), "http://127.0.0.1", ["dpo"])
    with pytest.raises(CannotAuditError, match="site/ is not built; run make site"):
        list(answers.search(Path("nowhere")))
