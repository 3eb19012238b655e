"""The catalogue of rules: one entry for each rule of the checker, at the address that is its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from papernotes.base.rule import Rule

_SPECIAL: Final = re.compile(r"[\\*_\[\]{}<>$#~^【】]")
_CODE: Final = re.compile(r"(`[^`\n]+`)")


def markdown(rules: Iterable[Rule]) -> str:
    """The entries as Markdown: what a rule asks for, why, what breaks it, and the same mended.

    Shape: sections of level 2, sorted by name; the id of each is the rule's name.
    """
    return "\n\n".join(_entry(rule) for rule in sorted(rules, key=lambda rule: rule.name))


def _entry(rule: Rule) -> str:
    return "\n\n".join(
        (
            f"## {rule.name} {{#{rule.name}}}",
            f"**{_plain(rule.title)}。**\n{_plain(rule.why)}",
            "会报错：",
            _block(rule.bad, "{.text .pn-wrong}"),
            "改成：",
            _block(rule.good),
        )
    )


def _plain(text: str) -> str:
    """Chinese prose that may hold code spans; whatever else Markdown or we ourselves would read is escaped."""
    pieces = _CODE.split(text)
    return "".join(
        piece if place % 2 else _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", piece)
        for place, piece in enumerate(pieces)
    )


def _block(text: str, kind: str = "text") -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{kind}\n{text}\n{fence}"
