"""How far a refresh has come: a bar on a terminal, a line for each finished service elsewhere."""

from __future__ import annotations

from typing import Final, TextIO

from papernotes.refresh.services.service import Service

_WIDTH: Final = 24


class Progress:
    """Shows the steps of `ask.everyone` on a stream, usually the error output."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar = stream.isatty()
        self._done: dict[str, tuple[int, int]] = {}
        self._width = 0

    def step(self, service: Service, done: int, asked: int) -> None:
        """A service has answered `done` of the `asked` papers."""
        before = self._done.get(service.title, (0, 0))
        self._done[service.title] = (done, asked)
        if self._bar:
            self._draw()
        elif done == asked and before != (done, asked):
            self._write(f"{service.title}: asked about {done} of {asked} papers\n")

    def end(self) -> None:
        """Clear the bar."""
        if self._bar and self._width:
            self._write("\r" + " " * self._width + "\r")

    def _draw(self) -> None:
        done, asked = (sum(numbers) for numbers in zip(*self._done.values(), strict=True))
        full = _WIDTH * done // max(asked, 1)
        parts = "  ".join(f"{title} {one}/{all_}" for title, (one, all_) in self._done.items())
        text = f"[{'#' * full}{'.' * (_WIDTH - full)}] {parts}"
        self._write("\r" + text.ljust(self._width))
        self._width = max(self._width, len(text))

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # whoever read it has gone; the refresh goes on
            self._bar = False
