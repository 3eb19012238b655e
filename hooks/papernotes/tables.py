"""Tables of the text stand in a box of their own that scrolls, so that a wide one never widens the page."""

from __future__ import annotations

import re
from typing import Final

_TABLE: Final = re.compile(r"<table>(?P<inside>.*?)</table>", re.DOTALL)


def boxed(html: str) -> str:
    """The HTML of a page with each table that Markdown made in a `<div class="pn-table">`.

    The table gets a class too: the theme's script leaves tables with one alone.
    """
    return _TABLE.sub(
        lambda match: f'<div class="pn-table"><table class="pn-table__table">{match["inside"]}</table></div>', html
    )
