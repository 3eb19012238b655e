"""Numbers, however they are written, in the index and in the browser."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from scripts import Scripts, module

from papernotes.search import fold, numbers

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/cases/search/numbers.yml").read_text("utf-8"))
BROWSER = Scripts("search/numbers.js")


def both_sides(folded: str) -> list[str]:
    """The keys of a text, read by either side; that both find the same, and at the same places, is asserted."""
    found = list(numbers.find(folded))
    theirs = BROWSER.call(module("search/numbers.js", "numbersIn"), folded)
    assert [(one["start"], one["end"], one["key"]) for one in theirs] == found
    return [key for _, _, key in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_keys_of_a_text(case: dict[str, Any]) -> None:
    assert both_sides(fold.fold(str(case["text"]))) == case["keys"]


@given(st.text(alphabet="0123479.一两三十百千万亿零个位倍bkmtx 年年", max_size=14))
def test_whatever_is_written_both_sides_read_the_same(text: str) -> None:
    both_sides(fold.fold(text))
