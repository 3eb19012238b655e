"""A paper's neighbours, the reading path, the time it takes to read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from papernotes.data.reading import reading_order
from papernotes.data.site import Site
from papernotes.pages import neighbours, reading_time


def test_steps_lead_along_the_path_and_back(fixture: Site) -> None:
    papers = [fixture.papers[id_] for id_ in fixture.path]
    around = [neighbours.of(paper, fixture) for paper in papers]
    assert [each.place for each in around] == [1, 2, 3]
    assert [each.next for each in around] == [*papers[1:], None]
    assert [each.previous for each in around] == [None, *papers[:-1]]
    off = neighbours.of(fixture.by_slug["small"], fixture)
    assert (off.place, off.previous, off.next) == (None, None, None)


def test_neighbours_agree_with_one_another(fixture: Site) -> None:
    for paper in fixture.papers.values():
        around = neighbours.of(paper, fixture)
        shown = [paper, *around.earlier, *around.later, *around.same]
        assert len({each.arxiv for each in shown}) == len(shown), paper.slug
        assert len(around.same) <= neighbours.MOST
        assert {each.arxiv for each in around.earlier} | {each.arxiv for each in around.unread} == set(paper.builds_on)
        for later in around.later:
            assert paper.arxiv in later.builds_on
        for each in around.same:
            assert each.tags[0] == paper.tags[0]


def test_the_nearest_in_time_are_shown(fixture: Site) -> None:
    model = fixture.by_slug["small"]
    papers = {}
    for number, month in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)):
        record = dataclasses.replace(model.record, arxiv=f"23{month:02}.{number + 1:05}", published=None)
        papers[record.arxiv] = dataclasses.replace(model, uri=f"papers/m{month}.md", record=record, builds_on=())
    whole = dataclasses.replace(fixture, papers=papers, path=())
    around = neighbours.of(papers["2306.00006"], whole)
    assert [paper.year_month[1] for paper in around.same] == [3, 4, 5, 7, 8, 9]
    assert around.more == 5
    first = neighbours.of(papers["2301.00001"], whole)
    assert [paper.year_month[1] for paper in first.same] == [2, 3, 4, 5, 6, 7]


def test_a_paper_alone(fixture: Site) -> None:
    paper = dataclasses.replace(fixture.by_slug["small"], builds_on=())
    alone = dataclasses.replace(fixture, papers={paper.arxiv: paper}, path=())
    around = neighbours.of(paper, alone)
    assert (around.earlier, around.unread, around.later, around.same, around.more) == ((), (), (), (), 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('- "2305.99999"', "1:3: path: '2305.99999' is not the id of a paper with a page", id="no page"),
        pytest.param("- 2305.18290", "1:3: path: '2305.18290' is not the id", id="a number"),
        pytest.param('- "2305.18290"\n- "2305.18290"', "2:3: path: '2305.18290' is repeated", id="twice"),
        pytest.param("arxiv: x", "1:1: path: is not a list", id="no list"),
    ],
)
def test_a_bad_path_is_found(tmp_path: Path, fixture: Site, text: str, found: str) -> None:
    (tmp_path / "docs/_data").mkdir(parents=True)
    (tmp_path / "docs" / reading_order.FILE).write_text(text + "\n", encoding="utf-8")
    _, findings = reading_order.load(tmp_path / "docs", tmp_path, fixture.papers)
    assert str(findings[0]).startswith(f"docs/_data/path.yml:{found}")


def test_without_a_path_there_is_none(tmp_path: Path, fixture: Site) -> None:
    assert reading_order.load(tmp_path, tmp_path, fixture.papers) == ((), [])


def test_minutes_grow_with_the_text(fixture: Site) -> None:
    names = ("instructgpt", "segment-anything", "ppo")
    took = [reading_time.minutes(fixture.documents[f"papers/{name}.md"]) for name in names]
    assert took[0] > took[1] > took[2] >= 1


def test_a_paper_on_which_many_build_shows_the_first_of_them(fixture: Site) -> None:
    model = fixture.by_slug["ppo"]
    later = {
        f"24{1 + index % 12:02}.{index:05}": dataclasses.replace(
            model,
            uri=f"papers/p{index}.md",
            builds_on=(model.arxiv,),
            record=dataclasses.replace(model.record, arxiv=f"24{1 + index % 12:02}.{index:05}", published=None),
        )
        for index in range(1, 31)
    }
    around = neighbours.of(model, dataclasses.replace(fixture, papers={model.arxiv: model, **later}, path=()))
    assert [paper.arxiv for paper in around.later] == sorted(later)[: neighbours.MOST_LATER]
    assert around.more_later == 30 - neighbours.MOST_LATER
