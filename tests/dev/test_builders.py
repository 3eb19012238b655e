"""The table of what building costs: each row beside ours of the same size, put between the marks of a page."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from conftest import make_project

from papernotes.dev import bench
from papernotes.dev.peers import Built, Cost

ROWS = [
    Built("本站", 40, Cost(2.0, 4.0, 240.4), Cost(1.0, 1.5, 200.0), 3.25),
    Built("别家", 40, Cost(1.0, 1.0, 100.0), Cost(0.5, 0.5, 90.0), 0.5),
    Built("本站", 1000, Cost(20.0, 40.0, 300.0), Cost(3.0, 3.0, 300.0), 60.0),
    Built("别家", 1000, Cost(30.0, 60.0, 300.0), Cost(30.0, 60.0, 300.0), 80.0),
]


def test_each_row_stands_beside_ours_of_its_size(tmp_path: Path) -> None:
    table = bench.table_of_builds(ROWS)
    assert [line.split(" | ")[4] for line in table.split("\n")[2:]] == ["1.00", "0.25", "1.00", "1.50"]
    assert table.split("\n")[2] == "| 本站 | 40 | 2.00 | 4.00 | 1.00 | 1.00 | 1.50 | 240 | 3.2 |"
    page = tmp_path / "page.md"
    page.write_text("前\n\n<!-- bench -->\n\n旧表\n\n<!-- /bench -->\n\n后\n", encoding="utf-8")
    for _ in range(2):
        bench.keep(page, table)
        assert page.read_text(encoding="utf-8") == f"前\n\n<!-- bench -->\n\n{table}\n\n<!-- /bench -->\n\n后\n"


def test_every_stage_of_a_build_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count()  # a clock that goes on at each look
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(looks))
    stages = bench.stages(make_project(tmp_path / "project"))
    assert len(stages) == len(bench.STAGES)
    assert min(stages) >= 1
    assert sum(stages) < next(looks)


def test_what_our_own_commands_take_stands_in_a_table_of_its_own() -> None:
    row = bench.Worked(1000, [9.0, 1.0, 5.0, 2.0, 0.5], [Cost(8.0, 15.0, 200.0)] * 3, 30.0, 0.75)
    check = "8.00（15.00）"
    expected = ["1,000", "9.00", "1.00", "5.00", "2.00", "0.50", check, check, check, "30.0", "0.75"]
    head, _, shown = (line.strip("| ").split(" | ") for line in bench.table_of_work([row]).split("\n"))
    assert shown == expected
    assert len(head) == len(expected)


def test_a_page_without_marks_is_not_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("前\n", encoding="utf-8")
    with pytest.raises(OSError, match="has no place between '<!-- bench -->' and '<!-- /bench -->'"):
        bench.keep(page, "")
    assert page.read_text(encoding="utf-8") == "前\n"
