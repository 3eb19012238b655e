"""models.json and its schema: every model with its facts, each with its source, and every number that the pages state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from papernotes.base.fields import ARXIV_ID, TEXT, TEXTS, Schema, closed
from papernotes.data.models.record import FACTS, Fact, Model
from papernotes.data.site import Site
from papernotes.markdown.bodies import measured, stated
from papernotes.markdown.bodies.measured import Measured
from papernotes.markdown.bodies.stated import Stated
from papernotes.pages.files import schema
from papernotes.text.document import address

SCHEMA: Final = 1
"""Raised when a key goes away or changes its type or its meaning; not for a key or a model more."""


def models_json(site: Site) -> str:
    """Every model, one line each, in the order of the table; addresses from the site's root.

    Shape: `{"schema": 1, "models": [{...}]}`. A fact that nobody has told is null, one that does not apply is left out.
    """
    numbers, sentences = measured.by_model(site), stated.of(site)
    lines = [
        json.dumps(_model(model, numbers.get(model.id, []), sentences.get(model.id, []), site), ensure_ascii=False)
        for model in site.models.by_id.values()
    ]
    return f'{{"schema": {SCHEMA}, "models": [\n' + ",\n".join(lines) + "\n]}\n"


def _model(model: Model, numbers: list[Measured], sentences: list[Stated], site: Site) -> dict[str, Any]:
    return {
        "id": model.id,
        "name": model.name,
        "forms": list(model.known_as),
        "group": model.group,
        "url": f"{model.url}#{model.anchor}",
        "paper": model.paper,
        "day": site.days[model.id] or None,
        "facts": {name: _fact(getattr(model, name)) for name in FACTS if name not in model.without},
        "numbers": [_number(each) for each in numbers],
        "sentences": [
            {"text": each.text, "page": f"{address(each.uri)}#{each.section}", "source": each.mark}
            for each in sentences
        ],
    }


def _fact(fact: Fact | None) -> dict[str, Any] | None:
    return {"values": list(fact.values), "source": fact.source} if fact else None


def _number(each: Measured) -> dict[str, Any]:
    result = each.result
    return {
        "benchmark": result.benchmark,
        "setting": result.setting,
        "variant": result.variant,
        "value": result.value,
        "by": result.by,
        "page": f"{address(each.uri)}#{each.section}",
        "source": each.mark,
    }


def _described(keys: Mapping[str, tuple[Schema, str]]) -> Schema:
    return closed({name: {**value, "description": description} for name, (value, description) in keys.items()})


def models_schema() -> str:
    """What `models.json` may hold: a JSON Schema, to be published beside it."""
    fact: Schema = {"anyOf": [{"type": "null"}, closed({"values": TEXTS, "source": TEXT})]}
    facts: Schema = {"type": "object", "properties": dict.fromkeys(FACTS, fact), "additionalProperties": False}
    number = _described(
        {
            "benchmark": (TEXT, "基准。"),
            "setting": (TEXT, "设置；以「未写明」开头的，不与别的论文相比。"),
            "variant": (TEXT, "型号，照页面写。"),
            "value": (TEXT, "数，照页面写。"),
            "by": (TEXT, "谁给的：论文的编号或者地址。"),
            "page": (TEXT, "本站那一节的地址，从网站的根算起。"),
            "source": ({"type": "string"}, "来源标记里的话。"),
        }
    )
    sentence = _described(
        {
            "text": (TEXT, "那一句，Markdown。"),
            "page": (TEXT, "本站那一节的地址，从网站的根算起。"),
            "source": (TEXT, "来源标记里的话。"),
        }
    )
    model = _described(
        {
            "id": (TEXT, "固定的地址。"),
            "name": (TEXT, "本站怎样称呼它。"),
            "forms": (TEXTS, "名字的全部写法。"),
            "group": (TEXT, "条目在哪一页。"),
            "url": (TEXT, "条目的地址，从网站的根算起。"),
            "paper": ({"type": ["string", "null"], "pattern": ARXIV_ID}, "介绍它的论文。"),
            "day": ({"type": ["string", "null"]}, "公布的日子或月份；有论文的是第一版提交的日子。"),
            "facts": (facts, "各个值，带来源；null 是没有见到，没有的键是不适用。"),
            "numbers": ({"type": "array", "items": number}, "本站各页的表里它的成绩。"),
            "sentences": ({"type": "array", "items": sentence}, "本站各页正文里写着它的数的句子。"),
        }
    )
    return schema.serialise(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "全部模型",
            "description": "与本文件一同发布的 models.json 的格式。",
            **_described(
                {
                    "schema": ({"const": SCHEMA}, "格式的编号；键减少、改类型或改含义时加一。"),
                    "models": ({"type": "array", "items": model}, "按模型表的次序。"),
                }
            ),
        }
    )
