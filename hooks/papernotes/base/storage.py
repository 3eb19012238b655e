"""Files found, and replaced whole: after a crash at any instant the old content is there or the new one, never a part."""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, Final, TypeVar, cast

from papernotes.base.finding import StopError

T = TypeVar("T")


class BusyError(StopError):
    """Another process holds the lock. The text names the folder."""


def there(path: Path, *, is_file: bool = False) -> Path:
    """The folder, or file, that a verb works on, in full. Raises: StopError where there is none."""
    if path.is_file() if is_file else path.is_dir():
        return path.resolve()
    kind = "" if is_file else "folder "
    raise StopError(f"there is no {kind}{str(path)!r}; run from the root of the repository")


def walk(folder: Path) -> list[tuple[str, os.DirEntry[str]]]:
    """Every file below a folder, links among them and not followed, with its path from there, in the order of paths."""
    found, folders = [], [("", os.fspath(folder))]
    for below, each in folders:
        with os.scandir(each) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{below}{entry.name}/", entry.path))
                else:
                    found.append((f"{below}{entry.name}", entry))
    return sorted(found, key=lambda file: file[0].split("/"))


SCRATCH: Final = ".papernotes"
"""The folder in which files are written before they are put in their places; git ignores it, and no reader looks there."""


def replace(file: Path, content: str | bytes, *, scratch: Path | None = None) -> bool:
    """Write a file by way of a temporary one: written, synced, renamed.

    `scratch`: the folder, on the same file system, that gets `SCRATCH` while this runs; None: the file's own. Returns
    whether the file changed; a file that holds the content already is not touched.
    Raises: OSError; the old file is then whole.
    """
    file = file.resolve()  # a link stays a link
    data = content.encode("utf-8") if isinstance(content, str) else content
    mode = 0o644
    if file.exists():
        if file.read_bytes() == data:
            return False
        mode = file.stat().st_mode & 0o777
    with _written(data, file, mode, scratch or file.parent) as temporary:
        temporary.replace(file)
    return True


def create(file: Path, text: str, *, scratch: Path | None = None) -> None:
    """Write a file that is not there yet, whole or not at all.

    `scratch`: see `replace`. Raises: FileExistsError, OSError.
    """
    with _written(text.encode("utf-8"), file, 0o644, scratch or file.parent) as temporary:
        try:
            os.link(temporary, file)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if file.exists():
                raise FileExistsError(f"{file} is there already") from None
            temporary.replace(file)


def sweep(scratch: Path) -> None:
    """Remove what processes that were killed have left in a folder of temporary files. Never raises."""
    folder = scratch / SCRATCH
    try:
        for path in list(folder.iterdir()):
            number = path.name.partition("-")[0]
            if not (number.isascii() and number.isdigit() and is_running(int(number))):
                path.unlink(missing_ok=True)
        folder.rmdir()
    except OSError:  # it is not there, or another process is using it
        pass


@contextmanager
def _written(data: bytes, file: Path, mode: int, scratch: Path) -> Iterator[Path]:
    """A temporary file that holds these bytes, to be put in its place."""
    sweep(scratch)
    temporary = scratch / SCRATCH / f"{os.getpid()}-{file.name}"
    temporary.parent.mkdir(exist_ok=True)
    try:
        with temporary.open("wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
        with suppress(OSError):  # another process may be using it
            temporary.parent.rmdir()
    _sync_folder(file.parent)


def is_running(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
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


class Aside(MutableMapping[str, T]):
    """A mapping whose values lie in a file without a name, until somebody asks for them: what is large, and used once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @cached_property
    def _file(self) -> IO[bytes]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open
        weakref.finalize(self, file.close)
        return file

    def __getitem__(self, key: str) -> T:
        self._file.seek(self._places[key])
        return cast("T", pickle.load(self._file))

    def __setitem__(self, key: str, value: T) -> None:
        self._places[key] = self._file.seek(0, os.SEEK_END)
        pickle.dump(value, self._file)

    def __delitem__(self, key: str) -> None:
        del self._places[key]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
