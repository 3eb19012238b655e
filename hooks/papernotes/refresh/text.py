"""Foreign text: made safe to keep and show, and two titles compared."""

from __future__ import annotations

import html
import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

TOLERANCE: Final = 0.9
"""Two folded titles are alike from this share of equal characters on, if their numbers are the same."""

_COMPARED: Final = 4000  # characters of a title, markup included; no title is longer, and a stranger's answer may be

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_STYLE = re.compile(
    r"\\(?:math|text)?(?:cal|bf|bb|it|rm|sf|tt|sc|frak|scr|normal|emph|text|operatorname|mbox|em)(?![A-Za-z])"
)
_ACCENT = re.compile(r"\\[\"'`^~=.](?=[{\\A-Za-z])|\\[uvHtcdbkr](?=\{)")


def clean(text: str) -> str:
    """One line of text without control characters, direction marks and half characters."""
    seen = (" " if char.isspace() else char for char in text)
    return " ".join("".join(c for c in seen if unicodedata.category(c) not in _UNSEEN).split())


def fold(title: str) -> str:
    """A title as letters and digits alone, in lower case.

    Accents, spaces, punctuation, HTML tags and entities, and TeX are gone; a Greek letter is its name, as in TeX.
    A title that has neither letter nor digit stays as it is.
    """
    text = _TAG.sub("", html.unescape(title))
    text = _ACCENT.sub("", _STYLE.sub("", text))
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(_letters(char) for char in text) or clean(title)


def alike(one: str, other: str) -> bool:
    """Whether two titles are those of one paper: the same numbers, and at least `TOLERANCE` of the characters."""
    first, second = sorted(fold(title[:_COMPARED])[:400] for title in (one, other))  # the measure depends on the order
    if first == second:
        return True
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= TOLERANCE


def _letters(char: str) -> str:
    if not char.isalnum():
        return ""
    name = unicodedata.name(char, "")
    return name.rsplit(" ", 1)[-1].lower() if name.startswith("GREEK SMALL LETTER") else char
