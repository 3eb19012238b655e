"""Blocks of pairs as HTML: a section with its heading, each sentence an element, and a line that says what it is."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_any

from papernotes.data.site import Site
from papernotes.text.pairs import Pairs
from papernotes.text.parsed import PAIR, Parsed
from papernotes.text.slash_blocks import KINDS

_LINE: Final = re.compile("(?P<mark>[\U000f0001-\U000ffffd]?)[ \t]*(?P<fingerprint>[0-9a-f]+)[ \t]+(?P<text>[^\n]*)")


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


def fill(root: Element, parsed: Parsed, site: Site) -> None:
    """Say below each translation of a page of whose text it is one, and from which copy it was made."""
    paper = site.by_uri.get(parsed.document.uri)
    sections = [each for each in root.iter("section") if each.get("class") == "pn-pairs"]
    for section, block in zip(sections, parsed.pairs, strict=False):
        for pair in section.iter("span"):
            pair.attrib.pop(PAIR, None)
        if paper:
            section.append(_source(block, paper.arxiv))


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
