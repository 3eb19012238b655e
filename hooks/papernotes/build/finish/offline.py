"""The service worker of the saved site, and beside it, in lists of a few hundred, which files it holds, with the digest of each.

A browser that has saved the site asks for `sw.js` again with every page: so that file stays as small as it is, however many pages
there are, and the lists are asked for only where it has changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Final

from papernotes.base import storage
from papernotes.pages.files import twin
from papernotes.text import special_pages
from papernotes.text.document import address

WORKER: Final = "assets/javascripts/offline-worker.js"
TARGET: Final = "sw.js"
LISTS: Final = "sw"
"""The folder of the lists: `sw/0.json`, `sw/1.json`, …"""
PAGE: Final = address(special_pages.OFFLINE)
LEFT_OUT: Final = re.compile(
    r"sw\.js|sw/\d+\.json|papernotes\.(zip(\.sha256)?|cdx\.json)|sitemap\.xml(\.gz)?|robots\.txt|llms-full\.txt|.*\.(epub|map|md)"
)
"""Not part of what a reader saves: the worker, the archive and the books beside the site, maps of sources, what only programs read."""
_A_LIST: Final = 250
"""Files."""
_SIZE: Final = re.compile(r'(<div class="pn-offline" data-bytes=")\d+(")')


def files(site_dir: Path) -> dict[str, str]:
    """Path under the site's root -> the first 32 hexadecimal digits of its SHA-256, sorted by path."""
    paths = [path for path, _ in storage.walk(site_dir) if not LEFT_OUT.fullmatch(path)]
    return {path: _digest(site_dir / path) for path in paths}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:32]


def show(site_dir: Path, place: str, words: str) -> None:
    """Fill a place of the page about reading offline, there and in its twin, and write the lists anew.

    `place`: the class of its paragraph; `words`: HTML. Raises: ValueError where the page has no such place.
    """
    page = site_dir / PAGE
    html, count = re.subn(
        rf'<p class="{place}"[^>]*>.*?</p>',
        lambda _: f'<p class="{place}">{words}</p>',
        page.read_text(encoding="utf-8"),
        flags=re.S,
    )
    if count != 1:
        raise ValueError(f"{page} has no place {place!r}")
    page.write_text(html, encoding="utf-8", newline="\n")
    (text,) = twin.write(html, twin.relative(PAGE))
    (site_dir / twin.path_of(PAGE)).write_text(text, encoding="utf-8", newline="\n")
    write(site_dir)


def write(site_dir: Path) -> None:
    """Write `sw.js` and its lists for the site as it lies there; run last, after every other file is final. May be run again.

    The worker's text lies among the theme's scripts and moves to the root, which a service worker must be in to serve
    the whole site.
    """
    source, target = site_dir / WORKER, site_dir / TARGET
    if source.is_file():
        program = source.read_text(encoding="utf-8")
        source.unlink()
    elif target.is_file():
        program = target.read_text(encoding="utf-8").split("\n", 2)[2]
    else:
        return
    made = files(site_dir)
    page = site_dir / PAGE
    if page.is_file():
        size = sum((site_dir / path).stat().st_size for path in made if path != PAGE)
        page.write_text(
            _SIZE.sub(rf"\g<1>{size}\g<2>", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
        )
        made[PAGE] = _digest(page)
    found = list(made.items())
    lists = [
        json.dumps(dict(found[at : at + _A_LIST]), ensure_ascii=False, separators=(",", ":"))
        for at in range(0, len(found), _A_LIST)
    ]
    shutil.rmtree(site_dir / LISTS, ignore_errors=True)
    (site_dir / LISTS).mkdir()
    for number, listed in enumerate(lists):
        (site_dir / LISTS / f"{number}.json").write_text(listed, encoding="utf-8", newline="\n")
    build = hashlib.sha256("".join(lists).encode()).hexdigest()[:12]
    target.write_text(
        f'const BUILD = "{build}";\nconst LISTS = {len(lists)};\n{program}', encoding="utf-8", newline="\n"
    )
