"""The language check with this repository's table of terms and of models: wrong sentences are found, right ones left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from conftest import ROOT

from papernotes.base.finding import Finding
from papernotes.data import ledger, term_table
from papernotes.data.models import table as model_table
from papernotes.data.site import Site
from papernotes.rules import checker
from papernotes.rules.language import prose
from papernotes.text.document import Document

CASES = ROOT / "tests/cases/language"
TERMS, _ = term_table.load(ROOT / "docs", ROOT)
MODELS, _ = model_table.load(ROOT / "docs", ROOT, ledger.read(ROOT / "docs", ROOT, today=date.max)[0], TERMS, date.max)
SITE = Site(
    root=ROOT,
    docs_dir=ROOT / "docs",
    today=date(2026, 11, 23),
    documents={},
    ledger={},
    papers={},
    topics={},
    tags={},
    glossary=TERMS,
    models=MODELS,
)


def cases(name: str) -> list[Any]:
    return list(yaml.safe_load((CASES / name).read_text("utf-8")))


def page(text: str, uri: str = "guide/test.md") -> Document:
    return Document(f"docs/{uri}", uri, text, None, 0)


def check(text: str, uri: str = "guide/test.md") -> list[Finding]:
    return sorted(prose.check(page(text, uri), SITE))


def test_there_are_enough_sentences() -> None:
    assert len(cases("wrong.yml")) >= 60
    assert len(cases("right.yml")) >= 60
    assert len(cases("numbers-wrong.yml")) >= 40
    assert len(cases("numbers-right.yml")) >= 40
    texts = [case["text"] for name in ("wrong.yml", "numbers-wrong.yml") for case in cases(name)]
    texts += cases("right.yml") + cases("numbers-right.yml")
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("case", cases("wrong.yml") + cases("numbers-wrong.yml"), ids=lambda case: case["text"])
def test_a_mistake_is_found_at_its_place(case: dict[str, str]) -> None:
    found = check(case["text"])
    assert [finding.rule for finding in found] == [case["rule"]]
    # Where a mistake is repeated in the sentence, the last one is meant (175 亿 after 1750 亿).
    assert found[0].column in {
        index + 1 for index in range(len(case["text"])) if case["text"].startswith(case["at"], index)
    }
    assert found[0].rule in checker.RULES


@pytest.mark.parametrize("text", cases("right.yml") + cases("numbers-right.yml"))
def test_a_right_sentence_is_left_alone(text: str) -> None:
    assert [str(finding) for finding in check(text)] == []


def test_fix_changes_nothing_on_the_pages_and_what_it_leaves_is_clean() -> None:
    for case in cases("wrong.yml"):
        if case["rule"] == "punctuation":
            assert check(prose.fix(page(case["text"]))) == []
    for text in cases("right.yml") + cases("numbers-right.yml"):
        assert prose.fix(page(text)) == text


def test_the_definitions_keep_the_rules_themselves() -> None:
    for term in TERMS.terms.values():
        text = term.definition
        assert [str(finding) for finding in check(text) if finding.rule != "term-first-use"] == [], term.id


def test_the_pages_need_no_silencing() -> None:
    comments = [path for path in (ROOT / "docs").rglob("*.md") if "<!-- allow" in path.read_text("utf-8")]
    silenced = sum(
        path.read_text("utf-8").count(f"<!-- allow {rule.name}:") for path in comments for rule in prose.RULES
    )
    assert silenced <= 4


def test_there_is_nothing_to_mend(real: Site) -> None:
    read = replace(real, parse=checker.library().parse)
    assert [diff for _, _, diff in prose.mend(read)] == []
