"""How tables of pages measure models: declared once, read from the page, and nothing is mixed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from conftest import DOCS, ROOT, TODAY, checked

from papernotes.base.store import Store
from papernotes.data.models import results
from papernotes.markdown.bodies import measured, models_page, stated
from papernotes.rules import checker

TABLE = """
| 基准 | GPT-3 | InstructGPT 6B |
| --- | --- | --- |
| MMLU，5 个示例 | 43.9 | 无 |
| GSM8K（8） | 57.1 | 60.2 |

【来源：§3.1，表 2】
"""
HEAD = "page: papers/instructgpt.md, head: [基准, GPT-3, InstructGPT 6B]"


def declare(docs: Path, tables: str, page: str = TABLE) -> None:
    (docs / "_data/results.yml").write_text(f"benchmarks: {{}}\ntables:\n  - {{{tables}}}\n", "utf-8")
    file = docs / "papers/instructgpt.md"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("## 结果", f"## 结果\n{page}", 1) if "## 结果" in text else f"{text}\n## 成绩\n{page}", "utf-8"
    )


def numbers(docs: Path) -> list[tuple[str, ...]]:
    site = checked(docs).site
    return [
        (
            each.result.model.id,
            each.result.variant,
            each.result.benchmark,
            each.result.setting,
            each.result.value,
            each.mark,
        )
        for each in measured.of(site)
    ]


def test_numbers_come_from_the_page_with_their_settings_and_places(docs: Path) -> None:
    declare(docs, f"{HEAD}, models: columns")
    assert numbers(docs) == [
        ("gpt-3", "GPT-3", "MMLU", "5 个示例", "43.9", "@2203.02155v1 §3.1，表 2"),
        ("gpt-3", "GPT-3", "GSM8K", "8 个示例", "57.1", "@2203.02155v1 §3.1，表 2"),
        ("instructgpt", "InstructGPT 6B", "GSM8K", "8 个示例", "60.2", "@2203.02155v1 §3.1，表 2"),
    ]


def test_one_setting_is_written_one_way(docs: Path) -> None:
    table = TABLE.replace("GSM8K（8）", "GSM8K，0 个示例")
    declare(docs, f"{HEAD}, models: columns, settings: {{MMLU: 5 个示例}}", table)
    assert [setting for *_, setting, _, _ in numbers(docs)] == ["5 个示例", "零样本", "零样本"]


def test_a_row_may_name_its_own_source(docs: Path) -> None:
    lines = TABLE.replace("【来源：§3.1，表 2】", "").strip().splitlines()
    own = ["来源", "---", "【来源：表 2】", "【来源：§3.1】"]
    declare(docs, f"{HEAD}, models: columns", "\n".join(["", *map("{} {} |".format, lines, own), ""]))
    assert [(value, mark) for *_, value, mark in numbers(docs)] == [
        ("43.9", "@2203.02155v1 表 2"),
        ("57.1", "@2203.02155v1 §3.1"),
        ("60.2", "@2203.02155v1 §3.1"),
    ]


def test_a_number_that_changes_makes_the_entries_anew_and_no_other_page(docs: Path) -> None:
    declare(docs, f"{HEAD}, models: columns")

    def made() -> tuple[str, str, str]:
        reader = checker.library(store=Store(docs.parent / "kept", "program"))
        linked = checker.check(docs, root=docs.parent, today=TODAY, reader=reader).linked
        return (
            linked.keys.of_page("page", "models/language.md"),
            linked.keys.of_page("page", "papers/ppo.md"),
            linked.rendered("models/language.md").html,
        )

    before = made()
    file = docs / "papers/instructgpt.md"
    file.write_text(file.read_text("utf-8").replace("43.9", "44.1"), "utf-8")
    after = made()
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)
    assert ("43.9" in before[2], "44.1" in before[2]) == (True, False)
    assert ("43.9" in after[2], "44.1" in after[2]) == (False, True)
    file.write_text(f"{file.read_text('utf-8').rstrip()}\n\n这一句里没有数。\n", "utf-8")
    assert made() == after


SENTENCES: dict[str, tuple[str, set[str]]] = {
    "GPT-3 在 MMLU 上是 43.1。【来源：表 2】": ("GPT-3 在 MMLU 上是 43.1。", {"gpt-3", "instructgpt"}),
    "不如 GPT-3-175B 的 43.2%。【来源：表 2】": ("不如 GPT-3-175B 的 43.2%。", {"gpt-3", "instructgpt"}),
    "GPT-3-4 不是它，得 43.3 分。【来源：表 2】": ("GPT-3-4 不是它，得 43.3 分。", {"instructgpt"}),
    "- 「GPT-3 得 43.4%。」它见[那页](ppo.md)。【来源：表 2】": ("「GPT-3 得 43.4%。」", {"gpt-3", "instructgpt"}),
    "见[那页](ppo.md)：**GPT-3** 得 43.5%（[@fig:steps]）<!-- 待查 -->。【来源：表 2】": ("见那页：GPT-3 得 43.5%。", {"gpt-3", "instructgpt"}),
    "GPT-3 与人一致，$\\kappa=0.25$。【来源：表 2】": ("GPT-3 与人一致，$\\kappa=0.25$。", {"gpt-3", "instructgpt"}),
    "GPT-3 得 43.6%。": ("", set()),
    "GPT-3 读了 300 篇。【来源：表 2】": ("", set()),
}  # fmt: skip
"""By a paragraph of InstructGPT's page: what of it is gathered, and for which models. The last have no mark, and no result."""


def test_a_sentence_is_gathered_whole_for_each_model_that_it_is_about(docs: Path) -> None:
    file = docs / "papers/instructgpt.md"
    lines = "\n\n".join(SENTENCES)
    file.write_text(f"{file.read_text('utf-8').rstrip()}\n\n## 又一节\n\n{lines}\n", "utf-8")
    found: dict[str, set[str]] = {}
    for each in chain.from_iterable(stated.of(checked(docs).site).values()):
        if each.section == "又一节":
            assert each.mark == "@2203.02155v1 表 2"
            found.setdefault(each.text, set()).add(each.model.id)
    assert found == {text: models for text, models in SENTENCES.values() if text}


def test_what_only_the_page_of_its_paper_says_is_counted_by_section(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = docs / "papers/instructgpt.md"
    lines = "GPT-3 只有 43.9%。【来源：表 2】\n\n训练用了 60.5 天，约 3 亿美元。【来源：§3】"
    file.write_text(f"{file.read_text('utf-8').rstrip()}\n\n## 又一节\n\n{lines}\n", "utf-8")
    entry = models_page.markdown(checked(docs).site)["models/language.md"]
    assert "又一节](../papers/instructgpt.md#又一节)<br>GPT-3 只有 43.9%。【来源：@2203.02155v1 表 2】" in entry
    assert "[又一节](../papers/instructgpt.md#又一节) 2 个" in entry
    monkeypatch.setattr(models_page, "MOST", 0)
    entry = models_page.markdown(checked(docs).site)["models/language.md"]
    assert ("43.9%" in entry, "还有 1 句在 models.json 里。" in entry) == (False, True)


BAD = [
    pytest.param(f"{HEAD}, models: columns", TABLE.replace("MMLU，5 个示例", "MMLU"), "docs/papers/instructgpt.md:{line}:1: result-setting: 'MMLU' has no setting; write settings: {MMLU: …} or setting: …, 未写明 where the paper does not tell", id="a number without a setting"),
    pytest.param(f"{HEAD.replace('GPT-3', 'GPT-4')}, models: columns", TABLE.replace("GPT-3", "GPT-4"), "docs/papers/instructgpt.md:{line}:1: result-model: 'GPT-4' is not a model of the table; add it to _data/models.yml, or write names: {GPT-4: …} or ignore: [GPT-4]", id="a model that the table lacks"),
    pytest.param(f"{HEAD.replace('GPT-3', 'GPT-4')}, models: columns", TABLE, "docs/_data/results.yml:3:1: result-table: papers/instructgpt.md has no table with the head '基准 | GPT-4 | InstructGPT 6B'; copy the head from the page", id="a head that has changed"),
    pytest.param("page: papers/ppo.md, head: [甲, 乙], skip: 没有", TABLE, "result-table: nothing says how the table '基准 | GPT-3 | InstructGPT 6B' measures models; declare it in docs/_data/results.yml, with skip: … where it does not", id="a table that nothing declares"),
    pytest.param(HEAD, TABLE, "result-table: says neither how the table is read nor why not; write models: rows, models: columns or skip: …", id="neither read nor passed over"),
    pytest.param(f"{HEAD}, models: columns, seting: 5", TABLE, "result-table: the key 'seting' is unknown", id="misspelt key"),
    pytest.param("page: papers/instructgpt.md, models: rows", TABLE, "result-table: the key 'head' is missing; add it", id="no head"),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "page", "sentence"), BAD)
def test_what_is_wrong_is_told(
    docs: Path, findings: Callable[[], list[str]], tables: str, page: str, sentence: str
) -> None:
    declare(docs, tables, page)
    lines = (docs / "papers/instructgpt.md").read_text("utf-8").split("\n")
    row = next((number for number, line in enumerate(lines, 1) if line.startswith("| MMLU")), 0)
    sentence = sentence.replace("{line}:1", f"{row}:1")
    assert [finding for finding in findings() if sentence in finding], findings()


def test_unlike_settings_are_never_one_row() -> None:
    models = checker.check(DOCS, root=ROOT, today=TODAY).site.models
    model = models.by_id["gpt-3"]

    def number(setting: str, by: str, line: int = 1) -> results.Result:
        return results.Result(model, "GPT-3", frozenset(), "MMLU", setting, "1", by, line)

    assert number("5 个示例", "2203.02155").compares == number("5 个示例", "2005.14165", 9).compares
    assert number("5 个示例", "2203.02155").compares != number("零样本", "2203.02155").compares
    assert number("未写明", "2203.02155").compares != number("未写明", "2005.14165").compares


def test_a_name_with_a_size_that_no_entry_has_is_offered_as_one(docs: Path, findings: Callable[[], list[str]]) -> None:
    file = docs / "papers/small.md"
    file.write_text(f"{file.read_text('utf-8').rstrip()}\n用 Nemo-12B 和 GPT-3-175B 比，再用一次 Nemo-12B。\n", "utf-8")
    found = [finding for finding in findings() if "model-unknown" in finding]
    assert len(found) == 1
    assert (
        "docs/papers/small.md:49:3: model-unknown: 'Nemo-12B' is a model that the table lacks; add - {id: nemo, name: Nemo, group: …, paper: null"
        in found[0]
    )
