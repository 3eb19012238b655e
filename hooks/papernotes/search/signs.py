"""Numbers as signs that need no escape in a script's string: how the index writes lists of pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Without the quote and the backslash, and without the two signs that separate lists and entries.
SIGNS: Final = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\,;')
BASE: Final = len(SIGNS) // 2
_LAST, _MORE = SIGNS[:BASE], SIGNS[BASE:]  # one half ends a number, one half goes on


def number(value: int) -> str:
    """A number from 0 as signs: base 45, the last digit from one half of the signs, those before it from the other."""
    out = _LAST[value % BASE]
    value //= BASE
    while value:
        out = _MORE[value % BASE] + out
        value //= BASE
    return out


class _Numbers(dict[int, str]):
    """Numbers as signs, each made once: an index writes two million of them."""

    def __missing__(self, value: int) -> str:
        made = self[value] = number(value)
        return made


NUMBERS: Final = _Numbers()


def gaps(pages: Iterable[int]) -> str:
    """Rising page numbers as their distances less one."""
    out = []
    last = -1
    for page in pages:
        out.append(NUMBERS[page - last - 1])
        last = page
    return "".join(out)
