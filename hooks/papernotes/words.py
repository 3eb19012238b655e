"""The words of the site: what a reader sees that no page says, in one file, so that another language is a translation of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from papernotes import kit
from papernotes.base.finding import Finding, quote
from papernotes.base.store import digest
from papernotes.text.document import relative
from papernotes.text.frontmatter import Node, read_mapping

FILE: Final = "words.yml"
"""Beside the templates."""
_FILLED: Final = re.compile(r"\{[^{}]*\}")


class Words(dict[str, str]):
    """What is said, by key."""

    def say(self, key: str, **values: object) -> str:
        """The words of a key with the values put in. Raises: KeyError where there is no such key, or a value is missing."""
        return self[key].format(**values)

    @cached_property
    def digest(self) -> str:
        """What is made with other words has another one."""
        return digest(*(part for item in sorted(self.items()) for part in item))


@cache
def program() -> Words:
    """Those that come with the program."""
    return of(None, Path())[0]


def of(theme: Path | None, root: Path) -> tuple[Words, list[Finding]]:
    """Those of a site. `theme`: its own templates, if it has some. See `read`."""
    return read(dict.fromkeys((kit.find(kit.THEME), *([theme] if theme else []))), root)


def read(folders: Iterable[Path], root: Path) -> tuple[Words, list[Finding]]:
    """The words by key. A folder after the first may say some of them in another way, and fill in what the first one does.

    Shape: (words, what is wrong with the files). `root`: from where the findings name them.
    """
    words = Words()
    findings = []
    for file in (folder / FILE for folder in folders):
        if not file.is_file():
            continue
        path = relative(file, root)
        entries, found = read_mapping(path, file.read_text(encoding="utf-8", errors="replace"))
        findings += [*found, *_faults(path, entries, words)]
        words.update({key: node.value for key, node in entries.items() if node.kind == "str"})
    return words, findings


def _faults(path: str, entries: Mapping[str, Node], known: Mapping[str, str]) -> Iterator[Finding]:
    for key, node in entries.items():
        if known and key not in known:
            what, fix = f"{quote(key)} is not a key of the words", f"use one of those of the program's own {FILE}"
            yield node.finding(path, "front-matter-key", what, fix)
        elif node.kind != "str":
            yield node.finding(path, "front-matter-value", f"{quote(key)} is not text", "put it in quotes")
        elif re.search(r"[{}]", _FILLED.sub("", node.value)):
            what = f"a brace of {quote(key)} has no partner"
            yield node.finding(path, "front-matter-value", what, "close it, or remove it")
        elif known and (more := set(_FILLED.findall(node.value)) - set(_FILLED.findall(known[key]))):
            places = ", ".join(_FILLED.findall(known[key])) or "none"
            what = f"{quote(sorted(more)[0])} is not filled in at {quote(key)}"
            yield node.finding(path, "front-matter-value", what, f"use those of the program's own {FILE}: {places}")
