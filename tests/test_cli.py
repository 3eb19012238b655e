"""The command as a terminal sees it: one finding a line whatever a file is named, one line for every way of ending."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, make_project
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes import cli
from papernotes.base import machine
from papernotes.base.finding import Finding, visible
from papernotes.build import publish
from papernotes.rules import commands

HOSTILE = [
    "\n::error file=a::owned",
    "\r::warning::",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202e",
    "\u2028",
    "\x85",
    "\udcff",
    "%0A::error::",
    "]}",
]
NAMES = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=4).map("".join)


@SEEDED
@given(name=NAMES, what=NAMES, form=st.sampled_from(["text", "github", "json"]))
def test_a_finding_is_one_line_that_prints_in_every_format(name: str, what: str, form: str) -> None:
    finding = Finding(f"docs/papers/{name}.md", 1, 2, "unsafe-name", f"is {what}", "rename it")
    lines = list(commands.lines([finding, finding], form))
    joined = "\n".join(lines).split("\n")
    assert all(line.isprintable() for line in joined)
    joined[0].encode("utf-8")
    if form == "json":
        found = json.loads("\n".join(joined))
        assert found == [vars(finding)] * 2
        assert len(joined) == 4
    else:
        start = "docs/papers/" if form == "text" else "::error file=docs/papers/"
        assert len(joined) == 2
        assert all(line.startswith(start) for line in joined)


def test_a_name_keeps_its_letters() -> None:
    assert visible("论文 é.md") == "论文 é.md"
    assert visible("a\nb\x1b[1m\u202e") == "a\\nb\\x1b[1m\\u202e"


@pytest.mark.parametrize(("count", "lines"), [(100, 100), (101, 101), (5000, 101)])
def test_beyond_a_hundred_findings_of_one_rule_on_one_page_are_counted(count: int, lines: int) -> None:
    many = [Finding("docs/papers/a.md", number, 1, "punctuation", "'!'", "write ！") for number in range(count)]
    other = Finding("docs/papers/b.md", 1, 1, "punctuation", "'!'", "write ！")
    said = list(commands.lines([*many, other], "text"))
    assert len(said) == lines + 1
    assert str(other) in said
    if count > 100:
        assert said[-1] == f"docs/papers/a.md: punctuation: {count - 100} more; all {count} with --format json"
    assert len(json.loads("\n".join(commands.lines(many, "json")))) == count
    assert len(list(commands.lines(many, "github"))) == count


def test_a_verb_waits_for_no_other() -> None:
    code = "import sys; from papernotes.cli import _parser; _parser(['site']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "papernotes.build.commands" in loaded
    assert {"papernotes.rules.checker", "papernotes.build.publish", "yaml", "markdown", "requests"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        pytest.param(KeyboardInterrupt(), 130, "papernotes: interrupted\n", id="Ctrl-C"),
        pytest.param(MemoryError(), 2, "papernotes: too little memory\n", id="memory"),
        pytest.param(RuntimeError("can't start new thread"), 2, "papernotes: too few threads; this system lets no more begin\n", id="threads"),
        pytest.param(BlockingIOError(11, "Resource temporarily unavailable"), 2, "papernotes: too few threads; this system lets no more begin\n", id="processes"),
        pytest.param(OSError(28, "No space left on device"), 2, "papernotes: [Errno 28] No space left on device\n", id="disk"),
    ],
)  # fmt: skip
def test_a_fault_of_the_machine_is_one_line(
    fault: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        raise fault

    monkeypatch.setattr(cli, "VERBS", [verb._replace(run=run) for verb in cli.VERBS])
    assert cli.main(["check"]) == code
    assert capsys.readouterr().err == says


def test_another_fault_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: object) -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr(cli, "VERBS", [verb._replace(run=run) for verb in cli.VERBS])
    with pytest.raises(RuntimeError, match="a bug"):
        cli.main(["check"])


def test_where_memory_is_nearly_used_up_that_is_what_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        raise ImportError("failed to map segment from shared object")

    monkeypatch.setattr(cli, "VERBS", [verb._replace(run=run) for verb in cli.VERBS])
    monkeypatch.setattr(machine, "is_nearly_used_up", lambda: True)
    assert cli.main(["check"]) == 2
    assert capsys.readouterr().err == "papernotes: too little memory\n"


@pytest.mark.parametrize("megabytes", [64, 100, 160, 255])
def test_too_little_memory_is_one_line_before_anything_is_loaded(megabytes: int, tmp_path: Path) -> None:
    command = ["bash", "-c", f'ulimit -v {megabytes * 1024}; exec "$0" -m papernotes site', sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"papernotes: too little memory: {megabytes} MB may be used, 256 are needed\n"


def test_what_is_used_is_held_against_what_may_be() -> None:
    assert machine.memory() > 256 << 20
    assert not machine.is_nearly_used_up()
    script = "x = bytearray(400 << 20); from papernotes.base import machine; print(machine.memory() >> 20, machine.is_nearly_used_up())"
    done = subprocess.run(
        ["bash", "-c", 'ulimit -v 460800; exec "$0" -c "$1"', sys.executable, script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "450 True\n"


def start(*arguments: str, cwd: Path, **options: int) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "papernotes", *arguments]
    return subprocess.Popen(command, cwd=cwd, stdout=pipe, stderr=pipe, text=True, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("after", [0.05, 0.3, 0.8, 1.5])
def test_ctrl_c_says_one_line_at_any_moment(tmp_path: Path, after: float) -> None:
    project = make_project(tmp_path / "project")
    process = start("check", cwd=project)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if after == 0.05:  # Python itself may not have begun to listen
        assert process.returncode in (130, -signal.SIGINT, 0, 1)
    else:
        assert (process.returncode, err) in [(130, "papernotes: interrupted\n"), (0, ""), (1, "")]


def test_ctrl_c_in_the_midst_of_an_exec_has_the_code_of_any_other(tmp_path: Path) -> None:
    """Python remembers that it met one there, and of `python -m` ends by the signal in the end. A dataclass is made so."""
    script = """
from papernotes import __main__, cli
def run(_):
    exec("import os, time; os.kill(os.getpid(), 2); time.sleep(9)")
cli.VERBS = (cli.Verb("wait", "wait", lambda _: None, run),)
__main__.start()
"""
    (tmp_path / "pressed.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pressed", "wait"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "hooks")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "papernotes: interrupted\n")


@pytest.mark.parametrize("arguments", [("--version",), ("check",)])
def test_ctrl_c_while_python_ends_changes_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """What a module holds is deleted after Python has given the signal back to the system."""
    project = make_project(tmp_path / "project")
    script = (
        "import os, signal, sys\nfrom papernotes.__main__ import start\n"
        "class Late:\n    def __del__(self, kill=os.kill, me=os.getpid()):\n        kill(me, 2)\n"
        "late = Late()\nstart()"
    )
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    page = next((project / "docs" / "papers").glob("*.md"))
    page.write_text(page.read_text(encoding="utf-8") + "\n厉害!\n" * 3000, encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "papernotes", "check", "--format", "json"]
    done = subprocess.run(command, cwd=project, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_where_the_site_goes_is_kept(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    (project / "site").write_text("mine", encoding="utf-8")
    with pytest.raises(publish.BuildFailed, match=re.escape(f"{str(project / 'site')!r} is a file, not a folder")):
        publish.build(project / "mkdocs.yml", site_dir=project / "site")
    assert (project / "site").read_text(encoding="utf-8") == "mine"


def test_under_a_narrow_umask_others_can_read_the_site(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    process = start("site", cwd=project, umask=0o077)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    for path in [project / "site", *(project / "site").rglob("*")]:
        needed = 0o755 if path.is_dir() else 0o644
        assert path.stat().st_mode & needed == needed, path
