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
    assert done.returncode == 2
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
        assert done.returncode == 2
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


def test_an_environment_that_was_killed_before_it_had_pip_is_made_anew(project: list[str]) -> None:
    for stamp in Path(bootstrap.VENV).glob("*.done"):
        stamp.unlink()
    assert bootstrap.works(str(Path(bootstrap.VENV, "bin", "python")))
    assert bootstrap.main(["requirements.txt"]) == 0
    assert project == ["-m venv --clear", "-m pip install", "-m pip install"]


TOGETHER = """
import os, sys, time
from papernotes.dev import bootstrap
bootstrap.ROOT, bootstrap.VENV = sys.argv[1], os.path.join(sys.argv[1], ".venv")
def run(command):
    busy = os.open(os.path.join(sys.argv[1], "busy"), os.O_CREAT | os.O_EXCL)
    time.sleep(0.1)
    if "venv" in command:
        import venv
        venv.create(command[-1], clear=True, with_pip=False, symlinks=True)
    print(*command[1:4], flush=True)
    os.close(busy)
    os.unlink(os.path.join(sys.argv[1], "busy"))
bootstrap.run = run
sys.exit(bootstrap.main(["requirements.txt"]))
"""


def test_of_three_at_once_one_sets_up_and_the_others_wait(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    command = [sys.executable, "-c", TOGETHER, str(tmp_path)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert sum(out.count("-m venv --clear") for out, _ in said) == 1
    assert sum(out.count("-m pip install") for out, _ in said) == 2


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
