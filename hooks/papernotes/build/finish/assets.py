"""One style sheet and one script for a page to fetch, out of a source file for each component."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STYLES: Final = "assets/stylesheets"
SCRIPTS: Final = "assets/javascripts"


@dataclass(frozen=True)
class Merged:
    """The files of one kind as a page fetches them."""

    path: str
    """From the site's root; a digest of the text is part of it, so that no cache gives an older one."""
    content: str
    sources: tuple[str, ...]
    """The paths of what went into it, in order; these are not published."""


def merge(folder: Path, paths: Sequence[str], parent: str, ending: str) -> Merged:
    """Put files of a folder one behind the other.

    All must lie in `parent`, where the result lies too, so that their relative addresses stay right.
    Raises: ValueError where one does not.
    """
    outside = [path for path in paths if path.rpartition("/")[0] != parent]
    if outside:
        raise ValueError(f"{outside[0]} does not lie in {parent}/")
    content = "".join(f"{(folder / path).read_text(encoding='utf-8').rstrip()}\n" for path in paths)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Merged(f"{parent}/papernotes.{digest}{ending}", content, tuple(paths))


def without_reference_styles(html: str, sheet: str) -> str:
    """A page that shows no Python does not fetch the style sheet for it, which the plugin links from every page."""
    if 'class="doc ' in html:
        return html
    before, link, after = html.partition(f'{sheet}">')
    if not link:
        return html
    start = before.rfind("<link ")
    return before[:start].rstrip() + after


def defer(html: str) -> str:
    """A page whose scripts with an address wait until it is read, and leave the network to what it shows first."""
    return html.replace("<script src=", "<script defer src=")
