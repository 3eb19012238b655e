"""Plots: every point comes from a row with its place, and the committed picture is what the rows draw."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, TODAY

from papernotes import cli
from papernotes.data import site as sites
from papernotes.figures import plots
from papernotes.rules import checker

DATA = ROOT / "tests" / "cases" / "plots"
Findings = Callable[[], list[str]]


@pytest.fixture
def plotted(docs: Path) -> Path:
    """The tiny docs folder with the data of one plot, drawn, on a page that uses it."""
    folder = docs / plots.FOLDER
    folder.mkdir(parents=True)
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    plots.write(docs, docs.parent)
    page = docs / "papers/dpo.md"
    block = "看曲线（[@fig:weight]）。\n\n/// figure | 自绘\n    id: weight\n    caption: 权重\n    picture: weight.svg\n    alt: 曲线\n1. 看左边。\n\n结论：下降。\n///\n\n"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("## 相关论文", f"{block}## 相关论文"), encoding="utf-8")
    return folder / "dpo-weight.csv"


def test_a_drawn_plot_is_clean(plotted: Path, findings: Findings) -> None:
    assert findings() == []


CSV = "docs/_data/plots/dpo-weight.csv"
SVG = "docs/papers/dpo/weight.svg"
REDRAW = "run `python -m papernotes plots`"


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        pytest.param("0,0.6931,损失", "0,0.7,损失", [f"{SVG}:1:1: plot: differs from what dpo-weight.csv draws; {REDRAW}"], id="a number changed"),
        pytest.param("0,0.6931,损失,,above,2305.18290,式 7，自算", "0,0.6931,损失,,above,2305.18290,", [f"{CSV}:18:31: plot: no place; say which paper and where in it"], id="no place"),
        pytest.param("0,0.6931,损失,,above,2305.18290", "0,0.6931,损失,,above,", [f"{CSV}:18:20: plot: no arxiv; say which paper and where in it"], id="no paper"),
        pytest.param("0,0.6931,损失", "0,inf,损失", [f"{CSV}:18:3: plot: y 'inf' is not a number; write a number such as 12.5"], id="infinite"),
        pytest.param("0,0.6931,损失", "0,半,损失", [f"{CSV}:18:3: plot: y '半' is not a number; write a number such as 12.5"], id="no number"),
        pytest.param("0,0.6931,损失", "0,-5,损失", [f"{CSV}:18:3: plot: y '-5' is outside the axes; write a number from 0 to 4.1"], id="below the axis"),
        pytest.param("0,0.6931,损失", "0,0.6931,得失", [f"{CSV}:18:10: plot: series '得失' is not known; write 损失, 权重, 零点, 注"], id="a series that is not there"),
        pytest.param("0,0.6931,损失,,above,2305.18290", "0,0.6931,损失,,above,2313.18290", [f"{CSV}:18:20: plot: the id '2313.18290' has month 13; months are 01 to 12; copy the id from the paper's arXiv page"], id="month 13"),
        pytest.param("0,0.6931,损失,,above,", "0,0.6931,,above,", [f"{CSV}:18:1: plot: 6 cells for 7 columns; give every column one cell"], id="a cell short"),
        pytest.param("x,y", "v,y", [f"{CSV}:1:1: plot: other columns; the first line is x,y,series,label,side,arxiv,place"], id="other columns"),
    ],
)  # fmt: skip
def test_bad_data_is_a_finding(plotted: Path, findings: Findings, old: str, new: str, sentences: list[str]) -> None:
    text = plotted.read_text(encoding="utf-8")
    assert text.count(f"\n{old}") + text.startswith(old) == 1
    plotted.write_text(
        text.replace(f"\n{old}", f"\n{new}") if not text.startswith(old) else text.replace(old, new, 1),
        encoding="utf-8",
    )
    assert findings() == sentences


CHART = """\
kind: curves
picture: papers/dpo/gain.svg
title: 标题
desc: 描述
x: {low: 1, high: 100, log: true, ticks: {1: 一, 100: 一百}}
y: {low: 0, high: 3, ticks: [0, 3]}
series:
  线: [mark, full]
x_words: 横
y_words: 纵
line: {value: 2, words: 一半}
"""
YML = "docs/_data/plots/dpo-gain.yml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("", "", "", id="as it is"),
        pytest.param(CHART, "", "1:1: plot: nothing says how the numbers are drawn; begin this file with a line 'kind: bars', or shares, dots, curves; the check tells what else it needs", id="empty"),
        pytest.param("kind: curves", "kind: pie", "1:7: plot: 'pie' is not a kind of plot; use bars, shares, dots, curves", id="another kind"),
        pytest.param("kind: curves", "kind: dots", "5:4: plot: the key 'x' is unknown; use kind, picture, title, desc, axis, series, left, words, line, numbered, step", id="a key of another kind"),
        pytest.param("title: 标题\n", "", "1:1: plot: the key 'title' is missing; add it", id="no title"),
        pytest.param("dpo/gain", "dpo/loss", "2:10: plot: 'papers/dpo/loss.svg' is not the picture of dpo-gain; write papers/…/….svg whose name is that of this file, or rename the file dpo-loss.yml", id="another picture"),
        pytest.param("papers/dpo/gain", "../gain", "2:10: plot: '../gain.svg' is not the picture of dpo-gain; write papers/…/….svg whose name is that of this file, or rename the file gain.yml", id="out of the folder"),
        pytest.param("low: 1,", "low: 0,", "5:4: plot: a logarithmic axis begins at 0; correct 'low'", id="nothing has no logarithm"),
        pytest.param("low: 1,", "low: 100,", "5:4: plot: the axis does not rise; correct 'low'", id="no room"),
        pytest.param("high: 100,", "high: .inf,", "5:19: plot: '.inf' is not a number from -1e+15 to 1e+15; correct it", id="infinite"),
        pytest.param("[0, 3]", "[0, 4]", "6:33: plot: '4' is not a number from 0 to 3; correct it", id="a tick off the axis"),
        pytest.param("[0, 3]", "3", "6:29: plot: is not a list of numbers, nor a mapping of numbers and words; write [0, 50, 100]", id="a tick alone"),
        pytest.param("[mark, full]", "full", "8:3: plot: is not a mapping of names, lines and points; write a line 'name: [mark, full]' for each", id="a fill alone"),
        pytest.param("[mark, full]", "[url(x), full]", "8:7: plot: 'url(x)' is not a class of drawing.css; use full, half, mid, dark or light", id="a class that is not one"),
        pytest.param("value: 2", "value: 4", "11:7: plot: the line is outside the axis; write a value from 0 to 3", id="a line off the axis"),
        pytest.param("x_words: 横", "x_words: [横]", "9:10: plot: is not a line of text; write 1 to 500 characters", id="a list for words"),
        pytest.param("x_words: 横", "left: yes\nx_words: 横", "9:7: plot: 'yes' is not a number from 0 to 240; correct it", id="a flag for a number"),
        pytest.param("line: {value: 2, words: 一半}\n", "line: [a,", "11:1: front-matter: not valid YAML: did not find expected node content; correct it", id="a bracket at the end"),
        pytest.param("desc: 描述", "desc: [", "4:7: front-matter: not valid YAML: did not find expected ',' or ']'; correct it", id="not YAML"),
    ],
)  # fmt: skip
def test_a_file_says_how_numbers_are_drawn(docs: Path, old: str, new: str, says: str) -> None:
    folder = docs / plots.FOLDER
    folder.mkdir(parents=True)
    numbers = "x,y,series,label,side,arxiv,place\n1,0,线,,above,2305.18290,式 7\n100,3,线,终,left,2305.18290,式 7\n"
    (folder / "dpo-gain.csv").write_text(numbers, encoding="utf-8")
    (folder / "dpo-gain.yml").write_text(CHART.replace(old, new, 1) if old else CHART, encoding="utf-8")
    changed, found = plots.write(docs, docs.parent)
    assert [str(each) for each in found] == ([f"{YML}:{says}"] if says else [])
    assert [path.name for path in changed] == ([] if says else ["gain.svg"])


def test_how_without_numbers_is_a_finding(docs: Path, findings: Findings) -> None:
    folder = docs / plots.FOLDER
    folder.mkdir(parents=True)
    (folder / "dpo-gain.yml").write_text(CHART, encoding="utf-8")
    what = "there are no numbers to draw; write them, or delete dpo-gain.yml"
    assert findings() == [f"docs/_data/plots/dpo-gain.csv:1:1: plot: {what}"]


def test_a_picture_retouched_by_hand_is_a_finding(plotted: Path, findings: Findings) -> None:
    picture = plotted.parents[2] / "papers/dpo/weight.svg"
    picture.write_text(picture.read_text("utf-8").replace("0.5", "0.6", 1), encoding="utf-8")
    assert findings() == [f"{SVG}:1:1: plot: differs from what dpo-weight.csv draws; {REDRAW}"]


def test_a_picture_not_drawn_yet_is_a_finding(plotted: Path, findings: Findings) -> None:
    (plotted.parents[2] / "papers/dpo/weight.svg").unlink()
    assert f"{SVG}:1:1: plot: not drawn from dpo-weight.csv yet; {REDRAW}" in findings()


def test_a_figure_says_where_its_numbers_stand(plotted: Path) -> None:
    library = checker.library()
    docs = plotted.parents[2]
    site, _ = sites.load(docs, root=docs.parent, today=TODAY, parse=library.parse)
    html = library.linked(site, terms=False).rendered("papers/dpo.md").html
    assert '<p class="pn-figure__source">本站由数据画出，数据：DPO 式\u00a07，自算</p>' in html
    plotted.unlink()
    site, _ = sites.load(docs, root=docs.parent, today=TODAY, parse=library.parse)
    html = library.linked(site, terms=False).rendered("papers/dpo.md").html
    assert '<p class="pn-figure__source">本站绘制的示意图</p>' in html


def test_the_command_draws_what_changed(plotted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = plotted.parents[2]
    assert cli.main(["plots", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out == ""
    plotted.write_text(plotted.read_text("utf-8").replace("\n0,0.6931,", "\n0,0.7,"), encoding="utf-8")
    assert cli.main(["plots", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out == "drawn: docs/papers/dpo/weight.svg\n"
    plotted.write_text("x\n", encoding="utf-8")
    assert cli.main(["plots", "--docs", str(docs)]) == 1
