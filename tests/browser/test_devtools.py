"""Chromium over a pipe, as the bench drives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papernotes.dev import browser, devtools
from papernotes.dev.devtools import Chromium, DevtoolsError, Page

FORM = """<!doctype html><meta charset="utf-8"><input>
<script>var typed = []; document.querySelector("input").addEventListener("input", (event) => typed.push(event.target.value));</script>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with devtools.running(browser.find()) as running:
        yield running


@pytest.fixture
def page(chromium: Chromium, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "form.html").write_text(FORM, encoding="utf-8")
    with chromium.page() as opened:
        opened.open((tmp_path / "form.html").as_uri())
        yield opened


@pytest.mark.parametrize(
    ("script", "arguments", "value"),
    [
        ("1 + 1", (), 2),
        ("(a, b) => a + b", ("偏好", '"</script>'), '偏好"</script>'),
        ("new Promise((done) => setTimeout(done, 20, [1, null]))", (), [1, None]),
        ("undefined", (), None),
        ("'字'.repeat(200000).length", (), 200_000),
        ("(text) => text.length", ("字" * 200_000,), 200_000),  # more than a pipe holds
    ],
)
def test_a_page_evaluates(page: Page, script: str, arguments: tuple[object, ...], value: object) -> None:
    assert page.evaluate(script, *arguments) == value


def test_typing_is_heard(page: Page) -> None:
    page.evaluate("document.querySelector('input').focus()")
    page.insert("偏好")
    page.press_shift()
    page.insert("优")
    assert page.evaluate("typed") == ["偏好", "偏好优"]


def test_a_condition_is_waited_for_and_given_up(page: Page) -> None:
    page.evaluate("setTimeout(() => { window.late = 3; }, 60)")
    assert page.wait("(value) => window.late === value", 3, limit=5)
    assert not page.wait("() => false", limit=0.05)


def test_a_page_is_slowed(page: Page) -> None:
    def spent() -> float:
        script = "(() => { const start = performance.now(); for (let i = 0, x = 0; i < 3e7; i++) x += i; return performance.now() - start; })()"
        return min(float(page.evaluate(script)) for _ in range(3))

    quick = spent()
    page.slow(8)
    assert spent() > 2 * quick


def test_tabs_share_nothing(chromium: Chromium, page: Page, tmp_path: Path) -> None:
    page.evaluate("window.mine = 1")
    with chromium.page() as other:
        other.open((tmp_path / "form.html").as_uri())
        assert other.evaluate("window.mine") is None


def test_errors_say_what_went_wrong(page: Page, tmp_path: Path) -> None:
    with pytest.raises(DevtoolsError, match="TypeError: no such"):
        page.evaluate("(() => { throw new TypeError('no such'); })()")
    with pytest.raises(DevtoolsError, match=r"missing.html: net::ERR_FILE_NOT_FOUND"):
        page.open((tmp_path / "missing.html").as_uri())
    with pytest.raises(DevtoolsError, match=r"Input.nothing: '"):
        page.order("Input.nothing")
    with pytest.raises(DevtoolsError, match=r"Runtime.evaluate: no answer in time"):
        page.evaluate("new Promise(() => {})", patience=0.2)


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/chromium"])
def test_a_browser_that_does_not_start_is_no_hang(program: str) -> None:
    """It is seen to have ended; nobody waits until patience is at an end, which would be told in other words."""
    with devtools.running(program) as running, pytest.raises(DevtoolsError, match="Chromium has ended"), running.page():
        pass
