"""The list of papers where it takes several pages: what `list.js` fetches to sort and filter all of them, in small files.

A paper is a number, its place among the newest. For every choice of tag, year and tier and every order there is a list of numbers,
cut into runs, which are spread over the files by a hash of their key; and eight papers after another have their rows of the table
in each file. So a reader who sorts or filters fetches a run and as many rows as are shown, however many papers there are.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, Final

from papernotes.base.han import HAN
from papernotes.base.store import digest
from papernotes.data.paper import Paper

FOLDER: Final = "list"
RUN: Final = 400
"""Numbers of a list in one place."""
_PAPERS: Final = 8
"""Of a file: their rows, and what of the lists falls to them."""
_HAN: Final = re.compile(f"[{HAN}]")
_YEAR: Final = 365.25
"""Days; of a paper that is younger, a year is not guessed. As in list.js."""


def count_files(papers: int) -> int:
    """Over how many files it is spread."""
    return -(-papers // _PAPERS)


def files(papers: Sequence[Paper], row: Callable[[Paper], str]) -> dict[str, str]:
    """Every file by its path from the site's root. `papers`: newest first. `row`: makes the row of the table."""
    count = count_files(len(papers))
    entries: list[dict[str, Any]] = [{} for _ in range(count)]
    found: dict[str, Any] = dict(_runs(papers))
    for number, paper in enumerate(papers):
        entries[number // _PAPERS][f"row {number}"] = row(paper)
        found[f"slug {paper.slug}"] = number
    for key, value in found.items():
        entries[_hash(key) % count][key] = value
    texts = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in entries]
    build = digest(*texts)[:8]
    return {f"{FOLDER}/{number}.js": f'pnListData("{build}",{number},{text});\n' for number, text in enumerate(texts)}


def _runs(papers: Sequence[Paper]) -> dict[str, list[int]]:
    """By key: how many papers a list has, and the numbers of a run of it."""
    numbers = {paper.arxiv: number for number, paper in enumerate(papers)}
    lists = defaultdict[str, list[int]](list)
    for order, ordered in _orders(papers).items():
        for paper in ordered:
            for choice in product(("", *paper.tags), ("", str(paper.year_month[0])), ("", paper.tier)):
                lists["|".join((order, *choice))].append(numbers[paper.arxiv])
    return {
        f"{key} {at // RUN}": [len(found), *found[at : at + RUN]]
        for key, found in lists.items()
        for at in range(0, len(found), RUN)
    }


def _orders(papers: Sequence[Paper]) -> Mapping[str, list[Paper]]:
    """By the name of an order: the papers in it. Those of one source stand together where they are ordered by counts."""
    titles = sorted(papers, key=lambda paper: _collated(paper.title))
    sizes = Counter(paper.count.source_name for paper in papers if paper.count)

    def by(value: Callable[[Paper], float]) -> list[Paper]:
        def key(paper: Paper) -> tuple[bool, int, str, float]:
            source = paper.count.source_name if paper.count else ""
            return not source, -sizes[source], source, value(paper)

        return sorted(titles, key=key)

    return {
        "-date": list(papers),
        "date": list(papers)[::-1],
        "title": titles,
        "-title": titles[::-1],
        "count": by(lambda paper: paper.count.count if paper.count else 0),
        "-count": by(lambda paper: -paper.count.count if paper.count else 0),
        "rate": by(_rate),
        "-rate": by(lambda paper: -_rate(paper)),
    }


def _rate(paper: Paper) -> float:
    """Citations a year."""
    if paper.count is None:
        return 0
    return paper.count.count / max(1, (paper.count.day - date(*paper.year_month, 15)).days / _YEAR)


def _collated(title: str) -> list[tuple[int, bytes]]:
    """About the order of a Chinese dictionary: GB 2312 has the common ideographs by their Pinyin. Signs first, letters last."""
    return [
        (1, char.encode("gb18030"))
        if _HAN.match(char)
        else (2 if char.isalpha() else 0, char.casefold().encode("utf-8"))
        for char in title
    ]


def _hash(key: str) -> int:
    """As in list.js: of the code units, as Java's `String.hashCode`, without a sign."""
    value = 0
    for unit in memoryview(key.encode("utf-16-le")).cast("H"):
        value = (value * 31 + unit) & 0xFFFFFFFF
    return value
