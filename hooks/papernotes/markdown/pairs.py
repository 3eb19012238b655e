"""Blocks of pairs as HTML: a section with its heading, each sentence an element, and a line that says what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_any

from papernotes.base.licences import Licence
from papernotes.data import outdated
from papernotes.data.abstracts import Abstract
from papernotes.data.licences import licence_of
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.markdown import formula
from papernotes.text.pairs import Change, Pairs, Step
from papernotes.text.parsed import PAIR, Parsed
from papernotes.text.slash_blocks import KINDS
from papernotes.words import Words

_LINE: Final = re.compile("(?P<mark>[\U000f0001-\U000ffffd]?)[ \t]*(?P<fingerprint>[0-9a-f]+)[ \t]+(?P<text>[^\n]*)")

_CHANGES: Final[Mapping[Change, str]] = {
    "changed": "pairs.changed",
    "removed": "pairs.removed",
    "moved": "pairs.moved",
    "added": "pairs.added",
}
_MODES: Final = {"zh": "pairs.zh", "both": "pairs.both", "en": "pairs.en"}
_HERE: Final = "\0"
"""Where an element stands among words."""
ADDRESS: Final = "s-"
"""Begins the address of a sentence inside its page; its fingerprint follows."""
_AUTHORS: Final = 6
"""Named below a part of a paper; two more are named rather than counted."""
_FORMULA: Final = re.compile(
    r"(?<!\\)(?:\$\$(?P<display>(?:[^$\\]|\\.)+)\$\$|\$(?![\s$])(?P<inline>(?:[^$\\]|\\.)+)(?<!\s)\$(?![0-9$]))"
)
"""TeX in the text of an abstract; the dollars of prices are none."""


class PairsExtension(BlocksExtension):  # type: ignore[misc]  # pymdownx is untyped
    """Reads `/// pairs`; where the original stands is filled in by `fill`."""

    def extendMarkdownBlocks(self, md: Markdown, blocks: BlocksProcessor) -> None:  # noqa: N802 (their name)
        """Register the block."""
        blocks.register(PairsBlock, {})


class PairsBlock(Block):  # type: ignore[misc]  # pymdownx is untyped
    """One block. Every option is of any type: `rules.pairs` says what is wrong, and Blocks could not say where."""

    NAME = "pairs"
    ARGUMENT = None
    OPTIONS = dict.fromkeys(KINDS["pairs"].options, (None, type_any))

    def on_create(self, parent: Element) -> Element:
        """The heading, and the section into which the sentences are read."""
        SubElement(parent, "h2").text = self.argument or ""
        return SubElement(parent, "div", {"class": "pn-pairs"})

    def on_end(self, block: Element) -> None:
        """Make one paragraph of the lines, each of them an element; it runs on as Chinese does, without spaces."""
        paragraphs = block.findall("p")
        text = Element("p", {"class": "pn-pairs__text"})
        for paragraph in paragraphs:
            for line in _LINE.finditer(paragraph.text or ""):
                pair = SubElement(text, "span", {"class": "pn-pairs__pair", PAIR: line["fingerprint"]})
                SubElement(pair, "span", {"class": "pn-pairs__zh", "lang": "zh"}).text = line["mark"] + line["text"]
                pair.tail = "\n"
            block.remove(paragraph)
        if len(text):
            block.insert(0, text)


def fill(root: Element, parsed: Parsed, site: Site, md: Markdown) -> None:
    """What a page's translations need to know of the site: whose text it is, from which copy, and how the original is now."""
    paper = site.by_uri.get(parsed.document.uri)
    boxes = [each for each in root.iter("div") if each.get("class") == "pn-pairs"]
    named: set[str] = set()  # a sentence may stand in two blocks, and its address in one
    for number, (section, block) in enumerate(zip(boxes, parsed.pairs, strict=False), 1):
        spans = {span.attrib.pop(PAIR): span for span in section.iter("span") if PAIR in span.attrib}
        if paper is None:
            continue
        if not block.is_abstract:
            section.append(_attribution(block, paper, site.words))
            originals = {pair.fingerprint: pair.original for pair in block.pairs if pair.original}
        else:
            source = _source(block, paper.arxiv, site.words)
            section.append(source)
            compared = outdated.abstract_of(paper, parsed.document, site)
            originals = {}
            if compared:
                _, seen, steps = compared
                _mark(spans, block, seen, steps, source, site.words)
                kept = site.abstracts.all_of(paper.arxiv)
                originals = dict(pair for each in kept for pair in zip(each.fingerprints, each.sentences, strict=False))
        shown = {fingerprint: spans[fingerprint] for fingerprint in originals if fingerprint in spans}
        for fingerprint, span in shown.items():
            span.insert(1, original(originals[fingerprint], md))
            if fingerprint not in named:
                span.set("id", f"{ADDRESS}{fingerprint}")
                named.add(fingerprint)
        if shown:
            section.insert(0, _modes(block.label, number, site.words))


def _mark(
    spans: Mapping[str, Element], block: Pairs, seen: Abstract, steps: Sequence[Step], source: Element, words: Words
) -> None:
    """Say what has changed: at each sentence where the original was translated from, below all where it was another copy."""
    version = words.say("read.version", version=seen.version) if seen.version else words.say("pairs.then")
    if steps and not block.is_arxiv:
        _add(source, words.say("pairs.other_copy", version=version, day=seen.day, n=len(steps)))
        return
    for step in steps:
        span = spans.get(block.pairs[step.old].fingerprint) if step.old is not None else None
        if span is not None:
            SubElement(span, "span", {"class": "pn-pairs__drift"}).text = AtomicString(words[_CHANGES[step.change]])
    if steps:
        added = sum(step.change == "added" for step in steps)
        more = words.say("pairs.more", n=added) if added else ""
        _add(source, words.say("pairs.drift", version=version, day=seen.day, more=more))


def _add(line: Element, words: str) -> None:
    line[-1].tail = AtomicString((line[-1].tail or "") + words)


def original(sentence: str, md: Markdown) -> Element:
    """The original of a sentence, with its formulas set as everywhere; what TeX cannot read stays as it was written.

    The keyboard reaches it, and so its pair, where it is shown.
    """
    element = Element("span", {"class": "pn-pairs__en", "lang": "en", "tabindex": "0"})
    last, at = None, 0
    for match in _FORMULA.finditer(sentence):
        try:
            math = formula.render((match["inline"] or match["display"]).strip(), False)
        except formula.FormulaError:
            continue
        _append(element, last, sentence[at : match.start()])
        last, at = SubElement(element, "span", {"class": "pn-formula"}), match.end()
        last.text = md.htmlStash.store(math)
    _append(element, last, f"{sentence[at:]} ")
    return element


def _append(element: Element, last: Element | None, text: str) -> None:
    """Add text to an element, behind its last child where it has one."""
    if last is None:
        element.text = AtomicString(text)
    else:
        last.tail = AtomicString(text)


def _modes(label: str, number: int, words: Words) -> Element:
    """The choice of what is shown, above a translation; `number` tells it from those of the page's other blocks."""
    modes = Element("fieldset", {"class": "pn-pairs__modes", "aria-label": words.say("pairs.modes", part=label)})
    for value, key in _MODES.items():
        mode = SubElement(modes, "label", {"class": "pn-pairs__mode"})
        given = {"checked": "checked"} if value == "zh" else {}
        button = {"type": "radio", "name": f"pn-pairs-{number}", "value": value, **given}
        SubElement(mode, "input", button).tail = AtomicString(words[key])
    return modes


def _attribution(block: Pairs, paper: Paper, words: Words) -> Element:
    """The line below a part of a paper: who wrote it, where it stands, under which licence, and that it was changed.

    Source: https://creativecommons.org/licenses/by/4.0/legalcode, section 3(a)
    """
    line = Element("p", {"class": "pn-pairs__source"})
    authors, licence = paper.record.authors, licence_of(paper.record.licences, block.version)
    line.text = AtomicString(words.say("pairs.original"))
    names = SubElement(line, "span", {"lang": "en"})
    few = authors if len(authors) <= _AUTHORS + 2 else authors[:_AUTHORS]
    names.text = AtomicString(", ".join(few))
    names.tail = AtomicString(
        words.say("pairs.authors", n=len(authors)) if len(few) < len(authors) else words.say("comma")
    )
    address = f"{paper.arxiv}v{block.version}"
    title = SubElement(line, "a", {"href": f"https://arxiv.org/abs/{address}", "lang": "en"})
    title.text = AtomicString(paper.record.title)
    title.tail = AtomicString(words.say("pairs.place", id=address, part=block.of, copy=_spaced(block.seen)))
    if licence is None:  # a preview of a page that the check refuses
        return line
    is_alike = "cc-by-sa" in licence.licence
    said = words.say(
        "pairs.licence_alike" if is_alike else "pairs.licence",
        licence=_HERE,
        source=licence.source_name,
        day=words.say("day", day=licence.day),
    )
    before, *parts = said.split(_HERE)
    _add(line, before)
    for part in parts:
        _add_licence(line, licence.terms)
        _add(line, part)
    return line


def _add_licence(line: Element, licence: Licence) -> None:
    SubElement(line, "a", {"href": licence.url}).text = AtomicString(licence.name)


def _source(block: Pairs, arxiv: str, words: Words) -> Element:
    """The line below a translation."""
    version = f"v{block.version}" if block.version else ""
    line = Element("p", {"class": "pn-pairs__source"})
    link = SubElement(line, "a", {"href": f"https://arxiv.org/abs/{arxiv}{version}"})
    link.text = AtomicString(
        words.say("pairs.abstract_version", version=block.version) if block.version else words.say("pairs.abstract")
    )
    said = words.say("pairs.source" if block.is_arxiv else "pairs.source_other", link=_HERE, copy=_spaced(block.seen))
    before, _, after = said.partition(_HERE)
    line.text, link.tail = AtomicString(before), AtomicString(after)
    return line


def _spaced(words: str) -> str:
    """Words that follow Chinese: a space before a Latin letter."""
    return f" {words}" if words[:1].isascii() else words
