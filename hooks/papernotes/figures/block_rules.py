"""What a figure block must keep to, and the rules of figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from papernotes.base.escaping import MARKS
from papernotes.base.finding import Problem, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.figures.scan import HTML, Block
from papernotes.text.document import Document

OWN = "自绘"
STATUSES = ("已核", "待核")

KINDS = {"Figure": "图", "Table": "表", "Algorithm": "算法"}
"""What a label names, and what source marks call it."""

_LABEL = re.compile(rf"(?P<kind>{'|'.join(KINDS)}) (?P<number>[A-Z]?[1-9][0-9]{{0,2}}(?:\.[1-9][0-9]?)?[a-z]?)")
_IDENT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_PICTURE = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*\.svg")
RULES = (
    Rule(
        "figure-block",
        "图块写完整",
        "图块以 `/// figure | Figure 2` 开头，以单独一行 `///` 结尾，都顶格，前面空一行。写坏的块不会渲染，会原样留在页面上。",
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
        "figure-unmentioned",
        "正文说到每张图",
        "正文不提的图，读者不知道为什么要看它、什么时候看它。",
        "/// figure | Figure 2（正文没有 [@fig:frontier]）",
        "前沿见 [@fig:frontier]。",
    ),
    Rule(
        "svg",
        "图里只有形状和文字",
        "SVG 直接嵌进页面，所以不能有脚本、样式表、位图、外部引用和写死的颜色；要有 title 和 desc，不超过 256 KB；长边不超过短边的 5 倍，每次引用都算上，不超过 20000 个元素。",
        '<rect onclick="…"/>',
        '<rect class="pn-svg__box"/>',
    ),
    Rule(
        "picture-file",
        "每张图都有图块在用",
        "没有图块用到的 SVG 多半是改名或删块时落下的，读者看不到它。",
        "docs/papers/dpo/old-frontier.svg（没有图块写它的名字）",
        "docs/papers/dpo/frontier.svg（图块里写着 picture: frontier.svg）",
    ),
)


def paper_of(block: Block, document: Document, site: Site) -> tuple[str | None, int | None]:
    """The paper and version a block is about: its own, else those of its page."""
    arxiv, version = block.text("paper") or document.arxiv or None, block.whole("version")
    read = document.key("version")
    if version is None and arxiv and arxiv == document.arxiv and read and read.kind == "int":
        version = int(read.value)
    return arxiv, version


def problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    """What is wrong with one block."""
    yield from block.problems
    if block.label != OWN and not _LABEL.fullmatch(block.label):
        fix = "write Figure 2, Figure 2a, Table A3, Algorithm 1, or 自绘 for a drawing of ours"
        yield block.problem("", "figure-label", f"{quote(block.label)} is not a label", fix)
    taken = block.readable and not any(problem.rule == "figure-block" for problem in block.problems)
    types = list(_types(block)) if taken else []
    yield from types
    if block.readable and not any(
        problem.rule in {"figure-option", "figure-id", "figure-block"} for problem in (*block.problems, *types)
    ):
        yield from _source_problems(block, document, site)
        yield from _picture_problems(block, document, site)


def _types(block: Block) -> Iterator[Problem]:
    """Wrong types, and options that must be there and are not."""

    def wrong(option: str, what: str, fix: str, rule: str = "figure-option") -> Problem:
        written = block.options[option].node.text if option in block.options else ""
        return block.problem(option, rule, what.format(quote(written)), fix)

    if "id" not in block.options:
        yield wrong("id", "no id", "add id: a short name such as frontier", "figure-id")
    elif not _IDENT.fullmatch(block.text("id")):
        yield wrong("id", "{} is not an id", "use a-z, 0-9 and single hyphens, starting with a letter", "figure-id")
    if "caption" not in block.options:
        yield wrong("caption", "no caption", "add caption: a Chinese caption of our own")
    for name in ("caption", "alt", "picture"):
        if name in block.options and not block.text(name):
            yield wrong(name, f"{name} {{}} is not a text", "write a text")
    if mark := re.search(MARKS, block.text("alt")):
        what = f"alt holds {quote(mark.group())}, which is read out as it stands"
        yield block.problem("alt", "figure-option", what, "write plain words")
    if "paper" in block.options and not block.text("paper"):
        yield wrong("paper", "paper {} is not a text", 'write the id in quotes: "2310.16944"')
    for name in ("version", "page"):
        number = block.whole(name)
        if name in block.options and (number is None or not 0 < number < 10_000):
            yield wrong(name, f"{name} {{}} is not a number", "write a whole number from 1")
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
        yield wrong("html", "html is not an anchor with its day", f"write {form}")
    if "markers" in block.options and block.points() is None:
        yield wrong("markers", "markers are not a list of points", "write [[0.2, 0.4], [0.7, 0.3]]")


def _source_problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    arxiv, version = paper_of(block, document, site)
    if arxiv is None:
        if block.label != OWN:
            fix = 'this page is about no one paper: add paper: "id"'
            yield block.problem("", "figure-paper", f"whose {block.label}?", fix)
        return
    record = site.ledger.get(arxiv)
    if record is None:
        what, fix = f"{quote(arxiv)} is not in the ledger", "check the id, or add the record"
        yield block.problem("paper", "figure-paper", what, fix)
        return
    if version is not None and record.version is not None and version > record.version:
        what, fix = f"{arxiv} has no version {version}", f"the newest known to the ledger is {record.version}"
        yield block.problem("version", "figure-paper", what, fix)
    if block.whole("page") is not None and version is None:
        yield block.problem("page", "figure-paper", "a page without a version", "add the version it was seen in")
    html = block.anchor()
    if html is not None:
        match = HTML.fullmatch(html.url)
        if match is None or match["id"] != arxiv or int(match["version"]) != version:
            yield block.problem("html", "figure-paper", "html is of another paper or version", "give both the same")
        if html.checked > site.today:
            yield block.problem("html", "figure-paper", f"checked on {html.checked}", "that day is in the future")


def _picture_problems(block: Block, document: Document, site: Site) -> Iterator[Problem]:
    picture = block.text("picture")
    if not picture:
        if block.label == OWN:
            yield block.problem("", "figure-picture", "a drawing of ours without picture", "add picture: name.svg")
        for name in ("alt", "markers"):
            if name in block.options:
                fix = "remove it, or add the picture"
                yield block.problem(name, "figure-picture", f"{name} without picture", fix)
        return
    folder = document.path.removesuffix(".md")
    if not _PICTURE.fullmatch(picture):
        fix = f"name an SVG of {folder}/, in a-z, 0-9 and hyphens"
        yield block.problem("picture", "figure-picture", f"picture {quote(picture)}", fix)
        return
    path = site.docs_dir / document.uri.removesuffix(".md") / picture
    if path.is_symlink() or not path.is_file():
        what, fix = f"there is no {folder}/{picture}", "draw it, or mend the name"
        yield block.problem("picture", "figure-picture", what, fix)
    if "alt" not in block.options:
        yield block.problem("picture", "figure-picture", "no alt", "say in one sentence what the picture shows")
    markers = block.points()
    if markers is None:
        return
    for number, (x, y) in enumerate(markers, 1):
        if not (0 <= x <= 1 and 0 <= y <= 1):
            what = f"marker {number} at [{x:g}, {y:g}] is outside the picture"
            yield block.problem("markers", "figure-marker", what, "give fractions of width and height from 0 to 1")
    if len(markers) != len(block.notes):
        what = f"{len(markers)} markers for {len(block.notes)} annotations"
        yield block.problem("markers", "figure-marker", what, "give one per annotation")
