"""When each page last changed: from the full history of git, else not said."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Change:
    """The days of a page, as its commits tell them."""

    first: date
    last: date


def changes(root: Path, docs_dir: Path) -> dict[str, Change]:
    """By uri: when a file below docs/ was first and last committed.

    One pass over the history, so the cost does not grow with the pages. Empty without git, and in a shallow clone, whose
    oldest commit would pass for the first of every page.
    """
    try:
        prefix = docs_dir.relative_to(root).as_posix() + "/"
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip()
        if shallow != "false":
            return {}
        log = _git(
            root, "-c", "core.quotePath=off", "log", "--no-renames", "--format=%x00%cs", "--name-only", "--", prefix
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    result: dict[str, Change] = {}
    for commit in log.split("\0")[1:]:  # newest first
        lines = commit.splitlines()
        day = date.fromisoformat(lines[0])
        for name in lines[1:]:
            if name.startswith(prefix):
                uri = name[len(prefix) :]
                known = result.get(uri)
                result[uri] = Change(min(day, known.first), max(day, known.last)) if known else Change(day, day)
    return result


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout
