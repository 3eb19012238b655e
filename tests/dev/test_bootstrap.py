"""Setting up: an old Python is told so in one line; an interrupted installation is taken up again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
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


OLD = [
    path
    for name in ("python2.7", "python3.6", "python3.8", "python3.10")
    if (path := shutil.which(name)) and bootstrap.works(path)
]


@pytest.mark.parametrize("python", [sys.executable, *OLD])
def test_the_package_says_which_python_it_needs(python: str) -> None:
    """Where older Pythons are installed, they are asked; their files are ASCII and hold no newer syntax in any case."""
    files = [SCRIPT, SCRIPT.parents[1] / "__init__.py", SCRIPT.parents[1] / "__main__.py"]
    assert all(file.read_bytes().isascii() for file in files)
    if python == sys.executable:
        return
    for command in (["-m", "papernotes", "check"], [str(SCRIPT), "--this-python", "requirements.txt"]):
        done = subprocess.run(
            [python, *command], cwd=SCRIPT.parents[2], capture_output=True, text=True, check=False,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert done.returncode == 1
        assert re.fullmatch(r"papernotes needs Python 3\.11\.5 or later; this is .*\n", done.stderr)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty project with a `.venv` that is complete; what setting up would run is written down instead."""
    commands: list[str] = []

    def run(command: list[str]) -> None:
        commands.append(" ".join(command[1:4]))
        if "venv" in command:
            venv.create(command[-1], clear=True, with_pip=False, symlinks=True)

    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "run", run)
    (tmp_path / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    assert bootstrap.main(["requirements.txt"]) == 0
    assert commands == ["-m venv --clear", "-m pip install", "-m pip install"]
    commands.clear()
    assert bootstrap.main(["requirements.txt"]) == 0
    assert commands == []
    return commands


def test_an_environment_whose_interpreter_is_gone_is_made_anew(project: list[str]) -> None:
    python = Path(bootstrap.VENV, "bin", "python")
    python.unlink()
    python.symlink_to("/usr/bin/python3.2-that-is-gone")
    assert bootstrap.main(["requirements.txt"]) == 0
    assert project == ["-m venv --clear", "-m pip install", "-m pip install"]


def test_an_environment_of_another_python_is_made_anew_where_one_is_named(project: list[str]) -> None:
    assert bootstrap.main(["--this-python", "requirements.txt"]) == 0
    assert project == []
    settings = Path(bootstrap.VENV, "pyvenv.cfg")
    settings.write_text(re.sub("version = .*", "version = 3.99.0", settings.read_text("utf-8")), encoding="utf-8")
    assert bootstrap.main(["requirements.txt"]) == 0
    assert project == []
    assert bootstrap.main(["--this-python", "requirements.txt"]) == 0
    assert project == ["-m venv --clear", "-m pip install", "-m pip install"]


def test_make_hands_on_the_python_that_is_named() -> None:
    for given, named in (([], False), (["PYTHON=python3.99"], True)):
        done = subprocess.run(["make", "-n", "check", *given], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ("python3.99 hooks/papernotes/dev/bootstrap.py --this-python requirements.txt" in done.stdout) == named


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
