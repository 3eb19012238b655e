"""Where search touches the theme and the build."""

from __future__ import annotations

import hashlib
from pathlib import Path

import material

from papernotes.data.models.record import Fact, Model, Models
from papernotes.search import pages

HEADER = "8cf3fb15bcf969ff"


def test_the_shadowed_header_is_the_one_we_know() -> None:
    """An upgrade that changes the theme's header must be looked at: overrides/partials/header.html is a copy of it."""
    original = Path(material.__file__).parent / "templates/partials/header.html"
    assert hashlib.sha256(original.read_bytes()).hexdigest()[:16] == HEADER


def test_a_paper_is_about_the_amounts_of_its_models() -> None:
    sizes = {"a": ("7B", "65B"), "other": ("1B",)}
    made = {
        id_: Model(id_, id_.upper(), "g", None, Fact(values, ""), None, None, paper=id_, tokens=Fact(("1.4T",), ""))
        for id_, values in sizes.items()
    }
    assert pages.amounts_of("a", Models(made)) == ["A 7B", "A 65B", "A 1.4T 词元"]
    assert pages.amounts_of("b", Models(made)) == []
