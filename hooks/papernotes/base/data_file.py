"""A data file read strictly: bounded, in UTF-8, and as JSON without what parsers read each in its own way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from papernotes.base.finding import Finding


def read(file: Path, path: str, most: int, rule: str) -> tuple[str | None, list[Finding]]:
    """The text of a file; None where it is missing, or with a finding where it is too large or is not UTF-8.

    `path`: as findings show it. Units: `most` in bytes. Raises: OSError where the file system fails.
    """
    if not file.is_file():
        return None, []
    if (size := file.stat().st_size) > most:
        what = f"the file has {size} bytes, more than {most}"
        return None, [Finding(path, 1, 1, rule, what, "shorten it, or restore it from git")]
    data = file.read_bytes()
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Finding(path, line, 1, rule, "the file is not UTF-8", "save it as UTF-8")]


class SlipError(ValueError):
    """A text that is not JSON. It says why in one phrase, and where the slip is: line and column, both from 1."""

    def __init__(self, what: str, line: int = 1, column: int = 1) -> None:
        super().__init__(what)
        self.line, self.column = line, column


def parse_json(text: str) -> Any:
    """Read JSON in which no key of an object is repeated and no number is NaN. Raises: SlipError.

    The parser stops at what it cannot read, which often stands a line below the slip: a comma too many is found at the comma,
    one too few behind the value that it should follow.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        at, what = _slip(text, error)
        raise SlipError(f"not valid JSON: {what}", text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) from None
    except ValueError as error:
        raise SlipError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise SlipError("nested too deeply") from None


def _slip(text: str, error: json.JSONDecodeError) -> tuple[int, str]:
    """Where the slip behind an error is, and what."""
    before = text[: error.pos].rstrip()
    if before.endswith(",") and error.msg.startswith(("Expecting value", "Expecting property", "Illegal trailing")):
        return len(before) - 1, "a comma too many"
    if error.msg.startswith("Expecting ',' delimiter") and len(before) < error.pos:
        return len(before), "a comma is missing"
    return error.pos, error.msg


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is repeated in one object")
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")
