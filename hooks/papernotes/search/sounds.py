"""The sounds of ideographs, by which a query is understood that was typed by its sound: a homophone (堪误), or pinyin (weitiao).

Below its heading `pinyin.txt` has a line for each syllable, without tones and with `v` for ü, and behind it the ideographs of GB/T 2312 that
sound so; one of two readings stands in two lines. A second reading is there where one word in twenty has it.
Source: the readings and the words of pypinyin 0.55 (https://github.com/mozillazg/python-pinyin, MIT licence).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path


@cache
def _syllables() -> tuple[tuple[str, str], ...]:
    lines = Path(__file__).with_name("pinyin.txt").read_text(encoding="utf-8").splitlines()
    return tuple((syllable, chars) for syllable, _, chars in (line.partition(" ") for line in lines[1:]))


def table(texts: Iterable[str] | None = None) -> str:
    """The table, a line for each syllable; of the ideographs of some texts alone, by which pinyin is understood."""
    present = None if texts is None else {char for text in texts for char in text}
    heard = (
        (syllable, [char for char in chars if present is None or char in present]) for syllable, chars in _syllables()
    )
    return "\n".join(f"{syllable} {''.join(chars)}" for syllable, chars in heard if chars)
