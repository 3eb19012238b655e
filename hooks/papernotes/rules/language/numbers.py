"""The number rules: 亿 and 万 against B, M and billion; one model with two sizes; parameters called tokens.

A slip of a factor of ten is the commonest mistake of Chinese texts on models, for 1B is 10 亿 and not 1 亿. The rules are
made to be right rather than complete: two numbers are compared only where the text says that they are the same thing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from papernotes.base.finding import Problem, quote
from papernotes.base.rule import Rule
from papernotes.rules.language.quantities import (
    PARAMETERS,
    TOKENS,
    UNITS,
    Quantity,
    agree,
    in_chinese,
    in_name,
    quantities,
    within,
)
from papernotes.text.masking import FILL, Span, paragraphs, sentences, sentences_with

REACH: Final = 400
"""So many characters before a size may its model have been named."""
MOST: Final = 100
"""More numbers than this in one sentence are a list, and are not compared with one another."""

RULES = (
    Rule(
        "number-unit",
        "亿、万和 B、M 说的是同一个数",
        "1B 是 10 亿，1M 是 100 万。照抄数字、只换单位，就差了十倍百倍。",
        "111B（111 亿）参数",
        "111B（1110 亿）参数",
    ),
    Rule(
        "number-model",
        "一个模型在一页上只有一种大小",
        "同一个模型前后写出差十倍的参数量，至少有一处是错的。",
        "GPT-3 有 1750 亿参数。……GPT-3 的 175 亿参数……",
        "GPT-3 有 1750 亿参数。……GPT-3 的 1750 亿参数……",
    ),
    Rule(
        "number-kind",
        "参数是参数，词元是词元",
        "参数说的是模型的大小，词元说的是数据和上下文的长短。",
        "130 亿词元的 Llama 2",
        "130 亿参数的 Llama 2",
    ),
)


# --- number-unit ------------------------------------------------------------------------------------------------------

_GLOSS: Final = re.compile(
    r"[ ]?(?:个)?(?:参数|词元|tokens?|parameters?)?[ ]?(?:的)?[ ]?(?:[（(][ ]?(?:即|也就是|约|=|＝|合|折合|约合|等于|或)?[ ]?(?:说)?[ ]?|[，,]?[ ]?(?:即|也就是|合|折合|约合|等于|就是|=|＝)[ ]?(?:约)?[ ]?)"
)


def check_units(text: str, counted: Sequence[Quantity]) -> Iterator[Problem]:
    """Chinese and Western numbers of one sentence that stand for one thing and differ. `counted`: all of the text."""
    for _, found in within(sentences(text), counted):
        chinese = [quantity for quantity in found if quantity.chinese]
        western = [quantity for quantity in found if not quantity.chinese]
        if not chinese or not western or len(found) > MOST:
            continue
        told: set[int] = set()
        for one, other in pairwise(found):
            if (
                one.chinese != other.chinese
                and _GLOSS.fullmatch(text, one.end, other.start)
                and not agree(one.value, other.value)
            ):
                native, foreign = (one, other) if one.chinese else (other, one)
                told.add(native.start)
                yield _unit_problem(native, foreign)
        for native in chinese:
            if native.start in told or any(agree(native.value, other.value) for other in western):
                continue
            for foreign in western:
                if (
                    foreign.digits == native.digits
                    and _comparable(native, foreign)
                    and not any(agree(foreign.value, other.value) for other in chinese)
                ):
                    yield _unit_problem(native, foreign)
                    break


def _comparable(one: Quantity, other: Quantity) -> bool:
    kinds = {one.kind, other.kind}
    if "other" in kinds:
        return False
    # Digits that are equal by chance are short: 7B and 7 万 say nothing, 111B and 111 亿 do.
    return len(kinds - {""}) == 1 and (one.kind == other.kind or len(one.digits.replace(".", "")) > 1)


def _unit_problem(native: Quantity, foreign: Quantity) -> Problem:
    what = f"{quote(native.text)} and {quote(foreign.text)} are not the same number"
    fix = f"{foreign.text.strip()} is {in_chinese(foreign.value)}"
    return Problem(native.start, "number-unit", what, fix)


# --- number-model -----------------------------------------------------------------------------------------------------

_NAME: Final = r"[A-Z][A-Za-z]*[A-Za-z0-9]*(?:[- ](?:\d+(?:\.\d+)*[BM]?|[A-Z][A-Za-z]+))*|phi-\d(?:\.\d)?"
_HAS_SIZE: Final = re.compile(
    rf"(?<![A-Za-z0-9-])(?P<name>{_NAME})[ ]?(?:模型)?[ ]?"
    rf"(?:的)?(?:总)?(?:参数量?|参数规模|参数总数|参数数量|规模)?[ ]?(?:约为|仅为|只有|共有|拥有|达到|具有|包含|为|有|是|共|达|约|：|（|\()+[ ]?(?:约|大约|近)?[ ]?"
)
_OF_MODEL: Final = re.compile(rf"[ ]?(?:个)?参数(?:量)?[ ]?的?[ ]?(?:模型)?[ ]?(?P<name>{_NAME})")


_LEVEL: Final = re.compile(r"[ ]?(?:个)?参数(?:级|量级|规模|以[上下内])")


@dataclass(frozen=True)
class Size:
    """A size that a text gives a model, in parameters."""

    name: str
    quantity: Quantity


def sizes(text: str, counted: Sequence[Quantity]) -> Iterator[Size]:
    """Where a text says outright how many parameters a model has."""
    for quantity in counted:
        if (
            quantity.kind != "parameter"
            or (not quantity.chinese and in_name(text, quantity.start))
            or not quantity.value
        ):
            continue
        behind = _OF_MODEL.match(text, quantity.end)
        if behind:
            yield Size(behind["name"], quantity)
            continue
        line = text.rfind("\n", 0, quantity.start) + 1
        for match in _HAS_SIZE.finditer(text, max(line, quantity.start - 40), quantity.start):
            if match.end() == quantity.start:
                yield Size(match["name"], quantity)


def check_models(text: str, counted: Sequence[Quantity], known: Mapping[str, tuple[float, ...]]) -> Iterator[Problem]:
    """One model with two sizes that differ by ten or a hundred; a size that is a known one but for a factor of ten.

    `known`: the sizes of models, in parameters, by name.
    """
    seen: dict[str, dict[float, Quantity]] = {}
    told: set[int] = set()
    for size in sizes(text, counted):
        for earlier in seen.setdefault(size.name, {}).values():
            ratio = size.quantity.value / earlier.value
            if any(agree(ratio, factor, 0.001) for factor in (0.01, 0.1, 10, 100)):
                if all(
                    any(agree(value, real, 0.02) for real in known.get(size.name, ()))
                    for value in (size.quantity.value, earlier.value)
                ):
                    continue
                told.add(size.quantity.start)
                what = f"{size.name} has {quote(size.quantity.text)} parameters here and {quote(earlier.text)} above"
                yield Problem(size.quantity.start, "number-model", what, "correct the one that is wrong")
                break
        if len(seen[size.name]) < MOST:
            seen[size.name].setdefault(size.quantity.value, size.quantity)
        inner = re.search(r"[- ](\d+(?:\.\d+)?)(B|M)\Z", size.name)
        if inner and size.quantity.start not in told:
            own = float(inner[1]) * UNITS[inner[2]]
            if not agree(own, size.quantity.value, 0.25):
                told.add(size.quantity.start)
                what = f"{size.name} cannot have {quote(size.quantity.text)} parameters"
                yield Problem(size.quantity.start, "number-model", what, f"{inner[1]}{inner[2]} is {in_chinese(own)}")
    if not known:
        return
    mention = _mention(tuple(known))
    for span, found in within(paragraphs(text), counted):
        mentions = list(mention.finditer(text, span.start, span.end)) if found else []
        ends = [match.end() for match in mentions]
        for quantity in found if mentions else ():
            if quantity.kind != "parameter" or quantity.start in told or in_name(text, quantity.start):
                continue
            if _LEVEL.match(text, quantity.end):
                continue
            last = bisect_right(ends, quantity.start) - 1
            behind = _OF_MODEL.match(text, quantity.end)
            name = (
                behind["name"] if behind and behind["name"] in known else mentions[last].group() if last >= 0 else None
            )
            if name is None:
                continue
            real = known[name]
            if any(agree(quantity.value, value) for value in real):
                continue
            for value in real:
                if any(agree(quantity.value * factor, value, 0.001) for factor in (10, 0.1)):
                    what = f"{quote(quantity.text)} is not a size of {name}"
                    yield Problem(
                        quantity.start, "number-model", what, f"{in_chinese(value)} is: mind the factor of ten"
                    )
                    break


@lru_cache(maxsize=4)
def _mention(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z])")


# --- number-kind ------------------------------------------------------------------------------------------------------

_TOKEN: Final = r"(?:词元|[Tt]okens?)"
_SIZED: Final = re.compile(
    rf"[ ]?(?:个)?{_TOKEN}(?:量)?[ ]?的[ ]?(?P<model>[A-Z][A-Za-z0-9.-]*(?:[ ][0-9A-Z][A-Za-z0-9.-]*)*|(?:大|小|语言|基座|稠密|开源|聊天|混合专家)*模型)"
)
_DATA_BEFORE: Final = re.compile(r"(?:训练|读|看|学|喂|语料|数据|见|处理|上下文|窗口|生成|采样|用)[^，。；]{0,12}\Z")
_HOLDS: Final = re.compile(
    r"(?:只有|仅有|拥有|具有|有|共|共有|达|达到|大小为|规模为|规模是|大小是|参数量为)[ ]?(?:约)?[ ]?\Z"
)
_DATA_HOLDS: Final = re.compile(
    r"(?:语料|训练集|数据集|训练数据|预训练数据|上下文(?:长度|窗口)?|窗口(?:大小|长度)?|序列(?:长度)?|词表)(?:库|中|里|内)?"
    r"(?:一共|总共|共|有|为|是|达|长|约|含|包含|共有|超过|大小|长度|最长|可达|限制在|扩大到|扩展到|的|[ ])*\Z"
)
_TRAINED_ON: Final = re.compile(
    r"[ ]?(?:个)?参数(?:的(?:语料|数据|文本))?(?:上|来)?(?:做|进行)?(?:了)?(?:预?训练|微调|训完)(?!模型)"
)
_ON: Final = re.compile(r"(?:在|用)[ ]?(?:约|大约)?[ ]?\Z")
_PARAMETER_NEXT: Final = re.compile(r"[ ]?(?:个)?参数(?!量|化|的模型|模型|高效|服务器)")
_PLAIN_COUNT: Final = re.compile(r"(?<![\d.,A-Za-z-])\d{1,3}(?:,?\d{3})+(?![\d.])")


def check_kinds(text: str, counted: Sequence[Quantity], known: Mapping[str, tuple[float, ...]]) -> Iterator[Problem]:
    """Sizes of models given in tokens; amounts of text given in parameters."""
    for span, found in within(paragraphs(text), counted):
        for quantity in found:
            before = text[max(span.start, quantity.start - 24) : quantity.start].rpartition("\n")[2]
            if quantity.kind == "token" and _is_size(text, span, quantity, before, known):
                what = f"{quote(_shown(text, quantity))} gives the size of a model in tokens"
                yield Problem(quantity.start, "number-kind", what, "the size of a model is counted in 参数")
            elif quantity.kind == "parameter" and quantity.chinese and _is_text(text, quantity.end, before):
                what = f"{quote(_shown(text, quantity))} gives an amount of text in parameters"
                yield Problem(quantity.start, "number-kind", what, "text is counted in 词元")
        for match in _PLAIN_COUNT.finditer(text, span.start, span.end):
            before = text[max(span.start, match.start() - 24) : match.start()].rpartition("\n")[2]
            if _DATA_HOLDS.search(before) and _PARAMETER_NEXT.match(text, match.end()):
                what = f"{quote(match.group() + ' 参数')} gives an amount of text in parameters"
                yield Problem(match.start(), "number-kind", what, "text is counted in 词元")


def _shown(text: str, quantity: Quantity) -> str:
    end = PARAMETERS.match(text, quantity.end) or TOKENS.match(text, quantity.end)
    return text[quantity.start : end.end() if end else quantity.end]


def _is_text(text: str, end: int, before: str) -> bool:
    if not _PARAMETER_NEXT.match(text, end):
        return False
    return bool(_DATA_HOLDS.search(before) or (_ON.search(before) and _TRAINED_ON.match(text, end)))


def _is_size(text: str, span: Span, quantity: Quantity, before: str, known: Mapping[str, tuple[float, ...]]) -> bool:
    """Whether a number of tokens is said to be how large a model is."""
    if _DATA_BEFORE.search(before):
        return False
    sized = _SIZED.match(text, quantity.end)
    if sized:
        named = next((known[name] for name in known if sized["model"].startswith(name)), None)
        return named is None or any(agree(quantity.value, value) for value in named)
    if not _HOLDS.search(before):
        return False
    above = text[max(span.start, quantity.start - REACH) : quantity.start]
    own = [
        float(match[1]) * UNITS[match[2]]
        for match in re.finditer(r"(?<=[A-Za-z0-9][- ])(\d+(?:\.\d+)?)(B|M)(?![A-Za-z0-9])", above)
    ]
    own += [value for name, values in known.items() if name in above for value in values]
    return any(agree(quantity.value, value, 0.001) for value in own)


def check(text: str, known: Mapping[str, tuple[float, ...]] | None = None) -> Iterator[Problem]:
    """Every number rule over a masked text. `known`: the sizes of models, in parameters, by name.

    A sentence on the source article (文章) may quote its wrong numbers and is passed over.
    """
    sizes_known = known or {}
    pieces, at = [], 0
    for span in sentences_with(text, "文章"):
        pieces += [text[at : span.start], FILL * (span.end - span.start)]
        at = span.end
    text = "".join([*pieces, text[at:]])
    told: set[int] = set()
    counted = quantities(text)
    for rule in (
        check_units(text, counted),
        check_models(text, counted, sizes_known),
        check_kinds(text, counted, sizes_known),
    ):
        for problem in rule:
            if problem.offset not in told:
                told.add(problem.offset)
                yield problem
