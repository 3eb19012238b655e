"""Numbers as one number however they are written: 175B, 1750 亿 and 175 billion; 4-bit, 4 比特 and 4 位; 1,000 and 一千.

Each number of a folded text that can be written in more ways than one gets a key: `=`, its digits without the zeros at
their end, `e` and how many those were, then its unit. So 1750 亿 is `=175e9` and 两倍 is `=2x`. What is only written in
digits (2048, 28.4) is a word like others. `search/numbers.js` does the same in the browser; `tests/cases/search/numbers.yml`
is run through both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from papernotes.search.fold import CJK

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 1, "百": 2, "千": 3}
_MYRIADS: Final = {"万": 4, "亿": 8}
_POWERS: Final = _TENS | _MYRIADS
_ENGLISH: Final = {"thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12, "t": 12}

_MOST: Final = 10**15
"""Chinese numerals from here on are no number that anybody writes, and more than the browser counts exactly."""
MEASURES: Final = "个块条层张种步轮天年次份头台篇维项路对道句"
"""One of these behind a number goes with it, and says of a small one that it is one: 八个 is 8, 八 is part of a word."""
_LETTER: Final = f"[^ .{CJK}]"
_NUMERALS: Final = "".join((*_DIGITS, *_POWERS))
_NAMED: Final = f"[ .]?bits?(?!{_LETTER})|比特|位|倍|x(?!{_LETTER})"
# Each begins with a set of characters, by which `re` skips what cannot begin one, and takes only what can be written
# otherwise; what stands before is asked afterwards.
_WRITTEN: Final = re.compile(
    "[0-9](?:[0-9]*(?:\\.[0-9]+)*(?:"
    f"([十百千]?万?亿|[十百千]?万|[百千])|( ?(?:thousand|million|billion|trillion|bn)|[kmbt])(?!{_LETTER})|(?={_NAMED}))"
    f"|(?<!0)[0-9]{{0,2}}(?:\\.[0-9]{{3}})+(?!\\.?[0-9])|(?<![0-9][0-9])(?=[{MEASURES}]))"
)
_NUMERAL: Final = re.compile(f"[{_NUMERALS}](?:[{_NUMERALS}]+|(?=[{MEASURES}比位倍]))")
_IS_LETTER: Final = re.compile(_LETTER)
_UNIT: Final = re.compile(f"{_NAMED}|[{MEASURES}]")
_UNITS: Final = {"比特": "bit", "位": "bit", "倍": "x", "x": "x"}


def _digits(text: str) -> tuple[int, int] | None:
    """Digits with full stops -> (number, power of ten): 1.4 is (14, -1), 27.540 and 1.000.000 are grouped by thousands."""
    first, *more = text.split(".")
    if len(first) <= 3 and first[0] != "0" and all(len(part) == 3 for part in more):
        return int(first + "".join(more)), 0
    return (int(first + "".join(more)), -len("".join(more))) if len(more) < 2 else None


def _numeral(text: str) -> int | None:
    """The value of a Chinese numeral, None where the characters are none: 一千二百 is 1200, 一百五 is 105 only in part."""
    total = part = digit = 0
    seen = False
    for char in text:
        if char in _DIGITS:
            if seen and digit:
                return None
            digit, seen = _DIGITS[char], True
        elif char in _TENS:
            if not seen and not (char == "十" and not part):
                return None
            part += (digit if seen else 1) * 10 ** _TENS[char]
            digit, seen = 0, False
        else:
            if not part and not digit and not total:
                return None
            total = (total + part + digit) * 10 ** _MYRIADS[char]
            part, digit, seen = 0, 0, False
    value = total + part + digit
    return value if value < _MOST else None


def _key(value: int, power: int, unit: str) -> str:
    """`=175e9`: the digits without the zeros at their end, and their power of ten."""
    digits = str(value)
    kept = digits.rstrip("0")
    power += len(digits) - len(kept)
    return f"={kept}e{power}{unit}" if power else f"={kept}{unit}"


def _written(folded: str) -> Iterator[tuple[int, int, int, int]]:
    """Numbers in digits: where each begins and ends, its digits and their power of ten."""
    for match in _WRITTEN.finditer(folded):
        start, end = match.span()
        if start and _IS_LETTER.match(folded, start - 1):
            continue
        han, latin = match[1] or "", match[2] or ""
        text = folded[start : end - len(han) - len(latin)]
        if start > 1 and "." in text and folded[start - 1] == "." and _IS_LETTER.match(folded, start - 2):
            start += text.rindex(".") + 1  # Llama-2-7B: the name before it is no part of the number
            text = text[text.rindex(".") + 1 :]
        read = _digits(text)
        if read is None:
            continue
        yield start, end, read[0], read[1] + sum(_POWERS[char] for char in han) + _ENGLISH.get(latin.strip(), 0)


def find(folded: str) -> Iterator[tuple[int, int, str]]:
    """Every number of a folded text that can be written otherwise: where it begins and ends, and its key.

    Those in digits come first, then those in Chinese numerals.
    """
    numerals = (
        (match.start(), match.end(), value, 0)
        for match in _NUMERAL.finditer(folded)
        if (value := _numeral(match[0])) and not (match.start() and folded[match.start() - 1] in "0123456789")
    )
    for start, end, value, power in chain(_written(folded), numerals):
        behind = _UNIT.match(folded, end)
        unit = behind[0].strip(" .") if behind else ""
        named = "bit" if unit.startswith("bit") else _UNITS.get(unit, "")
        in_numerals = folded[start] not in "0123456789"
        small = len(str(value)) == 1 and not power
        if not value or (small and (value < 2 or not unit)):  # 一个 stands on every page, 三 in many words
            continue
        if in_numerals or named or small or power or folded[start:end] != str(value):
            yield start, behind.end() if behind else end, _key(value, power, named)


def keys(folded: str) -> list[str]:
    """The keys of all numbers of a text, as often as they stand there."""
    return [key for _, _, key in find(folded)]
