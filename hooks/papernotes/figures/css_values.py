"""The CSS values of a picture, by a tokenizer that reads them as a browser does: escapes, case and comments resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

PAINT = frozenset({"fill", "stroke"})
IDENT = re.compile(r"[a-z][a-z0-9-]{0,79}")
_VARIABLE = re.compile(r"--pn-[a-z-]{1,40}")
_LIMIT = 400  # characters of a style or a reference


def tokens_of(value: str) -> list[Any]:
    """The tokens of a value as a browser reads them: without comments and space, escapes and case resolved."""
    found = tinycss2.parse_component_value_list(value[:_LIMIT], skip_comments=True)
    return [token for token in found if token.type != "whitespace"]


def addresses(tokens: Iterable[Any]) -> Iterator[str]:
    """Every address in a value, by whatever function it is given: `url`, `src`, `image-set` all take texts."""
    for token in tokens:
        if token.type in {"url", "string"}:
            yield token.value
        yield from addresses(getattr(token, "arguments", None) or getattr(token, "content", None) or ())


def local(value: str) -> str | None:
    """The id in a CSS value that is one `url(#id)`, however spelt; None for any other value."""
    tokens = tokens_of(value)
    if len(value) > _LIMIT or len(tokens) != 1:
        return None
    token = tokens[0]
    if token.type == "function" and token.lower_name == "url":
        inside = [each for each in token.arguments if each.type not in {"whitespace", "comment"}]
        token = inside[0] if len(inside) == 1 and inside[0].type == "string" else token
    target = token.value if token.type in {"url", "string"} and tokens[0].type != "string" else ""
    return target[1:] if target.startswith("#") and IDENT.fullmatch(target[1:]) else None


def paints_of(value: str) -> str | None:
    """A `style` of paints alone, written plainly; None where it holds anything else."""
    if len(value) > _LIMIT:
        return None
    paints = []
    for each in tinycss2.parse_blocks_contents(value, skip_comments=True, skip_whitespace=True):
        if each.type != "declaration" or each.important or each.lower_name not in PAINT:
            return None
        tokens = [token for token in each.value if token.type not in {"whitespace", "comment"}]
        paint = _paint(tokens[0]) if len(tokens) == 1 else None
        if paint is None:
            return None
        paints.append(f"{each.lower_name}:{paint}")
    return ";".join(paints) or None


def _paint(token: Any) -> str | None:
    if token.type == "ident" and token.lower_value in {"none", "currentcolor"}:
        return "none" if token.lower_value == "none" else "currentColor"
    if token.type != "function" or token.lower_name != "var":
        return None
    inside = [each for each in token.arguments if each.type not in {"whitespace", "comment"}]
    if len(inside) == 1 and inside[0].type == "ident" and _VARIABLE.fullmatch(inside[0].value):
        return f"var({inside[0].value})"
    return None
