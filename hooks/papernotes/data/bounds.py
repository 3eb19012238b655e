"""How large a value of the ledger may be. A larger one is an error of its source or an attack: it is told, and not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from papernotes.base.finding import quote

MAX_VERSION: Final = 999
"""No paper has had as many as a hundred; an id has room for three digits."""
MAX_AUTHORS: Final = 10_000
"""The most that a paper has had is some 5,000."""
MAX_COUNTS: Final = 2_000
"""Of one paper: a source gives one a month."""
MAX_TEXT: Final = {"title": 1_000, "category": 30, "venue": 300, "code": 500, "doi": 200}
"""Characters."""
MAX_NAME: Final = 300
"""Characters of an author's or a collaboration's name."""

Problem = tuple[str, str, str]


def of_record(item: Any) -> Iterator[Problem]:
    """What is too large in one record of the ledger, as (rule, what, fix). A value of the wrong type is no matter of size."""
    if not isinstance(item, dict):
        return
    name = quote(str(item.get("arxiv")))
    version, authors, counts = item.get("version"), item.get("authors"), item.get("counts")
    if isinstance(version, int) and version > MAX_VERSION:
        yield "ledger", f"paper {name} has a version above {MAX_VERSION}", "copy the number from the paper's arXiv page"
    for key, most in MAX_TEXT.items():
        if isinstance(item.get(key), str) and len(item[key]) > most:
            yield "ledger", f"{key!r} of {name} has {len(item[key])} characters, more than {most}", "shorten it"
    if isinstance(authors, list):
        if len(authors) > MAX_AUTHORS:
            yield (
                "ledger",
                f"{name} has {len(authors)} authors, more than {MAX_AUTHORS}",
                "keep the collaboration's name",
            )
        elif long := next((each for each in authors if isinstance(each, str) and len(each) > MAX_NAME), None):
            yield (
                "ledger",
                f"an author of {name} has {len(long)} characters, more than {MAX_NAME}",
                "write one name a string",
            )
        elif odd := next((each for each in authors if isinstance(each, str) and not any(map(str.isalpha, each))), None):
            yield "ledger", f"an author of {name} is {quote(odd)}, without a letter", "remove it"
    if isinstance(counts, list) and len(counts) > MAX_COUNTS:
        yield "ledger-count", f"{name} has {len(counts)} counts, more than {MAX_COUNTS}", "keep one a month"
