"""Plots that are drawn each in its own way; those of one of the common kinds are drawn by `charts`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from papernotes.figures.canvas import Canvas, linear
from papernotes.figures.plot import Plot, Row, number_of


def draw_dpo_weight(rows: Sequence[Row]) -> str:
    """Loss and gradient weight of one preference pair against the difference of implicit rewards."""
    canvas = Canvas(
        420,
        350,
        title="DPO 的损失与梯度权重",
        desc="上图：损失随隐式奖励之差 u 下降，左侧近似直线，右侧趋于零。下图：梯度权重从 1 滑到 0，在 u = 0 处为 0.5。",
    )
    x = linear(-6, 6, 44, 404)
    panels = (
        ("loss", "损失 −log σ(u)", linear(0, 6, 168, 40), (0, 2, 4, 6)),
        ("weight", "梯度权重 σ(−u)", linear(0, 1, 306, 214), (0, 0.5, 1)),
    )
    for column, title, y, ticks in panels:
        top, bottom = y(ticks[-1]), y(0)
        canvas.rect(x(0), top, x(6) - x(0), bottom - top, "tint")
        for tick in ticks:
            canvas.line(x(-6), y(tick), x(6), y(tick))
            canvas.text(x(-6) - 8, y(tick) + 4.5, f"{tick:g}", style="small soft", anchor="end")
        canvas.line(x(0), top, x(0), bottom, "gray dash")
        canvas.path([(x(number_of(row, "u")), y(number_of(row, column))) for row in rows], "mark")
        canvas.text(x(-6), top - 12, title, style="strong")
    for tick in (-6, -3, 0, 3, 6):
        canvas.text(x(tick), 324, f"{tick:g}".replace("-", "−"), style="small soft", anchor="middle")
    canvas.text(x(0), 345, "隐式奖励之差 u", anchor="middle")
    canvas.text(x(-6), 345, "← 排反了", style="small soft")
    canvas.text(x(6), 345, "排对了 →", style="small soft", anchor="end")
    canvas.dot(x(0), panels[1][2](0.5), "full")
    return canvas.svg()


def draw_nf4(rows: Sequence[Row]) -> str:
    """The sixteen values of NF4 below the density of the weights, and sixteen even ones for comparison."""
    canvas = Canvas(
        420,
        250,
        title="NF4 的刻度与均匀刻度",
        desc="上面是正态分布的钟形曲线；中间一排是 NF4 的 16 个刻度，零附近密，两端稀；下面一排是等距的 16 个刻度。",
    )
    x = linear(-1, 1, 24, 396)
    bell = linear(0, 1, 108, 24)
    curve = [value / 50 for value in range(-50, 51)]
    # the outermost values are the 0.9677 quantile of a standard normal distribution, 1.848 standard deviations out
    canvas.path([(x(value), bell(math.exp(-((1.848 * value) ** 2) / 2))) for value in curve], "gray")
    canvas.line(x(-1), bell(0), x(1), bell(0))
    canvas.text(x(-1), 32, "权重的分布", style="small soft")
    for row in rows:
        value = number_of(row, "value")
        canvas.line(x(value), 128, x(value), 156, "mark" if value else "line")
        canvas.line(x(number_of(row, "even")), 200, x(number_of(row, "even")), 222, "gray")
    canvas.line(x(-1), 156, x(1), 156, "line")
    canvas.line(x(-1), 222, x(1), 222, "line")
    for value, words in ((-1.0, "−1"), (0.0, "0"), (1.0, "1")):
        canvas.text(x(value), 173, words, style="small", anchor="middle")
    canvas.text(x(-0.5), 176, "NF4", style="strong red", anchor="middle")
    canvas.text(x(-0.5), 242, "等距", style="strong soft", anchor="middle")
    return canvas.svg()


def draw_author_test(rows: Sequence[Row]) -> str:
    """Training time and memory of LoRA and QLoRA on one model, as bars."""
    canvas = Canvas(
        420,
        214,
        title="LoRA 与 QLoRA 的时间和显存",
        desc="两组横条。训练时间：LoRA 1.85 小时，QLoRA 2.79 小时。显存：LoRA 21.33 GB，QLoRA 14.18 GB。",
    )
    groups = (("hours", "训练时间（小时）", 3.0, 30), ("memory", "显存（GB）", 24.0, 130))
    for column, title, most, top in groups:
        x = linear(0, most, 74, 372)
        canvas.text(74, top - 8, title, style="small soft")
        for place, row in enumerate(rows):
            y = top + place * 34
            style = "full" if row["method"] == "QLoRA" else "mid"
            canvas.rect(74, y, x(number_of(row, column)) - 74, 24, style)
            canvas.text(64, y + 17, str(row["method"]), anchor="end")
            canvas.text(x(number_of(row, column)) + 8, y + 17, f"{number_of(row, column):g}", style="strong")
        canvas.line(74, top - 2, 74, top + 60, "line")
    return canvas.svg()


MIXTRAL_STYLES = {"expert": "half", "chosen": "full", "shared": "mid"}


def draw_mixtral(rows: Sequence[Row]) -> str:
    """Total and active parameters of Mixtral as two stacked bars on one scale."""
    canvas = Canvas(
        420,
        198,
        title="Mixtral 8x7B 的总参数与激活参数",
        desc="两根同一比例的横条。总参数约 467 亿，其中专家占 451 亿；处理一个词元时激活约 129 亿，其中两个专家占 113 亿。",
    )
    x = linear(0, 46.8, 12, 408)
    for top, bar, words in ((44, "total", "存放的参数"), (134, "active", "处理一个词元用到的参数")):
        parts = [row for row in rows if row["bar"] == bar]
        sum_ = sum(number_of(row, "billions") for row in parts)
        canvas.text(12, top - 12, words)
        canvas.text(408, top - 12, f"约 {sum_ * 10:.0f} 亿", style="strong", anchor="end")
        left = 0.0
        for row in parts:
            width = number_of(row, "billions")
            style = MIXTRAL_STYLES[str(row["part"])]
            canvas.rect(x(left) + 0.75, top, x(left + width) - x(left) - 1.5, 34, style)
            left += width
    canvas.text(12, 97, "一格是一个专家（32 层合计约 56 亿），共 8 个", style="small soft")
    canvas.text(12, 187, "两个专家，约 113 亿", style="small red")
    canvas.text(x(12.9) + 10, 150, "灰色：注意力、嵌入等，约 16 亿，", style="small soft")
    canvas.text(x(12.9) + 10, 167, "只有一份，两根横条里一样长", style="small soft")
    return canvas.svg()


def draw_ppo_clip(rows: Sequence[Row]) -> str:
    """The clipped objective of one action against the probability ratio, for either sign of the advantage."""
    canvas = Canvas(
        420,
        230,
        title="PPO 的裁剪目标",
        desc="左图优势为正：目标随概率比上升，过 1.2 后变平。右图优势为负：概率比小于 0.8 时是平的，之后一路下降。",
    )
    panels = (
        ("positive", "优势为正", 12, linear(0, 2, 176, 40)),
        ("negative", "优势为负", 222, linear(-2, 0, 176, 40)),
    )
    for column, title, left, y in panels:
        x = linear(0, 2, left, left + 186)
        zero = y(0)
        flat = (1.2, 2.0) if column == "positive" else (0.0, 0.8)
        canvas.rect(x(flat[0]), 40, x(flat[1]) - x(flat[0]), 136, "tint")
        canvas.line(x(0), zero, x(2), zero, "gray")
        canvas.line(x(1), 40, x(1), 176, "gray dash")
        canvas.path([(x(number_of(row, "ratio")), y(number_of(row, column))) for row in rows], "mark")
        canvas.text(left, 24, title, style="strong")
        for tick, words in ((0.8, "1−ε"), (1.2, "1+ε")):
            canvas.line(x(tick), 176, x(tick), 181, "gray")
            canvas.text(x(tick), 196, words, style="small soft", anchor="end" if tick < 1 else "start")
        canvas.text(left + 93, 220, "概率比 r", style="small", anchor="middle")
    return canvas.svg()


PLOTS = (
    Plot("papers/ppo/clip.svg", {"ratio": (0, 2), "positive": (0, 2), "negative": (-2, 0)}, {}, draw_ppo_clip),
    Plot("papers/dpo/weight.svg", {"u": (-6, 6), "loss": (0, 6.1), "weight": (0, 1)}, {}, draw_dpo_weight),
    Plot("papers/qlora/nf4.svg", {"value": (-1, 1), "even": (-1, 1)}, {}, draw_nf4),
    Plot(
        "papers/qlora/author-test.svg",
        {"hours": (0, 3), "memory": (0, 24)},
        {"method": ("LoRA", "QLoRA")},
        draw_author_test,
    ),
    Plot(
        "papers/mixtral/parameters.svg",
        {"billions": (0, 46.8)},
        {"bar": ("total", "active"), "part": MIXTRAL_STYLES},
        draw_mixtral,
    ),
)
