"""How long a page takes to read."""

from __future__ import annotations

import math
import re
from typing import Final

from papernotes.base.han import HAN
from papernotes.text import masking
from papernotes.text.document import Document

HAN_A_MINUTE: Final = 300
"""Chinese characters a minute: our choice for technical prose, slow on purpose."""
WORDS_A_MINUTE: Final = 180
"""English words and numbers between them."""
_HAN: Final = re.compile(f"[{HAN}]")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,'-]*")


def minutes(document: Document) -> int:
    """Full minutes, at least one. Formulas, code and marks of sources are not counted."""
    text = masking.readable(document)
    return max(1, math.ceil(len(_HAN.findall(text)) / HAN_A_MINUTE + len(_WORD.findall(text)) / WORDS_A_MINUTE))
