"""Marks that Markdown did not take: one finding for each cause, at its line; none on a page that is right; mended by `fix`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from conftest import ROOT, TODAY

from papernotes.data.site import Site
from papernotes.rules import checker
from papernotes.rules.language import layout, prose
from papernotes.text.document import Document

CASES = ROOT / "tests/cases/marks"
LIBRARY = checker.library()
URI = "topics/page.md"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in yaml.safe_load((CASES / name).read_text("utf-8"))]


def site(real: Site, text: str) -> tuple[Document, Site]:
    """A site of one page, with the terms of this one."""
    document = Document(f"docs/{URI}", URI, text, None, 0)
    return document, Site(
        root=ROOT, docs_dir=ROOT / "docs", today=TODAY, documents={URI: document}, ledger={}, papers={}, topics={},
        tags={}, glossary=replace(real.glossary), parse=LIBRARY.parse,
    )  # fmt: skip


def check(real: Site, text: str) -> list[str]:
    document, here = site(real, text)
    found = sorted(finding for page_check in checker.PAGE_CHECKS for finding in page_check(document, here))
    assert {finding.rule for finding in found} <= set(checker.RULES)
    return [str(finding).removeprefix(f"docs/{URI}:") for finding in found]


def fix(real: Site, text: str) -> str:
    document, here = site(real, text)
    return prose.fix(layout.fix(document, here))


@pytest.mark.parametrize("case", cases("raw.yml"))
def test_a_mark_that_did_nothing_is_told_at_its_line(fixture: Site, case: dict[str, Any]) -> None:
    assert check(fixture, case["page"]) == case["found"]
    assert len(case["found"]) == 1


@pytest.mark.parametrize("case", cases("several.yml"))
def test_every_cause_is_told(fixture: Site, case: dict[str, Any]) -> None:
    assert check(fixture, case["page"]) == case["found"]


@pytest.mark.parametrize("case", cases("right.yml"))
def test_a_page_that_is_right_is_left_alone(fixture: Site, case: dict[str, Any]) -> None:
    assert check(fixture, case["page"]) == []
    assert fix(fixture, case["page"]) == case["page"]


@pytest.mark.parametrize("case", cases("fix.yml"))
def test_what_is_mechanical_is_mended(fixture: Site, case: dict[str, Any]) -> None:
    mended = fix(fixture, case["page"])
    assert mended == case["mended"]
    assert check(fixture, mended) == []
    assert fix(fixture, mended) == mended


@pytest.mark.parametrize("case", cases("raw.yml"))
def test_mending_twice_changes_nothing_more(fixture: Site, case: dict[str, Any]) -> None:
    mended = fix(fixture, case["page"])
    assert fix(fixture, mended) == mended
