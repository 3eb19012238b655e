"""Search over the pages of this repository: what its readers type, and runs of its own text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT
from searching import missed, searched_pages

from papernotes.dev import queries
from papernotes.search.fold import fold


def test_any_run_of_characters_finds_its_page(real_site: Path, real_server: str, visit: Callable[..., Any]) -> None:
    assert missed(visit, real_server, searched_pages(real_site), number=1000) == []


def test_the_right_page_comes_first(real_server: str, visit: Callable[..., Any]) -> None:
    """For 92 of 100 queries of the tuned half, with a mean reciprocal rank of at least 0.95. `make bench` tells it of all."""
    page = visit(real_server).open()
    kinds = queries.load(ROOT)["tuned"]
    found = queries.scores(kinds, lambda query: page.evaluate(queries.LISTING, query))
    print(f"\n{queries.table('tuned', found)}")
    assert len(kinds) == 10
    assert len(found["all"].places) >= 200
    assert found["all"].first >= 0.92
    assert found["all"].reciprocal >= 0.95


def test_the_entry_of_a_model_is_among_the_first_five_for_its_name(real_server: str, visit: Callable[..., Any]) -> None:
    """Those that a page presents are the hard ones: it comes first, and others have the name in their titles too."""
    page = visit(real_server).open()
    models = [each for each in yaml.safe_load((ROOT / "docs/_data/models.yml").read_text("utf-8")) if each["paper"]]
    assert len(models) > 20
    found = {each["name"]: page.evaluate(queries.LISTING, each["name"])[:5] for each in models}
    late = [
        each["name"]
        for each in models
        if f"models/{each['group']}.html" not in {url.partition("#")[0] for url in found[each["name"]]}
    ]
    assert late == [], found


def test_no_keyword_is_a_query_that_is_asked() -> None:
    """A keyword that answers one query of the table would answer the table, not readers."""
    asked = {fold(query.text) for kinds in queries.load(ROOT).values() for all_ in kinds.values() for query in all_}
    lines = [line for file in (ROOT / "docs").rglob("*.md") for line in file.read_text("utf-8").splitlines()]
    keywords = [word for line in lines if line.startswith("keywords: [") for word in yaml.safe_load(line)["keywords"]]
    assert len(keywords) > 100
    assert [word for word in keywords if fold(word) in asked] == []
