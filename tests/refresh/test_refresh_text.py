"""Titles compared: the same paper in other letters is alike, another paper is not."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED
from steps import TOLERATED, growth

from papernotes.refresh.services.text import alike, clean, fold

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
        pytest.param("Segment Anything", "Segment Anythings", id="a plural"),
        pytest.param("Modeling Behavior at Scale", "Modelling Behaviour at Scale", id="British spelling"),
        pytest.param("Minimizing the Loss of Models", "Minimising Loss of Models", id="s for z, and an article"),
        pytest.param(
            "Instruction Finetuning of Language Models", "Instruction Fine-Tuning for Language Models", id="small words"
        ),
        pytest.param("A Survey of Pretraining", "Survey of Pre-training", id="an article at the beginning"),
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
        pytest.param("Reinforcement Learning of Graph Things, Part I", "Reinforcement Learning of Graph Things, Part II", id="parts"),
        pytest.param("Reinforcement Learning of Graph Things, Part XVII", "Reinforcement Learning of Graph Things, Part XVIII", id="late parts"),
        pytest.param("Reinforcement Learning of Graph Things: Part A", "Reinforcement Learning of Graph Things: Part B", id="parts by letter"),
        pytest.param("Reinforcement Learning of Graph Things, Part", "Reinforcement Learning of Graph Things, Part A", id="a part by letter alone"),
        pytest.param("Reinforcement Learning of Graph Things, Part One", "Reinforcement Learning of Graph Things, Part Two", id="parts by word"),
        pytest.param("Why Language Models Can Reason About Numbers", "Why Language Models Cannot Reason About Numbers", id="cannot"),
        pytest.param("Attention Is All You Need for Translation", "Attention Is Not All You Need for Translation", id="not"),
        pytest.param("Attention Is All You Need for Translation", "Attention Isn't All You Need for Translation", id="isn't"),
        pytest.param("Training Very Deep Networks with Normalization", "Training Very Deep Networks without Normalization", id="without"),
        pytest.param("Supervised Learning of Image Representations", "Unsupervised Learning of Image Representations", id="un-"),
        pytest.param("Semi-Supervised Learning of Image Representations", "Self-Supervised Learning of Image Representations", id="semi- and self-"),
        pytest.param("Symmetric Losses for Ranking Long Documents", "Asymmetric Losses for Ranking Long Documents", id="a-"),
        pytest.param("Microscopic Models of Large Training Runs", "Macroscopic Models of Large Training Runs", id="micro and macro"),
        pytest.param("Comment on: Scaling Laws for Neural Language Models", "Scaling Laws for Neural Language Models", id="a comment on it"),
        pytest.param("Towards Scaling Laws for Neural Language Models", "Scaling Laws for Neural Language Models", id="towards it"),
        pytest.param("图灵机可能停机的条件与证明的方法", "图灵机不可能停机的条件与证明的方法", id="a Chinese negation"),
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


def test_titles_without_end_are_compared_in_time_that_grows_as_they_do() -> None:
    def compare(size: int) -> None:
        assert not alike("ab" * size, "bc" * size)

    assert growth(compare, 50_000, 500_000) < 10 * TOLERATED


WORDS = st.sampled_from(sorted({word for title in TITLES for word in re.findall("[A-Za-z]{5,}", title)}))
NAMES = st.lists(WORDS, min_size=2, max_size=9, unique_by=str.lower)
OTHER = ["Part I", "Part II", "Part IV", "Part 2", "2", "Part A", "Part B", "Part One", "Volume Two", "Revisited"]
NEGATED = ["Not", "No", "Without", "Never", "Cannot", "Non"]
PREFIXES = ["un", "non", "anti", "multi", "semi", "self", "pre", "post", "meta"]


@SEEDED
@given(words=NAMES, data=st.data())
def test_a_part_a_negation_or_a_prefix_makes_another_title(words: list[str], data) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    kind = data.draw(st.sampled_from(["part", "parts", "negation", "prefix", "word before"]))
    one, other = list(words), list(words)
    if kind in {"part", "parts"}:
        parts = data.draw(st.lists(st.sampled_from(OTHER), min_size=2, max_size=2, unique=True))
        other.append(parts[0])
        one += [parts[1]] if kind == "parts" else []
    elif kind == "negation":
        other.insert(place, data.draw(st.sampled_from(NEGATED)))
    elif kind == "prefix":
        other[place] = (
            data.draw(st.sampled_from(PREFIXES)) + data.draw(st.sampled_from(["", "-"])) + other[place].lower()
        )
    else:
        other.insert(0, data.draw(st.sampled_from(["Comment on", "Reply to", "Towards", "Erratum:", "Rethinking"])))
    assert not alike(" ".join(one), " ".join(other))


@SEEDED
@given(words=NAMES, data=st.data())
def test_letters_signs_and_plurals_do_not_make_another_title(words: list[str], data) -> None:
    signs = st.sampled_from([" ", ", ", ": ", " – ", "-", "  "])
    forms = st.sampled_from(
        [
            str.upper,
            str.lower,
            str.title,
            lambda word: f"{word}s",
            lambda word: f"<i>{word}</i>",
            lambda word: rf"\\emph{{{word}}}",
        ]
    )
    other = "".join(data.draw(forms)(word) + data.draw(signs) for word in words)
    assert alike(" ".join(words), other)


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
