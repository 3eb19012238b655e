"""How far a long command has come: a line that is written over, on a terminal; nothing where nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final, TextIO, TypeVar

_LATE: Final = 1.0
"""Seconds; what takes less shows nothing."""
_AGAIN: Final = 0.1
"""Seconds from one showing to the next."""

Item = TypeVar("Item")


class Line:
    """A line that is written over."""

    def __init__(self, stream: TextIO) -> None:
        self.is_shown = stream.isatty()
        self._stream = stream
        self._width = 0

    def show(self, text: str) -> None:
        """Write it in place of what stands there."""
        if self.is_shown:
            self.write(f"\r{text:<{self._width}}")
            self._width = max(self._width, len(text))

    def clear(self) -> None:
        """Leave the line as if nothing had been shown."""
        if self._width:
            self.write(f"\r{'':{self._width}}\r")
            self._width = 0

    def write(self, text: str) -> None:
        """Write as it stands; whoever read it may have gone, and the work goes on."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self.is_shown = False


class Count:
    """How many of the pages are done: `312 of 1,077 pages checked`, on the error output of whoever reads both outputs."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what, self._done = total, what, 0
        self._line = Line(sys.stderr)
        self._due = time.monotonic() + _LATE if self._line.is_shown and sys.stdout.isatty() else float("inf")

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if (now := time.monotonic()) >= self._due:
            self._line.show(f"{self._done:,} of {self._total:,} pages {self._what}")
            self._due = now + _AGAIN

    def end(self) -> None:
        """The rest is another matter."""
        self._line.clear()


def counted(pages: Sequence[Item], what: str) -> Iterator[Item]:
    """The pages, one after the other, counted as they are done."""
    count = Count(len(pages), what)
    try:
        for page in pages:
            yield page
            count.step()
    finally:
        count.end()
