"""Where search touches the theme and the build."""

from __future__ import annotations

import hashlib
from pathlib import Path

import material

HEADER = "8cf3fb15bcf969ff"


def test_the_shadowed_header_is_the_one_we_know() -> None:
    """An upgrade that changes the theme's header must be looked at: overrides/partials/header.html is a copy of it."""
    original = Path(material.__file__).parent / "templates/partials/header.html"
    assert hashlib.sha256(original.read_bytes()).hexdigest()[:16] == HEADER
