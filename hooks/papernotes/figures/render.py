"""Figure blocks and references to figures as HTML: a Markdown extension over what `figures.py` has read and checked."""

from __future__ import annotations

import itertools
import re
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement

from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_any

from papernotes.base.escaping import escape_markdown
from papernotes.figures import figure as figures
from papernotes.figures import inlining, plots
from papernotes.figures.figure import Figure
from papernotes.text.parsed import FIGURE, NUMBER, WORDS
from papernotes.text.slash_blocks import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown import Markdown
    from pymdownx.blocks import BlocksProcessor

    from papernotes.data.site import Site

REFERENCE_PRIORITY = 185  # below code spans (190), above links (160) and paper references


class Gallery:
    """The figures of a site, by page and by name; those of a page are read when they are first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.docs_dir = site.docs_dir
        self.say = site.words.say
        self.names: Mapping[str, str] = {
            **{paper.uri: paper.name for paper in site.papers.values()},
            **{uri: topic.title for uri, topic in site.topics.items()},
        }
        """The short name of each page that has one, by uri."""
        self._read: dict[str, tuple[Figure, ...]] = site.of_outlines.setdefault("figures", {})

    def of(self, uri: str) -> tuple[Figure, ...]:
        """The figures of a page, in order."""
        if uri not in self._read:
            document = self._site.documents.get(uri) if uri in self.names else None
            self._read[uri] = figures.figures_of(document, self._site) if document else ()
        return self._read[uri]

    @property
    def pages(self) -> dict[str, tuple[Figure, ...]]:
        """Every page that has figures, by uri."""
        for uri in self.names.keys() & self._site.documents.keys() - self._read.keys():
            self.of(uri)
            self._site.documents[uri].forget()  # there is no room for what was read in all of them
        return {uri: found for uri in self.names if (found := self.of(uri))}

    def paper(self, arxiv: str) -> str:
        """What the site calls a paper: the short name of its page, else its title, else its id."""
        if arxiv in self._site.papers:
            return self._site.papers[arxiv].name
        return self._site.ledger[arxiv].title if arxiv in self._site.ledger else arxiv

    def find(self, target: str, uri: str) -> Figure | None:
        """The figure that `target` (`frontier`, `dpo/frontier`) means on the page `uri`."""
        page, ident = figures.split_target(target)
        uris = [uri] if page is None else [f"{folder}{page}.md" for folder in figures.FOLDERS]
        return next((each for uri in uris for each in self.of(uri) if each.ident == ident), None)


def gallery_of(site: Site) -> Gallery:
    """The figures of a site, the same for whoever asks."""
    return site.once("gallery", lambda: Gallery(site))


class FigureExtension(BlocksExtension):  # type: ignore[misc]  # pymdownx is untyped
    """Reads `/// figure` and `[@fig:…]`; what other pages and the ledger know of them is filled in by `Figures`."""

    def extendMarkdownBlocks(self, md: Markdown, blocks: BlocksProcessor) -> None:  # noqa: N802 (their name)
        """Register block and reference."""
        split = blocks.split_header

        def checked(block: str, length: int) -> tuple[dict[str, Any] | None, str]:
            """No options where a key is not a text: `off:` is a truth value in YAML, and Blocks would fail on it."""
            options, rest = split(block, length)
            return (options if all(isinstance(key, str) for key in options or ()) else None), rest

        blocks.split_header = checked
        blocks.register(FigureBlock, {})
        md.inlinePatterns.register(
            FigureReference(figures.REFERENCE.pattern, md), "pn-figure-reference", REFERENCE_PRIORITY
        )
        md.treeprocessors.register(_Numbers(md), "pn-figure-numbers", 25)


class _Numbers(Treeprocessor):
    """Numbers the figures of a page in reading order, before their captions are read."""

    def run(self, root: Element) -> None:
        blocks = (element for element in root.iter("figure") if NUMBER in element.attrib)
        for number, element in enumerate(blocks, 1):
            element.set(NUMBER, str(number))
            element[0][0][0].text = AtomicString(f"图 {number}")


class FigureBlock(Block):  # type: ignore[misc]  # pymdownx is untyped
    """One block. Every option is of any type: `figures.check` says what is wrong, and Blocks could not say where."""

    NAME = "figure"
    ARGUMENT = None
    OPTIONS = dict.fromkeys(KINDS["figure"].options, (None, type_any))

    def on_validate(self, parent: Element) -> bool:
        """Blocks would set any attribute that a page asks for."""
        return not self.options["attrs"]

    def on_create(self, parent: Element) -> Element:
        """The figure with its caption and markers; notes and conclusion follow as Markdown."""
        self._anchor = f"fig-{self.options['id']}"
        self._markers = _points(self.options["markers"]) if self.options["picture"] else []
        attributes = {"class": "pn-figure", "id": self._anchor, NUMBER: "0"}
        element = SubElement(parent, "figure", attributes)
        caption = SubElement(element, "figcaption", {"class": "pn-figure__caption"})
        title = SubElement(caption, "p", {"class": "pn-figure__title"})
        number = SubElement(title, "a", {"class": "pn-figure__number", "href": f"#{self._anchor}"})
        number.tail = f" {str(self.options['caption'] or '').strip()}"
        SubElement(caption, "p", {"class": "pn-figure__source"})
        if self.options["picture"]:
            self._append_stage(element)
        return element

    def _append_stage(self, parent: Element) -> None:
        stage = SubElement(parent, "div", {"class": "pn-figure__stage"})
        SubElement(stage, "div", {"class": "pn-figure__picture"})
        for number, (x, y) in enumerate(self._markers, 1):
            mark = SubElement(
                stage,
                "a",
                {
                    "class": "pn-figure__mark",
                    "id": f"{self._anchor}-mark-{number}",
                    "href": f"#{self._anchor}-note-{number}",
                    "style": f"left:{x:.2%};top:{y:.2%}",
                },
            )
            mark.text = AtomicString(str(number))

    def on_end(self, block: Element) -> None:
        """Give notes their ids and their links to the markers, and the conclusion its class."""
        for notes in block.findall("ol"):
            notes.set("class", "pn-figure__notes")
            for number, item in enumerate(notes.findall("li"), 1):
                item.set("id", f"{self._anchor}-note-{number}")
                if number <= len(self._markers):
                    self._append_link(item, number)
        for paragraph in block.findall("p"):
            paragraph.set("class", "pn-figure__conclusion")

    def _append_link(self, item: Element, number: int) -> None:
        paragraph = item.find("p")
        target = item if paragraph is None else paragraph
        link = Element("a", {"class": "pn-figure__to-mark", "href": f"#{self._anchor}-mark-{number}"})
        link.text = AtomicString(str(number))
        link.tail, target.text = target.text, None
        target.insert(0, link)


def source_text(figure: Figure, gallery: Gallery) -> str:
    """Which figure of which version is meant, in words, where no line ends before a number: DPO v3，Figure 2，PDF 第 7 页."""
    if figure.arxiv is None:
        return ""
    name = gallery.paper(figure.arxiv)
    version = f" v{figure.version}" if figure.version is not None else gallery.say("figure.no_version")
    page = gallery.say("figure.page", page=figure.page) if figure.page is not None else ""
    return gallery.say("figure.of", paper=f"{name}{version}", figure=figure.label.replace(" ", "\u00a0")) + page


def _fill_source(line: Element, figure: Figure, gallery: Gallery) -> None:
    data = _data_text(figure, gallery)
    if figure.own:
        line.text = gallery.say("figure.own_plot", data=data) if data else gallery.say("figure.own")
        return
    if figure.picture is None:  # its notes are of a picture that only the paper has
        line.set("class", "pn-figure__source pn-figure__source--away")
        line.text = gallery.say("figure.away")
    else:
        line.text = gallery.say("figure.plot") if data else gallery.say("figure.drawing")
    link = SubElement(line, "a", {"href": figure.source_url or ""})
    link.text = source_text(figure, gallery)
    last = link
    if figure.html is not None:
        link.tail = gallery.say("comma")
        last = SubElement(line, "a", {"href": figure.html.url})
        last.text = gallery.say("figure.html")
        last.tail = gallery.say("figure.seen", day=f"{figure.html.checked:%Y-%m-%d}")
    if data:
        last.tail = (last.tail or "") + gallery.say("figure.data", data=data)
    if not figure.verified:
        status = SubElement(line, "span", {"class": "pn-figure__unverified"})
        status.text = gallery.say("figure.unsure")


def _data_text(figure: Figure, gallery: Gallery) -> str:
    """Where the numbers of a plot stand, of each paper with its name, for a page has 式 of its own: DPO 式 7，自算. Empty for
    what is no plot.
    """
    found = plots.places(figure.picture, gallery.docs_dir) if figure.picture else {}
    comma = gallery.say("comma")
    return gallery.say("semicolon").join(f"{gallery.paper(arxiv)} {comma.join(each)}" for arxiv, each in found.items())


class FigureReference(InlineProcessor):
    """`[@fig:frontier]` and `[@fig:dpo/frontier 这张图]` as placeholders, which `Figures` makes links."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (their name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """The placeholder; its text is the author's own, else the target."""
        link = Element("a", {"class": "pn-figure-reference", FIGURE: m["target"]})
        words = m["words"].strip()
        if words:
            link.set(WORDS, "")
        link.text = AtomicString(words or m["target"] or "?")
        return link, m.start(0), m.end(0)


_NAMED: Final = {"pn-figure__mark": "figure.note", "pn-figure__to-mark": "figure.mark"}
"""What a link is called that shows a number alone, by its class."""


class Figures:
    """Fills in what one page's figures and references need to know of the site."""

    def __init__(self, gallery: Gallery, uri: str, stash: list[str | Element]) -> None:
        self._gallery, self._uri, self._stash = gallery, uri, stash

    def fill(self, root: Element) -> list[Figure]:
        """Fill in the figures and references of a tree; one that is not complete keeps what its page says alone.

        Shape: the figures it refers to, once each, in order.
        """
        due = {figure.anchor: figure for figure in self._gallery.of(self._uri)}
        for element in root.iter("figure"):
            if element.attrib.pop(NUMBER, None) is not None and (figure := due.pop(element.get("id", ""), None)):
                self._fill(element, figure)
        return self.resolve(root)

    def resolve(self, root: Element) -> list[Figure]:
        """Make the references of a tree links. Shape: the figures they lead to, once each, in order."""
        referred: dict[str, Figure] = {}
        for element in root.iter("a"):
            if FIGURE not in element.attrib:
                continue
            figure = self._gallery.find(element.attrib.pop(FIGURE), self._uri)
            own_words = element.attrib.pop(WORDS, None) is not None
            if figure is None:
                continue  # `figures.check` has reported it
            element.set("href", figure.href(self._uri))
            element.set("data-pn-preview", figure.key)
            if not own_words:
                here = figure.uri == self._uri
                name = figure.number_text if here else f"{self._gallery.names[figure.uri]} {figure.number_text}"
                element.text = name
            referred.setdefault(figure.key, figure)
        return list(referred.values())

    def _fill(self, element: Element, figure: Figure) -> None:
        source = element.find("figcaption/p[@class='pn-figure__source']")
        picture = element.find("div/div[@class='pn-figure__picture']")
        for link in element.iter("a"):
            if key := _NAMED.get(link.get("class", "")):
                link.set("aria-label", self._gallery.say(key, n=link.text))
        if source is not None:
            _fill_source(source, figure, self._gallery)
        if picture is not None and figure.picture is not None:
            text = (self._gallery.docs_dir / figure.picture).read_text(encoding="utf-8")
            try:
                html = inlining.inline(text, prefix=f"{figure.anchor}-svg", label=figure.alt)
            except ValueError:  # `figure.check_pictures` reports it at its line
                html = ""
            self._stash.append(html)
            picture.text = HTML_PLACEHOLDER % (len(self._stash) - 1)

    def card(self, figure: Figure) -> Element:
        """The preview of a figure; its title and summary are Markdown yet."""
        gallery = self._gallery
        card = Element("div", {"id": f"pn-preview-{figure.key}", "class": "pn-card", "hidden": "hidden"})
        title = SubElement(card, "p", {"class": "pn-card__title"})
        name = f"{escape_markdown(gallery.names[figure.uri])} {figure.number_text}"
        title.text = f"{name}{gallery.say('colon')}{figure.caption}"
        summary = SubElement(card, "p", {"class": "pn-card__summary"})
        summary.text = figure.conclusion
        source = SubElement(card, "p", {"class": "pn-card__meta"})
        of_whom = {"source": source_text(figure, gallery)}
        if figure.own:
            source.text = AtomicString(gallery.say("figure.own"))
        else:
            source.text = AtomicString(
                gallery.say("figure.card" if figure.verified else "figure.card_unsure", **of_whom)
            )
        foot = SubElement(card, "p", {"class": "pn-card__foot"})
        link = SubElement(foot, "a", {"class": "pn-card__link", "href": figure.href(self._uri)})
        link.text = AtomicString(gallery.say("figure.go"))
        return card


def _points(value: Any) -> list[tuple[float, float]]:
    """The markers as Blocks read them; none where they are not a list of points (`figures.check` has reported it)."""
    try:
        points = [(float(x), float(y)) for x, y in value or ()]
    except (TypeError, ValueError):
        return []
    return points if all(isfinite(x) and isfinite(y) for x, y in points) else []


PLOTTED, DRAWN, AWAY = OURS = ("figures.plotted", "figures.drawn", "figures.away")
"""What of a figure this site has: a plot, a drawing, or notes alone."""
MANY: Final = 50
"""Pages whose figures one page of the list shows."""
_THUMBNAIL = re.compile(r"<!--pn-thumbnail:([a-z0-9/-]+\.svg)-->")


def list_of_figures(gallery: Gallery) -> str:
    """All figures of the site by kind and by page, as Markdown to follow the introduction of docs/figures.md.

    `show_thumbnails` puts the pictures in later. Where there are more than `MANY` pages, the figures of a kind are counted alone.
    """
    pages = sorted(gallery.pages.items(), key=lambda item: _order(gallery, item[0]))
    kinds: dict[str, list[str]] = {kind: [] for kind in OURS}
    for uri, found in pages:
        for figure in found:
            number = figure.number_text.replace(" ", "\u00a0")
            name = escape_markdown(f"{gallery.names[uri]} {number}")
            kinds[_kind(figure, gallery)].append(f"[{name}]({uri}#{figure.anchor})")
    parts = [
        f"## {gallery.say('figures.by_kind')}\n",
        *(
            gallery.say("figures.kind", kind=gallery.say(kind), n=len(links), all=gallery.say("and").join(links)) + "\n"
            if len(pages) <= MANY
            else gallery.say("figures.kind_alone", kind=gallery.say(kind), n=len(links)) + "\n"
            for kind, links in kinds.items()
            if links
        ),
    ]
    for uri, found in pages:
        parts.append(f"## {escape_markdown(gallery.names[uri])}\n")
        for figure in sorted(found, key=lambda figure: figure.picture is None):
            picture = f"<!--pn-thumbnail:{figure.picture}-->" if figure.picture else ""
            link = f"[{figure.number_text}]({figure.uri}#{figure.anchor})"
            parts.append(f"- {picture}{link} {figure.caption}{_source_note(figure, gallery)}")
        parts.append("")
    return "\n".join(parts)


def _kind(figure: Figure, gallery: Gallery) -> str:
    if figure.picture is None:
        return AWAY
    return PLOTTED if plots.has_data(figure.picture, gallery.docs_dir) else DRAWN


def show_thumbnails(html: str, docs_dir: Path) -> str:
    """Put the pictures into the rendered list of figures; the words beside each say what it is."""
    numbers = itertools.count(1)

    def shown(match: re.Match[str]) -> str:
        text = (docs_dir / match[1]).read_text(encoding="utf-8")
        picture = inlining.inline(text, prefix=f"pn-thumbnail-{next(numbers)}", label=None)
        return f'<span class="pn-thumbnail">{picture}</span>'

    return _THUMBNAIL.sub(shown, html)


def _order(gallery: Gallery, uri: str) -> tuple[bool, str]:
    return not uri.startswith("papers/"), gallery.names[uri].casefold()


def _source_note(figure: Figure, gallery: Gallery) -> str:
    if figure.own:
        return gallery.say("figures.own")
    link = f"[{escape_markdown(source_text(figure, gallery))}]({figure.source_url})"
    return gallery.say("figures.source" if figure.verified else "figures.source_unsure", link=link)


def totals(gallery: Gallery) -> dict[str, Any]:
    """How many figures there are, and how many of them are drawn, verified and not."""
    every = [figure for found in gallery.pages.values() for figure in found]
    return {
        "figures": len(every),
        "pictures": sum(figure.picture is not None for figure in every),
        "verified": sum(figure.verified for figure in every),
        "unverified": sum(not figure.verified and not figure.own for figure in every),
    }
