"""The built site -> its service worker. Last in `hooks:`: the worker holds a digest of every other file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from papernotes.build.finish import offline

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def on_post_build(*, config: MkDocsConfig) -> None:
    """Remove the theme's search workers, which nothing loads, and write `sw.js`."""
    site_dir = Path(config.site_dir)
    for file in site_dir.glob("assets/javascripts/workers/*"):
        file.unlink()
    for folder in site_dir.glob("assets/javascripts/workers"):
        folder.rmdir()
    offline.write(site_dir)
