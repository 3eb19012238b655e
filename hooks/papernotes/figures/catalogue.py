"""How a plot is drawn: a file beside its numbers, `lima-humans.yml`, names one of the common kinds and says what is written on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from papernotes.base import data_file
from papernotes.base.fields import TEXT, Schema, closed
from papernotes.base.finding import Finding, quote
from papernotes.figures import svg
from papernotes.figures.charts import Axis, Bars, Curves, Dots, Line, Shares, ticks
from papernotes.figures.plot import Plot, name_of
from papernotes.text.frontmatter import Node, WrongError, read_yaml

LIMIT: Final = 16 * 1024  # bytes of one file
MAX_WORDS: Final = 500  # characters of one text
_PICTURE: Final = re.compile(r"(?:papers|topics)/[a-z0-9-]+/[a-z0-9-]+\.svg")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def load(file: Path, path: str) -> tuple[Plot | None, list[Finding]]:
    """How the numbers of `file` without its ending are drawn; None where nothing says so, or with what is wrong.

    `path`: of the file as findings show it. Raises: OSError where the file system fails.
    """
    text, findings = data_file.read(file, path, LIMIT, "plot")
    node, more = read_yaml(path, text) if text else (None, [])
    findings += more
    if node is None:
        what, fix = (
            "nothing says how the numbers are drawn",
            "begin this file with a line 'kind: bars', or shares, dots, curves; the check tells what else it needs",
        )
        return None, findings or [Finding(path, 1, 1, "plot", what, fix)]
    try:
        plot = _made(node, file.stem)
    except WrongError as wrong:
        return None, [*findings, wrong.finding(path, "plot")]
    return None if findings else plot, findings


# --- values -----------------------------------------------------------------------------------------------------------


def _text(node: Node) -> str:
    if node.kind in {"list", "map", "null"} or not node.text.isprintable() or not 0 < len(node.text) <= MAX_WORDS:
        raise WrongError(node, "is not a line of text", f"write 1 to {MAX_WORDS} characters")
    return node.text


def _amount(text: str, node: Node, low: float, high: float) -> float:
    if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
        raise WrongError(node, f"{quote(text)} is not a number from {low:g} to {high:g}", "correct it")
    return float(text)


def _number(low: float, high: float) -> Callable[[Node], float]:
    return lambda node: _amount(node.text, node, low, high)


_ANY: Final = _number(-1e15, 1e15)


def _whole(node: Node) -> int:
    return int(_number(0, 6)(node))


def _flag(node: Node) -> bool:
    if node.kind != "bool":
        raise WrongError(node, f"{quote(node.text)} is not true or false", "write one of them, or remove the key")
    return bool(node.value)


def _part(node: Node, keys: Iterable[str], needed: Iterable[str]) -> dict[str, Node]:
    """The values of a mapping with some of these keys, and all that are needed."""
    entries: dict[str, Node] = node.value if node.kind == "map" else {}
    if odd := [key for key in entries if key not in keys]:
        raise WrongError(entries[odd[0]], f"the key {quote(odd[0])} is unknown", f"use {', '.join(keys)}")
    if missing := [key for key in needed if key not in entries]:
        raise WrongError(node, f"the key {quote(missing[0])} is missing", "add it")
    return entries


def _axis(node: Node) -> Axis:
    entries = _part(node, Axis._fields, ("low", "high"))
    low, high = _ANY(entries["low"]), _ANY(entries["high"])
    log = "log" in entries and _flag(entries["log"])
    if not low < high or (log and low <= 0):
        raise WrongError(
            node, "the axis does not rise" if not low < high else "a logarithmic axis begins at 0", "correct 'low'"
        )
    marks = entries.get("ticks", Node("list", [], "", 1, 1))
    if marks.kind == "map":
        written = {_amount(key, marks, low, high): _text(words) for key, words in marks.value.items()}
    elif marks.kind == "list":
        written = dict(ticks(*(_amount(each.text, each, low, high) for each in marks.value)))
    else:
        raise WrongError(marks, "is not a list of numbers, nor a mapping of numbers and words", "write [0, 50, 100]")
    return Axis(low, high, written, log)


def _line(node: Node) -> Line:
    entries = _part(node, Line._fields, Line._fields)
    return Line(_ANY(entries["value"]), _text(entries["words"]))


def _style(node: Node) -> str:
    if odd := [each for each in node.text.split() if f"pn-svg__{each}" not in svg.CLASSES]:
        raise WrongError(node, f"{quote(odd[0])} is not a class of drawing.css", "use full, half, mid, dark or light")
    return node.text


def _fills(node: Node) -> dict[str, str]:
    if node.kind != "map" or not node.value:
        raise WrongError(node, "is not a mapping of names and fills", "write a line 'name: full' for each")
    return {key: _style(each) for key, each in node.value.items()}


def _lines(node: Node) -> dict[str, tuple[str, str]]:
    pairs = node.value if node.kind == "map" else {}
    if not pairs or not all(each.kind == "list" and len(each.value) == 2 for each in pairs.values()):
        raise WrongError(
            node, "is not a mapping of names, lines and points", "write a line 'name: [mark, full]' for each"
        )
    return {key: (_style(each.value[0]), _style(each.value[1])) for key, each in pairs.items()}


# --- keys -------------------------------------------------------------------------------------------------------------


class _Key(NamedTuple):
    """A key of the file, which is an attribute of the kinds that have it."""

    description: str
    schema: Schema
    read: Callable[[Node], Any]


_NUMERIC: Final[Schema] = {"type": "number"}
_FILLS: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
_SCALE: Final[Schema] = closed({"low": _NUMERIC, "high": _NUMERIC, "log": {"type": "boolean"}, "ticks": {"type": ["array", "object"]}}, ["low", "high"])  # fmt: skip
KEYS: Final = {
    "picture": _Key("画到哪里，从 docs/ 起；数据文件以它命名。", {**TEXT, "pattern": f"^{_PICTURE.pattern}$"}, _text),
    "title": _Key("图的标题，供读屏软件。", TEXT, _text),
    "desc": _Key("图上有什么，供读屏软件。", TEXT, _text),
    "axis": _Key("刻度：从 low 到 high，ticks 是要写出的数。", _SCALE, _axis),
    "x": _Key("横轴；log: true 取对数。", _SCALE, _axis),
    "y": _Key("纵轴；log: true 取对数。", _SCALE, _axis),
    "series": _Key("每一组和它的点的填色；曲线写成 [线, 点]。", {"type": "object"}, _fills),
    "parts": _Key("每一份和它的填色。", _FILLS, _fills),
    "words": _Key("刻度量的是什么。", TEXT, _text),
    "x_words": _Key("横轴量的是什么。", TEXT, _text),
    "y_words": _Key("纵轴量的是什么。", TEXT, _text),
    "line": _Key("一条虚线：在哪个数，旁边写什么。", closed({"value": _NUMERIC, "words": TEXT}), _line),
    "left": _Key("留给左边文字的宽度。", _NUMERIC, _number(0, 240)),
    "height": _Key("图的高度。", _NUMERIC, _number(120, 800)),
    "step": _Key("一条到下一条的距离。", _NUMERIC, _number(12, 80)),
    "r": _Key("点的半径。", _NUMERIC, _number(1, 20)),
    "decimals": _Key("小数的位数；不写就照数据。", {"type": "integer"}, _whole),
    "unit": _Key("数后面的单位。", TEXT, _text),
    "signed": _Key("true 表示正数也写正号。", {"type": "boolean"}, _flag),
    "numbered": _Key("true 表示两端的点写出数。", {"type": "boolean"}, _flag),
    "apart": _Key("true 表示每一组各用各的刻度：单位不同。", {"type": "boolean"}, _flag),
    "error": _Key("误差最多多大；数据里就有 error 一列。", _NUMERIC, _number(0, 1e15)),
    "whole": _Key("整条代表多少；不写是 100。", _NUMERIC, _number(1e-9, 1e15)),
    "most": _Key("一份最多多大；不写是 101。", _NUMERIC, _number(1e-9, 1e15)),
}  # fmt: skip
KINDS: Final = {"bars": Bars, "shares": Shares, "dots": Dots, "curves": Curves}
SCHEMA: Final[Schema] = {
    "anyOf": [
        closed(
            {
                "kind": {"const": kind, "description": "画法。"},
                **{
                    each.name: {**KEYS[each.name].schema, "description": KEYS[each.name].description}
                    for each in fields(chart)
                },
            },
            ["kind", *(each.name for each in fields(chart) if each.default is MISSING)],
        )
        for kind, chart in KINDS.items()
    ]
}


def _made(node: Node, name: str) -> Plot:
    """The plot of a file of this name. Raises: WrongError."""
    kind = _part(node, node.value if node.kind == "map" else (), ("kind",))["kind"]
    if kind.text not in KINDS:
        raise WrongError(kind, f"{quote(kind.text)} is not a kind of plot", f"use {', '.join(KINDS)}")
    chart = KINDS[kind.text]
    needed = [each.name for each in fields(chart) if each.default is MISSING]
    entries = _part(node, ("kind", *(each.name for each in fields(chart))), needed)
    read = {key: each.read for key, each in KEYS.items()} | ({"series": _lines} if chart is Curves else {})
    values = {key: read[key](each) for key, each in entries.items() if key != "kind"}
    if not _PICTURE.fullmatch(values["picture"]) or name_of(values["picture"]) != name:
        fix = (
            f"write papers/…/….svg whose name is that of this file, or rename the file {name_of(values['picture'])}.yml"
        )
        raise WrongError(entries["picture"], f"{quote(values['picture'])} is not the picture of {name}", fix)
    scale = values.get("axis") or values.get("y")
    if scale and "line" in values and not scale.low <= values["line"].value <= scale.high:
        raise WrongError(
            entries["line"], "the line is outside the axis", f"write a value from {scale.low:g} to {scale.high:g}"
        )
    if chart is Bars and values["axis"].log:
        raise WrongError(entries["axis"], "bars have no logarithmic axis", "remove 'log'")
    if values.get("apart") and values["axis"].low:
        raise WrongError(entries["axis"], "bars on scales of their own begin at 0", "write low: 0, or remove 'apart'")
    made: Plot = chart(**values).plot()
    return made
