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
    shutil.copy(DATA / "dpo-weight.csv", folder)
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
        pytest.param("0,0.6931,0.5", "0,0.6931,0.6", [f"{SVG}:1:1: plot: differs from what dpo-weight.csv draws; {REDRAW}"], id="a number changed"),
        pytest.param("0,0.6931,0.5000,2305.18290,式 7，自算", "0,0.6931,0.5000,2305.18290,", [f"{CSV}:26:28: plot: no place; say which paper and where in it"], id="no place"),
        pytest.param("0,0.6931,0.5000,2305.18290", "0,0.6931,0.5000,", [f"{CSV}:26:17: plot: no arxiv; say which paper and where in it"], id="no paper"),
        pytest.param("0,0.6931,0.5", "0,inf,0.5", [f"{CSV}:26:3: plot: loss 'inf' is not a number; write a number such as 12.5"], id="infinite"),
        pytest.param("0,0.6931,0.5", "0,半,0.5", [f"{CSV}:26:3: plot: loss '半' is not a number; write a number such as 12.5"], id="no number"),
        pytest.param("0,0.6931,0.5", "0,-5,0.5", [f"{CSV}:26:3: plot: loss '-5' is outside the axes; write a number from 0 to 6.1"], id="below the axis"),
        pytest.param("0,0.6931,0.5000,2305.18290", "0,0.6931,0.5000,2313.18290", [f"{CSV}:26:17: plot: the id '2313.18290' has month 13; months are 01 to 12; copy the id from the paper's arXiv page"], id="month 13"),
        pytest.param("0,0.6931,0.5000,", "0,0.5000,", [f"{CSV}:26:1: plot: 4 cells for 5 columns; give every column one cell"], id="a cell short"),
        pytest.param("u,loss", "v,loss", [f"{CSV}:1:1: plot: other columns; the first line is u,loss,weight,arxiv,place"], id="other columns"),
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
    assert '<p class="pn-figure__source">本站由数据画出，数据：式 7，自算</p>' in html
    plotted.unlink()
    site, _ = sites.load(docs, root=docs.parent, today=TODAY, parse=library.parse)
    html = library.linked(site, terms=False).rendered("papers/dpo.md").html
    assert '<p class="pn-figure__source">本站绘制的示意图</p>' in html


def test_the_command_draws_what_changed(plotted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = plotted.parents[2]
    assert cli.main(["plots", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out == ""
    plotted.write_text(plotted.read_text("utf-8").replace("\n0,0.6931,0.5", "\n0,0.6931,0.6"), encoding="utf-8")
    assert cli.main(["plots", "--docs", str(docs)]) == 0
    assert capsys.readouterr().out == "drawn: docs/papers/dpo/weight.svg\n"
    plotted.write_text("u\n", encoding="utf-8")
    assert cli.main(["plots", "--docs", str(docs)]) == 1
