"""Where a JSON text was mistyped: the parser stops at what it cannot read, which often stands a line below the slip."""

from __future__ import annotations

from json import JSONDecodeError


def place(text: str, error: JSONDecodeError) -> tuple[int, int, str]:
    """Line and column, both from 1, of the slip behind an error, and what it is in one phrase.

    A comma too many is found at the comma, one too few behind the value that it should follow.
    """
    at, what = error.pos, f"not valid JSON: {error.msg}"
    before = text[:at].rstrip()
    if before.endswith(",") and (error.msg.startswith(("Expecting value", "Expecting property", "Illegal trailing"))):
        at, what = len(before) - 1, "not valid JSON: a comma too many"
    elif error.msg.startswith("Expecting ',' delimiter") and len(before) < at:
        at, what = len(before), "not valid JSON: a comma is missing"
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1, what
