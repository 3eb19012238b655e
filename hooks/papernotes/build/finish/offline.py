"""The service worker of the saved site: which files it holds, and the digest of each."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final

from papernotes.text import special_pages
from papernotes.text.document import address

WORKER: Final = "assets/javascripts/offline-worker.js"
TARGET: Final = "sw.js"
PAGE: Final = address(special_pages.OFFLINE)
LEFT_OUT: Final = re.compile(
    r"sw\.js|papernotes\.(zip(\.sha256)?|cdx\.json)|sitemap\.xml(\.gz)?|robots\.txt|llms-full\.txt|.*\.(epub|map|md)"
)
"""Not part of what a reader saves: the worker, the archive and the books beside the site, maps of sources, what only programs read."""
_SIZE: Final = re.compile(r'(<div class="pn-offline" data-bytes=")\d+(")')


def files(site_dir: Path) -> dict[str, str]:
    """Path under the site's root -> the first 32 hexadecimal digits of its SHA-256, sorted by path."""
    found = {}
    for file in sorted(site_dir.rglob("*")):
        path = file.relative_to(site_dir).as_posix()
        if file.is_file() and not LEFT_OUT.fullmatch(path):
            found[path] = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    return found


def write(site_dir: Path) -> None:
    """Write `sw.js` for the site as it lies there; run last, after every other file is final. May be run again.

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
    page = site_dir / PAGE
    if page.is_file():
        size = sum((site_dir / path).stat().st_size for path in files(site_dir) if path != PAGE)
        page.write_text(
            _SIZE.sub(rf"\g<1>{size}\g<2>", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
        )
    listed = json.dumps(files(site_dir), ensure_ascii=False, separators=(",", ":"))
    build = hashlib.sha256(listed.encode()).hexdigest()[:12]
    target.write_text(f'const BUILD = "{build}";\nconst FILES = {listed};\n{program}', encoding="utf-8", newline="\n")
