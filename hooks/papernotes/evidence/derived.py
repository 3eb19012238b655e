"""A number marked 自算, worked out again from numbers beside it: ratio, difference, sum, product, share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations, permutations
from typing import Final

from papernotes.evidence import results
from papernotes.text.masking import sentences
from papernotes.text.quantities import Amount, Unit

FEW: Final = 12
"""Of no more parts than this, three are tried together."""
EXACT: Final = 3
"""A number of so many digits is no product of what the paper prints by chance."""
MOST: Final = 80
"""Of more parts than this, those farthest from the number are left out."""


def recompute(amount: Amount, text: str, passage: tuple[int, int, int], printed: Iterable[Amount] = ()) -> bool:
    """Whether the number follows from others: of its sentence, its passage or its block, or one of these and one of `printed`.

    `passage`: where the block begins, and where the passage does and ends. `printed`: what the paper prints at the places that
    the mark names.
    """
    block, start, end = passage
    sentence = next(
        (
            (span.start + start, span.end + start)
            for span in sentences(text[start:end])
            if span.start + start <= amount.start < span.end + start
        ),
        (start, end),
    )
    reach = amount.step if amount.hedge else amount.step / 2
    least, most = amount.value - reach, amount.value + reach
    theirs = list({each.value: each for each in printed if each.value}.values())
    for bounds in dict.fromkeys([sentence, (start, end), (block, end)]):
        ours = [each for each in results.operands(text, *bounds) if each.start != amount.start]
        ours = sorted(ours, key=lambda each: abs(each.start - amount.start))[:MOST]
        values = list(dict.fromkeys(each.value for each in ours))
        alike = [each.value for each in ours if (each.unit, each.scaled) == (amount.unit, amount.scaled)]
        made = [_values(values, amount.unit), _of_all([each.value for each in ours]), _of_all(alike)]
        made.append(value for a in values for b in theirs for value in _pair(a, b.value, amount.unit))
        if amount.digits >= EXACT:
            made.append(_products(values, [each.value for each in theirs]))
        if any(least <= abs(value) <= most for each in made for value in each):
            return True
    return False


def _values(numbers: list[Decimal], unit: Unit) -> Iterator[Decimal]:
    for one in numbers:
        if unit == "%":
            yield from (100 - one, one * 100, 100 - one * 100)
    for one, other in combinations(numbers, 2):
        yield from _pair(one, other, unit)
    if len(numbers) <= FEW:
        for one, other, third in combinations(numbers, 3):
            yield one + other + third
            if unit != "%":
                yield one * other * third
        for one, other, third in permutations(numbers, 3):
            if not unit:
                yield one * other + third
                yield one * (other + third)
                yield one * other / third


def _of_all(numbers: list[Decimal]) -> Iterator[Decimal]:
    """Their sum and their mean."""
    if len(numbers) > 2:
        yield sum(numbers, Decimal())
        yield sum(numbers, Decimal()) / len(numbers)


def _products(ours: list[Decimal], theirs: list[Decimal]) -> Iterator[Decimal]:
    """Of two numbers that the paper prints; of one, and two of ours."""
    yield from (one * other for one, other in combinations(theirs, 2))
    if len(ours) <= FEW:
        yield from (one * other * third for one, other in combinations(ours, 2) for third in theirs)


def _pair(a: Decimal, b: Decimal, unit: Unit) -> Iterator[Decimal]:
    """What two numbers make that a number of this unit may be."""
    if unit != "times":
        yield from (a + b, a - b)
    if unit in {"%", ""}:
        yield a * b / 100
    if unit == "%":
        for one, other in ((a, b), (b, a)):
            yield from (one / other * 100, (one - other) / other * 100, one / (one + other) * 100)
    else:
        yield from (a / b, b / a)
        if unit != "times":
            yield a * b
        if unit == "hour":
            yield a * b / 3600  # so many pieces of so many seconds
