"""A text of somebody's as Markdown that shows the text itself, whatever it holds."""

from __future__ import annotations

import re
from typing import Final

MARKS: Final = r"\*\*|`|\$[^$]+\$|\]\(|\[[@~]"
"""Marks of Markdown and ours that a plain text shows as they stand, as a pattern."""
RAW: Final = re.compile(rf"{MARKS}|</?[A-Za-z][^<>]*>|&(?:[A-Za-z]+|#\w+);")
"""The same, and those of HTML."""
_SPACES: Final = re.compile(r"[^\S\u00a0]+")  # but for those that no line breaks at
_MARKUP: Final = re.compile(r"[<>&\"'`*_{}\[\]#!$~|^=@\\]")


def escape_markdown(text: str) -> str:
    """The text with every character that Markdown or HTML would read as markup written as a character reference.

    Shape: one line, to stand inside a line of Markdown (not at its beginning).
    """
    return _MARKUP.sub(lambda match: f"&#{ord(match.group())};", _SPACES.sub(" ", text.strip()))
