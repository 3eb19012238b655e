"""The records of this repository: each fits its schema, and the tables fit each other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from conftest import ROOT, problems
from mapping import CHECKS, check_room, drawn

from papernotes.data import ledger
from papernotes.data.paper import kind_of
from papernotes.data.reading import reading_order
from papernotes.data.site import Site
from papernotes.pages import neighbours
from papernotes.pages.files import bibtex, schema
from papernotes.refresh.services.text import alike
from papernotes.text import pairs
from papernotes.text.frontmatter import read_yaml


@pytest.fixture(scope="module")
def made(real: Site) -> dict[str, dict[str, Any]]:
    return schema.schemas(real.tags)


def test_what_is_in_the_repository_is_current(real: Site) -> None:
    for path, text in schema.files(real.tags).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path} is stale; run `python -m papernotes schemas`"


def test_every_page_of_the_site_fits(real: Site, made: dict[str, dict[str, Any]]) -> None:
    for uri, document in real.documents.items():
        if document.front and uri not in real.drafts:
            kind = {"paper": "paper", "topic": "topic", "plain": "page"}[kind_of(uri)]
            value = {key: schema.plain(node) for key, node in document.front.entries.items()}
            assert problems(value, made[kind]) == [], uri


def test_the_ledger_and_the_tables_fit(made: dict[str, dict[str, Any]]) -> None:
    data = ROOT / "docs" / "_data"
    assert problems(json.loads((data / "papers.json").read_text(encoding="utf-8")), made["ledger"]) == []
    for name in ("terms", "models", "results", "paths", "tags"):
        node, findings = read_yaml(name, (data / f"{name}.yml").read_text(encoding="utf-8"))
        assert node is not None
        assert findings == []
        assert problems(schema.plain(node), made[name]) == []


def test_the_ledger_of_the_site() -> None:
    records, findings = ledger.read(ROOT / "docs", ROOT, today=date.max)
    assert findings == []
    assert ledger.serialise(records.values()) == (ROOT / "docs" / ledger.FILE).read_text(encoding="utf-8")
    assert all(count.source_name for record in records.values() for count in record.counts)


def test_no_two_papers_of_the_ledger_are_alike(real: Site) -> None:
    titles = [record.title for record in real.ledger.values()]
    assert [pair for pair in itertools.combinations(titles, 2) if alike(*pair)] == []


def test_every_paper_has_a_key_of_its_own_and_every_page_is_cited(real: Site) -> None:
    keys = bibtex.keys(real.ledger.values())
    assert len(set(keys.values())) == len(real.ledger)


def test_the_order_is_that_of_its_file_and_leads_through_notes_of_length(real: Site) -> None:
    assert list(real.path) == yaml.safe_load((ROOT / "docs" / reading_order.FILE).read_text(encoding="utf-8"))
    assert {real.papers[id_].tier for id_ in real.path} == {"full"}


def test_neighbours_agree_with_one_another(real: Site) -> None:
    for paper in real.papers.values():
        around = neighbours.of(paper, real)
        shown = [paper, *around.earlier, *around.later, *around.same]
        assert len({each.arxiv for each in shown}) == len(shown), paper.slug
        assert len(around.same) <= neighbours.MOST
        assert {each.arxiv for each in around.earlier} | {each.arxiv for each in around.unread} == set(paper.builds_on)
        for later in around.later:
            assert paper.arxiv in later.builds_on
        for each in around.same:
            assert each.tags[0] == paper.tags[0]


@pytest.mark.parametrize("check", CHECKS)
def test_the_map_keeps_to(real: Site, check: Callable[[Site], None]) -> None:
    check(real)


def test_no_label_of_the_map_lies_on_another(real: Site) -> None:
    check_room(drawn(real))


def test_every_paper_has_its_abstract_in_pairs(real: Site) -> None:
    for paper in real.papers.values():
        document = real.documents[paper.uri]
        (block,) = pairs.scan(document)
        assert not block.problems, paper.uri
        assert block.label == "摘要"
        assert len(block.pairs) >= 3, paper.uri
