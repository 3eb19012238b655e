"""Whether the clock of this machine is right, before a day is written: a wrong one would stay in the ledger for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from papernotes.base import git

SLACK: Final = timedelta(days=1)
"""Local days begin up to 14 hours before those of the services, and end up to 12 hours after them."""


def wrong(today: date, told: Iterable[date | None]) -> str | None:
    """Why `today` cannot be written, beside the days that services told in answers; None: it can, or nobody told.

    The day in the middle counts, the later of two: one service whose own clock is wrong stops nothing.
    """
    days = sorted(day for day in told if day is not None)
    if not days:
        return None
    day, here = days[len(days) // 2], date.today()
    if today <= day + SLACK and here >= day - SLACK:
        return None
    clock = today if today > day else here
    return f"this machine's clock says {clock}, the services say {day}; set the clock, and run the command again"


def behind(today: date, root: Path) -> str | None:
    """Why `today` cannot be written: the last commit of the repository is later; None where it is not, or without git."""
    try:
        day = git.last_commit(root).date()
    except git.NoGitError:
        return None
    if today >= day - SLACK:
        return None
    return f"this machine's clock says {today}, the last commit is of {day}; set the clock"
