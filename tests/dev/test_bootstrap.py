"""Setting up: an old Python is told so in one line; an interrupted installation is taken up again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from papernotes.dev import bootstrap

SCRIPT = Path(bootstrap.__file__)


def test_an_old_python_is_told_so_in_one_line(tmp_path: Path) -> None:
    code = f"import runpy, sys; sys.version_info = (3, 9, 18); sys.argv = ['bootstrap.py', 'requirements.txt']; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)}
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("papernotes needs Python 3.11.5 or later; this is 3.")


def test_it_reads_on_pythons_of_long_ago() -> None:
    """The version can be told only by a file that the old Python can read."""
    compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec", flags=0, dont_inherit=True)
    import ast

    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_change_of_the_lock_asks_for_a_new_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    (tmp_path / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    first = bootstrap.stamp_of("requirements.txt")
    assert bootstrap.stamp_of("requirements.txt") == first
    (tmp_path / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    assert bootstrap.stamp_of("requirements.txt") != first


def test_every_pinned_package_has_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert len(pins) > 10
        assert text.count("--hash=sha256:") >= len(pins)
        assert all(line.rstrip().endswith("\\") for line in pins)
