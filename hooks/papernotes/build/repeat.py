"""A site that is there already: where nothing that a build reads has changed since the last one, it is not built again."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.base import git, store
from papernotes.base.store import Store

READ: Final = ("docs", "overrides", "hooks")
"""The folders that a build reads, beside its configuration and what is installed."""
_ELSEWHERE: Final = re.compile(
    r"^(?:docs_dir|INHERIT)\s*:|^\s+custom_dir\s*:(?!\s*overrides\s*(?:#.*)?$)", re.MULTILINE
)
"""Settings that name further files."""
_PASSING: Final = frozenset({"_", "OLDPWD", "PWD", "SHLVL"})
"""Variables of a shell that say where it is and not what is wanted."""


def key(config_file: Path, builder: str, kept: Store) -> str:
    """The name of all that a site is made of; empty where that is not known, or is to be asked of others first."""
    if _ELSEWHERE.search(config_file.read_text(encoding="utf-8")) or os.environ.get("PAPERNOTES_REFRESH") == "1":
        return ""
    root = config_file.parent
    settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name not in _PASSING]
    folders = [store.of_folder(root / name) for name in READ]
    return kept.key("site", builder, date.today().isoformat(), git.head(root), *folders, *settings)


def is_there(site_dir: Path, made_of: str, kept: Store) -> bool:
    """Whether a folder holds what was made of something, every file as it was made."""
    return bool(made_of) and site_dir.is_dir() and kept.recall(made_of) == store.of_folder(site_dir)


def note(site_dir: Path, made_of: str, kept: Store) -> None:
    """Note what has been made of something."""
    if made_of:
        kept.keep(made_of, store.of_folder(site_dir))
