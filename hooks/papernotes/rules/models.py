"""Names of models in the text: each that says its size has an entry in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.models.table import FILE
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text.document import Document
from papernotes.text.masking import readable

RULES: Final = (
    Rule(
        "model-unknown",
        "正文里带大小的模型名在模型表里有条目",
        "读者常带着模型的名字来；没有条目，搜索和预览就找不到它。",
        "Nemo-12B 是新的基座。",
        "- {id: nemo, name: Nemo, …}",
    ),
)

_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9.-])(?P<name>[A-Z][A-Za-z]+[0-9]*(?:[- ][A-Za-z]+[0-9]*){0,2})-[0-9]+(?:\.[0-9]+)?B(?![A-Za-z])"
)
"""`Falcon-40B`: what stands before the size is the name."""


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Names such as `Falcon-40B` on papers and topics that no entry has, once a page."""
    if not site.models.by_id or kind_of(document.uri) == "plain":
        return
    told: set[str] = set()
    named = {*site.glossary.phrases, *site.models.phrases}
    for match in _NAME.finditer(readable(document)):
        name = match["name"]
        if name in told or site.models.named(match.group()) or match.group() in named:
            continue
        told.add(name)
        id_ = re.sub(r"[^a-z0-9]+", "-", name.lower())
        entry = f"- {{id: {id_}, name: {name}, group: …, paper: null, maker: null, sizes: null, licence: null, weights: null}}"
        what = f"{quote(match.group())} is a model that the table lacks"
        yield document.finding(match.start(), "model-unknown", what, f"add {entry} to docs/{FILE}")
