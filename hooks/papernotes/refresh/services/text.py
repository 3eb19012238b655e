"""Foreign text: made safe to keep and show, and two titles compared."""

from __future__ import annotations

import html
import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

_COMPARED: Final = 4000  # characters of a title, markup included; no title is longer, and a stranger's answer may be

_MOST_WORDS: Final = 100
_LONG: Final = 5  # letters of a word from which on one more or less is a matter of spelling
_SMALL: Final = frozenset(["a", "an", "the", "and", "of", "for", "in", "on", "to"])
_ROMAN: Final = re.compile("[ivxlcdm]+")
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])['’](?=[A-Za-z])")
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
    return "".join(_words(title)) or clean(title)


def alike(one: str, other: str) -> bool:
    """Whether two titles are those of one paper.

    Words may be written together or apart, an article or a preposition may be missing, and a long word may have one letter
    more (a plural, `modelling`) or s for z. All else makes another paper: a number, a part, a negation, a prefix, a word.
    """
    first, second = sorted(_words(title[:_COMPARED]) for title in (one, other))  # the measure depends on the order
    if not first or not second:
        return fold(one[:_COMPARED]) == fold(other[:_COMPARED])
    if "".join(first) == "".join(second):
        return True
    if max(len(first), len(second)) > _MOST_WORDS:
        return False
    first, second = _without_small(first), _without_small(second)
    return _same(first, second) or all(
        _same(first[a:b], second[c:d])
        for _, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    )


def _without_small(words: list[str]) -> list[str]:
    """Without articles and the like; the last word stays, for it may be the A of Part A."""
    return [word for word in words[:-1] if word not in _SMALL] + words[-1:]


def _same(some: list[str], others: list[str]) -> bool:
    """Whether two pieces of titles mean the same."""
    return "".join(some) == "".join(others) or (len(some) == len(others) and all(map(_spelt_alike, some, others)))


def _spelt_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if one == other or short.replace("z", "s") == long.replace("z", "s"):
        return True
    if len(short) < _LONG or not (one + other).isascii() or not (one + other).isalpha() or _ROMAN.fullmatch(long):
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(1, len(long)))


def _words(title: str) -> list[str]:
    text = _TAG.sub("", html.unescape(title))
    text = _ACCENT.sub("", _STYLE.sub("", text))
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text)).casefold()
    return "".join(_letters(char) for char in folded).split()


def _letters(char: str) -> str:
    """The letters of one character; nothing for a mark on the letter before it, a space for what stands between words."""
    if not char.isalnum():
        return "" if unicodedata.category(char).startswith("M") else " "
    name = unicodedata.name(char, "")
    return name.rsplit(" ", 1)[-1].lower() if name.startswith("GREEK SMALL LETTER") else char
