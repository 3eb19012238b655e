"""A paper's places and numbers read from HTML that LaTeXML made: arXiv's pages of all generations, or LaTeXML's own output.

Structure, as seen: `section.ltx_section` with a number in `.ltx_tag` of its title; `figure.ltx_table` and `ltx_figure` with
`figcaption`, parts nested in them; `.ltx_tag_equation`; `.ltx_note`; formulas with TeX in `alttext`. arXiv puts a frame around
`article.ltx_document` and names the version in `#watermark-tr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from papernotes.refresh.reading import tex
from papernotes.refresh.reading.numerals import BREAK, clean, scripted
from papernotes.refresh.reading.outline import (
    Draft,
    Found,
    Outline,
    UnreadableError,
    captioned,
    cells_of,
    gaps,
    named,
    row,
)

MAX_TAGS: Final = 1_500_000
"""A page of more is not parsed."""
MAX_DEPTH: Final = 250
"""Elements inside one another."""
MAX_OPEN: Final = 5_000
"""Tags that are open at once, before the parser closes any by itself; it takes quadratic time over more."""
_TOO_DEEP: Final = f"its elements nest more than {MAX_DEPTH} deep, as in no paper; give the paper itself"

_SILENT: Final = frozenset({
    "ltx_cite", "ltx_ref", "ltx_note_mark", "ltx_tag", "ltx_bibliography", "ltx_authors", "ltx_dates", "ltx_ERROR", "ltx_pagination",
    "ltx_role_author", "ltx_page_footer", "ltx_TOC", "ltx_rule",
})  # fmt: skip
_NOT_READ: Final = frozenset(
    {"script", "style", "nav", "button", "svg", "img", "template", "noscript", "annotation", "dialog", "head"}
)
_VOID: Final = re.compile(
    "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|path|line|rect|circle|mspace|p|li", re.IGNORECASE
)
_SECTIONS: Final = frozenset(
    f"ltx_{kind}"
    for kind in (
        "part", "chapter", "section", "subsection", "subsubsection", "appendix", "paragraph", "subparagraph",
    )
)  # fmt: skip
_INLINE: Final = frozenset(
    {"span", "em", "strong", "b", "i", "a", "sup", "sub", "small", "u", "code", "q", "cite", "abbr", "mark"}
)
_WATERMARK: Final = re.compile(
    r"arXiv:\s?(?P<id>[0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})v(?P<version>[0-9]{1,3})\b", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"(?:arxiv\.org|\bhref=[\"'])/html/(?P<id>[0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})v(?P<version>[0-9]{1,3})\b"
)

Sinks = tuple[Draft, ...]
"""The places that a stretch of text belongs to, the innermost first."""


def read(data: bytes) -> Found:
    """Read a page. Raises: UnreadableError."""
    source = data.decode("utf-8", "replace")
    if source.count("<") > MAX_TAGS:
        raise UnreadableError(f"it has more than {MAX_TAGS} tags, as no paper has; give the paper itself")
    if _depth(source) > MAX_OPEN:
        raise UnreadableError(_TOO_DEEP)
    try:
        tree = LexborHTMLParser(source)
    except SelectolaxError:  # it takes any page, but for want of memory
        raise MemoryError from None
    article = next(
        (
            node
            for node in tree.css(".ltx_document")
            if node.tag in ("article", "div") and "package-alerts" not in _classes(node)
        ),
        None,
    )
    if article is None:
        raise UnreadableError(
            "it holds no paper as LaTeXML writes one (article.ltx_document); save arXiv's HTML page, or give the PDF"
        )
    if not re.search(r"</html\s*>\s*\Z", source[-2_000:]) or (article.tag == "article" and "</article" not in source):
        raise UnreadableError("it is cut: its end is missing; fetch it again")
    _check_depth(article)
    mark = tree.css_first("#watermark-tr")
    framed = (_WATERMARK.search(mark.text()[:200]) if mark else None) or _ADDRESS.search(source[:20_000])
    id_, version = named(framed)
    reader = _Reader()
    reader.children(article, ())
    entries = reader.outline.entries()
    if not any(entry.name[0] in "§附" for entry in entries):
        raise UnreadableError(
            "it has no numbered section, so marks could name nothing in it; give the PDF, or another version"
        )
    title = article.css_first(".ltx_title_document")
    return Found(
        copy="arxiv-html" if id_ else "latex",
        entries=entries,
        head=clean(_Reader().plain(title)) if title else "",
        arxiv=id_,
        version=version,
        gaps=tuple(gaps(entries)),
    )


def _depth(source: str) -> int:
    """How many tags are open at once at most, as far as can be told without parsing."""
    most = depth = 0
    for match in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", source):
        if not _VOID.fullmatch(match[2]):
            depth = max(0, depth - 1) if match[1] else depth + 1
            most = max(most, depth)
    return most


def _check_depth(root: LexborNode) -> None:
    depth, node = 0, root
    while True:
        if node.first_child is not None:
            node, depth = node.first_child, depth + 1
            if depth > MAX_DEPTH:
                raise UnreadableError(_TOO_DEEP)
            continue
        while node.next is None:
            if depth == 0 or node.parent is None:
                return
            node, depth = node.parent, depth - 1
        if depth == 0:
            return
        node = node.next


def _classes(node: LexborNode) -> frozenset[str]:
    return frozenset((node.attributes.get("class") or "").split())


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


class _Reader:
    """Goes through a page once, in order; the stack of sections is that of the elements."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.section: str | None = None
        """The innermost numbered section."""

    def plain(self, node: LexborNode) -> str:
        """The text of an element, formulas as text."""
        draft = Draft("")
        self.children(node, (draft,))
        return "".join(draft.text)

    def children(self, node: LexborNode, sinks: Sinks) -> None:
        """Read what an element holds."""
        for child in _children(node):
            if child.is_text_node:
                self._write(child.text_content or "", sinks)
            elif child.is_element_node:
                self._element(child, sinks)

    @staticmethod
    def _write(text: str, sinks: Sinks) -> None:
        for sink in sinks:
            sink.write(text)

    def _element(self, node: LexborNode, sinks: Sinks) -> None:
        tag, classes = str(node.tag), _classes(node)
        if tag in _NOT_READ or classes & _SILENT:
            for sink in sinks if "ltx_ERROR" in classes else ():
                sink.partial = True
        elif tag == "math":
            self._write(_formula(node), sinks)
        elif tag in ("sup", "sub"):
            before = "".join(sinks[0].text[-4:]) if sinks else ""
            self._write(scripted(before, clean(self.plain(node)), raised=tag == "sup"), sinks)
        elif "ltx_abstract" in classes:
            self._inside("摘要", node, ())
        elif "ltx_acknowledgements" in classes:
            self._inside("致谢", node, ())
        elif classes & _SECTIONS:
            self._section(node, classes, sinks)
        elif tag == "figure" or "ltx_float" in classes or classes & {"ltx_table", "ltx_figure"}:
            self._float(node, sinks, None)
        elif "ltx_note" in classes:
            self._note(node, classes, sinks)
        elif "ltx_theorem" in classes:
            self._theorem(node, sinks)
        elif tag in ("table", "tbody") and (number := _equation_number(node)):
            self._inside(f"式 {number}", node, sinks)
        elif "ltx_tabular" in classes:
            self._tabular(node, sinks)
        else:
            edge = "" if tag in _INLINE else " " if tag == "br" else BREAK
            self._write(edge, sinks)
            self.children(node, sinks)
            self._write(edge, sinks)

    def _inside(self, name: str, node: LexborNode, sinks: Sinks) -> Draft:
        """Read an element as a place, and for the places around it."""
        draft = self.outline.place(name, anchor=node.attributes.get("id"), section=self.section)
        self._write(BREAK, (draft, *sinks))
        self.children(node, (draft, *sinks))
        self._write(BREAK, (draft, *sinks))
        return draft

    def _section(self, node: LexborNode, classes: frozenset[str], sinks: Sinks) -> None:
        heading = next((child for child in _children(node) if "ltx_title" in _classes(child)), None)
        tag = heading.css_first(".ltx_tag") if heading else None
        title = clean(self.plain(heading)).casefold() if heading else ""
        name = self.outline.section(_visible(tag), appendix="ltx_appendix" in classes) if tag else None
        if name is None and not tag:
            name = "摘要" if title == "abstract" else "致谢" if title.startswith("acknowledg") else None
        if name is None and classes & {"ltx_paragraph", "ltx_subparagraph", "ltx_subsubsection", "ltx_subsection"}:
            self._write(BREAK, sinks)
            self.children(node, sinks)  # unnumbered: a part of the section around it
            return
        outer = self.section
        if name is None:
            self.section = None
            self.children(node, ())  # marks cannot name it
        else:
            self.section = name if name[0] in "§附" else outer
            self._inside(name, node, ())
        self.section = outer

    def _float(self, node: LexborNode, sinks: Sinks, whole: str | None) -> None:
        caption = _own_caption(node)
        tag = caption.css_first(".ltx_tag") if caption else None
        name = captioned(_visible(tag), whole) if tag else None
        if name is None:
            for child in _children(node):  # a box around others, or a float without number
                if child.is_element_node and _is_float(child):
                    self._float(child, sinks, whole)
                elif child.is_element_node:
                    self._element(child, sinks)
            return
        draft = self.outline.place(name, anchor=node.attributes.get("id"), section=self.section)
        self._parts(node, (draft, *(sinks if whole else ())), name)
        tabular = node.css_first(".ltx_tabular, .ltx_listing, pre")
        draft.unseen = name[0] in "图表" and tabular is None

    def _parts(self, node: LexborNode, sinks: Sinks, whole: str) -> None:
        for child in _children(node):
            if child.is_text_node:
                self._write(child.text_content or "", sinks)
            elif child.is_element_node and _is_float(child):
                self._float(child, sinks, whole)
            elif (
                child.is_element_node
                and child.css_first("figure, .ltx_float")
                and not _classes(child) & {"ltx_tabular"}
            ):
                self._write(BREAK, sinks)
                self._parts(child, sinks, whole)
            elif child.is_element_node:
                self._element(child, sinks)

    def _note(self, node: LexborNode, classes: frozenset[str], sinks: Sinks) -> None:
        content = node.css_first(".ltx_note_content")
        if content is None or not sinks:
            return
        number = re.search(r"\d{1,3}", (node.id or "") if "ltx_role_footnote" in classes else "")
        mark = node.css_first(".ltx_note_mark")
        shown = clean(mark.text()) if mark else ""
        name = f"脚注 {shown if re.fullmatch(r'[0-9]{1,3}', shown) else number[0]}" if number else None
        if name:
            self._inside(name, content, sinks)
            self.outline.drafts[name].anchor = self.outline.drafts[name].anchor or node.id
        else:
            self._write(BREAK, sinks)
            self.children(content, sinks)

    def _theorem(self, node: LexborNode, sinks: Sinks) -> None:
        tag = node.css_first(".ltx_tag_theorem, .ltx_title .ltx_tag")
        name = captioned(_visible(tag)) if tag else None
        if name:
            self._inside(name, node, sinks)
        else:
            self._write(BREAK, sinks)
            self.children(node, sinks)

    def _tabular(self, node: LexborNode, sinks: Sinks) -> None:
        above: list[tuple[int, str]] = []
        for line in _rows(node):
            cells: list[str] = []
            spanning: list[tuple[int, str]] = []
            for cell in _children(line):
                if cell.tag in ("td", "th") or "ltx_td" in _classes(cell):
                    text = self.plain(cell)
                    cells.append(text)
                    span = cell.attributes.get("rowspan") or ""
                    if span.isascii() and span.isdigit() and int(span[:4]) > 1 and not re.match(r"\s*[\d.]", text):
                        spanning.append((int(span[:4]), text))
            self._write(cells_of(cells), sinks)
            kept = row([text for _, text in above] + cells)
            for sink in sinks if kept else ():
                if kept and sink.name[0] == "表":
                    sink.rows.append(kept)
            above = [(left - 1, text) for left, text in above + spanning if left > 1]
        self._write(BREAK, sinks)


def _formula(node: LexborNode) -> str:
    source = node.attributes.get("alttext")
    if source is None and (note := node.css_first('annotation[encoding="application/x-tex"]')):
        source = note.text()
    return tex.plain(source) if source else node.text(separator=" ")[: tex.MAX_LENGTH]


def _visible(node: LexborNode) -> str:
    return clean((node.text() or "")[:200])


def _is_float(node: LexborNode) -> bool:
    return node.tag == "figure" or "ltx_float" in _classes(node)


def _own_caption(node: LexborNode) -> LexborNode | None:
    """The caption of a float that belongs to none inside it."""
    for caption in node.css("figcaption, .ltx_caption"):
        outer = caption.parent
        while outer is not None and not _is_float(outer) and outer.mem_id != node.mem_id:
            outer = outer.parent
        if outer is not None and outer.mem_id == node.mem_id:
            return caption
    return None


def _equation_number(node: LexborNode) -> str | None:
    """The number of an equation where the element holds just this one."""
    tags = node.css(".ltx_tag_equation, .ltx_tag_equationgroup")
    match = re.fullmatch(r"\(?([A-Z]?\.?\d+(?:\.\d+)*[a-z]?)\)?", _visible(tags[0])) if len(tags) == 1 else None
    return match[1] if match else None


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table, those of tables inside it left to their cells."""
    for child in _children(table):
        if child.tag == "tr" or "ltx_tr" in _classes(child):
            yield child
        elif child.tag in ("thead", "tbody", "tfoot") or _classes(child) & {"ltx_tbody", "ltx_thead", "ltx_tfoot"}:
            yield from (line for line in _children(child) if line.tag == "tr" or "ltx_tr" in _classes(line))
