"""The table of models: an entry is complete or told with its place, and no name means two things."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import DOCS, ROOT
from jinja2 import Environment, FileSystemLoader

from papernotes import words
from papernotes.data import ledger as ledgers
from papernotes.data import term_table
from papernotes.data.models import record, table
from papernotes.data.models.record import Models

LEDGER, _ = ledgers.read(DOCS, ROOT, today=date.max)
TERMS, _ = term_table.parse(
    "terms.yml",
    "- {id: sam, en: segment anything model, abbr: SAM, zh: 分割模型, group: 视觉, definition: 一个模型。, arxiv: null}",
)
SEEN = '"[公告](https://example.org/a)"'
NOTHING = "paper: null, maker: null, sizes: null, licence: null, weights: null"


def entry(more: str, given: str = "id: nemo, name: Nemo-1, group: language", rest: str = NOTHING) -> str:
    return f"- {{{given}, {rest}{', ' if more else ''}{more}}}\n"


def read(text: str) -> tuple[Models, list[str]]:
    models, findings = table.parse("models.yml", text, LEDGER, TERMS, date(2024, 1, 31))
    return models, [str(finding) for finding in findings]


BAD = [
    pytest.param("- {id: nemo}", "models.yml:1:3: model-table: the key 'name' is missing; add it", id="key missing"),
    pytest.param(entry("", rest="paper: null"), "the key 'maker' is missing; add it, null where none is known", id="key missing that may be unknown"),
    pytest.param(entry("size: 7B"), "the key 'size' is unknown", id="key unknown"),
    pytest.param(entry("", rest=NOTHING.replace("sizes: null", "sizes: 7B")), "model-table: 'sizes' is not a value with its source; write sizes: {is: [7B], source: \"@2307.09288 表 1\"}, or null where it is not known", id="value without source"),
    pytest.param(entry(f"tokens: {{is: [7], source: {SEEN}}}"), "model-table: '7' is not a size; write 350M, 7B or 1.4T", id="number without unit"),
    pytest.param(entry("", rest=NOTHING.replace("sizes: null", f"sizes: {{is: [7T], source: {SEEN}}}")), "models.yml:1:84: model-size: '7T' of 'sizes' is not between 1e+06 and 5e+12; check its unit in the source", id="size beyond bounds"),
    pytest.param(entry(f"context: {{is: [12], source: {SEEN}}}"), "model-size: '12' of 'context'", id="context beyond bounds"),
    pytest.param(entry(f"context: {{is: [viel], source: {SEEN}}}"), "'viel' is not a length in tokens; write 8192 or 32k", id="context in words"),
    pytest.param(entry('tokens: {is: [7B], source: "[公告](http://example.org)"}'), "model-table: 'http://example.org' is not an https address", id="source without https"),
    pytest.param(entry("tokens: {is: [7B], source: 表 1}"), "'表 1' does not say of which paper it is a place; write @2307.09288 before it, or a link", id="place without paper"),
    pytest.param(entry('tokens: {is: [7B], source: "@9912.99999 表 1"}'), "the ledger has no paper '9912.99999'", id="paper without record"),
    pytest.param(entry('tokens: {is: [7B], source: "第三页"}'), "'第三页' is not a place", id="no place"),
    pytest.param(entry(f'date: {{is: "2023-13", source: {SEEN}}}'), "'2023-13' is not a day or a month; write 2023-07-18, 2023-07 or 2023", id="month 13"),
    pytest.param(entry("", rest=NOTHING.replace("weights: null", f'weights: {{is: "http://example.org", source: {SEEN}}}')), "'http://example.org' is not an https address", id="weights without https"),
    pytest.param(entry("", given="id: Nemo, name: Nemo-1, group: language"), "the id 'Nemo' is not lower-case letters, digits and single hyphens", id="id"),
    pytest.param(entry("") + entry("", given="id: nemo, name: Other-1, group: language"), "models.yml:2:8: model-duplicate: the id 'nemo' stands at line 1 already", id="id twice"),
    pytest.param(entry("") + entry("forms: [nemo-1]", given="id: other, name: Other-1, group: language"), "model-duplicate: 'nemo-1' is a form of 'nemo' at line 1 too; keep it in one entry", id="a model under two entries"),
    pytest.param(entry("forms: [Nemo-1]"), "model-duplicate: 'Nemo-1' is repeated; keep one", id="form twice"),
    pytest.param(entry("forms: [SAM]"), "models.yml:1:121: model-form: 'SAM' is a form of the term 'sam'; write 'term: sam', or another form", id="form of a term"),
    pytest.param(entry("forms: [Emu]"), "model-form: 'Emu' may be a word, or another name; put it under 'words', or write 'alone: true' where the pages mean this model alone", id="form that is a word"),
    pytest.param(entry("term: sum"), "model-form: there is no term 'sum'; correct it", id="term that is not there"),
    pytest.param(entry(f'date: {{is: "2024-02", source: {SEEN}}}'), "model-table: '2024-02' is in the future; write the day that the source tells", id="day to come"),
    pytest.param(entry(f"tokens: {{is: [1T, 1T], source: {SEEN}}}"), "model-table: a value of 'tokens' is repeated; keep one", id="value twice"),
    pytest.param(entry(f"active: {{is: [13B], source: {SEEN}}}", rest=NOTHING.replace("sizes: null", f"sizes: {{is: [7B], source: {SEEN}}}")), "model-size: 'active' is more than the largest of 'sizes', 7e+09; check both in the source", id="more at work than there are"),
    pytest.param("nemo: 7B", "models.yml:1:1: model-table: is not a list; begin each model with '- id:'", id="no list"),
    pytest.param("- nemo", "model-table: the entry is not a mapping; write 'key: value' lines", id="no mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_what_is_wrong_is_told_with_its_place(text: str, sentence: str) -> None:
    _, findings = read(text)
    assert any(sentence in finding for finding in findings), findings
    assert all(finding.startswith("models.yml:") for finding in findings)


def test_a_form_that_means_something_else_too_is_for_search_alone() -> None:
    models, findings = read(entry("words: [Emu, SAM], forms: [Nemo 1]"))
    assert findings == []
    assert list(models.phrases) == ["Nemo-1", "Nemo 1"]
    assert record.forms(models) == [(("Nemo-1", "Nemo 1", "Emu", "SAM"), None)]


def test_names_that_differ_by_case_alone_are_two_models() -> None:
    models, findings = read(
        entry("", given="id: giant, name: ViT-g/14, group: vision")
        + entry("", given="id: gigantic, name: ViT-G/14, group: vision")
    )
    assert findings == []
    found = [models.named(name) for name in ("ViT-g/14", "ViT-G/14")]
    assert [each and each[0].id for each in found] == ["giant", "gigantic"]


NAMED = [
    ("GPT-3", "gpt-3", set()),
    ("GPT-3，零样本", "gpt-3", {"零样本"}),
    ("gpt-3 175B", "gpt-3", {"175", "B"}),
    ("GPT-3.5", None, set()),
    ("GPT-35", None, set()),
    ("InstructGPT-001", "instructgpt", {"001"}),
    ("某个 GPT-3", None, set()),
]


@pytest.mark.parametrize(("cell", "id_", "words"), NAMED)
def test_a_cell_begins_with_the_name_of_its_model(cell: str, id_: str | None, words: set[str]) -> None:
    models, findings = table.load(DOCS, ROOT, LEDGER, TERMS, date.max)
    assert findings == []
    found = models.named(cell)
    assert (found[0].id, set(found[1])) == (id_, words) if found else id_ is None


@pytest.mark.parametrize(("text", "shown"), [("7B", "70 亿"), ("1.4T", "1.4 万亿"), ("350M", "3.5 亿"), ("0.5M", "50 万"), ("300B", "3000 亿")])  # fmt: skip
def test_sizes_as_chinese_counts_them(text: str, shown: str) -> None:
    assert record.in_chinese(text) == shown


@pytest.mark.parametrize(("day", "shown"), [("2023-07-18", "2023 年 7 月 18 日"), ("2023-07", "2023 年 7 月"), ("2023", "2023 年"), ("", "")])  # fmt: skip
def test_days_in_words(day: str, shown: str) -> None:
    assert record.in_words(day) == shown


SHELL = 27_000
"""Bytes of the page around its rows: the theme's head, its navigation, its foot."""


def test_three_hundred_models_are_a_page_of_150_kilobytes() -> None:
    text = "".join(
        entry(
            f"forms: [Nemo{n}, Nemo-{n}-7B, 尼莫 {n}], tokens: {{is: [{n % 9 + 1}.5T], source: {SEEN}}}, "
            f'date: {{is: "2023-{n % 12 + 1:02}", source: {SEEN}}}',
            given=f"id: nemo-model-{n}, name: Nemo Model {n}, group: language",
            rest=f"paper: null, maker: {{is: 第 {n % 20} 研究所, source: {SEEN}}}, sizes: {{is: [7B, 70B], source: {SEEN}}}, "
            f"licence: {{is: Apache 2.0, source: {SEEN}}}, weights: null",
        )
        for n in range(300)
    )
    models, findings = read(text)
    assert findings == []
    days = {id_: record.day_of(model, None) for id_, model in models.by_id.items()}
    env = Environment(loader=FileSystemLoader(ROOT / "overrides"), autoescape=False)
    env.globals["t"] = words.program().say
    env.filters["url"] = lambda address: address
    site: Any = SimpleNamespace(models=models, days=days, group_titles={"language": "语言模型"})
    html = env.get_template("partials/pn-models.html").render(site=site)
    assert html.count("<tr data-pn-date=") == 300
    assert html.index('#model-nemo-model-11"') < html.index('#model-nemo-model-0"'), "the newest first"
    assert len(html.encode()) + SHELL <= 150_000


def test_a_group_needs_its_page(tmp_path: Path) -> None:
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data/models.yml").write_text(entry(""), "utf-8")
    _, findings = table.load(tmp_path, tmp_path, LEDGER, TERMS, date.max)
    assert [str(finding) for finding in findings] == [
        "_data/models.yml:1:1: model-table: there is no page docs/models/language.md for the group 'language'; write it, or name another group"
    ]
