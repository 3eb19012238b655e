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
    """How many times as long the step takes for the large size as for the small one; of a few tries each, the shortest counts.

    A step so short that the clock hardly sees it counts as 5 ms: its growth is then nobody's concern.
    """
    return _least(step, large) / max(_least(step, small), 0.005)


def _least(step: Callable[[int], object], size: int) -> float:
    taken = []
    for _ in range(_TRIES):
        started = time.process_time()
        step(size)
        taken.append(time.process_time() - started)
        if taken[-1] > 1:
            break
    return min(taken)
