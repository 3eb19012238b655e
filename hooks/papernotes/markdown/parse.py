"""A page's Markdown -> Parsed. The one place where a page is read: checker, build, preview and search see what this made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.treeprocessors import InlineProcessor, Treeprocessor
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE, AtomicString

from papernotes.figures.render import FigureExtension
from papernotes.markdown import lines, raw_html
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.formula import FormulaExtension, label_of, tex_of
from papernotes.markdown.pairs import PairsExtension
from papernotes.markdown.references import AddressesExtension, ReferencesExtension
from papernotes.markdown.source_marks import SourcesExtension
from papernotes.markdown.term_links import TermEscapeExtension
from papernotes.markdown.typography import TypographyExtension
from papernotes.text import bounds, pairs
from papernotes.text.document import Document
from papernotes.text.parsed import (
    FIGURE,
    LINE,
    NUMBER,
    OPAQUE,
    PAPER,
    Attributes,
    Formula,
    Heading,
    Leaf,
    Link,
    Parsed,
    Problem,
    Reference,
    Row,
    Table,
)

_HEADING: Final = re.compile(r"h[1-6]")
_BLOCKS: Final = frozenset({
    "p", "li", "td", "th", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "div", "ul", "ol", "dl", "table", "thead",
    "tbody", "tr", "blockquote", "figure", "pre",
})  # fmt: skip
_OPAQUE: Final = frozenset({"code", "pre", "math", "kbd"})
_STASHED: Final = re.compile("\u0002[^\u0003]*\u0003")
_COMMENT: Final = re.compile(r"<!--.*?-->")


class Reader:
    """One Markdown instance with the extensions of a dialect; it reads page after page."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._attributes: list[Attributes] = []
        self._prepare()

    def _prepare(self) -> None:
        """Make the instance; anew too after an error, which leaves it in the middle of a page."""
        dialect = self.dialect
        self._facts = _FactsExtension()
        extensions: list[str | Extension] = [
            *dialect.extensions,
            SourcesExtension(),
            ReferencesExtension(),
            AddressesExtension(),
            FigureExtension(),
            PairsExtension(),
            TermEscapeExtension(),
            FormulaExtension(),
            TypographyExtension(),
            self._facts,
            raw_html.RawHtmlExtension(),
        ]
        self.md = Markdown(extensions=extensions, extension_configs=dict(dialect.configs))
        self.md.treeprocessors.register(_Inline(self.md), "inline", 20)
        step = self.md.treeprocessors["attr_list"]
        assign = step.assign_attrs  # type: ignore[attr-defined]

        def noting(element: Element, written: str, *, strict: bool = False) -> Any:
            pairs, _ = get_attrs_and_remainder(written)
            if pairs:
                self._attributes.append(
                    Attributes(element.tag, tuple((name, value) for name, value in pairs), _line(element))
                )
            if any(name.startswith("data-pn-") for name, _ in pairs):
                return ""  # a finding; set, it would be taken for what our own steps have noted
            return assign(element, written, strict=strict)

        step.assign_attrs = noting  # type: ignore[attr-defined]

    def parse(self, document: Document, more: str = "") -> Parsed:
        """Read one page.

        `more`: Markdown that the program adds below, such as the entries of the glossary; it has no lines.
        Shape: see `Parsed`. Never raises for what a page holds: one that cannot be read has a `failure`.
        """
        problem = bounds.exceeded(document)
        if problem is not None:
            return _unread(document, problem)
        translations = pairs.scan(document)
        body = pairs.without_originals(document.body, translations)
        try:
            root = self._tree(lines.mark(body, document.prose) + more)
        except Exception as error:
            self._prepare()
            what = f"Markdown cannot read the page ({type(error).__name__})"
            fix = "write its lists, quotes, tables and formulas more plainly"
            return _unread(document, Problem(self._fails_at(document), "unsafe-nesting", what, fix))
        facts = self._facts.step
        return Parsed(
            document=document,
            root=root,
            stash=tuple(self.md.htmlStash.rawHtmlBlocks),
            raw=tuple(
                (facts.stash_lines.get(number, 1), piece)
                for number, piece in raw_html.author(self.md)
                if not more or piece.strip() in document.body
            ),
            toc=tuple(getattr(self.md, "toc_tokens", ())),
            headings=tuple(_headings(root, self.md)),
            ids=frozenset(_ids(root, self.md.htmlStash.rawHtmlBlocks)),
            links=tuple(_links(root)),
            references=tuple(
                Reference(element.get(PAPER, ""), _line(element)) for element in root.iter("a") if element.get(PAPER)
            ),
            formulas=facts.formulas,
            tables=tuple(self._tables(root, document)),
            leaves=facts.leaves,
            attributes=tuple(self._attributes),
            figures=sum(NUMBER in element.attrib for element in root.iter("figure")),
            pairs=translations,
        )

    def _tables(self, root: Element, document: Document) -> Iterator[Table]:
        """The tables, with the cells of each source line counted as Python-Markdown counts them before it pads and cuts."""
        splitter = cast(Any, self.md.parser.blockprocessors["table"])
        source = document.body.split("\n")

        def text(line: int) -> str:
            return lines.content(_COMMENT.sub("", source[line - 1])).strip(" \t") if line <= len(source) else ""

        for table in root.iter("table"):
            if table.find("thead/tr") is None:
                continue
            begin, rows = _line(table), []
            header = text(begin)
            for number, row in enumerate(table.iter("tr")):
                cells = tuple("".join(_text(cell)).strip() for cell in row)
                line = (
                    begin + number + (number > 0)
                )  # the rows of a table have no line between them, but for that of dashes
                splitter.border = header.startswith("|") or header.endswith("|")
                rows.append(Row(cells, line, len(splitter._split_row(text(line))) if text(line) else len(cells)))
            yield Table(rows[0], tuple(rows[1:]))

    def _fails_at(self, document: Document) -> int:
        """The line of the paragraph with which a page can be read no more, found by halves."""
        body = document.body
        ends = [match.start() for match in re.finditer(r"\n[ \t]*\n|\Z", body)]
        good, bad = 0, len(ends) - 1
        while good < bad:
            middle = (good + bad) // 2
            try:
                self._tree(body[: ends[middle]])
                good = middle + 1
            except Exception:
                self._prepare()
                bad = middle
        start = ends[bad - 1] if bad else 0
        return body.count("\n", 0, len(body) - len(body[start:].lstrip())) + 1

    def _tree(self, source: str) -> Element:
        """The first half of `Markdown.convert`: what comes after it, `link` does."""
        md = self.md
        md.reset()
        raw_html.author(md).clear()
        self._attributes.clear()
        text = source.split("\n") if source.strip() else []
        for preprocessor in md.preprocessors:
            text = preprocessor.run(text)
        root = cast(Element, md.parser.parseDocument(text).getroot())
        for treeprocessor in md.treeprocessors:
            new = treeprocessor.run(root)
            root = root if new is None else new
        return root


def _unread(document: Document, failure: Problem) -> Parsed:
    return Parsed(document, Element("div"), (), (), (), (), frozenset(), (), (), (), (), (), (), 0, failure=failure)


def _line(element: Element) -> int:
    return int(element.get(LINE, "1"))


class _Inline(InlineProcessor):
    """Markdown's own step over the inline patterns; it takes none for a pattern that is not there."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._patterns = list(md.inlinePatterns)  # all are registered; the registry sorts and asks at each access

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        at, start = patternIndex, 0
        while at < len(self._patterns) and not isinstance(data, AtomicString):
            matched = False
            if self._patterns[at].getCompiledRegExp().search(data, start):
                apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
                data, matched, start = apply(self._patterns[at], data, at, start)
            if not matched:
                at, start = at + 1, 0
        return data


class _FactsExtension(Extension):
    """Registers the step that sees the tree with its marks, and takes them out."""

    def __init__(self) -> None:
        super().__init__()
        self.step = _Facts()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After inline patterns (20), before lines are joined (19) and formulas are set (18)."""
        self.step = _Facts(md)
        md.treeprocessors.register(self.step, "pn-facts", 19.5)


class _Facts(Treeprocessor):
    leaves: tuple[Leaf, ...] = ()
    formulas: tuple[Formula, ...] = ()

    def run(self, root: Element) -> None:
        self.stash_lines: dict[int, int] = {}
        self.leaves = tuple(_leaves(root, self.stash_lines))
        lines.take(root, self.md.htmlStash.rawHtmlBlocks)
        self.formulas = tuple(_formulas(root))


def _formulas(root: Element) -> Iterator[Formula]:
    for element in root.iter():
        if element.get("class") == "arithmatex":
            tex, display = tex_of(element)
            yield Formula(tex, display, _line(element), label_of(tex))


def _leaves(root: Element, stash_lines: dict[int, int]) -> Iterator[Leaf]:
    """Every run of text with its lines, in reading order; on the way, the line of each piece of the stash."""
    now = 1
    for owner, text in _runs(root):
        rows = [_row(row) for row in text.split("\n")]
        first = next(((place, row[0][0]) for place, row in enumerate(rows) if row[0][0] is not None), None)
        if first is not None:  # lines of their own kind, such as `$$`, have no mark: count back to them
            now = first[1] - first[0]
        found: list[tuple[int, str]] = []
        for place, row in enumerate(rows):
            now += place > 0
            for line, part in row:
                now = line or now
                for stashed in HTML_PLACEHOLDER_RE.finditer(part):
                    stash_lines[int(stashed[1])] = now
                part = _STASHED.sub(OPAQUE, part)
                if part.strip():
                    found.append((now, part))
        if found:
            yield Leaf(owner, tuple(found))


def _row(text: str) -> list[tuple[int | None, str]]:
    """The parts of one row of shown text, each with the line its mark tells; what stands before a mark at its head joins it."""
    parts = list(lines.split(text))
    if len(parts) > 1 and parts[0][0] is None and lines.is_prefix(parts[0][1]):
        parts[:2] = [(parts[1][0], parts[0][1] + parts[1][1])]
    return parts


def _runs(root: Element) -> list[tuple[str, str]]:
    """The stretches of text between the edges of blocks, marks in them, each with the tag of the block it stands in."""
    runs: list[tuple[str, str]] = []
    pieces: list[str] = []

    def flush(owner: str) -> None:
        text = "".join(pieces)
        if text.strip():
            runs.append((owner, text))
        pieces.clear()

    def visit(element: Element, owner: str) -> None:
        block = element.tag in _BLOCKS
        if block:
            flush(owner)
            owner = element.tag
        if element.tag in _OPAQUE or element.get("class") == "arithmatex":
            pieces.append(OPAQUE + "".join(lines.MARK.findall("".join(element.itertext()))))
        else:
            pieces.append(element.text or "")
            for child in element:
                visit(child, owner)
                pieces.append(child.tail or "")
        if block:
            flush(owner)

    visit(root, root.tag)
    flush(root.tag)
    return runs


def _headings(root: Element, md: Markdown) -> Iterator[Heading]:
    names = {token["id"]: token["name"] for token in _flat(getattr(md, "toc_tokens", ()))}
    for element in root.iter():
        if isinstance(element.tag, str) and _HEADING.fullmatch(element.tag):
            id_ = element.get("id", "")
            text = names.get(id_) or "".join(_text(element)).strip()
            yield Heading(int(element.tag[1]), id_, text, _line(element))


def _flat(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _text(element: Element) -> Iterator[str]:
    """The text of an element as it is shown."""
    yield element.text or ""
    for child in element:
        yield from _text(child)
        yield child.tail or ""


_RAW_ID: Final = re.compile(r"""\sid\s*=\s*["']?([^\s"'>]+)""")


def _ids(root: Element, stash: list[str | Element]) -> Iterator[str]:
    for element in root.iter():
        if (id_ := element.get("id")) is not None:
            yield id_
    for piece in stash:
        if isinstance(piece, str):
            yield from _RAW_ID.findall(piece)


def _links(root: Element) -> Iterator[Link]:
    for element in root.iter():
        if element.tag == "a" and PAPER not in element.attrib and FIGURE not in element.attrib:
            classes = element.get("class", "")
            own = classes.startswith(("pn-heading", "footnote", "pn-figure__", "pn-equation__"))
            if not own and element.get("href") is not None:
                # The letters of `<a@b.org>` are character references, with a stand-in for their `&`.
                href = element.get("href", "")
                target = unescape(href.replace(AMP_SUBSTITUTE, "&")) if AMP_SUBSTITUTE in href else href
                shown = "".join((*_text(element), *(image.get("alt", "") for image in element.iter("img"))))
                yield Link("link", target, shown, _line(element))
        elif element.tag == "img":
            yield Link("image", element.get("src", ""), element.get("alt", ""), _line(element))
