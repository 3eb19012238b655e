"""Formulas in narrow pages: they break before operators, as few brackets deep as will do, and lose nothing."""

from __future__ import annotations

import pytest

from papernotes.markdown.formula import render
from papernotes.pages.book import formula, xhtml


def fitted(tex: str) -> tuple[list[str], str | None]:
    """What stands in each line of a formula, without spaces, and the size it is set in."""
    made = next(xhtml.read(render(tex, True)).iter("math"))
    del made.attrib["style"]
    semantics = made[0]
    semantics.remove(semantics[-1])
    xhtml.unwrap(made, semantics)
    formula.fit(made)
    table = made.find("mtable")
    rows = [made] if table is None else list(table)
    return ["".join("".join(row.itertext()).replace("\u2061", "").split()) for row in rows], made.get("style")


LONG = "a_1+b_1+c_1+d_1"


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        pytest.param("x = y", ["x=y"], id="short"),
        pytest.param(rf"x = {LONG} + {LONG}", ["x=a1+b1+c1+d1+a1+b1+c1", "+d1"], id="before an operator"),
        pytest.param(rf"x = {LONG}, \qquad y = {LONG}", ["x=a1+b1+c1+d1,", "y=a1+b1+c1+d1"], id="two formulas"),
        pytest.param(
            r"h = W_0 x + \Delta W x, \; W \in \mathbb{R}^{d \times k}, \; B \in \mathbb{R}^{d \times r}, \; r \ll d",
            ["h=W0x+ΔWx,W∈ℝd×k,B∈ℝd×r,", "r≪d"],
            id="behind the comma of a statement",
        ),
        pytest.param(rf"f(x) = g({LONG}) = h({LONG})", ["f(x)=g(a1+b1+c1+d1)", "=h(a1+b1+c1+d1)"], id="not inside brackets"),
        pytest.param(rf"f = (x+1)^2 ({LONG} + {LONG})", ["f=(x+1)2(a1+b1+c1+d1+a1", "+b1+c1+d1)"], id="inside where nothing else will do"),
        pytest.param(
            r"y = \operatorname{function}(\text{argument one}, \text{argument two})",
            ["y=function(argumentone,", "argumenttwo)"],
            id="behind a comma",
        ),
        pytest.param(
            rf"\begin{{aligned}} x &= {LONG} \\ &= -{LONG} + {LONG} \end{{aligned}}",
            ["x=a1+b1+c1+d1", "=−a1+b1+c1+d1+a1+b1", "+c1+d1"],
            id="lines that it has",
        ),
        pytest.param(r"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}", ["x=1", "y=2"], id="lines that are narrow stay"),
    ],
)  # fmt: skip
def test_a_wide_formula_is_set_in_lines(tex: str, lines: list[str]) -> None:
    assert fitted(tex) == (lines, None)


def test_what_cannot_be_broken_is_made_smaller_but_not_unreadable() -> None:
    lines, style = fitted(r"\text{" + "一二三四五六七八九十" * 3 + "}")
    assert len(lines) == 1
    assert style == "font-size: 60%"


def test_a_negative_sign_is_no_place_to_break() -> None:
    assert fitted(rf"x = {LONG} + a_1 + b_1 = -{LONG}")[0] == ["x=a1+b1+c1+d1+a1+b1", "=−a1+b1+c1+d1"]
