"""Make every file of the index: `search/index.js`, the shards `search/k/`, the pages `search/p/`, the words `search/w/`, the
sounds `search/s/`, the traditional forms `search/t/`.

Each is a classic script with one call, `pnSearchData(name, build, data)`: scripts load on a server and from a disk alike,
and need neither `fetch` nor `eval`. `build` is a digest of all of it, by which the engine knows a file of another build.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from papernotes.search import fold, postings, shards, sounds
from papernotes.search.postings import Page, Term

FORMAT = 4

LARGE = 40_000
"""Bytes from which a page's file is large: a list of all papers. Such pages are read last, not to hold up the others."""

SMALL = 200
"""Pages up to which a site is small: what its pages are called stands in the manifest, and its shards are smaller."""

_TYPED = re.compile("[a-z][a-z0-9]{3,23}")
_BUILD = 12  # signs of the digest


def _page(page: Page) -> list[Any]:
    """What the engine reads of one page: address, title, names, what it is about, summary, sections."""
    sections = [[section.id, section.heading, section.text] for section in page.article.sections]
    return [page.url, page.title or page.article.title, list(page.names), list(page.about), page.summary, sections]


def _names(page: Page) -> str:
    """What a page is called, folded: title, names, and the Chinese ones among tags, keywords and authors."""
    called = [run for text in page.about for run in fold.runs(fold.fold(text)) if len(run) > 1]
    return fold.fold(" . ".join(dict.fromkeys((page.title or page.article.title, *page.names, *called))))


def _texts(page: Page) -> str:
    """All that is known of a page, as it was written."""
    parts = ((section.heading, section.text) for section in page.article.sections)
    return "\n".join(
        (page.title, page.article.title, page.summary, *page.names, *page.about, *chain.from_iterable(parts))
    )


def _simplified(present: set[str], shown: set[str]) -> tuple[list[str], list[str]]:
    """The folding of traditional forms, cut down to those whose simplified form is `present` on a page: forms and targets.

    First what any query needs: forms that are `shown` on a page themselves, or in GB/T 2312 (著); then the others, which the
    engine fetches for a query that has an ideograph beyond it.
    """
    halves: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for char, target in sorted(fold.simplified().items()):
        if target in present:
            halves[char not in shown and not char.encode("gb2312", "ignore")].append((char, target))
    first, rest = (["".join(char for char, _ in pairs), "".join(target for _, target in pairs)] for pairs in halves)
    return first, rest


def _lexicon(counted: postings.Postings) -> dict[int, str]:
    """Words by length, for a query with one letter wrong: those in names and headings first, then the others."""
    prominent: set[str] = set().union(*counted.levels[postings.HEADING :])
    by_length: dict[int, tuple[list[str], list[str]]] = {}
    for word in counted.words():
        if _TYPED.fullmatch(word):
            by_length.setdefault(len(word), ([], []))[word not in prominent].append(word)
    return {length: "\n".join(" ".join(words) for words in both) for length, both in sorted(by_length.items())}


def _home(counted: postings.Postings, term: int) -> int:
    """The page that has a term most prominently, the first of several; -1 where none has it."""
    return next((lists[f"#{term}"][0] for lists in reversed(counted.levels) if f"#{term}" in lists), -1)


class _Files:
    """Writes files as they are made: of many pages there is no room for all of them. Which build they are of is put in last."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._digest = folder, hashlib.sha256()
        self._starts: dict[Path, int] = {}
        self.sizes: dict[str, int] = {}
        """The bytes of what each file holds, by its name."""
        for kind in "kpstw":
            (folder / "search" / kind).mkdir(parents=True, exist_ok=True)

    def add(self, name: str, value: Any) -> None:
        """Write a file. `name`: as the engine calls it."""
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._digest.update(b"%s\n%s\n" % (name.encode(), data))
        path = self._folder / ("search/index.js" if name == "index" else f"search/{name[0]}/{name[1:]}.js")
        start = b'pnSearchData("%s","' % name.encode()
        path.write_bytes(b'%s%s",%s);\n' % (start, b"0" * _BUILD, data))
        self._starts[path], self.sizes[name] = len(start), len(data)

    def close(self) -> None:
        """Say in each file of which build it is."""
        build = self._digest.hexdigest()[:_BUILD].encode()
        for path, start in self._starts.items():
            with path.open("r+b", buffering=0) as file:
                file.seek(start)
                file.write(build)


def write(pages: Mapping[str, Page], terms: Sequence[Term], kinds: Mapping[str, float], folder: Path) -> None:
    """Write all files of the index under a folder, that of the site's root.

    `pages`: by address; each is asked for twice. `kinds` gives the kinds of pages in order, each with the weight of its pages in
    the ranking; a page of a kind that is not there raises KeyError. The result depends on the arguments alone, not on the order
    of `pages`.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of lists and no cycle among them: the collector would walk them again and again
    try:
        _write(pages, terms, kinds, folder)
    finally:
        if collecting:
            gc.enable()


def _write(pages: Mapping[str, Page], terms: Sequence[Term], kinds: Mapping[str, float], folder: Path) -> None:
    files, small = _Files(folder), len(pages) <= SMALL
    of_kind: dict[str, list[str]] = {kind: [] for kind in kinds}
    for url in sorted(pages):
        of_kind[pages[url].kind].append(url)
    names: list[str] = []
    shown: set[str] = set()
    traditional = re.compile(f"[{''.join(fold.simplified())}]")

    def written() -> Iterator[Page]:
        for place, url in enumerate(chain.from_iterable(of_kind.values())):
            page = pages[url]
            files.add(f"p{place}", _page(page))
            shown.update(traditional.findall(_texts(page)))
            if small:
                names.append(_names(page))
            yield page

    counted = postings.collect(written(), terms)
    homes = [_home(counted, place) for place in range(len(terms)) if small]
    lexicon = _lexicon(counted)
    present: set[str] = set()

    def seen() -> Iterator[tuple[str, str]]:
        for entry in counted.entries():
            present.update(entry[0])
            yield entry

    firsts = []
    for place, shard in enumerate(shards.cut(seen(), shards.SMALL_PIECE_BYTES if small else shards.PIECE_BYTES)):
        files.add(f"k{place}", shard.entries)
        firsts.append(shard.first)
    for length, words in lexicon.items():
        files.add(f"w{length}", words)
    simplified, rest = _simplified(present, shown)
    forms = [postings.folded_forms(term) for term in terms]
    if pages:
        files.add("s0", sounds.table(names + [form for known_as in forms for form in known_as]))
        files.add("s1", sounds.table())
        files.add("t0", rest)
    files.add(
        "index",
        {
            "format": FORMAT,
            "pages": len(pages),
            "kinds": [[kind, len(of_kind[kind]), weight] for kind, weight in kinds.items()],
            "first": "\n".join(firsts),
            "large": [place for place in range(len(pages)) if files.sizes[f"p{place}"] > LARGE],
            "names": names,
            "homes": homes,
            "words": list(lexicon),
            "terms": forms,
            "entries": sum(term.is_entry for term in terms),
            "simplified": simplified,
        },
    )
    files.close()
