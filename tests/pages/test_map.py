"""The map: every paper at its time in its lane, none upon another, edges between papers alone, counts where they are many."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from itertools import combinations

import pytest
from conftest import ROOT

from papernotes.data import site as site_module
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.pages import map as map_module
from papernotes.pages.map import Map, Node


@pytest.fixture(scope="module")
def site() -> Site:
    return site_module.load(ROOT / "docs", root=ROOT, today=date.max)[0]


def drawn(site: Site) -> Map:
    result = map_module.draw(site)
    assert result is not None
    return result


def with_papers(site: Site, papers: list[Paper]) -> Site:
    return dataclasses.replace(site, papers={paper.arxiv: paper for paper in papers})


def many(site: Site, number: int) -> Site:
    """A site of so many papers, spread over ten years and all lanes."""
    model = site.by_slug["dpo"]
    tags = list(site.tags)
    papers = []
    for index in range(number):
        id_ = f"{14 + index % 10}{1 + index % 12:02}.{index + 1:0{4 if index % 10 == 0 else 5}}"
        record = dataclasses.replace(model.record, arxiv=id_, published=None)
        papers.append(
            dataclasses.replace(
                model, uri=f"papers/p{index}.md", record=record, name=f"P{index}", tags=(tags[index % len(tags)],), builds_on=()
            )
        )  # fmt: skip
    return with_papers(site, papers)


def box(node: Node) -> tuple[float, float, float, float]:
    """The room that a node takes with its label."""
    width = map_module.label_width(node.label)
    left = node.label_x if node.anchor == "start" else node.label_x - width
    return min(node.x - node.radius, left), node.y - 9, max(node.x + node.radius, left + width), node.y + 9


def test_every_paper_stands_in_its_lane_and_year(site: Site) -> None:
    result = drawn(site)
    assert {node.paper.arxiv for node in result.nodes} == set(site.papers)
    lanes = {lane.tag: lane for lane in result.lanes}
    years = {year.year: year for year in result.years}
    for node in result.nodes:
        lane, year = lanes[node.paper.tags[0]], years[node.paper.year_month[0]]
        assert lane.y <= node.y - node.radius and node.y + node.radius <= lane.y + lane.height, node.label
        assert year.x <= node.x <= year.x + year.width, node.label
        assert node.radius == map_module.RADIUS[node.paper.tier]


@pytest.mark.parametrize("number", [0, 1, 60, map_module.MOST_NODES])
def test_no_label_lies_on_another_or_leaves_the_picture(site: Site, number: int) -> None:
    result = drawn(many(site, number) if number else site)
    for a, b in combinations(map(box, result.nodes), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
    for left, top, right, bottom in map(box, result.nodes):
        assert left >= 0 and right <= result.width and top >= 0 and bottom <= result.height


def test_time_runs_from_left_to_right(site: Site) -> None:
    dated = [(node.paper.record.published, node.x) for node in drawn(site).nodes if node.paper.record.published]
    assert [x for _, x in sorted(dated)] == sorted(x for _, x in dated)


def test_edges_are_what_the_pages_say(site: Site) -> None:
    found = {(edge.start, edge.end) for edge in drawn(site).edges}
    wanted = {
        (site.papers[id_].slug, paper.slug) for paper in site.papers.values() for id_ in paper.builds_on if id_ in site.papers
    }  # fmt: skip
    assert found == wanted
    assert ("instructgpt", "dpo") in found


def test_an_edge_passes_over_those_between(site: Site) -> None:
    result = drawn(site)
    at = {node.paper.slug: node for node in result.nodes}
    for edge in result.edges:
        start, end = at[edge.start], at[edge.end]
        between = [n for n in result.nodes if n.y == start.y == end.y and start.x < n.x < end.x]
        straight = edge.path.count(f" {start.y:g}") >= 4
        if start.y == end.y:
            assert straight != bool(between), edge


def test_an_edge_leaves_and_arrives_beyond_the_names(site: Site) -> None:
    result = drawn(site)
    at = {node.paper.slug: node for node in result.nodes}
    for edge in result.edges:
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", edge.path)]
        start, end = at[edge.start], at[edge.end]
        if numbers[1] == start.y:
            assert numbers[0] > start.x + start.radius + map_module.label_width(start.label) * 0.8, edge
        else:  # upright, from the node itself
            assert (numbers[0], abs(numbers[1] - start.y)) == (start.x, start.radius), edge
        assert numbers[-2:] == [end.x - end.radius, end.y], edge


def test_of_many_papers_there_are_counts(site: Site) -> None:
    result = drawn(many(site, 300))
    assert (result.nodes, result.edges) == ((), ())
    assert sum(cell.count for cell in result.cells) == 300
    for a, b in combinations(result.cells, 2):
        assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (a.radius + b.radius) ** 2
    assert drawn(many(site, map_module.MOST_NODES)).nodes
    assert drawn(many(site, map_module.MOST_NODES + 1)).cells


def test_a_long_name_is_cut(site: Site) -> None:
    paper = dataclasses.replace(site.by_slug["dpo"], name="名" * 300)
    node = drawn(with_papers(site, [paper])).nodes[0]
    assert len(node.label) == map_module.LABEL_LENGTH and node.label.endswith("…")


def test_a_paper_without_a_date_stands_in_the_middle_of_its_month(site: Site) -> None:
    model = site.by_slug["dpo"]
    undated = dataclasses.replace(model, record=dataclasses.replace(model.record, published=None))
    other = dataclasses.replace(
        model, uri="papers/x.md", record=dataclasses.replace(model.record, arxiv="2305.00001", published=date(2023, 5, 16))
    )  # fmt: skip
    first, second = drawn(with_papers(site, [undated, other])).nodes
    assert abs(first.x - second.x) < 2


def test_without_papers_there_is_no_map(site: Site) -> None:
    assert map_module.draw(with_papers(site, [])) is None
