"""A file replaced whole, and a folder locked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from papernotes.text import storage


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "papers.json"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    assert storage.replace(file, "new 新\n")
    assert file.read_bytes() == "new 新\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["papers.json"]


def test_a_file_that_holds_the_text_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "papers.json"
    file.write_text("same", encoding="utf-8")
    before = file.stat()
    assert not storage.replace(file, "same")
    after = file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_new_file_is_readable_by_all(tmp_path: Path) -> None:
    assert storage.replace(tmp_path / "new.json", "x")
    assert (tmp_path / "new.json").stat().st_mode & 0o777 == 0o644


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    link = tmp_path / "papers.json"
    link.symlink_to("real.json")
    storage.replace(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real.json").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("fails", ["fsync", "fchmod"])
def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    file = tmp_path / "papers.json"
    file.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="No space left"):
        storage.replace(file, "new")
    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["papers.json"]


def test_a_leftover_of_a_killed_process_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "papers.json"
    file.write_text("old", encoding="utf-8")
    (tmp_path / ".papers.json.new").write_text("half of a much longer text that was never finished", encoding="utf-8")
    storage.replace(file, "new")
    assert file.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["papers.json"]


HOLD = """
import sys, pathlib
from papernotes import storage
with storage.locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_keeps_another_process_out_until_it_ends_however_it_ends(tmp_path: Path) -> None:
    with storage.locked(tmp_path):
        pass
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(storage.__file__).parent.parent)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(storage.BusyError, match="another process is writing in"), storage.locked(tmp_path):
            raise AssertionError("the lock was given twice")
        holder.kill()
    with storage.locked(tmp_path):
        assert list(tmp_path.iterdir()) == []
