"""Characters that a reader does not see, or that change the order in which others are seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_RANGES: Final = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0xFFFE, 0xFFFF), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), (0xF0000, 0x10FFFF),
)  # fmt: skip
HIDDEN: Final = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES) + "]"
    # A base with a tower of marks on it reaches into the lines around it.
    "|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}"
)
"""Characters that are not seen, or that change the order in which others are; private ones, which each font draws at will;
halves of a pair, which JSON can write as an escape and UTF-8 cannot at all.

Source: Unicode 15, Default_Ignorable_Code_Point and Bidi_Control; https://trojansource.codes/
"""


def describe(text: str, written: str = "") -> tuple[str, str]:
    """What `HIDDEN` has found, in words that can be seen, and what to do. `written`: how it stands in the file, if otherwise."""
    as_what = f" (written as {written})" if written else ""
    if len(text) > 1:
        return f"{len(text)} marks on one character{as_what}", "keep one"
    name = unicodedata.name(text, "a control, private or unassigned character")
    return f"U+{ord(text):04X} {name}{as_what}", "delete it; it is not seen, or not by all"
