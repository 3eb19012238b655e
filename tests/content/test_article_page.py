"""The page that goes through the article names every entry of the errata, with the grade that stands there."""

from __future__ import annotations

import re

from conftest import ROOT

ENTRY = re.compile(r"^### .+? \{#(?P<id>\w+)\}\n\n\*\*(?P<grade>.+?)\*\*：", re.MULTILINE)
NAMED = re.compile(r"\(errata\.md#(?P<id>\w+)\)（(?P<grade>.+?)）")


def test_every_correction_is_named_with_its_grade() -> None:
    entries = dict(ENTRY.findall((ROOT / "docs/errata.md").read_text(encoding="utf-8")))
    named = set(NAMED.findall((ROOT / "docs/article.md").read_text(encoding="utf-8")))
    assert len(entries) > 60
    assert named == set(entries.items())
