"""Entries of BibTeX, read by two parsers that are not ours."""

from __future__ import annotations

import re

import bibtexparser
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from pybtex.database import Person, parse_string

Parts = tuple[str, str, str, str]
"""First names, particle, last name, suffix."""


def plain(text: str) -> str:
    """The text that a field prints: without the braces that keep it as it is, formulas in TeX."""
    pieces = re.split(r"(?<!\\)(\$(?:[^$\\]|\\.)+\$)", text)
    return "".join(piece if number % 2 else without_tex(piece) for number, piece in enumerate(pieces))


def without_tex(text: str) -> str:
    """A text of TeX, a formula in it taken for text."""
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    tokens = re.findall(r"\\text[a-z]+\{\}|\\.|[{}]|[^\\{}]+", text)
    assert "".join(tokens) == text
    shown = (
        names[token[5:-2]] if token.startswith("\\text") else "" if token in "{}" else token.removeprefix("\\")
        for token in tokens
    )
    return "".join(shown)


def read_back(text: str) -> tuple[str, str, dict[str, str], list[Parts]]:
    """The kind, the key, the fields and the names of the one entry, as both parsers have them."""
    parsed = parse_string(text, "bibtex")
    [(name, entry)] = parsed.entries.items()
    people: list[Person] = entry.persons.get("author", [])
    parts = [
        _parts([*one.first_names, *one.middle_names], one.prelast_names, one.last_names, one.lineage_names)
        for one in people
    ]
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert library.failed_blocks == []
    [other] = library.entries
    fields = {field.key: field.value for field in other.fields}
    names: list[NameParts] = fields.pop("author", [])
    assert [_parts(one.first, one.von, one.last, one.jr) for one in names] == parts
    assert (other.entry_type, other.key) == (entry.type, name)
    assert {key: " ".join(value.split()) for key, value in fields.items()} == dict(entry.fields)
    return entry.type, name, fields, parts


def _parts(*parts: list[str]) -> Parts:
    first, von, last, suffix = (" ".join(words) for words in parts)
    return first, von, last, suffix


def whole(parts: Parts) -> str:
    """A name as one reads it."""
    return plain(" ".join(filter(None, parts)))
