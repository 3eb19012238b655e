"""How the cost of a step grows with the size of what it reads: two sizes, compared in the processor time of this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

TOLERATED: Final = 3
"""By how much more than in proportion the time may grow. A step whose time goes with the square of the size is found from a
fourfold size on: it takes 16 times as long, more than 4 times 3."""

_TRIES: Final = 3


def growth(step: Callable[[int], object], small: int, large: int) -> float:
    """How many times as long the step takes for the large size as for the small one.

    Where that is more than tolerated, both are tried again, and of a few tries each, the shortest counts. A step so short that
    the clock hardly sees it counts as 5 ms: its growth is then nobody's concern.
    """
    least = {small: float("inf"), large: float("inf")}
    grown = 0.0
    for _ in range(_TRIES):
        for size, best in least.items():
            least[size] = min(best, _taken(step, size))
        grown = least[large] / max(least[small], 0.005)
        if grown <= TOLERATED * large / small:
            break
    return grown


def _taken(step: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    step(size)
    return time.process_time() - started
