"""A file replaced whole, and a folder locked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from papernotes.base import storage


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


def test_a_new_file_is_created_whole_and_never_over_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.create(tmp_path / "a.md", "甲\n")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "甲\n"

    def no_links(*_: object) -> None:
        raise PermissionError

    for _ in range(2):
        with pytest.raises(FileExistsError):
            storage.create(tmp_path / "a.md", "乙\n")
        monkeypatch.setattr(os, "link", no_links)
    storage.create(tmp_path / "b.md", "丙\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md"]
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "甲\n"


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    scratch = tmp_path / storage.SCRATCH
    scratch.mkdir()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"{gone.pid}-papers.json", f"{os.getpid()}-papers.json", "99999999999999999999-x", "x"):
        (scratch / name).write_text("half", encoding="utf-8")
    storage.sweep(tmp_path)
    assert [path.name for path in scratch.iterdir()] == [f"{os.getpid()}-papers.json"]
    (scratch / f"{os.getpid()}-papers.json").unlink()
    storage.sweep(tmp_path)
    storage.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_file_lies_where_git_does_not_look(tmp_path: Path) -> None:
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{storage.SCRATCH}/" in ignored
    data = tmp_path / "docs" / "_data"
    data.mkdir(parents=True)
    code = f"""
import os, pathlib, signal
from papernotes.base import storage
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
storage.replace(pathlib.Path({str(data / "papers.json")!r}), "new", scratch=pathlib.Path({str(tmp_path)!r}))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert list(data.iterdir()) == []
    assert len(list((tmp_path / storage.SCRATCH).iterdir())) == 1
    assert storage.replace(data / "papers.json", "new", scratch=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


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


HOLD = """
import sys, pathlib
from papernotes.base import storage
with storage.locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_keeps_another_process_out_until_it_ends_however_it_ends(tmp_path: Path) -> None:
    with storage.locked(tmp_path):
        pass
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(storage.__file__).parent.parent.parent)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(storage.BusyError, match="another process is writing in"), storage.locked(tmp_path):
            raise AssertionError("the lock was given twice")
        holder.kill()
    with storage.locked(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_every_file_is_found_in_the_order_of_paths_and_no_link_is_followed(tmp_path: Path) -> None:
    for name in ("b/c", "b-a", "a", ".x/y"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "b/up").symlink_to("..")
    (tmp_path / "empty").mkdir()
    found = storage.walk(tmp_path)
    assert [name for name, _ in found] == [".x/y", "a", "b/c", "b/up", "b-a"]
    assert [name for name, file in found if file.is_file(follow_symlinks=False)] == [".x/y", "a", "b/c", "b-a"]


def test_what_lies_aside_is_what_was_put_there() -> None:
    aside = storage.Aside[object]()
    aside["a"], aside["b"] = "甲" * 10_000, ["乙"]
    aside["a"] = "丙"
    assert dict(aside) == {"b": ["乙"], "a": "丙"}
    assert aside.pop("a", None) == "丙"
    assert "a" not in aside
    assert len(aside) == 1
    aside.clear()
    assert aside.get("b") is None
