"""The numerals of a paper's text, as printed: one notation for what comes from HTML, from TeX and from the glyphs of a PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from papernotes.text import quantities
from papernotes.text.quantities import MAX_LENGTH

BREAK: Final = " ; "
"""Stands between two stretches of text that are no one sentence: cells, captions, paragraphs. No numeral goes over it."""

_STRETCH: Final = 4_000
"""Characters read at once."""

_NUMBER: Final = r"\(?[A-Z]?\.?\d+(?:\.\d+)*[a-z]?\)?(?!\s?[%×]|[.\d]*\d|[KMB]\b)"
_REFERENCES: Final = re.compile(
    r"(?:§+|\b(?:[Ss]ections?|[Ss]ecs?\.|[Aa]ppendi(?:x|ces)|[Aa]pp\.|[Tt]ables?|[Tt]abs?\.|[Ff]igures?|[Ff]igs?\.|[Ee]quations?|[Ee]qs?\."
    r"|[Aa]lgorithms?|[Ll]istings?|[Tt]heorems?|[Ll]emmas?|[Pp]ropositions?|[Ff]ootnotes?|[Cc]hapters?))"
    rf"\s?{_NUMBER}(?:\s?(?:and|or|to|&|-)\s?{_NUMBER})*"
)
_CITATIONS: Final = re.compile(
    r"\[\d{1,3}(?:\s?[,;-]\s?\d{1,3})*\]|\([^()\d]{2,80},\s?(?:19|20)\d\d[a-z]?[^()]{0,400}\)|\bet al\.,?\s\(?(?:19|20)\d\d[a-z]?\)?"
)
_LONG: Final = re.compile(r"\d{30,}")
"""Digits that are no number."""
_SPACES: Final = re.compile(r"[\s\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+")
_SAME: Final = str.maketrans({
    "−": "-", "‐": "-", "‑": "-", "–": "-", "﹣": "-", "∼": "~", "～": "~", "％": "%", "∗": "*", "⋅": "·", "\u00ad": "", "\u2062": "", "\u2061": "",
})  # fmt: skip
_RAISED: Final = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
_LOWERED: Final = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def clean(text: str) -> str:
    """One line with plain spaces, one kind of minus sign, and raised digits as `scripted` has them."""
    text = _LONG.sub(" ", text.translate(_SAME))

    def written(match: re.Match[str]) -> str:
        return scripted(text[max(0, match.start() - 12) : match.start()], match[0].translate(_LOWERED), raised=True)

    return _SPACES.sub(" ", _RAISED.sub(written, text)).strip()


def scripted(before: str, script: str, *, raised: bool) -> str:
    """What to write for a superscript or subscript behind a text, so that numbers stay numbers and indices vanish.

    Powers of 10 and 2 become `^-4`; a deviation or a second value set small stays; a unit stays; marks of notes, indices and
    ordinals go.
    """
    script, before = script.strip().translate(_SAME), before[-12:].rstrip()
    if script.startswith("±") or (raised and script in {"×", "x", "%"}):
        return script
    if raised and re.fullmatch(r"-?\d{1,3}", script) and re.search(r"(?:(?<![\d.,])10|(?<![\w.,])2)\Z", before):
        return f"^{script}"
    if re.search(r"\d\.\d", script) and re.search(r"[\d%)]\Z", before):
        return f" {script}"
    return ""


def without_references(text: str, *, citations: bool = False) -> str:
    """A text without the numbers that point elsewhere in the paper; `citations`: nor those that point into its list of works."""
    if citations:
        text = _CITATIONS.sub(" ", text)
    return _REFERENCES.sub(" ", text)


def numerals(text: str) -> list[str]:
    """The numerals of a text, from left to right, each once; what shares a unit or a deviation is one: 12-15 hours, 86.4±0.2."""
    found = dict.fromkeys(_tidy(piece) for stretch in _stretches(text) for piece in _pieces(stretch))
    return [piece for piece in found if len(piece) <= MAX_LENGTH and quantities.printed(piece)]


def _stretches(text: str) -> Iterable[str]:
    """A text cut where no numeral goes over, so that reading it takes time in proportion to its length."""
    for stretch in text.split(BREAK):
        while len(stretch) > _STRETCH:
            end = stretch.rfind(" ", 0, _STRETCH)
            end = end if end > 0 else _STRETCH
            yield stretch[:end]
            stretch = stretch[end:]
        yield stretch


def _pieces(text: str) -> Iterable[str]:
    amounts = quantities.printed(text)
    shared = Counter(
        amount.start for amount in amounts
    )  # the first number of a range is given twice: bare, and with the unit
    ends = {amount.start: amount.end for amount in amounts}
    joined = {
        one
        for one, other in pairwise(sorted(ends))
        if text[ends[one] : other].strip() == "±" or (shared[one] > 1 and other - ends[one] < 8)
    }
    begin = None
    for start in sorted(ends):
        begin = start if begin is None else begin
        if start not in joined:
            spread = "±" if text[max(0, begin - 3) : begin].rstrip().endswith("±") else ""
            yield spread + text[begin : ends[start]]
            begin = None


def _tidy(piece: str) -> str:
    piece = re.sub(r"\s?([×±^])\s?", r"\1", piece.strip(" -"))
    return re.sub(r"\^\{?(-?\d+)\}?", r"^\1", piece)
