"""Bring text to the one form in which index and query meet.

After folding only four kinds of characters are left: ideographs (and kana, hangul), word characters, one space, and one
full stop that stands for every other sign; one that parts (、，。) has a space behind it, so that words in a list are no
compound. `search/fold.js` does the same in the browser; `tests/cases/search/fold.yml`
is run through both, so that they cannot drift apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from papernotes.base import han

CJK = f"{han.HAN}\u1100-\u11ff\u3005\u3006\u3040-\u30ff"
"""Ideographs, their iteration marks, kana, hangul and its letters (NFKD takes syllables apart)."""

# Traditional forms that the character table leaves alone because they are simplified in some words only.
_IN_WORDS_ONLY = {"著": "着", "瞭": "了", "祇": "只", "藉": "借", "彷": "仿", "乾": "干", "徵": "征", "麽": "么"}

# Letters that no decomposition takes apart: readers type those beside them. `ß` in capitals folds to lower case first.
_LETTERS = {
    "ł": "l",
    "ø": "o",
    "ß": "ss",
    "đ": "d",
    "ð": "d",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
}
_PARTING = frozenset("、，。；：！？（）〔〕…｜")

_IS_CJK = re.compile(f"[{CJK}]")
_SPACE_BESIDE_CJK = re.compile(f"(?<=[{CJK}]) | (?=[{CJK}])")
_SPACES = re.compile(" {2,}")
_WORD = re.compile(f"[^ .{CJK}]+")
_RUN = re.compile(f"[{CJK}]+")
_COMPOUND = re.compile(f"(?<![^ .{CJK}])[^ .{CJK}]++(?:\\.[^ .{CJK}]++)++")
_WITH_NUMBER = re.compile(
    f"(?<![^ .{CJK}])([^ .{CJK}]*[^ .0-9{CJK}]) ([0-9]{{1,3}}(?:[^ .0-9{CJK}][^ .{CJK}]{{0,2}})?)(?![^ .{CJK}])"
)
_WITH_UNIT = re.compile(f"(?<![^ .{CJK}])([0-9]+) ([a-z]{{1,3}})(?![^ .{CJK}])")


@cache
def simplified() -> dict[str, str]:
    """Traditional ideograph -> simplified one.

    To OpenCC's table come eight characters that it changes inside words only: search may fold them always, since both sides
    are folded.
    """
    table = han.simplified() | _IN_WORDS_ONLY
    # One character goes by way of another (薴, 苧, 苎): the table must give the end of the way at once.
    return {char: table.get(target, target) for char, target in table.items()}


def fold_char(char: str) -> str:
    """One character -> what stands for it: `""` for an invisible one, `" "` for white space, `"."` for a sign."""
    if char == "\u00d7":  # 8×7B is typed 8x7B
        return "x"
    if char in _PARTING:
        return ". "
    out = []
    for part in unicodedata.normalize("NFKD", char):
        category = unicodedata.category(part)
        if part.isspace():
            out.append(" ")
        elif category[0] == "M" or category in ("Cf", "Cc"):
            continue
        elif part in "\u3005\u3007" or category[0] in "LN":
            out += [_LETTERS.get(letter, letter) for letter in simplified().get(part, part).lower()]
        else:
            out.append(".")
    return "".join(out)


class _Table(dict[int, str]):
    """A table for `str.translate` that fills itself: a text has few different characters."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_char(chr(code))
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Fold a text. Spaces beside an ideograph are gone, others are single; every other sign is one full stop."""
    folded = _SPACES.sub(" ", text.translate(_TABLE))
    return _SPACE_BESIDE_CJK.sub("", folded)


def is_cjk(char: str) -> bool:
    """Whether a folded character is an ideograph, kana or hangul."""
    return _IS_CJK.match(char) is not None


def runs(folded: str) -> list[str]:
    """The longest runs of ideographs, in order."""
    return _RUN.findall(folded)


def words(folded: str) -> list[str]:
    """The words (Latin letters, digits, other alphabets) in order, and the forms under which a reader also types them.

    `fine-tuning` gives fine, tuning and finetuning; `gpt-4`, `llama 2` and `48 gb` give gpt4, llama2 and 48gb as well.
    """
    beside = _RUN.sub("一", folded)  # each run is a border, however long it is
    found = _WORD.findall(beside)
    if "." in beside:
        found += [compound.replace(".", "") for compound in _COMPOUND.findall(beside)]
    if " " in beside:
        found += [name + number for name, number in _WITH_NUMBER.findall(beside)]
        found += [number + unit for number, unit in _WITH_UNIT.findall(beside)]
    return found
