"""What an engine does for those who look at a page in it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, Protocol, Self


class DriverError(Exception):
    """An engine did not start, has gone, or a script threw in it."""


class Driver(Protocol):
    """A running browser with one page; a context manager."""

    def __enter__(self) -> Self:
        """Start it. Raises: DriverError."""

    def __exit__(self, *error: object) -> None:
        """End it."""

    def open(self, url: str) -> None:
        """Load a page, and wait until it is loaded. Raises: DriverError."""

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; returns what it returns. Raises: DriverError, with what was thrown."""

    def enter(self, frame: int | None) -> None:
        """Let `run` run in a frame of the page, counted from 0; in the page itself where None."""

    def messages(self, urls: Sequence[str]) -> list[str]:
        """Load the pages one after the other: what the engine has written to its console of them, and of others where it can tell."""


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
