"""Search over the pages of this repository: the queries that its readers ask, and runs of its own text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT
from playwright.sync_api import Page
from searching import ENGINE, INPUT, ask, missed, searched_pages

GOLDEN: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/cases/search/golden.yml").read_text("utf-8"))


def test_any_run_of_characters_finds_its_page(real_site: Path, real_server: str, visit: Callable[..., Any]) -> None:
    assert missed(visit(real_server).open(), real_server, searched_pages(real_site), number=1000) == []


def test_golden_queries(real_server: str, visit: Callable[..., Any]) -> None:
    """The right page first for nine of ten queries, and a mean reciprocal rank of at least 0.95."""
    page: Page = visit(real_server).open()
    page.locator(INPUT).focus()
    page.evaluate(ENGINE)
    assert len(GOLDEN) >= 80
    ranks = {}
    for case in GOLDEN:
        right = [case["page"]] if isinstance(case["page"], str) else case["page"]
        found = list(dict.fromkeys(ask(page, case["query"])))
        ranks[case["query"]] = next((place for place, path in enumerate(found, 1) if path.endswith(tuple(right))), 0)
    first = sum(rank == 1 for rank in ranks.values()) / len(ranks)
    mean = sum(1 / rank for rank in ranks.values() if rank) / len(ranks)
    wrong = {query: rank for query, rank in ranks.items() if rank != 1}
    print(f"\n{len(ranks)} queries: first for {first:.1%}, mean reciprocal rank {mean:.3f}; not first: {wrong}")
    assert first >= 0.9, wrong
    assert mean >= 0.95, wrong
