"""Cut postings into pieces that a page can load as scripts, on a server and from a disk alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from papernotes.search.postings import Postings

# Signs that need no escape in a script's string, without the two that separate. One half ends a number, one half goes on.
_SIGNS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\,;')
_BASE = len(_SIGNS) // 2
_LAST, _MORE = _SIGNS[:_BASE], _SIGNS[_BASE:]

# A query reads one piece for each pair of ideographs. Small pieces keep that little; too small, and a site of 10,000 pages
# is a hundred thousand files.
PIECE_BYTES = 6144


@dataclass(frozen=True)
class Shard:
    """A run of sorted entries. `first` is the shortest text that is above the shard before and not above its own."""

    first: str
    entries: str


def number(value: int) -> str:
    """A number from 0 as signs: base 45, the last digit from one half of the signs, those before it from the other."""
    out = _LAST[value % _BASE]
    value //= _BASE
    while value:
        out = _MORE[value % _BASE] + out
        value //= _BASE
    return out


class _Numbers(dict[int, str]):
    """Numbers as signs, each made once: an index writes two million of them."""

    def __missing__(self, value: int) -> str:
        made = self[value] = number(value)
        return made


_NUMBERS = _Numbers()


def gaps(pages: list[int]) -> str:
    """Rising page numbers as their distances less one."""
    return "".join([_NUMBERS[page - last - 1] for last, page in zip([-1, *pages], pages, strict=False)])


def entries(postings: Postings, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Key and lists, in order of key. A list is the digit of its level and the gaps; a comma separates lists."""
    numbered = [(str(level), found) for level, found in enumerate(postings.levels)]
    for key in keys:
        yield key, ",".join([level + gaps(found[key]) for level, found in numbered if key in found])


def _separator(before: str, key: str) -> str:
    """The shortest beginning of `key` that is above `before`."""
    length = 0
    while length < len(before) and length < len(key) and before[length] == key[length]:
        length += 1
    return key[: length + 1]


def cut(postings: Postings, keys: Iterable[str], size: int = PIECE_BYTES) -> list[Shard]:
    """Cut the entries of sorted keys into shards of about `size` bytes; a longer list stands alone."""
    shards: list[Shard] = []
    pending: list[str] = []
    length = 0
    first = ""
    previous = ""
    for key, lists in entries(postings, keys):
        weight = len(key.encode()) + len(lists) + 2
        if pending and length + weight > size:
            shards.append(Shard(first, ";".join(pending)))
            pending, length = [], 0
            first = _separator(previous, key)
        pending.append(f"{key} {lists}")
        length += weight
        previous = key
    if pending:
        shards.append(Shard(first, ";".join(pending)))
    return shards
