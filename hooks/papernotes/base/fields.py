"""The keys of a record in one table: what each is called, holds and means. Reading, checking and schemas follow from it.

Source of the schemas: https://json-schema.org/draft-07 (the newest draft that VS Code reads in full).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from papernotes.base.finding import quote

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

    @property
    def may_be_null(self) -> bool:
        """Whether null, for what nobody knows, is a value of it."""
        return any("null" in each.get("type", "") for each in self.schema.get("anyOf", [self.schema]))


Fault = tuple[str, str]
"""What is wrong, and what to do."""


@dataclass(frozen=True, kw_only=True)
class JsonField(Field):
    """A key of a record in a JSON file."""

    fault: Callable[[Any, str, date], Fault | None]
    """What is wrong with a value of the file. Shape: (value, quoted id of the paper, today)."""
    load: Callable[[Any], Any] = lambda value: value
    """From the file's value to the record's."""
    dump: Callable[[Any], Any] = lambda value: value
    """From the record's value to the file's."""


def unless(right: Callable[[Any], bool], what: str, fix: str) -> Callable[[Any, str, date], Fault | None]:
    """A fault where a value is not right; `what` may quote {value} and {paper}."""
    return lambda value, paper, _: None if right(value) else (what.format(value=quote(str(value)), paper=paper), fix)


def load(fields: Iterable[JsonField], item: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record's attributes, from an object of the file; those of keys that it does not have are left out."""
    return {field.name: field.load(item[field.name]) for field in fields if field.name in item}


def dump(fields: Iterable[JsonField], made: object) -> dict[str, Any]:
    """The object of the file, from a record; keys that need not be there are left out where they hold nothing."""
    values = {field.name: field.dump(getattr(made, field.name)) for field in fields}
    return {field.name: values[field.name] for field in fields if field.required or values[field.name]}


def faults(
    fields: Iterable[JsonField], items: Any, paper: str, today: date, *, each: str, once: str
) -> Iterator[Fault]:
    """What is wrong with a list of records inside a record.

    `each`: what one of them is called. `once`: what there is one of, with the keys that tell them apart: `of {source}`.
    """
    fields = list(fields)
    known, needed = {field.name for field in fields}, {field.name for field in fields if field.required}
    if not isinstance(items, list):
        yield f"the {each}s of {paper} are not a list", "write a list, [] where there is none"
        return
    seen = set()
    for item in items:
        if not isinstance(item, dict) or not needed <= set(item) <= known:
            yield f"a {each} of {paper} is {quote(str(item))}", f"give it exactly {', '.join(sorted(needed))}"
            continue
        given = [field for field in fields if field.name in item]
        found = [fault for field in given if (fault := field.fault(item[field.name], paper, today))]
        yield from found
        place = once.format(**item)
        if not found and place in seen:
            yield f"{paper} has two {each}s {place}", "keep one"
        if not found:
            seen.add(place)


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


def day_field(name: str, description: str) -> JsonField:
    """A key that holds a day or null."""

    def fault(value: Any, paper: str, today: date) -> Fault | None:
        problem = day_problem(value, today) if value is not None else None
        return (
            (f"{name!r} of {paper} is {quote(str(value))}, {problem}", "write YYYY-MM-DD, or null") if problem else None
        )

    return JsonField(
        name=name, description=description, schema={"type": ["string", "null"], **DAY}, fault=fault,
        load=lambda value: date.fromisoformat(value) if value else None,
        dump=lambda value: value.isoformat() if value else None,
    )  # fmt: skip


def text_field(name: str, description: str) -> JsonField:
    """A key that holds a text or null."""

    def fault(value: Any, paper: str, _: date) -> Fault | None:
        right = value is None or is_text(value)
        return None if right else (f"{name!r} of {paper} is {quote(str(value))}", "write a text, or null")

    return JsonField(name=name, description=description, schema={"type": ["string", "null"]}, fault=fault)
