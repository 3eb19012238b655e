"""The course of a count: one source, a point a month, drawn and in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from conftest import WORDS
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.data.ledger import Count, Record
from papernotes.pages import count_history as course


def a_record(*counts: tuple[int, str, str] | tuple[int, str, str, str]) -> Record:
    made = tuple(
        Count(count, date.fromisoformat(day), day_is[0] if day_is else "read", source, "x")  # type: ignore[arg-type]
        for count, day, source, *day_is in counts
    )
    return Record("2305.18290", 3, "T", ("A",), None, None, None, None, None, None, False, made)


S2, OA = "semantic-scholar", "openalex"


def line_of(record: Record) -> course.Line | None:
    return next((each.line for each in course.readings(record) if each.line), None)


def test_readings_stand_by_their_source_newest_first() -> None:
    record = a_record((1, "2026-01-31", OA), (5, "2026-01-05", S2), (9, "2026-02-04", S2, "no-later-than"))
    found = [(each.source_name, [count.count for count in each.counts]) for each in course.readings(record)]
    assert found == [("Semantic Scholar", [9, 5]), ("OpenAlex", [1])]
    assert course.readings(a_record()) == ()


@pytest.mark.parametrize(
    ("day", "now", "months"),
    [
        pytest.param("2026-01-05", "2026-01-31", 0, id="of this month"),
        pytest.param("2026-01-05", "2026-02-04", 0, id="a day less than a month"),
        pytest.param("2026-01-05", "2026-02-05", 1, id="a month"),
        pytest.param("2024-12-19", "2026-11-28", 23, id="years and months"),
        pytest.param("2024-11-28", "2026-11-28", 24, id="years"),
        pytest.param("2026-02-05", "2026-01-05", 0, id="a build that is dated before it"),
    ],
)
def test_how_old_a_count_is(day: str, now: str, months: int) -> None:
    assert course.age(date.fromisoformat(day), date.fromisoformat(now)) == months


def test_a_line_has_the_values_of_one_source_in_words() -> None:
    record = a_record((1, "2026-01-31", OA), (5, "2026-01-05", S2), (10, "2026-02-04", S2), (20, "2026-03-06", S2))
    line = line_of(record)
    assert line is not None
    assert (
        WORDS.say("history.all", source=line.source_name, counts=line.words(WORDS.say))
        == "Semantic Scholar 的引用数：2026 年 1 月 5 次，2 月 10 次，3 月 20 次。"
    )
    assert line.points == ((3, 25.5), (80, 18), (157, 3))
    assert line.path == "3,25.5 80,18 157,3"


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([], id="none"),
        pytest.param([(1, "2026-01-05", S2), (2, "2026-02-05", S2)], id="two points"),
        pytest.param([(1, "2026-01-05", S2), (2, "2026-02-05", S2), (3, "2026-03-05", OA)], id="two and one"),
        pytest.param([(1, "2026-01-05", S2), (2, "2026-02-05", S2), (3, "2026-02-28", S2)], id="two months"),
        pytest.param([(n, f"2026-0{n}-05", S2, "no-later-than") for n in (1, 2, 3)], id="days not known"),
    ],
)
def test_less_is_no_line(counts: list[tuple[int, str, str]]) -> None:
    assert line_of(a_record(*counts)) is None


def test_another_source_has_its_own_line() -> None:
    counts = [(n, f"2026-0{n}-05", OA) for n in (1, 2, 3)]
    line = line_of(a_record((900, "2026-01-05", S2), *counts))
    assert line is not None
    assert line.source_name == "OpenAlex"
    assert [count.count for count in line.counts] == [1, 2, 3]


def test_the_last_count_of_a_month_is_its_point() -> None:
    counts = [(n, f"2026-0{n}-05", S2) for n in (1, 2, 3)]
    line = line_of(a_record(*counts, (7, "2026-03-25", S2)))
    assert line is not None
    assert [count.count for count in line.counts] == [1, 2, 7]


def test_of_a_long_course_six_values_are_told() -> None:
    counts = [(n, str(date(2024, 1, 15) + timedelta(days=30 * n)), S2) for n in range(30)]
    line = line_of(a_record(*counts))
    assert line is not None
    assert len(line.points) == 30
    assert WORDS.say("history.all", source=line.source_name, counts=line.words(WORDS.say)) == (
        "Semantic Scholar 的引用数：2024 年 1 月 0 次，7 月 6 次，2025 年 1 月 12 次，6 月 17 次，12 月 23 次，2026 年 6 月 29 次。"
    )


@SEEDED
@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 10**7)), max_size=40))
def test_a_line_stays_in_its_box(readings: list[tuple[date, int]]) -> None:
    line = line_of(a_record(*((count, str(day), S2) for day, count in readings)))
    months = {(day.year, day.month) for day, _ in readings}
    assert (line is not None) == (len(months) >= 3)
    if line:
        assert len(line.points) == len(months)
        assert all(0 <= x <= course.WIDTH and 0 <= y <= course.HEIGHT for x, y in line.points)
        assert [x for x, _ in line.points] == sorted(x for x, _ in line.points)
