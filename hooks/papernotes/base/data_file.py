"""A data file read strictly: bounded, in UTF-8, and as JSON without what parsers read each in its own way."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

from papernotes.base.finding import Finding, quote


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
        what = "a number of too many digits" if "digits" in str(error) else str(error)
        at = max(text.find(what.partition(" ")[0]), 0) if isinstance(error, _ConstantError) else _repeat(text)
        raise SlipError(f"not valid JSON: {what}", text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) from None
    except RecursionError:
        raise SlipError("nested too deeply") from None


def _slip(text: str, error: json.JSONDecodeError) -> tuple[int, str]:
    """Where the slip behind an error is, and what."""
    before, rest = text[: error.pos].rstrip(), text[error.pos :]
    for pattern, what in _SLIPS:
        if pattern.match(rest):
            return error.pos, what
    if before.endswith(",") and error.msg.startswith(("Expecting value", "Expecting property", "Illegal trailing")):
        return len(before) - 1, "a comma too many"
    if error.msg.startswith("Expecting ',' delimiter") and len(before) < error.pos:
        return len(before), "a comma is missing"
    return error.pos, _IN_WORDS.get(error.msg, error.msg)


_SLIPS: Final = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        ("\ufeff", "a byte order mark before the text"),
        ("<{7}|={7}|>{7}", "the mark of a merge conflict"),
        ("//|/\\*|#", "a comment, which JSON has not"),
        ("'", "a single quote where a double one belongs"),
        ("[“”：，｛｝［］０-９]", "a full-width sign where a half-width one belongs"),
    )
)
"""What stands at the place where the parser stops, and says more than the parser does."""
_IN_WORDS: Final = {
    "Expecting value": "a value is missing",
    "Extra data": "more text behind the end",
    "Invalid control character at": "a tab, a line break or another control character within a text",
    "Unterminated string starting at": "a text whose quotes are not closed",
}


class _ConstantError(ValueError):
    """A word that JSON does not have; it is the first of the message."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        key = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {quote(key)} is repeated in one object")
    return result


_TOKEN: Final = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")(?P<key>\s*:)?|[{}]')


def _repeat(text: str) -> int:
    """Where the first key stands that its object has already; the text is JSON."""
    objects: list[set[str]] = []
    for match in _TOKEN.finditer(text):
        if match["key"] and objects:
            if match["text"] in objects[-1]:
                return match.start()
            objects[-1].add(match["text"])
        elif match.group() == "{":
            objects.append(set())
        elif match.group() == "}" and objects:
            objects.pop()
    return 0


def _no_constant(name: str) -> None:
    raise _ConstantError(f"{name} is not a JSON value")
