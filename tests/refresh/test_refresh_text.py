"""Titles compared: the same paper in other letters is alike, another paper is not."""

from __future__ import annotations

import itertools
import json
import time
import unicodedata

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.refresh.text import alike, clean, fold

LEDGER = ROOT / "docs" / "_data" / "papers.json"
TITLES = [paper["title"] for paper in json.loads(LEDGER.read_text(encoding="utf-8"))["papers"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Attention Is All You Need", "Attention is All you Need", id="case"),
        pytest.param("LoRA: Low-Rank Adaptation", "LoRA : Low Rank  Adaptation", id="punctuation and spaces"),
        pytest.param("A title\n  over two lines", "A title over two lines", id="a wrapped title"),
        pytest.param(r"On $\mathcal{O}(n)$ attention", "On O(n) attention", id="TeX style"),
        pytest.param(r"$\beta$-VAE", "β-VAE", id="Greek"),
        pytest.param(r"Schr\"odinger and Erd\H{o}s", "Schrödinger and Erdős", id="TeX accents"),
        pytest.param(r"\textbf{Bold} claims \& more", "Bold claims & more", id="TeX commands"),
        pytest.param("H<sub>2</sub>O &amp; <i>ice</i>", "H2O & ice", id="HTML"),
        pytest.param("ＧＰＴ－３ and ﬁne-tuning", "GPT-3 and fine-tuning", id="widths and ligatures"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Zero\u200bwidth\u202e joins", "Zerowidth joins", id="control and direction marks"),
        pytest.param("0", "0", id="the title 0"),
        pytest.param("???", "???", id="no letter at all"),
        pytest.param("Segment Anything", "Segment Anythings", id="within the tolerance"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("LLaMA: Open Models", "LLaMA 2: Open Models", id="another number"),
        pytest.param("Textbooks Are All You Need", "Textbooks Are All You Need II: phi-1.5 technical report", id="a sequel"),
        pytest.param("0", "1", id="numbers alone"),
        pytest.param("0", "", id="nothing"),
        pytest.param("???", "!!!", id="signs alone"),
        pytest.param("Mask R-CNN", "Faster R-CNN", id="a relative"),
        pytest.param("直接偏好优化", "近端策略优化", id="Chinese"),
    ],
)  # fmt: skip
def test_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_no_two_papers_of_the_ledger_are_alike() -> None:
    assert not [pair for pair in itertools.combinations(TITLES, 2) if alike(*pair)]


def test_titles_without_end_are_compared_in_no_time() -> None:
    start = time.monotonic()
    assert not alike("ab" * 500_000, "bc" * 500_000)
    assert time.monotonic() - start < 2


@SEEDED
@given(st.text())
def test_clean_text_is_one_line_that_prints(text: str) -> None:
    seen = clean(text)
    assert seen.isprintable()
    assert clean(seen) == seen
    seen.encode("utf-8")
    assert not any(unicodedata.category(char) == "Cf" for char in seen)


@SEEDED
@given(st.text(), st.text())
def test_any_two_titles_can_be_compared(one: str, other: str) -> None:
    assert alike(one, one)
    assert alike(one, other) == alike(other, one)
    assert fold(one) == "" or fold(one).isprintable()
