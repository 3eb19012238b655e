"""The common kinds of plots: what is written on them, and that it keeps clear of the frame and of itself."""

from __future__ import annotations

import re

import pytest

from papernotes.figures import charts, svg
from papernotes.figures.charts import Axis, Bars, Curves, Dots, Line, Shares, number, ticks, width_of
from papernotes.figures.plot import Row

TEXT = re.compile(r'<text(?: class="([^"]*)")? x="(-?[0-9.]+)" y="(-?[0-9.]+)"(?: text-anchor="(\w+)")?>([^<]*)</text>')


def texts(picture: str) -> list[tuple[str, float, float, str]]:
    """Each line of text with its left and right end, by the widths that the layout reckons with, and its classes."""
    found = []
    for classes, x, _, anchor, words in TEXT.findall(picture):
        wide = width_of(words)
        left = float(x) - {"middle": wide / 2, "end": wide}.get(anchor, 0)
        found.append((words, left, left + wide, classes))
    return found


def row(value: float, **others: str | float) -> Row:
    return {"value": float(value), "arxiv": "1706.03762", "place": "表 3", **others}


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "words"),
    [
        pytest.param(73.4, None, "", "73.4", id="as many digits as it has"),
        pytest.param(19.0, 1, "%", "19.0%", id="as many as asked for"),
        pytest.param(-0.3, None, "", "−0.3", id="a minus as wide as a plus"),
        pytest.param(0.0, None, "", "0", id="nothing"),
    ],
)
def test_a_number_is_written_as_in_the_text(value: float, decimals: int | None, unit: str, words: str) -> None:
    assert number(value, decimals, unit) == words


def test_a_chinese_letter_is_as_wide_as_its_size_and_a_latin_one_narrower() -> None:
    assert width_of("注") == charts.SMALL > width_of("B")


BARS = Bars("a/b.svg", "标题", "描述", Axis(-22, 47, {}), left=84, signed=True)


def test_bars_stand_on_either_side_of_zero_with_their_signs() -> None:
    picture = BARS([row(46.9, group="", label="多", tone="main"), row(-21.4, group="", label="少", tone="other")])
    bars = [tuple(map(float, each)) for each in re.findall(r'<rect [^>]*x="([0-9.]+)" [^>]*width="([0-9.]+)"', picture)]
    zero = float(re.findall(r'<line class="pn-svg__line" x1="([0-9.]+)"', picture)[-1])
    assert bars[0][0] == pytest.approx(zero) and bars[1][0] + bars[1][1] == pytest.approx(zero)
    assert [words for words, *_ in texts(picture)] == ["多", "+46.9", "少", "−21.4"]
    assert all(left >= 0 and right <= charts.WIDTH for _, left, right, _ in texts(picture))
    assert list(svg.check(picture.encode())) == []  # two bars are high enough


def test_bars_are_strong_only_where_few_are() -> None:
    def strong(tones: str) -> int:
        rows = [row(place, group="", label=str(place), tone=tone) for place, tone in enumerate(tones.split(), 1)]
        return sum("strong" in classes for *_, classes in texts(BARS(rows)))

    assert strong("main other") == 2 and strong("main main other") == 0


def test_bars_say_their_error_and_draw_it_to_scale() -> None:
    chart = Bars("a/b.svg", "标题", "描述", Axis(0, 95, {}), left=80, unit="%", line=Line(50, "一半"))
    picture = chart([row(85, error=3.0, group="对谁", label="甲", tone="main")])
    assert [words for words, *_ in texts(picture)] == ["一半", "对谁", "甲", "85 ± 3%"]
    lines = re.findall(r'<line class="pn-svg__line" x1="([0-9.]+)" y1="[0-9.]+" x2="([0-9.]+)"', picture)
    [(left, right)] = [(float(start), float(end)) for start, end in lines if start != end]
    bar = float(re.findall(r'<rect [^>]*width="([0-9.]+)"', picture)[0])
    assert right - left == pytest.approx(bar * 6 / 85, abs=0.2)


def test_groups_of_another_unit_have_scales_of_their_own() -> None:
    chart = Bars("a/b.svg", "标题", "描述", Axis(0, 30, {}), left=120, apart=True)
    hours = [row(value, group="小时", label="甲", tone="main") for value in (1, 2)]
    memory = [row(value, group="GB", label="甲", tone="main") for value in (30, 15)]
    first, second, third, fourth = map(float, re.findall(r'<rect [^>]*width="([0-9.]+)"', chart([*hours, *memory])))
    assert (first, second) == pytest.approx((fourth, third), abs=0.1)


def test_shares_fill_the_bar_and_leave_out_a_number_that_has_no_room() -> None:
    chart = Shares("a/b.svg", "标题", "描述", {"胜": "full", "负": "mid"})
    picture = chart([row(98.5, label="对甲", part="胜"), row(1.5, label="对甲", part="负")])
    wide = [float(width) for width in re.findall(r'<rect [^>]*width="([0-9.]+)" height="20"', picture)]
    assert sum(wide) == pytest.approx(charts.WIDTH - 2 * charts.EDGE - 2, abs=0.2)
    assert [words for words, *_ in texts(picture)] == ["胜", "负", "对甲", "98.5"]


def test_words_on_a_dark_fill_are_light() -> None:
    chart = Shares("a/b.svg", "标题", "描述", {"甲": "full", "乙": "half"})
    picture = chart([row(50, label="对", part="甲"), row(50, label="对", part="乙")])
    assert [("reverse" in classes) for words, *_, classes in texts(picture) if words == "50"] == [True, False]


def test_dots_that_fall_together_are_moved_apart() -> None:
    chart = Dots(
        "a/b.svg", "标题", "描述", Axis(0, 100, ticks(0, 100)), {"甲": "full", "乙": "dark", "丙": "mid"}, left=60
    )
    picture = chart([row(50, label="一", series=each) for each in ("甲", "乙", "丙")])
    rows = re.findall(r'<circle class="pn-svg__\w+" cx="([0-9.]+)" cy="([0-9.]+)" r="5"', picture)[3:]
    assert len({x for x, _ in rows}) == 1 and len({y for _, y in rows}) == 3


def test_a_legend_takes_as_many_lines_as_it_needs() -> None:
    short, long = dict.fromkeys("甲乙丙", "full"), {f"一个很长的名字之{each}": "full" for each in "甲乙丙丁"}
    assert charts.legend_height(short) == 30 and charts.legend_height(long) == 50


def test_a_curve_names_a_point_beside_it_and_keeps_to_its_axes() -> None:
    chart = Curves("a/b.svg", "标题", "描述", Axis(1, 100, ticks(1, 10, 100), log=True), Axis(0, 3, ticks(0, 3)), {"线": ("mark", "full")}, "横", "纵")  # fmt: skip
    rows: list[Row] = [
        {"x": 1.0, "y": 0.0, "series": "线", "label": "", "side": "above"},
        {"x": 100.0, "y": 3.0, "series": "线", "label": "终", "side": "left"},
    ]
    picture = chart(rows)
    [points] = re.findall(r'points="([^"]+)"', picture)
    assert list(svg.check(picture.encode())) == []
    (x0, y0), (x1, y1) = ([float(each) for each in point.split(",")] for point in points.split())
    assert 0 < x0 < x1 < charts.WIDTH and 0 < y1 < y0 < chart.height
    [(left, right)] = [(left, right) for words, left, right, _ in texts(picture) if words == "终"]
    assert left > x0 and right < x1
