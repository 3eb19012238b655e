"""The plots of this repository: drawn from their rows, and their rows what the papers and the formulas say."""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.data.site import Site
from papernotes.figures import plots, svg
from papernotes.rules import evidence

DATA = ROOT / "docs" / plots.FOLDER


@pytest.fixture(scope="module")
def plots_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plots")


PLOTS = [plot for plot, *_ in plots.drawn(ROOT / "docs", ROOT) if plot]


def test_every_file_of_data_is_drawn() -> None:
    assert sorted(plot.name for plot in PLOTS) == sorted(file.stem for file in DATA.glob("*.csv"))


@pytest.fixture(params=PLOTS, ids=lambda plot: plot.name)
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
    plot = data.draw(st.sampled_from(PLOTS))
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


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        pytest.param("", "", [], id="as it is"),
        pytest.param("19.0,定位", "18.0,定位", ["value 18.0 stands in none of the places of '图 4'"], id="another number"),
        pytest.param("YOLO,1506.02640,图 4", "YOLO,1506.02640,表 1", [f"value {value} stands in none of the places of '表 1'" for value in ("65.5", "19.0", "6.75", "4.0", "4.75")], id="another place"),
        pytest.param("图 4", "图 4，自算", [], id="worked out"),
        pytest.param("图 4", "图 40", [], id="a place that nobody has read"),
    ],
)  # fmt: skip
def test_a_number_that_the_paper_does_not_print_there_is_a_finding(
    real: Site, tmp_path: Path, old: str, new: str, sentences: list[str]
) -> None:
    file = tmp_path / plots.FOLDER / "yolo-errors.csv"
    shutil.copytree(DATA, file.parent)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = list(evidence.check_plots(replace(real, docs_dir=tmp_path, root=tmp_path)))
    assert [finding.what for finding in found] == sentences
    assert all(finding.rule == "number-unseen" and finding.path == "_data/plots/yolo-errors.csv" for finding in found)


def by_name(name: str) -> list[plots.Row]:
    return rows_of(next(plot for plot in PLOTS if plot.name == name))


def test_the_dpo_curves_are_the_formula() -> None:
    formulas = {
        "损失": lambda u: math.log1p(math.exp(-u)),
        "权重": lambda u: 1 / (1 + math.exp(u)),
        "零点": lambda _: 0.5,
    }
    rows = [row for row in by_name("dpo-weight") if row["series"] != "注"]
    assert {row["series"] for row in rows} == set(formulas)
    for row in rows:
        assert float(row["y"]) == pytest.approx(formulas[str(row["series"])](float(row["x"])), abs=5e-5)


def test_the_ppo_curves_are_the_formula() -> None:
    for row in by_name("ppo-clip"):
        ratio = float(row["x"])
        clipped = min(max(ratio, 0.8), 1.2)
        sign = 1 if "优势为正" in (row["series"], row["label"]) else -1
        assert float(row["y"]) == pytest.approx(min(sign * ratio, sign * clipped))


def test_mixtral_adds_up_from_its_shape() -> None:
    expert = 3 * 4096 * 14336 * 32 / 1e8
    rows = by_name("mixtral-parameters")
    for words in dict.fromkeys(str(row["label"]) for row in rows):
        mine = [float(row["value"]) for row in rows if row["label"] == words]
        assert f"约 {sum(mine):.0f} 亿" in words
    experts = [float(row["value"]) for row in rows if "专家" in str(row["part"])]
    assert len(experts) == 10 and experts == pytest.approx([expert] * 10, abs=1e-2)


def test_the_chinchilla_line_is_optimal_and_the_models_stand_beside_it() -> None:
    rows = by_name("chinchilla-optimum")
    for row in rows:
        if row["series"] == "最优配比":
            assert 19 <= float(row["y"]) / float(row["x"]) <= 24
    named = {row["label"]: float(row["y"]) / float(row["x"]) for row in rows if row["label"]}
    assert named["GPT-3"] < named["BloombergGPT"] < 19 < named["Chinchilla"] + 0.5
    assert sum(row["series"] == "Pythia" for row in rows) == 8


def test_the_valleys_of_equal_compute_are_the_formula_and_their_lowest_points() -> None:
    def loss(size: float, compute: float) -> float:
        return 1.69 + 406.4 / size**0.34 + 410.7 / (compute / 6 / size) ** 0.28

    rows = by_name("chinchilla-isoflop")
    lowest = {f"{float(row['x']):.3g}": float(row["y"]) for row in rows if row["series"] == "谷底"}
    for compute, (size, height) in zip((1e19, 1e20, 1e21, 1e22), lowest.items(), strict=True):
        curve = [row for row in rows if row["series"] == f"{compute:.0e}".replace("+", "")]
        assert all(float(row["y"]) == pytest.approx(loss(float(row["x"]), compute), abs=1e-3) for row in curve)
        assert height <= min(float(row["y"]) for row in curve) + 1e-3
        assert height == pytest.approx(loss(float(size), compute), abs=1e-3)


def test_the_best_of_n_is_the_expected_maximum_of_normal_rewards() -> None:
    known = {1: 0, 2: 1 / math.sqrt(math.pi), 3: 1.5 / math.sqrt(math.pi), 5: 1.1630, 10: 1.5388, 100: 2.5076}
    rows = {float(row["x"]): float(row["y"]) for row in by_name("llama-2-best-of-n") if row["series"] == "最大值"}
    assert all(rows[count] == pytest.approx(value, abs=1e-3) for count, value in known.items())


def test_the_frontier_is_that_of_normal_rewards() -> None:
    for row in by_name("dpo-frontier"):
        if row["series"] != "注":
            assert float(row["y"]) == pytest.approx(math.sqrt(2 * float(row["x"])), abs=1e-3)


def test_the_shares_of_embeddings_follow_from_the_sizes() -> None:
    table = re.findall(
        r"^\| ([0-9.]+[MB]) \| ([0-9,]{9,}) \|", (ROOT / "docs/papers/pythia.md").read_text(encoding="utf-8"), re.M
    )
    rows = {str(row["label"]): float(row["value"]) for row in by_name("pythia-embedding") if row["part"] == "词嵌入"}
    for name, layers in table:
        total = float(name[:-1]) * {"M": 1e6, "B": 1e9}[name[-1]]
        assert rows[name] == pytest.approx(100 * (1 - float(layers.replace(",", "")) / total), abs=0.5)
    assert len(table) == len(rows) == 8
