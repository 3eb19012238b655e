"""The JSON Schema of a file of evidence, for editors; `data.evidence` reads the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from papernotes.base.fields import ARXIV_ID, DAY, Schema, closed
from papernotes.data import evidence
from papernotes.text.quantities import MAX_LENGTH

_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}
_NUMERALS: Final[Schema] = {"type": "array", "maxItems": evidence.MAX_NUMBERS, "items": _TEXT}


def _described(keys: Mapping[str, tuple[Schema, str]]) -> dict[str, Schema]:
    return {name: {**schema, "description": description} for name, (schema, description) in keys.items()}


_COPIES: Final = "；".join(f"{key}：{name}" for key, name in evidence.COPIES.items())
_READ: Final = _described({
    "by": ({"enum": list(get_args(evidence.By))}, "program：由程序从论文读出；reader：由没有看过本站页面的人读出。"),
    "copy": ({"enum": list(evidence.COPIES)}, f"读的是什么：{_COPIES}。"),
    "day": ({"type": "string", **DAY}, "读的日期。"),
})  # fmt: skip
_PLACE: Final = _described({
    "place": (_TEXT, "位置，写法与来源标记相同：§4.2、附录 B、表 6–7。"),
    "in": (_TEXT, "表、图、式所在的一节。"),
    "anchor": ({"type": "string", "pattern": evidence.ANCHOR}, "arXiv 的 HTML 版里这个位置的 id。"),
    "inferred": ({"type": "boolean"}, "true 表示 id 没有见到，是由编号推出来的；那一版的 HTML 要确实有。"),
    "page": ({"type": "integer", "minimum": 1, "maximum": evidence.MAX_PAGES}, "这个位置在 PDF 的第几页开始；只写见到的。"),
    "numbers": (_NUMERALS, "这里的数字，照原样写，带单位；没有读过就不写这个键，读过而没有数字写 []。"),
    "rows": ({"type": "array", "items": {**_NUMERALS, "minItems": 1}}, "表的各行，先写行名；文本没有分行就不写。"),
    "unseen": ({"type": "boolean"}, "true 表示文本里看不到这里的内容，例如画出来的图。"),
    "partial": ({"type": "boolean"}, "true 表示文本只给出一部分，没有列出的数字也可能在。"),
})  # fmt: skip
SCHEMA: Final = closed(_described({
    "schema": ({"const": evidence.SCHEMA}, "格式的版本。"),
    "arxiv": ({"type": "string", "pattern": ARXIV_ID}, "arXiv 编号，不带版本；文件以它命名。"),
    "version": ({"type": ["integer", "null"], "minimum": 1, "maximum": 999}, "所读的版本；文本没有写明就写 null。"),
    "read": (closed(_READ), "怎样读到的。"),
    "whole": ({"type": "boolean"}, "节、表、图、式是否列全；没有列全时，缺一个位置不算错。"),
    "places": (
        {"type": "array", "maxItems": evidence.MAX_PLACES, "items": closed(_PLACE, ["place"])},
        "每行一个位置。",
    ),
}))  # fmt: skip
