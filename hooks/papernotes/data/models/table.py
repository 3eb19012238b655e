"""The table of models: one table of its keys, the reading of its entries, and whether they agree with one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from papernotes.base import data_file
from papernotes.base.fields import ARXIV_ID, TEXT, TEXTS, Field, Schema, closed, is_https
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.ledger import Record
from papernotes.data.models.record import EMPTY, OPTIONAL, SIZE, Fact, Model, Models, amount
from papernotes.data.terms import Glossary
from papernotes.text import source_mark
from papernotes.text.document import relative
from papernotes.text.frontmatter import Node, WrongError, plain_value, read_list, read_values

FILE: Final = "_data/models.yml"
MAX_BYTES: Final = 500_000
"""A table larger than this is refused unparsed."""

RULES = (
    Rule(
        "model-table",
        "模型表的每个条目都写完整，每个值都带来源",
        "模型一页上的值没有一个凭记忆；不知道的写 null，显示为「未知」。",
        "sizes: 7B",
        'sizes: {is: [7B], source: "@2310.06825 摘要"}',
    ),
    Rule(
        "model-duplicate",
        "一个模型只有一个条目，一种写法只属于一个模型",
        "同一种写法指向两个模型，读者点开的就可能是另一个。",
        "两个条目都写 forms: [Llama2]",
        "合并两个条目，或者改其中一个的写法",
    ),
    Rule(
        "model-form",
        "模型的写法不是术语，也不是别的词",
        "「SAM」也是一种优化器，「Emu」也是另一个模型；分不清的写法只给搜索用。",
        "forms: [SAM]",
        "words: [SAM]",
    ),
    Rule(
        "model-size",
        "参数和词元的多少在合理的范围里",
        "差一千倍的多半是 M、B、T 写错了。",
        "sizes: {is: [7T], source: 表 1}",
        "sizes: {is: [7B], source: 表 1}",
    ),
)

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "sizes": (1e6, 5e12),
    "active": (1e6, 5e12),
    "accepted": (1e6, 5e12),
    "tokens": (1e7, 1e14),
    "context": (64, 1e8),
}
"""The least and the most that a value may be."""

_Kind = Literal["text", "texts", "paper", "source", "bool", "fact", "sizes", "number", "day", "address"]


@dataclass(frozen=True, kw_only=True)
class _Field(Field):
    """A key of an entry."""

    kind: _Kind
    """The last five hold a value with its source, or null where it is unknown."""


_FACTS: Final = frozenset({"fact", "sizes", "number", "day", "address"})
_SIZE: Final[Schema] = {"type": "string", "pattern": f"^{SIZE.pattern}$"}
_VALUES: Final[Mapping[str, Schema]] = {
    "fact": TEXT,
    "sizes": {"type": "array", "items": _SIZE, "minItems": 1},
    "number": {"type": "array", "items": {"type": ["integer", "string"], "pattern": "^[0-9]{1,9}k?$"}, "minItems": 1},
    "day": {"type": "string", "pattern": r"^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$"},
    "address": TEXT,
}
_SCHEMAS: Final[Mapping[str, Schema]] = {
    "text": TEXT,
    "texts": TEXTS,
    "paper": {"type": ["string", "null"], "pattern": ARXIV_ID},
    "source": {**TEXT, "type": ["string", "null"]},
    "bool": {"type": "boolean"},
}


def _key(name: str, kind: _Kind, description: str, *, required: bool = False) -> _Field:
    if kind in _FACTS:
        fact = closed({"is": _VALUES[kind], "source": TEXT})
        schema: Schema = {"anyOf": [{"type": "null"}, fact]}
    else:
        schema = dict(_SCHEMAS[kind])
    return _Field(name=name, kind=kind, description=description, schema=schema, required=required)


FIELDS: Final = (
    _key("id", "text", "固定的地址：小写字母、数字和连字符；定了就不改。", required=True),
    _key("name", "text", "本站怎样称呼它。", required=True),
    _key("group", "text", "它的条目在哪一页：docs/models/ 里的文件名，不写 .md。", required=True),
    _key("forms", "texts", "名字的其他写法：正文里会链到条目，搜索也认得。"),
    _key("words", "texts", "另有所指的写法：只给搜索用，正文里不链。"),
    _key("stop", "texts", "含有这个名字、却不是这个模型的更长的名字；像模型、其实是数据集或对照的名字也写在这里。"),
    _key("alone", "bool", "true 表示查过：短到像一个词的写法，在本站只指它。"),
    _key("term", "text", "同名术语的 id；那些写法在正文里链到术语表。"),
    _key("paper", "paper", "介绍它的论文；没有就写 null。", required=True),
    _key("announced", "source", "没有论文时，介绍它的公告，写成 [名字](https://…)；没有见到就写 null。"),
    _key("date", "day", "没有论文时，公布的日子或月份，带来源；不知道就写 null。"),
    _key("maker", "fact", "哪家做的，带来源；不知道就写 null。", required=True),
    _key("sizes", "sizes", "参数的多少，如 [7B, 13B]，带来源；不知道就写 null。", required=True),
    _key("active", "sizes", "每个词元用到的参数；稠密的模型不写，不知道就写 null。"),
    _key("tokens", "sizes", "训练用的词元，如 [2T]，带来源；不适用就不写，不知道就写 null。"),
    _key("context", "number", "上下文的长度，单位是词元；不适用就不写，不知道就写 null。"),
    _key("licence", "fact", "权重的许可，带来源；不知道就写 null。", required=True),
    _key("weights", "address", "权重的地址，或者一句话说明谁拿得到，带来源；不知道就写 null。", required=True),
    _key("accepted", "texts", "数字检查也认的大小：四舍五入的、部件的；不显示。"),
)  # fmt: skip
"""The keys of an entry."""
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_LENGTH: Final = re.compile(r"[0-9]{1,9}|[0-9]{1,4}k")
_WORD: Final = re.compile(r"[A-Za-z]{1,4}")


def load(
    docs_dir: Path, root: Path, ledger: Mapping[str, Record], glossary: Glossary, today: date
) -> tuple[Models, list[Finding]]:
    """Read and check the table of models of a docs folder; a folder without one has no models.

    Shape: the entries that are complete, every finding on the way. Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "model-table")
    if text is None:
        return EMPTY, findings
    models, findings = parse(path, text, ledger, glossary, today)
    for group, members in models.groups.items():
        if not (docs_dir / members[0].uri).is_file():
            what = f"there is no page docs/{members[0].uri} for the group {quote(group)}"
            findings.append(Finding(path, members[0].line, 1, "model-table", what, "write it, or name another group"))
    return models, findings


def parse(
    path: str, text: str, ledger: Mapping[str, Record], glossary: Glossary, today: date
) -> tuple[Models, list[Finding]]:
    """Read and check a table of models. Shape: the entries that are complete, every finding on the way."""
    entries, findings = read_list(path, text, "model-table", "model with '- id:'")
    models: dict[str, Model] = {}
    places: dict[str, Node] = {}
    for node in entries:
        model, found = _entry(path, node, ledger)
        findings += found
        if model is None:
            continue
        if model.id in models:
            what = f"the id {quote(model.id)} stands at line {models[model.id].line} already"
            findings.append(node.value["id"].finding(path, "model-duplicate", what, "merge the entries or rename one"))
            continue
        models[model.id], places[model.id] = model, node
    made = Models(models)
    findings += _collisions(path, made, places)
    findings += _other_senses(path, made, places, glossary)
    findings += _impossible(path, made, places, today)
    return made, findings


def _entry(path: str, node: Node, ledger: Mapping[str, Record]) -> tuple[Model | None, list[Finding]]:
    """One entry, or None with the reasons why it is none."""
    values, findings = read_values(path, "model-table", node, FIELDS, partial(_value, ledger))
    if findings:
        return None, findings
    values.pop("alone", None)
    values["without"] = tuple(sorted(name for name in OPTIONAL if name not in node.value))
    for fact in ("sizes", "active"):
        values.setdefault(fact, None)
    model = Model(**values)
    if not _ID.fullmatch(model.id) or not _ID.fullmatch(model.group):
        key = "group" if _ID.fullmatch(model.id) else "id"
        what = f"the {key} {quote(getattr(model, key))} is not lower-case letters, digits and single hyphens"
        return None, [node.value[key].finding(path, "model-table", what, "rename it")]
    return model, findings


def _value(ledger: Mapping[str, Record], field: _Field, item: Node) -> Any:
    """The value of a key. Raises: WrongError."""
    if field.kind in _FACTS:
        return None if item.kind == "null" else _fact(field, item, ledger)
    value = plain_value(field, item)
    if field.name == "accepted":
        for part in item.value:
            _check_size(field.name, part)
    if value is not None and field.kind == "paper" and value not in ledger:
        raise WrongError(item, f"the ledger has no paper {quote(item.value)}", "add its record, or write null")
    if value is not None and field.kind == "source":
        return Fact((str(value),), _source(item, ledger, links_only=True))
    return value


def _fact(field: _Field, item: Node, ledger: Mapping[str, Record]) -> Fact:
    """A value with its source. Raises: WrongError."""
    if item.kind != "map" or set(item.value) != {"is", "source"}:
        example = {"sizes": "[7B]", "number": "[4096]", "day": '"2023-07"'}.get(field.kind, "…")
        fix = f'write {field.name}: {{is: {example}, source: "@2307.09288 表 1"}}, or null where it is not known'
        raise WrongError(item, f"{field.name!r} is not a value with its source", fix)
    node = item.value["is"]
    parts = node.value if node.kind == "list" else [node]
    if not parts or any(part.kind in {"list", "map", "null", "bool"} or not part.text.strip() for part in parts):
        raise WrongError(node, f"the value of {field.name!r} is empty or not a text", "write what was seen")
    for part in parts:
        if field.kind == "sizes":
            _check_size(field.name, part)
        elif field.kind == "number":
            if not _LENGTH.fullmatch(part.text):
                raise WrongError(part, f"{quote(part.text)} is not a length in tokens", "write 8192 or 32k")
            _check_bounds(field.name, float(part.text.rstrip("k")) * (1000 if "k" in part.text else 1), part)
        elif field.kind == "day" and not _is_day(part.text):
            raise WrongError(part, f"{quote(part.text)} is not a day or a month", "write 2023-07-18, 2023-07 or 2023")
        elif field.kind == "address" and part.text.startswith("http") and not is_https(part.text):
            raise WrongError(part, f"{quote(part.text)} is not an https address", "write https:// and a plain host")
    source = item.value["source"]
    if source.kind != "str":
        raise WrongError(source, f"the source of {field.name!r} is not a text", "write it as in 【来源：…】")
    return Fact(tuple(part.text for part in parts), _source(source, ledger))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))


def _check_size(name: str, part: Node) -> None:
    if not SIZE.fullmatch(part.text):
        raise WrongError(part, f"{quote(part.text)} is not a size", "write 350M, 7B or 1.4T")
    _check_bounds(name, amount(part.text), part)


def _check_bounds(name: str, value: float, part: Node) -> None:
    least, most = BOUNDS[name]
    if not least <= value <= most:
        what = f"{quote(part.text)} of {name!r} is not between {least:g} and {most:g}"
        raise WrongError(part, what, "check its unit in the source", "model-size")


def _source(item: Node, ledger: Mapping[str, Record], *, links_only: bool = False) -> str:
    """The inside of a mark, each of its papers named. Raises: WrongError."""
    try:
        groups = source_mark.parse(item.value)
    except ValueError as error:
        fix = "write @2307.09288 表 1, or [名字](https://…), apart by ；"
        raise WrongError(item, str(error), fix) from None
    for group in groups:
        places = [each for each in group.items if isinstance(each, str) and each != "自算"]
        if places and (group.paper is None or links_only):
            what = f"{quote(places[0])} does not say of which paper it is a place"
            raise WrongError(item, what, "write @2307.09288 before it, or a link")
        if group.paper and group.paper.id not in ledger:
            raise WrongError(item, f"the ledger has no paper {quote(group.paper.id)}", "add its record, or name a link")
    return str(item.value)


def _collisions(path: str, models: Models, places: Mapping[str, Node]) -> Iterator[Finding]:
    """One form in two entries, or twice in one."""
    owners: dict[str, tuple[Model, str]] = {}
    for model in models.by_id.values():
        entry = places[model.id].value
        own: set[str] = set()
        for key in ("name", "forms", "words"):
            value = getattr(model, key)
            for form in (value,) if isinstance(value, str) else value:
                other, theirs = owners.setdefault(form.casefold(), (model, form))
                two_names = (form, theirs) == (model.name, other.name) and form != theirs  # ViT-g and ViT-G
                if other is not model and not two_names:
                    what = f"{quote(form)} is a form of {other.id!r} at line {other.line} too"
                    yield entry[key].finding(path, "model-duplicate", what, "keep it in one entry")
                elif form in own and not (key == "words" and form == model.name):
                    yield entry[key].finding(path, "model-duplicate", f"{quote(form)} is repeated", "keep one")
                own.add(form)


def _other_senses(path: str, models: Models, places: Mapping[str, Node], glossary: Glossary) -> Iterator[Finding]:
    """Forms that a reader may take for a term or for a word."""
    terms = {form: term.id for term in glossary.terms.values() for form in term.forms}
    for model in models.by_id.values():
        entry = places[model.id].value
        named = entry["term"].value if "term" in entry else None
        if named is not None and named not in glossary.terms:
            yield entry["term"].finding(path, "model-form", f"there is no term {quote(named)}", "correct it")
        alone = "alone" in entry and entry["alone"].value
        for key in ("name", "forms"):
            value = getattr(model, key)
            for form in (value,) if isinstance(value, str) else value:
                if form in model.words:
                    continue
                if form in terms and terms[form] != named:
                    what = f"{quote(form)} is a form of the term {terms[form]!r}"
                    yield entry[key].finding(path, "model-form", what, f"write 'term: {terms[form]}', or another form")
                elif _WORD.fullmatch(form) and form not in terms and not alone:
                    what = f"{quote(form)} may be a word, or another name"
                    fix = "put it under 'words', or write 'alone: true' where the pages mean this model alone"
                    yield entry[key].finding(path, "model-form", what, fix)


def _impossible(path: str, models: Models, places: Mapping[str, Node], today: date) -> Iterator[Finding]:
    """Values that no model has: a day to come, one size twice, more parameters at work than there are."""
    for model in models.by_id.values():
        entry = places[model.id].value
        if model.date and model.date.values[0] > today.isoformat():
            what = f"{quote(model.date.values[0])} is in the future"
            yield entry["date"].finding(path, "model-table", what, "write the day that the source tells")
        for name in ("sizes", "active", "tokens", "context"):
            fact: Fact | None = getattr(model, name)
            if fact and len({*fact.values}) < len(fact.values):
                yield entry[name].finding(path, "model-table", f"a value of {name!r} is repeated", "keep one")
        if model.active and model.sizes and max(map(amount, model.active.values)) > model.largest:
            what = f"'active' is more than the largest of 'sizes', {model.largest:g}"
            yield entry["active"].finding(path, "model-size", what, "check both in the source")
