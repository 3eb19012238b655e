"""What arXiv's abstracts were when a refresh last saw them: fingerprints of their sentences, and the sentences where told so.

One JSON file, written by a refresh: one line a paper, and one more for the version that was translated where it is older.
`originals` is its one setting: whether the sentences are kept, and shown beside their translations; off, the fingerprints
alone are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from papernotes.base import arxiv, data_file
from papernotes.base.fields import day_problem, is_int, is_text
from papernotes.base.finding import Finding, quote
from papernotes.base.hidden import HIDDEN
from papernotes.base.rule import Rule
from papernotes.data import blanks
from papernotes.data.bounds import MAX_VERSION
from papernotes.text import sentences
from papernotes.text.document import relative
from papernotes.text.pairs import FINGERPRINT, MAX_PAIRS

SCHEMA: Final = 1
FILE: Final = "_data/abstracts.json"
MAX_BYTES: Final = 50_000_000
MAX_SENTENCE: Final = 5000
"""Characters; arXiv takes no abstract that is longer as a whole."""
SOURCE: Final = "arxiv-api"
KEYS: Final = ("arxiv", "version", "day", "source", "cut", "fingerprints", "sentences")

RULES = (
    Rule(
        "abstracts",
        "摘要的指纹由刷新写，不手改",
        "指纹说明译文的底本后来改了没有；手改过，就会把没改的说成改了。",
        '"fingerprints": ["8f3a"]',
        '"fingerprints": ["8f3a1c2e"]',
    ),
)


@dataclass(frozen=True)
class Abstract:
    """The abstract of a paper as arXiv gave it on one day."""

    arxiv: str
    version: int | None
    """The newest then, whose abstract it is; None: the answer did not tell."""
    day: date
    fingerprints: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    """As many, or none: they are not kept."""


@dataclass(frozen=True)
class Abstracts:
    """All that is kept."""

    originals: bool = False
    """Whether the sentences are kept and shown."""
    of: Mapping[str, Abstract] = field(default_factory=dict)
    """By arXiv id, of the newest version."""
    earlier: Mapping[str, Abstract] = field(default_factory=dict)
    """By arXiv id, of the version that was translated, where that is not the newest."""

    def all_of(self, id_: str) -> list[Abstract]:
        """What is kept of a paper, the newest version first."""
        return [each[id_] for each in (self.of, self.earlier) if id_ in each]


def make(id_: str, version: int | None, day: date, text: str, *, originals: bool) -> Abstract | None:
    """The abstract in a text that arXiv gave; None where it can be none."""
    cut = sentences.cut(text)
    if not 0 < len(cut) <= MAX_PAIRS or max(map(len, cut)) > MAX_SENTENCE:
        return None
    marks = tuple(sentences.fingerprint(sentence) for sentence in cut)
    return Abstract(id_, version, day, marks, cut if originals else ())


def block_of(abstract: str, version: int | None) -> str:
    """A block for the translation of an abstract: fingerprints, and blanks for the sentences. Empty where it can be none."""
    made = make("", version, date.min, abstract, originals=False)
    if made is None:
        return ""
    named = [f"    version: {version}"] if version else []
    head = ["/// pairs | 摘要", "    of: abstract", f"    cut: {sentences.VERSIONS[-1]}", *named]
    lines = [f"{mark} {blanks.blank(f'译文，第 {place} 句')}" for place, mark in enumerate(made.fingerprints, 1)]
    return "\n".join([*head, "    copy: arxiv", "    seen: arXiv 的接口", *lines, "///"])


def read(docs_dir: Path, root: Path, *, today: date) -> tuple[Abstracts, list[Finding]]:
    """Read the abstracts of a docs folder; one may be without.

    Shape: what is kept; findings, with which nothing is. Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "abstracts")
    return (Abstracts(), findings) if text is None else parse(text, path, today=today)


def parse(text: str, path: str, *, today: date) -> tuple[Abstracts, list[Finding]]:
    """Read the text of the file; see `read`."""
    try:
        data = data_file.parse_json(text)
    except data_file.SlipError as slip:
        return Abstracts(), [_found(path, slip.line, slip.column, str(slip))]
    if not isinstance(data, dict) or set(data) != {"schema", "originals", "abstracts"} or data["schema"] != SCHEMA:
        return Abstracts(), [_found(path, 1, 1, f"the file is not of schema {SCHEMA}")]
    if not isinstance(data["originals"], bool) or not isinstance(data["abstracts"], list):
        return Abstracts(), [_found(path, 1, 1, "'originals' is not true or false, or 'abstracts' is not a list")]
    found: dict[str, Abstract] = {}
    earlier: dict[str, Abstract] = {}
    findings: list[Finding] = []
    for entry in data["abstracts"]:
        named = entry.get("arxiv") if isinstance(entry, dict) else None
        problem = _problem(entry, today)
        seen = None if problem else _abstract(entry, originals=data["originals"])
        newest = found.get(str(named))
        if seen is None or (newest and (named in earlier or (seen.version or 0) >= (newest.version or 0))):
            at = text.find(f'"arxiv": {json.dumps(named)}') if isinstance(named, str) else -1
            line = text.count("\n", 0, max(at, 0)) + 1
            findings.append(_found(path, line, 1, problem or f"{named} is repeated, and not by one older version"))
        else:
            (earlier if newest else found)[seen.arxiv] = seen
    return (Abstracts(), findings) if findings else (Abstracts(data["originals"], found, earlier), [])


def _abstract(entry: Mapping[str, Any], *, originals: bool) -> Abstract:
    return Abstract(
        entry["arxiv"],
        entry["version"],
        date.fromisoformat(entry["day"]),
        tuple(entry["fingerprints"]),
        tuple(entry["sentences"]) if originals else (),
    )


def serialise(abstracts: Abstracts) -> str:
    """The file: one line a paper, sorted by id."""
    kept = [each for id_ in sorted(abstracts.of) for each in abstracts.all_of(id_)]
    lines = [json.dumps(_entry(each), ensure_ascii=False) for each in kept]
    head = f'{{"schema": {SCHEMA}, "originals": {json.dumps(abstracts.originals)}, "abstracts": ['
    return "\n".join([head, ",\n".join(lines), "]}"] if lines else [f"{head}]}}"]) + "\n"


def _entry(abstract: Abstract) -> dict[str, object]:
    values = (
        abstract.arxiv,
        abstract.version,
        abstract.day.isoformat(),
        SOURCE,
        sentences.VERSIONS[-1],
        list(abstract.fingerprints),
        list(abstract.sentences),
    )
    return dict(zip(KEYS, values, strict=True))


def _problem(entry: object, today: date) -> str | None:
    """What is wrong with one entry, or None."""
    if not isinstance(entry, dict) or set(entry) != set(KEYS):
        return f"an entry does not have exactly the keys {', '.join(KEYS)}"
    try:
        named = arxiv.parse_id(str(entry["arxiv"])).id
    except ValueError as error:
        return str(error)
    marks, texts, version = entry["fingerprints"], entry["sentences"], entry["version"]
    if not (version is None or (is_int(version, 1) and version <= MAX_VERSION)):
        return f"{quote(str(version))} is not a version"
    if problem := day_problem(entry["day"], today):
        return f"the day of {named} is {problem}"
    if entry["source"] != SOURCE or entry["cut"] not in sentences.VERSIONS:
        return f"{named} has another source than {SOURCE}, or a version of cut that is not known"
    if not _are_texts(marks) or not 0 < len(marks) <= MAX_PAIRS or not all(map(FINGERPRINT.fullmatch, marks)):
        return f"the fingerprints of {named} are not fingerprints"
    if not _are_texts(texts) or any(
        not is_text(each) or len(each) > MAX_SENTENCE or HIDDEN.search(each) for each in texts
    ):
        return f"the sentences of {named} are not texts"
    if texts and [sentences.fingerprint(each) for each in texts] != marks:
        return f"the sentences of {named} do not have its fingerprints"
    return None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _found(path: str, line: int, column: int, what: str) -> Finding:
    return Finding(path, line, column, "abstracts", what, "restore the file from git, or delete it and refresh")
