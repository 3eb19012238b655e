"""The pages of models: of each group the entries, with every fact and its source, and every number that our pages state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from posixpath import dirname, relpath
from typing import Final

from papernotes.base.escaping import escape_markdown
from papernotes.data.models.record import FACTS, FOLDER, UNKNOWN, Fact, Model, in_words
from papernotes.data.site import Site
from papernotes.markdown.bodies import measured, stated
from papernotes.markdown.bodies.measured import Measured
from papernotes.markdown.bodies.stated import Stated
from papernotes.words import Words

MOST: Final = 100
"""An entry shows so many sentences; the others stand in `models.json` alone."""


def markdown(site: Site) -> dict[str, str]:
    """By uri: the entries of each page of models, as Markdown to follow its introduction."""
    numbers, sentences = measured.by_model(site), stated.of(site)
    pages: dict[str, list[str]] = {uri: [] for uri in site.documents if uri.startswith(FOLDER)}
    for model in site.models.by_id.values():
        if model.uri in pages:
            entry = _entry(model, numbers.get(model.id, ()), sentences.get(model.id, ()), site)
            pages[model.uri].append(entry)
    return {uri: "\n".join(entries) for uri, entries in pages.items()}


def _entry(model: Model, numbers: Sequence[Measured], sentences: Sequence[Stated], site: Site) -> str:
    lines = [f"## {escape_markdown(model.name)} {{#{model.anchor}}}", ""]
    also = [form for form in model.known_as if form != model.name]
    if also:
        lines += [site.words.say("models.also", names=escape_markdown(site.words["and"].join(also))), ""]
    if model.term in site.glossary.terms:
        term = site.glossary.terms[model.term or ""]
        link = f"[{escape_markdown(term.zh)}](../glossary.md#{term.anchor})"
        lines += [site.words.say("models.term", link=link), ""]
    lines += [f"- {line}" for line in _facts(model, site)]
    lines += ["", *_numbers(model, numbers, site.words), "", *_sentences(model, sentences, site)]
    return "\n".join(lines) + "\n"


def _facts(model: Model, site: Site) -> Iterator[str]:
    """One line a fact: its name, its value, its source."""
    for name, title in FACTS.items():
        fact: Fact | None = getattr(model, name)
        if name == "date":
            yield _date(model, fact, site)
        elif name == "announced":
            yield _presented(model, fact, site.words)
        elif name not in model.without:
            mark = f"【来源：{fact.source}】" if fact else ""
            yield f"{title}{site.words['colon']}{_value(model, name, site.words)}{mark}"


def _value(model: Model, name: str, words: Words) -> str:
    shown = model.shown(name)
    fact: Fact | None = getattr(model, name)
    if name == "weights" and fact and shown.startswith("https://"):
        return f"[{escape_markdown(shown.removeprefix('https://').rstrip('/'))}]({shown})"
    if fact and name in {"context", "tokens"}:
        return words.say("models.n_tokens", n=f"{shown}{' ' if shown[-1].isascii() else ''}")
    return escape_markdown(shown)


def _date(model: Model, fact: Fact | None, site: Site) -> str:
    name = f"{FACTS['date']}{site.words['colon']}"
    if fact:
        return f"{name}{in_words(fact.values[0])}【来源：{fact.source}】"
    day = site.days[model.id]
    source = "models.submitted" if day.count("-") == 2 else "models.submitted_by_id"
    return name + (site.words.say(source, day=in_words(day)) if day else UNKNOWN)


def _presented(model: Model, fact: Fact | None, words: Words) -> str:
    if model.paper:
        return f"{FACTS['announced']}{words['colon']}[@{model.paper}]"
    return f"{FACTS['announced']}{words['colon']}{fact.values[0] if fact else UNKNOWN}"


# --- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(model: Model, numbers: Sequence[Measured], words: Words) -> Iterator[str]:
    """A table: a row for what measures the same, its numbers side by side, whoever gives them; two columns, for phones."""
    if not numbers:
        yield words["models.no_results"]
        return
    yield f"| {words['models.benchmark']} | {words['models.result']} |"
    yield "| --- | --- |"
    rows = sorted(numbers, key=lambda each: (each.result.benchmark, each.result.setting, each.result.compares))
    for _, same in groupby(rows, key=lambda each: each.result.compares):
        group = list(same)
        first = group[0].result
        said = [first.benchmark, first.setting, *([first.variant] if first.variant != model.name else [])]
        numbered = "<br>".join(_number(model, each, words) for each in group)
        yield f"| {'<br>'.join(map(escape_markdown, said))} | {numbered} |"


def _number(model: Model, each: Measured, words: Words) -> str:
    """A number, which leads to the section of its table, who gives it, and its place there."""
    result = each.result
    page = f"{relpath(each.uri, dirname(model.uri))}#{each.section}"
    is_own, is_elsewhere = result.by == model.paper, result.by.startswith("https")
    whose = words["models.by_own" if is_own else "models.by_elsewhere" if is_elsewhere else "models.by_other"]
    mark = f"<br>【来源：{each.mark}】" if each.mark else ""
    return f"[{escape_markdown(result.value)}]({page}){words['comma']}{whose}{mark}"


# --- sentences --------------------------------------------------------------------------------------------------------


def _sentences(model: Model, sentences: Sequence[Stated], site: Site) -> Iterator[str]:
    """To unfold: the sentences that are about the model by themselves, section by section; and where the other numbers are."""
    if not sentences:
        return
    own = site.papers.get(model.paper or "")
    direct = sorted((each for each in sentences if each.is_direct), key=lambda each: own is None or each.uri != own.uri)
    yield '<details class="pn-ask pn-said" markdown="1">'
    head = site.words.say("models.n_sentences", n=len(direct)) if direct else site.words["models.sentences"]
    yield f'<summary markdown="span">{head}</summary>\n'
    for (uri, section), group in groupby(direct[:MOST], key=lambda each: (each.uri, each.section)):
        page = site.by_uri.get(uri)
        lines = [
            _section(model, uri, section, site, f"{page.name if page else site.topics[uri].title}{site.words['comma']}")
        ]
        for mark, same in groupby(group, key=lambda each: each.mark):
            lines += [each.text for each in same]
            lines[-1] += f"【来源：{mark}】"
        yield f"- {'<br>'.join(lines)}"
    if len(direct) > MOST:
        yield f"- {site.words.say('models.more_sentences', n=len(direct) - MOST)}"
    others = Counter[tuple[str, str]]()
    for each in sentences:
        others[each.uri, each.section] += 0 if each.is_direct else each.numbers
    places = [
        f"{_section(model, *place, site)} {site.words.say('models.n', n=count)}"
        for place, count in others.items()
        if count
    ]
    if places:
        yield f"- {site.words.say('models.other_numbers', places=site.words['comma'].join(places))}"
    yield "\n</details>"


def _section(model: Model, uri: str, section: str, site: Site, before: str = "") -> str:
    """A link to a section of a page, by its heading; to the page, above the first. `before`: what the link begins with."""
    name = site.face(uri).titles.get(section, site.words["models.top"])
    return f"[{escape_markdown(before + name)}]({relpath(uri, dirname(model.uri))}{f'#{section}' if section else ''})"
