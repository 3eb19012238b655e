"""The newest pages: those first committed last; without a history, those checked last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from papernotes.base.git import Change
from papernotes.data.paper import TIERS, Paper
from papernotes.data.site import Site

MOST: Final = 8


def papers(site: Site, changes: Mapping[str, Change]) -> list[tuple[Paper, date]]:
    """Up to `MOST` papers with their days, newest first; of one day the longer pages first, then the newer papers."""
    order = list(TIERS)

    def day(paper: Paper) -> date:
        change = changes.get(paper.uri)
        return change.first if change else paper.checked.day

    ranked = sorted(site.papers.values(), key=lambda paper: paper.arxiv, reverse=True)
    ranked.sort(key=lambda paper: order.index(paper.tier))
    ranked.sort(key=day, reverse=True)
    return [(paper, day(paper)) for paper in ranked[:MOST]]
