"""How far a refresh has come: a bar on a terminal, a line for each finished service elsewhere."""

from __future__ import annotations

from typing import Final, TextIO

from papernotes.progress import Line
from papernotes.refresh.services.service import Service

_WIDTH: Final = 24


class Progress:
    """Shows the steps of `ask.everyone` on a stream, usually the error output."""

    def __init__(self, stream: TextIO) -> None:
        self._line = Line(stream)
        self._done: dict[str, tuple[int, int]] = {}

    def step(self, service: Service, done: int, asked: int) -> None:
        """A service has answered `done` of the `asked` papers."""
        before = self._done.get(service.title, (0, 0))
        self._done[service.title] = (done, asked)
        if self._line.is_shown:
            self._draw()
        elif done == asked and before != (done, asked):
            self._line.write(f"{service.title}: asked about {done} of {asked} papers\n")

    def end(self) -> None:
        """Clear the bar."""
        self._line.clear()

    def _draw(self) -> None:
        done, asked = (sum(numbers) for numbers in zip(*self._done.values(), strict=True))
        full = _WIDTH * done // max(asked, 1)
        parts = "  ".join(f"{title} {one}/{all_}" for title, (one, all_) in self._done.items())
        self._line.show(f"[{'#' * full}{'.' * (_WIDTH - full)}] {parts}")
