"""Folding: the form in which index and query meet."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from conftest import ROOT
from scripts import Scripts, module

from papernotes.search import fold

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/cases/search/fold.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_fold(case: dict[str, Any]) -> None:
    assert fold.fold(case["text"]) == case["folded"]


@pytest.fixture(scope="module")
def folding() -> Scripts:
    """The browser's side, with the whole table of traditional forms."""
    scripts = Scripts("search/match.js")
    table = sorted(fold.simplified().items())
    scripts.call(module("search/fold.js", "setSimplified"), "".join(p[0] for p in table), "".join(p[1] for p in table))
    return scripts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_browser_folds_the_same(folding: Scripts, case: dict[str, Any]) -> None:
    found = folding.call(module("search/fold.js", "foldWithPlaces"), case["text"])
    assert found["folded"] == case["folded"] == folding.call(module("search/fold.js", "fold"), case["text"])
    units = len(case["folded"].encode("utf-16-le")) // 2
    assert len(found["at"]) == units + 1
    assert found["at"] == sorted(found["at"])
    assert found["at"][-1] == len(case["text"].encode("utf-16-le")) // 2


def test_every_character_of_both_sides_is_an_ideograph_or_none(folding: Scripts) -> None:
    """The ranges of ideographs are written in both languages; here the borders of each are asked."""
    borders = (0x1100, 0x1200, 0x3005, 0x3008, 0x3040, 0x3100, 0x3400, 0x4DC0, 0x4E00, 0xA000, 0x20000, 0x40000)
    codes = [code for border in borders for code in (border - 1, border)]
    python = [bool(re.match(f"[{fold.CJK}]", chr(code))) for code in codes]
    assert [folding.call(module("search/fold.js", "isCjk"), chr(code)) for code in codes] == python


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("fine.tuning", ["fine", "tuning", "finetuning"], id="a compound is also typed without its sign"),
        pytest.param("gpt.4", ["gpt", "4", "gpt4"], id="a version after a sign"),
        pytest.param("llama 2 70b", ["llama", "2", "70b", "llama2"], id="a version after a space"),
        pytest.param("48 gb", ["48", "gb", "48gb"], id="a unit after a space"),
        pytest.param("of 2023", ["of", "2023"], id="a year is not a version"),
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
