"""The weekly workflow: pinned, with no more rights than it needs, and in step with the command's exit codes."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from conftest import ROOT

from papernotes.refresh import report

FILE = ROOT / ".github" / "workflows" / "refresh.yml"
TEXT = FILE.read_text(encoding="utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_it_runs_once_a_week() -> None:
    (times,) = WORKFLOW[True]["schedule"]  # YAML 1.1 reads `on` as true
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", times["cron"])


def test_every_action_is_pinned_by_its_commit() -> None:
    uses = [step["uses"] for step in STEPS if "uses" in step]
    assert uses
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one) for one in uses)
    assert all(re.search(rf"{re.escape(one)} # v\d+\.\d+\.\d+\n", TEXT) for one in uses)


def test_only_the_job_that_runs_none_of_our_code_may_write() -> None:
    assert WORKFLOW["permissions"] == {}
    rights = {name: job["permissions"] for name, job in WORKFLOW["jobs"].items()}
    assert rights == {
        "refresh": {"contents": "read"},
        "propose": {"contents": "write", "pull-requests": "write", "actions": "write"},
    }
    written = "\n".join(step.get("run", "") for step in WORKFLOW["jobs"]["propose"]["steps"])
    assert not re.search(r"\b(make|python|pip)\b", written)


def test_keys_are_seen_by_one_step_alone() -> None:
    assert [step["name"] for step in STEPS if "secrets." in str(step)] == ["refresh"]


def test_nothing_foreign_is_pasted_into_a_script() -> None:
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


@pytest.mark.parametrize("code", [report.OK, report.LOOK, report.LATER])
def test_the_exit_codes_are_those_of_the_command(code: int) -> None:
    (step,) = [step for step in STEPS if step.get("id") == "refresh"]
    assert f"  {code}) " in step["run"]
    assert '*) exit "$code"' in step["run"]


def test_the_checks_run_on_what_was_refreshed() -> None:
    runs = [step.get("run", step.get("id", "")) for step in WORKFLOW["jobs"]["refresh"]["steps"]]
    refresh = next(number for number, run in enumerate(runs) if "papernotes refresh" in run)
    assert "make check site" in runs[refresh:]


def test_the_proposal_says_what_newer_versions_do_to_the_pages() -> None:
    runs = [str(step.get("run", step.get("with", ""))) for step in STEPS]
    places = [
        next(at for at, run in enumerate(runs) if part in run)
        for part in ("papernotes refresh", "read --newer", "refresh.md\n")
    ]
    assert places == sorted(places)
    assert ">> refresh.md" in runs[places[1]]
