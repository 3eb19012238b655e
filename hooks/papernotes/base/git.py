"""What git knows of the files: which ones a branch has changed, the days of each page, the time of the last commit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from papernotes.base.finding import StopError

_HUNK: Final = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
BASES: Final = ("origin/main", "main")
"""What a branch is compared with where nothing else is said: the first that is there."""


class NoGitError(StopError):
    """Git cannot tell. The text says why, in one line."""


@dataclass(frozen=True)
class Change:
    """When a file was committed, in UTC."""

    published: datetime
    """First."""
    updated: datetime
    """Last."""
    before: str = ""
    """The last of its commits that is of an earlier day than `updated`; empty where there is none: the file is new."""

    @property
    def first(self) -> date:
        """The day of the first commit."""
        return self.published.date()

    @property
    def last(self) -> date:
        """The day of the last one."""
        return self.updated.date()


def changed_files(root: Path, base: str | None = None) -> frozenset[str]:
    """The files below a folder that differ from where the branch left `base`, new ones that git does not know among them.

    Shape: paths from `root`, with forward slashes; deleted files are left out.
    Raises: NoGitError where there is no git, no repository, or no such base.
    """
    fork = _fork(root, base)
    changed = _git(root, "diff", "--name-only", "--diff-filter=d", "--relative", "-z", fork, "--", ".")
    return frozenset(filter(None, (changed + _new(root)).split("\0")))


def changed_lines(root: Path, base: str | None = None) -> dict[str, list[range]]:
    """The lines of these files that differ, by path; of a file that is new, all. Of lines that are gone those around them.

    Raises: NoGitError, as `changed_files` does.
    """
    found: dict[str, list[range]] = {path: [range(1, sys.maxsize)] for path in filter(None, _new(root).split("\0"))}
    lines: list[range] = []
    form = ("-c", "core.quotePath=off", "diff", "-U0", "--no-color", "--no-ext-diff", "--diff-filter=d", "--relative")
    for line in _git(root, *form, _fork(root, base), "--", ".").split("\n"):
        if line.startswith("+++ "):
            lines = found.setdefault(line[6:].rstrip("\t"), [])
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines.append(range(first, first + (count or 2)))
    return found


def _new(root: Path) -> str:
    return _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")


def _fork(root: Path, base: str | None) -> str:
    """The commit at which the branch left another one."""
    if base is not None and (base.startswith("-") or "\0" in base):
        raise NoGitError(f"{base!r} is not a name of a branch or commit")
    known = next((name for name in ((base,) if base else BASES) if _is_commit(root, name)), None)
    if known is None:
        raise NoGitError(f"git knows no {base or ' or '.join(BASES)}; name a branch or commit: --changed BASE")
    return _git(root, "merge-base", known, "HEAD").strip()


def changes(root: Path, docs_dir: Path) -> dict[str, Change]:
    """By uri: when a file below docs/ was first and last committed.

    One pass over the history, so the cost does not grow with the pages. Empty without git, and in a shallow clone, whose
    oldest commit would pass for the first of every page.
    """
    try:
        prefix = docs_dir.relative_to(root).as_posix() + "/"
        if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        log = _git(
            root, "-c", "core.quotePath=off", "log", "--no-renames", "--format=%x00%ct %H", "--name-only", "--", prefix
        )
    except (NoGitError, ValueError):
        return {}
    commits = []
    for commit in log.split("\0")[1:]:
        head, *names = commit.splitlines()
        seconds, hash_ = head.split()
        commits.append((datetime.fromtimestamp(int(seconds), UTC), hash_, names))
    commits.reverse()
    commits.sort(key=lambda commit: commit[0])  # a branch that was merged late has older days
    result: dict[str, Change] = {}
    last: dict[str, str] = {}
    for time, hash_, names in commits:
        for name in names:
            if name.startswith(prefix):
                uri = name[len(prefix) :]
                known = result.get(uri)
                before = "" if known is None else last[uri] if known.last < time.date() else known.before
                result[uri] = Change(known.published if known else time, time, before)
                last[uri] = hash_
    return result


def unsaved(root: Path, paths: Sequence[str], *, ignored: bool = True) -> list[str]:
    """What git does not hold as it is now of some files and folders: changed, never added, or ignored. Raises: NoGitError."""
    too = ["--ignored"] if ignored else []
    said = _git(root, "status", "--porcelain", "--no-renames", *too, "-z", "--", *paths)
    return [entry[3:] for entry in said.split("\0") if entry]


def mentions(root: Path, words: Sequence[str]) -> list[str]:
    """Where files that git knows hold one of some words, as `path:line:text`. Raises: NoGitError."""
    asked = [argument for word in words for argument in ("-e", word)]
    try:
        return _git(root, "grep", "-nIF", *asked, "--", ".").splitlines()
    except NoGitError as error:
        if str(error) == "git grep failed":  # its word for nothing found
            return []
        raise


def history(root: Path, folders: Sequence[str], since: str | None = None) -> Iterator[tuple[str, str, list[str]]]:
    """The commits that touch some folders, newest first: hash, message, and the files in these folders.

    `since`: only those that HEAD has and this branch or commit has not. Merges bring nothing of their own and are left out.
    Raises: NoGitError.
    """
    if since is not None and (since.startswith("-") or "\0" in since or not _is_commit(root, since)):
        raise NoGitError(f"git knows no {since!r}; name a branch or commit")
    span = f"{since}..HEAD" if since else "HEAD"
    form = ("--no-renames", "--no-merges", "--format=%x01%H%x00%B%x00", "--name-only")
    log = _git(root, "-c", "core.quotePath=off", "log", *form, span, "--", *folders)
    for commit in log.split("\1")[1:]:
        hash_, message, names = commit.split("\0", 2)
        yield hash_, message.strip(), names.split("\n")


def text_at(commit: str, root: Path, file: Path) -> str | None:
    """A file below a folder as a commit has it; None where git cannot tell."""
    try:
        return _git(root, "show", f"{commit}:./{file.relative_to(root).as_posix()}")
    except (NoGitError, ValueError):
        return None


def last_change(root: Path, folder: str) -> datetime | None:
    """When anything below a folder was last committed; None where git cannot tell."""
    try:
        return datetime.fromtimestamp(int(_git(root, "log", "-1", "--format=%ct", "--", folder)), UTC)
    except (NoGitError, ValueError):
        return None


def last_commit(root: Path) -> datetime:
    """When the last commit was made. Raises: NoGitError, also where there is no commit yet."""
    return datetime.fromtimestamp(int(_git(root, "log", "-1", "--format=%ct")), UTC)


def head(root: Path) -> str:
    """What the history is known by: the last commit, and whether older ones are missing. Empty where git cannot tell."""
    try:
        return _git(root, "rev-parse", "HEAD", "--is-shallow-repository")
    except NoGitError:
        return ""


def _is_commit(root: Path, name: str) -> bool:
    try:
        _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except NoGitError as error:
        if "git is not" in str(error) or "not a git repository" in str(error):
            raise
        return False
    return True


def _git(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=30,
            check=False, env=environment,
        )  # fmt: skip
    except FileNotFoundError:
        raise NoGitError("git is not installed") from None
    except (OSError, UnicodeError) as error:
        raise NoGitError(f"git could not be asked: {error}") from None
    except subprocess.TimeoutExpired:
        raise NoGitError("git did not answer within 30 s") from None
    if done.returncode:
        words = done.stderr.strip().splitlines()
        raise NoGitError(words[0].removeprefix("fatal: ") if words else f"git {arguments[0]} failed")
    return done.stdout
