"""Numbers with their units, read from Chinese prose and from numerals as papers print them, and compared by value.

Both books of the double entry (pages, and `data.evidence`) are read here, so that 30 万, 0.3M and 300,000 are one number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, Literal

Unit = Literal["", "%", "times", "byte", "hour", "dollar"]
Hedge = Literal["", "about", "over", "under"]

_SCALES: Final = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3,
    "k": 3, "m": 6, "b": 9, "t": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}  # fmt: skip
_BYTES: Final = {"k": 3, "m": 6, "g": 9, "t": 12, "p": 15}
_HOURS: Final = {"小": 1, "h": 1, "天": 24, "d": 24, "周": 168, "w": 168}
_WORDS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_PARTS: Final = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "tenth": 10,
}
_MULTIPLES: Final = {
    "once": 1,
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubles": 2,
    "doubling": 2,
    "triple": 3,
    "tripled": 3,
    "thrice": 3,
}

_NAMED: Final = re.compile(
    r"(?:Apache|BY(?:-[A-Z]+)*|License|Python|CUDA|CUTLASS|Diffusion|Claude|SD|[Pp]hi|v|版本|许可证|[图表式节§]|附录)[ -]?v?\d+(?:\.\d+)+"
    r"|\d{4}\.\d{4,5}(?:v\d+)?"
)
"""Numbers that are a name's, or a place's."""
MAX_LENGTH: Final = 60
"""A printed numeral is no longer."""


@dataclass(frozen=True)
class Amount:
    """A number with its unit. `value` in ones, bytes, hours, dollars or per cent."""

    text: str
    start: int
    end: int
    number: Decimal
    """The digits as written, before 万, M or GB."""
    value: Decimal
    step: Decimal
    """What one is worth in the last place shown, in the unit of `value`."""
    unit: Unit = ""
    scaled: bool = False
    """Whether a word or letter of scale, or a power of ten, was written."""
    hedge: Hedge = ""
    spread: bool = False
    """Whether it follows ±."""
    from_head: bool = False
    """Whether the scale stands in the head of the column."""

    @cached_property
    def digits(self) -> int:
        """How many digits are written."""
        return sum(character.isdigit() for character in _WRITTEN.match(self.text.strip())[0])  # type: ignore[index]


# --- as papers print them ---------------------------------------------------------------------------------------------

_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_PRINTED: Final = re.compile(
    rf"(?P<dollar>\$\s?)?(?:(?P<factor>(?<!\d)(?<!\d\s)[×x]|factors? of )\s?)?(?:(?<![\w.])|(?<=\dx))(?P<name>[A-Za-z0-9]-)?(?P<digits>{_DIGITS})"
    r"(?P<power>\s?[×x*·]\s?10(?:\s?\^\s?\{?|(?=[-−–]))[-−–]?\d+\}?|[eE][-−+]?\d+|\^\{?[-−–]?\d+\}?)?"
    r"(?:[\s-]?(?P<bytes>[KMGTPkmgt])i?(?:B|bytes?)(?![A-Za-z])|(?P<scale>[\s-]?(?:thousand|million|billion|trillion|Thousand|Million|Billion|Trillion)|\s?[kKMBbT](?![A-Za-z0-9^*])))?"
    r"(?:\s?(?P<percent>%|percent|percentage points?|points?\b)|\s?(?P<times>×(?!\s?\d)|[xX](?!\s?[\w^])|times\b|-?fold\b)"
    r"|[\s-]?(?:(?:GPU|TPU|[A-Z]?\d*)[\s-])?(?P<hours>hours?|hrs?|days?|weeks?)\b|\s?(?P<dollars>USD|dollars))?"
)
_WORD: Final = re.compile(
    rf"\b(?P<words>(?:(?:an?|{'|'.join(_WORDS)}|hundred|thousand|million|billion|trillion)(?:[\s-]+(?:and )?)?)*"
    rf"(?:{'|'.join(_WORDS)}|hundred|thousand|million|billion|trillion))\b(?:[\s-](?P<part>{'|'.join(_PARTS)})s?\b)?"
    rf"|\b(?P<one>an?|one)[\s-](?P<single>{'|'.join(_PARTS)})\b|\b(?P<half>half|halve[ds]?|halving)\b|\b(?P<multiple>{'|'.join(_MULTIPLES)})\b",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?[%MBK]?")
_WRITTEN: Final = re.compile(r"[\d.,]*")
_TIMES_AFTER: Final = re.compile(r"[\s-]?(?:times|fold|×|x)\b", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s?(?:%?\s?(?:-|–|—|−|~|±|/|to|and|or|至|到))\s?", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def printed(text: str) -> tuple[Amount, ...]:
    """The numbers of a numeral as a paper prints it: `175B`, `1.3M GPU hours`, `6.0 × 10^-4`, `200-400 billion`, `two-thirds`.

    Names (GPT-3, ResNet-50, top-5) are none; the size in one (LLaMA-13B) is.
    """
    found = [amount for match in _PRINTED.finditer(text) if (amount := _of_match(match))]
    taken = [(amount.start, amount.end) for amount in found]
    for match in _WORD.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append(_of_words(match, text))
    found.sort(key=lambda amount: amount.start)
    return (*found, *_inherited(found, text))


def is_printed(text: str) -> bool:
    """Whether there is a number in it; most numerals are so plain that they need not be read for that."""
    return bool(_PLAIN.fullmatch(text) or printed(text))


def _of_match(match: re.Match[str]) -> Amount | None:
    digits = match["digits"].replace(",", "")
    before = match.string[max(0, match.start("digits") - 2) : match.start("digits")]
    sized = match["scale"] and match["scale"].strip()[:1] in "MBbT"
    if before[-1:] == "-" and before[0].isalpha() and not sized:
        return None
    power = Decimal(1)
    if written := match["power"]:
        exponent = int(re.sub(r"[−–]", "-", re.findall(r"[-−–+]?\d+", written)[-1]))
        if abs(exponent) > 40:
            return None
        base = Decimal(digits) if written.startswith("^") else Decimal(10)
        if base > 10_000:
            return None
        power = base**exponent if not written.startswith("^") else base ** (exponent - 1)
    unit: Unit = ""
    scale = power
    if match["bytes"]:
        unit, scale = "byte", Decimal(10) ** _BYTES[match["bytes"].lower()]
    elif match["scale"]:
        scale *= Decimal(10) ** _SCALES[match["scale"].strip(" -").lower()]
    if match["percent"]:
        unit = "%"
    elif match["times"] or match["factor"]:
        unit = "times"
    elif match["hours"]:
        unit, scale = "hour", scale * _HOURS[match["hours"][0].lower()]
    elif match["dollar"] or match["dollars"]:
        unit = "dollar"
    return _amount(
        match,
        digits,
        scale,
        unit,
        scaled=bool(match["scale"] or match["power"] or match["bytes"]),
        spread="±" in match.string[max(0, match.start() - 2) : match.start()],
    )


def _amount(
    match: re.Match[str], digits: str, scale: Decimal, unit: Unit, *, scaled: bool, spread: bool = False
) -> Amount:
    number = Decimal(digits)
    step = Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
    return Amount(match.group(), match.start(), match.end(), number, number * scale, step, unit, scaled, spread=spread)


def _of_words(match: re.Match[str], text: str) -> Amount:
    unit: Unit = ""
    if match["half"]:
        value, step = Decimal(1) / 2, Decimal("0.1")
    elif match["multiple"]:
        value, step, unit = Decimal(_MULTIPLES[match["multiple"].lower()]), Decimal(1), "times"
    elif match["single"]:
        value, step = Decimal(1) / _PARTS[match["single"].lower()], Decimal("0.0001")
    else:
        value, step = Decimal(_read_words(match["words"])), Decimal(1)
        if match["part"]:
            value, step = value / _PARTS[match["part"].lower()], Decimal("0.0001")
    if _TIMES_AFTER.match(text, match.end()):
        unit = "times"
    return Amount(match.group(), match.start(), match.end(), value, value, step, unit, scaled=value >= 1000)


def _read_words(words: str) -> int:
    total = section = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _WORDS:
            section += _WORDS[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total += (section or 1) * int(10 ** _SCALES[word])
            section = 0
    return total + section


def _inherited(found: list[Amount], text: str) -> Iterator[Amount]:
    """Of a range such as `200-400 billion` or 12 到 15 万, the first number with the scale and the unit of the second."""
    for one, other in pairwise(found):
        if (
            _RANGE.fullmatch(text, one.end, other.start)
            and (other.scaled or other.unit)
            and not (one.scaled or one.unit)
        ):
            if not other.number:
                continue
            scale = other.value / other.number
            yield replace(one, value=one.number * scale, step=one.step * scale, unit=other.unit, scaled=other.scaled)


# --- in Chinese prose -------------------------------------------------------------------------------------------------

_CHINESE: Final = re.compile(
    r"(?<![A-Za-z0-9.§_])(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)(?![A-Za-z]*\d)"
    r"(?:\s?(?P<bytes>[KMGTP])B\b|\s?(?:个)?(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|万(?!分之)|千(?!分之)|[kKMBT](?![A-Za-z0-9])))?"
    r"(?:\s?(?P<percent>[%％]|个?百分点)|\s?(?P<times>倍|×(?!\s?\d))"
    r"|\s?(?:个)?\s?(?:(?:GPU|TPU|卡|[A-Z]\d+)\s?)?(?P<hours>小时|天|周(?!期))|\s?(?P<dollar>美元))?"
)
_NUMERAL: Final = re.compile(
    r"(?<![零一二三四五六七八九十百千两第])(?:(?P<whole>[一二三四五六七八九十百千两]+)分之(?P<part>[一二三四五六七八九十]+)"
    r"|(?P<tenths>[一二三四五六七八九])成|(?P<half>一半|半数|减半)"
    r"|(?P<numeral>[一二三四五六七八九十百千两]+)\s?(?P<scale>万亿|亿|万)?(?P<times>倍)?)"
)
_MODEL: Final = re.compile(r"[A-Za-z]\d*[-–]\Z")  # A100-80GB
_BEFORE: Final = (
    ("about", re.compile(r"(?:约|大概|左右|几乎|相当于|差不多|≈|~)(?:为|是|有)?\s?\Z")),
    ("over", re.compile(r"(?:超过|超出|超|逾|至少|多于|高于|大于|不止|不少于|达到?|[>＞≥])(?:了)?\s?\Z")),
    ("under", re.compile(r"(?:近|将近|接近|不到|不足|低于|少于|小于|最多|至多|不超过|[<＜≤])\s?\Z")),
)
_AFTER: Final = (
    ("over", re.compile(r"\s?(?:个|条|篇|张|次|亿|倍|万)?\s?(?:多|余|以上|出头)")),
    ("about", re.compile(r"\s?(?:个|条|篇|张|次|参数|词元)?\s?(?:左右|上下)")),
)


def chinese(text: str, start: int = 0, end: int | None = None) -> list[Amount]:
    """The numbers in digits of a Chinese text whose code and formulas are blanked, from left to right, hedges read."""
    end = len(text) if end is None else end
    found = []
    for match in _CHINESE.finditer(text, start, end):
        if _MODEL.search(text, max(start, match.start() - 8), match.start()):
            continue
        digits = match["digits"].replace(",", "")
        scale, unit = Decimal(1), ""
        if match["bytes"]:
            unit, scale = "byte", Decimal(10) ** _BYTES[match["bytes"].lower()]
        elif match["scale"]:
            scale = Decimal(10) ** _SCALES[match["scale"].lower()]
        if match["percent"]:
            unit = "%"
        elif match["times"]:
            unit = "times"
        elif match["hours"]:
            unit, scale = "hour", scale * _HOURS[match["hours"][0]]
        elif match["dollar"]:
            unit = "dollar"
        amount = _amount(match, digits, scale, unit, scaled=bool(match["scale"] or match["bytes"]))  # type: ignore[arg-type]
        found.append(replace(amount, hedge=_hedge(text, match.start(), match.end())))
    wider = {(each.start, each.end): each for each in _inherited(found, text)}
    return [wider.get((each.start, each.end), each) for each in found]


def results(text: str, start: int, end: int) -> list[Amount]:
    """The numbers of a stretch of a masked page that state a result: those with a unit that results have, or with decimals."""
    named = [match.span() for match in _NAMED.finditer(text, start, end)]
    return [
        amount
        for amount in chinese(text, start, end)
        if (
            amount.unit
            or (amount.scaled and re.search("[万亿千]", amount.text))
            or "." in amount.text
            or "," in amount.text
        )
        and not any(a <= amount.start < b for a, b in named)
    ]


def numerals(text: str, start: int = 0, end: int | None = None) -> list[Amount]:
    """The numbers in Chinese characters: 三分之一, 七成, 一半, 十二, 五万."""
    found = []
    for match in _NUMERAL.finditer(text, start, len(text) if end is None else end):
        step, unit = Decimal("0.0001"), ""
        if match["part"]:
            value = Decimal(read_numeral(match["part"])) / (read_numeral(match["whole"]) or 1)
        elif match["tenths"]:
            value, step = Decimal(read_numeral(match["tenths"])) / 10, Decimal("0.1")
        elif match["half"]:
            value = Decimal("0.5")
        else:
            value, step = Decimal(read_numeral(match["numeral"])), Decimal(1)
            value *= Decimal(10) ** _SCALES.get(match["scale"] or "", 0)
            unit = "times" if match["times"] else ""
        found.append(Amount(match.group(), match.start(), match.end(), value, value, step, unit))  # type: ignore[arg-type]
    return found


def read_numeral(numeral: str) -> int:
    """A Chinese numeral below ten thousand, or with one 万 in it."""
    total = section = digit = 0
    for character in numeral:
        if character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif character in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = 2 if character == "两" else "零一二三四五六七八九".index(character)
    return total + section + digit


def _hedge(text: str, start: int, end: int) -> Hedge:
    before = text[max(0, start - 5) : start]
    for name, pattern in _BEFORE:
        if pattern.search(before):
            return name  # type: ignore[return-value]
    for name, pattern in _AFTER:
        if pattern.match(text, end):
            return name  # type: ignore[return-value]
    return ""


# --- comparing --------------------------------------------------------------------------------------------------------


def any_shows(stated: Amount, printed_there: Collection[Amount], *, columns: bool = False, axes: bool = False) -> bool:
    """Whether a number of a page is one of those that a paper prints at one place.

    Units must not differ. A printed numeral may lack one, for the head of a column carries it; but where some numerals of a
    text have the page's unit, the bare ones are something else. Rounding is allowed where the page hedges, and to the digits that
    the page shows of a number that it gives in 万 or 亿. `columns`: the place is a table or figure, whose head may say millions.
    `axes`: it is a figure, whose axis may have the unit that a legend repeats.
    """
    bare = axes or not (stated.unit and any(each.unit == stated.unit for each in printed_there))
    likely = printed_there
    if not (stated.hedge or stated.scaled):  # nothing is rounded: of all there, few can be the number in any unit
        values = (stated.value, stated.number, stated.value / 100)
        likely = [each for each in printed_there if each.value in values]
    return any(
        _close(stated, value, step, exact)
        for found in likely
        for value, step, exact in _readings(stated, found, bare, columns)
    )


def _readings(stated: Amount, found: Amount, bare: bool, columns: bool) -> Iterator[tuple[Decimal, Decimal, bool]]:
    """The values that a printed numeral may have, in the unit of the page's number; whether rounding is out of place."""
    same = stated.unit == found.unit or (not found.unit and (bare or found.step < 1))
    if same or (not stated.unit and not (stated.scaled and found.unit in {"%", "byte"})):
        yield found.value, found.step, False
    if not found.unit and bare and not found.scaled and stated.unit in {"byte", "hour", "dollar"} and stated.number:
        scale = stated.value / stated.number
        yield found.value * scale, found.step * scale, False
    if stated.unit == "%" and found.unit in {"", "times"} and found.value < 1:
        yield found.value * 100, found.step * 100, False
    if columns and stated.scaled and not found.scaled and not found.unit and not found.spread:
        written = stated.value / stated.number if stated.number else Decimal(1)
        scales = [Decimal(10) ** power for power in (3, 6, 9, 12)]
        for scale in [*scales, written] if stated.from_head else scales:
            yield found.value * scale, found.step * scale, True


def _close(stated: Amount, value: Decimal, step: Decimal, exact: bool) -> bool:
    if stated.value == value:
        return True
    if not stated.value or (exact and stated.digits < 3):
        return False
    if exact or not stated.hedge:
        return (
            stated.scaled and stated.digits > 1 and step < stated.step and abs(stated.value - value) <= stated.step / 2
        )
    last = Decimal(1).scaleb(stated.value.normalize().as_tuple().exponent)  # type: ignore[arg-type]
    reach = min(last, stated.value / 10) if stated.value > 1 else last
    if stated.hedge == "over":
        return stated.value < value < stated.value + reach
    if stated.hedge == "under":
        return stated.value - reach < value < stated.value
    return abs(stated.value - value) <= reach / 2
