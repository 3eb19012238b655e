"""How long the random tests run: a small part, the same each time, in `make test`; the whole in `make soak`."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

SOAK: Final = os.environ.get("PAPERNOTES_SOAK") == "1"
"""Set by `make soak`."""

SEEDED: Final = settings(derandomize=not SOAK, deadline=None, max_examples=5000 if SOAK else 100)
"""For `hypothesis` tests."""
