"""Figure blocks and references to figures as HTML: a Markdown extension over what `figures.py` has read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_any

from papernotes.figures import figure as figures
from papernotes.figures import scan, svg
from papernotes.figures.figure import Figure
from papernotes.text.escaping import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from markdown import Markdown
    from pymdownx.blocks import BlocksProcessor

    from papernotes.data.site import Site

REFERENCE_PRIORITY = 185  # below code spans (190), above links (160) and paper references
CARDS_PRIORITY = 12  # after inline patterns (20), before indentation and MkDocs' link resolution


@dataclass(frozen=True)
class Gallery:
    """The figures of a whole site, by page and by name."""

    docs_dir: Path
    pages: Mapping[str, tuple[Figure, ...]]  # by uri
    names: Mapping[str, str]  # short name of each page, by uri
    papers: Mapping[str, str]  # short name or title of each paper, by arXiv id

    @classmethod
    def of(cls, site: Site) -> Gallery:
        """Collect the figures of every page that will be built."""
        documents = {uri: document for uri, document in site.documents.items() if uri not in site.drafts}
        pages = {uri: figures.figures_of(document, site) for uri, document in documents.items()}
        names = {paper.uri: paper.name for paper in site.papers.values()}
        names |= {uri: topic.title for uri, topic in site.topics.items()}
        titles = {arxiv: record.title for arxiv, record in site.ledger.items()}
        titles |= {paper.arxiv: paper.name for paper in site.papers.values()}
        return cls(site.docs_dir, {uri: found for uri, found in pages.items() if found}, names, titles)

    def find(self, target: str, uri: str) -> Figure | None:
        """The figure that `target` (`frontier`, `dpo/frontier`) means on the page `uri`."""
        page, ident = figures.split_target(target)
        uris = [uri] if page is None else [f"{folder}{page}.md" for folder in figures.FOLDERS]
        return next((each for uri in uris for each in self.pages.get(uri, ()) if each.ident == ident), None)


@dataclass
class Rendering:
    """The page being rendered: its figures in order, how many of them have been, and the previews it needs."""

    gallery: Gallery
    uri: str
    rendered: int = 0
    referred: dict[str, Figure] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What the scanner found on the page."""
        return self.gallery.pages.get(self.uri, ())

    def due(self) -> Figure | None:
        """The figure whose block comes next."""
        return self.figures[self.rendered] if self.rendered < len(self.figures) else None


class FigureExtension(BlocksExtension):  # type: ignore[misc]  # pymdownx is untyped
    """Renders `/// figure` and `[@fig:…]`. `start_page` tells it the page, before each one."""

    def __init__(self) -> None:
        super().__init__()
        self.rendering: Rendering | None = None

    def start_page(self, gallery: Gallery, uri: str) -> None:
        """Begin a page: its figures are due in order."""
        self.rendering = Rendering(gallery, uri)

    def extendMarkdownBlocks(self, md: Markdown, blocks: BlocksProcessor) -> None:  # noqa: N802 (their name)
        """Register block, reference and previews with one Markdown instance; a page outside the site gets none."""
        if self.rendering is None:
            return
        blocks.register(FigureBlock, {"rendering": self.rendering})
        reference = FigureReference(figures.REFERENCE.pattern, md, self.rendering)
        md.inlinePatterns.register(reference, "pn-figure-reference", REFERENCE_PRIORITY)
        md.treeprocessors.register(FigureCards(md, self.rendering), "pn-figure-cards", CARDS_PRIORITY)


class FigureBlock(Block):  # type: ignore[misc]  # pymdownx is untyped
    """One block. Every option is of any type: `figures.py` has validated it, and Blocks could not say what is wrong."""

    NAME = "figure"
    ARGUMENT = True
    OPTIONS = dict.fromkeys(scan.OPTIONS, (None, type_any))

    def on_validate(self, parent: ElementTree.Element) -> bool:
        """Only the block that the scanner found at this place is rendered; any other stays text."""
        figure = self._rendering.due()
        expected = figure is not None and (figure.label, figure.ident) == (self.argument, self.options["id"])
        return expected and not self.options["attrs"]

    @property
    def _rendering(self) -> Rendering:
        rendering: Rendering = self.config["rendering"]
        return rendering

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """The figure with caption, source and picture; notes and conclusion follow as Markdown."""
        figure = self._rendering.due()
        assert figure is not None  # on_validate() has seen it
        self._rendering.rendered += 1
        self._figure = figure
        element = ElementTree.SubElement(parent, "figure", {"class": "pn-figure", "id": figure.anchor})
        caption = ElementTree.SubElement(element, "figcaption", {"class": "pn-figure__caption"})
        title = ElementTree.SubElement(caption, "p", {"class": "pn-figure__title"})
        number = ElementTree.SubElement(title, "span", {"class": "pn-figure__number"})
        number.text = AtomicString(figure.number_text)
        number.tail = f" {figure.caption}"
        _append_source(caption, figure, self._rendering.gallery)
        if figure.picture is not None:
            self._append_picture(element, figure)
        return element

    def _append_picture(self, parent: ElementTree.Element, figure: Figure) -> None:
        stage = ElementTree.SubElement(parent, "div", {"class": "pn-figure__stage"})
        assert figure.picture is not None
        text = (self._rendering.gallery.docs_dir / figure.picture).read_text(encoding="utf-8")
        picture = ElementTree.SubElement(stage, "div", {"class": "pn-figure__picture"})
        html = svg.inline(text, prefix=f"{figure.anchor}-svg", label=figure.alt)
        picture.text = AtomicString(self.md.htmlStash.store(html))
        for number, (x, y) in enumerate(figure.markers, 1):
            mark = ElementTree.SubElement(
                stage,
                "a",
                {
                    "class": "pn-figure__mark",
                    "id": f"{figure.anchor}-mark-{number}",
                    "href": f"#{figure.anchor}-note-{number}",
                    "style": f"left:{x:.2%};top:{y:.2%}",
                    "aria-label": f"批注 {number}",
                },
            )
            mark.text = AtomicString(str(number))

    def on_end(self, block: ElementTree.Element) -> None:
        """Give notes their ids and their links to the markers, and the conclusion its class."""
        for notes in block.findall("ol"):
            notes.set("class", "pn-figure__notes")
            for number, item in enumerate(notes.findall("li"), 1):
                item.set("id", f"{self._figure.anchor}-note-{number}")
                if number <= len(self._figure.markers):
                    self._append_link(item, number)
        for paragraph in block.findall("p"):
            paragraph.set("class", "pn-figure__conclusion")

    def _append_link(self, item: ElementTree.Element, number: int) -> None:
        paragraph = item.find("p")
        target = item if paragraph is None else paragraph
        link = ElementTree.Element(
            "a",
            {
                "class": "pn-figure__to-mark",
                "href": f"#{self._figure.anchor}-mark-{number}",
                "aria-label": f"图上的标记 {number}",
            },
        )
        link.text = AtomicString(str(number))
        link.tail, target.text = target.text, None
        target.insert(0, link)


def source_text(figure: Figure, gallery: Gallery) -> str:
    """Which figure of which version is meant, in words: DPO v3，Figure 2，PDF 第 7 页."""
    if figure.arxiv is None:
        return ""
    name = gallery.papers.get(figure.arxiv, figure.arxiv)
    version = f" v{figure.version}" if figure.version is not None else "（版本未注明）"
    page = f"，PDF 第 {figure.page} 页" if figure.page is not None else ""
    return f"{name}{version}，{figure.label}{page}"


def _append_source(parent: ElementTree.Element, figure: Figure, gallery: Gallery) -> None:
    line = ElementTree.SubElement(parent, "p", {"class": "pn-figure__source"})
    if figure.own:
        line.text = AtomicString("本站绘制的示意图")
        return
    line.text = AtomicString("本站示意图，原图：" if figure.picture else "原图：")
    link = ElementTree.SubElement(line, "a", {"href": figure.source_url or ""})
    link.text = AtomicString(source_text(figure, gallery))
    if figure.html is not None:
        link.tail = AtomicString("，")
        html = ElementTree.SubElement(line, "a", {"href": figure.html.url})
        html.text = AtomicString("HTML 版")
        html.tail = AtomicString(f"（{figure.html.checked:%Y-%m-%d} 查）")
    if not figure.verified:
        status = ElementTree.SubElement(line, "span", {"class": "pn-figure__unverified"})
        status.text = AtomicString("图号待核")


class FigureReference(InlineProcessor):
    """`[@fig:frontier]` and `[@fig:dpo/frontier 这张图]` as links that can show a preview."""

    def __init__(self, pattern: str, md: Markdown, rendering: Rendering) -> None:
        super().__init__(pattern, md)
        self._rendering = rendering

    def handleMatch(  # type: ignore[override]  # noqa: N802 (their name)
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """The link, or nothing where no such figure exists (`figures.check` has reported it)."""
        figure = self._rendering.gallery.find(m["target"], self._rendering.uri)
        if figure is None:
            return None, None, None
        here = figure.uri == self._rendering.uri
        attributes = {
            "class": "pn-figure-reference",
            "href": figure.href(self._rendering.uri),
            "data-pn-preview": figure.key,
        }
        link = ElementTree.Element("a", attributes)
        name = figure.number_text if here else f"{self._rendering.gallery.names[figure.uri]} {figure.number_text}"
        link.text = AtomicString(m["words"].strip() or name)
        self._rendering.referred.setdefault(figure.key, figure)
        return link, m.start(0), m.end(0)


class FigureCards(Treeprocessor):
    """The previews of the figures that a page refers to, once each, at its end."""

    def __init__(self, md: Markdown, rendering: Rendering) -> None:
        super().__init__(md)
        self._rendering = rendering

    def run(self, root: ElementTree.Element) -> None:
        """Append the cards. A card's own text may refer to further figures, which then get theirs."""
        done: set[str] = set()
        while pending := [key for key in self._rendering.referred if key not in done]:
            for key in pending:
                done.add(key)
                card = self._card(key, self._rendering.referred[key])
                self.md.treeprocessors["inline"].run(card)
                root.append(card)

    def _card(self, key: str, figure: Figure) -> ElementTree.Element:
        card = ElementTree.Element("div", {"id": f"pn-preview-{key}", "class": "pn-card", "hidden": "hidden"})
        gallery = self._rendering.gallery
        title = ElementTree.SubElement(card, "p", {"class": "pn-card__title"})
        title.text = f"{escape_markdown(gallery.names[figure.uri])} {figure.number_text}：{figure.caption}"
        summary = ElementTree.SubElement(card, "p", {"class": "pn-card__summary"})
        summary.text = figure.conclusion
        source = ElementTree.SubElement(card, "p", {"class": "pn-card__meta"})
        words = "本站绘制的示意图" if figure.own else f"原图：{source_text(figure, gallery)}"
        source.text = AtomicString(words if figure.own or figure.verified else f"{words}（图号待核）")
        foot = ElementTree.SubElement(card, "p", {"class": "pn-card__foot"})
        link = ElementTree.SubElement(foot, "a", {"class": "pn-card__link", "href": figure.href(self._rendering.uri)})
        link.text = AtomicString("去看这张图")
        return card


def list_of_figures(gallery: Gallery) -> str:
    """All figures of the site by page, as Markdown to follow the introduction of docs/figures.md."""
    parts = []
    for uri, found in sorted(gallery.pages.items(), key=lambda item: _order(gallery, item[0])):
        parts.append(f"## {escape_markdown(gallery.names[uri])}\n")
        for figure in found:
            link = f"[{figure.number_text}]({figure.uri}#{figure.anchor})"
            parts.append(f"- {link} {figure.caption}{_source_note(figure, gallery)}")
        parts.append("")
    return "\n".join(parts)


def _order(gallery: Gallery, uri: str) -> tuple[bool, str]:
    return not uri.startswith("papers/"), gallery.names[uri].casefold()


def _source_note(figure: Figure, gallery: Gallery) -> str:
    if figure.own:
        return "（本站绘制）"
    picture = "；有本站示意图" if figure.picture else ""
    status = "" if figure.verified else "；图号待核"
    return f"（原图：[{escape_markdown(source_text(figure, gallery))}]({figure.source_url}){picture}{status}）"


def totals(gallery: Gallery) -> dict[str, Any]:
    """How many figures there are, and how many of them are drawn, verified and not."""
    every = [figure for found in gallery.pages.values() for figure in found]
    return {
        "figures": len(every),
        "pictures": sum(figure.picture is not None for figure in every),
        "verified": sum(figure.verified for figure in every),
        "unverified": sum(not figure.verified and not figure.own for figure in every),
    }
