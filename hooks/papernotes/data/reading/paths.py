"""Paths through the papers: each leads to one question by a few papers, says what to look for in each, and asks what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from papernotes.base import data_file
from papernotes.base.escaping import RAW
from papernotes.base.fields import ARXIV_ID, TEXT, Field, Schema, record
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.paper import Paper
from papernotes.text.document import relative
from papernotes.text.frontmatter import Node, read_list, wrong_keys
from papernotes.text.source_mark import MARK, UNSEEN, Link, parse

FILE: Final = "_data/paths.yml"
MAX_BYTES: Final = 200_000
STEPS: Final = (5, 8)
"""The fewest and the most papers of a path."""
QUESTIONS: Final = 2
"""Of each step."""

RULES = (
    Rule(
        "reading-path",
        "每条路径有五到八步，每步一篇论文、一句要看的、两个问题",
        "少一步，路就断了；多了，读者走不完。",
        'steps: [{paper: "2106.09685"}]',
        'steps: [{paper: "2106.09685", look: …, asks: […, …]}, …]',
    ),
    Rule(
        "reading-answer",
        "路径里每个问题的答案都以来源标记结尾",
        "答案要能对照论文；没有见过位置的，不当作答案。",
        "answer: 约万分之一。",
        "answer: 约万分之一。【来源：@2106.09685 摘要】",
    ),
)


@dataclass(frozen=True)
class Question:
    """What a reader should be able to answer after a step."""

    question: str
    answer: str
    """Without its mark."""
    source: str
    """The inside of the mark."""
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Step:
    """One paper of a path."""

    paper: str
    """The arXiv id of a paper with a page."""
    look: str
    """What to look for in it."""
    asks: tuple[Question, ...]


@dataclass(frozen=True)
class ReadingPath:
    """One way through the papers."""

    id: str
    title: str
    about: str
    steps: tuple[Step, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return f"path-{self.id}"


_QUESTION_FIELDS: Final = (
    Field(name="question", description="问题，以问号结尾。", schema=TEXT),
    Field(name="answer", description="答案，以来源标记结尾；标记里写明论文。", schema=TEXT),
)
_STEP_FIELDS: Final = (
    Field(name="paper", description="论文的 arXiv 编号，要有页面。", schema={"type": "string", "pattern": ARXIV_ID}),
    Field(name="look", description="这一步看什么。", schema=TEXT),
    Field(name="asks", description="两个问题。", schema={"type": "array", "items": record(_QUESTION_FIELDS), "minItems": QUESTIONS, "maxItems": QUESTIONS}),
)  # fmt: skip
FIELDS: Final = (
    Field(name="id", description="固定的地址，小写字母、数字和连字符。", schema=TEXT),
    Field(name="title", description="路径的题目。", schema=TEXT),
    Field(name="about", description="一句话说这条路通到哪里。", schema=TEXT),
    Field(name="steps", description="五到八步。", schema={"type": "array", "items": record(_STEP_FIELDS), "minItems": STEPS[0], "maxItems": STEPS[1]}),
)  # fmt: skip
"""The keys of a path."""
SCHEMA: Final[Schema] = {"type": "array", "items": record(FIELDS)}
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def load(docs_dir: Path, root: Path, papers: Mapping[str, Paper]) -> tuple[tuple[ReadingPath, ...], list[Finding]]:
    """Read the paths of a docs folder; a folder without the file has none. Raises: OSError where the file system fails."""
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "reading-path")
    return ((), findings) if text is None else read(path, text, papers)


def read(path: str, text: str, papers: Mapping[str, Paper]) -> tuple[tuple[ReadingPath, ...], list[Finding]]:
    """Read and check paths. Shape: those that are complete, every finding on the way."""
    entries, findings = read_list(path, text, "reading-path", "path with '- id:'")
    paths: dict[str, ReadingPath] = {}
    for item in entries:
        found = list(_wrong(path, item, papers))
        findings += found
        if found:
            continue
        made = _made(item)
        if made.id in paths:
            what = f"the id {quote(made.id)} is repeated"
            findings.append(item.value["id"].finding(path, "reading-path", what, "rename one"))
        paths.setdefault(made.id, made)
    return tuple(paths.values()), findings


def _made(item: Node) -> ReadingPath:
    def question(node: Node) -> Question:
        answer = node.value["answer"].value
        mark = next(MARK.finditer(answer))
        return Question(node.value["question"].value, answer[: mark.start()], mark["inner"], node.line)

    def step(node: Node) -> Step:
        asks = tuple(question(each) for each in node.value["asks"].value)
        return Step(node.value["paper"].value, node.value["look"].value, asks)

    values: Mapping[str, Any] = {key: node.value for key, node in item.value.items()}
    return ReadingPath(values["id"], values["title"], values["about"], tuple(step(each) for each in values["steps"]))


def _wrong(path: str, item: Node, papers: Mapping[str, Paper]) -> Iterator[Finding]:
    """What keeps an entry from being a path."""

    def of(node: Node, what: str, fix: str, rule: str = "reading-path") -> Finding:
        return node.finding(path, rule, what, fix)

    if found := list(_misshapen(path, item, FIELDS)):
        yield from found
        return
    if not _ID.fullmatch(item.value["id"].value):
        yield of(item.value["id"], "the id is not lower-case letters, digits and single hyphens", "rename it")
    steps = item.value["steps"].value
    if not STEPS[0] <= len(steps) <= STEPS[1]:
        what = f"the path has {len(steps)} steps, not {STEPS[0]} to {STEPS[1]}"
        yield of(item.value["steps"], what, "part it, or add to it")
    seen: set[str] = set()
    for step in steps:
        if found := list(_misshapen(path, step, _STEP_FIELDS)):
            yield from found
            continue
        paper = step.value["paper"]
        if paper.value not in papers:
            what = f"{quote(paper.value)} is not the id of a paper with a page"
            yield of(paper, what, "write the page, or remove the step", "path")  # as of the path of the home page
        elif paper.value in seen:
            yield of(paper, f"{quote(paper.value)} is repeated", "keep one step")
        seen.add(paper.value)
        asks = step.value["asks"]
        if len(asks.value) != QUESTIONS:
            yield of(asks, f"the step has {len(asks.value)} questions, not {QUESTIONS}", "write two")
        for ask in asks.value:
            if found := list(_misshapen(path, ask, _QUESTION_FIELDS)):
                yield from found
                continue
            if not ask.value["question"].value.endswith("？"):
                yield of(ask.value["question"], "the question does not end with ？", "ask something")
            if what := _unsourced(ask.value["answer"].value):
                fix = "end it with a mark such as 【来源：@2106.09685 §4.1】"
                yield of(ask.value["answer"], what, fix, "reading-answer")


def _misshapen(path: str, node: Node, fields: Sequence[Field]) -> Iterator[Finding]:
    """Keys that are missing, unknown or of the wrong kind."""
    for wrong in wrong_keys(node, fields):
        yield wrong.finding(path, "reading-path")
    for each in fields if node.kind == "map" else ():
        value = node.value.get(each.name)
        if value is None:
            continue
        if each.schema.get("type") == "array":
            if value.kind != "list":
                yield value.finding(path, "reading-path", f"{each.name!r} is not a list", "begin each with '- '")
        elif value.kind != "str" or not value.value.strip() or "\n" in value.value:
            what = f"{each.name!r} is not a text of one line"
            yield value.finding(path, "reading-path", what, "write one, in quotes where YAML reads it otherwise")
        elif mark := RAW.search(MARK.sub("", value.value)):
            what = f"{quote(mark.group())} would be shown as it stands"
            yield value.finding(path, "reading-path", what, "write plain words: no Markdown, TeX or HTML")


def _unsourced(answer: str) -> str:
    """What is wrong with the source of an answer; empty if nothing is."""
    marks = list(MARK.finditer(answer))
    if len(marks) != 1 or marks[0].end() != len(answer) or not answer[: marks[0].start()].endswith("。"):
        return "the answer is not sentences with one mark at their end"
    try:
        groups = parse(marks[0]["inner"])
    except ValueError as error:
        return str(error)
    for group in groups:
        if UNSEEN in group.items:
            return f"a place that nobody has seen ({UNSEEN}) is not the source of an answer"
        if group.paper is None and not all(isinstance(each, Link) or each == "自算" for each in group.items):
            return f"{quote(marks[0]['inner'])} does not say which paper it is about"
    return ""
