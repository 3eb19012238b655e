"""Sentences and their fingerprints: what is cut where, and what a fingerprint does not see."""

from __future__ import annotations

import pytest

from papernotes.text import sentences


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(("We train a model.", "It is small."), id="two sentences"),
        pytest.param(("Is it so?", "We ask!", "It is."), id="marks that are not full stop"),
        pytest.param(("We follow Smith et al. and Lee et al. in this.", "Both agree."), id="et al. before a small letter"),
        pytest.param(("Unlike Smith et al. We use none.",), id="et al. never ends one"),
        pytest.param(("Many tasks (e.g. Q&A, i.e. answers) improve.", "Others do not."), id="e.g. and i.e."),
        pytest.param(("See Fig. 2 and Eq. 3 in Sec. 4.", "They agree."), id="names with numbers"),
        pytest.param(("It gains 3.5 points over v1.0.", "So does another."), id="decimals"),
        pytest.param(("It beats Llama 2 7 B.", "Others lose."), id="a unit of one letter ends a sentence"),
        pytest.param(("Work by J. Smith and A. B. Lee is used.", "We thank them."), id="initials"),
        pytest.param(("It costs $f(x. Y) = 1. Z$ in all.", "No more."), id="a full stop in a formula"),
        pytest.param(("See https://example.org/a.b?c.d for more.", "It is free."), id="an address"),
        pytest.param(("Code is at https://example.org/a.", "Models too."), id="an address at the end"),
        pytest.param(("It works in zero-shot settings.", "make weights public"), id="a small letter begins one"),
        pytest.param(("We test vision, speech, etc. in all.", "It works."), id="etc. inside"),
        pytest.param(("We test vision, speech, etc.", "We find it works."), id="etc. at the end"),
        pytest.param(('They call it "attention."', "Nobody objects."), id="the quotation mark belongs to its sentence"),
        pytest.param(("It helps (in all settings.)", "It is free."), id="a closing bracket"),
        pytest.param(("It wins on 12 tasks ... and loses none.",), id="three dots go on"),
        pytest.param(("One word",), id="no full stop at all"),
        pytest.param((), id="nothing"),
    ],
)  # fmt: skip
def test_cut_gives_the_sentences(parts: tuple[str, ...]) -> None:
    assert sentences.cut(" ".join(parts)) == parts


def test_cut_joins_lines() -> None:
    assert sentences.cut("  We train\na model.\n  It\tis small.\n") == ("We train a model.", "It is small.")


def test_cut_takes_a_long_text_in_its_stride() -> None:
    text = "A sentence (with e.g. this) stands here. " * 10_000
    assert len(sentences.cut(text)) == 10_000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a  b\nc", "a b c", id="white space"),
        pytest.param("“a” ‘b’ it’s", "\"a\" 'b' it's", id="quotation marks"),
        pytest.param("``a'' `b'", "\"a\" 'b'", id="quotation marks of TeX"),
        pytest.param("a -- b --- c", "a – b — c", id="dashes"),
        pytest.param("good—such as this—and bad", "good - such as this - and bad", id="dashes without and with spaces"),
        pytest.param("pre\u2010trained", "pre-trained", id="a hyphen of another kind"),
        pytest.param(r"\textit{Pythia} \textbf{is \emph{new}}", "Pythia is new", id="fonts, one in another"),
        pytest.param(r"{\it Pythia} is new", "Pythia is new", id="a font that is switched"),
        pytest.param(r"at \url{https://example.org/a_b}", "at https://example.org/a_b", id="an address in TeX"),
        pytest.param("at <https://example.org/>", "at https://example.org/", id="an address in angle brackets"),
        pytest.param("Adapters~(LoRA)", "Adapters (LoRA)", id="a space that does not break"),
        pytest.param(r"4$\times$ more, 5\% less", "4× more, 5% less", id="signs"),
        pytest.param(r"in $O(n \sqrt{n})$", r"in O(n \sqrt{n})", id="a formula with and without dollars"),
        pytest.param("\ufb01ne-tuning", "fine-tuning", id="a ligature"),
    ],
)
def test_fingerprint_does_not_see(one: str, other: str) -> None:
    assert sentences.normalise(one) == sentences.normalise(other)
    assert sentences.fingerprint(one) == sentences.fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("28.4 BLEU", "28.5 BLEU", id="a digit"),
        pytest.param("the model", "The model", id="a capital"),
        pytest.param("ensembles, by", "ensembles by", id="a comma"),
        pytest.param("pretrained", "pre-trained", id="a hyphen more"),
    ],
)
def test_fingerprint_sees(one: str, other: str) -> None:
    assert sentences.fingerprint(one) != sentences.fingerprint(other)


def test_fingerprints_stay() -> None:
    """They stand in pages: who changes `cut` or `normalise` adds a version."""
    text = "We train ``a model'' -- small. It works."
    assert [sentences.fingerprint(each) for each in sentences.cut(text)] == ["9dd057e5", "b2255098"]
