"""Faults of the theme that neither a block nor a style sheet reaches, mended in the finished page."""

from __future__ import annotations

import re
from typing import Final

_CHECKBOX: Final = re.compile(r'(<input class="md-toggle"[^>]* type="checkbox"[^>]*?) autocomplete="off"')
_NO_INDEX: Final = re.compile(r'(<label class="md-nav__link[^>]*?) tabindex=""')
_SKIP: Final = re.compile(r'(<div data-md-component="skip">).*?(</div>)', re.DOTALL)
"""The theme's link past the header leads to the first heading, and is left out where a page has none."""
_TABS: Final = re.compile(r"<script>var target=document\.getElementById\(location\.hash[^<]*__tabbed_[^<]*</script>\s*")
"""For tabs within a text, which ours have not; without a hash in the address Firefox complains of it."""
_NEXT: Final = re.compile(r'<link rel="next"[^>]*>\s*')
"""Firefox would fetch that page beforehand, which the policy forbids: it says so in the console of every page."""
TOGGLES: Final = 2
"""Check boxes of the theme's base template with an attribute that HTML does not know on them: drawer and search."""


def mend(html: str) -> tuple[str, int]:
    """A page without the faults; how many check boxes had one, `TOGGLES` in a page of the theme as we know it.

    The label of an open part of the navigation has an empty `tabindex`, which is not a number.
    Source: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-autocomplete
    """
    html = _NEXT.sub("", _TABS.sub("", html))
    html = _SKIP.sub(r'\1<a href="#pn-content" class="md-skip">跳到正文</a>\2', html)
    return _CHECKBOX.subn(r"\1", _NO_INDEX.sub(r"\1", html))


_SWITCHING: Final = (
    "[data-md-color-switching] *,[data-md-color-switching] :after,[data-md-color-switching] :before"
    "{transition-duration:0s!important}"
)
"""Set while the scheme changes, which it does at every load: each element of the page is styled twice more for it."""


def lighten(sheet: str) -> tuple[str, bool]:
    """The theme's style sheet without a rule that costs more than it gives; whether it was there."""
    return sheet.replace(_SWITCHING, ""), _SWITCHING in sheet
