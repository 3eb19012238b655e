"""How much of what a page may hold, so that it can be read in bounded time. Markdown itself is quadratic in much of it."""

from __future__ import annotations

import re
from typing import Final

from papernotes.text.document import Document
from papernotes.text.parsed import Problem

MAX_COST: Final = 1_000_000
"""Of one page: the squares of the openings `[` and `<` of each paragraph, summed. At the limit Python-Markdown takes 0.1 s."""
MAX_DEPTH: Final = 30
"""Quotes inside one another, or lists (at four spaces each)."""
MAX_SECTIONS: Final = 50
"""`<![` and `<?` in one page: each makes Python's HTML parser read on to the end."""
LIMITS: Final = (
    (re.compile(r"^#{1,6}", re.MULTILINE), 400, "headings"),
    (re.compile(r"^ {0,3}:[ \t]", re.MULTILINE), 200, "definitions"),
    (re.compile(r"^[ \t>]*(?:[-*+]|[0-9]{1,9}\.)[ \t]", re.MULTILINE), 3_000, "list items"),
    (re.compile(r"\[\^"), 600, "footnotes and references to them"),
    (re.compile(r"`"), 6_000, "backticks"),
    (re.compile(r"\n"), 20_000, "lines"),
    (re.compile(r"\$"), 6_000, "dollar signs"),
    (re.compile(r"[*_]"), 12_000, "stars and underscores"),
    (re.compile(r"[0-9]+"), 20_000, "numbers"),
    (re.compile(r"^[ \t]*/{3,}[ \t]*\S", re.MULTILINE), 100, "figure blocks"),
    (re.compile(r"【"), 4_000, "source marks"),
    (re.compile(r"://"), 2_000, "addresses"),
)
"""What may occur how often on one page."""

_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")
_DEEP: Final = re.compile(
    rf"^(?:[ \t]*>){{{MAX_DEPTH}}}|^(?: {{{4 * MAX_DEPTH}}}|\t{{{MAX_DEPTH}}})[ \t]*(?:[-*+]|\d+\.)[ \t]", re.MULTILINE
)
_SECTION: Final = re.compile(r"<!\[|<[?]")


def exceeded(document: Document) -> Problem | None:
    """The place at which a page gets too large or too deep to be read in bounded time, if there is one."""
    body = document.body

    def problem(offset: int, what: str, fix: str) -> Problem:
        return Problem(body.count("\n", 0, offset) + 1, "unsafe-nesting", what, fix)

    if deep := _DEEP.search(body):
        return problem(deep.start(), f"more than {MAX_DEPTH} levels", "flatten them")
    sections = list(_SECTION.finditer(body)) if "<" in body else []
    if len(sections) > MAX_SECTIONS:
        what = f"more than {MAX_SECTIONS} marked sections or instructions"
        return problem(sections[MAX_SECTIONS].start(), what, "remove them")
    for pattern, limit, name in LIMITS:
        for number, match in enumerate(pattern.finditer(body)):
            if number == limit:
                return problem(
                    match.start(), f"more than {limit} {name}: the page would take long to read", "split the page"
                )
    cost = start = 0
    for piece in [*_PARAGRAPHS.finditer(body), None]:
        end = piece.start() if piece else len(body)
        cost += body.count("[", start, end) ** 2 + body.count("<", start, end) ** 2
        if cost > MAX_COST:
            what = "too many brackets up to here: the page would take long to read"
            start += len(body[start:end]) - len(body[start:end].lstrip())
            return problem(start, what, "remove those that are not links")
        start = piece.end() if piece else end
    return None
