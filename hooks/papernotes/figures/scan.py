"""The line scanner for figure blocks: what an author wrote, with every offset, before anything is known of its meaning.

pymdown-extensions' Blocks tell no line numbers and turn a bad block back into text without a word, so the blocks are read
here once more. What this accepts, `figure_block.py` renders: the n-th block rendered is the n-th found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import yaml

from papernotes.text.finding import Problem, quote
from papernotes.text.frontmatter import Node, read_mapping

OPTIONS = ("id", "caption", "status", "version", "paper", "page", "html", "picture", "alt", "markers")
CONCLUSION = "结论："
OPTIONS_LIMIT = 8 * 1024  # characters of one block's options
_SLASHES = re.compile(r"(?P<indent>[ \t>]*)(?P<slashes>/{3,})(?P<rest>.*)")
_HEADER = re.compile(r" (?P<name>[\w-]+)(?: \| (?P<label>.*\S))?[ ]*")
_NOTE = re.compile(r"(?P<number>[0-9]{1,4})\.[ ]+(?P<text>\S.*)")
_NUMBER = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,6})?")
HTML = re.compile(r"https://arxiv\.org/html/(?P<id>[a-z-]*/?[0-9.]+)v(?P<version>[0-9]{1,4})#[\w.-]+")
_IDENT_LINE = re.compile(r"    id:[ ]+(?P<id>[a-z0-9-]+)[ ]*")


class Option(NamedTuple):
    """One option as written, and where its value stands in the body."""

    node: Node
    offset: int


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
class Block:
    """A figure block as written: nothing is known yet of the paper or the picture it names."""

    offset: int  # of the header, in the body
    label: str
    options: Mapping[str, Option]
    readable: bool  # whether the options are valid YAML; if not, the id alone is there
    notes: tuple[Note, ...]
    conclusion: str  # without 「结论：」; empty where there is none
    problems: tuple[Problem, ...]

    def at(self, option: str) -> int:
        """Where to point for this option: at its value, or at the header where it is not given."""
        return self.options[option].offset if option in self.options else self.offset

    def text(self, option: str) -> str:
        """The text of this option; empty where it is not given or is no text."""
        node = self._node(option, "str")
        return str(node.value).strip() if node else ""

    def whole(self, option: str) -> int | None:
        """The whole number of this option."""
        node = self._node(option, "int")
        return int(node.value) if node else None

    def points(self) -> tuple[tuple[float, float], ...] | None:
        """The markers, None where they are not given or are no list of points."""
        node = self._node("markers", "list")
        if node is None:
            return None
        points = [_point(each) for each in node.value]
        return None if None in points else tuple(point for point in points if point is not None)

    def anchor(self) -> Anchor | None:
        """The place in arXiv's HTML, None where it is not given or not of its form."""
        node = self._node("html", "map")
        if node is None or set(node.value) != {"url", "checked"}:
            return None
        url, day = node.value["url"], node.value["checked"]
        if day.kind != "date" or not HTML.fullmatch(url.text):
            return None
        return Anchor(url.text, day.value)

    def _node(self, option: str, kind: str) -> Node | None:
        given = self.options.get(option)
        return given.node if given is not None and given.node.kind == kind else None


@dataclass(frozen=True)
class Scan:
    """What the line scanner finds in a body: the blocks in order, and problems that belong to no block."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=2048)
def scan(body: str, prose: str) -> Scan:
    """Read the figure blocks of a page.

    `body`: Markdown after the front matter. `prose`: the same with code and comments blanked, character for character, so
    that a block shown as an example is not taken for one.
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    lines = list(_lines(body, prose))
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        match = _SLASHES.fullmatch(line.prose)
        if match is None:
            continue
        wrong, label = _header(line, match, lines[index - 2] if index > 1 else None)
        end = index
        if match["rest"].strip():  # it means to open a block: read on to where that ends
            while end < len(lines) and not _ends(lines[end].prose):
                end += 1
            closed = end < len(lines) and not lines[end].prose.strip().strip("/")
            if not closed:
                fix = "end it with a line that is only ///"
                wrong.append(Problem(line.offset, "figure-block", "the block is not closed", fix))
            if label is not None:
                blocks.append(_block(line.offset, label, lines[index:end], wrong))
                wrong = []
            index = end + closed
        problems += wrong
    return Scan(tuple(blocks), tuple(problems))


class _Line(NamedTuple):
    offset: int
    text: str
    prose: str


def _lines(body: str, prose: str) -> Iterator[_Line]:
    offset = 0
    for text in body.split("\n"):
        yield _Line(offset, text, prose[offset : offset + len(text)])
        offset += len(text) + 1


def _ends(prose: str) -> bool:
    """A block ends at any line of slashes, and a heading never stands inside one."""
    return _SLASHES.fullmatch(prose) is not None or re.match(r"#{1,6} ", prose) is not None


def _header(line: _Line, match: re.Match[str], before: _Line | None) -> tuple[list[Problem], str | None]:
    """What is wrong with a line of slashes, and the label of the figure it means to open (None: it opens none)."""
    written = line.text.strip()
    problems: list[Problem] = []

    def report(what: str, fix: str) -> None:
        problems.append(Problem(line.offset, "figure-block", what, fix))

    if not match["rest"].strip():
        report("a /// that closes nothing", "remove it, or open the block with /// figure | Figure N")
        return problems, None
    header = _HEADER.fullmatch(match["rest"])
    if header is None:
        report(f"{quote(written)} is no block header", "write /// figure | Figure N")
        return problems, None
    if header["name"] != "figure":
        near = get_close_matches(header["name"].lower(), ["figure"], cutoff=0.5)
        fix = "did you mean figure?" if near else "the only block is figure"
        report(f"there is no block named {quote(header['name'])}", fix)
        if not near:
            return problems, None
    if match["indent"]:
        report(f"{quote(written)} is indented", "start the line at the left margin")
    if match["slashes"] != "///":
        report(f"{quote(written)} has {len(match['slashes'])} slashes", "write three")
    if before is not None and before.text.strip():
        report("no blank line before the block", "add one")
    return problems, header["label"] or ""


def _block(offset: int, label: str, lines: list[_Line], problems: list[Problem]) -> Block:
    count = 0
    while count < len(lines) and re.match(r"(?: {4,}| {0,3}\t)[ \t]*\S", lines[count].text):
        if "\t" in lines[count].text[: len(lines[count].text) - len(lines[count].text.lstrip())]:
            what = "the option is indented by a tab"
            problems = [*problems, Problem(lines[count].offset, "figure-option", what, "indent it by four spaces")]
            lines[count] = lines[count]._replace(text=f"    {lines[count].text.lstrip()}")
        count += 1
    options, bad = _options(lines[:count])
    readable = not bad or len(options) > 1
    problems = [*problems, *bad]
    notes: list[Note] = []
    conclusion: list[str] = []
    paragraph_open = False  # the line before belongs to a paragraph that this one continues
    for line in lines[count:]:
        text = line.text.strip()
        if not line.prose.strip():
            paragraph_open = False
            continue
        match = _NOTE.fullmatch(line.text)
        if match is not None and not conclusion:
            notes.append(Note(int(match["number"]), match["text"].strip(), line.offset))
        elif conclusion and paragraph_open:
            conclusion.append(text)
        elif not conclusion and text.startswith(CONCLUSION):
            if paragraph_open:
                problems.append(
                    Problem(line.offset, "figure-note", "no blank line before 结论：", "add one, or it joins the list")
                )
            conclusion.append(text.removeprefix(CONCLUSION).strip())
        elif not conclusion and notes and (paragraph_open or line.text.startswith("    ")):
            notes[-1] = notes[-1]._replace(text=_joined(notes[-1].text, text))
        else:
            problems.append(
                Problem(
                    line.offset,
                    "figure-note",
                    f"{quote(text, 24)} is neither an annotation nor the conclusion",
                    "a block holds a numbered list and one paragraph that starts with 结论：",
                )
            )
        paragraph_open = True
    problems.extend(_sequence(offset, notes))
    if not any(conclusion):
        problems.append(Problem(offset, "figure-note", "no conclusion", "end the block with a paragraph 结论：……"))
    text = ""
    for part in conclusion:
        text = _joined(text, part)
    return Block(offset, label, MappingProxyType(options), readable, tuple(notes), text, tuple(problems))


def _sequence(offset: int, notes: list[Note]) -> Iterator[Problem]:
    if not notes:
        yield Problem(offset, "figure-note", "no annotations", "write what to look at as a list: 1. ……")
    for expected, note in enumerate(notes, 1):
        if note.number != expected:
            yield Problem(
                note.offset,
                "figure-note",
                f"annotation {note.number} where {expected} is due",
                "number them 1, 2, 3 without a gap",
            )
            return


def _joined(first: str, second: str) -> str:
    """Two source lines as one: a line break between Chinese characters leaves no space."""
    space = " " if first[-1:].isascii() and second[:1].isascii() and first and second else ""
    return f"{first}{space}{second}"


def _options(lines: list[_Line]) -> tuple[dict[str, Option], list[Problem]]:
    """The indented YAML under a header, each value with its place."""
    if not lines:
        return {}, []
    text = "\n".join(line.text[4:] for line in lines)

    def offset(line: int, column: int) -> int:
        """From a place in `text` (both from 1) to an offset in the body."""
        return lines[min(line, len(lines)) - 1].offset + 4 + column - 1

    if len(text) > OPTIONS_LIMIT:
        what = f"{len(text)} characters of options, more than {OPTIONS_LIMIT}"
        return {}, [Problem(offset(1, 1), "figure-option", what, "shorten them")]
    entries, places, findings = read_mapping("", text)
    problems = [Problem(offset(each.line, each.column), "figure-option", each.what, each.fix) for each in findings]
    if not problems:
        try:  # Blocks read the same text again with PyYAML's own constructors, which refuse a 13th month
            yaml.safe_load(text)
        except (yaml.YAMLError, ValueError) as error:
            what = f"not valid YAML: {error}"
            problems.append(Problem(offset(1, 1), "figure-option", what, "put the value in quotes"))
    for name, place in places.items():
        if name not in OPTIONS:
            near = get_close_matches(name, OPTIONS, n=1, cutoff=0.75)
            fix = f"did you mean {near[0]}?" if near else f"the options are {', '.join(OPTIONS)}"
            start = (place[0], 1)
            problems.append(Problem(offset(*start), "figure-option", f"unknown option {quote(name)}", fix))
    options = {name: Option(node, offset(node.line, node.column)) for name, node in entries.items() if name in OPTIONS}
    if not options:  # keep the name all the same, or every reference to it would be a second finding
        for number, line in enumerate(lines, 1):
            match = _IDENT_LINE.fullmatch(line.text)
            if match:
                at = line.offset + match.start("id")
                options["id"] = Option(Node("str", match["id"], match["id"], number, 1), at)
    return options, problems
