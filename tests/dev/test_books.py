"""The verb `books`: which commits change both books of a paper, and whether they say what was read."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from papernotes import cli

PAGE = "docs/papers/small.md"
BOOK = "docs/_data/evidence/2106.09685.json"


def git(folder: Path, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, **names})


@pytest.fixture
def root(docs: Path) -> Path:
    root = docs.parent
    book(root, "89.5", "90.1")
    git(root, "init")
    commit(root, "all")
    return root


def book(root: Path, *numbers: str) -> None:
    file = root / BOOK
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"places": [{"place": "表 2", "numbers": list(numbers)}]}), encoding="utf-8")


def page(root: Path, old: str, new: str) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    assert old in text
    (root / PAGE).write_text(text.replace(old, new), encoding="utf-8")


def commit(root: Path, message: str) -> None:
    git(root, "add", ".")
    git(root, "commit", "--message", message)


def books(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = cli.main(["books", *arguments, "--docs", str(root / "docs")])
    return code, [
        line[11:] if line[:1].isalnum() and line[10:11] == " " else line
        for line in capsys.readouterr().out.splitlines()
    ]


NONE = "0 commits change a page's numbers and its evidence together, 0 without saying what was read"


def test_one_book_at_a_time_is_no_matter(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page(root, "90.1", "90.4")
    commit(root, "the page")
    book(root, "89.5", "90.4")
    commit(root, "its evidence")
    page(root, "提高了", "高了")
    book(root, "89.5", "90.4", "91.7")
    commit(root, "words of the page, a number of the evidence")
    assert books(root, capsys, "HEAD~3") == (0, [NONE])


@pytest.mark.parametrize(
    ("message", "lacks"),
    [
        pytest.param("correct a number", "    its message does not name the text or the place that was read", id="neither"),
        pytest.param("correct a number\n\nTable 2", "    its message does not name the text that was read", id="place alone"),
        pytest.param("correct a number\n\narXiv:2106.09685v2", "    its message does not name the place that was read", id="text alone"),
        pytest.param("correct a number\n\nRead in the PDF of 2106.09685v2, 表 2", "", id="both"),
    ],
)  # fmt: skip
def test_both_books_at_once(root: Path, capsys: pytest.CaptureFixture[str], message: str, lacks: str) -> None:
    page(root, "90.1", "90.4 和 77.7")
    book(root, "89.5", "90.40")
    commit(root, message)
    code, said = books(root, capsys, "HEAD~1")
    assert code == (1 if lacks else 0)
    assert said == [
        "correct a number",
        f"    {PAGE}: new in page and evidence: 90.4; new in the page alone: 1",
        *([lacks] if lacks else []),
        f"1 commits change a page's numbers and its evidence together, {int(bool(lacks))} without saying what was read",
    ]


def test_the_first_commit_counts_as_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = books(root, capsys)
    assert (code, said[0]) == (1, "all")


@pytest.mark.parametrize("base", ["nowhere", "--output=x"])
def test_a_base_that_is_none(root: Path, capsys: pytest.CaptureFixture[str], base: str) -> None:
    assert cli.main(["books", "--docs", str(root / "docs"), "--", base]) == 2
    assert capsys.readouterr().err == f"papernotes: git knows no {base!r}; name a branch or commit\n"


def test_without_a_repository(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["books", "--docs", str(docs)]) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_evidence_that_cannot_be_read_has_no_numbers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page(root, "90.1", "90.4")
    (root / BOOK).write_text("[" * 100_000, encoding="utf-8")
    commit(root, "broken")
    assert books(root, capsys, "HEAD~1") == (0, [NONE])
