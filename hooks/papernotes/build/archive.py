"""Zip files whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from papernotes.base import storage


def write(target: Path, files: Iterable[tuple[str, bytes]], when: datetime, *, stored: str = "") -> None:
    """Write an archive, whole or not at all: the same files and time give the same bytes (with the same zlib).

    `files`: paths and contents in order. `when`: the time of every entry. `stored`: the path of the one file that is not
    compressed. Raises: OSError; the old archive is then whole.
    """
    stamp = max((1980, 1, 1, 0, 0, 0), (when.year, when.month, when.day, when.hour, when.minute, when.second // 2 * 2))
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in files:
            entry = zipfile.ZipInfo(path, stamp)
            entry.compress_type = zipfile.ZIP_STORED if path == stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    storage.replace(target, packed.getvalue())
