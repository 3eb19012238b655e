"""Numbers with a unit of counting, as Chinese texts on models write them: 1750 亿参数, 175B, 十亿, 1.4 万亿词元."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from papernotes.data.models.record import UNITS as SIZE_UNITS
from papernotes.text.masking import Span
from papernotes.text.quantities import read_numeral

Kind = Literal["parameter", "token", "other", ""]


@dataclass(frozen=True)
class Quantity:
    """A number with a unit of counting. `value` in ones."""

    start: int
    end: int
    text: str
    digits: str
    """The number alone, without separators: `111`, `1.4`."""
    unit: str
    value: float
    chinese: bool
    kind: Kind


UNITS: Final[Mapping[str, float]] = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "k": 1e3,
    "K": 1e3,
    **SIZE_UNITS,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_NUMBER: Final = r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_QUANTITY: Final = re.compile(
    rf"(?<![\d.,]){_NUMBER}[ ]?(?:个)?(?P<unit>万亿|千亿|百亿|十亿|亿|千万|百万|万|(?:[kKMBT]|[mbtr]+illion)(?![A-Za-z0-9]))"
)
_NUMERAL: Final = re.compile(
    r"(?<![零一二三四五六七八九十百千万两])(?P<numeral>[一二三四五六七八九十百千两][零一二三四五六七八九十百千万两]{0,15})(?P<unit>万亿|亿|万)(?!分|一)"
)
_VAGUE: Final = re.compile(r"(?:[数几上近成过]|[上超]过)[ ]?\Z")
PARAMETERS: Final = re.compile(
    r"[ ]?(?:多|余)?[ ]?(?:个)?(?:可学习的?|可训练的?|激活|活跃|总|模型)?[ ]?(?:参数|parameters?)(?!化)"
)
TOKENS: Final = re.compile(r"[ ]?(?:多|余)?[ ]?(?:个)?(?:训练|文本|上下文|金融)?[ ]?(?:词元|[Tt]okens?)(?!化|级)")
_OTHER: Final = re.compile(
    r"[ ]?(?:多|余)?[ ]?(?:次|张|幅|个掩码|掩码|图|像素|美元|元|人|条|对|篇|字|词(?!元)|行|步|步|个样本|样本|个专家|小时|GPU|TPU|FLOP|比特|字节|倍|秒|层|头|维)"
)
_MODEL: Final = re.compile(r"[ ]?(?:的)?[ ]?(?:版|模型|规模)")


def quantities(text: str) -> list[Quantity]:
    """The numbers with a unit of counting, from left to right; vague ones (数百亿, 近十万) left out."""
    found = []
    for match in _QUANTITY.finditer(text):
        unit = match["unit"]
        chinese = not unit.isascii()
        digits = match["digits"].replace(",", "")
        if unit not in UNITS or (not chinese and _is_bytes_or_name(text, match)):
            continue
        found.append(_quantity(text, match, digits, float(digits), chinese))
    for match in _NUMERAL.finditer(text):
        number = read_numeral(match["numeral"])
        if (
            number
            and not _VAGUE.search(text, max(0, match.start() - 3), match.start())
            and text[match.end() : match.end() + 1] != "级"
        ):
            found.append(_quantity(text, match, f"{number:g}", float(number), chinese=True))
    return sorted(found, key=lambda quantity: quantity.start)


def within(spans: Iterable[Span], found: Sequence[Quantity]) -> Iterator[tuple[Span, Sequence[Quantity]]]:
    """Stretches of a text, from left to right, each with those of its quantities that stand in it."""
    at = 0
    for span in spans:
        while at < len(found) and found[at].start < span.start:
            at += 1
        first = at
        while at < len(found) and found[at].start < span.end:
            at += 1
        yield span, found[first:at]


def _quantity(text: str, match: re.Match[str], digits: str, number: float, chinese: bool) -> Quantity:
    value = number * UNITS[match["unit"]]
    kind = _kind_after(text, match.end())
    if not kind and not chinese and (_MODEL.match(text, match.end()) or in_name(text, match.start())):
        kind = "parameter"
    if not kind and chinese:
        kind = _kind_before(text, match.start())
    return Quantity(match.start(), match.end(), match.group(), digits, match["unit"], value, chinese, kind)


def _kind_after(text: str, end: int) -> Kind:
    if PARAMETERS.match(text, end):
        return "parameter"
    if TOKENS.match(text, end):
        return "token"
    return "other" if _OTHER.match(text, end) else ""


def _kind_before(text: str, start: int) -> Kind:
    before = text[max(0, start - 14) : start]
    if re.search(r"(?:参数量?|参数规模|参数总数|参数数目|参数数量)[^，。；|]{0,6}\Z", before):
        return "parameter"
    if re.search(r"(?:词元数?|[Tt]okens?)[^，。；|]{0,6}\Z", before):
        return "token"
    return ""


def in_name(text: str, start: int) -> bool:
    """Whether a size stands at the end of a model's name: Llama-2-70B, Mistral 7B."""
    return bool(re.search(r"[A-Za-z0-9][- ]\Z", text[max(0, start - 2) : start]))


def _is_bytes_or_name(text: str, match: re.Match[str]) -> bool:
    """`8x7B` counts experts, `SA-1B` is a data set, `80 K` of a temperature is none of ours; 5T5 and 4B/s neither."""
    before = text[max(0, match.start() - 3) : match.start()]
    after = text[match.end() : match.end() + 2]
    return bool(re.search(r"(?:[x×*]|[A-Za-z]|SA-)\Z", before)) or (
        after.startswith(("/", "-", "+", "_")) and "B" in match["unit"] and after[:1] != "-"
    )


def agree(one: float, other: float, tolerance: float = 0.06) -> bool:
    """Whether two numbers differ by no more than rounding."""
    return math.isclose(one, other, rel_tol=tolerance)


def in_chinese(value: float) -> str:
    """A number of ones as a Chinese text writes it."""
    for size, name in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if value >= size and (name != "万亿" or value % 1e12 == 0):
            return f"{value / size:.6g} {name}"
    return f"{value:g}"
