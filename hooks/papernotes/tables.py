"""Tables of the text stand in a box of their own that scrolls, so that a wide one never widens the page."""

from __future__ import annotations

import re
from typing import Final

_TABLE: Final = re.compile(r"<table>(?P<inside>.*?)</table>", re.DOTALL)


_WIDE: Final = 6
"""A table of this many columns may use the margin too."""


def boxed(html: str) -> str:
    """The HTML of a page with each table that Markdown made in a `<div class="pn-table">`.

    The table gets a class too: the theme's script leaves tables with one alone.
    """
    return _TABLE.sub(_box, html)


def _box(match: re.Match[str]) -> str:
    inside = match["inside"]
    wide = " pn-table--wide" if len(re.findall(r"<th\b", inside)) >= _WIDE else ""
    return f'<div class="pn-table{wide}"><table class="pn-table__table">{inside}</table></div>'
