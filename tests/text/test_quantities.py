"""Numbers with units: as papers print them, as our pages write them, and when the two are one."""

from __future__ import annotations

import pytest

from papernotes.text import quantities


def shown(text: str) -> list[str]:
    return [f"{float(each.value):.12g} {each.unit}".strip() for each in quantities.printed(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("86.4", ["86.4"], id="bare"),
        pytest.param(".5", ["0.5"], id="no digit before the point"),
        pytest.param("12,288", ["12288"], id="separator"),
        pytest.param("175,255.8M", ["175255800000"], id="separator, point and scale"),
        pytest.param("1.4 trillion", ["1.4e+12"], id="word of scale"),
        pytest.param("1.3M GPU hours", ["1300000 hour"], id="scale and hours"),
        pytest.param("2.5 days", ["60 hour"], id="days are hours"),
        pytest.param("350GB", ["350000000000 byte"], id="bytes"),
        pytest.param("4 GiB", ["4000000000 byte"], id="binary bytes"),
        pytest.param("$1.2 million", ["1200000 dollar"], id="dollars"),
        pytest.param("4×", ["4 times"], id="times"),
        pytest.param("factor of 2", ["2 times"], id="factor"),
        pytest.param("three-fold", ["3 times"], id="fold"),
        pytest.param("6.0 × 10^-4", ["0.0006"], id="power of ten"),
        pytest.param("5E-04", ["0.0005"], id="exponent"),
        pytest.param("2^17", ["131072"], id="power"),
        pytest.param("128x128", ["128", "128"], id="a size is two numbers"),
        pytest.param("1024×1024", ["1024", "1024"], id="a size beginning with 10 is not a power of ten"),
        pytest.param("200-400 billion", ["200", "400000000000", "200000000000"], id="range with one scale"),
        pytest.param("85 ± 3%", ["85", "3 %", "85 %"], id="the unit behind ±"),
        pytest.param("two-thirds", ["0.666666666667"], id="fraction in words"),
        pytest.param("a quarter", ["0.25"], id="one part"),
        pytest.param("one million", ["1000000"], id="number in words"),
        pytest.param("twice", ["2 times"], id="multiple in words"),
        pytest.param("GPT-3", [], id="name"),
        pytest.param("ResNet-50", [], id="name with two digits"),
        pytest.param("top-5", [], id="name in lower case"),
        pytest.param("LLaMA-13B", ["13000000000"], id="the size in a name"),
        pytest.param("v1.3", [], id="version"),
        pytest.param("10^999999", [], id="a power that nobody prints"),
    ],
)  # fmt: skip
def test_printed(text: str, values: list[str]) -> None:
    assert quantities.is_printed(text) is bool(values)
    assert shown(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("共 1.2 万条", ["12000"], id="万"),
        pytest.param("1.1 万亿词元", ["1100000000000"], id="万亿"),
        pytest.param("约 3.5 倍", ["3.5 times about"], id="倍, hedged before"),
        pytest.param("50 亿多", ["5000000000 over"], id="hedged behind"),
        pytest.param("不到 30%", ["30 % under"], id="less than"),
        pytest.param("差 0.5 个百分点", ["0.5 %"], id="points"),
        pytest.param("12%–15%", ["12 %", "15 %"], id="range"),
        pytest.param("10 到 20%", ["10 %", "20 %"], id="range with one unit"),
        pytest.param("21 天", ["504 hour"], id="days"),
        pytest.param("130 万 GPU 小时", ["1300000 hour"], id="万 hours"),
        pytest.param("A100-80GB 的卡", [], id="name of a card"),
        pytest.param("GPT-3.5 与 Llama2", [], id="names of models"),
        pytest.param("48 GB", ["48000000000 byte"], id="bytes"),
        pytest.param("§4.2", [], id="place"),
    ],
)
def test_chinese(text: str, values: list[str]) -> None:
    found = quantities.chinese(text)
    assert [" ".join(filter(None, [f"{each.value.normalize():f}", each.unit, each.hedge])) for each in found] == values


@pytest.mark.parametrize(
    ("stated", "printed", "columns", "same"),
    [
        pytest.param("30 万", "0.3M", False, True, id="万 and M"),
        pytest.param("30 万", "300,000", False, True, id="万 and separators"),
        pytest.param("1750 亿", "175 billion", False, True, id="亿 and billion"),
        pytest.param("175 亿", "175 billion", False, False, id="ten times off"),
        pytest.param("470 万", "4.7", True, True, id="a column in millions"),
        pytest.param("470 万", "4.7", False, False, id="no column"),
        pytest.param("57%", "75%", False, False, id="digits changed about"),
        pytest.param("89.5%", "89.5", False, True, id="the unit stands in the sentence"),
        pytest.param("50%", "half", False, True, id="half"),
        pytest.param("87%", "0.87", False, True, id="share"),
        pytest.param("43%", "43B", False, False, id="another unit"),
        pytest.param("3 倍", "3 times", False, True, id="times"),
        pytest.param("48 GB", "48", False, True, id="bytes whose unit stands elsewhere"),
        pytest.param("1.1 万亿", "1111.112B", False, True, id="rounded to the digits shown"),
        pytest.param("1.2 万亿", "1111.112B", False, False, id="not what it rounds to"),
        pytest.param("35.8", "35.76", False, False, id="a score is not rounded in silence"),
        pytest.param("约 35.8", "35.76", False, True, id="a score rounded with a hedge"),
        pytest.param("超过 90%", "94%", False, True, id="more than"),
        pytest.param("超过 90%", "89%", False, False, id="not more than"),
        pytest.param("近 100 倍", "98×", False, True, id="nearly"),
    ],
)
def test_any_shows(stated: str, printed: str, columns: bool, same: bool) -> None:
    (amount,) = quantities.chinese(stated)
    assert quantities.any_shows(amount, quantities.printed(printed), columns=columns) is same


def test_a_bare_integer_of_a_text_that_names_its_units_is_something_else() -> None:
    (amount,) = quantities.chinese("43%")
    assert not quantities.any_shows(amount, quantities.printed("57% of 43"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("三分之二", [0.6667], id="fraction"),
        pytest.param("七成", [0.7], id="tenths"),
        pytest.param("一半", [0.5], id="half"),
        pytest.param("二十四层", [24.0], id="number"),
        pytest.param("两万", [20000.0], id="with 万"),
    ],
)
def test_numerals(text: str, values: list[float]) -> None:
    assert [round(float(each.value), 4) for each in quantities.numerals(text)] == values
