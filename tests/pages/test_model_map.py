"""The map of models: every size at its day and its height, no name on another, and what is unknown is said to be."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import pytest

from papernotes.data.models.record import Fact, Model, Models
from papernotes.data.site import Site
from papernotes.pages import model_map
from papernotes.pages.map import label_width
from papernotes.pages.model_map import ModelMap, Node


def a_model(name: str, *sizes: str, day: str = "2023-07", paper: str | None = None) -> Model:
    """A model of which no more is known; its name is its id."""
    return Model(
        name, name, "language", None, Fact(sizes, "x") if sizes else None, None, None,
        paper=paper, date=Fact((day,), "x") if day else None,
    )  # fmt: skip


def drawn(fixture: Site, *models: Model) -> ModelMap:
    result = model_map.draw(dataclasses.replace(fixture, models=Models({model.id: model for model in models})))
    assert result is not None
    return result


def test_a_size_ten_times_another_lies_a_line_higher(fixture: Site) -> None:
    result = drawn(fixture, a_model("a", "1B", "10B", "700M"))
    (node,) = result.nodes
    at = {lane.tag: lane.y for lane in result.ground.lanes}
    assert list(at) == ["100 亿", "10 亿", "1 亿"]
    assert node.dots[:2] == (at["100 亿"], at["10 亿"])
    assert at["10 亿"] < node.dots[2] < at["1 亿"]


def test_time_runs_from_left_to_right_and_a_month_is_its_middle(fixture: Site) -> None:
    days = ("2022-12-31", "2023-07-01", "2023-07", "2023-07-31", "2024-01")
    result = drawn(fixture, *(a_model(f"m{n}", f"{n + 1}B", day=day) for n, day in enumerate(days)))
    assert [node.model.id for node in sorted(result.nodes, key=lambda node: node.x)] == ["m0", "m1", "m2", "m3", "m4"]
    assert [year.year for year in result.ground.years] == [2022, 2023, 2024]


def test_what_is_unknown_is_listed_and_not_drawn(fixture: Site) -> None:
    result = drawn(
        fixture, a_model("known", "7B"), a_model("no-size"), a_model("no-day", "7B", day=""), a_model("neither", day="")
    )
    assert [node.model.id for node in result.nodes] == ["known"]
    assert {model.id for model in result.no_size} == {"no-size", "neither"}
    assert [model.id for model in result.no_day] == ["no-day"]


def test_where_nothing_is_known_there_is_no_map(fixture: Site) -> None:
    models = Models({model.id: model for model in (a_model("a"), a_model("b", "7B", day=""))})
    assert model_map.draw(dataclasses.replace(fixture, models=models)) is None
    assert model_map.draw(dataclasses.replace(fixture, models=Models())) is None


def test_a_model_whose_paper_has_a_page_is_told_from_the_others(fixture: Site) -> None:
    id_ = fixture.by_slug["dpo"].arxiv
    result = drawn(
        fixture, a_model("ours", "7B", paper=id_), a_model("another", "13B", paper="1234.56789"), a_model("none", "1B")
    )
    assert {node.model.id: node.has_page for node in result.nodes} == {"ours": True, "another": False, "none": False}


def test_dots_that_would_lie_on_one_another_are_moved_aside(fixture: Site) -> None:
    result = drawn(fixture, *(a_model(f"m{n}", "7B") for n in range(5)))
    places = [(node.x, node.dots[0]) for node in result.nodes]
    assert all(abs(a[0] - b[0]) >= 2 * model_map.RADIUS for a, b in combinations(places, 2))


def room(node: Node) -> tuple[float, float, float, float]:
    width = label_width(node.label)
    left = node.label_x if node.anchor == "start" else node.label_x - width
    return left, node.label_y - 8, left + width, node.label_y + 8


@pytest.mark.parametrize("number", [1, 40, 300])
def test_no_name_lies_on_another_or_on_a_dot_or_leaves_the_picture(fixture: Site, number: int) -> None:
    models = [
        a_model(
            f"Model-{n}",
            f"{1 + n * 7 % 90}B",
            *([f"{1 + n * 3 % 90}M"] if n % 3 else []),
            day=f"202{n % 4}-{1 + n % 12:02}",
        )
        for n in range(number)
    ]
    result = drawn(fixture, *models)
    assert len(result.nodes) == number
    named = [room(node) for node in result.nodes if node.label]
    assert len(named) >= min(number, 20)
    for a, b in combinations(named, 2):
        assert a[2] <= b[0] + 0.1 or b[2] <= a[0] + 0.1 or a[3] <= b[1] or b[3] <= a[1]
    for left, top, right, bottom in named:
        assert left >= 0 and right <= result.ground.width + 0.1 and top >= 0 and bottom <= result.ground.height
        for node in result.nodes:
            assert not any(left < node.x < right and top < y < bottom for y in node.dots)
