"""Sentences for a second reader: they claim a cause, a comparison or a correction, and no source mark stands behind them.

Notes, no rule: whether a paper makes an inference, only somebody who holds the sentence against it can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from papernotes.base.finding import quote
from papernotes.data.paper import kind_of
from papernotes.markdown.source_marks import ANY_MARK
from papernotes.text.blocks import blocks
from papernotes.text.document import Document
from papernotes.text.masking import FILL, readable, sentences
from papernotes.text.special_pages import ERRATA

WORDS: Final = re.compile(
    r"因此|因为|因而|由于|所以|于是|从而|导致|使得|归功|原因|代价|说明(?!书|文件|里)|表明|证明|意味着|可见"
    r"|反过来|反而|反倒|相反|其实|实际上|并非|不是|而是|胜过|好过|不如|优于|远比|更(?!新)|最(?![后初终近优小])"
    r"|只(?!读)|全都|总是|从不|唯一|必须|一定(?!程度)|关键|根本|(?<!首)都(?!市)"
)
OURS: Final = re.compile(r"我们(?!之前)|自算|本站|本页")
"""A sentence with one of these says whose claim it is."""


class Claim(NamedTuple):
    """A sentence that somebody should hold against the paper."""

    path: str
    line: int
    words: tuple[str, ...]
    """What makes it a claim, in order."""
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'、'.join(self.words)}: {quote(self.sentence, 120)}"


def unmarked(document: Document) -> Iterator[Claim]:
    """The claims of a paper's, a topic's or the errata page behind which no mark stands in their paragraph or item.

    Left out are tables, figure blocks and the abstract, whose places are known, and sentences that say they are ours.
    """
    if kind_of(document.uri) == "plain" and document.uri != ERRATA:
        return
    text = readable(document)
    for block in blocks(document):
        if block.kind not in {"paragraph", "item"} or block.in_figure:
            continue
        end = block.offset + len(block.text)
        marks = [match.end() for match in ANY_MARK.finditer(document.prose, block.offset, end)]
        start = max(marks, default=block.offset)
        for span in sentences(text[start:end]):
            sentence = text[start + span.start : start + span.end]
            words = tuple(dict.fromkeys(match.group() for match in WORDS.finditer(sentence)))
            if words and not OURS.search(sentence):
                line, _ = document.place(start + span.start)
                yield Claim(document.path, line, words, sentence.replace(FILL, "").strip())
