"""One style sheet and one script for a page to fetch, out of a source file for each component."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from papernotes.build.finish import modules

STYLES: Final = "assets/stylesheets"
SCRIPTS: Final = "assets/javascripts"


_PART: Final = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)
_WORDS: Final = re.compile(r'\bt\("([\w.]+)"\)')


@dataclass(frozen=True)
class Merged:
    """The files of one kind as a page fetches them."""

    path: str
    """From the site's root; a digest of the text is part of it, so that no cache gives an older one."""
    content: str


def sheet(folder: Path, entry: str, words: Mapping[str, str] | None = None) -> Merged:
    """Put the style sheets that one imports into it, in order, and the words of each `t("key")`. None of them imports another.

    All lie beside it, where the result lies too, so that their relative addresses stay right. Raises: KeyError where there is no such key.
    """
    content = _PART.sub(
        lambda part: f"{(folder / STYLES / part[1]).read_text(encoding='utf-8').rstrip()}\n",
        (folder / STYLES / entry).read_text(encoding="utf-8"),
    )
    content = _WORDS.sub(lambda said: json.dumps((words or {})[said[1]], ensure_ascii=False), content)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Merged(f"{STYLES}/{entry.removesuffix('.css')}.{digest}.css", content)


def scripts(folder: Path, entry: str, words: Mapping[str, str]) -> list[Merged]:
    """Join the modules of one script, with the words that they say: what is loaded later, and last the script itself."""
    made = modules.build(folder / SCRIPTS, entry, words=words)
    return [Merged(f"{SCRIPTS}/{script.name}", script.content) for script in made]


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
