"""Results that need not be worked out again: plain files, each named by a digest of all that its content came from.

An entry is JSON, so that nothing in it can run; it begins with a digest of itself, so that a damaged one is a miss. Nothing here
raises: what cannot be read is a miss, and what cannot be written (a full disk, a folder of somebody else) is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from papernotes.base import storage

FOLDER: Final = ".papernotes-cache"
"""Beside the configuration; git ignores it, `make clean` removes it."""
UNUSED: Final = f"work everything out anew, and keep nothing in {FOLDER}/"
"""What `--no-cache` does."""
MOST_BYTES: Final = 400_000_000
"""What all entries may take; those that were not asked for the longest go first."""
_FULL: Final = 0.8
"""To this share of it they are cut down."""
_STALE: Final = 3600.0
"""Seconds after which an unfinished file is what a killed process left; as often an entry is marked as used."""
_SMALL: Final = 2000
"""Bytes of an entry that is remembered: what was found on a page, not the page."""
_MOST_REMEMBERED: Final = 50_000
_DIGEST_BYTES: Final = 20
_PACKAGE: Final = Path(__file__).parents[1]


def digest(*parts: str | bytes) -> str:
    """A digest of some texts in order, in hexadecimal; how they are parted counts."""
    return digest_of(parts)


def digest_of(parts: Iterable[str | bytes]) -> str:
    """The same of texts that are not all there at once."""
    sum_ = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sum_.update(b"%d:" % len(data))
        sum_.update(data)
    return sum_.hexdigest()


def of_folder(folder: Path) -> str:
    """A digest of the files below a folder: names and content."""
    files = storage.walk(folder) if folder.is_dir() else ()
    ours = (each for each in files if "__pycache__/" not in each[0] and each[1].is_file())
    return digest_of(part for path, file in ours for part in (path, Path(file.path).read_bytes()))


def of_program(config_file: Path) -> str:
    """A digest of what works results out: our code, the configuration, Python, and every package that is installed."""
    packages = sorted(found.name for folder in sys.path for found in Path(folder).glob("*.dist-info"))
    config = config_file.read_bytes() if config_file.is_file() else b""
    return digest(of_folder(_PACKAGE), config, sys.version, "\n".join(packages))


class Store:
    """The entries that one program has made."""

    def __init__(self, folder: Path | None = None, program: str = "", *, remember: bool = False) -> None:
        """`folder`: where they lie; None: nowhere. `program`: see `of_program`. `remember`: small ones in memory too."""
        self._program = program
        self._folder = folder if folder is not None and _is_ours(folder) else None
        self._remembered: dict[str, Any] | None = {} if remember else None
        self._wrote = False

    @property
    def is_open(self) -> bool:
        """Whether anything is kept."""
        return self._folder is not None or self._remembered is not None

    @property
    def is_shared(self) -> bool:
        """Whether other processes find what is kept."""
        return self._folder is not None

    def key(self, kind: str, *parts: str | bytes) -> str:
        """The name of an entry. `parts`: all that it comes from, beside the program."""
        return digest(self._program, kind, *parts)

    def recall(self, key: str) -> Any:
        """What was kept under a key; None where nothing was, or where it can no longer be read."""
        if self._remembered is not None and key in self._remembered:
            return self._remembered[key]
        if self._folder is None:
            return None
        file = self._file(key)
        try:
            data = file.read_bytes()
            head, packed = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
            if head.hex() != digest(key, packed):
                file.unlink()  # so that `has` does not count on it
                return None
            if time.time() - file.stat().st_mtime > _STALE:
                os.utime(file)
            return self._remember(key, json.loads(zlib.decompress(packed)), len(packed))
        except (OSError, ValueError, zlib.error, RecursionError, MemoryError):
            return None

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What was kept under a key, else what is made now and kept: a value that JSON can say, and not None."""
        known = self.recall(key)
        if known is None:
            known = make()
            self.keep(key, known)
        return known

    def has(self, key: str) -> bool:
        """Whether there is an entry, damaged or not."""
        return self._folder is not None and self._file(key).is_file()

    def keep(self, key: str, value: Any) -> None:
        """Keep what JSON can say, under its key; in one step, so that no reader sees a part of it."""
        if not self.is_open:
            return
        packed = zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)
        self._remember(key, value, len(packed))
        if self._folder is None:
            return
        file = self._file(key)
        beside = self._folder / f"new-{os.getpid()}-{threading.get_ident()}"
        try:
            beside.write_bytes(bytes.fromhex(digest(key, packed)) + packed)
            beside.replace(file)
            self._wrote = True
        except OSError:
            self._folder = None  # the disk is full, or is not to be written: what is to come would fail as well
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _remember(self, key: str, value: Any, size: int) -> Any:
        if self._remembered is not None and size <= _SMALL:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = value
        return value

    def trim(self) -> None:
        """Remove what is beyond the bound, and what killed processes left; only where something has been added."""
        if self._folder is None or not self._wrote:
            return
        self._wrote = False
        entries: list[tuple[float, int, Path]] = []
        try:
            files = storage.walk(self._folder)
        except OSError:  # it is gone
            return
        for name, file in files:
            with suppress(OSError):  # another process has removed it
                state = file.stat()
                if name.startswith("new-") and time.time() - state.st_mtime > _STALE:
                    Path(file.path).unlink()
                else:
                    entries.append((state.st_mtime, state.st_size, Path(file.path)))
        total = sum(size for _, size, _ in entries)
        if total <= MOST_BYTES:
            return
        for _, size, path in sorted(entries):
            with suppress(OSError):
                path.unlink()
            total -= size
            if total <= MOST_BYTES * _FULL:
                return

    def _file(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key


def beside(config_file: Path) -> Store:
    """The store of the project that a configuration file belongs to."""
    return Store(config_file.parent / FOLDER, of_program(config_file))


def _is_ours(folder: Path) -> bool:
    """Whether a folder is there, or can be made, and nobody else may write in it: what is read from it gets into pages."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return False
    if not folder.is_dir() or folder.is_symlink():
        return False
    return not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & 0o022)
