"""The keys of a record in one table: what each is called, holds and means. Reading, checking and schemas follow from it.

Source of the schemas: https://json-schema.org/draft-07 (the newest draft that VS Code reads in full).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

Schema = dict[str, Any]

ARXIV_ID: Final = r"^(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})$"
DAY: Final[Schema] = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
"""The pattern too: whether a validator looks at formats is its user's choice."""
TEXT: Final[Schema] = {"type": "string", "minLength": 1}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One key of a record."""

    name: str
    description: str
    """In Chinese, for the guide and the editors."""
    schema: Schema
    required: bool = True


def described(fields: Iterable[Field]) -> dict[str, Schema]:
    """The keys of a record, each with its description in its schema."""
    return {field.name: {**field.schema, "description": field.description} for field in fields}


def closed(properties: Mapping[str, Schema], required: Iterable[str] | None = None) -> Schema:
    """An object with these keys and no others; all of them are required where `required` does not say which."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def record(fields: Iterable[Field]) -> Schema:
    """The schema of a record with these keys."""
    fields = list(fields)
    return closed(described(fields), [field.name for field in fields if field.required])


def is_text(value: Any) -> bool:
    """Whether a value is a text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def is_int(value: Any, least: int) -> bool:
    """Whether a value is a whole number from `least`."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def day_problem(value: Any, today: date) -> str | None:
    """What keeps a value from being a day up to today, written YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return "not of the form YYYY-MM-DD"
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "not a day of the calendar"
    return "in the future" if day > today else None


_HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
"""A domain of two labels or more, in ASCII."""


def is_https(value: Any) -> bool:
    """Whether a value is an https address with a plain host, and nothing that could break out of an attribute.

    A name or a password before the host, and a host in other letters than ASCII or in Punycode, show another address than
    they lead to.
    """
    if not isinstance(value, str) or re.search(r"[\s\"'<>\\`\x00-\x1f]", value):
        return False
    try:
        parts = urlsplit(value)
        plain = parts.port in (None, 443) and "@" not in parts.netloc and _HOST.fullmatch(parts.hostname or "")
    except ValueError:
        return False
    return parts.scheme == "https" and bool(plain) and "xn--" not in parts.netloc.lower()
