"""The pages of models: of each group the entries, with every fact and its source, and every number that our tables state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from posixpath import dirname, relpath

from papernotes.base.escaping import escape_markdown
from papernotes.data.models.record import FACTS, UNKNOWN, Fact, Model, in_words
from papernotes.data.site import Site
from papernotes.markdown.bodies import measured
from papernotes.markdown.bodies.measured import Measured


def markdown(uri: str, site: Site) -> str:
    """The entries of a page, as Markdown to follow its introduction."""
    numbers: dict[str, list[Measured]] = {}
    for each in measured.of(site):
        numbers.setdefault(each.result.model.id, []).append(each)
    entries = [
        _entry(model, numbers.get(model.id, ()), site) for model in site.models.by_id.values() if model.uri == uri
    ]
    return "\n".join(entries)


def _entry(model: Model, numbers: Sequence[Measured], site: Site) -> str:
    lines = [f"## {escape_markdown(model.name)} {{#{model.anchor}}}", ""]
    also = [form for form in model.known_as if form != model.name]
    if also:
        lines += [f"也写作：{escape_markdown('、'.join(also))}。", ""]
    if model.term in site.glossary.terms:
        term = site.glossary.terms[model.term or ""]
        lines += [f"术语表里也有一条：[{escape_markdown(term.zh)}](../glossary.md#{term.anchor})。", ""]
    lines += [f"- {line}" for line in _facts(model, site)]
    lines += ["", *_numbers(model, numbers)]
    return "\n".join(lines) + "\n"


def _facts(model: Model, site: Site) -> Iterator[str]:
    """One line a fact: its name, its value, its source."""
    for name, title in FACTS.items():
        fact: Fact | None = getattr(model, name)
        if name == "date":
            yield _date(model, fact, site)
        elif name == "announced":
            yield _presented(model, fact)
        elif name not in model.without:
            yield f"{title}：{_value(model, name)}{f'【来源：{fact.source}】' if fact else ''}"


def _value(model: Model, name: str) -> str:
    shown = model.shown(name)
    fact: Fact | None = getattr(model, name)
    if name == "weights" and fact and shown.startswith("https://"):
        return f"[{escape_markdown(shown.removeprefix('https://').rstrip('/'))}]({shown})"
    if fact and name in {"context", "tokens"}:
        return f"{shown}{' ' if shown[-1].isascii() else ''}个词元"
    return escape_markdown(shown)


def _date(model: Model, fact: Fact | None, site: Site) -> str:
    if fact:
        return f"{FACTS['date']}：{in_words(fact.values[0])}【来源：{fact.source}】"
    day = site.days[model.id]
    source = "台账，来自 arXiv" if day.count("-") == 2 else "由 arXiv 编号得知"
    told = f"论文第一版提交于 {in_words(day)}（{source}）" if day else UNKNOWN
    return f"{FACTS['date']}：{told}"


def _presented(model: Model, fact: Fact | None) -> str:
    if model.paper:
        return f"{FACTS['announced']}：[@{model.paper}]"
    return f"{FACTS['announced']}：{fact.values[0] if fact else UNKNOWN}"


# --- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(model: Model, numbers: Sequence[Measured]) -> Iterator[str]:
    """A table: a row for what measures the same, its numbers side by side, whoever gives them."""
    if not numbers:
        yield "本站的表里没有它的成绩。"
        return
    yield "| 基准，设置 | 型号 | 数，谁给的 |"
    yield "| --- | --- | --- |"
    rows = sorted(numbers, key=lambda each: (each.result.benchmark, each.result.setting, each.result.compares))
    for _, same in groupby(rows, key=lambda each: each.result.compares):
        group = list(same)
        first = group[0].result
        measured_ = f"{escape_markdown(first.benchmark)}<br>{escape_markdown(first.setting)}"
        numbered = "<br>".join(_number(model, each) for each in group)
        yield f"| {measured_} | {escape_markdown(first.variant)} | {numbered} |"


def _number(model: Model, each: Measured) -> str:
    """A number, which leads to the section of its table, who gives it, and its place there."""
    result = each.result
    page = f"{relpath(each.uri, dirname(model.uri))}#{each.section}"
    whose = "自己的论文" if result.by == model.paper else "别处" if result.by.startswith("https") else "别的论文"
    mark = f"【来源：{each.mark}】" if each.mark else ""
    return f"[{escape_markdown(result.value)}]({page})，{whose}{mark}"
