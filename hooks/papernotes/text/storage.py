"""Files replaced whole: after a crash at any instant the old text is there or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BusyError(Exception):
    """Another process holds the lock. The text names the folder."""


def replace(file: Path, text: str) -> bool:
    """Write a file by way of a temporary one beside it: written, synced, renamed.

    Returns whether the file changed; a file that holds the text already is not touched. Hold `locked` on its folder:
    then what a killed process left beside the file is written over.
    Raises: OSError; the old file is then whole.
    """
    file = file.resolve()  # a link stays a link
    data = text.encode("utf-8")
    mode = 0o644
    if file.exists():
        if file.read_bytes() == data:
            return False
        mode = file.stat().st_mode & 0o777
    temporary = file.with_name(f".{file.name}.new")
    try:
        with temporary.open("wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes that ask for the same lock out of a folder.

    The lock ends with the process, however it ends, and leaves no file behind.
    Raises: BusyError where another process holds it; OSError where there is no such folder.
    """
    try:
        import fcntl
    except ImportError:  # Windows, where everything but a refresh works
        raise OSError("this system has no file locks that end with the process; use Linux or macOS") from None

    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"another process is writing in {folder}") from None
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Make the new name last; a file system that cannot sync a folder has done it already."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
