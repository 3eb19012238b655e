"""The files that a site needs beside its pages: templates, styles, scripts, fonts, and what a new site begins with.

They lie in the repository beside the package; a wheel brings them in a folder of its own (setup.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent

THEME: Final = "overrides"
STARTER: Final = "tools/starter"


def find(name: str) -> Path:
    """A file or folder of the kit, named by its path in the repository. Raises: FileNotFoundError."""
    places = (_PACKAGE / "_kit" / name, _PACKAGE.parents[1] / name)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise FileNotFoundError(
            f"papernotes was installed without {name}; install its wheel, or a clone of its repository"
        )
    return found
