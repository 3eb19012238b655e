"""What a check found: where, by which rule, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, order=True)
class Finding:
    """One mistake in one file, as a contributor reads it."""

    path: str
    """Path from the repository root, with forward slashes."""
    line: int
    """Line, from 1."""
    column: int
    """Column in characters, from 1; 1 where it is not known."""
    rule: str
    """Name of the rule, an entry of the catalogue."""
    what: str
    """What is wrong, the offending text quoted."""
    fix: str
    """What to do."""

    def __str__(self) -> str:
        where = f"{visible(self.path)}:{self.line}:{self.column}"
        return f"{where}: {self.rule}: {_one_line(self.what)}; {_one_line(self.fix)}"


class StopError(Exception):
    """A verb cannot go on. The text says why and what to do; the command prints it and ends with `code`."""

    code = 2


def visible(text: str) -> str:
    """The text with every character that does not print as an escape, so that a name cannot break a line or steer a terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class Problem(NamedTuple):
    """A mistake in a text whose place in a file its caller knows."""

    offset: int
    """In the text, from 0."""
    rule: str
    what: str
    fix: str


def quote(text: str, limit: int = 60) -> str:
    """Quote a text of the author's for a finding: one line, control characters escaped, at most `limit` characters."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return repr(shown).replace("\\\\", "\\")  # a backslash is one, as the author wrote it


def _one_line(text: str) -> str:
    """A finding is one line whatever the quoted text holds."""
    return visible(" ".join(text.split()))
