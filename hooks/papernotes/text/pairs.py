"""Blocks of pairs: a translation sentence by sentence, each with the fingerprint of its original.

    /// pairs | 摘要
        of: abstract
        cut: 1
        version: 3
        copy: arxiv
        seen: 某处的转载
    8f3a1c2e 每一句译文占一行，前面是原文那一句的指纹。
    ///

The original is not on the page; how far it has moved away from the translation, its fingerprints tell. A block of more than
the abstract may hold it, each sentence in a line of its own before its translation, where the paper's licence allows that:

    /// pairs | 方法
        of: §3.1
        …
    > We propose a method.
    8f3a1c2e 我们提出一种方法。
    ///
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from papernotes.base.finding import Problem, quote
from papernotes.base.han import HAN
from papernotes.text import paper_places, slash_blocks
from papernotes.text.document import Document, remembered
from papernotes.text.sentences import LENGTH, VERSIONS, cut
from papernotes.text.sentences import fingerprint as fingerprint_of
from papernotes.text.source_mark import MARK

ABSTRACT: Final = "abstract"
COPIES: Final = ("arxiv", "other")
"""What a translation was made from: arXiv's own abstract of that version, or another text of it."""
MAX_PAIRS: Final = 200
"""Of one block: no abstract is so long."""
_RAW: Final = re.compile(r"[*`$<\[\]]|__")
"""Marks of Markdown, which mean nothing in a heading of a block and in an option."""
SEEN_LIMIT: Final = 80
"""Characters of the words that say where the copy was seen."""
FINGERPRINT: Final = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_ORIGINAL: Final = re.compile(r">[ \t]*(?P<text>\S.*?)?[ \t]*")
_LINE: Final = re.compile(r"(?P<mark>[0-9A-Za-z]+)(?:[ \t]+(?P<text>\S.*?))?[ \t]*")


@dataclass(frozen=True)
class Pair:
    """A sentence of the translation."""

    fingerprint: str
    """Of the original sentence."""
    text: str
    """The translation, as Markdown."""
    offset: int
    """In the body."""
    original: str = ""
    """The original sentence; empty: the page does not hold it."""


@dataclass(frozen=True)
class Pairs:
    """A block of pairs."""

    offset: int
    """In the body."""
    end: int
    """Of its last line, in the body."""
    label: str
    """The heading above it."""
    of: str
    """What was translated: the abstract, or a place of the paper as source marks write it."""
    of_offset: int
    """Where that is said, in the body."""
    version: int | None
    """Of the paper whose text was translated; None: the copy does not tell."""
    version_offset: int
    """Where that is said, in the body."""
    seen: str
    """Where the original was read, in words."""
    is_arxiv: bool
    """Whether the copy is arXiv's own abstract of that version: a difference is a change of the original then."""
    pairs: tuple[Pair, ...]
    originals: tuple[slash_blocks.Line, ...]
    """The lines of the original."""
    problems: tuple[Problem, ...]

    @property
    def is_abstract(self) -> bool:
        """Whether the abstract was translated, and nothing else."""
        return self.of == ABSTRACT

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Of the originals, in order."""
        return tuple(pair.fingerprint for pair in self.pairs)


@remembered
def scan(document: Document) -> tuple[Pairs, ...]:
    """The blocks of pairs of a page, in order; see `slash_blocks.scan`."""
    return tuple(_pairs(block) for block in slash_blocks.scan(document).blocks if block.name == "pairs")


def abstract_of(document: Document) -> Pairs | None:
    """The translation of the abstract on a page."""
    return next((block for block in scan(document) if block.is_abstract), None)


def without_originals(body: str, blocks: Sequence[Pairs]) -> str:
    """A body whose lines of the original are blank, as long as before: Markdown takes them for quotes."""
    for block in blocks:
        for line in block.originals:
            body = body[: line.offset] + " " * len(line.text) + body[line.offset + len(line.text) :]
    return body


def _pairs(block: slash_blocks.Block) -> Pairs:
    problems = list(block.problems)
    if block.readable:
        problems += _option_problems(block)
    pairs: list[Pair] = []
    seen: set[str] = set()
    waiting: slash_blocks.Line | None = None  # an original whose translation has not come yet
    originals: list[slash_blocks.Line] = []
    for line in block.lines:
        if not line.text.strip():
            continue
        if _ORIGINAL.fullmatch(line.text):
            originals.append(line)
            problems += _original_problems(line, waiting, is_abstract=block.text("of") == ABSTRACT)
            waiting = line
            continue
        match = _LINE.fullmatch(line.text)
        original = _original(waiting) if waiting else ""
        pair = Pair(match["mark"], match["text"] or "", line.offset, original) if match else None
        problem = _line_problem(line, pair, seen)
        waiting = None
        if problem:
            problems.append(problem)
        if pair and FINGERPRINT.fullmatch(pair.fingerprint):
            seen.add(pair.fingerprint)
            pairs.append(pair)
    if waiting:
        problems += _original_problems(None, waiting, is_abstract=False)
    if not pairs and not problems:
        what = "the block has no pair"
        problems.append(Problem(block.offset, "pairs-text", what, "write one line a sentence: 8f3a1c2e 译文"))
    if len(pairs) > MAX_PAIRS:
        what = f"the block has {len(pairs)} pairs, more than {MAX_PAIRS}"
        problems.append(Problem(block.offset, "pairs-text", what, "translate the abstract alone"))
    return Pairs(
        block.offset,
        block.end,
        block.label,
        block.text("of"),
        block.at("of"),
        block.whole("version"),
        block.at("version"),
        block.text("seen"),
        block.text("copy") == COPIES[0],
        tuple(pairs),
        tuple(originals),
        tuple(problems),
    )


def _option_problems(block: slash_blocks.Block) -> Iterator[Problem]:
    def wrong(option: str, what: str, fix: str, rule: str = "pairs-option") -> Problem:
        given = block.options.get(option)
        return block.problem(option, rule, what.format(quote(given.node.text)) if given else what, fix)

    if not block.label:
        yield Problem(block.offset, "pairs-block", "the block has no heading", "write /// pairs | 摘要")
    elif match := _RAW.search(block.label):
        what = f"{quote(match.group())} in the heading is shown as it stands"
        yield Problem(block.offset, "pairs-block", what, "write plain words")
    if "of" not in block.options:
        yield wrong("of", "no of", f"add of: {ABSTRACT}")
    elif block.text("of") != ABSTRACT:
        if paper_places.parse(block.text("of")) is None or block.text("of") == "摘要":
            fix = f"write of: {ABSTRACT}, or a place of the paper as source marks write it: §3.1"
            yield wrong("of", "{} is no part of a paper", fix)
        if "version" not in block.options:
            yield wrong("version", "no version", "name the version that was read: its licence decides")
        if block.text("copy") == COPIES[1]:
            what = "copy {} is of a licence that is not known"
            yield wrong("copy", what, "translate arXiv's text of that version, and write copy: arxiv")
    if block.whole("cut") not in VERSIONS:
        what = "cut {} is not known" if "cut" in block.options else "no cut"
        yield wrong("cut", what, f"write cut: {VERSIONS[-1]}, the version of the code that cuts sentences")
    if "version" in block.options and not 1 <= (block.whole("version") or 0) <= 999:
        yield wrong("version", "{} is not a version", "write a number from 1, or leave it out where the copy has none")
    if block.text("copy") not in COPIES:
        what = "copy {}" if "copy" in block.options else "no copy"
        yield wrong("copy", what, "write copy: arxiv where it is arXiv's abstract of that version, else copy: other")
    if not 0 < len(block.text("seen")) <= SEEN_LIMIT:
        what = "seen is empty or too long" if "seen" in block.options else "no seen"
        yield wrong("seen", what, f"say in at most {SEEN_LIMIT} characters where the original was read")
    elif match := _RAW.search(block.text("seen")):
        what = f"{quote(match.group())} in seen is shown as it stands"
        yield block.problem("seen", "pairs-option", what, "write plain words")


def _original(line: slash_blocks.Line) -> str:
    match = _ORIGINAL.fullmatch(line.text)
    return (match["text"] or "") if match else ""


def _original_problems(
    line: slash_blocks.Line | None, waiting: slash_blocks.Line | None, *, is_abstract: bool
) -> Iterator[Problem]:
    """What is wrong with a line of the original, and that the one before it still waits for its translation."""
    if waiting:
        what = f"{quote(waiting.text.strip(), 24)} has no translation"
        yield Problem(waiting.offset, "pairs-text", what, "write it in the next line: 8f3a1c2e 译文")
    if line is None:
        return
    shown, count = quote(line.text.strip(), 24), len(cut(_original(line)))
    if is_abstract:
        what = f"{shown} is of the original, which a page of the abstract does not hold"
        yield Problem(line.offset, "pairs-text", what, "remove it; a refresh keeps the originals where it is told to")
    elif count != 1:
        yield Problem(line.offset, "pairs-text", f"{shown} is {count} sentences", "write one sentence a line")


def _line_problem(line: slash_blocks.Line, pair: Pair | None, seen: set[str]) -> Problem | None:
    shown = quote(line.text.strip(), 24)
    if pair is None or line.text != line.prose:
        return Problem(line.offset, "pairs-text", f"{shown} is not a pair", "write one line a sentence: 8f3a1c2e 译文")
    mark = quote(pair.fingerprint, 24)
    again = "take it from 'make pairs ID=…', one for each sentence of the original"
    if not FINGERPRINT.fullmatch(pair.fingerprint):
        what = (
            f"the fingerprint {mark} has {len(pair.fingerprint)} digits instead of {LENGTH}"
            if re.fullmatch("[0-9a-f]+", pair.fingerprint)
            else f"{mark} is not a fingerprint"
        )
        return Problem(line.offset, "pairs-fingerprint", what, again)
    if pair.fingerprint in seen:
        return Problem(line.offset, "pairs-fingerprint", f"the fingerprint {mark} is repeated", again)
    if pair.original and pair.fingerprint != fingerprint_of(pair.original):
        what = f"the fingerprint {mark} is not that of the sentence above"
        return Problem(line.offset, "pairs-fingerprint", what, f"write {fingerprint_of(pair.original)}")
    if not pair.text:
        return Problem(line.offset, "pairs-text", f"the pair {mark} has no text", "translate the sentence")
    if not re.search(f"[{HAN}]", pair.text):
        return Problem(line.offset, "pairs-text", f"the pair {mark} has no Chinese", "translate the sentence")
    if source := MARK.search(pair.text):
        what = f"{quote(source.group(), 24)} is not in the original"
        return Problem(line.offset, "pairs-text", what, "remove it; the options say of all where it is from")
    return None


Change = Literal["changed", "added", "removed", "moved"]


@dataclass(frozen=True)
class Step:
    """One difference between what was translated and what the original is now."""

    change: Change
    old: int | None
    """The place of the sentence in what was translated, from 0; None for one that was added."""
    new: int | None
    """Its place in the original as it is now; None for one that was removed."""


def drift(old: Sequence[str], new: Sequence[str]) -> tuple[Step, ...]:
    """How an original has moved away from what was translated, by fingerprints.

    Shape: the differences, by place. A sentence that stands elsewhere has moved; where sentences were replaced by others,
    the first of the one is the first of the other, changed, and what is left over was added or removed.
    """
    gone: list[int] = []
    come: list[int] = []
    runs: list[tuple[range, range]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            runs.append((range(i, j), range(k, m)))
            gone += range(i, j)
            come += range(k, m)
    places = {new[place]: place for place in come}
    moved = {place: places.pop(old[place]) for place in gone if old[place] in places}
    arrived = set(moved.values())
    steps = [Step("moved", *places) for places in moved.items()]
    for before, after in runs:
        left = [place for place in before if place not in moved]
        right = [place for place in after if place not in arrived]
        both = min(len(left), len(right))
        steps += [Step("changed", *places) for places in zip(left, right, strict=False)]
        steps += [Step("removed", place, None) for place in left[both:]]
        steps += [Step("added", None, place) for place in right[both:]]
    return tuple(sorted(steps, key=lambda s: (s.new if s.old is None else s.old, s.old is None, s.change)))
