"""Tables of the text: a box each, a wide one for many columns, and nothing done to a table that is not a plain one."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from papernotes.markdown.link import boxed
from papernotes.markdown.typography import align_numbers


@pytest.mark.parametrize(("columns", "box"), [(1, "pn-table"), (5, "pn-table"), (6, "pn-table pn-table--wide")])
def test_a_table_stands_in_a_box_that_fits_its_columns(columns: int, box: str) -> None:
    inside = f"<thead><tr>{'<th>头</th>' * columns}</tr></thead><tbody><tr>{'<td>值</td>' * columns}</tr></tbody>"
    expected = f'<p>前</p><div class="{box}"><table class="pn-table__table">{inside}</table><span hidden></span></div>'
    assert boxed(f"<p>前</p><table>{inside}</table>") == expected


def test_each_table_is_boxed_for_itself() -> None:
    assert boxed("<table>一</table>二<table>三</table>").count('<div class="pn-table">') == 2


def test_a_table_with_a_class_is_left_alone() -> None:
    assert boxed('<table class="highlighttable">一</table>') == '<table class="highlighttable">一</table>'


@pytest.mark.parametrize(
    ("cells", "is_right"),
    [
        pytest.param(["84.9%", "−0.5", "2,978"], True, id="numbers"),
        pytest.param(["65%", "无", "87%"], True, id="one is missing"),
        pytest.param(["6000 亿", "约 1.5 万", "7B"], True, id="with a unit"),
        pytest.param(["65%", "–", ""], False, id="most are missing"),
        pytest.param(["68.0", "68.0（微调，查资料）"], False, id="with words"),
        pytest.param(["PPO", "DPO"], False, id="names"),
    ],
)
def test_columns_of_numbers_stand_flush_right(cells: list[str], is_right: bool) -> None:
    rows = "".join(f"<tr><td>{number}</td><td>{cell}</td></tr>" for number, cell in enumerate(["头", *cells]))
    root = ElementTree.fromstring(f"<div><table><tbody>{rows}</tbody></table></div>")
    align_numbers(root)
    assert [cell.get("style") for cell in root.iter("td")] == [None, "text-align: right;" if is_right else None] * (
        len(cells) + 1
    )
