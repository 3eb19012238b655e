"""How far a long command has come is shown to whoever looks at a terminal, and to nobody else."""

from __future__ import annotations

import io
import sys

import pytest

from papernotes import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Each look at the clock takes half a second."""
    passed = [0.0]

    def now() -> float:
        passed[0] += 0.5
        return passed[0]

    monkeypatch.setattr(progress.time, "monotonic", now)
    return passed


@pytest.mark.usefixtures("seconds")
def test_a_count_is_written_over_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(progress.counted("abc", "checked")) == ["a", "b", "c"]
    shown = sys.stderr.getvalue()
    first, second = "2 of 3 pages checked", "3 of 3 pages checked"
    assert shown == f"\r{first}\r{second}\r{' ' * len(second)}\r", "what takes no second is not shown"


@pytest.mark.usefixtures("seconds")
@pytest.mark.parametrize("piped", ["stdout", "stderr"])
def test_no_count_goes_into_a_pipe(piped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(sys, piped, io.StringIO())
    assert len(list(progress.counted(range(9), "checked"))) == 9
    assert sys.stderr.getvalue() == ""


@pytest.mark.usefixtures("seconds")
def test_a_terminal_that_has_gone_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    terminal.close()
    monkeypatch.setattr(Terminal, "isatty", lambda self: True)
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", terminal)
    assert len(list(progress.counted(range(9), "checked"))) == 9
