"""Figure references: the blocks of a page as records, what is wrong with them, and the names they are referred to by.

`scan` reads the blocks line by line, because pymdown-extensions' Blocks tell no line numbers and turn a bad block back into
text without a word. What it accepts, `figure_block.py` renders: the n-th block rendered is the n-th found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import yaml

from papernotes import svg
from papernotes.document import relative
from papernotes.finding import Finding, quote
from papernotes.frontmatter import Node, read_mapping
from papernotes.rule import Rule

if TYPE_CHECKING:
    from papernotes.document import Document
    from papernotes.site import Site

OWN = "自绘"
STATUSES = ("已核", "待核")
OPTIONS = ("id", "caption", "status", "version", "paper", "page", "html", "picture", "alt", "markers")
CONCLUSION = "结论："
OPTIONS_LIMIT = 8 * 1024  # characters of one block's options
FOLDERS = ("papers/", "topics/")  # the pages that may hold figures; pictures of ours live beside them
OTHER_FOLDERS = ("_data/", "guide/", "assets/")  # data, screenshots of the guide, the theme's own files

_LABEL = re.compile(r"(?P<kind>Figure|Table|Algorithm) (?P<number>[A-Z]?[1-9]\d{0,2}(?:\.[1-9]\d?)?[a-z]?)")
_SLASHES = re.compile(r"(?P<indent>[ \t>]*)(?P<slashes>/{3,})(?P<rest>.*)")
_HEADER = re.compile(r" (?P<name>[\w-]+)(?: \| (?P<label>.*\S))?[ ]*")
_NOTE = re.compile(r"(?P<number>\d+)\.[ ]+(?P<text>\S.*)")
_IDENT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_IDENT_LINE = re.compile(r"    id:[ ]+(?P<id>[a-z0-9-]+)[ ]*")
_PICTURE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.svg")
_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d{1,6})?")
_HTML = re.compile(r"https://arxiv\.org/html/(?P<id>[a-z-]*/?[\d.]+)v(?P<version>\d+)#[\w.-]+")
REFERENCE = re.compile(r"\[@fig:(?P<target>[^\]\s]*)(?P<words>[^\]\n]*)\]")

RULES = (
    Rule(
        "figure-block",
        "图块写完整",
        "图块以 /// figure | Figure 2 开头，以单独一行 /// 结尾，都顶格，前面空一行。写坏的块不会渲染，会原样留在页面上。",
        "/// figrue | Figure 2",
        "/// figure | Figure 2",
    ),
    Rule(
        "figure-label",
        "图号照论文写",
        "写 Figure 2、Figure 2a、Table A3、Algorithm 1；不对应论文里某张图的，写自绘。",
        "/// figure | Fig two",
        "/// figure | Figure 2",
    ),
    Rule(
        "figure-option",
        "图块的选项",
        "选项缩进四格，写在标题行下面；每个选项的名字和类型都是固定的。",
        "    pages: seven",
        "    page: 7",
    ),
    Rule(
        "figure-id",
        "图的名字在一页里唯一",
        "名字用小写字母、数字和连字符；它是地址的一部分，别处靠它引用。",
        "    id: 前沿",
        "    id: frontier",
    ),
    Rule(
        "figure-paper",
        "图来自账本里的论文和版本",
        "论文编号要在账本里，版本不能比账本知道的更新；没有核对过的图号要写待核。",
        "    version: 9",
        "    version: 3",
    ),
    Rule(
        "figure-picture",
        "自己画的图有文件、有文字描述",
        "图放在与页面同名的文件夹里，是 SVG；alt 用一句话说清图上画了什么。",
        "    picture: frontier.png",
        "    picture: frontier.svg",
    ),
    Rule(
        "figure-marker",
        "图上的标记与批注一一对应",
        "每条批注一个标记，位置是宽和高的分数，从 0 到 1。",
        "    markers: [[1.4, 0.2]]",
        "    markers: [[0.4, 0.2]]",
    ),
    Rule(
        "figure-note",
        "批注按顺序编号，最后一段是结论",
        "先是从 1 开始连续编号的批注，再是以「结论：」开头的一段。",
        "1. 先看横轴。\n3. 再看纵轴。",
        "1. 先看横轴。\n2. 再看纵轴。",
    ),
    Rule(
        "figure-reference",
        "引用的图要存在",
        "[@fig:名字] 引用本页的图，[@fig:页面/名字] 引用别页的图。",
        "见 [@fig:fronteir]。",
        "见 [@fig:frontier]。",
    ),
    Rule(
        "svg",
        "图里只有形状和文字",
        "SVG 直接嵌进页面，所以不能有脚本、样式表、位图、外部引用和写死的颜色；要有 title 和 desc，不超过 256 KB。",
        '<rect onclick="…"/>',
        '<rect class="pn-svg__box"/>',
    ),
    Rule(
        "picture-file",
        "不收论文里的图片",
        "docs/papers 和 docs/topics 里只放文字和我们自己画的 SVG，每张 SVG 都有图块在用。",
        "docs/papers/dpo/figure2.png",
        "docs/papers/dpo/frontier.svg",
    ),
)


class Problem(NamedTuple):
    """Something wrong in a page: offset in its body, the rule, what it is, what to do."""

    offset: int
    rule: str
    what: str
    fix: str


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
        if day.kind != "date" or not _HTML.fullmatch(url.text):
            return None
        return Anchor(url.text, day.value)

    def _node(self, option: str, kind: str) -> Node | None:
        given = self.options.get(option)
        return given.node if given is not None and given.node.kind == kind else None


@dataclass(frozen=True)
class Figure:
    """One figure of the site, complete: every field has been checked."""

    uri: str  # of the page it stands on, e.g. papers/dpo.md
    number: int  # 1 for the first of the page
    ident: str  # unique in the page
    label: str  # "Figure 2", or OWN
    caption: str
    verified: bool  # the number was seen in a text of that version
    arxiv: str | None  # None: a drawing of ours that belongs to no paper
    version: int | None  # None: the text read does not say
    page: int | None  # of the PDF, from 1
    html: Anchor | None
    picture: str | None  # relative to docs/, e.g. papers/dpo/frontier.svg
    alt: str
    markers: tuple[tuple[float, float], ...]  # fractions of width and height, one per note
    notes: tuple[str, ...]
    conclusion: str

    @property
    def slug(self) -> str:
        """The name of its page: dpo for papers/dpo.md."""
        return PurePosixPath(self.uri).stem

    @property
    def anchor(self) -> str:
        """Its id in the built page."""
        return f"fig-{self.ident}"

    @property
    def key(self) -> str:
        """Its name in the whole site, also that of its preview card."""
        return f"fig-{self.slug}-{self.ident}"

    @property
    def own(self) -> bool:
        """Whether it renders no particular figure of a paper."""
        return self.label == OWN

    @property
    def number_text(self) -> str:
        """What the page calls it: 图 1."""
        return f"图 {self.number}"

    @property
    def source_url(self) -> str | None:
        """Where the paper's own figure is: its PDF page where that was seen, else the abstract page of the version."""
        if self.arxiv is None:
            return None
        full = self.arxiv if self.version is None else f"{self.arxiv}v{self.version}"
        if self.page is not None:
            return f"https://arxiv.org/pdf/{full}#page={self.page}"
        return f"https://arxiv.org/abs/{full}"


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
    while count < len(lines) and re.match(r" {4,}\S", lines[count].text):
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
                start = offset(number, match.start("id") - 3)
                options["id"] = Option(Node("str", match["id"], match["id"], number, 1), start)
    return options, problems


# --- from blocks to figures -------------------------------------------------------------------------------------------


def figures_of(document: Document, site: Site) -> tuple[Figure, ...]:
    """The figures of a page in order. Blocks with a problem count but are left out: `check` has their findings."""
    found = scan(document.body, document.prose)
    figures: dict[str, Figure] = {}
    for number, block in enumerate(found.blocks, 1):
        if block.text("id") not in figures and not any(_block_problems(block, document, site)):
            figures[block.text("id")] = _figure(number, block, document, site)
    return tuple(figures.values())


def _figure(number: int, block: Block, document: Document, site: Site) -> Figure:
    arxiv, version = _paper(block, document, site)
    picture = block.text("picture")
    return Figure(
        uri=document.uri,
        number=number,
        ident=block.text("id"),
        label=block.label,
        caption=block.text("caption"),
        verified=block.text("status") == "已核",
        arxiv=arxiv,
        version=version,
        page=block.whole("page"),
        html=block.anchor(),
        picture=f"{document.uri.removesuffix('.md')}/{picture}" if picture else None,
        alt=block.text("alt"),
        markers=block.points() or (),
        notes=tuple(note.text for note in block.notes),
        conclusion=block.conclusion,
    )


def _paper(block: Block, document: Document, site: Site) -> tuple[str | None, int | None]:
    """The paper and version a block is about: its own, else those of its page."""
    front = document.front.entries if document.front else {}
    own = front["arxiv"].text if "arxiv" in front else None
    arxiv = block.text("paper") or own
    version = block.whole("version")
    if version is None and arxiv is not None and arxiv == own and "version" in front and front["version"].kind == "int":
        version = int(front["version"].value)
    return arxiv, version


def _block_problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    yield from block.problems
    if block.label != OWN and not _LABEL.fullmatch(block.label):
        yield Problem(
            block.offset,
            "figure-label",
            f"{quote(block.label)} is no label",
            "write Figure 2, Figure 2a, Table A3, Algorithm 1, or 自绘 for a drawing of ours",
        )
    types = list(_types(block)) if block.readable else []
    yield from types
    if block.readable and not any(problem.rule in {"figure-option", "figure-id"} for problem in types):
        yield from _source_problems(block, document, site)
        yield from _picture_problems(block, document, site)


def _types(block: Block) -> Iterator[Problem]:
    """Wrong types, and options that must be there and are not."""

    def wrong(option: str, what: str, fix: str, rule: str = "figure-option") -> Problem:
        written = block.options[option].node.text if option in block.options else ""
        return Problem(block.at(option), rule, what.format(quote(written)), fix)

    if "id" not in block.options:
        yield wrong("id", "no id", "add id: a short name such as frontier", "figure-id")
    elif not _IDENT.fullmatch(block.text("id")):
        yield wrong("id", "{} is no id", "use a-z, 0-9 and single hyphens, starting with a letter", "figure-id")
    if "caption" not in block.options:
        yield wrong("caption", "no caption", "add caption: a Chinese caption of our own")
    for name in ("caption", "alt", "picture"):
        if name in block.options and not block.text(name):
            yield wrong(name, f"{name} {{}} is no text", "write a text")
    if "paper" in block.options and not block.text("paper"):
        yield wrong("paper", "paper {} is no text", 'write the id in quotes: "2310.16944"')
    for name in ("version", "page"):
        number = block.whole(name)
        if name in block.options and (number is None or not 0 < number < 10_000):
            yield wrong(name, f"{name} {{}} is no number", "write a whole number from 1")
    if block.label == OWN:
        for name in ("page", "html"):
            if name in block.options:
                yield wrong(name, f"{name} on a drawing of ours", "remove it: 自绘 has none")
    elif "status" not in block.options:
        yield wrong("status", "no status", "add status: 已核 where the number was seen, else 待核")
    if "status" in block.options and block.text("status") not in STATUSES:
        yield wrong("status", "status {}", "write 已核 where the number was seen, else 待核")
    if "html" in block.options and block.anchor() is None:
        form = "{url: https://arxiv.org/html/2305.18290v3#S4.F2, checked: 2026-11-23}"
        yield wrong("html", "html is no anchor with its day", f"write {form}")
    if "markers" in block.options and block.points() is None:
        yield wrong("markers", "markers are no list of points", "write [[0.2, 0.4], [0.7, 0.3]]")


def _point(node: Node) -> tuple[float, float] | None:
    if node.kind != "list" or len(node.value) != 2 or not all(_NUMBER.fullmatch(part.text) for part in node.value):
        return None
    return float(node.value[0].text), float(node.value[1].text)


def _source_problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    arxiv, version = _paper(block, document, site)
    if arxiv is None:
        if block.label != OWN:
            yield Problem(
                block.offset,
                "figure-paper",
                f"whose {block.label}?",
                'this page is about no one paper: add paper: "id"',
            )
        return
    record = site.ledger.get(arxiv)
    if record is None:
        yield Problem(
            block.at("paper"), "figure-paper", f"{quote(arxiv)} is not in the ledger", "check the id, or add the record"
        )
        return
    if version is not None and record.version is not None and version > record.version:
        yield Problem(
            block.at("version"),
            "figure-paper",
            f"{arxiv} has no version {version}",
            f"the newest known to the ledger is {record.version}",
        )
    if block.whole("page") is not None and version is None:
        yield Problem(block.at("page"), "figure-paper", "a page without a version", "add the version it was seen in")
    html = block.anchor()
    if html is not None:
        match = _HTML.fullmatch(html.url)
        if match is None or match["id"] != arxiv or int(match["version"]) != version:
            yield Problem(block.at("html"), "figure-paper", "html is of another paper or version", "give both the same")
        if html.checked > site.today:
            yield Problem(block.at("html"), "figure-paper", f"checked on {html.checked}", "that day is in the future")


def _picture_problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    picture = block.text("picture")
    if not picture:
        if block.label == OWN:
            yield Problem(block.offset, "figure-picture", "a drawing of ours without picture", "add picture: name.svg")
        for name in ("alt", "markers"):
            if name in block.options:
                yield Problem(
                    block.at(name), "figure-picture", f"{name} without picture", "remove it, or add the picture"
                )
        return
    if not _PICTURE.fullmatch(picture):
        yield Problem(
            block.at("picture"),
            "figure-picture",
            f"picture {quote(picture)}",
            f"name an SVG of {document.path.removesuffix('.md')}/, in a-z, 0-9 and hyphens",
        )
        return
    path = site.docs_dir / document.uri.removesuffix(".md") / picture
    if path.is_symlink() or not path.is_file():
        yield Problem(
            block.at("picture"),
            "figure-picture",
            f"there is no {document.path.removesuffix('.md')}/{picture}",
            "draw it, or mend the name",
        )
    if "alt" not in block.options:
        yield Problem(block.at("picture"), "figure-picture", "no alt", "say in one sentence what the picture shows")
    markers = block.points()
    if markers is None:
        return
    for number, (x, y) in enumerate(markers, 1):
        if not (0 <= x <= 1 and 0 <= y <= 1):
            yield Problem(
                block.at("markers"),
                "figure-marker",
                f"marker {number} at [{x:g}, {y:g}] is outside the picture",
                "give fractions of width and height from 0 to 1",
            )
    if len(markers) != len(block.notes):
        yield Problem(
            block.at("markers"),
            "figure-marker",
            f"{len(markers)} markers for {len(block.notes)} annotations",
            "give one per annotation",
        )


# --- checks -----------------------------------------------------------------------------------------------------------


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Everything wrong with the figure blocks of a page and with its references to figures."""
    found = scan(document.body, document.prose)
    problems = list(found.problems)
    if found.blocks and not document.uri.startswith(FOLDERS):
        problems.append(
            Problem(
                found.blocks[0].offset, "figure-block", "a figure on this page", "figures live in papers/ and topics/"
            )
        )
    seen: dict[str, int] = {}
    for number, block in enumerate(found.blocks, 1):
        problems.extend(_block_problems(block, document, site))
        ident = block.text("id")
        if ident:
            if ident in seen:
                problems.append(
                    Problem(
                        block.at("id"),
                        "figure-id",
                        f"{quote(ident)} is also the id of figure {seen[ident]}",
                        "give it another id",
                    )
                )
            seen.setdefault(ident, number)
    problems.extend(_reference_problems(document, site))
    for problem in problems:
        yield document.finding(problem.offset, problem.rule, problem.what, problem.fix)


def check_pictures(site: Site) -> Iterator[Finding]:
    """Every file under docs/ that is a picture: ours, used by a figure, and safe to inline."""
    used = {
        f"{document.uri.removesuffix('.md')}/{block.text('picture')}"
        for document in site.documents.values()
        for block in scan(document.body, document.prose).blocks
    }
    for path in sorted(site.docs_dir.rglob("*")):
        uri = path.relative_to(site.docs_dir).as_posix()
        if path.is_symlink() or not path.is_file() or uri.startswith(OTHER_FOLDERS):
            continue
        shown = relative(path, site.root)
        if path.suffix == ".svg":
            for problem in svg.check(path.read_bytes() if path.stat().st_size <= svg.LIMIT else b" " * (svg.LIMIT + 1)):
                yield Finding(shown, problem.line, problem.column, "svg", problem.what, problem.fix)
            if uri not in used:
                fix = f"name it in a block of docs/{path.parent.relative_to(site.docs_dir).as_posix()}.md, or delete it"
                yield Finding(shown, 1, 1, "picture-file", "no figure uses this picture", fix)
        elif path.suffix != ".md":
            what = f"a {path.suffix or 'nameless'} file among the pages"
            yield Finding(shown, 1, 1, "picture-file", what, "no images from papers: draw an SVG of our own")


def _reference_problems(document: Document, site: Site) -> Iterator[Problem]:
    for match in REFERENCE.finditer(document.prose):
        page, ident = split_target(match["target"])
        if not ident:
            yield Problem(
                match.start(),
                "figure-reference",
                f"{quote(match[0])} names no figure",
                "write [@fig:id] or [@fig:page/id]",
            )
            continue
        uri = document.uri if page is None else page_of(page, site)
        if uri is None:
            near = get_close_matches(page or "", [PurePosixPath(each).stem for each in site.documents], n=1)
            fix = f"did you mean {near[0]}?" if near else "name a page of papers/ or topics/"
            yield Problem(match.start(), "figure-reference", f"there is no page {quote(page or '')}", fix)
            continue
        known = idents(site.documents[uri])
        if ident not in known:
            near = get_close_matches(ident, known, n=1)
            fix = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'no figure'}"
            yield Problem(match.start(), "figure-reference", f"{uri} has no figure {quote(ident)}", fix)


def split_target(target: str) -> tuple[str | None, str]:
    """`dpo/frontier` as page and id; the page is None for one's own."""
    page, slash, ident = target.rpartition("/")
    return (page if slash else None), ident


def page_of(slug: str, site: Site) -> str | None:
    """The uri of the paper or topic page with this slug."""
    return next((uri for folder in FOLDERS if (uri := f"{folder}{slug}.md") in site.documents), None)


def idents(document: Document) -> list[str]:
    """The ids of a page's figures, as written, in order."""
    idents = (block.text("id") for block in scan(document.body, document.prose).blocks)
    return [ident for ident in idents if ident]
