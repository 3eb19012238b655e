"""A clock that is wrong is noticed before a day is written."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.refresh import clock

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("today", "told", "says"),
    [
        pytest.param(0, [0, 0, 0], None, id="right"),
        pytest.param(1, [0, 0, 0], None, id="a day ahead, in the east"),
        pytest.param(365, [0, 0, 0], 365, id="a year ahead"),
        pytest.param(2, [0], 2, id="one service, two days"),
        pytest.param(365, [], None, id="nobody told"),
        pytest.param(365, [None, None], None, id="nobody has a clock"),
        pytest.param(0, [0, -9000, 0], None, id="one service in 2000"),
        pytest.param(0, [0, 9000, 0], None, id="one service in 2050"),
        pytest.param(0, [9000, 9000, 9000], 0, id="this machine in the past"),
    ],
)
def test_a_day_is_held_against_those_of_the_services(today: int, told: list[int | None], says: int | None) -> None:
    now = date.today()
    found = clock.wrong(now + today * DAY, [None if each is None else now + each * DAY for each in told])
    if says is None:
        assert found is None
    else:
        assert found is not None
        assert found.startswith(f"this machine's clock says {now + says * DAY}, the services say ")
        assert found.endswith("; set the clock, and run the command again")


@SEEDED
@given(day=DAYS, ahead=st.integers(2, 20_000), others=st.lists(st.none(), max_size=2))
def test_every_day_after_that_of_the_services_is_refused(day: date, ahead: int, others: list[None]) -> None:
    assert clock.wrong(day + ahead * DAY, [day, *others])


def test_a_day_before_the_last_commit_is_refused(tmp_path: Path) -> None:
    assert clock.behind(date(1970, 1, 1), tmp_path) is None  # no git: nobody knows
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], cwd=tmp_path, check=True)
    today = datetime.now(UTC).date()
    assert clock.behind(today, tmp_path) is None
    assert clock.behind(today - DAY, tmp_path) is None
    assert clock.behind(date(1970, 1, 1), tmp_path) == (
        f"this machine's clock says 1970-01-01, the last commit is of {today}; set the clock"
    )
