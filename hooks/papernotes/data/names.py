"""The Chinese names of authors in the ledger: each with the page that gives it, since no romanisation tells the characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from papernotes.base.fields import TEXT, JsonField, is_https, is_text, unless
from papernotes.base.han import HAN


@dataclass(frozen=True)
class ChineseName:
    """How an author is called in Chinese."""

    author: str
    """As the paper writes the name."""
    zh: str
    source: str
    """The address of a page that gives both."""


_ZH: Final = f"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+"
"""A Chinese name, or the transliteration of a foreign one (杰弗里·辛顿)."""

NAME_FIELDS: Final = (
    JsonField(
        name="author", description="作者，与 authors 里的写法相同。", schema=TEXT,
        fault=unless(is_text, "an author of {paper} with a Chinese name is {value}", "write it as in 'authors'"),
    ),
    JsonField(
        name="zh", description="中文名。", schema=TEXT,
        fault=unless(
            lambda value: isinstance(value, str) and bool(re.fullmatch(_ZH, value)),
            "a Chinese name of {paper} is {value}", "write two to four Chinese characters, or a foreign name with · between its parts",
        ),
    ),
    JsonField(
        name="source", description="同时给出两种写法的网页。", schema={"type": "string", "pattern": "^https://"},
        fault=unless(is_https, "the source of a Chinese name of {paper} is {value}", "write an https address"),
    ),
)  # fmt: skip
"""The keys of a Chinese name, in the order of the file."""
