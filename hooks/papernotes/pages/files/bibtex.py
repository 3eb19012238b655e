"""A paper as BibTeX: the entry that a reader copies or downloads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from papernotes.base import han
from papernotes.data.ledger import Record
from papernotes.markdown import formula
from papernotes.pages.files import venues

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
_SPELT: Final = str.maketrans({
    "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "ß": "ss", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "œ": "oe", "ŧ": "t",
})  # fmt: skip
"""The Latin letters that Unicode does not take apart into a plain letter and its mark."""

_FORMULA: Final = re.compile(r"\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?![0-9])")
_NO_FORMULA: Final = re.compile(
    r"%|\\(?:char|futurelet|global|g?let|long|[egx]?def|(?:re|provide)?(?:new)?command|href|url|includegraphics)(?![A-Za-z])"
)
"""What Temml reads and a title has no use for: comments, addresses, and commands that change what comes later."""
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

_SUFFIX: Final = re.compile(r"(?:Jr|Sr)\.?|II|III|IV|2nd|3rd|4th")
_PARTICLES: Final = frozenset({
    "af", "al", "av", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "las", "le",
    "los", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
})  # fmt: skip
_CAPITAL_PARTICLES: Final = frozenset(
    {"Da", "De", "Del", "Della", "Den", "Der", "Di", "Dos", "Du", "El", "La", "Le", "Von"}
)
"""Which BibTeX would take for a first name. `Van` alone is not among them: it is a Vietnamese middle name too."""
_GROUP: Final = re.compile(
    r"\b(?:AI|Alliance|Association|Collaborations?|Committee|Communications?|Community|Consortium|Council|Foundation|Group|Inc"
    r"|Initiative|Institute|Labs?|Network|Organi[sz]ation|Project|Research|Society|Team|University|Workshop)\b"
)
_CHINESE: Final = re.compile(f"[{han.HAN}]+ [{han.HAN}]+")
_TEAM_OF: Final = re.compile(r"(?<=\S )Team (?=[A-Z])")
_MOST_WORDS: Final = 5
"""Of the name of a person; what is longer is an organisation's."""


def escape(text: str) -> str:
    """A text as TeX prints it. Characters beyond ASCII stay: every BibTeX since biber reads UTF-8."""
    return _tex(_clean(text))


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)


def key(record: Record) -> str:
    """The citation key: `rafailov2023direct`, of letters a-z and digits; the id where nothing else is left.

    Its year is that of the preprint, so that a key stays when the paper is published.
    """
    authors = _authors(record)
    return _key(record, _key_name(authors[0]) if authors else "", _letters)


def former_key(record: Record) -> str:
    """The key that the entry had until November 2026, when any last word was a surname and letters such as ø were lost."""
    surname = record.authors[0].split()[-1] if record.authors and record.authors[0].split() else ""
    return _key(record, surname, _ascii)


def _key(record: Record, surname: str, letters: Callable[[str], str]) -> str:
    words = [letters(word) for word in re.split(r"[\s\-:/]+", record.title)]
    word = next((word for word in words if word and word not in _ARTICLES), "")
    return f"{letters(surname)}{record.year_month[0]}{word}" if letters(surname) else f"arxiv{letters(record.arxiv)}"


def keys(records: Iterable[Record], make: Callable[[Record], str] = key) -> dict[str, str]:
    """The keys of many records by id, each different: a second of one key gets `b`, a third `c`, after `z` its id."""
    result: dict[str, str] = {}
    taken: set[str] = set()
    for record in records:
        first = make(record)
        tries = [first, *(f"{first}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
        chosen = next((each for each in tries if each not in taken), f"{first}{_letters(record.arxiv)}")
        taken.add(chosen)
        result[record.arxiv] = chosen
    return result


def entries(records: Iterable[Record], names: Iterable[str] = ()) -> dict[str, str]:
    """The entries of many records by id. `names`: of models and methods, whose case matters in a title."""
    records, names = list(records), tuple(names)
    chosen, former = keys(records), keys(records, former_key)
    taken = set(chosen.values())
    lost = {id_: name for id_, name in former.items() if name not in taken}
    return {record.arxiv: entry(record, chosen[record.arxiv], lost.get(record.arxiv), names) for record in records}


def entry(record: Record, name: str | None = None, former: str | None = None, names: Iterable[str] = ()) -> str:
    """The BibTeX entry of a paper: as published where the ledger knows the venue, else `@misc`; `eprint` in any case.

    Shape: lines ending in a newline; `name` is its key, `former` one that biblatex still finds it by. What is not known is
    left out; the year is the id's then. A DOI that arXiv gave is the preprint's, and no published entry has it.
    Source: https://info.arxiv.org/help/hypertex/bibstyles/index.html, biblatex manual 3.8 §2.2, §3.14.7
    """
    known = venues.published(record.venue)
    note = (known.note if known else record.venue) or ""
    doi = (record.doi or "").translate(_BRACES)
    fields = {
        "title": _title(record.title, tuple(names)),
        "author": " and ".join(_author(author) for author in _authors(record)),
        "booktitle": escape(known.title) if known and known.kind == "inproceedings" else "",
        "journal": escape(known.title) if known and known.kind == "article" else "",
        "volume": (known.volume if known else None) or "",
        "year": str(known.year if known else record.year_month[0]),
        "eprint": record.arxiv,
        "archiveprefix": "arXiv",
        "primaryclass": (record.category or "").translate(_BRACES),
        "doi": "" if known and doi.lower().startswith("10.48550/arxiv.") else doi,
        "url": f"https://arxiv.org/abs/{record.arxiv}",
        "note": escape(note[:1].upper() + note[1:] if known else note),  # styles print it as a sentence
        "ids": former or "",
    }
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@{known.kind if known else 'misc'}{{{name or key(record)},", *lines, "}", ""])


@lru_cache(maxsize=1)
def _with_case(names: tuple[str, ...]) -> list[str]:
    """The names that have a capital, the longest first."""
    return sorted({_clean(name) for name in names if re.search("[A-Z]", name)}, key=len, reverse=True)


def _title(text: str, names: tuple[str, ...]) -> str:
    """A title, with braces around what a style must not set in small letters: formulas, names, abbreviations."""
    text = _clean(text)
    known = [name for name in _with_case(names) if name in text]
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known) or "(?!)")
    kept: list[tuple[int, int]] = []
    for match in _FORMULA.finditer(text):
        if _is_formula(match[1]):
            kept.append(match.span())
    formulas = set(kept)
    words = (match for match in _WORD.finditer(text) if _has_case(match, text))
    for match in (*named.finditer(text), *words):
        if not any(match.start() < end and start < match.end() for start, end in kept):
            kept.append(match.span())
    result, at = "", 0
    for start, end in sorted(kept):
        inside = text[start:end]
        result += f"{_tex(text[at:start])}{{{inside if (start, end) in formulas else _tex(inside)}}}"
        at = end
    return result + _tex(text[at:])


def _is_formula(tex: str) -> bool:
    """Whether what stands between two dollar signs is a formula that TeX can set, and nothing else."""
    depth = 0
    for character in tex:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    if depth or _NO_FORMULA.search(tex):
        return False
    try:
        formula.render(tex, display=False)
    except formula.FormulaError:
        return False
    return True


def _has_case(match: re.Match[str], text: str) -> bool:
    """Whether a word has a capital that means more than where it stands: `LoRA`, `GPT`, `7B`, `B2`, `C`, `Llama` of `Llama 3`."""
    word = match.group()
    for part in re.split(r"[-'’.]", word):
        capitals = sum(map(str.isupper, part))
        if capitals > part[0].isupper() or (capitals and part.isupper() and part != "A"):
            return True
    return word[0].isupper() and bool(re.search("[0-9]", word) or re.match(" [0-9]", text[match.end() :]))


def _authors(record: Record) -> list[str]:
    """The names that are names: a list of arXiv's also holds the colon behind a team."""
    return [name for name in map(_clean, record.authors) if any(character.isalpha() for character in name)]


def _author(name: str) -> str:
    """A name as BibTeX reads it: first names first, a particle (`von`) by itself; what is not a person's is kept whole by braces.

    Source: https://mirrors.ctan.org/info/bibtex/tamethebeast/ttb_en.pdf, §11
    """
    group = _group(name)
    if group is not None:
        return f"{{{_tex(group)}}}"
    first, last, suffix = _parts(name)
    if _CHINESE.fullmatch(name):  # the family name comes first
        return ", ".join(name.split())
    if suffix:
        return f"{_tex(last)}, {_tex(suffix)}, {_tex(first)}"
    # BibTeX would take `danah` of `danah boyd` for a `von`, and `Le` of `Teven Le Scao` for a first name.
    if " " in last or (first[:1].islower() and first.split()[0] not in _PARTICLES):
        return f"{_tex(last)}, {_tex(first)}"
    return _tex(name)


def _group(name: str) -> str | None:
    """The name of what is not a person, or cannot be taken apart as one; None for a person."""
    person, _, suffix = name.rpartition(",")
    rest = person if person and _SUFFIX.fullmatch(suffix.strip()) else name
    words = rest.split()
    if len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        words.pop()
    odd = bool(re.search(r",|\band\b|\bothers\b|\bet al\b", rest, re.IGNORECASE)) or not name[0].isalpha()
    odd = odd or (bool(re.search(f"[{han.HAN}]", name)) and not _CHINESE.fullmatch(name))
    if odd or _GROUP.search(rest) or len(words) == 1 or len(words) > _MOST_WORDS:
        return name if "," in name else _TEAM_OF.sub("Team, ", name)
    return None


def _parts(name: str) -> tuple[str, str, str]:
    """A person's first names, last name and suffix (`Jr.`, `III`); particles stand with the last name where BibTeX needs it."""
    words = name.replace(",", " ").split()
    suffix = words.pop() if _SUFFIX.fullmatch(words[-1]) else ""
    at = len(words) - 1
    while at > 1 and (
        words[at - 1] in _CAPITAL_PARTICLES or ((suffix or at < len(words) - 1) and words[at - 1].lower() in _PARTICLES)
    ):
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:]), suffix


def _key_name(name: str) -> str:
    """What a key calls an author: the last word of the family name, the first of a team's that is not an article."""
    if _group(name) is not None:
        return next((word for word in name.split() if word.lower() not in _ARTICLES), name)
    return _parts(name)[1].split()[-1]


def _letters(text: str) -> str:
    return _ascii(text.lower().translate(_SPELT))


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())
