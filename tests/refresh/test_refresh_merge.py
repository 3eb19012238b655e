"""Answers into the ledger: what is taken, what is held back, and what becomes of a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from papernotes.data import ledger
from papernotes.data.ledger import Count, Record, shown_count
from papernotes.refresh.merge import merge
from papernotes.refresh.services.answer import Answer, Citations, Exists, Metadata, Nonsense, Silent, Unknown

TODAY = date(2026, 11, 23)
S2, OA = "semantic-scholar", "openalex"
OLD = Count(1000, date(2024, 10, 9), "read", S2, "s2-file-2024-10")
RECORD = Record(
    "2305.18290", 3, "Direct Preference Optimization", ("R. Rafailov", "A. Sharma"), date(2023, 5, 29), None,
    "cs.LG", "NeurIPS 2023", "https://github.com/x/y", "10.48550/arXiv.2305.18290", False, (OLD,),
)  # fmt: skip
FOUND = Metadata(RECORD.title, 3, RECORD.authors, date(2023, 5, 29), date(2024, 7, 29), "cs.LG", False)


def take(
    record: Record, service: str, answer: Answer, today: date = TODAY, accept: bool = False
) -> tuple[Record, str, str]:
    new, (outcome,) = merge(record, {service: answer}, today=today, accept=accept)
    return new, outcome.state, outcome.why


def cited(count: int, **also: object) -> Citations:
    return Citations(count, RECORD.title, **also)  # type: ignore[arg-type]


def api(count: int, day: date, source: str = S2) -> Count:
    return Count(count, day, "read", source, {S2: "s2-graph-api", OA: "openalex-api"}[source])


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Unknown(), "unknown"),
        (Silent("503"), "silent"),
        (Nonsense("a count that is not a whole number: True"), "refused"),
        (Exists(), "unchanged"),
        (Citations(1001, "Another Paper Altogether"), "refused"),
        (replace(FOUND, title="Another Paper Altogether", version=9), "refused"),
    ],
)
def test_only_a_good_answer_changes_the_record(answer: Answer, state: str) -> None:
    for accept in (False, True):
        new, found, why = take(RECORD, S2, answer, accept=accept)
        assert (new, found) == (RECORD, state)
        assert why


def test_another_title_is_told_with_both() -> None:
    _, _, why = take(RECORD, S2, Citations(1001, "Another Paper Altogether"))
    assert (
        why == "another title: the ledger has “Direct Preference Optimization”, the service “Another Paper Altogether”"
    )


# Counts -------------------------------------------------------------------------------------------------------------


def test_a_count_is_added_with_day_source_and_data_set() -> None:
    new, state, why = take(RECORD, S2, cited(1500))
    assert new.counts == (OLD, api(1500, TODAY))
    assert (state, why) == ("updated", "1000 (2024-10-09) → 1500")
    assert shown_count(new) == api(1500, TODAY)


def test_both_services_keep_their_own_count_of_a_day() -> None:
    new, _ = merge(RECORD, {OA: cited(38, year=2023), S2: cited(1167)}, today=TODAY)
    assert new.counts == (OLD, api(38, TODAY, OA), api(1167, TODAY))
    assert shown_count(new) == api(1167, TODAY)


@pytest.mark.parametrize(
    ("before", "today", "after"),
    [
        pytest.param(date(2026, 11, 1), TODAY, [TODAY], id="the same month: replaced"),
        pytest.param(date(2026, 10, 31), TODAY, [date(2026, 10, 31), TODAY], id="a new month: a new point"),
        pytest.param(date(2025, 11, 23), TODAY, [date(2025, 11, 23), TODAY], id="the same month of another year"),
        pytest.param(TODAY, TODAY, [TODAY], id="the same day"),
        pytest.param(date(2026, 11, 23), date(2026, 11, 20), [TODAY], id="a clock that went back"),
    ],
)
def test_the_history_has_a_point_a_month(before: date, today: date, after: list[date]) -> None:
    record = replace(RECORD, counts=(api(1000, before),))
    new, _, _ = take(record, S2, cited(1010), today=today)
    assert [count.day for count in new.counts] == after


def test_the_same_count_on_the_same_day_changes_nothing() -> None:
    record = replace(RECORD, counts=(OLD, api(1000, TODAY)))
    assert take(record, S2, cited(1000)) == (record, "unchanged", "")
    assert ledger.serialise([take(record, S2, cited(1000))[0]]) == ledger.serialise([record])


def test_the_same_count_on_a_later_day_is_fresher() -> None:
    record = replace(RECORD, counts=(api(1000, date(2026, 11, 2)),))
    new, state, _ = take(record, S2, cited(1000))
    assert state == "unchanged"
    assert new.counts == (api(1000, TODAY),)


@pytest.mark.parametrize(
    ("last", "day", "count", "state"),
    [
        pytest.param(1000, date(2026, 11, 1), 3000, "updated", id="threefold"),
        pytest.param(1000, date(2026, 11, 1), 3001, "held", id="more than threefold"),
        pytest.param(1000, date(2024, 11, 23), 8970, "updated", id="ninefold in two years"),
        pytest.param(1000, date(2024, 11, 23), 9100, "held", id="more than ninefold in two years"),
        pytest.param(1000, date(2026, 11, 1), 801216, "held", id="absurd"),
        pytest.param(1000, date(2026, 11, 1), 500, "updated", id="half"),
        pytest.param(1000, date(2026, 11, 1), 499, "held", id="less than half"),
        pytest.param(1000, date(2020, 11, 1), 499, "held", id="less than half, after years"),
        pytest.param(1000, date(2026, 11, 1), 0, "held", id="nothing left"),
        pytest.param(0, date(2026, 11, 1), 20, "updated", id="from 0, by the slack"),
        pytest.param(0, date(2026, 11, 1), 21, "held", id="from 0, beyond the slack"),
        pytest.param(15, date(2026, 11, 1), 1, "updated", id="a small fall"),
    ],
)
def test_a_jump_or_fall_is_held_back(last: int, day: date, count: int, state: str) -> None:
    record = replace(RECORD, counts=(api(last, day),))
    new, found, why = take(record, S2, cited(count))
    assert found == state
    assert (new == record) == (state == "held")
    if state == "held":
        assert f"{last} ({day}) → {count}" in why
        accepted, found, _ = take(record, S2, cited(count), accept=True)
        assert found == "updated"
        assert accepted.counts[-1].count == count


def test_a_first_count_is_taken_and_never_compared_with_another_service() -> None:
    new, state, why = take(RECORD, OA, cited(5_000_000, year=2023))
    assert (state, why) == ("updated", "5000000, the first")
    assert take(new, OA, cited(5_000_001, year=2023))[1] == "updated"


def test_what_the_ledger_would_refuse_is_refused() -> None:
    new, state, why = take(RECORD, S2, cited(ledger.MAX_COUNT + 1), accept=True)
    assert (new, state) == (RECORD, "refused")
    assert "a count of '2305.18290' is" in why


@pytest.mark.parametrize(
    ("year", "state"), [(2021, "refused"), (2022, "updated"), (2023, "updated"), (2027, "updated"), (2028, "refused")]
)
def test_a_work_of_another_time_is_another_work(year: int, state: str) -> None:
    assert take(RECORD, OA, cited(40, year=year))[1] == state
    assert take(replace(RECORD, published=None), OA, cited(40, year=year))[1] == "updated"


# Metadata -----------------------------------------------------------------------------------------------------------


def test_metadata_is_taken_and_what_arxiv_does_not_tell_stays() -> None:
    found = replace(FOUND, version=5, authors=("R. Rafailov",), category=None, withdrawn=True)
    new, state, why = take(RECORD, "arxiv", found)
    assert new == replace(RECORD, version=5, authors=("R. Rafailov",), updated=date(2024, 7, 29), withdrawn=True)
    assert state == "updated"
    assert why == "version 3 → 5; authors; updated None → 2024-07-29; withdrawn False → True"


def test_the_same_metadata_changes_nothing() -> None:
    record, _, _ = take(RECORD, "arxiv", FOUND)
    assert take(record, "arxiv", FOUND) == (record, "unchanged", "")


def test_the_same_title_in_other_letters_stays_as_it_is_written_here() -> None:
    new, _, _ = take(RECORD, "arxiv", replace(FOUND, title=r"\textbf{Direct} preference-optimization"))
    assert new.title == RECORD.title


def test_a_title_that_was_mended_is_taken() -> None:
    new, _, why = take(RECORD, "arxiv", replace(FOUND, title="Direct Preference Optimisation"))
    assert new.title == "Direct Preference Optimisation"
    assert why.startswith("title “Direct Preference Optimization” → “Direct Preference Optimisation”")


def test_a_version_that_went_back_is_held_back() -> None:
    assert take(RECORD, "arxiv", replace(FOUND, version=2)) == (RECORD, "held", "version 2 after version 3")
    assert take(RECORD, "arxiv", replace(FOUND, version=2), accept=True)[0].version == 2


def test_a_version_that_is_not_told_is_kept() -> None:
    assert take(RECORD, "arxiv", replace(FOUND, version=None))[0].version == 3


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(9999, 12, 31)])
def test_a_day_in_the_future_is_refused(day: date) -> None:
    new, state, why = take(RECORD, "arxiv", replace(FOUND, updated=day))
    assert (new, state) == (RECORD, "refused")
    assert "in the future" in why


def test_a_bad_answer_of_one_service_does_not_touch_the_others() -> None:
    new, outcomes = merge(RECORD, {"arxiv": Nonsense("x"), S2: cited(1500), OA: Silent("503")}, today=TODAY)
    assert [outcome.state for outcome in outcomes] == ["refused", "updated", "silent"]
    assert new.counts == (OLD, api(1500, TODAY))
