"""The map: every paper at its time in its lane, none upon another, edges between papers alone, counts where they are many."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from itertools import combinations

import pytest
from mapping import CHECKS, check_room, drawn

from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.pages import map as map_module


def with_papers(fixture: Site, papers: list[Paper]) -> Site:
    return dataclasses.replace(fixture, papers={paper.arxiv: paper for paper in papers})


def many(fixture: Site, number: int) -> Site:
    """A site of so many papers, spread over ten years and all lanes."""
    model = fixture.by_slug["dpo"]
    tags = list(fixture.tags)
    papers = []
    for index in range(number):
        id_ = f"{14 + index % 10}{1 + index % 12:02}.{index + 1:0{4 if index % 10 == 0 else 5}}"
        record = dataclasses.replace(model.record, arxiv=id_, published=None)
        papers.append(
            dataclasses.replace(
                model, uri=f"papers/p{index}.md", record=record, name=f"P{index}", tags=(tags[index % len(tags)],), builds_on=()
            )
        )  # fmt: skip
    return with_papers(fixture, papers)


@pytest.mark.parametrize("check", CHECKS)
def test_the_map_keeps_to(fixture: Site, check: Callable[[Site], None]) -> None:
    check(fixture)


def test_the_fixture_site_has_edges_of_both_kinds(fixture: Site) -> None:
    """Between neighbours of one lane, and from lane to lane; so the checks above look at something."""
    at = {node.paper.slug: node for node in drawn(fixture).nodes}
    edges = {(edge.start, edge.end): at[edge.start].y == at[edge.end].y for edge in drawn(fixture).edges}
    assert edges == {("ppo", "instructgpt"): True, ("instructgpt", "dpo"): True, ("small", "dpo"): False}


@pytest.mark.parametrize("number", [0, 1, 60, map_module.MOST_NODES])
def test_no_label_lies_on_another_or_leaves_the_picture(fixture: Site, number: int) -> None:
    check_room(drawn(many(fixture, number) if number else fixture))


def test_of_many_papers_there_are_counts(fixture: Site) -> None:
    result = drawn(many(fixture, 300))
    assert (result.nodes, result.edges) == ((), ())
    assert sum(cell.count for cell in result.cells) == 300
    for a, b in combinations(result.cells, 2):
        assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (a.radius + b.radius) ** 2
    assert drawn(many(fixture, map_module.MOST_NODES)).nodes
    assert drawn(many(fixture, map_module.MOST_NODES + 1)).cells


def test_a_long_name_is_cut(fixture: Site) -> None:
    paper = dataclasses.replace(fixture.by_slug["dpo"], name="名" * 300)
    node = drawn(with_papers(fixture, [paper])).nodes[0]
    assert len(node.label) == map_module.LABEL_LENGTH and node.label.endswith("…")


def test_a_paper_without_a_date_stands_in_the_middle_of_its_month(fixture: Site) -> None:
    model = fixture.by_slug["dpo"]
    undated = dataclasses.replace(model, record=dataclasses.replace(model.record, published=None))
    other = dataclasses.replace(
        model, uri="papers/x.md", record=dataclasses.replace(model.record, arxiv="2305.00001", published=date(2023, 5, 16))
    )  # fmt: skip
    first, second = drawn(with_papers(fixture, [undated, other])).nodes
    assert abs(first.x - second.x) < 2


def test_without_papers_there_is_no_map(fixture: Site) -> None:
    assert map_module.draw(with_papers(fixture, [])) is None
