"""Pages that arXiv has left behind: told to contributors in order, and quietly to readers; never a failed check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import jinja2
import pytest
from conftest import ROOT, checked

from papernotes import cli, words
from papernotes.data import ledger, outdated
from papernotes.data import site as site_module
from papernotes.data.ledger import Count
from papernotes.data.site import Site
from papernotes.pages import count_history
from papernotes.rules import checker

TODAY = date(2026, 11, 23)
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "overrides"), autoescape=False)  # as MkDocs'
TEMPLATES.globals["t"] = words.program().say


def change(docs: Path, arxiv: str, **fields: object) -> None:
    records, _ = ledger.read(docs, docs.parent, today=TODAY)
    records[arxiv] = replace(records[arxiv], **fields)  # type: ignore[arg-type]
    (docs / ledger.FILE).write_text(ledger.serialise(records.values()), encoding="utf-8")


def load(docs: Path) -> Site:
    return site_module.load(docs, root=docs.parent, today=TODAY)[0]


def test_a_newer_version_and_a_withdrawal_are_told_in_order(docs: Path) -> None:
    before = list(outdated.notes(load(docs)))
    change(docs, "2106.09685", version=9)
    change(docs, "2305.18290", withdrawn=True)
    site = load(docs)
    notes = [note for note in outdated.notes(site) if note not in before]
    assert [(note.path, note.rule, note.what) for note in notes] == [
        ("docs/papers/dpo.md", "drift-withdrawn", "2305.18290 was withdrawn from arXiv"),
        ("docs/papers/small.md", "drift-version", "the page was written from version 2, arXiv has version 9"),
    ]
    text = (docs / "papers" / "small.md").read_text(encoding="utf-8").splitlines()
    assert text[notes[1].line - 1].startswith("version: 2")
    assert list(outdated.notes(site)) == sorted(outdated.notes(site))


@pytest.mark.parametrize("version", [None, 2])
def test_an_unknown_or_the_same_version_is_no_drift(docs: Path, version: int | None) -> None:
    change(docs, "2106.09685", version=version)
    assert outdated.of(load(docs).papers["2106.09685"]) is None


def test_drift_never_fails_a_check(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(docs, "2106.09685", version=9, withdrawn=True)
    result = checked(docs)
    assert not [finding for finding in result.findings if finding.rule.startswith("drift")]
    assert cli.main(["check", "--all", "--docs", str(docs)]) == (1 if result.findings else 0)
    out = capsys.readouterr().out
    assert out.index("docs/papers/small.md:3:10: drift-version") < out.index("was withdrawn")
    assert {"drift-version", "drift-withdrawn"} <= set(checker.RULES)


def test_readers_are_told_quietly(docs: Path) -> None:
    change(docs, "2106.09685", version=9, withdrawn=True)
    paper = load(docs).papers["2106.09685"]
    shown = TEMPLATES.get_template("partials/pn-drift.html").render(paper=paper, drift=outdated.of(paper))
    assert '<p class="pn-drift">arXiv 标明这篇论文已被撤回。本页写自第 2 版；' in shown
    assert '<a href="https://arxiv.org/abs/2106.09685v9">第 9 版</a>' in shown


def test_the_course_of_a_count_is_drawn_with_its_values_in_words(docs: Path) -> None:
    readings = tuple(Count(n * 100, date(2026, n, 5), "read", "semantic-scholar", "s2-graph-api") for n in (1, 2, 3))
    change(docs, "2106.09685", counts=readings)
    (found,) = count_history.readings(load(docs).papers["2106.09685"].record)
    shown = TEMPLATES.get_template("partials/pn-history.html").render(history=found.line)
    assert f'viewBox="0 0 {count_history.WIDTH} {count_history.HEIGHT}"' in shown
    assert 'points="3,23 ' in shown
    assert "2026 年 1 月 100 次，2 月 200 次，3 月 300 次。</span>" in shown
