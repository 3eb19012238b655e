"""Plots drawn from numbers: every point comes from a row of docs/_data/plots/*.csv that says where it stands; a file beside it
says how it is drawn (`catalogue.py`).

`python -m papernotes plots` writes the SVGs; `check` draws them again and compares, so no plotted point can differ from
its source. The pictures obey the same rules as those drawn by hand (`svg.py`).
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from papernotes.base import storage
from papernotes.base.arxiv import parse_id
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.site import Site
from papernotes.figures import catalogue
from papernotes.figures.plot import Plot, Row, name_of
from papernotes.text import source_mark
from papernotes.text.document import relative

FOLDER = "_data/plots"
PLACE_COLUMNS = ("arxiv", "place")
LIMIT = 64 * 1024  # bytes of one CSV
MAX_CELL = 160  # characters
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
FIX = "run `python -m papernotes plots`"

RULES = (
    Rule(
        "plot",
        "曲线和散点由数据画出",
        "图上的每个点都来自 docs/_data/plots 里的一行，每一行写明论文和出处；改了数据要重画。",
        "12,0.3,2304.01373,",
        "12,0.3,2304.01373,§2.4",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `plots`."""
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run(arguments: argparse.Namespace) -> int:
    """Draw every plot whose data is there, and say which pictures changed."""
    docs_dir = storage.there(arguments.docs)
    changed, findings = write(docs_dir, docs_dir.parent)
    for path in changed:
        print(f"drawn: {relative(path, docs_dir.parent)}")
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def read(path: Path, shown: str, plot: Plot) -> tuple[list[Row], list[Finding]]:
    """The rows of a CSV, and what is wrong with it. `shown`: the path as findings name it."""
    if path.stat().st_size > LIMIT:
        return [], [Finding(shown, 1, 1, "plot", f"more than {LIMIT} bytes", "keep only what is drawn")]
    try:
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True)
        table = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [Finding(shown, 1, 1, "plot", f"not readable as CSV: {error}", "save it as UTF-8, comma-separated")]
    columns = [*plot.numbers, *plot.texts, *PLACE_COLUMNS]
    if not table or table[0][1] != columns:
        return [], [Finding(shown, 1, 1, "plot", "other columns", f"the first line is {','.join(columns)}")]
    rows: list[Row] = []
    findings: list[Finding] = []
    for line, cells in table[1:]:
        if len(cells) != len(columns):
            what = f"{len(cells)} cells for {len(columns)} columns"
            findings.append(Finding(shown, line, 1, "plot", what, "give every column one cell"))
            continue
        row: Row = dict(zip(columns, cells, strict=True))
        start = 1
        for column, cell in zip(columns, cells, strict=True):
            if problem := _cell_problem(plot, column, cell):
                findings.append(Finding(shown, line, start, "plot", *problem))
            elif column in plot.numbers:
                row[column] = float(cell)
            start += len(cell) + 1
        rows.append(row)
    if not findings and not rows:
        findings.append(Finding(shown, 1, 1, "plot", "no rows", "add the data"))
    return rows, findings


def _cell_problem(plot: Plot, column: str, cell: str) -> tuple[str, str] | None:
    """What is wrong with one cell, and what to do."""
    if column in plot.numbers:
        low, high = plot.numbers[column]
        if not _NUMBER.fullmatch(cell):
            return f"{column} {quote(cell)} is not a number", "write a number such as 12.5"
        if not low <= float(cell) <= high:
            return f"{column} {quote(cell)} is outside the axes", f"write a number from {low:g} to {high:g}"
        return None
    if len(cell) > MAX_CELL or not cell.isprintable():
        return (
            f"{column} {quote(cell)} is too long or holds a control character",
            f"write at most {MAX_CELL} characters",
        )
    if column in PLACE_COLUMNS and not cell.strip():
        return f"no {column}", "say which paper and where in it"
    if column == "arxiv":
        try:
            parse_id(cell)
        except ValueError as error:
            return f"the id {error}", "copy the id from the paper's arXiv page"
    if column == "place":
        try:
            source_mark.parse(cell)
        except ValueError as error:
            return f"place {error}", "write it as in a source mark: 表 3，自算"
    words = plot.texts.get(column)
    if words is not None and cell not in words:
        return f"{column} {quote(cell)} is not known", f"write {', '.join(words)}"
    return None


def places(picture: str, docs_dir: Path) -> dict[str, list[str]]:
    """Where the numbers of a picture stand: by arXiv id, each place once in the order of the rows. None for what is
    not a plot, or whose data are findings.

    `picture`: from docs/.
    """
    found: dict[str, list[str]] = {}
    for _, _, rows, wrong in drawn(docs_dir, docs_dir, picture):
        for row in () if wrong else rows:
            items = [item for group in source_mark.parse(str(row["place"])) for item in group.items]
            names = [item if isinstance(item, str) else item.name for item in items]
            mine = found.setdefault(str(row["arxiv"]), [])
            mine += [name for name in names if name not in mine]
    return found


def has_data(picture: str, docs_dir: Path) -> bool:
    """Whether a picture is drawn from numbers. `picture`: from docs/."""
    return (docs_dir / FOLDER / f"{name_of(picture)}.csv").is_file()


def drawn(docs_dir: Path, root: Path, picture: str = "") -> Iterator[tuple[Plot | None, str, list[Row], list[Finding]]]:
    """Every plot of a docs folder: the plot (None where nothing right says how it is drawn), the path of its data as findings
    show it, its rows, what is wrong with either.

    `picture`: that one alone, from docs/.
    """
    folder = docs_dir / FOLDER
    names = {file.stem for file in folder.glob("*.*") if file.suffix in {".csv", ".yml"}}
    for name in sorted(names & {name_of(picture)} if picture else names):
        data, how = folder / f"{name}.csv", folder / f"{name}.yml"
        plot, findings = catalogue.load(how, relative(how, root))
        shown = relative(data, root)
        if not data.is_file():
            yield (
                plot,
                shown,
                [],
                [Finding(shown, 1, 1, "plot", "there are no numbers to draw", f"write them, or delete {how.name}")],
            )
        elif plot is None:
            yield plot, shown, [], findings
        elif picture in ("", plot.picture):
            yield plot, shown, *read(data, shown, plot)


def check(site: Site) -> Iterator[Finding]:
    """Every plot whose data the docs folder has: its rows are complete, and the committed picture is what they draw."""
    for plot, _, rows, findings in drawn(site.docs_dir, site.root):
        yield from findings
        if findings or plot is None:
            continue
        picture = site.docs_dir / plot.picture
        shown = relative(picture, site.root)
        if not picture.is_file():
            yield Finding(shown, 1, 1, "plot", f"not drawn from {plot.name}.csv yet", FIX)
        elif picture.read_bytes() != plot.draw(rows).encode():
            yield Finding(shown, 1, 1, "plot", f"differs from what {plot.name}.csv draws", FIX)


def write(docs_dir: Path, root: Path) -> tuple[list[Path], list[Finding]]:
    """Draw every plot whose data is there: the files that changed, and what is wrong with the data of the others."""
    changed: list[Path] = []
    problems: list[Finding] = []
    for plot, _, rows, findings in drawn(docs_dir, root):
        problems += findings
        if findings or plot is None:
            continue
        picture = docs_dir / plot.picture
        picture.parent.mkdir(parents=True, exist_ok=True)
        if storage.replace(picture, plot.draw(rows), scratch=root):
            changed.append(picture)
    return changed, problems
