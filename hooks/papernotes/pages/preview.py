"""The cards of a page: what hovering, focusing or tapping a reference shows. One component for papers, figures and terms.

An element says by `data-pn-preview="KEY"` whose card it shows; the card stands once in the page as
`<div id="pn-preview-KEY" class="pn-card" hidden>`, for a page read from disk can fetch nothing. Figures and terms bring
their cards with the text that refers to them; papers are referred to from templates too, so theirs are added last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

Provider = Callable[[str], str | None]
"""Gives the card of a key without its prefix as HTML, or None where there is none."""

_KEY: Final = re.compile(r'data-pn-preview="([a-z0-9/-]+)"')
_CARD: Final = re.compile(r'id="pn-preview-([a-z0-9/-]+)"')
_PLACE: Final = '<div class="md-dialog"'
"""What follows the pages' content in the theme's base template: the cards go before it, outside the article."""


def missing(html: str) -> Iterator[str]:
    """The keys that a page uses and has no card for, each once, in the order of their first use."""
    there = set(_CARD.findall(html))
    for key in dict.fromkeys(_KEY.findall(html)):
        if key not in there:
            yield key


def cards(html: str, providers: Mapping[str, Provider]) -> str:
    """The missing cards of a page, from the provider of each key's prefix (`paper-`). A key of no provider gets none."""
    made = []
    for key in missing(html):
        prefix, _, name = key.partition("-")
        provider = providers.get(f"{prefix}-")
        card = provider(name) if provider else None
        if card:
            made.append(f'<div id="pn-preview-{key}" class="pn-card" hidden>{card}</div>')
    return "".join(made)


def add(html: str, providers: Mapping[str, Provider]) -> str:
    """The page with its missing cards. Raises: ValueError where the page has no place for them."""
    made = cards(html, providers)
    if not made:
        return html
    before, place, after = html.partition(_PLACE)
    if not place:
        raise ValueError(f"the page has no {_PLACE!r} for its previews; the theme's base template has changed")
    return f"{before}{made}{place}{after}"
