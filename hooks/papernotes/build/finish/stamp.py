"""The mark that our hooks leave in every page: a builder that ignores hooks cannot leave it."""

from __future__ import annotations

import hashlib

from papernotes import __version__
from papernotes.text.document import Document


def of(document: Document) -> str:
    """`papernotes VERSION` and the beginning of the SHA-256 of the page's source."""
    return f"papernotes {__version__} {hashlib.sha256(document.text.encode()).hexdigest()[:12]}"
