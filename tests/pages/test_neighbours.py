"""A paper's neighbours, the reading path, the time it takes to read."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT

from papernotes.data import reading_order
from papernotes.data import site as site_module
from papernotes.data.site import Site
from papernotes.pages import neighbours, reading_time


@pytest.fixture(scope="module")
def site() -> Site:
    return site_module.load(ROOT / "docs", root=ROOT, today=date.max)[0]


def test_the_path_is_the_article_s(site: Site) -> None:
    assert [site.papers[id_].slug for id_ in site.path] == [
        "pythia", "llama-2", "qlora", "bloomberggpt", "dpo", "mistral-7b", "orca-2", "convnets-match-vits",
        "segment-anything", "emu-video",
    ]  # fmt: skip


def test_steps_lead_along_the_path_and_back(site: Site) -> None:
    papers = [site.papers[id_] for id_ in site.path]
    around = [neighbours.of(paper, site) for paper in papers]
    assert [each.place for each in around] == list(range(1, 11))
    assert [each.next for each in around] == [*papers[1:], None]
    assert [each.previous for each in around] == [None, *papers[:-1]]
    off = neighbours.of(site.by_slug["lora"], site)
    assert (off.place, off.previous, off.next) == (None, None, None)


def test_neighbours_agree_with_one_another(site: Site) -> None:
    for paper in site.papers.values():
        around = neighbours.of(paper, site)
        shown = [paper, *around.earlier, *around.later, *around.same]
        assert len({each.arxiv for each in shown}) == len(shown), paper.slug
        assert len(around.same) <= neighbours.MOST
        assert {each.arxiv for each in around.earlier} | {each.arxiv for each in around.unread} == set(paper.builds_on)
        for later in around.later:
            assert paper.arxiv in later.builds_on
        for each in around.same:
            assert each.tags[0] == paper.tags[0]


def test_the_nearest_in_time_are_shown(site: Site) -> None:
    model = site.by_slug["lora"]
    papers = {}
    for number, month in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)):
        record = dataclasses.replace(model.record, arxiv=f"23{month:02}.{number + 1:05}", published=None)
        papers[record.arxiv] = dataclasses.replace(model, uri=f"papers/m{month}.md", record=record, builds_on=())
    whole = dataclasses.replace(site, papers=papers, path=())
    around = neighbours.of(papers["2306.00006"], whole)
    assert [paper.year_month[1] for paper in around.same] == [3, 4, 5, 7, 8, 9]
    assert around.more == 5
    first = neighbours.of(papers["2301.00001"], whole)
    assert [paper.year_month[1] for paper in first.same] == [2, 3, 4, 5, 6, 7]


def test_a_paper_alone(site: Site) -> None:
    paper = dataclasses.replace(site.by_slug["lora"], builds_on=())
    alone = dataclasses.replace(site, papers={paper.arxiv: paper}, path=())
    around = neighbours.of(paper, alone)
    assert (around.earlier, around.unread, around.later, around.same, around.more) == ((), (), (), (), 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('- "2305.99999"', "1:3: path: '2305.99999' is not the id of a paper with a page", id="no page"),
        pytest.param("- 2305.18290", "1:3: path: '2305.18290' is not the id", id="a number"),
        pytest.param('- "2305.18290"\n- "2305.18290"', "2:3: path: '2305.18290' stands twice", id="twice"),
        pytest.param("arxiv: x", "1:1: path: is no list", id="no list"),
    ],
)
def test_a_bad_path_is_found(tmp_path: Path, site: Site, text: str, found: str) -> None:
    (tmp_path / "docs/_data").mkdir(parents=True)
    (tmp_path / "docs" / reading_order.FILE).write_text(text + "\n", encoding="utf-8")
    _, findings = reading_order.load(tmp_path / "docs", tmp_path, site.papers)
    assert str(findings[0]).startswith(f"docs/_data/path.yml:{found}")


def test_without_a_path_there_is_none(tmp_path: Path, site: Site) -> None:
    assert reading_order.load(tmp_path, tmp_path, site.papers) == ((), [])


def test_minutes_grow_with_the_text(site: Site) -> None:
    took = {slug: reading_time.minutes(site.documents[f"papers/{slug}.md"]) for slug in ("dpo", "lora", "yolo")}
    assert took["dpo"] > took["lora"] > took["yolo"] >= 1
