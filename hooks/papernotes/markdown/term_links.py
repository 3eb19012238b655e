"""The first use of a term, or name of a model, in each section of a page becomes a link to its entry that can show a preview.

A step over the tree that Markdown has made, not over its source: what is code, a link, a heading or a formula is known
there for certain. The step looks at text only, through one trie-shaped expression for all terms (`matcher.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from posixpath import dirname, relpath
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from papernotes.base.matcher import Matcher
from papernotes.data.models.record import FACTS, Model, in_words
from papernotes.data.terms import Glossary, Term
from papernotes.markdown.typography import part
from papernotes.text.document import address
from papernotes.text.special_pages import GLOSSARY
from papernotes.words import Words

ESCAPE_PRIORITY: Final = 168
"""Before links (160) and references to papers (167)."""

_ESCAPE: Final = r"\[~(?P<words>[^\[\]\n]++)\]"
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED: Final = _HEADINGS | frozenset({
    "a", "abbr", "button", "code", "dt", "kbd", "math", "option", "pre", "samp", "script", "select", "style", "summary",
    "svg", "textarea", "th", "title", "var",
})  # fmt: skip
_SKIPPED_CLASSES: Final = frozenset({
    "admonition-title", "arithmatex", "pn-card", "pn-figure__number", "pn-figure__source", "pn-formula", "pn-pairs__en",
    "pn-pairs__source", "pn-plain", "pn-src",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "figcaption", "figure", "li", "ol", "p", "section",
    "table", "td", "tr", "ul",
})  # fmt: skip
# Raw HTML waits in a stash; only a placeholder stands in the text.
_STASHED: Final = re.compile("\u0002wzxhzdk:([0-9]+)\u0003")
_RAW_TAG: Final = re.compile(
    rf"<(?P<end>/?)(?P<name>{'|'.join(sorted(_SKIPPED))})\b[^>]*?(?P<empty>/?)>", re.IGNORECASE
)


Entry = Term | Model


@dataclass(frozen=True)
class Mark:
    """A term or a model marked on a page."""

    entry: Entry
    section: str
    """The id of the heading above it; empty above the first."""


@dataclass(frozen=True)
class Place:
    """Where the step is at work: what it needs to know beyond the tree, and what it leaves for the page."""

    glossary: Glossary
    uri: str
    """Of the page, from docs/."""
    marks: list[Mark] = field(default_factory=list)
    """Filled by the step, in reading order."""
    uses: Matcher[Term | Model | None] | None = None
    """What is linked, where that is more than the terms."""


def mark(root: Element, place: Place, stash: Sequence[str | Element]) -> None:
    """Link the terms of a tree. `stash`: the pieces of raw HTML that stand in it as placeholders."""

    def stashed(number: int) -> str:
        return str(stash[number]) if number < len(stash) and isinstance(stash[number], str) else ""

    if place.uses or place.glossary.terms:
        _Page(place, stashed).walk(root)


class _Page:
    """One pass over a page, in the order in which it is read."""

    def __init__(self, place: Place, stashed: Callable[[int], str]) -> None:
        self._place = place
        self._stashed = stashed
        self._matcher: Matcher[Term | Model | None] | Matcher[Term | None] = place.uses or place.glossary.uses
        self._section = ""
        self._seen: set[str] = set()  # in this section
        self._raw: list[str] = []  # raw HTML elements that are open and hold no terms

    def walk(self, element: Element) -> None:
        """Mark the terms below an element. Its tail belongs to its parent."""
        if element.tag in _HEADINGS:
            self._section = element.get("id", "")
            self._seen.clear()
        if (
            not isinstance(element.tag, str)
            or element.tag in _SKIPPED
            or not _SKIPPED_CLASSES.isdisjoint(element.get("class", "").split())
        ):
            return
        if element.tag in _BLOCKS:
            self._raw.clear()
        part(element, self._mark, self.walk)

    def _mark(self, text: str) -> tuple[str, list[Element]]:
        """Part a text at the terms that are new in this section: what stands before the first, and their links with tails."""
        if isinstance(text, AtomicString):
            return text, []
        links: list[Element] = []
        before, at = "", 0

        def keep(piece: str) -> None:
            nonlocal before
            if links:
                links[-1].tail = (links[-1].tail or "") + piece
            else:
                before += piece

        for start, end in self._readable(text):
            for match in self._matcher.find(text, start, end):
                if match.value is not None and match.value.anchor not in self._seen:
                    keep(text[at : match.start])
                    links.append(self._link(match.value, match.phrase))
                    at = match.end
        if not links:
            return text, []
        keep(text[at:])
        return before, links

    def _readable(self, text: str) -> list[tuple[int, int]]:
        """The stretches of a text that are not inside a raw HTML link or the like."""
        if "\u0002" not in text:
            return [] if self._raw else [(0, len(text))]
        stretches = []
        start = 0
        for match in _STASHED.finditer(text):
            if not self._raw:
                stretches.append((start, match.start()))
            for tag in _RAW_TAG.finditer(self._stashed(int(match[1]))):
                name = tag["name"].lower()
                if not tag["end"] and not tag["empty"]:
                    self._raw.append(name)
                elif name in self._raw:
                    del self._raw[self._raw.index(name) :]
            start = match.end()
        if not self._raw:
            stretches.append((start, len(text)))
        return stretches

    def _link(self, entry: Entry, words: str) -> Element:
        self._seen.add(entry.anchor)
        self._place.marks.append(Mark(entry, self._section))
        link = Element(
            "a",
            {
                "class": "pn-term" if isinstance(entry, Term) else "pn-term pn-model",
                "href": entry_address(entry, self._place.uri),
                "data-pn-preview": entry.anchor,
                "aria-describedby": f"pn-preview-{entry.anchor}",
            },
        )
        link.text = AtomicString(words)
        return link


def entry_address(entry: Entry, uri: str) -> str:
    """The address of an entry, as a link on the page `uri` writes it."""
    page = GLOSSARY if isinstance(entry, Term) else entry.uri
    return f"{relpath(address(page), dirname(uri) or '.')}#{entry.anchor}"


def cards(marks: Iterable[Mark], uri: str, words: Words, days: Mapping[str, str] = MappingProxyType({})) -> str:
    """The previews of what is marked on a page, once each, as HTML to stand at its end.

    `days`: by the id of a model, when it came out.
    """
    found = dict.fromkeys(mark.entry for mark in marks)
    return "".join(
        _card(entry, entry_address(entry, uri), words["card.term"])
        if isinstance(entry, Term)
        else model_card(entry, entry_address(entry, uri), days.get(entry.id, ""), words)
        for entry in found
    )


@lru_cache(maxsize=4096)
def _card(term: Term, address: str, go: str) -> str:
    """What the preview of a term shows: rendering, English, definition, and the way to its entry."""
    english = f"{term.en}（{term.abbr}）" if term.abbr else term.en
    meta = "" if term.is_name else f'<p class="pn-card__meta" lang="en">{escape(english)}</p>'
    return (
        f'<div id="pn-preview-{term.anchor}" class="pn-card" hidden><p class="pn-card__title">{escape(term.zh)}</p>{meta}'
        f'<p class="pn-card__summary">{escape(term.definition)}</p>'
        f'<p class="pn-card__foot"><a class="pn-card__link" href="{escape(address)}">{go}</a></p></div>\n'
    )


def model_card(model: Model, address: str, day: str, words: Words) -> str:
    """What the preview of a model shows: who made it and when, how large it is, its licence, and the way to its entry."""
    maker = model.maker.values[0] if model.maker else ""
    rows = [
        f"{FACTS[name]}{words['colon']}{shown}"
        for name in ("sizes", "tokens", "context", "licence")
        if name not in model.without and (shown := model.shown(name))
    ]
    meta = words["comma"].join(filter(None, (maker, in_words(day))))
    return (
        f'<div id="pn-preview-{model.anchor}" class="pn-card" hidden><p class="pn-card__title">{escape(model.name)}</p>'
        f'<p class="pn-card__meta">{escape(meta)}</p><p class="pn-card__summary">{escape(words["semicolon"].join(rows))}</p>'
        f'<p class="pn-card__foot"><a class="pn-card__link" href="{escape(address)}">{words["card.model"]}</a></p></div>\n'
    )


class _Escape(InlineProcessor):
    """`[~LoRA]`: the words alone, without a preview."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        element = Element("span", {"class": "pn-plain"})
        element.text = m["words"]
        return element, m.start(0), m.end(0)


class TermEscapeExtension(Extension):
    """Registers the escape."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """See the priority above."""
        md.inlinePatterns.register(_Escape(_ESCAPE, md), "pn-term-escape", ESCAPE_PRIORITY)
