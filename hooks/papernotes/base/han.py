"""What a Chinese character is, where a line break between two is not a space, and which traditional ones have a simplified form."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import opencc

HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Inside the brackets of a regular expression: a Chinese character.

The unified ideographs with all their extensions, and 〇. Radicals and compatibility ideographs only look like one: no page
may hold them (rule `character`).
"""

_PUNCTUATION: Final = r"\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u3006\u3008-\u3020\u30fb\uff00-\uff60"
_WIDE: Final = re.compile(f"[{HAN}{_PUNCTUATION}]")
_PUNCTUATION_ONLY: Final = re.compile(f"[{_PUNCTUATION}]")


def is_joined(before: str, after: str) -> bool:
    """Whether a line break between two characters vanishes: both are wide, or one is full-width punctuation."""
    if not before or not after:
        return True
    if _PUNCTUATION_ONLY.match(before) or _PUNCTUATION_ONLY.match(after):
        return True
    return bool(_WIDE.match(before) and _WIDE.match(after))


@cache
def simplified() -> dict[str, str]:
    """Traditional character -> simplified one, for every character of the common blocks that differs wherever it stands.

    Source: OpenCC's `t2s` (https://github.com/BYVoid/OpenCC), asked once for all 27,584 characters (30 ms).
    """
    chars = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)) for code in range(first, last + 1)]
    found = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {char: target for char, target in zip(chars, found, strict=True) if char != target and len(target) == 1}
