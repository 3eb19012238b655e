"""Find any of many fixed phrases in a text at once: leftmost first, of those the longest.

The phrases become one regular expression in the shape of a trie, so that the time per character hardly grows with their
number (an alternation of 260 phrases takes forty times as long). Phrases may be Chinese, Latin or mixed. A Latin letter or
digit at an end of a phrase must not continue in the text: `LoRA` is found in 使用LoRA微调 and not in QLoRA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeAlias, TypeVar

Value = TypeVar("Value")
Trie: TypeAlias = "dict[str, Trie]"
"""By next character; the empty string marks the end of a phrase."""

_WORD: Final = "A-Za-z0-9_"
# `R-CNN` is another name than `CNN`; `非 CNN` and `7B-SFT` are not.
_NOT_BEFORE: Final = f"(?<![{_WORD}])(?<!(?<![{_WORD}])[A-Za-z]-)"
# `SAM-2`, `ViT-H` and `phi-1.5` are other names than `SAM`, `ViT` and `phi-1`.
_NOT_AFTER: Final = rf"(?![{_WORD}]|-(?:[A-Z0-9]|v\d)|\.\d)"
# `Llama2-Chat`, `LLaMA-65B` and `phi-1-small` are variants of what stands before the hyphen; `Orca-3` is not one of `Orca`.
_NOT_AFTER_VARIANT: Final = rf"(?![{_WORD}]|-(?!\d+(?:\.\d+)?[BM](?![{_WORD}]))\d|\.\d)"
_IS_WORD: Final = re.compile(rf"[{_WORD}]")


@dataclass(frozen=True)
class Match(Generic[Value]):
    """A phrase in a text. `start` and `end` are offsets, `end` exclusive."""

    start: int
    end: int
    phrase: str
    value: Value


class Matcher(Generic[Value]):
    """Finds phrases and tells what each stands for."""

    def __init__(self, phrases: Mapping[str, Value], *, variants: bool = False) -> None:
        """`phrases`: what each phrase stands for. `variants`: whether a name that goes on after a hyphen is the name still.

        Raises: ValueError for an empty phrase.
        """
        if "" in phrases:
            raise ValueError("a phrase must not be empty")
        self._values = dict(phrases)
        self._pattern = _pattern(tuple(sorted(self._values)), variants) if self._values else None

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Match[Value]]:
        """The matches between two offsets, from left to right, none overlapping another."""
        if self._pattern is not None:
            for match in self._pattern.finditer(text, start, len(text) if end is None else end):
                yield Match(match.start(), match.end(), match.group(), self._values[match.group()])


@lru_cache(maxsize=8)  # a site that is read again has the same words
def _pattern(phrases: tuple[str, ...], variants: bool) -> re.Pattern[str]:
    trie: Trie = {}
    for phrase in phrases:
        node = trie
        for character in phrase:
            node = node.setdefault(character, {})
        node[""] = {}
    latin = [branch for first, branch in _branches(trie) if _IS_WORD.match(first)]
    other = [branch for first, branch in _branches(trie) if not _IS_WORD.match(first)]
    firsts = "".join(re.escape(first) for first in sorted(trie))
    sides = [*([_NOT_BEFORE + _either(latin)] if latin else []), *([_either(other)] if other else [])]
    # Where a match ends in a word that goes on, the expression falls back to a shorter phrase.
    ends = f"(?:(?<=[^{_WORD}])|{_NOT_AFTER_VARIANT if variants else _NOT_AFTER})"
    # One look at a set of characters spares most places a walk of the branches.
    return re.compile(f"(?=[{firsts}]){_either(sides)}{ends}")


def _branches(trie: Trie) -> Iterator[tuple[str, str]]:
    """For each first character, the expression of everything that begins with it."""
    for character in sorted(trie):
        if character:
            yield character, re.escape(character) + _tail(trie[character])


def _tail(trie: Trie) -> str:
    """What may follow a prefix: the longest comes first, the end of a phrase last."""
    return _either([*(branch for _, branch in _branches(trie)), *([""] if "" in trie else [])])


def _either(choices: list[str]) -> str:
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
