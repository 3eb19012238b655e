"""The plots of this repository: drawn from their rows, and their rows what the papers and the formulas say."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.figures import plots, svg

DATA = ROOT / "docs" / plots.FOLDER


@pytest.fixture(scope="module")
def plots_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plots")


@pytest.fixture(params=plots.PLOTS, ids=lambda plot: plot.name)
def plot(request: pytest.FixtureRequest) -> plots.Plot:
    value: plots.Plot = request.param
    return value


def rows_of(plot: plots.Plot) -> list[plots.Row]:
    rows, findings = plots.read(DATA / f"{plot.name}.csv", plot.name, plot)
    assert findings == []
    return rows


def test_every_plot_has_its_data_and_is_a_good_picture(plot: plots.Plot) -> None:
    drawn = plot.draw(rows_of(plot))
    assert list(svg.check(drawn.encode())) == []
    assert (ROOT / "docs" / plot.picture).read_text(encoding="utf-8") == drawn


def test_a_plot_follows_its_data(plot: plots.Plot) -> None:
    """Whatever number changes, the picture does: none is decoration."""
    rows = rows_of(plot)
    drawn = plot.draw(rows)
    for place in (0, len(rows) - 1):
        for column in plot.numbers:
            moved = [dict(row) for row in rows]
            moved[place][column] = float(moved[place][column]) * 1.1 + 0.05
            assert plot.draw(moved) != drawn, (place, column)


@SEEDED
@given(data=st.data())
def test_whatever_a_cell_holds_is_a_finding_or_is_drawn(plots_folder: Path, data) -> None:
    """No cell of any plot ends in a traceback, and what has no finding is a good picture, drawn inside its frame."""
    plot = data.draw(st.sampled_from(plots.PLOTS))
    lines = (DATA / f"{plot.name}.csv").read_text(encoding="utf-8").splitlines()
    line = data.draw(st.integers(0, len(lines) - 1))
    cells = lines[line].split(",")
    column = data.draw(st.integers(0, len(cells) - 1))
    known = [word for words in plot.texts.values() if words for word in words]
    cells[column] = data.draw(
        st.one_of(
            st.sampled_from(
                [
                    *known,
                    "",
                    "-0",
                    "1e999",
                    "１",
                    "1_0",
                    " 1",
                    "nan",
                    '"',
                    '"a\nb"',
                    "9" * 400,
                    "a" * 400,
                    "\0",
                    "\ud800",
                ]
            ),
            st.floats().map(str),
            st.integers().map(str),
            st.text(max_size=100),
        )
    )
    file = plots_folder / f"{plot.name}.csv"
    text = "\n".join([*lines[:line], ",".join(cells), *lines[line + 1 :]]) + "\n"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    rows, findings = plots.read(file, file.name, plot)
    assert all(finding.line >= 1 and "\n" not in str(finding) for finding in findings)
    if not findings:
        assert list(svg.check(plot.draw(rows).encode())) == []
        picture = plot.draw(rows)
        frame = [float(side) for side in re.findall(r'viewBox="0 0 (\S+) (\S+)"', picture)[0]]
        for side, names in zip(frame, ("x|x1|x2|cx", "y|y1|y2|cy"), strict=True):
            numbers = [float(number) for number in re.findall(rf' (?:{names})="(-?[0-9.e+]+)"', picture)]
            assert min(numbers) >= -1 and max(numbers) <= side + 1


def by_name(name: str) -> list[plots.Row]:
    return rows_of(next(plot for plot in plots.PLOTS if plot.name == name))


def test_the_dpo_curves_are_the_formula() -> None:
    for row in by_name("dpo-weight"):
        u = float(row["u"])
        assert float(row["loss"]) == pytest.approx(math.log1p(math.exp(-u)), abs=5e-5)
        assert float(row["weight"]) == pytest.approx(1 / (1 + math.exp(u)), abs=5e-5)


def test_the_ppo_curves_are_the_formula() -> None:
    for row in by_name("ppo-clip"):
        ratio = float(row["ratio"])
        clipped = min(max(ratio, 0.8), 1.2)
        assert float(row["positive"]) == pytest.approx(min(ratio, clipped))
        assert float(row["negative"]) == pytest.approx(min(-ratio, -clipped))


def test_mixtral_adds_up_from_its_shape() -> None:
    expert = 3 * 4096 * 14336 * 32 / 1e9
    rows = by_name("mixtral")
    totals = {bar: sum(float(row["billions"]) for row in rows if row["bar"] == bar) for bar in ("total", "active")}
    assert totals["total"] == pytest.approx(46.7, abs=0.05) and totals["active"] == pytest.approx(12.9, abs=0.05)
    assert all(float(row["billions"]) == pytest.approx(expert, abs=1e-3) for row in rows if row["part"] != "shared")


def test_the_chinchilla_line_is_optimal_and_the_models_stand_beside_it() -> None:
    rows = by_name("chinchilla")
    for row in rows:
        if row["kind"] == "optimum":
            assert 19 <= float(row["tokens"]) / float(row["parameters"]) <= 24
    named = {row["label"]: float(row["tokens"]) / float(row["parameters"]) for row in rows if row["label"]}
    assert named["GPT-3"] < named["BloombergGPT"] < 19 < named["Chinchilla"] + 0.5
    assert sum(row["kind"] == "pythia" for row in rows) == 8
