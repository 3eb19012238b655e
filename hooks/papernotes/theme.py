"""Faults of the theme that neither a block nor a style sheet reaches, mended in the finished page."""

from __future__ import annotations

import re
from typing import Final

_CHECKBOX: Final = re.compile(r'(<input class="md-toggle"[^>]* type="checkbox"[^>]*?) autocomplete="off"')
TOGGLES: Final = 2
"""Check boxes of the theme's base template with an attribute that HTML does not know on them: drawer and search."""


def mend(html: str) -> tuple[str, int]:
    """A page without the faults; how many were found, `TOGGLES` in a page of the theme as we know it.

    Source: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-autocomplete
    """
    return _CHECKBOX.subn(r"\1", html)
