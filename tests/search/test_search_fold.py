"""Folding: the form in which index and query meet."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from conftest import ROOT

from papernotes.search import fold

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/cases/search/fold.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_fold(case: dict[str, Any]) -> None:
    assert fold.fold(case["text"]) == case["folded"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("fine.tuning", ["fine", "tuning", "finetuning"], id="a compound is also typed without its sign"),
        pytest.param("gpt.4", ["gpt", "4", "gpt4"], id="a version after a sign"),
        pytest.param("llama 2 70b", ["llama", "2", "70b", "llama2"], id="a version after a space"),
        pytest.param("48 gb", ["48", "gb", "48gb"], id="a unit after a space"),
        pytest.param("of 2023", ["of", "2023"], id="a year is no version"),
        pytest.param("使用lora微调", ["lora"], id="ideographs end a word"),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert fold.words(text) == words


def test_the_table_gives_the_end_of_every_way() -> None:
    table = fold.simplified()
    assert len(table) > 3700
    assert [char for char, target in table.items() if table.get(target, target) != target] == []


def test_folding_twice_changes_nothing() -> None:
    for case in CASES:
        assert fold.fold(case["folded"]) == case["folded"]
