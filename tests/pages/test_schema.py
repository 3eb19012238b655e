"""The schemas and snippets are what the code would write now; what is on the site fits them, and what is wrong does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, problems

from papernotes import cli
from papernotes.data import front_matter
from papernotes.data.site import Site
from papernotes.pages.files import schema


@pytest.fixture(scope="module")
def made(fixture: Site) -> dict[str, dict[str, Any]]:
    return schema.schemas(fixture.tags)


GOOD = {
    "arxiv": "2106.09685", "name": "LoRA", "title": "标题", "tier": "short", "summary": "一句。", "tags": ["微调"],
    "builds_on": [], "checked": {"day": "2026-11-23", "by": "writer"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({}, [], id="nothing wrong"),
        pytest.param({"arxiv": 2106.09685}, ["$.arxiv: type"], id="id as a number"),
        pytest.param({"arxiv": "2106.9"}, ["$.arxiv: pattern"], id="id too short"),
        pytest.param({"version": 0}, ["$.version: minimum"], id="version 0"),
        pytest.param({"tier": "long"}, ["$.tier: enum"], id="unknown tier"),
        pytest.param({"summary": "长" * 121}, ["$.summary: maxLength"], id="long summary"),
        pytest.param({"tags": []}, ["$.tags: minItems"], id="no tag"),
        pytest.param({"tags": ["微条"]}, ["$.tags[0]: enum"], id="unknown tag"),
        pytest.param({"builds_on": ["2005.14165"] * 2}, ["$.builds_on: uniqueItems"], id="twice"),
        pytest.param({"checked": {"day": "23.11.2026", "by": "me"}}, ["$.checked.by: enum", "$.checked.day: format", "$.checked.day: pattern"], id="checked"),
        pytest.param({"titel": "标题"}, ["$: additionalProperties"], id="misspelt key"),
        pytest.param({"redirect_from": ["../x.html"]}, ["$.redirect_from[0]: pattern"], id="address"),
    ],
)  # fmt: skip
def test_the_editor_complains_of_what_the_checker_would(
    made: dict[str, dict[str, Any]], change: dict[str, Any], problem: list[str]
) -> None:
    assert problems({**GOOD, **change}, made["paper"]) == problem


def test_every_key_that_the_code_reads_is_described_in_chinese(made: dict[str, dict[str, Any]]) -> None:
    records = {name: made[name] for name in ("paper", "topic", "page")}
    records |= {"term": made["terms"]["items"], "record": made["ledger"]["properties"]["papers"]["items"]}
    for name, record in records.items():
        for key, value in record["properties"].items():
            assert re.search(r"[\u4e00-\u9fff].*。$", value["description"]), (name, key)


def test_snippets_complete_every_key_and_every_construct(fixture: Site) -> None:
    made = schema.snippets(fixture.tags)
    prefixes = {snippet["prefix"] for snippet in made.values()}
    assert {f"{field.name}:" for field in (*front_matter.PAPER_FIELDS, *front_matter.TOPIC_FIELDS)} <= prefixes
    assert {"pn-paper", "pn-figure", "pn-source", "pn-ref", "pn-note"} <= prefixes
    assert "|" + ",".join(fixture.tags) + "|" in "".join(made["头信息：tags"]["body"])


def test_the_workspace_settings_name_files_that_exist() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for entry in settings["json.schemas"]:
        assert (ROOT / entry["url"]).is_file()
        assert all(any(ROOT.glob(name.lstrip("/"))) for name in entry["fileMatch"])
    for url, name in settings["yaml.schemas"].items():
        assert (ROOT / url).is_file()
        assert any(ROOT.glob(name))


def test_the_task_reads_a_finding() -> None:
    tasks = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))
    pattern = tasks["tasks"][0]["problemMatcher"]["pattern"]
    line = "docs/papers/lora.md:2:8: arxiv-id: '2106.0968' needs 5 digits after the dot; copy the id"
    match = re.match(pattern["regexp"], line)
    assert match is not None
    assert [match[pattern[part]] for part in ("file", "line", "column", "code")] == ["docs/papers/lora.md", "2", "8", "arxiv-id"]  # fmt: skip


def test_the_verb_writes_only_what_changed(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schemas", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out.count("written: ") == 12
    assert cli.main(["schemas", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out == ""
