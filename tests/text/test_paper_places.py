"""Places as marks write them: what they name, and what is in what."""

from __future__ import annotations

import pytest

from papernotes.text import paper_places as places
from papernotes.text.paper_places import Place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("摘要", Place("摘要", ()), id="a place that every paper has"),
        pytest.param("§4.2", Place("§", ("4.2",)), id="section"),
        pytest.param("§A.1", Place("附录", ("A.1",)), id="a section with a letter is an appendix"),
        pytest.param("附录", Place("附录", ()), id="all appendices"),
        pytest.param("附录 A–C", Place("附录", ("A", "B", "C")), id="range of letters"),
        pytest.param("表 6–8", Place("表", ("6", "7", "8")), id="range of numbers"),
        pytest.param("§5.1.1–5.1.3", Place("§", ("5.1.1", "5.1.2", "5.1.3")), id="range below one section"),
        pytest.param("图 A1", Place("图", ("A1",)), id="figure of an appendix"),
        pytest.param("表 2c–2d", Place("表", ("2c", "2d")), id="range of parts"),
        pytest.param("§3–4.2", Place("§", ("3", "4.2")), id="range of two depths is its ends"),
        pytest.param("表 1–9999", Place("表", ("1", "9999")), id="range too long is its ends"),
        pytest.param("表", None, id="table without number"),
        pytest.param("自算", None, id="no place"),
        pytest.param("第三节", None, id="not in the form of marks"),
    ],
)
def test_parse(text: str, place: Place | None) -> None:
    assert places.parse(text) == place


@pytest.mark.parametrize(
    ("one", "other", "has"),
    [
        pytest.param("§5", "§5.3.1", True, id="a section has its subsections"),
        pytest.param("§5.3", "§5", False, id="a subsection has not its section"),
        pytest.param("§1", "§12", False, id="not by the first digit"),
        pytest.param("表 2", "表 2c", True, id="a table has its parts"),
        pytest.param("表 2c", "表 2", True, id="a part is in what was read as the whole table"),
        pytest.param("表 2b", "表 2c", False, id="another part"),
        pytest.param("表 7", "表 6–7", True, id="read as a range"),
        pytest.param("表 1", "图 1", False, id="another kind"),
    ],
)
def test_has(one: str, other: str, has: bool) -> None:
    first, second = places.parse(one), places.parse(other)
    assert first and second
    assert first.has(second) is has
