"""Findings that are kept are those that would be found: after random edits, with what is kept and without."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from conftest import TODAY
from edits import Editor
from seeded import SOAK

from papernotes.base import machine
from papernotes.base.finding import Finding
from papernotes.base.store import Store
from papernotes.markdown import library
from papernotes.markdown.library import Linked
from papernotes.rules import checker

EDITS = 200 if SOAK else 4


def test_after_every_edit_the_findings_are_those_of_a_check_without(docs: Path) -> None:
    editor = Editor(docs.parent, random.Random(7))
    done = []
    broken = 0
    for _ in range(EDITS):
        done.append(editor.edit())
        today = TODAY + timedelta(editor.days)
        reader = checker.library(store=Store(docs.parent / "kept", "program"))
        kept = checker.check(docs, root=docs.parent, today=today, reader=reader)
        plain = checker.check(docs, root=docs.parent, today=today)
        assert kept.findings == plain.findings, done
        assert kept.silenced == plain.silenced, done
        broken += bool(kept.findings)
    assert broken < EDITS


def test_a_second_check_reads_no_page(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        result = checker.check(
            docs, root=docs.parent, today=TODAY, reader=checker.library(store=Store(docs.parent / "kept"))
        )
        assert result.findings == []
        monkeypatch.setattr("papernotes.markdown.parse.Reader.parse", None)


@pytest.mark.parametrize("method", [None, "spawn"])
def test_several_processes_find_what_one_finds(
    docs: Path, method: str | None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for page in ("papers/dpo.md", "about.md"):
        text = (docs / page).read_text(encoding="utf-8")
        (docs / page).write_text(f"{text}\n坏的标点,和[链接](nowhere.md)。\n", encoding="utf-8")
    plain = checker.check(docs, root=docs.parent, today=TODAY)
    monkeypatch.setattr(library, "LEAST", 1)
    monkeypatch.setattr(machine, "cores", lambda: 2)
    monkeypatch.setattr(machine, "spread", partial(machine.spread, method=method))
    reader = checker.library(store=Store(docs.parent / "kept"))
    reader.also = Linked.rendered
    shared = checker.check(docs, root=docs.parent, today=TODAY, reader=reader)
    assert len(shared.findings) >= 4
    assert (shared.findings, shared.silenced) == (plain.findings, plain.silenced)
    for uri in shared.site.documents:
        assert shared.linked.rendered(uri) == plain.linked.rendered(uri)
    assert "reader" not in vars(reader), "the first process reads no page"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("half", [0, 1])
def test_the_prose_of_a_page_changes_no_other_page(docs: Path, half: int) -> None:
    before = shown(docs)
    edited = sorted(before)[half::2]
    for uri in edited:
        page = docs / uri
        more = "这一句是后来加的，说的是大语言模型与 [@2305.18290]【来源：第 3 节】。\n\n- 一项，99.9%\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"
        page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n{more}", encoding="utf-8")
    after = shown(docs)
    assert {uri for uri in before if before[uri] != after[uri]} == set(edited)


def shown(docs: Path) -> dict[str, tuple[list[Finding], str]]:
    """What the checks say of each page, and how it is published."""
    result = checker.check(docs, root=docs.parent, today=TODAY)
    return {
        uri: (list(checker.of_page(document, result.site, result.linked)), result.linked.rendered(uri).html)
        for uri, document in result.site.documents.items()
    }
