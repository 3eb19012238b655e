"""Count pairs of neighbouring ideographs, two thousand a page and so the bulk of the index, with numpy.

Every occurrence is one whole number, so that sorting brings together what belongs together. From the highest bit:

36  pair: two code points; the second is 0 for the last ideograph of a run by itself
18  page
 3  level of the text in which it stands; 0 in the body
 3  class of the ideograph that follows; `_NOTHING` where none does

A pair that a page only mentions also tells by which classes of ideographs it is followed there. That is how the engine knows
that 偏好优 is not on a page that has 偏好 and 好优 apart, and need not read the page to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from papernotes.search import fold, signs

CLASSES: Final = 6
"""Of ideographs, by their code point; six fit into one sign."""
FOLLOWED: Final = "+"
"""Begins a list in which each page is followed by the classes that follow the pair there, as one sign."""

REPEATED: Final = 3
FREQUENT: Final = 8
"""Occurrences in the body from which a key is repeated, and frequent."""

MOST_PAGES: Final = 1 << 18
_NOTHING: Final = CLASSES
_BLOCK: Final = 200_000
"""Characters that are counted at once, and occurrences that are written at once: some ten arrays of 1.6 MB."""

Numbers = NDArray[np.int64]


def _table() -> NDArray[np.bool_]:
    """Code point -> whether `fold.CJK` has it; everything beyond the table is not an ideograph, like its last place."""
    table = np.zeros((1 << 18) + 1, dtype=np.bool_)
    for first, last in re.findall("(.)(?:-(.))?", fold.CJK):
        table[ord(first) : ord(last or first) + 1] = True
    table[-1] = False
    return table


_IS_CJK: Final = _table()
_BIT: Final = np.array([*(1 << place for place in range(CLASSES)), 0, 0], dtype=np.int64)


class Pairs:
    """The pairs of many pages. Give every page with `add`, in rising order, and `count` whenever enough of them wait, and at last."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._owners: list[int] = []  # page and level of each text, in their bits
        self._length = 0
        self._all = np.empty(0, np.int64)  # pair (36 bits), level (3), page (18), classes that follow (6)
        self.is_beyond = False
        """Whether an ideograph is beyond U+FFFF."""

    def add(self, page: int, texts: Iterable[tuple[str, int]]) -> None:
        """Take the folded texts of a page, each with its level: 0 for the body, a higher one for what is prominent.

        Raises: ValueError where there are more pages than the numbers have room for.
        """
        if page >= MOST_PAGES:
            raise ValueError(f"search has room for {MOST_PAGES} pages")
        for text, level in texts:
            self._texts.append(text)
            self._owners.append(page << 6 | level << 3)
            self._length += len(text)

    @property
    def are_due(self) -> bool:
        """Whether what waits is to be counted."""
        return self._length > _BLOCK

    def count(self, keys: Sequence[str] = ()) -> dict[str, dict[int, int]]:
        """Bring the occurrences of the waiting texts together, one number for each pair on each page.

        Shape: by pair, or last ideograph of a run: its level on each of their pages. `keys`: those that are asked for.
        """
        joined = "\n".join([*self._texts, "\n"])  # two characters at the end, so that every one has two after it
        chars = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.int64)
        lengths = [len(text) + 1 for text in self._texts]
        owners = np.repeat(np.array(self._owners, dtype=np.int64), lengths)
        self._texts, self._owners, self._length = [], [], 0
        is_cjk = _IS_CJK.take(chars, mode="clip")
        first = np.flatnonzero(is_cjk[:-2])
        if not len(first):
            return {}
        self.is_beyond |= bool((chars[first] > 0xFFFF).any())
        second, third = is_cjk[first + 1], is_cjk[first + 2]
        pairs = chars[first] << 18 | np.where(second, chars[first + 1], 0)
        following = np.where(second & third, chars[first + 2] % CLASSES, _NOTHING)
        found = np.sort(pairs << 24 | owners[first] | following)

        starts = _starts(found >> 6)  # of one pair on one page
        last = np.append(starts[1:], len(found)) - 1
        times = last - starts + 1
        level = found[last] >> 3 & 7  # the highest; where it is 0, all occurrences are in the body
        level = np.where(level > 0, level, (times >= REPEATED).astype(np.int64) + (times >= FREQUENT))
        classes = np.bitwise_or.reduceat(_BIT[found & 7], starts)
        pair, page = found[starts] >> 24, found[starts] >> 6 & (MOST_PAGES - 1)
        before = len(self._all)
        self._all.resize(
            before + len(starts), refcheck=False
        )  # where it is: of many pages there is no room for a second
        self._all[before:] = pair << 27 | level << 24 | page << 6 | np.where(level > 0, 0, classes)

        codes = np.array([ord(key[0]) << 18 | (ord(key[1]) if len(key) > 1 else 0) for key in keys], dtype=np.int64)
        begin, end = np.searchsorted(pair, codes), np.searchsorted(pair, codes, side="right")
        return {
            keys[at]: dict(zip(page[begin[at] : end[at]].tolist(), level[begin[at] : end[at]].tolist(), strict=True))
            for at in np.flatnonzero(begin < end).tolist()
        }

    def entries(self) -> Iterator[list[tuple[str, str]]]:
        """Key and lists, in order of key, some at a time: after the level the distances of the pages, for mentions with what follows."""
        self._all.sort()
        every, begin = self._all, 0
        while begin < len(every):
            last = every[min(begin + _BLOCK, len(every)) - 1] >> 27
            end = int(np.searchsorted(every, (last + 1) << 27))  # no pair is parted
            yield list(_entries(every[begin:end]))
            begin = end


def _entries(every: Numbers) -> Iterator[tuple[str, str]]:
    """The entries of some pairs, all that there is of them."""
    starts = _starts(every >> 24)
    page = every >> 6 & (MOST_PAGES - 1)
    gaps = np.diff(page, prepend=-1) - 1
    gaps[starts] = page[starts]
    level = every >> 24 & 7
    mention = level == 0
    written = [""] * (2 * len(every))
    written[::2] = map(signs.NUMBERS.__getitem__, gaps.tolist())
    written[1::2] = map(_FOLLOWING.__getitem__, np.where(mention, every & 63, 64).tolist())
    length = np.searchsorted(_LONGER, gaps, side="right") + 1 + mention
    text = "".join(written)
    ends = np.cumsum(length)[np.append(starts[1:], len(every)) - 1].tolist()
    lists: list[str] = []
    open_pair = -1
    begin = 0
    for pair, at, end in zip((every[starts] >> 27).tolist(), level[starts].tolist(), ends, strict=True):
        if pair != open_pair and lists:
            yield _key(open_pair), ",".join(lists)
            lists = []
        open_pair = pair
        lists.append(f"{at or FOLLOWED}{text[begin:end]}")
        begin = end
    yield _key(open_pair), ",".join(lists)


_FOLLOWING: Final = [*signs.SIGNS[: 1 << CLASSES], ""]
_LONGER: Final = np.array([signs.BASE**digits for digits in range(1, 8)], dtype=np.int64)


def _starts(groups: Numbers) -> NDArray[np.intp]:
    """Where each run of equal numbers begins."""
    if not len(groups):
        return np.empty(0, np.intp)
    return np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))


def _key(pair: int) -> str:
    second = pair & 0x3FFFF
    return chr(pair >> 18) + (chr(second) if second else "")
