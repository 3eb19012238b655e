"""Blocks of pairs: what keeps a translation from being matched with its original, or from being published."""

from __future__ import annotations

from collections.abc import Iterator

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.ledger import Record
from papernotes.data.licences import licence_of
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text import pairs
from papernotes.text.document import Document
from papernotes.text.pairs import Pairs

RULES = (
    Rule(
        "pairs-block",
        "译文块写完整，只在论文页；摘要的一页一块，放在最前",
        "译文块以 `/// pairs | 摘要` 开头，以单独一行 `///` 结尾，都顶格，前面空一行。读者在每一页的同一个位置找到摘要。",
        "/// pair | 摘要",
        "/// pairs | 摘要",
    ),
    Rule(
        "pairs-option",
        "译文块写明译的是什么、底本在哪里",
        "of 是译的部分，cut 是断句程序的版本，version 是论文的版本；copy 写 arxiv，就是照 arXiv 上这一版的摘要译的，别的写 other；seen 说原文是在哪里读到的。",
        "    cut: 7",
        "    cut: 1",
    ),
    Rule(
        "pairs-fingerprint",
        "每句译文前面有原文的指纹",
        "原文不收进仓库；原文改了没有、改在哪一句，全靠指纹看出来。",
        "8f3a 这一句译文的指纹少了几位。",
        "8f3a1c2e 这一句译文的指纹是八位。",
    ),
    Rule(
        "pairs-text",
        "一行一句译文",
        "一句原文对一句译文，读者才能对照着读。",
        "8f3a1c2e",
        "8f3a1c2e 这是那一句的译文。",
    ),
    Rule(
        "pairs-licence",
        "摘要以外，许可允许才能译",
        "摘要是 arXiv 以 CC0 发布的元数据；论文的其余部分属于作者，台账里所译的那一版是 CC BY、CC BY-SA 或 CC0，才能发布译文和原句。署名、许可和「有改动」的说明由网站写。",
        "    of: §3.1（台账里没有许可，或者是 CC BY-NC）",
        "    of: §3.1（台账里这一版是 CC BY 4.0）",
    ),
)


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Everything wrong with the blocks of pairs of a page."""
    abstract = pairs.abstract_of(document)
    for block in pairs.scan(document):
        for problem in block.problems:
            yield document.finding(*problem)
        if kind_of(document.uri) != "paper":
            what, fix = "a translation on a page that is about no one paper", "move it to the paper's page"
            yield document.finding(block.offset, "pairs-block", what, fix)
        elif block.is_abstract and block is not abstract:
            yield document.finding(block.offset, "pairs-block", "a second block of pairs", "keep one")
        elif block.is_abstract and document.prose[: block.offset].strip():
            what, fix = "the block of pairs is not the first of the page", "move it to the top, before every heading"
            yield document.finding(block.offset, "pairs-block", what, fix)
        if block is abstract:
            yield from _strangers(document, block, site)
        record = site.ledger.get(document.arxiv)
        if block.of and not block.is_abstract and block.version:
            yield from _licence(document, block, record)
        newest = record.version if record else None
        if block.version and newest and block.version > newest:
            what = f"the ledger knows no version {block.version}"
            yield document.finding(block.version_offset, "pairs-option", what, f"the newest it knows is {newest}")


def _strangers(document: Document, block: Pairs, site: Site) -> Iterator[Finding]:
    """Fingerprints of another paper's abstract, and pairs in another order than that of the very abstract they name."""
    kept = site.abstracts.all_of(document.arxiv)
    known = [mark for each in kept for mark in each.fingerprints]
    own = next((each for each in kept if each.version == block.version), None)
    for pair in block.pairs:
        other = site.translated.get(pair.fingerprint, document)
        if other.uri != document.uri and pair.fingerprint not in known:
            what = f"the fingerprint {quote(pair.fingerprint)} is that of a sentence on {other.path}"
            fix = "take it from 'make pairs ID=…'; where both abstracts have the sentence, refresh"
            yield document.finding(pair.offset, "pairs-fingerprint", what, fix)
    if own and block.is_arxiv:
        for step in pairs.drift(block.fingerprints, own.fingerprints):
            if step.change == "moved" and step.old is not None and step.new is not None:
                what = f"{quote(block.pairs[step.old].fingerprint)} is sentence {step.new + 1} of version {own.version}"
                yield document.finding(
                    block.pairs[step.old].offset, "pairs-text", what, "sort the pairs as the sentences"
                )


def _licence(document: Document, block: Pairs, record: Record | None) -> Iterator[Finding]:
    """Why a part of a paper may not be published in translation: the licence of the version that was read does not allow it."""
    licence = licence_of(record.licences, block.version) if record else None
    if licence and licence.version and licence.terms.is_open:
        return
    own = f"write of: {pairs.ABSTRACT}, or tell the rest in words of your own"
    fix = f"ask arXiv: make refresh ARGS='--licences {document.arxiv}'; until it tells, {own}"
    if licence is None:
        what = f"the licence of version {block.version} is not known"
    elif licence.version is None:
        what = f"{licence.source} gives {licence.licence} for the paper and not for version {block.version}"
    else:
        what = f"version {block.version} is under {licence.licence}"
        fix = f"only CC BY, CC BY-SA and CC0 allow it: {own}"
    what = f"{quote(block.of)} is more than the abstract, and {what}"
    yield document.finding(block.of_offset, "pairs-licence", what, fix)
