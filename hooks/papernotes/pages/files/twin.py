"""The Markdown twin of a page: its article as the reader sees it, for programs that read text.

It is made from the finished page, so that nothing of ours is left to resolve: references, terms, figures and source marks
are links and words there, and what the templates show is in it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import basename
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

Address = Callable[[str], str]
"""Makes the address of a link one that can be followed from where the text will lie."""

_BLOCKS: Final = frozenset({
    "article", "aside", "blockquote", "details", "div", "dl", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
})  # fmt: skip
_UNSEEN: Final = frozenset(
    ["-comment", "button", "fieldset", "input", "noscript", "script", "select", "style", "template", "wbr"]
)
_CONTROLS: Final = frozenset(["pn-equation__link", "pn-figure__mark", "pn-figure__to-mark", "pn-report"])
"""Of use on the page alone: links from a formula to itself, between a marker of a picture and its note, a form for errors."""
_OWN_ADDRESSES: Final = frozenset(["pn-figure__number", "pn-heading"])
"""Links of a heading and of a figure's number to themselves: text says their words."""
_ASIDES: Final = ("__note", "__original", "__source")
"""Ends of classes of spans that the style sheet sets apart from what stands before."""
_LINE: Final = "__line"
"""End of a class of spans that stand in lines of their own."""
_BRACKETED: Final = frozenset(["pn-src", "pn-pairs__en", "pn-pairs__drift"])
"""Spans that a text has in brackets: a source mark, the original of a sentence, that it has changed."""
_INDENT: Final = "    "
_WHITE: Final = re.compile(r"[\s\u00a0]+")
_NEEDLESS: Final = re.compile("(?<=）) (?=[^ -~])| (?=[，；])")
"""A space beside a full-width sign, where a line of the page ended or something stood apart."""
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060]")
_MARKUP: Final = re.compile(r"[\\`*_\[\]<$!]|&(?=#?\w+;)")
_OPENING: Final = re.compile(r"[#>]|[+-](?!\S)|-(?=[- ]*$)|~(?=~~)|[0-9]+(?=[.)](?!\S))")
"""What makes a heading, a quotation, a rule, code or a list of the line that it begins."""
_TEX: Final = 'annotation[encoding="application/x-tex"]'
_MARKED: Final = "\ue000{}\ue001"
"""An address in a text that is not yet said from where it is followed; no page holds these characters."""
_TARGET: Final = re.compile(_MARKED.format("([^\ue000\ue001]*)"))
_OPAQUE: Final = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E"})


def relative(url: str) -> Address:
    """Addresses from a page's folder; those inside the page lead to the page. `url`: of the page, from the site's root."""
    return lambda href: f"{basename(url)}{href}" if href.startswith("#") else href


def absolute(url: str, site_url: str) -> Address:
    """Whole addresses; from the site's root where it has no address of its own."""
    base = f"{site_url.rstrip('/')}/" if site_url else "http://root.invalid/"
    return lambda href: urljoin(base + url, href).removeprefix("" if site_url else base)


def path_of(url: str) -> str:
    """Where the twin of a page lies: `papers/dpo.html` -> `papers/dpo.md`. What is not a page has none, and stays."""
    return re.sub(r"\.html$", ".md", url)


def write(page: str, *addresses: Address) -> tuple[str, ...]:
    """The article of a finished page as Markdown, once for each way of making addresses.

    Shape: CommonMark with tables; formulas as TeX in `$` and `$$`; a drawing is its description.
    """
    article = LexborHTMLParser(page).css_first("article")
    text = "\n\n".join(_Writer().blocks(article)) + "\n" if article else ""
    return tuple(_addressed(text, address) for address in addresses)


def _addressed(text: str, address: Address) -> str:
    return _TARGET.sub(lambda match: address(match[1]), text)


class _Writer:
    def blocks(self, node: LexborNode) -> list[str]:
        """What stands in an element, block by block."""
        found: list[str] = []
        run = ""
        for child in _children(node):
            if child.tag in _BLOCKS:
                found += self._paragraph(run)
                found += self._block(child)
                run = ""
            else:
                run += self._inline(child)
        return found + self._paragraph(run)

    def _paragraph(self, text: str) -> list[str]:
        text = _tidy(text)
        return [_OPENING.sub(_escape_opening, text, count=1) if _OPENING.match(text) else text] if text else []

    def _block(self, node: LexborNode) -> list[str]:
        tag, classes = node.tag or "", _classes(node)
        if "pn-equation" in classes:
            tex, number = node.css_first(_TEX), node.css_first(".pn-equation__number")
            tag_ = f"\n\\tag{{{number.text().strip('()')}}}" if number else ""
            return [f"$$\n{tex.text().strip()}{tag_}\n$$"] if tex else self._paragraph(self._inlines(node))
        if re.fullmatch("h[1-6]", tag):
            text = _tidy(self._inlines(node))
            return [f"{'#' * int(tag[1])} {text}"] if text else []
        if tag == "summary" or "admonition-title" in classes or "pn-figure__title" in classes:
            return [f"**{text}**" for text in self._paragraph(self._inlines(node))]
        if tag == "pre":
            return [_fenced(node)]
        if tag == "hr":
            return ["---"]
        if tag in ("ul", "ol"):
            return self._list(node)
        if tag == "dl":
            return self._definitions(node)
        if tag == "table":
            return self._table(node)
        inside = self.blocks(node)
        if inside and (tag == "blockquote" or "admonition" in classes):
            return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(inside).split("\n"))]
        return inside

    def _list(self, node: LexborNode) -> list[str]:
        items = [blocks for child in _children(node) if child.tag == "li" and (blocks := self.blocks(child))]
        return _listed(items, int(node.attributes.get("start") or 1) if node.tag == "ol" else None)

    def _definitions(self, node: LexborNode) -> list[str]:
        items: list[list[str]] = []
        for child in node.css("dt, dd"):
            if child.tag == "dt" or not items:
                items.append([f"**{self._line(child)}**"])
                continue
            first, *more = self.blocks(child) if child.css_first("table") else [self._line(child)]
            items[-1][0] += f"：{first}" if items[-1][0].endswith("**") else f"；{first}"
            items[-1] += more
        return _listed(items)

    def _table(self, node: LexborNode) -> list[str]:
        rows = [[self._line(cell).replace("|", r"\|") for cell in row.css("th, td")] for row in node.css("tr")]
        if not rows:
            return []
        width = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return ["\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]

    def _line(self, node: LexborNode) -> str:
        """An element in one line, whatever stands in it."""
        return _WHITE.sub(" ", " ".join(self.blocks(node)).replace("\n", " ")).strip()

    def _inlines(self, node: LexborNode) -> str:
        return "".join(map(self._inline, _children(node)))

    def _inline(self, node: LexborNode) -> str:
        if node.is_text_node:
            return _MARKUP.sub(r"\\\g<0>", _INVISIBLE.sub("", _WHITE.sub(" ", node.text())))
        tag, classes = node.tag or "", _classes(node)
        if tag == "math":
            tex = node.css_first(_TEX)
            return f"${_WHITE.sub(' ', tex.text()).strip()}$" if tex else ""
        if tag == "svg":
            return self._drawing(node)
        if tag in ("code", "kbd", "samp"):
            return _code(_WHITE.sub(" ", node.text()))
        if tag == "img":
            return f"![{_text(node.attributes.get('alt'))}]({self._target(node.attributes.get('src'))})"
        if tag == "br":
            return " "
        inside = self._inlines(node)
        text = inside.strip()
        if not text:
            return inside
        if (
            tag == "a"
            and node.attributes.get("href") is not None
            and not _is_of_mark(node)
            and _OWN_ADDRESSES.isdisjoint(classes)
        ):
            return _around(inside, f"[{text}]({self._target(node.attributes['href'])})")
        if tag in ("strong", "b"):
            return _around(inside, f"**{text}**")
        if tag in ("em", "i"):
            return _around(inside, f"*{text}*")
        if not _BRACKETED.isdisjoint(classes):
            return f"（{text}）"
        if node.prev is not None and any(name.endswith(_ASIDES) for name in classes):
            return f"，{text}"
        if any(name.endswith(_LINE) for name in classes):
            return f"；{text}"
        return inside

    def _target(self, address: str | None) -> str:
        return _MARKED.format((address or "").translate(_OPAQUE))

    def _drawing(self, node: LexborNode) -> str:
        """The description of a drawing; of one that holds links, these too."""
        title = node.css_first("title")
        said = _text(node.attributes.get("aria-label") or (title.text() if title else ""))
        links = [
            f"[{_text(link.attributes.get('aria-label') or link.text())}]({self._target(link.attributes['href'])})"
            for link in node.css("a")
            if link.attributes.get("href") is not None
        ]
        return f"（图：{'；'.join(filter(None, [said, *links]))}）" if said or links else ""


def _listed(items: list[list[str]], first: int | None = None) -> list[str]:
    """A list of items, each some blocks; numbered where it has a first number."""
    lines: list[str] = []
    for blocks in items:
        mark = "-" if first is None else f"{first + len(lines)}."
        text = "\n\n".join(blocks).replace("\n", f"\n{_INDENT}")
        lines.append(re.sub(rf"(?m)^{_INDENT}+$", "", f"{mark:<4}{text}"))
    loose = any(len(blocks) > 1 for blocks in items)
    return [("\n\n" if loose else "\n").join(lines)] if lines else []


def _is_of_mark(link: LexborNode) -> bool:
    """Whether a link of a source mark leads to no more than the paper, or to where errors are reported: text says as much."""
    if link.parent is None or "pn-src" not in _classes(link.parent):
        return False
    classes, address = _classes(link), link.attributes["href"] or ""
    return "pn-src__label" in classes or (address.startswith("https://arxiv.org/abs/") and "pn-ref" not in classes)


def _tidy(text: str) -> str:
    return _NEEDLESS.sub("", _WHITE.sub(" ", text)).strip()


def _children(node: LexborNode) -> Iterator[LexborNode]:
    """The children of an element that a reader sees."""
    for child in node.iter(include_text=True):
        if child.is_text_node or (
            child.tag not in _UNSEEN
            and "hidden" not in (child.attributes or {})
            and _CONTROLS.isdisjoint(_classes(child))
        ):
            yield child


def _classes(node: LexborNode) -> list[str]:
    return ((node.attributes or {}).get("class") or "").split()


def _text(text: str | None) -> str:
    return _MARKUP.sub(r"\\\g<0>", _WHITE.sub(" ", text or "").strip())


def _around(inside: str, marked: str) -> str:
    """What was marked up, with the white space that stood inside the element at its edges."""
    return f"{inside[: len(inside) - len(inside.lstrip())]}{marked}{inside[len(inside.rstrip()) :]}"


def _code(text: str) -> str:
    if not text.strip():
        return text
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _fenced(node: LexborNode) -> str:
    text = node.text().strip("\n")
    ticks = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    holder = node.parent
    named = (re.fullmatch(r"language-([\w+-]+)", name) for name in (_classes(holder) if holder else []))
    language = next((match[1] for match in named if match), "")
    return f"{ticks}{language}\n{text}\n{ticks}"


def _escape_opening(match: re.Match[str]) -> str:
    return f"{match.group()}\\" if match.group().isdigit() else f"\\{match.group()}"
