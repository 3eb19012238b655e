"""What git tells of a folder: the files that changed, and what `check` reports of them alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from papernotes import cli
from papernotes.base.git import NoGitError, changed_files, changed_lines


def git(folder: Path, *arguments: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder, check=True, capture_output=True, env={**os.environ, **identity},
    )  # fmt: skip


@pytest.fixture
def repository(docs: Path) -> Path:
    root = docs.parent
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "--message", "all")
    git(root, "switch", "--create", "mine")
    return root


def spoil(root: Path, name: str) -> None:
    file = root / "docs" / name
    file.write_text(file.read_text(encoding="utf-8") + "\n# 一级标题\n", encoding="utf-8")


def test_committed_uncommitted_and_new_files_count_as_changed(repository: Path) -> None:
    assert changed_files(repository) == frozenset()
    spoil(repository, "papers/dpo.md")
    git(repository, "commit", "--all", "--message", "one")
    spoil(repository, "papers/small.md")
    (repository / "docs" / "papers" / "新.md").write_text("x", encoding="utf-8")
    (repository / "docs" / "topics" / "fine-tuning.md").unlink()
    assert changed_files(repository) == {"docs/papers/dpo.md", "docs/papers/small.md", "docs/papers/新.md"}


def test_check_reports_the_changed_files_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(repository, "papers/dpo.md")
    git(repository, "commit", "--all", "--message", "already there")
    git(repository, "branch", "--force", "main", "HEAD")
    spoil(repository, "papers/small.md")
    assert cli.main(["check", "--docs", str(repository / "docs"), "--changed"]) == 1
    out = capsys.readouterr().out
    assert "docs/papers/small.md:" in out
    assert "docs/papers/dpo.md:" not in out
    assert "\n1 pages checked of " in out
    git(repository, "commit", "--all", "--message", "mine")
    git(repository, "branch", "--force", "main", "HEAD")
    assert cli.main(["check", "--docs", str(repository / "docs"), "--changed"]) == 0
    assert capsys.readouterr().out.startswith("0 pages checked of ")


def test_what_the_branch_broke_comes_first_wherever_it_stands(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(repository, "papers/small.md")
    git(repository, "commit", "--all", "--message", "already there")
    git(repository, "branch", "--force", "main", "HEAD")
    page, other = (repository / "docs" / "papers" / name for name in ("small.md", "instructgpt.md"))
    page.write_text(page.read_text("utf-8").replace("## 写法\n", "## 写法\n\n见 [没有](no.md)。\n"), encoding="utf-8")
    text = other.read_text("utf-8")
    other.write_text(
        text.replace("id: pipeline", "id: pipelines").replace("[@fig:pipeline", "[@fig:pipelines"), encoding="utf-8"
    )
    assert cli.main(["check", "--docs", str(repository / "docs"), "--changed"]) == 1
    found = re.findall(r"^docs/([^:]+):\d+:\d+: ([a-z-]+): ", capsys.readouterr().out, re.MULTILINE)
    assert found == [
        ("papers/instructgpt.md", "figure-unmentioned"),  # in lines of the branch
        ("papers/small.md", "link-target"),
        ("figures.md", "figure-reference"),  # to what it has renamed
        ("papers/instructgpt.md", "figure-reference"),
        ("papers/small.md", "heading"),  # which was there before
    ]


def test_changed_lines(repository: Path) -> None:
    page = repository / "docs" / "papers" / "dpo.md"
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    page.write_text("".join(["---\n", "new: 1\n", *lines[1:10], *lines[12:]]), encoding="utf-8")
    (repository / "docs" / "new.md").write_text("x", encoding="utf-8")
    found = changed_lines(repository)
    added, around = found["docs/papers/dpo.md"]
    assert added == range(2, 3)
    assert 12 in around and len(around) == 2  # the lines before and after those that are gone
    assert 10_000 in found["docs/new.md"][0]


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        pytest.param("nowhere", "git knows no nowhere; name a branch or commit: --changed BASE", id="unknown"),
        pytest.param("--output=x", "'--output=x' is not a name of a branch or commit", id="an option"),
    ],
)
def test_a_base_that_is_none(repository: Path, base: str, sentence: str) -> None:
    with pytest.raises(NoGitError) as caught:
        changed_files(repository, base)
    assert str(caught.value) == sentence


def test_without_git(docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(docs.parent.parent))
    assert cli.main(["check", "--docs", str(docs), "--changed"]) == 2
    assert capsys.readouterr().err.startswith("papernotes: not a git repository")
    monkeypatch.setenv("PATH", "")
    assert cli.main(["check", "--docs", str(docs), "--changed"]) == 2
    assert capsys.readouterr().err == "papernotes: git is not installed\n"


def test_a_page_or_a_folder_may_be_named(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(docs.parent, "papers/dpo.md")
    spoil(docs.parent, "topics/fine-tuning.md")
    for path, count in (("papers", 1), ("topics/fine-tuning.md", 1), ("", 2), ("papers/small.md", 0)):
        assert cli.main(["check", "--docs", str(docs), "--format", "json", str(docs / path)]) == (1 if count else 0)
        assert len({finding["path"] for finding in json.loads(capsys.readouterr().out)}) == count


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param("docs/papers/no.md", "there is no 'docs/papers/no.md'", id="missing"),
        pytest.param("/", "'/' is not below ", id="outside"),
    ],
)
def test_a_path_that_cannot_be_checked(
    docs: Path, path: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "--docs", str(docs), path]) == 2
    assert capsys.readouterr().err.startswith(f"papernotes: {sentence}")


def test_the_summary_counts_by_rule_and_names_the_catalogue(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(docs.parent, "papers/dpo.md")
    assert cli.main(["check", "--docs", str(docs)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "what each rule asks for, with examples: docs/guide/rules.md (guide/rules.html#heading)" in lines
    assert any(line.startswith("by rule: ") and "heading 1" in line for line in lines)
    assert any(line.endswith("findings in 1 files, 0 silenced") for line in lines)


def test_annotations_for_github_are_escaped(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = docs / "papers" / "small.md"
    file.write_text(file.read_text(encoding="utf-8").replace("## 写法", "# 百分之 5%"), encoding="utf-8")
    assert cli.main(["check", "--docs", str(docs), "--format", "github"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "::error file=docs/papers/small.md,line=14,col=1,title=heading：标题从二级开始，不跳级，不为空，同页不重复::'百分之 5%25' is a heading of level 1; "
        "begin with ##; the title comes from the front matter"
    )
