"""Hostile pages: a pull request is untrusted input, and nothing in it may run, load, frame, or hide.

What counts is what Markdown makes of a page, not what its source looks like: a page that is not plainly harmless is rendered
once with the Markdown extensions of the build, every tag and attribute of the result is held against a short list, and only
then is the line looked for. Pages that would take long to render are refused unrendered.
"""

from __future__ import annotations

import html as html_module
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_any
from pymdownx.slugs import slugify

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.data.site import Site
from papernotes.figures import scan, svg
from papernotes.markdown.references import ReferencesExtension
from papernotes.markdown.source_marks import SourcesExtension
from papernotes.text.document import Document, relative
from papernotes.text.finding import Finding, quote
from papernotes.text.frontmatter import Node
from papernotes.text.rule import Rule

RULES = (
    Rule(
        "unsafe-html",
        "正文不写 HTML",
        "HTML 能带进脚本、框架和表单。只收 <br>、<kbd>、<sub>、<sup>（不带属性）和注释，其余一律用 Markdown 写。",
        '<img src="x" onerror="…">',
        "H<sub>2</sub>O",
    ),
    Rule(
        "unsafe-attribute",
        "花括号里只写标题的 {#名字}",
        "属性能带进事件脚本和样式，样式能盖住整页。以 __、pn-、md- 开头的名字是主题自己用的。",
        "[链接](dpo.md){onclick=…}",
        "## 结果 {#results}",
    ),
    Rule(
        "unsafe-link",
        "链接只用 https、mailto 和站内路径",
        "javascript: 一点就运行；http 会被改写；带用户名的地址看起来像另一个网站。",
        "[论文](javascript:…)",
        "[论文](https://arxiv.org/abs/2305.18290)",
    ),
    Rule(
        "unsafe-image",
        "图片只用站内文件",
        "外站的图片会把读者的访问告诉别人，也随时可能被换掉。",
        "![图](https://example.org/a.png)",
        "![图](dpo/frontier.svg)",
    ),
    Rule(
        "unsafe-include",
        "页面不引入别的文件",
        "引入语句会把仓库里外的文件读进页面。代码文档只在 reference/ 里生成。",
        '--8<-- "../secret.txt"',
        "把要说的话写在页面里",
    ),
    Rule(
        "unsafe-character",
        "没有看不见的字符和改变方向的字符",
        "它们让人看到的和程序读到的不是同一段文字。字符引用和 YAML 转义写出来的也算。",
        "胜率 61%（U+202E）",
        "胜率 61%",
    ),
    Rule(
        "unsafe-nesting",
        "括号、引用和标签不层层堆叠",
        "几千个没有关上的方括号会让构建停几分钟。",
        "[[[[[[…",
        "[文字](dpo.md)",
    ),
    Rule(
        "unsafe-file",
        "docs/ 里只有页面、我们画的 SVG、登记过的数据和指南的截图",
        "docs/ 里的文件会原样发布；脚本和网页文件一旦发布就能运行。",
        "docs/papers/dpo.js",
        "docs/papers/dpo/frontier.svg",
    ),
    Rule(
        "unsafe-name",
        "文件名在任何系统上都一样",
        "大写、空格、中文和 con、nul 一类的名字，在别的系统上会撞名或打不开。",
        "docs/papers/dpo/Frontier 2.svg",
        "docs/papers/dpo/frontier-2.svg",
    ),
)  # fmt: skip

EXTENSIONS: Final = (
    "toc",
    "tables",
    "fenced_code",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "pymdownx.arithmatex",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.superfences",
)
"""The Markdown extensions of the build, in its order; a test compares them with `mkdocs.yml`."""
CONFIGS: Final[dict[str, dict[str, Any]]] = {
    "toc": {"permalink": True, "permalink_title": "本节的链接", "slugify": slugify(case="lower"), "toc_depth": 3},
    "pymdownx.arithmatex": {"generic": True, "inline_syntax": ["dollar"], "block_syntax": ["dollar"]},
    "pymdownx.highlight": {"anchor_linenums": False},
}

MAX_COST: Final = 1_000_000
"""Of one page: the squares of the openings `[` and `<` of each paragraph, summed. At the limit Python-Markdown takes 0.1 s."""
MAX_DEPTH: Final = 30
"""Quotes inside one another, or lists (at four spaces each)."""
MAX_SECTIONS: Final = 50
"""`<![` and `<?` in one page: each makes Python's HTML parser read on to the end."""
MAX_PROBLEMS: Final = 50
"""A page with more is reported so far only."""
MAX_FILE_BYTES: Final = 1_000_000

TAGS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "pre", "code", "em", "strong", "hr", "br", "sub",
         "sup", "kbd", "div", "span", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "figure", "figcaption"),
        frozenset[str](),
    ),
    "ol": frozenset({"start"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "th": frozenset(),
    "td": frozenset(),
}  # fmt: skip
"""What Markdown makes: each tag with the attributes that it may have beside `id`, `class`, `title`, and the alignment of a cell."""

_PLAIN_TAG: Final = re.compile(r"</?(?:kbd|sub|sup)>|<br[ ]?/?>")
_COMMENT: Final = re.compile(r"<!--(?!-?>)(?:(?!--|<!--).)*-->", re.DOTALL)
_TAG: Final = re.compile(
    r"<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s+[^\s\"'<>/=]+(?:=\"[^\"<>]*\")?)*)\s*/?>"
)
_ATTRIBUTE: Final = re.compile(r"\s+(?P<name>[^\s\"'<>/=]+)(?:=\"(?P<value>[^\"<>]*)\")?")
_ALIGN: Final = re.compile(r"text-align: (?:left|right|center);")
_CLASS: Final = re.compile(
    r"headerlink|footnote(?:-ref|-backref)?|admonition(?:-title)?|note|tip|info|warning|danger|example|quote|arithmatex"
    r"|highlight|language-[a-z0-9+-]+|[a-z][a-z0-9]{0,2}|l-Scalar(?:-Plain)?|p-Indicator|pn-src(?:__label)?|pn-ref"
)
_OWN_ID: Final = re.compile(r"__|pn-|md-", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HTTPS: Final = re.compile(r"https://(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::[0-9]{1,5})?(?:[/?#]|\Z)")
_MAIL: Final = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")

# What a page may hold without being rendered. Everything else is judged by its tree.
_HARMLESS: Final = re.compile(
    r"<!-- allow [a-z-]+: [^<>-]*-->"  # silencing comments
    r"|(?<=[^\W_])\{(?=[^{}\n]*\})"  # TeX arguments, \frac{…}: no attribute list begins right behind a letter
    r"|(?<=[\^}])\{"
)
_SUSPICIOUS: Final = re.compile(
    r"<(?![ =])"
    r"|&(?:\#|[A-Za-z])"
    r"|(?<!\\)\{"
    r"|!\["
    r"|\](?:\((?!(?:https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[a-z0-9./#?=&%~+,_-]*)?|[\w.#-][\w./#-]*)(?:\)|[ ]\"[^\"\n]*\"\)))|:|\s*\[)"  # a link that is no plain one
    r"|(?:!!!|\?\?\?)(?![ ]note(?:[ ]\"[^\"\n]*\")?[ ]*$)"
    r"|(?:```|~~~)(?![a-z]*$)"
    r"|^[ ]{4}[^\\\n]*+\\"  # YAML escapes in the options of a block
    r"|\battrs\b|\bmarkdown\s*="
    r"|(?:java|vb)script|data:",
    re.MULTILINE | re.IGNORECASE,
)
_HEADING_LIKE: Final = re.compile(r"^[\d_-]*?(?:__|pn-|md-)", re.MULTILINE | re.IGNORECASE)

_INCLUDE: Final = re.compile(r"^[ \t>]*(?P<what>;*-{1,2}8<-{1,2}\S*|:::[ \t]*\S.*|\{%.*|\{!.*)", re.MULTILINE)
_OBJECT: Final = re.compile(r":::[ \t]*papernotes(?:\.[a-z_]+)*[ \t]*\Z")
_REFERENCE: Final = re.compile(r"&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")
_DEEP: Final = re.compile(
    rf"^(?:[ \t]*>){{{MAX_DEPTH}}}|^(?: {{{4 * MAX_DEPTH}}}|\t{{{MAX_DEPTH}}})[ \t]*(?:[-*+]|\d+\.)[ \t]", re.MULTILINE
)
_SECTION: Final = re.compile(r"<!\[|<[?]")

_HIDDEN_RANGES: Final = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0xFFFE, 0xFFFF), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), (0xF0000, 0x10FFFF),
)  # fmt: skip
HIDDEN: Final = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _HIDDEN_RANGES) + "]"
    # A base with a tower of marks on it reaches into the lines around it.
    "|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}"
)
"""Characters that are not seen, or that change the order in which others are; private ones, which each font draws at will;
halves of a pair, which JSON can write as an escape and UTF-8 cannot at all.

Source: Unicode 15, Default_Ignorable_Code_Point and Bidi_Control; https://trojansource.codes/
"""


@dataclass(frozen=True)
class Problem:
    """Something in what Markdown makes of a page that must not be there."""

    rule: str
    what: str
    fix: str
    needles: tuple[str, ...]
    """Texts that may stand where it was written, the likeliest first."""


# --- one page ---------------------------------------------------------------------------------------------------------


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Everything in a page that could run, load, frame, hide, read another file, or stop the build."""
    yield from _characters(document)
    for match in _INCLUDE.finditer(document.prose):
        text = match["what"].strip()
        if not (document.uri.startswith("reference/") and _OBJECT.match(text)):
            yield document.finding(
                match.start("what"), "unsafe-include", f"{quote(text)} reads another file", "write the text out"
            )
    costly = _costly(document)
    if costly is not None:
        yield costly
    elif not is_plain(document.body):
        yield from _judge(document)


def is_plain(body: str) -> bool:
    """Whether a body is harmless whatever Markdown makes of it. Cautious: a False means only that it must be rendered."""
    text = _HARMLESS.sub(" ", body)
    if _SUSPICIOUS.search(re.sub(r"^(#+ [^{}\n]*)\{#[a-z][a-z0-9-]*\}$", r"\1", text, flags=re.MULTILINE)):
        return False
    return not _HEADING_LIKE.search(re.sub(r"[^\w\n-]", "", body.replace(" ", "-")))


def _characters(document: Document) -> Iterator[Finding]:
    """Hidden characters as they stand, as character references, and as escapes in the front matter."""
    starts = -document.body_start
    for match in HIDDEN.finditer(document.text):
        yield document.finding(match.start() + starts, *_hidden(match.group()))
    for match in _REFERENCE.finditer(document.body):
        meant = html_module.unescape(match.group())
        if meant != match.group() and HIDDEN.search(meant):
            yield document.finding(match.start(), *_hidden(meant, match.group()))
    for node in document.front.entries.values() if document.front else ():
        for place in _texts(node):
            hidden = HIDDEN.search(str(place.value))
            if hidden and "\\" in document.text:
                yield Finding(document.path, place.line, place.column, *_hidden(hidden.group(), "an escape"))


def _texts(node: Node) -> Iterator[Node]:
    if node.kind == "map":
        for each in node.value.values():
            yield from _texts(each)
    elif node.kind == "list":
        for each in node.value:
            yield from _texts(each)
    elif node.kind == "str":
        yield node


def _hidden(text: str, written: str = "") -> tuple[str, str, str]:
    """Rule, what and fix of a hidden character."""
    character = text[0]
    name = unicodedata.name(character, "a control, private or unassigned character")
    as_what = f" (written as {written})" if written else ""
    if len(text) > 1:
        return "unsafe-character", f"{len(text)} marks on one character{as_what}", "keep one"
    return "unsafe-character", f"U+{ord(character):04X} {name}{as_what}", "delete it; it is not seen, or not by all"


def _costly(document: Document) -> Finding | None:
    """The place at which a page gets too deep to be read in bounded time, if there is one."""
    body = document.body
    if deep := _DEEP.search(body):
        return document.finding(deep.start(), "unsafe-nesting", f"more than {MAX_DEPTH} levels", "flatten them")
    sections = list(_SECTION.finditer(body)) if "<" in body else []
    if len(sections) > MAX_SECTIONS:
        what = f"more than {MAX_SECTIONS} marked sections or instructions"
        return document.finding(sections[MAX_SECTIONS].start(), "unsafe-nesting", what, "remove them")
    cost = start = 0
    for piece in [*_PARAGRAPHS.finditer(body), None]:
        end = piece.start() if piece else len(body)
        cost += body.count("[", start, end) ** 2 + body.count("<", start, end) ** 2
        if cost > MAX_COST:
            what = "too many brackets up to here: the page would take long to read"
            start += len(body[start:end]) - len(body[start:end].lstrip())
            return document.finding(start, "unsafe-nesting", what, "remove those that are no links")
        start = piece.end() if piece else end
    return None


def _judge(document: Document) -> Iterator[Finding]:
    """Render the page, look at every tag, and find the lines of what must not be there."""
    try:
        problems = list(problems_of(document.body, document.prose))
    except RecursionError:
        yield document.finding(0, "unsafe-nesting", "the page is nested too deeply to be read", "flatten it")
        return
    used: dict[str, int] = {}
    for problem in problems[:MAX_PROBLEMS]:
        offset = _locate(document, problem, used)
        yield document.finding(offset, problem.rule, problem.what, problem.fix)


def _locate(document: Document, problem: Problem, used: dict[str, int]) -> int:
    """Where in the body a problem was written. The same text twice is two places."""
    for text in (document.prose, document.body):
        for needle in problem.needles:
            if needle and (at := text.lower().find(needle.lower(), used.get(needle, 0))) >= 0:
                used[needle] = at + len(needle)
                return at
    # Written in another way (character references, escapes): the line up to which the page must be read to have it.
    lines = document.body.split("\n")
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        part = "\n".join(lines[:middle])
        if any((other.rule, other.what) == (problem.rule, problem.what) for other in problems_of(part, part)):
            high = middle
        else:
            low = middle + 1
    line = lines[low - 1]
    return sum(len(each) + 1 for each in lines[: low - 1]) + len(line) - len(line.lstrip())


# --- what Markdown makes ----------------------------------------------------------------------------------------------


def problems_of(body: str, prose: str) -> Iterator[Problem]:
    """What must not be there in what Markdown makes of a body. Raises: RecursionError where it is nested too deeply."""
    found = list(_problems(body))
    if not found:  # a caption stands in the list of figures too, as Markdown of its own
        captions = (block.text("caption") for block in scan.scan(body, prose).blocks)
        found = [problem for caption in captions if not is_plain(caption) for problem in _problems(caption)]
    yield from found


def _problems(body: str) -> Iterator[Problem]:
    html, author = render(body)
    opened: list[str] = []
    for piece in author:
        name = re.match(r"\s*<(/?)([A-Za-z][A-Za-z0-9]*)", piece)
        if name and name[1] and name[2].lower() in opened:
            opened.remove(name[2].lower())  # the end of what has been reported
            continue
        if name and not name[1]:
            opened.append(name[2].lower())
        yield _raw_problem(piece)
    yield from judge(html)


def judge(html: str) -> Iterator[Problem]:
    """Hold every tag and attribute of a rendered page against the list."""
    at = html.find("<")
    while at >= 0:
        comment = _COMMENT.match(html, at)
        tag = None if comment else _TAG.match(html, at)
        if comment:
            end = comment.end()
        elif tag is None:
            text = html[at : at + 40].split("\n")[0]
            yield _html_problem(text, text[:20])
            end = at + 1
        else:
            end = tag.end()
            name = tag["tag"].lower()
            if name not in TAGS and not tag["close"]:
                yield _html_problem(f"<{name}>", tag.group(), f"<{name}")
            elif name in TAGS:
                for attribute in _ATTRIBUTE.finditer(tag["attributes"]):
                    yield from _attribute_problems(name, attribute["name"], attribute["value"])
        at = html.find("<", end)


def _html_problem(shown: str, *needles: str) -> Problem:
    fix = "write it in Markdown; of HTML only <br>, <kbd>, <sub> and <sup> without attributes"
    return Problem("unsafe-html", f"{quote(shown)} is not allowed", fix, needles)


def _raw_problem(piece: str) -> Problem:
    first = piece.strip().split("\n")[0]
    return _html_problem(first, first, first[:12])


def _attribute_problems(tag: str, name: str, value: str | None) -> Iterator[Problem]:
    lower = name.lower()
    meant = html_module.unescape(value or "")
    written = (f"{name}=", f"{name}:", f"{name} =", name)
    if lower == "href" and tag == "a":
        yield from _link_problem(meant, value or "")
    elif lower == "src" and tag == "img":
        if _resolved(meant).startswith(("/", "\\")) or _SCHEME.match(_resolved(meant)):
            yield Problem(
                "unsafe-image", f"the image {quote(meant)} is no file of the site", "draw it as an SVG of our own",
                (meant, value or "", "!["),
            )  # fmt: skip
    elif lower == "style" and tag in {"th", "td"} and _ALIGN.fullmatch(meant):
        return
    elif lower == "id":
        if _OWN_ID.match(meant) or re.search(r"[\s<>\"'&]", meant):
            what = f"the id {quote(meant)} is the theme's or ours"
            yield Problem("unsafe-attribute", what, "take another heading or {#name}", (f"#{meant}", meant))
    elif lower == "class":
        for each in meant.split():
            if not _CLASS.fullmatch(each):
                what = f"the class {quote(each)} is the site's"
                yield Problem("unsafe-attribute", what, "remove it", (f".{each}", each))
    elif lower == "title" or lower in TAGS[tag]:
        if lower == "start" and not re.fullmatch(r"[0-9]{1,9}", meant):
            yield Problem("unsafe-attribute", f"start={quote(meant)}", "begin the list with a number", written)
    else:
        yield Problem("unsafe-attribute", f"the attribute {quote(name)} on <{tag}>", "remove it", written)


def _link_problem(meant: str, written: str) -> Iterator[Problem]:
    """A link whose address is none of https, mailto, relative."""
    address = _resolved(meant)
    needles = (meant, written)
    scheme = _SCHEME.match(address)
    if address.startswith(("//", "\\", "/\\")):
        what, fix = f"the link {quote(meant)} leads to another host", "write https:// and the host"
    elif scheme is None:
        return
    elif scheme.group().lower() == "https:":
        if _HTTPS.match(address):
            return
        what, fix = f"the address {quote(meant)} is not what it seems", "write https://, a host in ASCII and a path"
    elif scheme.group().lower() == "mailto:":
        if _MAIL.fullmatch(address):
            return
        what, fix = f"the address {quote(meant)} does more than write to somebody", "write mailto:name@host"
    else:
        what, fix = (
            f"the link {quote(meant)} has the scheme {scheme.group()!r}",
            "use https, mailto, or a relative path",
        )
    yield Problem("unsafe-link", what, fix, needles)


def _resolved(address: str) -> str:
    """An address as a browser reads it: without line ends and tabs, without control characters and spaces in front.

    Source: https://url.spec.whatwg.org/#url-parsing
    """
    return re.sub(r"[\t\n\r]", "", address).lstrip("".join(map(chr, range(33))))


def render(body: str) -> tuple[str, list[str]]:
    """What the build's Markdown makes of a body.

    Shape: the HTML, and the pieces of raw HTML that are not on the list, which are left out of it. Formulas stay TeX, which
    is text; figures, terms and previews are made by this site and not by the author, and only what they hold is rendered.
    """
    md = _markdown()
    md.reset()
    author: list[str] = md.author  # type: ignore[attr-defined]  # set by _Author
    author.clear()
    return md.convert(body), list(author)


@cache
def _markdown() -> Markdown:
    def link(parent: Element, id_: object, text: str | None = None) -> Element:
        element = Element("a", {"class": "pn-ref", "href": "https://arxiv.org/abs/0"})
        element.text = text or "0"
        parent.append(element)
        return element

    extensions: list[str | Extension] = [
        *EXTENSIONS,
        SourcesExtension(link),
        ReferencesExtension(link),
        _Figures(),
        _Author(),
    ]
    return Markdown(extensions=extensions, extension_configs=CONFIGS)


class _FigureBlock(Block):  # type: ignore[misc]  # pymdownx is untyped
    """Any figure block, right or wrong, with its caption: the checker of figures says what is wrong with it."""

    NAME = "figure"
    ARGUMENT = None
    OPTIONS = dict.fromkeys(scan.OPTIONS, (None, type_any))

    def on_create(self, parent: Element) -> Element:
        element = Element("figure")
        caption = Element("figcaption")
        caption.text = str(self.options["caption"])
        element.append(caption)
        parent.append(element)
        return element


class _Figures(BlocksExtension):  # type: ignore[misc]  # pymdownx is untyped
    def extendMarkdownBlocks(self, md: Markdown, blocks: Any) -> None:  # noqa: N802 (their name)
        blocks.register(_FigureBlock, {})


class _Author(Extension):
    """Keeps apart what the author wrote as HTML and what other extensions put aside as HTML of their own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After every extension that replaces one of the two readers of raw HTML."""
        author: list[str] = []
        md.author = author  # type: ignore[attr-defined]
        reading = [False]
        store = md.htmlStash.store

        def guarded(html: str | Element) -> str:
            if not reading[0]:
                return store(html)
            if isinstance(html, Element):
                if html.tag in TAGS:  # Markdown inside HTML; other tags are seen in the result
                    author.append(f"<{html.tag}")
            elif not _is_allowed(html):
                author.append(html)
                return store("")
            return store(html)

        def watch(function: Any) -> Any:
            def watched(*arguments: Any) -> Any:
                reading[0] = True
                try:
                    return function(*arguments)
                finally:
                    reading[0] = False

            return watched

        md.htmlStash.store = guarded  # type: ignore[method-assign]
        block, inline = md.preprocessors["html_block"], md.inlinePatterns["html"]
        block.run = watch(block.run)  # type: ignore[method-assign]
        inline.handleMatch = watch(inline.handleMatch)  # type: ignore[method-assign]


def _is_allowed(piece: str) -> bool:
    """Whether a piece of raw HTML is only comments and tags of the short list."""
    rest = _PLAIN_TAG.sub("", _COMMENT.sub("", piece))
    return "<" not in rest and ">" not in rest


# --- the files under docs/ --------------------------------------------------------------------------------------------

_PICTURE_STARTS: Final = {".png": b"\x89PNG\r\n\x1a\n", ".webp": b"RIFF"}
_PLACES: Final = (
    (re.compile(r"(?!_data/).*\.md"), "a page"),
    (re.compile(r"(?:papers|topics)/[^/]+/[^/]+\.svg"), "a drawing"),
    (re.compile(r"(?:guide|assets)/(?:.*/)?[^/]+\.(?:svg|png|webp)"), "a screenshot of the guide"),
    (re.compile(r"_data/(?:.*/)?[^/]+\.(?:json|yml|csv|md)"), "data, which is not published"),
)
"""Which files may stand where; a new kind of file is added here, with what reads and checks it."""
_NAME: Final = re.compile(r"[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9]+){0,2}")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
MAX_NAME: Final = 80


def check_files(site: Site) -> Iterator[Finding]:
    """Files under docs/ of a kind or a name that must not be there, and hidden characters in the data."""
    for file in sorted(site.docs_dir.rglob("*")):
        uri = file.relative_to(site.docs_dir).as_posix()
        if file.is_symlink() or file.is_dir():  # `site.load` has reported the links; folders count by what they hold
            continue
        path = relative(file, site.root)
        if not file.is_file():
            yield Finding(path, 1, 1, "unsafe-file", "is no file but a device, a pipe or a socket", "delete it")
            continue
        if not any(pattern.fullmatch(uri) for pattern, _ in _PLACES):
            what = f"a file {quote(file.suffix or file.name)} does not belong here"
            yield Finding(
                path, 1, 1, "unsafe-file", what, "docs/ holds pages, our SVGs, and the data that the site reads"
            )
        for part in uri.split("/"):
            if part.endswith(".md") and not uri.startswith("_data/"):
                continue  # `page-name` is the rule of pages
            if not _NAME.fullmatch(part) or _RESERVED.fullmatch(part) or len(part) > MAX_NAME:
                fix = "use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"
                yield Finding(path, 1, 1, "unsafe-name", f"{quote(part)} is not the same on every system", fix)
        yield from _check_content(file, uri, path)
    yield from _check_values(site)


def _check_content(file: Path, uri: str, path: str) -> Iterator[Finding]:
    size = file.stat().st_size
    limit = ledger.MAX_BYTES if file.name == "papers.json" else MAX_FILE_BYTES  # 10,000 records are 3 MB
    if size > limit and file.suffix != ".md":  # `page-size` is the rule of pages
        what = f"the file has {size} bytes, more than {limit}"
        yield Finding(path, 1, 1, "unsafe-file", what, "make it smaller")
        return
    if file.suffix in _PICTURE_STARTS:
        with file.open("rb") as opened:
            if not opened.read(16).startswith(_PICTURE_STARTS[file.suffix]):
                yield Finding(path, 1, 1, "unsafe-file", f"is no {file.suffix} picture", "save it anew")
    elif file.suffix == ".svg" and uri.startswith(("guide/", "assets/")):  # the others are those of `figures`
        for problem in svg.check(file.read_bytes()):
            yield Finding(path, problem.line, problem.column, "svg", problem.what, problem.fix)
    if file.suffix in {".svg", ".yml", ".json", ".csv"} or uri.startswith("_data/templates/"):
        text = file.read_bytes().decode("utf-8", "replace")
        for match in HIDDEN.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            yield Finding(path, line, column, *_hidden(match.group()))


def _check_values(site: Site) -> Iterator[Finding]:
    """Hidden characters that YAML and JSON escapes make, in the term table and the ledger."""
    terms, ledger = (
        relative(site.docs_dir / "_data/terms.yml", site.root),
        relative(site.docs_dir / "_data/papers.json", site.root),
    )
    for term in site.glossary.terms.values():
        if hidden := HIDDEN.search("\t".join(_strings(vars(term)))):
            yield Finding(terms, term.line, 1, *_hidden(hidden.group(), "an escape"))
    for line, record in enumerate(site.ledger.values(), 2):  # one line a paper, below the first
        if hidden := HIDDEN.search("\t".join(_strings(_values(record)))):
            yield Finding(ledger, line, 1, *_hidden(hidden.group(), "an escape"))


def _values(record: Record) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name != "counts"}


def _strings(values: dict[str, Any]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, str))
