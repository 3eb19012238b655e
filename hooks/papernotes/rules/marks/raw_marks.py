"""Marks that Markdown did not take: what the page shows of them, told where they were written.

What is shown is judged (`Parsed`: leaves, headings, the tree); the source is read to find the place alone. Formulas, table
rows, source marks and links have rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from xml.etree.ElementTree import Element

from papernotes.base import arxiv
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.figures.scan import scan
from papernotes.markdown import formula, lines
from papernotes.markdown.source_marks import ANY_MARK
from papernotes.rules.marks import signs
from papernotes.rules.source import unclosed
from papernotes.text.document import Document, blank
from papernotes.text.locate import Locator
from papernotes.text.masking import Cover, figure_blocks
from papernotes.text.parsed import LINE, Leaf, Parsed
from papernotes.text.special_pages import REFERENCE

RULES: Final = (
    Rule(
        "raw-mark",
        "Markdown 的记号都起作用，没有一个原样印在页面上",
        "列表、表格、提示框前面少空一行，嵌套少缩进几格，这里不支持的写法，都会变成一串符号，或者悄悄换了意思。",
        "步骤如下：\n- 甲\n- 乙",
        "步骤如下：\n\n- 甲\n- 乙",
    ),
)

BLANK: Final = "leave a blank line before it"
INDENT: Final = "indent it by four spaces"
"""What to do, where `layout.fix` can do it."""


_ATTRIBUTES: Final = re.compile(r"\{[^{}\n]*\}")
"""Attribute lists, which stand in a leaf still."""
_BRACED: Final = re.compile(r"\{(?:[:#.]|--|\+\+|~~|==|>>)[^{}\n]*\}|\{\{[^{}\n]*\}\}")
"""What is left of attribute lists and of marks of editors and templates."""
_NO_TEXT: Final = frozenset({"code", "pre", "kbd", "math", "svg"})
_MAYBE_BLOCK: Final = re.compile(r"[ \t]*[-*+|!#`~?=\[:0-9•·●◦▪‣－＋‐–！＃＞｜]")
_MAYBE_INLINE: Final = re.compile(
    r"[\[\]［@＠~=*＊`｀＄^\\_]|> ?>|##|\A#|///|!!!|\+\+|:[a-z]|http|www|arxiv", re.IGNORECASE
)
"""What a line has that may hold a mark: nearly all hold none."""
_WHOLE: Final = frozenset({"td", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
"""What lies in one line, and so holds no block."""
_NOTE: Final = re.compile(r"(?P<indent>[ \t]*)!!![ \t]?\w")
_BEGIN: Final = re.compile(r"[ \t>]*([-*+]|[0-9]+\.)[ \t]")
"""Of an item of a list."""
_UNTITLED: Final = re.compile(r"[ \t]*!!![ \t]?[\w -]+\Z")
_UNDERLINE: Final = re.compile(r"(?:-+|=+)[ \t]*\Z")

SECOND: Final = "a second block of front matter is shown as text"
_SECOND: Final = re.compile(r"^---[ \t]*\n(?:[a-z_]+:(?:[ \t].*)?\n(?:[ \t].*\n)*)+---[ \t]*$", re.MULTILINE)

MOST: Final = 100
"""So many findings of one page are told; more are one mistake made again and again."""


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Every mark that the page shows, or that did something else than its writer meant."""
    if not document.uri.startswith(REFERENCE):
        parsed = site.parsed(document.uri)
        found: Iterator[Finding] = islice(_check(document, parsed), MOST)
        if "///" in document.body and len(scan(document)) != parsed.figures:
            inside = Cover(figure_blocks(document))  # of a figure block that is none, `figure-…` says why
            found = (
                each
                for each in found
                if not inside.holds(*[document.offset_of(each.line - document.place(0)[0] + 1)] * 2)
            )
        yield from found


def _check(document: Document, parsed: Parsed) -> Iterator[Finding]:
    locator = Locator(document)
    linked: dict[int, str] = {}
    for link in parsed.links:
        linked[link.line] = f"{linked.get(link.line, '')} {link.text}"
    box_above = -1
    html = {line for line, _ in parsed.raw}
    parted = formula.parted(parsed.leaves)
    for place, leaf in enumerate(parsed.leaves):
        if place in parted:
            continue
        yield from _blocks(document, leaf, locator)
        line, text = leaf.lines[0]
        if leaf.tag in {"li", "p"} and (box := signs.BOX.pattern.match(text)):
            if line != box_above + 1:  # one finding for a list of them
                at = locator.find(line, box.group())
                yield document.finding(at, "raw-mark", f"{quote(box.group())} {signs.BOX.what}", signs.BOX.fix)
            box_above = line
        if line not in html:
            yield from _inline(document, leaf, linked, locator)
    for mark in _braced(parsed.root):
        at = locator.find(1, mark)
        if _NOTE.match(document.body, document.body.rfind("\n", 0, at) + 1):
            continue  # the note is shown as text for it
        yield document.finding(at, "raw-mark", f"{quote(mark)} is shown as it stands", "remove it")
    for match in signs.NESTED.finditer(document.prose):  # the tree has the inner one in its place
        fix = "close what is before it first"
        yield document.finding(match.start(), "raw-mark", f"{quote(match.group())} is not a reference", fix)
    for match in signs.LINKED.finditer(document.prose):
        fix = "write [@2305.18290 words] for a paper, [text](address) for what is none"
        yield document.finding(match.start(), "raw-mark", f"{quote(match.group())} is half a link", fix)
    for match in _SECOND.finditer(document.prose):
        fix = "move its keys to the one at the top, or remove it"
        yield document.finding(match.start(), "raw-mark", SECOND, fix)
    yield from _headings(document, parsed)
    yield from _rules(document, parsed)
    yield from _notes(document, locator)
    yield from _nesting(document, parsed)


def _blocks(document: Document, leaf: Leaf, locator: Locator) -> Iterator[Finding]:
    """Marks at the head of a line."""
    if leaf.tag in _WHOLE:
        return
    numbers = [(line, match.group().strip()) for line, text in leaf.lines if (match := signs.NUMBERED.match(text))]
    if len(numbers) > 1:
        what = f"{quote(numbers[0][1])} begins no list item"
        yield document.finding(locator.find(*numbers[0]), "raw-mark", what, "write 1. and a space, or join the lines")
    if not any(_MAYBE_BLOCK.match(text) for _, text in leaf.lines):
        return
    told, foreign = "", set[str]()
    for place, (line, text) in enumerate(leaf.lines):
        kind = next((kind for kind, pattern in signs.BLOCKS.items() if pattern.match(text)), "")
        if kind and kind != told and (place or kind != "list"):
            at = locator.find(line, text.strip()[:3])
            written = document.body[at:].partition("\n")[0]
            fix = BLANK if place else "begin it at the left margin, after a blank line"
            if kind == signs.TABLE and not place:
                fix = _of_table(leaf, written)
            elif kind == "note" and "{" in written:
                fix = "end the line behind its title"
            what = f"the {kind} at {quote(written.strip(), 24)} is shown as text"
            yield document.finding(at, "raw-mark", what, fix)
        told = kind or told
        for sign in signs.FOREIGN:
            if (match := sign.pattern.match(text)) and sign.fix not in foreign:
                foreign.add(sign.fix)
                mark = match.group().strip()
                yield document.finding(locator.find(line, mark), "raw-mark", f"{quote(mark)} {sign.what}", sign.fix)


def _of_table(leaf: Leaf, written: str) -> str:
    """What to do about a table with nothing above it that is none."""
    below = leaf.lines[1][1] if len(leaf.lines) > 1 else ""
    if "-" not in below or set(below) - set("|:- \t"):
        return "write the line | --- | --- | below its head, a --- for each column"
    pipe = ", and \\mid for a pipe inside a formula" if "$" in written else ""
    return f"write as many cells in its head as in the line below it{pipe}"


def _inline(document: Document, leaf: Leaf, linked: dict[int, str], locator: Locator) -> Iterator[Finding]:
    """Marks within a line. `linked`: the texts of the links of each line."""
    if any("`" in text for _, text in leaf.lines) and any(unclosed(document)):
        return  # a fence or a comment that is not closed hides what is below it
    told: set[str] = set()
    for line, text in leaf.lines:
        if not _MAYBE_INLINE.search(text):
            continue
        rest = _ATTRIBUTES.sub(blank, text)
        block = next((pattern.match(text) for pattern in signs.BLOCKS.values() if pattern.match(text)), None)
        if block and leaf.tag not in _WHOLE:  # `* ` of a raw list, the fence of a raw code block
            rest = " " * block.end() + rest[block.end() :]
        for sign in signs.INLINE:
            for match in sign.pattern.finditer(rest):
                mark = match.group()
                if mark[0] == "\\" and any("$" in written for _, written in leaf.lines):
                    continue  # within a formula that was not taken, of which `formula` tells
                if mark[:2] == "[^" and f"\n{mark}：" in document.prose:
                    continue  # the colon of its footnote is what is wrong, of which `definitions` tells
                if not match.start() and (mark[0], leaf.tag[0]) in {("#", "h"), ("/", "p")}:
                    continue  # of a heading `_headings` tells, of a block `slash_blocks`
                once = "\\" if mark[0] == "\\" else mark if signs.ONCE.match(mark) else ""
                if once and once in told:
                    continue
                told.add(once)
                at = locator.find(line, mark, text[: match.start()], text[match.end() :])
                yield document.finding(at, "raw-mark", f"{quote(mark)} {sign.what}", sign.fix)
            rest = sign.pattern.sub(blank, rest)
        for match in signs.ADDRESS.finditer(ANY_MARK.sub(blank, rest)):  # `source-mark` tells of those in one
            url = match.group().rstrip(".:;,!?")
            if url not in linked.get(line, "") and (fix := _of_address(url)):
                yield document.finding(locator.find(line, url), "raw-mark", f"{quote(url)} is not a link", fix)


def _of_address(url: str) -> str:
    """What to do about a bare address; empty where `links` says it."""
    if not arxiv.is_arxiv_link(url):
        return f"write [name]({url if '://' in url else f'https://{url}'})"
    try:
        return "" if "arxiv.org/pdf/" in url.lower() else f"write [@{arxiv.id_of_link(url)}]"
    except ValueError:
        return ""


def _braced(element: Element) -> Iterator[str]:
    """What stands in braces, as attributes do, and is text of the page."""
    if element.tag not in _NO_TEXT and "arithmatex" not in element.get("class", ""):
        for text in (element.text, *(child.tail for child in element)):
            yield from (match.group() for match in _BRACED.finditer(text or ""))
        for child in element:
            yield from _braced(child)


def _headings(document: Document, parsed: Parsed) -> Iterator[Finding]:
    """Headings that are written otherwise than with ## and a space."""
    source = document.body.split("\n")
    seen: set[int] = set()
    for heading in parsed.headings:
        line = source[heading.line - 1]
        text = lines.content(line)
        if heading.line in seen:  # what the program adds below has no lines
            continue
        seen.add(heading.line)
        offset = document.offset_of(heading.line) + len(line) - len(text)
        if match := re.match(r"#+(?=[^\s#])|#{7,}|#+[ \t]+#|#.*[^\s#\\]#+\s*\Z", text):
            fix = "write a space after it, or \\# where it begins no heading"
            if match.group().rstrip()[1:].strip("#") or len(match.group()) > 6:
                fix = "begin it with two to six # and a space; write \\# for a # to be shown"
            what = f"{quote(text.strip(), 24)} is not the way to write a heading"
            yield document.finding(offset, "raw-mark", what, fix)
        elif (
            not text.startswith("#")
            and heading.line < len(source)
            and _UNDERLINE.match(lines.content(source[heading.line]))
        ):
            shown = source[heading.line].strip()
            what = f"{quote(text.strip(), 24)} becomes a heading by the {quote(shown, 12)} below it"
            fix = "write ## before a heading, leave a blank line above a rule"
            yield document.finding(offset, "raw-mark", what, fix)


def _rules(document: Document, parsed: Parsed) -> Iterator[Finding]:
    """`---` directly below a paragraph of more lines than one: a rule where a heading may be meant."""
    shown = {line for leaf in parsed.leaves if leaf.tag in {"p", "li"} for line, _ in leaf.lines}
    underlined = {heading.line for heading in parsed.headings}
    source = document.prose.split("\n")
    for number, line in enumerate(source[1:], 2):
        taken = number not in shown and re.match(r"[ ]{0,3}-{3,}[ \t]*\Z", line)
        if taken and number - 1 in shown - underlined and source[number - 2].strip():
            what = "'---' stands directly below a text"
            fix = "write ## before a heading, leave a blank line above a rule"
            yield document.finding(document.offset_of(number), "raw-mark", what, fix)


def _notes(document: Document, locator: Locator) -> Iterator[Finding]:
    """Notes whose text is not indented, and so stands outside the box."""
    source = document.prose.split("\n")
    for number, line in enumerate(source):
        note = _NOTE.match(line)
        if note is None or locator.used(document.offset_of(number + 1) + note.end("indent")):
            continue
        if _UNTITLED.match(line):
            at = document.offset_of(number + 1) + note.end("indent")
            fix = 'write !!! note "译注"'
            yield document.finding(at, "raw-mark", "the note has no title of its own, and so an English one", fix)
        inside = len(note["indent"].expandtabs(4)) + 4
        below = number + 1
        while below < len(source) and source[below].strip() and _indent(source[below]) >= inside:
            below += 1
        if below == number + 1 or (below < len(source) and source[below].strip()):
            empty = below == number + 1
            while empty and below < len(source) and not source[below].strip():
                below += 1
            if empty and below < len(source) and _indent(source[below]) >= inside:
                continue
            if below == len(source) or re.match(r"[ \t]*(?:#|!!!)", source[below]):
                if empty:
                    at = document.offset_of(number + 1) + note.end("indent")
                    yield document.finding(
                        at, "raw-mark", "the note has no text", "write it below, indented by four spaces"
                    )
                continue
            what = f"{quote(source[below].strip(), 24)} stands outside the note above it"
            fix = INDENT if empty else f"{INDENT}, or leave a blank line before it"
            yield document.finding(document.offset_of(below + 1), "raw-mark", what, fix)


def _nesting(document: Document, parsed: Parsed) -> Iterator[Finding]:
    """Items and paragraphs that are meant to lie inside an item, and by their spaces do not."""
    source = document.body.split("\n")
    for parent in parsed.root.iter():
        items = [element for element in parent if element.tag == "li"] if parent.tag in {"ul", "ol"} else []
        first: int | None = None
        for item in items:
            line = int(item.get(LINE, "1"))
            indent, begin = _indent(source[line - 1]), _BEGIN.match(source[line - 1])
            is_own = begin is not None and (begin[1] in "-*+") == (parent.tag == "ul")
            if first is None and not is_own:  # the mark of the list that holds this one
                break
            first = indent if first is None else first
            if indent > first and begin:
                yield _shallow(document, line, indent - first)
                break
            if begin and not is_own:
                what = f"{quote(source[line - 1].strip(), 24)} goes on with the list above it, and loses its own mark"
                fix = "begin its items alike, or write a sentence between two lists"
                yield document.finding(document.offset_of(line), "raw-mark", what, fix)
                break
        yield from _outside(document, parent, source)


def _outside(document: Document, parent: Element, source: list[str]) -> Iterator[Finding]:
    """Paragraphs below a list whose spaces show that they belong to its last item."""
    before: Element | None = None
    for element in parent:
        if element.tag == "p" and before is not None and before.tag in {"ul", "ol"}:
            line = int(element.get(LINE, "1"))
            start = source[line - 1]
            above = int(before.get(LINE, "1"))
            if 0 < (spaces := _indent(start) - _indent(source[above - 1])) < 4 and "".join(element.itertext()).strip():
                yield _shallow(document, line, spaces)
        before = element


def _shallow(document: Document, line: int, spaces: int) -> Finding:
    start = document.offset_of(line)
    text = document.body[start:].partition("\n")[0]
    shown = text.lstrip(" \t>")
    what = f"{quote(shown, 24)} is indented by {spaces} space{'s' if spaces > 1 else ''}, and so lies in no item"
    return document.finding(start + len(text) - len(shown), "raw-mark", what, INDENT)


def _indent(line: str) -> int:
    """The width of what stands before the text of a line, quotes aside."""
    text = re.sub(r"^[ ]{0,3}(?:>[ ]?)+", "", line).expandtabs(4)
    return len(text) - len(text.lstrip(" "))
