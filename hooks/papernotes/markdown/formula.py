r"""Formulas: TeX to MathML at build time, by Temml in an embedded JavaScript engine. No script reaches the reader.

A formula on lines of its own has an address. One that the text speaks of has a label, `\label{eq:loss}`, and so a number;
`[@eq:loss]` and `[@eq:loss this loss]` lead to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from html import escape, unescape
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

import quickjs
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import render_inner_html, strip_tags, unique
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.markdown.dialect import CONFIGS
from papernotes.text.document import Document
from papernotes.text.locate import Locator
from papernotes.text.parsed import EQUATION, OPAQUE, Formula, Leaf, Parsed
from papernotes.text.sentences import fingerprint

RULES = (
    Rule("formula", "公式能排出来", "拼错的命令会让整条公式变成一串源码。", r"$\aplha + 1$", r"$\alpha + 1$"),
    Rule("formula-label", "正文说到的公式才编号，编了号的正文都说到", "有 \\label 的公式右边有编号，没有人引用的编号只是负担；引用不存在的公式，读者点了没有去处。", "[@eq:lsos]", "[@eq:loss]"),
)  # fmt: skip

TEMML: Final = Path(__file__).parent / "vendor" / "temml.min.js"
"""Temml 0.13.5, MIT. https://temml.org/"""
_COMMENT: Final = re.compile(r"(?<!\\)(?:\\\\)*%")
_REFERENCE: Final = re.compile(r"\\(?:eq)?ref\b|\\label\b|\\tag\b")
_LABEL: Final = re.compile(r"\s*\\label\{eq:(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)\}\s*")
_TO_LABEL: Final = re.compile(r"\[@eq:(?P<name>[^\[\]\s]*+)(?P<words>[^\[\]\n]*+)\]")
_BRACKETS: Final = re.compile(
    r"(?<!\\)(?:\\\((?=[^()\n]*[\\^_=])[^\n$]{1,200}?\\\)|\\\[(?=[^\[\]]*[\\^_=])[^$]{1,500}?\\\])"
)
"""TeX in the brackets of LaTeX, of which Markdown keeps the text alone."""
_PAIR: Final = re.compile(r"\$(?P<inner>[^$]*)\$")
_TEX: Final = re.compile(r"[\\_^={}]|\A\s*[A-Za-z]\s*\Z")
"""What stands between two dollar signs and is no text between two prices."""
_COLOUR: Final = re.compile(r"<[^>]*(?:color:|mathbackground=|mathcolor=)")
_LENGTH: Final = re.compile(r"(?<=[\":\s])(-?[0-9.]+)(?:em|ex|pt|px)\b")
MOST_AHEAD: Final = 20
MOST_BACK: Final = 3
"""How far a formula may move its parts, in em: what goes farther lies on the text around it."""
MAX_LENGTH: Final = 5000
"""Characters of one formula; a longer one is refused."""
_SECONDS: Final = 2
_MEMORY: Final = 128_000_000


MOST: Final = 100
"""So many findings of one page are told; more are one mistake made again and again."""


_NUMBERED: Final = re.compile(r"\\begin\{(align|alignat|equation|gather|multline)\}")
_NO_MATH: Final = re.compile("<(?!/|m[a-z]|semantics)")


class FormulaError(ValueError):
    """A formula that cannot be set; the message says why, `position` where in the TeX, from 0 (None: not known)."""

    def __init__(self, message: str, position: int | None) -> None:
        super().__init__(message)
        self.position = position


@cache
def _engine() -> Any:
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.eval(TEMML.read_text(encoding="utf-8"))
    context.eval(
        """
        function render(tex, display) {
          try {
            const html = temml.renderToString(tex, {
              displayMode: display, annotate: true, throwOnError: true, trust: false, strict: false,
              maxExpand: 1000, maxSize: [20, 20], wrap: "none",
            });
            return JSON.stringify({html: html});
          } catch (error) {
            return JSON.stringify({error: String(error.message || error), at: error.position === undefined ? null : error.position});
          }
        }
        """
    )
    return context


@lru_cache(maxsize=20_000)
def render(tex: str, display: bool) -> str:
    """Set one formula.

    Shape: a `<math>` element with the TeX as its annotation.
    Raises: FormulaError where the TeX is wrong, too long, or takes too long.
    Source: https://temml.org/docs/en/administration
    """
    if len(tex) > MAX_LENGTH:
        raise FormulaError(f"the formula has {len(tex)} characters, more than {MAX_LENGTH}", None)
    context = _engine()
    context.set_time_limit(_SECONDS)
    try:
        answer = json.loads(context.get("render")(tex, display))
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        _engine.cache_clear()  # the state of an engine that was stopped is not to be trusted
        raise FormulaError(f"the formula could not be set ({str(error).splitlines()[0]})", None) from None
    if "error" in answer:
        message = str(answer["error"]).removeprefix("ParseError: ").partition(" at position ")[0]
        if message.startswith("cannot read property"):  # of the engine, where two marks follow one another
            message = "a part is missing, or a mark such as _ or ^ is repeated"
        raise FormulaError(message.partition(" at end of input")[0].strip(), answer["at"])
    html = str(answer["html"])
    shown = html.partition("<annotation")[0]
    if _COLOUR.search(shown):
        raise FormulaError(
            "a colour or a filled box is not for a formula: in light or in dark it may not be seen", None
        )
    if _NO_MATH.search(shown):  # as the numbers of `align`: what is no MathML is not published
        raise FormulaError("a part of it is no formula", None)
    for length in _LENGTH.finditer(shown):
        if not -MOST_BACK <= float(length[1]) <= MOST_AHEAD:
            raise FormulaError(f"a part is moved by {length.group()}; at most {MOST_AHEAD}em, back {MOST_BACK}em", None)
    return html


def label_of(tex: str) -> str | None:
    """What a formula is called by its label; None: it has none."""
    match = _LABEL.search(tex)
    return match["name"] if match else None


def tex_of(element: Element) -> tuple[str, bool]:
    """The TeX of what Arithmatex has marked, and whether it stands on lines of its own."""
    text = (element.text or "").strip()
    display = text.startswith("\\[")
    return (unescape(text) if display else text)[2:-2].strip(), display  # it escapes the one and not the other


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Formulas that cannot be set, that lose a part of their text, or that Markdown did not take, each at its place."""
    parsed = site.parsed(document.uri)
    yield from islice(_check(document, parsed), MOST)
    yield from islice(_labels(document, parsed), MOST)


def _labels(document: Document, parsed: Parsed) -> Iterator[Finding]:
    """Labels that are repeated or that nothing refers to, and references to labels that are not there."""
    references = list(_TO_LABEL.finditer(document.prose))
    wanted = {match["name"] for match in references}
    known: dict[str, Formula] = {}
    locator = Locator(document)
    for formula in parsed.formulas:
        name = formula.label
        if name is None or not formula.display:
            continue
        at = locator.find(formula.line, f"\\label{{eq:{name}}}")
        if name in known:
            yield document.finding(at, "formula-label", f"the label {quote(name)} is repeated", "give it another name")
        elif name not in wanted:
            fix = f"write [@eq:{name}] where the text speaks of the formula, or remove the label"
            yield document.finding(at, "formula-label", f"nothing refers to the formula {quote(name)}", fix)
        known.setdefault(name, formula)
    for match in references:
        if match["name"] not in known:
            near = get_close_matches(match["name"], known, n=1)
            fix = (
                f"did you mean {near[0]}?" if near else f"write \\label{{eq:{match['name'] or 'name'}}} in the formula"
            )
            what = f"the page has no formula {quote(match['name'])}"
            yield document.finding(match.start(), "formula-label", what, fix)


_SHOWN: Final = re.compile("<m(?!ath|row|style)")
"""What a formula has that is seen, or takes room."""


def parted(leaves: Sequence[Leaf]) -> frozenset[int]:
    """Which leaves are parts of a formula that a blank line splits: from a `$$` alone in its paragraph to the next."""
    alone = [place for place, leaf in enumerate(leaves) if _is_alone(leaf)]
    return frozenset(part for a, b in zip(alone[::2], alone[1::2], strict=False) for part in range(a, b + 1))


def _is_alone(leaf: Leaf) -> bool:
    """Whether a paragraph has a `$$` whose partner stands in another."""
    return [text.strip() for _, text in leaf.lines if "$" in text] == ["$$"]


def _check(document: Document, parsed: Parsed) -> Iterator[Finding]:
    locator = Locator(document)
    for formula in parsed.formulas:
        if problem := _problem(formula):
            place, what, fix = problem
            start = _find(document, formula, locator)
            shown = quote(" ".join(formula.tex.split()), 40).replace(r"\\", "\\")  # TeX as it is written
            at = start + _written(document, start, formula.tex, place)
            yield document.finding(at, "formula", f"{shown}: {what}", fix)
    cut = {row.line for table in parsed.tables for row in table.rows if row.written != len(row.cells)}
    is_open = False
    for leaf in parsed.leaves:
        if _is_alone(leaf):
            is_open = not is_open
            if is_open:
                at = locator.find(next(line for line, text in leaf.lines if "$" in text), "$$")
                what, fix = (
                    "the formula that begins with $$ does not end in its paragraph",
                    "end it with $$, no blank line inside",
                )
                yield document.finding(at, "formula", what, fix)
        elif leaf.lines[0][0] not in cut:  # a pipe cut the formula; `tables` reports the row
            yield from _untaken(document, leaf, locator)
    for match in _BRACKETS.finditer(document.prose):
        what = f"{quote(match.group(), 24)} is shown without its backslashes, as text".replace(r"\\", "\\")
        yield document.finding(match.start(), "formula", what, "write $…$, or $$ on lines of their own")


def _problem(formula: Formula) -> tuple[int, str, str] | None:
    """What is wrong with a formula: where in its TeX, what, and what to do."""
    tex = formula.tex
    if lost := _COMMENT.search(tex):
        return lost.end() - 1, "TeX drops the % and what follows it", "write \\%"
    if "$$" in tex:
        return tex.index("$$"), "two formulas follow one another", "leave a blank line between them"
    if formula.display:  # as long as it was: places are counted in it
        tex = _LABEL.sub(lambda match: " " * len(match.group()), tex, count=1)
    if reference := _REFERENCE.search(tex):
        fix = "label a formula on lines of its own by \\label{eq:name}, once, and refer to it by [@eq:name]"
        return reference.start(), f"{reference.group()} is not for a page", fix
    if numbered := _NUMBERED.search(tex):
        name = numbered[1]
        fix = f"write {name}*; a formula that the text speaks of has its number by \\label{{eq:name}}"
        return numbered.start(), f"{name} numbers its lines", fix
    try:
        math = render(tex, formula.display)
    except FormulaError as error:
        fix = (
            "put its lines between \\begin{aligned} and \\end{aligned}"
            if "got '&'" in str(error)
            else "correct the TeX"
        )
        return min(error.position or 0, max(len(tex) - 1, 0)), str(error), fix
    if not _SHOWN.search(math):
        return 0, "the formula shows nothing", "write what it shall show, or remove it"
    return None


def _untaken(document: Document, leaf: Leaf, locator: Locator) -> Iterator[Finding]:
    """Dollar signs that the page shows."""
    open_ = False
    whole = "\n".join(text for _, text in leaf.lines)
    pairs = [] if "$$" in whole else [pair for pair in _PAIR.finditer(whole) if _TEX.search(pair["inner"])]
    for pair in pairs:
        line, text = leaf.lines[whole.count("\n", 0, pair.start())]
        column = pair.start() - (whole.rfind("\n", 0, pair.start()) + 1)
        shown = quote(f"${' '.join(pair['inner'].split())}$", 40).replace(r"\\", "\\")
        what, fix = "a space stands within the dollar signs of a formula", f"write {shown}"
        if OPAQUE in pair["inner"]:
            what, fix = "a formula stands within a formula", "write what is within \\text{…} without dollar signs"
        yield document.finding(locator.find(line, "$", text[:column], text[column + 1 :]), "formula", what, fix)
    if pairs:
        return
    for number, (line, text) in enumerate(leaf.lines):
        for match in re.finditer(r"\$+", text):
            at = locator.find(line, match.group(), text[: match.start()], text[match.end() :])
            before, after = text[: match.start()].strip(), text[match.end() :].strip()
            doubled = (
                len(match.group()) > 1 or after.startswith(f"{OPAQUE}$") or (open_ and before.endswith(f"${OPAQUE}"))
            )
            if not doubled:
                fix = "close the formula with a second one in its paragraph, or write \\$ or 美元"
                yield document.finding(at, "formula", "a dollar sign without its partner", fix)
                continue
            if not open_:
                fix = (
                    "leave a blank line before it"
                    if number and not before
                    else "leave a blank line before and after it"
                )
                fix += "" if number and not before else ", or write $…$"
                yield document.finding(at, "formula", "the formula that begins with $$ is shown as text", fix)
            open_ = not open_


def _find(document: Document, formula: Formula, locator: Locator) -> int:
    """Where the TeX of a formula begins in the body: in its line, or below."""
    start = document.offset_of(formula.line)
    lines = [re.escape(line.strip()) for line in formula.tex.split("\n")]
    written = re.compile(r"(?<=\$)\s*(?P<tex>" + r"[ \t>]*\n[ \t>]*".join(lines) + r")\s*\$")
    for source in (document.prose, document.body):  # what has backticks in it stands in the body alone
        for match in written.finditer(source, start):
            if locator.take(match.start("tex")):
                return match.start("tex")
    return start


def _written(document: Document, start: int, tex: str, place: int) -> int:
    """How far behind the start of a formula a place of its TeX stands; its further lines may be indented more than they were read."""
    row = tex.count("\n", 0, place)
    column = place - (tex.rfind("\n", 0, place) + 1)
    if not row:
        return column
    at = start
    for _ in range(row):
        at = document.body.find("\n", at) + 1
    text = tex.split("\n")[row]
    written = document.body[at:].partition("\n")[0]
    return at + max(written.find(text.strip()), 0) + column - (len(text) - len(text.lstrip())) - start


class _Formulas(Treeprocessor):
    """Replaces what Arithmatex found by MathML, and numbers what has a label."""

    def run(self, root: Element) -> None:
        self._numbers: dict[str, int] = {}
        self._used = {element.get("id", "") for element in root.iter()}
        elements = list(root.iter())
        for element in elements:
            if element.get("class") == "arithmatex":
                self._set(element)
        for element in elements:
            if EQUATION in element.attrib and (number := self._numbers.get(element.attrib.pop(EQUATION))):
                element.text = element.text or f"式 {number}"

    def _set(self, element: Element) -> None:
        tex, display = tex_of(element)
        label = label_of(tex) if display else None
        tex = _LABEL.sub("", tex, count=1) if label else tex
        try:
            math = render(tex, display)
        except FormulaError:  # the checker reports it with its place; a build that skips the checker shows the source
            math = f"<code>{escape(tex)}</code>"
        if not display:
            element.set("class", "pn-formula")
            element.text = self.md.htmlStash.store(math)
            return
        address = f"eq-{label}" if label else unique(f"f-{fingerprint(tex)[:4]}", self._used)
        element.text = None
        element.attrib.update({"class": "pn-equation", "id": address})
        attributes = {"class": "pn-formula pn-formula--display", "tabindex": "0", "role": "group"}
        box = SubElement(element, "div", attributes)
        box.text = self.md.htmlStash.store(math)
        link = SubElement(element, "a", {"href": f"#{address}"})
        if label:
            number = self._numbers.setdefault(label, len(self._numbers) + 1)
            box.set("aria-label", f"式 {number}")
            link.set("class", "pn-equation__number")
            link.text = f"({number})"
        else:
            link.attrib.update({"class": "pn-equation__link", "aria-label": "这条公式的链接"})


_MATH: Final = re.compile(r"<math.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", re.DOTALL)


class _Headings(Treeprocessor):
    """Names headings by the TeX of their formulas; by MathML each would stand in the name twice."""

    def run(self, root: Element) -> None:
        used = {element.get("id", "") for element in root.iter()}
        for heading in root.iter():
            if re.fullmatch("h[1-6]", heading.tag) and any("pn-formula" in e.get("class", "") for e in heading.iter()):
                name = strip_tags(_MATH.sub(r"\1", render_inner_html(heading, self.md)))
                heading.set("data-toc-label", name)
                if "id" not in heading.attrib:
                    slug = CONFIGS["toc"]["slugify"]
                    heading.set("id", unique(slug(unescape(name), "-"), used))


class _ReferenceProcessor(InlineProcessor):
    """`[@eq:loss]` becomes a link to the formula, whose number `_Formulas` fills in."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        link = Element("a", {"class": "pn-equation__reference", "href": f"#eq-{m['name']}", EQUATION: m["name"]})
        link.text = AtomicString(m["words"].strip())
        return link, m.start(0), m.end(0)


class FormulaExtension(Extension):
    """Sets the formulas that `pymdownx.arithmatex` has marked, and the references to them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After inline patterns (20), before the steps that read text (15); after attribute lists (8), before contents (5)."""
        md.inlinePatterns.register(_ReferenceProcessor(_TO_LABEL.pattern, md), "pn-equation", 185)
        md.treeprocessors.register(_Formulas(md), "pn-formula", 18)
        md.treeprocessors.register(_Headings(md), "pn-formula-headings", 6)
