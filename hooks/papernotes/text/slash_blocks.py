"""The line scanner for blocks fenced by `///`: what an author wrote, with every offset, before anything is known of its meaning.

pymdown-extensions' Blocks tell no line numbers and turn a bad block back into text without a word, so the blocks are read
here once more. What this accepts, Blocks render: the n-th block of a kind rendered is the n-th found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final, NamedTuple

import yaml

from papernotes.base.finding import Problem, quote
from papernotes.text.document import Document, remembered
from papernotes.text.frontmatter import LOADER, Node, read_mapping


class Kind(NamedTuple):
    """What blocks of one name may have."""

    options: tuple[str, ...]
    header: str
    """How one begins."""


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "figure": Kind(
            ("id", "caption", "status", "version", "paper", "page", "html", "picture", "alt", "markers"),
            "/// figure | Figure N",
        ),
        "pairs": Kind(("of", "cut", "version", "copy", "seen"), "/// pairs | 摘要"),
    }
)
"""Every block that there is, by name. A finding about one is of the rule `name-block` or `name-option`."""
OPTIONS_LIMIT: Final = 8 * 1024
"""Characters of one block's options."""
INDENT: Final = "indent it by four spaces"
_SLASHES = re.compile(r"(?P<indent>[ \t>]*)(?P<slashes>/{3,})(?P<rest>.*)")
_HEADER = re.compile(r" (?P<name>[\w-]+)(?: \| (?P<label>.*\S))?[ ]*")
_IDENT_LINE = re.compile(r"    id:[ ]+(?P<id>[a-z0-9-]+)[ ]*")


class Option(NamedTuple):
    """One option as written, and where its value stands in the body."""

    node: Node
    offset: int


class Line(NamedTuple):
    """A line of a body."""

    offset: int
    text: str
    prose: str
    """The same with code and comments blanked."""


@dataclass(frozen=True)
class Block:
    """A block as written."""

    name: str
    offset: int
    """Of the header, in the body."""
    label: str
    """Behind the bar of the header; empty where there is none."""
    options: Mapping[str, Option]
    readable: bool
    """Whether the options are valid YAML; if not, the id alone is there."""
    lines: tuple[Line, ...]
    """What follows the options."""
    problems: tuple[Problem, ...]

    @property
    def end(self) -> int:
        """Where its last line ends, in the body; the `///` below is not counted."""
        return self.lines[-1].offset + len(self.lines[-1].text) if self.lines else self.offset

    def at(self, option: str) -> int:
        """Where to point for this option: at its value, or at the header where it is not given."""
        return self.options[option].offset if option in self.options else self.offset

    def problem(self, option: str, rule: str, what: str, fix: str) -> Problem:
        """A mistake in an option; `option` is empty for one of the block."""
        return Problem(self.at(option), rule, what, fix)

    def text(self, option: str) -> str:
        """The text of this option; empty where it is not given or is not a text."""
        node = self.node(option, "str")
        return str(node.value).strip() if node else ""

    def whole(self, option: str) -> int | None:
        """The whole number of this option."""
        node = self.node(option, "int")
        return int(node.value) if node else None

    def node(self, option: str, kind: str) -> Node | None:
        """The value of this option, where it is given and of this kind."""
        given = self.options.get(option)
        return given.node if given is not None and given.node.kind == kind else None


@dataclass(frozen=True)
class Scan:
    """What a body holds: its blocks in order, and problems that belong to no block."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]


@remembered
def scan(document: Document) -> Scan:
    """Read the blocks of a page; one that is shown as an example, in code or a comment, is not taken for one."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    lines = list(_lines(document.body, document.prose))
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        match = _SLASHES.fullmatch(line.prose)
        if match is None:
            continue
        wrong, name, label = _header(line, match, lines[index - 2] if index > 1 else None)
        end = index
        if match["rest"].strip():  # it means to open a block: read on to where that ends
            while end < len(lines) and not _ends(lines[end].prose):
                end += 1
            closed = end < len(lines) and not lines[end].prose.strip().strip("/")
            if not closed:
                fix = "end it with a line that is only ///"
                wrong.append(Problem(line.offset, f"{name or 'figure'}-block", "the block is not closed", fix))
            if name is not None:
                blocks.append(_block(line.offset, name, label, lines[index:end], wrong))
                wrong = []
            index = end + closed
        problems += wrong
    return Scan(tuple(blocks), tuple(problems))


def _lines(body: str, prose: str) -> Iterator[Line]:
    offset = 0
    for text in body.split("\n"):
        yield Line(offset, text, prose[offset : offset + len(text)])
        offset += len(text) + 1


def _ends(prose: str) -> bool:
    """A block ends at any line of slashes, and a heading never stands inside one."""
    return _SLASHES.fullmatch(prose) is not None or re.match(r"#{1,6} ", prose) is not None


def _header(line: Line, match: re.Match[str], before: Line | None) -> tuple[list[Problem], str | None, str]:
    """What is wrong with a line of slashes; name (None: it opens no block) and label of the block it means to open."""
    written = line.text.strip()
    problems: list[Problem] = []
    header = _HEADER.fullmatch(match["rest"])
    near = get_close_matches(header["name"].lower(), KINDS, n=1, cutoff=0.6) if header else []
    name = near[0] if near else None
    forms = " or ".join(kind.header for kind in KINDS.values())

    def report(what: str, fix: str) -> None:
        problems.append(Problem(line.offset, f"{name or 'figure'}-block", what, fix))

    if not match["rest"].strip():
        report("a /// that closes nothing", f"remove it, or open a block with {forms}")
    elif header is None:
        report(f"{quote(written)} is not a block header", f"write {forms}")
    elif header["name"] != name:
        fix = f"did you mean {name}?" if name else f"the blocks are {' and '.join(KINDS)}"
        report(f"there is no block named {quote(header['name'])}", fix)
    if header is None or name is None:
        return problems, None, ""
    if match["indent"]:
        report(f"{quote(written)} is indented", "start the line at the left margin")
    if match["slashes"] != "///":
        report(f"{quote(written)} has {len(match['slashes'])} slashes", "write three")
    if before is not None and before.text.strip():
        report("no blank line before the block", "add one")
    return problems, name, header["label"] or ""


_INDENTED: Final = re.compile(r"(?: {4,}| {0,3}\t)[ \t]*\S")


def _block(offset: int, name: str, label: str, lines: list[Line], problems: list[Problem]) -> Block:
    count, tabs = 0, 0
    while count < len(lines):
        if not _INDENTED.match(lines[count].text):
            below = next((at for at in range(count, len(lines)) if lines[at].text.strip()), len(lines))
            if not 0 < count < below < len(lines) or not _is_option(lines[below].text, name):
                break
            what = "a blank line stands among the options"
            problems = [*problems, Problem(lines[count].offset, f"{name}-block", what, "remove it")]
            count = below
        if "\t" in lines[count].text[: len(lines[count].text) - len(lines[count].text.lstrip())]:
            tabs += 1
            if tabs == 1:
                what = "the option is indented by a tab"
                problems = [*problems, Problem(lines[count].offset, f"{name}-option", what, INDENT)]
            lines[count] = lines[count]._replace(text=f"    {lines[count].text.lstrip()}")
        count += 1
    match = re.match(r" {0,3}([a-z]+):", lines[count].text) if count < len(lines) else None
    if match and match[1] in KINDS[name].options:
        what = f"the option {quote(match[1])} is not indented like the others"
        problems = [*problems, Problem(lines[count].offset, f"{name}-block", what, INDENT)]
    options, bad = _options(lines[:count], name)
    readable = not bad or len(options) > 1
    return Block(name, offset, label, MappingProxyType(options), readable, tuple(lines[count:]), (*problems, *bad))


def _is_option(text: str, name: str) -> bool:
    match = re.match(r"[ \t]*([a-z]+):", text) if _INDENTED.match(text) else None
    return match is not None and match[1] in KINDS[name].options


def _options(lines: list[Line], name: str) -> tuple[dict[str, Option], list[Problem]]:
    """The indented YAML under a header, each value with its place."""
    if not lines:
        return {}, []
    known, rule = KINDS[name].options, f"{name}-option"
    text = "\n".join(line.text[4:] for line in lines)

    def offset(line: int, column: int) -> int:
        """From a place in `text` (both from 1) to an offset in the body."""
        return lines[min(line, len(lines)) - 1].offset + 4 + column - 1

    if len(text) > OPTIONS_LIMIT:
        what = f"{len(text)} characters of options, more than {OPTIONS_LIMIT}"
        return {}, [Problem(offset(1, 1), rule, what, "shorten them")]
    entries, findings = read_mapping("", text)
    problems = [Problem(offset(each.line, each.column), rule, each.what, each.fix) for each in findings]
    if not problems:
        try:  # Blocks read the same text again with PyYAML's own constructors, which refuse a 13th month
            yaml.load(text, Loader=LOADER)
        except (yaml.YAMLError, ValueError) as error:
            what = f"not valid YAML: {error}"
            problems.append(Problem(offset(1, 1), rule, what, "put the value in quotes"))
    for key, node in entries.items():
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.75)
            fix = f"did you mean {near[0]}?" if near else f"the options are {', '.join(known)}"
            problems.append(Problem(offset(node.line, 1), rule, f"unknown option {quote(key)}", fix))
    options = {key: Option(node, offset(node.line, node.column)) for key, node in entries.items() if key in known}
    if not options:  # keep the name all the same, or every reference to it would be a second finding
        for number, line in enumerate(lines, 1):
            match = _IDENT_LINE.fullmatch(line.text)
            if match:
                at = line.offset + match.start("id")
                options["id"] = Option(Node("str", match["id"], match["id"], number, 1), at)
    return options, problems
