"""What is kept is given back whole, or not at all; and nothing that is wrong with its folder is felt by who asks."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from seeded import SOAK

from papernotes.base import store
from papernotes.base.store import Store, digest

KILLS = 200 if SOAK else 3
VALUE = {"中文": ["a", 1, None, "\ud800"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / store.FOLDER


def entry(folder: Path) -> Path:
    """Of a store that holds one."""
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    return file


def test_what_is_kept_is_given_back(folder: Path) -> None:
    kept = Store(folder, "program")
    key = kept.key("kind", "page")
    assert kept.recall(key) is None
    kept.keep(key, VALUE)
    assert Store(folder, "program").recall(key) == VALUE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(("ab", "c"), ("a", "bc"), id="parted elsewhere"),
        pytest.param(("a",), ("a", ""), id="an empty part more"),
        pytest.param(("1:a",), ("a",), id="what looks like a length"),
        pytest.param(("\ud800",), ("?",), id="half a character"),
    ],
)
def test_other_parts_have_another_digest(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert digest(*one) != digest(*other)


def test_another_program_or_kind_has_entries_of_its_own() -> None:
    keys = {Store(None, program).key(kind, "page") for program in ("a", "b") for kind in ("x", "y")}
    assert len(keys) == 4


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:-1], id="cut off"),
        pytest.param(lambda data: data + b"x", id="too long"),
        pytest.param(lambda data: data[:30] + bytes([data[30] ^ 1]) + data[31:], id="one bit"),
        pytest.param(lambda data: os.urandom(len(data)), id="noise"),
        pytest.param(lambda data: b"\x80\x04cos\nsystem\n(S'false'\ntR.", id="a pickle"),
    ],
)
def test_a_damaged_entry_is_a_miss_and_is_mended(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    kept = Store(folder)
    key = kept.key("kind", "page")
    kept.keep(key, VALUE)
    file = entry(folder)
    file.write_bytes(spoil(file.read_bytes()))
    assert kept.recall(key) is None
    assert not kept.has(key)
    kept.keep(key, VALUE)
    assert kept.recall(key) == VALUE


def test_an_entry_under_another_name_is_a_miss(folder: Path) -> None:
    kept = Store(folder)
    one, other = kept.key("kind", "one"), kept.key("kind", "other")
    kept.keep(one, VALUE)
    target = folder / other
    entry(folder).rename(target)
    assert kept.recall(other) is None


def test_a_folder_in_which_others_may_write_is_not_used(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    assert not Store(folder).is_open


@pytest.mark.parametrize("kind", ["a file", "a link", "no place"])
def test_without_a_folder_nothing_is_kept_and_nothing_fails(folder: Path, kind: str) -> None:
    if kind == "a file":
        folder.write_text("")
    elif kind == "a link":
        folder.symlink_to(folder.parent)
    else:
        folder = Path("/dev/null/x")
    kept = Store(folder)
    kept.keep(kept.key("kind"), VALUE)
    assert kept.recall(kept.key("kind")) is None
    kept.trim()
    assert list(folder.parent.glob("new-*")) == []


def test_a_full_disk_is_no_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(folder)
    kept.keep(kept.key("kind", "one"), VALUE)

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    kept.keep(kept.key("kind", "two"), VALUE)
    monkeypatch.undo()
    assert Store(folder).recall(kept.key("kind", "one")) == VALUE
    assert list(folder.glob("new-*")) == []


def test_what_was_not_asked_for_the_longest_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(folder)
    keys = [kept.key("kind", str(number)) for number in range(10)]
    for age, key in enumerate(keys):
        kept.keep(key, os.urandom(500).hex())
        file = folder / key
        os.utime(file, (time.time() - 9000 + age,) * 2)
    (folder / "new-1-1").write_text("what a killed process left")
    os.utime(folder / "new-1-1", (1, 1))
    assert kept.recall(keys[0]) is not None  # from now on it is the newest
    monkeypatch.setattr(store, "MOST_BYTES", 3000)
    kept.trim()
    left = [number for number, key in enumerate(keys) if kept.recall(key) is not None]
    assert left[0] == 0
    assert left[1:] == list(range(10 - len(left) + 1, 10))
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 3000
    assert not (folder / "new-1-1").exists()


WRITE = """
import sys
from pathlib import Path
from papernotes.base.store import Store
kept = Store(Path(sys.argv[1]))
number = 0
while True:
    kept.keep(kept.key("kind", str(number % 50)), [number % 50] * 5000)
    number += 1
    print(number, flush=True) if number == 1 else None
"""


def test_killed_in_the_midst_of_writing_beside_another_that_writes(folder: Path) -> None:
    kept, chance = Store(folder), random.Random(1)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(KILLS):
            processes = [
                subprocess.Popen([sys.executable, "-c", WRITE, str(folder)], stdout=subprocess.PIPE) for _ in range(2)
            ]
            for process in processes:
                assert process.stdout is not None
                process.stdout.readline()
            time.sleep(chance.random() * 0.05)
            for process in processes:
                process.send_signal(signal.SIGKILL)
                process.communicate()
            for number in range(50):
                assert kept.recall(kept.key("kind", str(number))) in (None, [number] * 5000)
    finally:
        for process in processes:
            process.kill()
