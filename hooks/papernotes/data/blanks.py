"""Blanks: places that `new` leaves to the writer, 〔待填：…〕. The checker reports each one until it is filled."""

from __future__ import annotations

import re
from typing import Final

from papernotes.data.ledger import Record

START: Final = "〔待填"
BLANK: Final = re.compile(START + r"(?:：[^〔〕\n]*)?〕")


def blank(hint: str) -> str:
    """The mark of a place to be filled."""
    return f"〔待填：{hint}〕"


def blanks_of(record: Record) -> tuple[str, ...]:
    """The keys of a ledger record that `new` could not fill for want of a network."""
    texts = {"title": (record.title,), "authors": record.authors}
    return tuple(key for key, values in texts.items() if any(BLANK.search(value) for value in values))


def is_provisional(slug: str) -> bool:
    """Whether a page's name is only the paper's id, as `new` makes it where it knows no title."""
    return re.fullmatch(r"(?:[a-z]+(?:-[a-z]+)?-)?[0-9]{4}-?[0-9]{3,5}", slug) is not None
