"""Hostile pages: a pull request is untrusted input, and nothing in it may run, load, frame, or hide.

What counts is what Markdown makes of a page, not what its source looks like: what the author wrote as HTML or as an
attribute is noted while the page is read, and every tag and attribute of the linked page is held against a short list as a
browser reads it.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from markdown.extensions.attr_list import get_attrs_and_remainder
from selectolax.lexbor import LexborHTMLParser, LexborNode

from papernotes.base.fields import is_https
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.text.document import COMMENT, Document, blank_code, fences
from papernotes.text.parsed import LINE, Attributes, Parsed, Problem, Rendered
from papernotes.text.special_pages import REFERENCE

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
        "unsafe-nesting",
        "括号、引用和标签不层层堆叠",
        "几千个没有关上的方括号会让构建停几分钟。",
        "[[[[[[…",
        "[文字](dpo.md)",
    ),
)  # fmt: skip

MAX_PROBLEMS: Final = 50
"""A page with more is reported so far only."""

TAGS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "pre", "code", "em", "strong", "hr", "br", "sub",
         "sup", "kbd", "div", "span", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "figure", "figcaption", "th", "td",
         "section", "nav", "svg", "math", "details", "summary"),
        frozenset[str](),
    ),
    "ol": frozenset({"start"}),
    "a": frozenset({"href", "data-pn-preview", "aria-describedby"}),
    "img": frozenset({"src", "alt"}),
    "section": frozenset({"data-pn-forms"}),
    "fieldset": frozenset(),
    "label": frozenset(),
    "input": frozenset({"type", "name", "value", "checked"}),
}  # fmt: skip
"""What Markdown and we make: each tag with the attributes that it may have beside those of `_EVERYWHERE`."""

DRAWN: Final = frozenset({"svg", "math"})
"""What the program itself writes from a picture that `svg` has checked, and from TeX."""
_EVERYWHERE: Final = frozenset({"id", "class", "title", "lang", "role", "aria-label", "tabindex", "hidden"})
_ALIGN: Final = re.compile(r"text-align: (?:left|right|center);")
_PLACE: Final = re.compile(r"left:[0-9.]+%;top:[0-9.]+%")
CLASS: Final = re.compile(
    r"footnote(?:-ref|-backref)?|admonition(?:-title)?|note|tip|info|warning|danger|example|quote|arithmatex"
    r"|highlight|language-[a-z0-9+-]+|[a-z][a-z0-9]{0,2}|l-Scalar(?:-Plain)?|p-Indicator|pn-[a-z_-]+|tml-[a-z-]+"
)
_GENERATED_ID: Final = re.compile(r"pn-preview-[a-z0-9-]+|fn(?:ref[0-9]*)?:")
_OWN_ID: Final = re.compile(r"__|pn-|md-", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MAIL: Final = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")

_LIST: Final = re.compile(r"^[ \t]*\{:?(?![%!])(?P<list>[^{}\n]+)\}[ \t]*$", re.MULTILINE)

_LANGUAGE: Final = re.compile(r"[ \t]*[A-Za-z0-9+-]*[ \t]*")
_INCLUDE: Final = re.compile(r"^[ \t>]*(?P<what>;*-{1,2}8<-{1,2}\S*|:::[ \t]*\S.*|\{%.*|\{!.*)", re.MULTILINE)
_BOX: Final = re.compile(r":{3}[ \t]*\{?(?:note|tip|info|warning|danger|caution|important|details)\b")
_OBJECT: Final = re.compile(r"::: (?P<name>papernotes(?:\.[A-Za-z_][A-Za-z0-9_]*)+)")
_PACKAGE: Final = Path(__file__).parents[1]


# --- one page ---------------------------------------------------------------------------------------------------------


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Everything in a page that could run, load, frame, hide, read another file, or stop the build."""
    if document.uri.startswith(REFERENCE):
        yield from _reference_problems(document)
    else:
        for match in _INCLUDE.finditer(document.prose):
            what, fix = f"{quote(match['what'].strip())} reads another file", "write the text out"
            if _BOX.match(match["what"]):
                what, fix = (
                    f"{quote(match['what'].strip())} opens no box",
                    'write !!! note "译注", its text indented by four spaces',
                )
            yield document.finding(match.start("what"), "unsafe-include", what, fix)
    yield from _scripts_in_comments(document)
    for block in fences(document.body):
        if not _LANGUAGE.fullmatch(block.info):
            what = f"{quote(block.info.strip())} behind a fence is more than the name of a language"
            at = block.info_start + len(block.info) - len(block.info.lstrip())
            yield document.finding(at, "unsafe-attribute", what, "write ```python")
    parsed = site.parsed(document.uri)
    if parsed.failure:
        yield _finding(document, parsed.failure, {})
        return
    used: dict[str, int] = {}
    found = [*_raw_problems(parsed), *_written_attributes(parsed)]
    for problem in found[:MAX_PROBLEMS]:
        yield _finding(document, problem, used)


def _scripts_in_comments(document: Document) -> Iterator[Finding]:
    """The build looks for scripts wherever they stand; a comment that a browser ends sooner is told as what it shows."""
    text = blank_code(document.body, comments=False) if "<!--" in document.body else ""
    for comment in COMMENT.finditer(text):
        written = comment.group().lower()
        if "<script" in written and "--!>" not in written and not written.startswith(("<!-->", "<!--->")):
            yield document.finding(comment.start(), "unsafe-html", "a comment holds a script", "remove it")


def check_rendered(parsed: Parsed, rendered: Rendered) -> Iterator[Finding]:
    """What must not be there in a page as it is published, but for what `check` has said of the author's own HTML."""
    used: dict[str, int] = {}
    raw = "\n".join(piece for _, piece in parsed.raw).lower()
    is_numbered = any(not _LANGUAGE.fullmatch(block.info) for block in fences(parsed.document.body))
    for problem in islice(judge(rendered.lines, raw), MAX_PROBLEMS):
        if is_numbered and problem.rule == "unsafe-attribute":
            continue  # what the options behind a fence have made, of which `check` tells
        yield _finding(parsed.document, problem, used)


def _reference_problems(document: Document) -> Iterator[Finding]:
    """A page of `reference/` is prose and lines `::: papernotes.module`: what follows them indented would set options."""
    is_told = False  # of indented lines in a row the first is told
    for match in re.finditer(r"^.*\S.*$", document.body, re.MULTILINE):
        line = match.group()
        if is_told and line[0].isspace():
            continue
        is_told = line[0].isspace()
        named = _OBJECT.fullmatch(line.rstrip())
        if named and not _exists(named["name"]):
            what = f"there is no {quote(named['name'])}"
            yield document.finding(match.start(), "unsafe-include", what, "name a module or an object of the package")
        elif (":::" in line and not named) or line[0].isspace():
            fix = "here stand ::: papernotes.module, alone on its line, and prose; options stand in mkdocs.yml"
            yield document.finding(match.start(), "unsafe-include", f"{quote(line.strip())} is neither", fix)
        elif named is None and (by_name := re.search(r"\[[^\[\]]*\]\[[^\[\]]*\]", line)):
            at, what = match.start() + by_name.start(), f"{quote(by_name.group())} is not a link"
            yield document.finding(at, "unsafe-include", what, "write [text](address)")


def _exists(name: str) -> bool:
    """Whether a module of this package has a name, looked up in its text: nothing is imported."""
    parts = name.split(".")[1:]
    place = _PACKAGE
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    file = place / f"{parts.pop(0)}.py" if parts and (place / f"{parts[0]}.py").is_file() else place / "__init__.py"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return bool(text) and all(re.search(rf"^\s*(?:(?:class|def) )?{part}\b", text, re.MULTILINE) for part in parts)


def _finding(document: Document, problem: Problem, used: dict[str, int]) -> Finding:
    return document.finding(_locate(document, problem, used), problem.rule, problem.what, problem.fix)


def _locate(document: Document, problem: Problem, used: dict[str, int]) -> int:
    """Where in the body a problem was written: its text at its line or below; the same text twice is two places."""
    start = document.offset_of(problem.line)
    for needle in problem.needles:
        for text in (document.prose, document.body):
            if needle and (at := text.lower().find(needle.lower(), max(start, used.get(needle, 0)))) >= 0:
                used[needle] = at + len(needle)
                return at
    for match in re.finditer(r"^.*&.*$", document.body[start:], re.MULTILINE):  # written with a character reference
        if any(needle in html_module.unescape(match.group()) for needle in problem.needles):
            return start + match.start() + match.group().index("&")
    line = document.body[start:].partition("\n")[0]
    return start + len(line) - len(line.lstrip())


# --- what Markdown makes ----------------------------------------------------------------------------------------------


def _raw_problems(parsed: Parsed) -> Iterator[Problem]:
    """HTML that the author wrote, but for the tags of the short list."""
    opened: list[str] = []
    for line, piece in parsed.raw:
        name = re.match(r"\s*<(/?)([A-Za-z][A-Za-z0-9]*)", piece)
        if name and name[1] and name[2].lower() in opened:
            opened.remove(name[2].lower())  # the end of what has been reported
            continue
        if name and not name[1]:
            opened.append(name[2].lower())
        first = piece.strip().split("\n")[0]
        yield _html_problem(line, first, first, first[:12], first.rstrip(">"), "\\")  # or with an escape


def _written_attributes(parsed: Parsed) -> Iterator[Problem]:
    """Attribute lists: on a heading its id, and nothing else anywhere."""
    for written in (*parsed.attributes, *_lists_left(parsed)):
        for name, value in written.pairs:
            if name == "id":
                yield from _id_problems(value, written.line)
            elif name == ".":
                what = f"the class {quote(value)} is the site's"
                yield Problem(written.line, "unsafe-attribute", what, "remove it", (f".{value}", value))
            else:
                what = f"the attribute {quote(name)} on <{written.tag}>"
                needles = (f"{name}=", f"{name}:", f"{name} =", name)
                yield Problem(written.line, "unsafe-attribute", what, "remove it", needles)


def _lists_left(parsed: Parsed) -> Iterator[Attributes]:
    """Attribute lists on lines of their own that no element got: a line less or a space more, and one would."""
    taken = {pair for written in parsed.attributes for pair in written.pairs}
    for leaf in parsed.leaves:
        for line, text in leaf.lines:
            for match in _LIST.finditer(text):
                found, _ = get_attrs_and_remainder(match["list"])
                pairs = tuple((name, value) for name, value in found if (name, value) not in taken)
                yield Attributes(leaf.tag, pairs, line + text.count("\n", 0, match.start()))


def _id_problems(id_: str, line: int) -> Iterator[Problem]:
    if _OWN_ID.match(id_) or re.search(r"[\s<>\"'&]", id_):
        what = f"the id {quote(id_)} is the theme's or ours"
        yield Problem(
            line,
            "unsafe-attribute",
            what,
            "take another heading or {#name}",
            (f"#{id_}", id_, id_.removeprefix("fig-")),
        )


def judge(html: str, raw: str = "") -> Iterator[Problem]:
    """Hold every tag and attribute of a rendered page, as a browser reads it, against the list.

    `raw`: the author's own HTML in small letters; what stands in it and is not an element of Markdown's has been reported.
    """
    line = 1
    for node in _nodes(f"<body>{html}"):
        written = node.attributes.get(LINE) or ""
        made = re.fullmatch(r"[0-9]{1,6}", written)
        line = int(written) if made else line
        for problem in problems_of(node, line):
            if made or not any(needle.lower() in raw for needle in problem.needles):
                yield replace(problem, needles=(*problem.needles, *_figure(node)))


def problems_of(node: LexborNode, line: int = 1) -> Iterator[Problem]:
    """What of one element, its tag or an attribute, is not on the list."""
    tag = node.tag
    if tag not in TAGS:
        yield _html_problem(line, f"<{tag}>", f"<{tag}")
    elif tag not in DRAWN:
        for name, value in node.attributes.items():
            if name != LINE:
                yield from attribute_problems(tag, name, value or "", line)


def _figure(node: LexborNode | None) -> Iterator[str]:
    """How the source names the figure in which an element stands: its options have no lines of their own."""
    while node is not None:
        id_ = node.attributes.get("id") or ""
        if node.tag == "figure" and id_.startswith("fig-"):
            yield f"id: {id_.removeprefix('fig-')}"
        node = node.parent


def _nodes(html: str) -> Iterator[LexborNode]:
    """The elements in reading order; pictures of ours and formulas, which have checks of their own, are not entered."""
    body = LexborHTMLParser(html).body
    waiting = [body.child] if body else []
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.append(node.next)
        if node.is_element_node:
            yield node
            if node.tag not in DRAWN:
                waiting.append(node.child)


def _html_problem(line: int, shown: str, *needles: str) -> Problem:
    fix = "write it in Markdown, or in backticks where it is to be shown; of HTML only <br>, <kbd>, <sub> and <sup> without attributes"
    return Problem(line, "unsafe-html", f"{quote(shown)} is not allowed", fix, needles)


def attribute_problems(tag: str, name: str, value: str, line: int) -> Iterator[Problem]:
    """What of one attribute, as a browser reads it, is not on the list."""
    if name == "href" and tag == "a":
        yield from _link_problem(value, line)
    elif name == "src" and tag == "img":
        if _resolved(value).startswith(("/", "\\")) or _SCHEME.match(_resolved(value)):
            what = f"the image {quote(value)} is not a file of the site"
            yield Problem(line, "unsafe-image", what, "draw it as an SVG of our own", (value, "!["))
    elif name == "style" and (_ALIGN if tag in {"th", "td"} else _PLACE).fullmatch(value) and tag in {"th", "td", "a"}:
        return
    elif name == "id":
        if not _GENERATED_ID.match(value):
            yield from _id_problems(value, line)
    elif name == "class":
        for each in value.split():
            if not CLASS.fullmatch(each):
                what = f"the class {quote(each)} is the site's"
                fix = "remove it" if each.isascii() else f'remove it; a title stands in quotes, as in !!! note "{each}"'
                yield Problem(line, "unsafe-attribute", what, fix, (f".{each}", each))
    elif name in _EVERYWHERE or name in TAGS.get(tag, ()):
        if name == "start" and not re.fullmatch(r"[0-9]{1,9}", value):
            what = f"start={quote(value)}"
            yield Problem(line, "unsafe-attribute", what, "begin the list with a number", ("start",))
    else:
        needles = (f"{name}=", f"{name}:", f"{name} =", name)
        yield Problem(line, "unsafe-attribute", f"the attribute {quote(name)} on <{tag}>", "remove it", needles)


def _link_problem(address: str, line: int) -> Iterator[Problem]:
    """A link whose address is none of https, mailto, relative."""
    meant = _resolved(address)
    scheme = _SCHEME.match(meant)
    if meant.startswith(("//", "\\", "/\\")):
        what, fix = f"the link {quote(address)} leads to another host", "write https:// and the host"
    elif scheme is None:
        return
    elif scheme.group().lower() == "https:":
        if is_https(meant):
            return
        what, fix = (
            f"the address {quote(address)} is not what it seems",
            "write https://, a host in ASCII without xn--, and a path",
        )
    elif scheme.group().lower() == "mailto:":
        if _MAIL.fullmatch(meant):
            return
        what, fix = f"the address {quote(address)} does more than write to somebody", "write mailto:name@host"
    else:
        what = f"the link {quote(address)} has the scheme {scheme.group()!r}"
        fix = "use https, mailto, or a relative path"
    yield Problem(line, "unsafe-link", what, fix, (address, html_module.escape(address)))


def _resolved(address: str) -> str:
    """An address as a browser reads it: without line ends and tabs, without control characters and spaces in front.

    Source: https://url.spec.whatwg.org/#url-parsing
    """
    return re.sub(r"[\t\n\r]", "", address).lstrip("".join(map(chr, range(33))))
