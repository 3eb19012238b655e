"""Cut the entries of the index into pieces that a page can load as scripts, on a server and from a disk alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A query reads one piece for each pair of ideographs. Small pieces keep that little; too small, and a site of 10,000 pages
# is a hundred thousand files.
PIECE_BYTES = 12_288
SMALL_PIECE_BYTES = 2_048
"""On a small site, where that makes no more than a few hundred files."""


@dataclass(frozen=True)
class Shard:
    """A run of sorted entries. `first` is the shortest text that is above the shard before and not above its own. `entries`
    has a semicolon on either side of each entry, so that a key is found as `;key `.
    """

    first: str
    entries: str


def _separator(before: str, key: str) -> str:
    """The shortest beginning of `key` that is above `before`."""
    length = 0
    while length < len(before) and length < len(key) and before[length] == key[length]:
        length += 1
    return key[: length + 1]


def cut(entries: Iterable[tuple[str, str]], size: int = PIECE_BYTES) -> Iterator[Shard]:
    """Cut sorted entries into shards of about `size` bytes; a longer one stands alone."""
    pending: list[str] = []
    length = 0
    first = ""
    previous = ""
    for key, lists in entries:
        weight = len(key.encode()) + len(lists) + 2
        if pending and length + weight > size:
            yield Shard(first, f";{';'.join(pending)};")
            pending, length = [], 0
            first = _separator(previous, key)
        pending.append(f"{key} {lists}")
        length += weight
        previous = key
    if pending:
        yield Shard(first, f";{';'.join(pending)};")
