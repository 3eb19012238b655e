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
from collections.abc import Iterable, Mapping, Sequence
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


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _page(page: Page) -> list[Any]:
    """What the engine reads of one page: address, title, names, what it is about, summary, sections."""
    sections = [[section.id, section.heading, section.text] for section in page.article.sections]
    return [page.url, page.title or page.article.title, list(page.names), list(page.about), page.summary, sections]


def _names(page: Page) -> str:
    """What a page is called, folded: title, names, and the Chinese ones among tags, keywords and authors."""
    called = [run for text in page.about for run in fold.runs(fold.fold(text)) if len(run) > 1]
    return fold.fold(" . ".join(dict.fromkeys((page.title or page.article.title, *page.names, *called))))


def _simplified(keys: Iterable[str], pages: Iterable[Page]) -> tuple[list[str], list[str]]:
    """The folding of traditional forms, cut down to those whose simplified form stands on a page: forms and targets.

    First what any query needs: forms that stand on a page themselves, or in GB/T 2312 (著); then the others, which the engine
    fetches for a query that has an ideograph beyond it.
    """
    present = {char for key in keys for char in key}
    traditional = re.compile(f"[{''.join(fold.simplified())}]")
    shown: set[str] = set()
    for page in pages:
        parts = ((section.heading, section.text) for section in page.article.sections)
        texts = (page.title, page.article.title, page.summary, *page.names, *page.about, *chain.from_iterable(parts))
        shown.update(traditional.findall("\n".join(texts)))
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


def files(pages: Sequence[Page], terms: Sequence[Term], kinds: Mapping[str, float]) -> dict[str, str]:
    """All files of the index by path under the site's root.

    `kinds` gives the kinds of pages in order, each with the weight of its pages in the ranking; a page of a kind that is
    not there raises KeyError. The result depends on the arguments alone, not on the order of `pages`.
    """
    order = {kind: place for place, kind in enumerate(kinds)}
    collecting = gc.isenabled()
    gc.disable()  # millions of lists and no cycle among them: the collector would walk them again and again
    try:
        return _files(sorted(pages, key=lambda page: (order[page.kind], page.url)), terms, kinds)
    finally:
        if collecting:
            gc.enable()


def _files(numbered: Sequence[Page], terms: Sequence[Term], kinds: Mapping[str, float]) -> dict[str, str]:
    counted = postings.collect(numbered, terms)
    small = len(numbered) <= SMALL
    homes = [_home(counted, place) for place in range(len(terms)) if small]
    lexicon, entries = _lexicon(counted), counted.entries()
    del counted  # here and below: what is large is let go once something else has been made of it
    simplified, traditional = _simplified((key for key, _ in entries), numbered)
    pieces = shards.cut(entries, shards.SMALL_PIECE_BYTES if small else shards.PIECE_BYTES)
    del entries
    first = "\n".join(shard.first for shard in pieces)
    written = {f"k{place}": _json(shard.entries) for place, shard in enumerate(pieces)}
    del pieces
    written |= {f"p{place}": _json(_page(page)) for place, page in enumerate(numbered)}
    written |= {f"w{length}": _json(words) for length, words in lexicon.items()}
    names = [_names(page) for page in numbered if small]
    forms = [postings.folded_forms(term) for term in terms]
    if numbered:
        written["s0"] = _json(sounds.table(names + [form for known_as in forms for form in known_as]))
        written["s1"] = _json(sounds.table())
        written["t0"] = _json(traditional)
    written["index"] = _json(
        {
            "format": FORMAT,
            "pages": len(numbered),
            "kinds": [[kind, sum(page.kind == kind for page in numbered), weight] for kind, weight in kinds.items()],
            "first": first,
            "large": [place for place in range(len(numbered)) if len(written[f"p{place}"].encode()) > LARGE],
            "names": names,
            "homes": homes,
            "words": list(lexicon),
            "terms": forms,
            "entries": sum(term.is_entry for term in terms),
            "simplified": simplified,
        }
    )
    digest = hashlib.sha256()
    for name, text in sorted(written.items()):
        digest.update(f"{name}\n{text}\n".encode())
    build = digest.hexdigest()[:12]
    out = {}
    for name in list(written):
        path = "search/index.js" if name == "index" else f"search/{name[0]}/{name[1:]}.js"
        out[path] = f'pnSearchData("{name}","{build}",{written.pop(name)});\n'
    return out


def write(made: Mapping[str, str], folder: Path) -> None:
    """Write the files of an index under a folder."""
    for parent in sorted({(folder / path).parent for path in made}):
        parent.mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        (folder / path).write_text(content, encoding="utf-8", newline="\n")
