"""The style sheet of a book: its custom properties put in, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import tinycss2

_DARK: Final = "slate"
"""What a selector of the theme's dark colours holds."""
_VARIABLE: Final = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
_FACE: Final = "font-face"


def style(sheet: str, theme: str) -> str:
    """A style sheet without custom properties.

    `sheet`: of books, what it imports in it; `theme`: the sheet that names the colours. Rules whose colours are others in
    the dark follow a second time, for readers that say so, and once more for calibre, which names a dark page by a class.
    Other at-rules than fonts are left out.
    Source: https://manual.calibre-ebook.com/viewer.html
    """
    light, dark = _values(theme)
    plain: list[str] = []
    night: list[str] = []
    calibre: list[str] = []
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == _FACE:
            plain.append(_flat(rule.serialize()))
        if rule.type != "qualified-rule":
            continue
        selector = _flat(tinycss2.serialize(rule.prelude)).strip()
        declared = [
            (each.lower_name, _flat(tinycss2.serialize(each.value)).strip() + (" !important" if each.important else ""))
            for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
            if each.type == "declaration"
        ]
        by_day = [(name, _filled(value, light)) for name, value in declared]
        by_night = [(name, _filled(value, dark)) for name, value in declared]
        plain.append(_rule(selector, by_day))
        if changed := [pair for pair in by_night if pair not in by_day]:
            night.append(f"  {_rule(selector, changed)}")
            calibre.append(_rule(f".calibre-viewer-dark-colors :is({selector})", changed))
    lines = list(filter(None, plain))
    if night:
        lines += ["@media (prefers-color-scheme: dark) {", *night, "}", *calibre]
    return "\n".join(lines) + "\n"


def colours(theme: str) -> dict[str, str]:
    """The theme's values by name, in light."""
    return dict(_values(theme)[0])


def _values(theme: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The values of the theme by name, in light and in dark."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}

    def read(rules: list[Any], media: str) -> None:
        for rule in rules:
            if rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                read(inner, tinycss2.serialize(rule.prelude).strip())
            elif rule.type == "qualified-rule" and media in {"", "screen"}:
                into = dark if _DARK in tinycss2.serialize(rule.prelude) else light
                for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
                    if each.type == "declaration" and each.name.startswith("--"):
                        into[each.name] = _flat(tinycss2.serialize(each.value)).strip()

    read(tinycss2.parse_stylesheet(theme, skip_comments=True, skip_whitespace=True), "")
    return light, {**light, **dark}


def _filled(value: str, values: Mapping[str, str]) -> str:
    """A value without variables; those that nobody names take their fallback."""
    for _ in range(len(values)):
        found = _VARIABLE.search(value)
        if found is None:
            break
        value = value.replace(found[0], values.get(found[1], found[2] or "initial"))
    return value


def _rule(selector: str, declared: list[tuple[str, str]]) -> str:
    return f"{selector} {{ {' '.join(f'{name}: {value};' for name, value in declared)} }}" if declared else ""


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
