"""How the answers of search are counted."""

from __future__ import annotations

import pytest

from papernotes.dev.queries import Query, Score, place, scores, table

ANSWERS = {"a": ["x.html", "y.html"], "b": ["y.html", "y.html", "x.html"], "c": []}
KINDS = {"one": [Query("a", ("x.html",))], "two": [Query("b", ("x.html", "z.html")), Query("c", ("x.html",))]}


@pytest.mark.parametrize(
    ("text", "right", "at"),
    [
        pytest.param("a", ("x.html",), 1, id="first"),
        pytest.param("a", ("z.html", "y.html"), 2, id="any of several"),
        pytest.param("b", ("x.html",), 2, id="a page counts once, however often it is listed"),
        pytest.param("c", ("x.html",), 0, id="not at all"),
    ],
)
def test_place(text: str, right: tuple[str, ...], at: int) -> None:
    assert place(Query(text, right), ANSWERS[text]) == at


def test_scores_by_kind_and_of_all() -> None:
    found = scores(KINDS, ANSWERS.__getitem__)
    assert {kind: score.places for kind, score in found.items()} == {"one": (1,), "two": (2, 0), "all": (1, 2, 0)}
    assert found["all"].first == pytest.approx(1 / 3)
    assert found["all"].among_three == pytest.approx(2 / 3)
    assert found["all"].reciprocal == pytest.approx(0.5)
    assert "| two | 2 | 0.0% | 0%–66% | 50.0% | 0.250 |" in table("tuned", found)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        pytest.param(81, 263, 0.255, 0.366, id="the example of Newcombe (1998), method 3"),
        pytest.param(0, 20, 0.0, 0.161, id="none, from the same table"),
        pytest.param(1, 29, 0.006, 0.172, id="few, from the same table"),
    ],
)
def test_the_interval(right: int, of: int, low: float, high: float) -> None:
    assert Score((1,) * right + (0,) * (of - right)).interval == pytest.approx((low, high), abs=5e-4)
