"""Faults of the machine: killed, a full disk, no permission, two at once. What was there is whole, and the next command works.

A few kills in `make test`, 200 of each command in `make soak`; those of a refresh are in tests/refresh/test_refresh_kill.py.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, make_project, once, run
from seeded import SOAK

from papernotes.base import store
from papernotes.build import sbom

KILLS = 200 if SOAK else 1
PAPER = "1706.03762"
READ = ["read", "2106.09685v2", "--file", "../paper.html"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture site's project, built."""

    def make(folder: Path) -> None:
        project = make_project(folder / "project")
        shutil.copytree(ROOT / "docs" / "_data" / "templates", project / "docs" / "_data" / "templates")
        shutil.copy(ROOT / sbom.LOCK, project)
        assert run(project, "site").returncode == 0

    return once(tmp_path_factory, "faults", make) / "project"


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "project", symlinks=True)
    text = (ROOT / "tests" / "cases" / "reading" / "paper.html").read_text(encoding="utf-8")
    title = "Counting Boats: 3 Invented Studies of a Harbour"
    lora = text.replace(title, "LoRA: Low-Rank Adaptation of Large Language Models")
    (tmp_path / "paper.html").write_text(lora, encoding="utf-8")
    return tmp_path / "project"


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", store.FOLDER} & set(path.parts)
    }


def state(project: Path) -> tuple[dict[str, str], ...]:
    return tree(project / "site"), tree(project / "docs")


def rests(project: Path) -> list[str]:
    """What a command has left that is neither of the project nor what it keeps for the next time."""
    return [path.name for path in project.iterdir() if path.name.startswith(".") and path.name != ".papernotes-cache"]


def start(project: Path, *arguments: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell lets what runs in its background ignore it
        if before:
            before()

    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "papernotes", *arguments], cwd=project, stdout=pipe, stderr=pipe, text=True, preexec_fn=prepare,
        env={**os.environ, "PYTHONPATH": str(project / "hooks"), "PYTHONDONTWRITEBYTECODE": "1"},  # on a full disk, halves of it
    )  # fmt: skip


def kills(project: Path, usual: float, *arguments: str) -> Iterator[int]:
    """Start the command again and again and kill it at some moment, half of the times in the last fifth of its way."""
    chance = random.Random(None if SOAK else 23)
    for number in range(KILLS):
        process = start(project, *arguments)
        time.sleep(usual * (chance.uniform(0.05, 1) if chance.random() < 0.5 else chance.uniform(0.8, 1.1)))
        process.kill()
        process.communicate()
        yield number


def test_a_build_that_is_killed_leaves_the_old_site_or_the_new_one(project: Path) -> None:
    page = project / "docs" / "index.md"
    texts = [page.read_text(encoding="utf-8"), page.read_text(encoding="utf-8").replace("一句话", "两句话")]
    first = tree(project / "site")
    page.write_text(texts[1], encoding="utf-8")
    started = time.monotonic()
    assert run(project, "site").returncode == 0
    usual = time.monotonic() - started
    allowed = [first, tree(project / "site")]
    assert allowed[0] != allowed[1]
    seen = set()
    page.write_text(texts[0], encoding="utf-8")
    for number in kills(project, usual, "site"):
        found = tree(project / "site")
        assert found in allowed
        seen.add(allowed.index(found))
        page.write_text(texts[number % 2], encoding="utf-8")
    assert run(project, "site").returncode == 0
    assert tree(project / "site") in allowed
    assert rests(project) == []
    if SOAK:
        assert seen == {0, 1}


def test_a_server_that_is_killed_leaves_its_address_free(project: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    before = tree(project)

    def answers() -> bool:
        with socket.socket() as asking:
            host, port = address.split(":")
            return asking.connect_ex((host, int(port))) == 0

    for _ in kills(project, 5.0, "serve", "--address", address):
        assert not answers()
    assert tree(project) == before
    process = start(project, "serve", "--address", address)
    while not answers():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://{address}/index.html", timeout=60) as answer:
        assert answer.status == 200
    other = start(project, "serve", "--address", address)
    free = f"stop what listens there, or take another port: make serve ARGS='--port {int(address.split(':')[1]) + 1}'"
    assert other.communicate()[1] == f"papernotes: {address} is in use; {free}\n"
    assert other.returncode == 2
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1].splitlines()
    assert (process.returncode, said[-1]) == (130, "papernotes: interrupted")
    assert not [line for line in said if not line.startswith("papernotes: ")]


if SOAK:  # a kill while the book is packed is in test_epub.py

    def test_a_book_that_is_killed_is_the_old_one_or_the_new_one(project: Path) -> None:
        book = project / "dist" / "papernotes.epub"
        allowed = []
        page = project / "docs" / "papers" / "small.md"
        texts = [page.read_text(encoding="utf-8"), page.read_text(encoding="utf-8") + "\n又一句。\n"]
        for text in texts:
            page.write_text(text, encoding="utf-8")
            started = time.monotonic()
            done = run(project, "epub")
            assert done.returncode == 0, done.stderr
            usual = time.monotonic() - started
            allowed.append(book.read_bytes())
        assert allowed[0] != allowed[1]
        for number in kills(project, usual, "epub"):
            assert book.read_bytes() in allowed
            page.write_text(texts[number % 2], encoding="utf-8")
        assert run(project, "epub").returncode == 0
        assert book.read_bytes() in allowed
        assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_a_draft_that_is_killed_is_begun_again_by_the_same_command(project: Path) -> None:
    docs = project / "docs"
    old = tree(docs)
    ledger = (docs / "_data" / "papers.json").read_bytes()
    started = time.monotonic()
    assert run(project, "new", PAPER, "--offline").returncode == 0
    usual = time.monotonic() - started
    new = tree(docs)
    (written,) = set(new) - set(old)
    for _ in range(2):  # the first time to begin with nothing
        (docs / written).unlink(missing_ok=True)
        (docs / "_data" / "papers.json").write_bytes(ledger)
    for _ in kills(project, usual, "new", PAPER, "--offline"):
        found = tree(docs)
        assert found in (old, {**old, written: new[written]}, new)
        done = run(project, "new", PAPER, "--offline")
        assert done.returncode == 0, done.stderr
        assert tree(docs) == new
        assert rests(project) == []
        (docs / written).unlink()
        (docs / "_data" / "papers.json").write_bytes(ledger)


if SOAK:

    def test_a_reading_that_is_killed_leaves_no_evidence_or_all_of_it(project: Path) -> None:
        docs = project / "docs"
        old = tree(docs)
        started = time.monotonic()
        assert run(project, *READ).returncode == 0
        usual = time.monotonic() - started
        new = tree(docs)
        (written,) = set(new) - set(old)
        (docs / written).unlink()
        for _ in kills(project, usual, *READ):
            assert tree(docs) in (old, new)
            assert run(project, *READ, "--replace").returncode == 0
            assert tree(docs) == new
            assert rests(project) == []
            (docs / written).unlink()


def full(size: int) -> Callable[[], None]:
    """No file may grow beyond `size` bytes, as on a disk that is full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        pytest.param(["site"], 20_000, id="site"),
        pytest.param(["bundle", "--site", "site"], 20_000, id="bundle"),
        pytest.param(["new", PAPER, "--offline"], 100, id="new"),
        pytest.param(["schemas"], 100, id="schemas"),
        pytest.param(READ, 100, id="read"),
        pytest.param(["epub"], 20_000, id="epub"),
    ],
)
def test_on_a_full_disk_all_is_as_it_was(project: Path, arguments: list[str], size: int) -> None:
    before = state(project)
    process = start(project, *arguments, before=full(size))
    out, err = process.communicate()
    assert process.returncode == 2
    assert "written" not in out  # of a reading, what the paper holds is told before
    assert out == "" or arguments == READ
    assert re.fullmatch(r"papernotes: \[Errno 27\] File too large.*\n", err)
    assert state(project) == before
    assert rests(project) == []
    assert [path.name for path in project.glob("dist/*")] == []
    if arguments[0] in {"new", "read"}:
        assert run(project, *arguments).returncode == 0


def unprivileged() -> None:
    """Give up what lets root write where nobody may. Source: capabilities(7), prctl(2), PR_CAPBSET_DROP."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@pytest.mark.parametrize(
    "arguments",
    [["site"], ["bundle", "--site", "site"], ["new", PAPER, "--offline"], ["schemas"], READ, ["epub"]],
    ids=lambda it: it[0],
)
def test_where_it_may_not_write_all_is_as_it_was(project: Path, arguments: list[str]) -> None:
    before = state(project)
    folders = [project, *(path for path in project.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        process = start(project, *arguments, before=unprivileged)
        out, err = process.communicate()
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert process.returncode == 2
    assert "written" not in out  # of a reading, what the paper holds is told before
    assert out == "" or arguments == READ
    assert re.fullmatch(r"papernotes: \[Errno 13\] Permission denied: .*\n", err)
    assert state(project) == before
    if arguments[0] in {"new", "read"}:
        assert run(project, *arguments).returncode == 0


def test_of_two_builds_at_once_each_is_whole(project: Path) -> None:
    before = tree(project / "site")
    running = [start(project, "site") for _ in range(2)]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert tree(project / "site") == before
    assert rests(project) == []


def test_of_two_drafts_at_once_both_stay_or_one_says_so(project: Path) -> None:
    running = [start(project, "new", paper, "--offline") for paper in (PAPER, "2106.01234")]
    said = [process.communicate()[1] for process in running]
    held = {record["arxiv"] for record in json.loads((project / "docs/_data/papers.json").read_bytes())["papers"]}
    for process, err, paper in zip(running, said, (PAPER, "2106.01234"), strict=True):
        assert (paper in held) == (process.returncode == 0)
        assert process.returncode == 0 or err.startswith("papernotes: another process is writing in ")
    assert 0 in {process.returncode for process in running}
