"""Pages that arXiv has left behind: a newer version than the one read, or a paper that was withdrawn.

A note to readers and to contributors, never a finding that stops a build: a page stays true to the version it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.text.finding import Finding
from papernotes.text.rule import Rule

RULES = (
    Rule("drift-version", "arXiv 上已有更新的版本", "页面写自旧版；新版可能改了数字。这是提醒，不算错误。", "version: 3（arXiv 上已有第 5 版）", "version: 5"),
    Rule("drift-withdrawn", "论文已被撤回", "读者应当知道论文已被撤回。这是提醒，不算错误。", "（台账里 withdrawn 为 true）", "（在页面的「后来」一节写明撤回）"),
)  # fmt: skip


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
