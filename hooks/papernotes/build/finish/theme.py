"""Faults of the theme that neither a block nor a style sheet reaches, mended in the finished page; and the time that its
templates take.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket

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


def mend(html: str, skip: str) -> tuple[str, int]:
    """A page without the faults, and how many check boxes had one, `TOGGLES` in a page of the theme as we know it. `skip`: what its link past the header says.

    The label of an open part of the navigation has an empty `tabindex`, which is not a number.
    Source: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-autocomplete
    """
    html = _NEXT.sub("", _TABS.sub("", html))
    html = _SKIP.sub(lambda link: f'{link[1]}<a href="#pn-content" class="md-skip">{skip}</a>{link[2]}', html)
    return _CHECKBOX.subn(r"\1", _NO_INDEX.sub(r"\1", html))


_SWITCHING: Final = (
    "[data-md-color-switching] *,[data-md-color-switching] :after,[data-md-color-switching] :before"
    "{transition-duration:0s!important}"
)
"""Set while the scheme changes, which it does at every load: each element of the page is styled twice more for it."""


def lighten(sheet: str) -> tuple[str, bool]:
    """The theme's style sheet without a rule that costs more than it gives; whether it was there."""
    return sheet.replace(_SWITCHING, ""), _SWITCHING in sheet


class _Compiled(BytecodeCache):
    """By name; Jinja itself compares the source."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name alone: the same template lies in many a folder."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what an earlier build has compiled."""
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember it."""
        self._known[bucket.key] = bucket.bytecode_to_string()


class _Visible(FileSystemLoader):
    """Does not list the theme's icons: MkDocs would leave out all ten thousand, after it has looked at each."""

    def list_templates(self) -> list[str]:
        """Every file but for those below a folder that begins with a dot."""
        found: set[str] = set()
        for place in self.searchpath:
            for folder, folders, files in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update(Path(folder, name).relative_to(place).as_posix() for name in files)
        return sorted(found)


_COMPILED: Final = _Compiled()


def quicken(environment: Environment) -> Environment:
    """An environment of templates as the builder has made it, with what this process has compiled already."""
    assert isinstance(environment.loader, FileSystemLoader)
    environment.loader = _Visible(environment.loader.searchpath)
    environment.bytecode_cache = _COMPILED
    return environment
