"""Figure blocks as written: annotations, conclusion, and the values of options, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple

from papernotes.base.finding import Problem, quote
from papernotes.text import slash_blocks
from papernotes.text.document import Document, remembered
from papernotes.text.frontmatter import Node

_CONCLUSION = re.compile("结论[：:]")
_NOTE = re.compile(r"(?P<number>[0-9]{1,4})\.[ ]+(?P<text>\S.*)")
_NUMBER = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,6})?")
HTML = re.compile(r"https://arxiv\.org/html/(?P<id>[a-z-]*/?[0-9.]+)v(?P<version>[0-9]{1,4})#[\w.-]+")


class Note(NamedTuple):
    """One numbered annotation: its number as written, its text, its offset in the body."""

    number: int
    text: str
    offset: int


class Anchor(NamedTuple):
    """A place in arXiv's HTML rendering of a paper, and the day somebody saw it there."""

    url: str
    checked: date


def _point(node: Node) -> tuple[float, float] | None:
    if node.kind != "list" or len(node.value) != 2 or not all(_NUMBER.fullmatch(part.text) for part in node.value):
        return None
    return float(node.value[0].text), float(node.value[1].text)


@dataclass(frozen=True)
class Block(slash_blocks.Block):
    """A figure block as written: nothing is known yet of the paper or the picture it names."""

    notes: tuple[Note, ...]
    conclusion: str
    """Without 「结论：」; empty where there is none."""

    def points(self) -> tuple[tuple[float, float], ...] | None:
        """The markers, None where they are not given or are not a list of points."""
        node = self.node("markers", "list")
        if node is None:
            return None
        points = [_point(each) for each in node.value]
        return None if None in points else tuple(point for point in points if point is not None)

    def anchor(self) -> Anchor | None:
        """The place in arXiv's HTML, None where it is not given or not of its form."""
        node = self.node("html", "map")
        if node is None or set(node.value) != {"url", "checked"}:
            return None
        url, day = node.value["url"], node.value["checked"]
        if day.kind != "date" or not HTML.fullmatch(url.text):
            return None
        return Anchor(url.text, day.value)


@remembered
def scan(document: Document) -> tuple[Block, ...]:
    """The figure blocks of a page, in order; see `slash_blocks.scan`."""
    return tuple(_figure(block) for block in slash_blocks.scan(document).blocks if block.name == "figure")


def _figure(block: slash_blocks.Block) -> Block:
    problems = list(block.problems)
    notes: list[Note] = []
    conclusion: list[str] = []
    paragraph_open = False  # the line before belongs to a paragraph that this one continues
    for line in block.lines:
        text = line.text.strip()
        if not line.prose.strip():
            paragraph_open = False
            continue
        match = _NOTE.fullmatch(line.text)
        if match is not None and not conclusion:
            notes.append(Note(int(match["number"]), match["text"].strip(), line.offset))
        elif conclusion and paragraph_open:
            conclusion.append(text)
        elif not conclusion and (begin := _CONCLUSION.match(text)):
            if paragraph_open:
                what = "no blank line before 结论："
                problems.append(Problem(line.offset, "figure-note", what, "add one, or it joins the list"))
            conclusion.append(text[begin.end() :].strip())
        elif not conclusion and notes and (paragraph_open or line.text.startswith("    ")):
            notes[-1] = notes[-1]._replace(text=_joined(notes[-1].text, text))
        else:
            what = f"{quote(text, 24)} is neither an annotation nor the conclusion"
            fix = "a block holds a numbered list and one paragraph that starts with 结论："
            problems.append(Problem(line.offset, "figure-note", what, fix))
        paragraph_open = True
    strange = any(problem.rule == "figure-note" for problem in problems)  # what is missing may be that
    problems.extend(_sequence(block.offset, notes) if notes or not strange else ())
    if not any(conclusion) and not strange:
        problems.append(block.problem("", "figure-note", "no conclusion", "end the block with a paragraph 结论：……"))
    text = reduce(_joined, conclusion, "")
    return Block(**vars(block) | {"problems": tuple(problems), "notes": tuple(notes), "conclusion": text})


def _sequence(offset: int, notes: list[Note]) -> Iterator[Problem]:
    if not notes:
        yield Problem(offset, "figure-note", "no annotations", "write what to look at as a list: 1. ……")
    for expected, note in enumerate(notes, 1):
        if note.number != expected:
            what = f"annotation {note.number} where {expected} is due"
            yield Problem(note.offset, "figure-note", what, "number them 1, 2, 3 without a gap")
            return


def _joined(first: str, second: str) -> str:
    """Two source lines as one: a line break between Chinese characters leaves no space."""
    space = " " if first[-1:].isascii() and second[:1].isascii() and first and second else ""
    return f"{first}{space}{second}"
