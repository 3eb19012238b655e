"""A paper as BibTeX: the entry that a reader copies or downloads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from papernotes.data.ledger import Record

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # `\{` would do in TeX, but BibTeX counts the brace
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&%#_"},
}
_BRACES: Final = str.maketrans({"{": "%7B", "}": "%7D", "%": "%25", "\\": "%5C"})
_ARTICLES: Final = frozenset({"a", "an", "the", "on", "in", "of", "for", "to", "and", "with", "from", "is", "are"})


def escape(text: str) -> str:
    """A text as TeX prints it. Characters beyond ASCII stay: every BibTeX since biber reads UTF-8."""
    plain = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    return "".join(_SPECIAL.get(character, character) for character in plain)


def unescape(text: str) -> str:
    """The text that `escape` was given, white space and control characters apart."""
    for character, written in sorted(_SPECIAL.items(), key=lambda item: -len(item[1])):
        if len(written) > 2:
            text = text.replace(written, f"\x00{ord(character)}\x00")
    text = re.sub(r"\\([$&%#_])", r"\1", text)
    return re.sub("\x00([0-9]+)\x00", lambda match: chr(int(match[1])), text)


def key(record: Record) -> str:
    """The citation key: `rafailov2023direct`, of letters a-z and digits; the id where nothing else is left."""
    surname = _letters(record.authors[0].split()[-1]) if record.authors and record.authors[0].split() else ""
    words = [_letters(word) for word in re.split(r"[\s\-:/]+", record.title)]
    word = next((word for word in words if word and word not in _ARTICLES), "")
    return f"{surname}{_year(record)}{word}" if surname else f"arxiv{_letters(record.arxiv)}"


def keys(records: Iterable[Record]) -> dict[str, str]:
    """The keys of many records by id, each different: a second of one key gets `b`, a third `c`, after `z` its id."""
    result: dict[str, str] = {}
    taken: set[str] = set()
    for record in records:
        first = key(record)
        tries = [first, *(f"{first}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
        chosen = next((each for each in tries if each not in taken), f"{first}{_letters(record.arxiv)}")
        taken.add(chosen)
        result[record.arxiv] = chosen
    return result


def entry(record: Record, name: str | None = None) -> str:
    """The BibTeX entry of a paper, as arXiv suggests it: `@misc` with `eprint`.

    Shape: lines ending in a newline; `name` is its key. What is not known is left out; the year is the id's then.
    Source: https://info.arxiv.org/help/hypertex/bibstyles/index.html
    """
    fields = {
        "title": f"{{{escape(record.title)}}}",
        "author": " and ".join(_author(author) for author in record.authors),
        "year": str(_year(record)),
        "eprint": record.arxiv,
        "archiveprefix": "arXiv",
        "primaryclass": record.category or "",
        "doi": (record.doi or "").translate(_BRACES),
        "url": f"https://arxiv.org/abs/{record.arxiv}",
        "note": escape(record.venue or ""),
    }
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{name or key(record)},", *lines, "}", ""])


def _author(name: str) -> str:
    """A name as BibTeX reads it: first names first. What is no such name is kept whole by braces."""
    whole = re.search(r",|\band\b|\bothers\b", name, re.IGNORECASE) or len(name.split()) > 5
    written = escape(name)
    return f"{{{written}}}" if whole or not written[:1].isalpha() else written


def _year(record: Record) -> int:
    if record.published:
        return record.published.year
    digits = record.arxiv.rpartition("/")[2]
    year = int(digits[:2])
    return (1900 if "/" in record.arxiv and year > 90 else 2000) + year


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())
