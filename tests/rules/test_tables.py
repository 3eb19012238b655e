"""Tables of the text: a box each, a wide one for many columns, and nothing done to a table that is not a plain one."""

from __future__ import annotations

import pytest

from papernotes.markdown.link import boxed


@pytest.mark.parametrize(("columns", "box"), [(1, "pn-table"), (5, "pn-table"), (6, "pn-table pn-table--wide")])
def test_a_table_stands_in_a_box_that_fits_its_columns(columns: int, box: str) -> None:
    inside = f"<thead><tr>{'<th>头</th>' * columns}</tr></thead><tbody><tr>{'<td>值</td>' * columns}</tr></tbody>"
    expected = f'<p>前</p><div class="{box}"><table class="pn-table__table">{inside}</table><span hidden></span></div>'
    assert boxed(f"<p>前</p><table>{inside}</table>") == expected


def test_each_table_is_boxed_for_itself() -> None:
    assert boxed("<table>一</table>二<table>三</table>").count('<div class="pn-table">') == 2


def test_a_table_with_a_class_is_left_alone() -> None:
    assert boxed('<table class="highlighttable">一</table>') == '<table class="highlighttable">一</table>'
