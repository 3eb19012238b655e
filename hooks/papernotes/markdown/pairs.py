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

_LINE: Final = re.compile("(?P<mark>[\U000f0001-\U000ffffd]?)[ \t]*(?P<fingerprint>[0-9a-f]+)[ \t]+(?P<text>[^\n]*)")

_CHANGES: Final[Mapping[Change, str]] = {
    "changed": "原文已改",
    "removed": "原文已删",
    "moved": "原文已移",
    "added": "原文已加",
}
_MODES: Final = {"zh": "中文", "both": "对照", "en": "原文"}
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
        return SubElement(parent, "section", {"class": "pn-pairs"})

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
    sections = [each for each in root.iter("section") if each.get("class") == "pn-pairs"]
    named: set[str] = set()  # a sentence may stand in two blocks, and its address in one
    for number, (section, block) in enumerate(zip(sections, parsed.pairs, strict=False), 1):
        spans = {span.attrib.pop(PAIR): span for span in section.iter("span") if PAIR in span.attrib}
        if paper is None:
            continue
        if not block.is_abstract:
            section.append(_attribution(block, paper))
            originals = {pair.fingerprint: pair.original for pair in block.pairs if pair.original}
        else:
            source = _source(block, paper.arxiv)
            section.append(source)
            compared = outdated.abstract_of(paper, parsed.document, site)
            originals = {}
            if compared:
                _, seen, steps = compared
                _mark(spans, block, seen, steps, source)
                kept = site.abstracts.all_of(paper.arxiv)
                originals = dict(pair for each in kept for pair in zip(each.fingerprints, each.sentences, strict=False))
        shown = {fingerprint: spans[fingerprint] for fingerprint in originals if fingerprint in spans}
        for fingerprint, span in shown.items():
            span.insert(1, original(originals[fingerprint], md))
            if fingerprint not in named:
                span.set("id", f"{ADDRESS}{fingerprint}")
                named.add(fingerprint)
        if shown:
            section.insert(0, _modes(block.label, number))


def _mark(spans: Mapping[str, Element], block: Pairs, seen: Abstract, steps: Sequence[Step], source: Element) -> None:
    """Say what has changed: at each sentence where the original was translated from, below all where it was another copy."""
    version = f"第 {seen.version} 版" if seen.version else "当时"
    if steps and not block.is_arxiv:
        _add(source, f"底本不同：与 arXiv 上{version}的摘要（{seen.day}）有 {len(steps)} 处不同。")
        return
    for step in steps:
        span = spans.get(block.pairs[step.old].fingerprint) if step.old is not None else None
        if span is not None:
            SubElement(span, "span", {"class": "pn-pairs__drift"}).text = AtomicString(_CHANGES[step.change])
    if steps:
        added = sum(step.change == "added" for step in steps)
        more = f"，另有 {added} 句是新加的" if added else ""
        _add(source, f"原文已改：标出的句子与 arXiv 上{version}的摘要（{seen.day}）不同{more}。")


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


def _modes(label: str, number: int) -> Element:
    """The choice of what is shown, above a translation; `number` tells it from those of the page's other blocks."""
    modes = Element("fieldset", {"class": "pn-pairs__modes", "aria-label": f"{label}显示哪种文字"})
    for value, words in _MODES.items():
        mode = SubElement(modes, "label", {"class": "pn-pairs__mode"})
        given = {"checked": "checked"} if value == "zh" else {}
        button = {"type": "radio", "name": f"pn-pairs-{number}", "value": value, **given}
        SubElement(mode, "input", button).tail = AtomicString(words)
    return modes


def _attribution(block: Pairs, paper: Paper) -> Element:
    """The line below a part of a paper: who wrote it, where it stands, under which licence, and that it was changed.

    Source: https://creativecommons.org/licenses/by/4.0/legalcode, section 3(a)
    """
    line = Element("p", {"class": "pn-pairs__source"})
    authors, licence = paper.record.authors, licence_of(paper.record.licences, block.version)
    line.text = AtomicString("原文：")
    names = SubElement(line, "span", {"lang": "en"})
    few = authors if len(authors) <= _AUTHORS + 2 else authors[:_AUTHORS]
    names.text = AtomicString(", ".join(few))
    names.tail = AtomicString(f" 等 {len(authors)} 人，" if len(few) < len(authors) else "，")
    address = f"{paper.arxiv}v{block.version}"
    title = SubElement(line, "a", {"href": f"https://arxiv.org/abs/{address}", "lang": "en"})
    title.text = AtomicString(paper.record.title)
    title.tail = AtomicString(f"，arXiv:{address}，{block.of}（读自{_spaced(block.seen)}）")
    if licence is None:  # a preview of a page that the check refuses
        return line
    day = f"{licence.day.year} 年 {licence.day.month} 月 {licence.day.day} 日"
    _add(line, "，以 ")
    _add_licence(line, licence.terms)
    _add(line, f" 发布（据 {licence.source_name}，{day}）。译文是本站对原文的改动：逐句译成了中文")
    if "cc-by-sa" in licence.licence:
        _add(line, "，同样以 ")
        _add_licence(line, licence.terms)
        _add(line, " 发布")
    _add(line, "。")
    return line


def _add_licence(line: Element, licence: Licence) -> None:
    SubElement(line, "a", {"href": licence.url}).text = AtomicString(licence.name)


def _source(block: Pairs, arxiv: str) -> Element:
    """The line below a translation."""
    version = f"v{block.version}" if block.version else ""
    line = Element("p", {"class": "pn-pairs__source"})
    link = SubElement(line, "a", {"href": f"https://arxiv.org/abs/{arxiv}{version}"})
    link.text = AtomicString(f"arXiv 上第 {block.version} 版的摘要" if block.version else "arXiv 上的摘要")
    if block.is_arxiv:
        line.text = AtomicString("这是本站的译文，原文是 ")
        link.tail = AtomicString(f"（读自{_spaced(block.seen)}）。")
    else:
        line.text = AtomicString(f"这是本站的译文，译自{_spaced(block.seen)}，与 ")
        link.tail = AtomicString(" 的字句可能略有出入。")
    return line


def _spaced(words: str) -> str:
    """Words that follow Chinese: a space before a Latin letter."""
    return f" {words}" if words[:1].isascii() else words
