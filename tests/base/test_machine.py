"""Work in several processes: all of it is done, none of it waits for another's mistake, and nobody is left after Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from papernotes.base import machine


def write(share: tuple[Path, str], wait: Callable[[], None], step: Callable[[], None]) -> None:
    folder, name = share
    if name == "bad":
        raise RuntimeError("a mistake")
    if name == "dead":
        os._exit(3)
    (folder / f"{name}-first").write_text(str(os.getpid()), encoding="utf-8")
    wait()
    seen = sorted(path.name for path in folder.glob("*-first"))
    (folder / f"{name}-second").write_text(" ".join(seen), encoding="utf-8")
    step()
    step()


@pytest.mark.parametrize("method", [None, "spawn"])
def test_each_share_is_done_and_a_process_that_fails_is_no_matter(
    tmp_path: Path, method: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    steps: list[str] = []
    shares = [(tmp_path, name) for name in ("a", "bad", "b", "dead")]
    machine.spread(write, shares, step=lambda: steps.append("a step"), method=method)
    assert len(steps) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-first", "a-second", "b-first", "b-second"]
    assert {(tmp_path / f"{name}-second").read_text(encoding="utf-8") for name in "ab"} == {"a-first b-first"}
    assert (tmp_path / "a-first").read_text(encoding="utf-8") != str(os.getpid())
    assert capfd.readouterr() == ("", "")


def linger(folder: Path, *_: Callable[[], None]) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(3600)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whoever runs the tests as a background job of a shell has had the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_after_ctrl_c_no_process_is_left_and_none_says_anything(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        for child in tmp_path.iterdir():  # a terminal interrupts all
            os.kill(int(child.name), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(0, interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        machine.spread(linger, [tmp_path, tmp_path])
    assert multiprocessing.active_children() == []
    assert capfd.readouterr() == ("", "")
