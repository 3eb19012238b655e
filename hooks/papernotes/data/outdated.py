"""Pages that arXiv has left behind: a newer version than the one read, or a paper that was withdrawn.

A note to readers and to contributors, never a finding that stops a build: a page stays true to the version it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from papernotes.base.finding import Finding
from papernotes.base.rule import Rule
from papernotes.data.abstracts import Abstract
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.text import pairs
from papernotes.text.document import Document
from papernotes.text.pairs import Change, Pairs, Step

RULES = (
    Rule("drift-version", "arXiv 上已有更新的版本", "页面写自旧版；新版可能改了数字。这是提醒，不算错误。", "version: 3（arXiv 上已有第 5 版）", "version: 5"),
    Rule("drift-withdrawn", "论文已被撤回", "读者应当知道论文已被撤回。这是提醒，不算错误。", "（台账里 withdrawn 为 true）", "（在页面的「后来」一节写明撤回）"),
    Rule("drift-abstract", "摘要的原文改了", "译文不再对应原文；哪一句改了、多了、少了、移了，都指得出来。这是提醒，不算错误。", "8f3a1c2e 旧的那一句。", "0b1d2c3e 新的那一句。"),
)  # fmt: skip

_FIXES: Final[Mapping[Change, str]] = {
    "changed": "translate it anew, with the fingerprint it has now",
    "added": "translate it, with its fingerprint from 'make pairs ID=…'",
    "removed": "remove its pair",
    "moved": "move its pair to where the sentence stands now",
}


@dataclass(frozen=True)
class Drift:
    """How a page differs from what arXiv has now."""

    newer: int | None
    """The newest version, where it is newer than the one read."""
    withdrawn: bool


def of(paper: Paper) -> Drift | None:
    """How a page has been left behind, or None. Unknown versions are not compared."""
    record = paper.record
    newer = record.version if paper.version and record.version and record.version > paper.version else None
    return Drift(newer, record.withdrawn) if newer or record.withdrawn else None


def abstract_of(paper: Paper, document: Document, site: Site) -> tuple[Pairs, Abstract, tuple[Step, ...]] | None:
    """The translated abstract of a page, arXiv's as it was last seen, and how they differ; None where one is missing."""
    seen = site.abstracts.of.get(paper.arxiv)
    block = pairs.abstract_of(document)
    if seen is None or block is None:
        return None
    return block, seen, pairs.drift(block.fingerprints, seen.fingerprints)


def _abstract_notes(paper: Paper, document: Document, site: Site) -> Iterator[Finding]:
    compared = abstract_of(paper, document, site)
    if compared is None:
        return
    block, seen, steps = compared
    version = f"version {seen.version} of {seen.day}" if seen.version else f"the abstract of {seen.day}"
    if steps and not block.is_arxiv:
        what = f"translated from another copy; sentences that differ in {version}: {len(steps)}"
        yield document.finding(block.offset, "drift-abstract", what, "compare the two, then set 'copy: arxiv'")
        return
    for step in steps:
        offset = block.offset if step.old is None else block.pairs[step.old].offset
        which = f"sentence {(step.new if step.old is None else step.old) + 1}"  # type: ignore[operator]  # one of them is there
        what = f"{which} of the abstract was {step.change} in {version}"
        yield document.finding(offset, "drift-abstract", what, _FIXES[step.change])


def notes(site: Site) -> Iterator[Finding]:
    """What contributors may want to look at, sorted by page. Not part of the checks that a build must pass."""
    for paper in sorted(site.papers.values(), key=lambda paper: paper.uri):
        drift = of(paper)
        document = site.documents[paper.uri]
        if drift and drift.newer:
            what = f"the page was written from version {paper.version}, arXiv has version {drift.newer}"
            fix = "read what changed, then set 'version' and 'checked'"
            yield document.front_finding("version", "drift-version", what, fix)
        if drift and drift.withdrawn:
            what = f"{paper.arxiv} was withdrawn from arXiv"
            yield document.front_finding("arxiv", "drift-withdrawn", what, "say so on the page, with the reason")
        yield from _abstract_notes(paper, document, site)
