"""Killed at any instant, a refresh leaves the old ledger or the new one, and the next refresh is not hindered."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fake_services import FakeServices, Paper
from seeded import SOAK

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.refresh import command
from papernotes.refresh.services.transport import Limits

HOOKS = Path(command.__file__).parent.parent.parent
PAPERS = [Paper(f"2301.{n:05}", f"Paper of the {n}th kind, on subject {n * 7919}") for n in range(1, 40)]

DIE_AT = """
import os, signal, sys
left = int(sys.argv.pop(1))
def hook(event, arguments):
    global left
    if (event == "open" or event.startswith(("os.", "fcntl."))) and any(part in str(arguments) for part in ("_data", ".papernotes")) or event == "fcntl.flock":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from papernotes.cli import main
sys.exit(main(["refresh", *sys.argv[1:]]))
"""
"""Refreshes, and dies before the n-th time it touches the folder of the ledger or that of temporary files."""

REFRESH = "import sys; from papernotes.cli import main; sys.exit(main(['refresh', *sys.argv[1:]]))"
"""Refreshes, without what the other verbs need."""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    records = [Record(p.arxiv, 1, p.title, ("A",), date(2023, 1, 1), None, None, None, None, None) for p in PAPERS]
    (docs / ledger.FILE).write_text(ledger.serialise(records), encoding="utf-8")
    return docs


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with FakeServices(PAPERS) as services:
        yield services


def environment(services: FakeServices) -> dict[str, str]:
    return os.environ | services.environment | {"PYTHONPATH": str(HOOKS)}


def finish(docs: Path, services: FakeServices) -> bytes:
    """A refresh that is not killed; the ledger after it."""
    command.run(
        docs,
        accept=True,
        environment=services.environment,
        limits=Limits(pace=0.0),
        today=date.today(),
        step=lambda *_: None,
    )
    return (docs / ledger.FILE).read_bytes()


def learn(services: FakeServices) -> None:
    """There is something new about every paper."""
    for paper in services.world.values():
        assert paper.semantic_scholar is not None
        paper.semantic_scholar += 1


def test_killed_whenever_it_touches_the_ledger(docs: Path, services: FakeServices) -> None:
    killed = 0
    while True:
        old = (docs / ledger.FILE).read_bytes()
        learn(services)
        done = subprocess.run(
            [sys.executable, "-c", DIE_AT, str(killed + 1), "--docs", str(docs)],
            env=environment(services),
            capture_output=True,
            timeout=60,
        )
        found = (docs / ledger.FILE).read_bytes()
        assert [path.name for path in (docs / "_data").iterdir()] == ["papers.json"]
        new = finish(docs, services)
        assert found in (old, new)
        assert old != new
        assert [path.name for path in docs.parent.iterdir()] == ["docs"]
        if done.returncode != -9:
            break
        killed += 1
    assert done.returncode == 0, done.stderr
    assert found == new
    assert killed >= 6  # lock, read, read again, open, rename, sync of the folder


def test_killed_at_random_instants(docs: Path, services: FakeServices) -> None:
    kills = 200 if SOAK else 4
    chance = random.Random(None if SOAK else 8)
    arguments = [sys.executable, "-c", REFRESH, "--docs", str(docs)]
    start = time.monotonic()
    subprocess.run(arguments, env=environment(services), capture_output=True, timeout=60, check=True)
    usual = time.monotonic() - start
    whole = 0
    for _ in range(kills):
        old = (docs / ledger.FILE).read_bytes()
        learn(services)
        with subprocess.Popen(
            arguments, env=environment(services), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            # Half of the kills in the last third, where the answers come in and the file is written.
            instant = chance.uniform(0, 1) if chance.random() < 0.5 else chance.uniform(0.65, 1.05)
            time.sleep(usual * instant)
            running.kill()
        found = (docs / ledger.FILE).read_bytes()
        assert [path.name for path in (docs / "_data").iterdir()] == ["papers.json"]
        json.loads(found)
        new = finish(docs, services)
        assert found in (old, new)
        whole += found == new
    if SOAK:
        assert 0 < whole < kills  # the instants fell on both sides of the rename


def test_two_refreshes_do_not_interleave(docs: Path, services: FakeServices) -> None:
    arguments = [sys.executable, "-c", REFRESH, "--docs", str(docs)]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(arguments, env=environment(services), stdout=pipe, stderr=pipe, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=60) for process in running]
    codes = [process.returncode for process in running]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    for code, (out, error) in zip(codes, said, strict=True):
        if code == 2:
            assert out == ""
            assert "the ledger is as it was: another process is writing in" in error
            assert error.count("\n") == 1
    assert (docs / ledger.FILE).read_bytes() == finish(docs, services)
