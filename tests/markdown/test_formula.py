"""Formulas of the site's papers become MathML; what does not parse says where."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import markdown
import pytest

from papernotes.markdown.formula import MAX_LENGTH, FormulaError, FormulaExtension, render

FORMULAS = [
    r"p^*(y_1 \succ y_2 \mid x) = \sigma\bigl(r^*(x,y_1) - r^*(x,y_2)\bigr)",
    r"\max_{\pi_\theta}\ \mathbb{E}_{x\sim\mathcal{D},\,y\sim\pi_\theta(\cdot\mid x)}\bigl[r_\phi(x,y)\bigr]",
    r"\beta\, D_{\mathrm{KL}}\bigl(\pi_\theta(y\mid x)\,\|\,\pi_{\mathrm{ref}}(y\mid x)\bigr)",
    r"\begin{aligned} a &= -\beta\,\mathbb{E}_{y\sim\pi}\Bigl[\log\frac{\pi(y\mid x)}{\pi_{\mathrm{ref}}(y\mid x)}\Bigr] \\ &= \beta\log Z(x) \end{aligned}",
    r"\pi_r(y\mid x) = \frac{1}{Z(x)}\,\pi_{\mathrm{ref}}(y\mid x)\exp\Bigl(\frac{1}{\beta}r(x,y)\Bigr)",
    r"\sigma(-u)\;\begin{cases} \to 1, & u\to-\infty\ \text{（完全排反）}\\ =\tfrac12, & u=0 \end{cases}",
    r"\underbrace{\sigma\bigl(\hat r_\theta(x,y_l)\bigr)}_{\text{权重}} \nabla_\theta\log\pi_\theta(y_w\mid x)",
    r"\hat r_\theta(x,y)=\beta\log\dfrac{\pi_\theta(y\mid x)}{\pi_{\mathrm{ref}}(y\mid x)}",
    r"q_i = \frac{1}{2}\Bigl(Q_X\bigl(\tfrac{i}{2^k+1}\bigr) + Q_X\bigl(\tfrac{i+1}{2^k+1}\bigr)\Bigr)",
    r"\mathbf{Y}^{\text{BF16}} = \mathbf{X}^{\text{BF16}}\,\mathrm{doubleDequant}(c_1^{\text{FP32}}, c_2^{k\text{-bit}}, \mathbf{W}^{\text{NF4}})",
    r"h = W_0 x + \Delta W x = W_0 x + B A x",
    r"\operatorname{softmax}\Bigl(\frac{QK^{\top}}{\sqrt{d_k}}\Bigr) V",
    r"G(x) = \operatorname{Softmax}\bigl(\operatorname{TopK}(x \cdot W_g)\bigr)",
    r"\text{loss} = \alpha \cdot N \cdot \sum_{i=1}^{N} f_i \cdot P_i",
    r"\mathcal{L}_{\text{ranking}} = -\log\bigl(\sigma(r_\theta(x, y_c) - r_\theta(x, y_r) - m(r))\bigr)",
    r"\hat L(N, D) = E + \frac{A}{N^{\alpha}} + \frac{B}{D^{\beta}}",
    r"\Pr(K = k) = \frac{\lambda^k e^{-\lambda}}{k!}",
    r"L^{\mathrm{CLIP}}(\theta) = \hat{\mathbb{E}}_t\bigl[\min(r_t(\theta)\hat A_t,\ \operatorname{clip}(r_t(\theta), 1-\epsilon, 1+\epsilon)\hat A_t)\bigr]",
    r"32 \times 4096 = 131\,072",
    r"\begin{aligned} 0.5 &\to \frac{8}{64} + \frac{32}{64 \times 256} \approx 0.127 \end{aligned}",
]


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_formulas_of_the_papers(tex: str, display: bool) -> None:
    math = ElementTree.fromstring(render(tex, display))
    space = "{http://www.w3.org/1998/Math/MathML}" if math.tag.startswith("{") else ""
    assert math.tag == f"{space}math"
    assert (math.get("display") == "block") is display
    annotations = [element.text for element in math.iter(f"{space}annotation")]
    assert annotations == [tex], "copying needs the TeX"
    shown = "".join(
        text for element in math.iter() if element.tag != f"{space}annotation" for text in [element.text or ""]
    )
    assert "&" not in shown
    assert "\\" not in shown
    assert not list(math.iter(f"{space}merror"))


@pytest.mark.parametrize(
    ("tex", "message", "position"),
    [
        pytest.param(r"\aplha", r"Unsupported function name: \aplha", 0, id="misspelt"),
        pytest.param(r"x + \frc{1}{2}", r"Unsupported function name: \frc", 4, id="misspelt, later"),
        pytest.param(
            r"\frac{1}{2", "Unexpected end of input in a macro argument, expected '}'", None, id="brace not closed"
        ),
        pytest.param(r"\left( x", r"Expected '\right'", None, id="bracket not closed"),
        pytest.param(r"\begin{aligned} a \end{cases}", "Mismatch", None, id="environments crossed"),
        pytest.param(r"x^1^2", "Double superscript", None, id="double superscript"),
        pytest.param("x" * (MAX_LENGTH + 1), "characters, more than 5000", None, id="too long"),
        pytest.param(r"\def\a{\a\a}\a", "", None, id="endless macro"),
        pytest.param(r"\href{javascript:alert(1)}{x}", "", None, id="link"),
        pytest.param(r"\includegraphics{https://example.org/x.png}", "", None, id="image"),
    ],
)
def test_a_formula_that_does_not_parse(tex: str, message: str, position: int | None) -> None:
    try:
        html = render(tex, False)
    except FormulaError as error:
        assert message in str(error)
        if position is not None:
            assert error.position == position
    else:
        assert message == "", f"{tex} was accepted"
        assert "href=" not in html
        assert "<img" not in html


def test_a_formula_cannot_leave_its_element() -> None:
    html = render(r"\text{</math><script>alert(1)</script>}", False)
    assert "<script" not in html
    assert html.count("</math>") == 1


def test_the_engine_works_on_after_an_error() -> None:
    with pytest.raises(FormulaError):
        render(r"\nonsense", True)
    assert "<math" in render(r"x_1", True)


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        pytest.param("设 $a < b$ 时。", "a < b", id="in a line"),
        pytest.param("$$\n\\begin{aligned} a &= b \\\\ &< c \\end{aligned}\n$$", r"\begin{aligned} a &= b \\ &< c \end{aligned}", id="on lines of its own"),
    ],
)  # fmt: skip
def test_the_page_shows_the_formula_that_was_written(source: str, tex: str) -> None:
    options = {"pymdownx.arithmatex": {"generic": True, "inline_syntax": ["dollar"], "block_syntax": ["dollar"]}}
    html = markdown.markdown(source, extensions=["pymdownx.arithmatex", FormulaExtension()], extension_configs=options)
    assert render(tex, source.startswith("$$")) in html
    assert "amp;amp;" not in html


def test_formulas_on_their_own_have_addresses_and_those_with_labels_numbers() -> None:
    source = "由[@eq:sum]、[@eq:first 前一条] 得：\n\n$$\nx\n\\label{eq:first}\n$$\n\n$$\ny\n$$\n\n$$\ny\n$$\n\n$$\nz \\label{eq:sum}\n$$"
    options = {"pymdownx.arithmatex": {"generic": True, "inline_syntax": ["dollar"], "block_syntax": ["dollar"]}}
    html = markdown.markdown(source, extensions=["pymdownx.arithmatex", FormulaExtension()], extension_configs=options)
    assert re.findall('<div class="pn-equation" id="([^"]*)"', html) == ["eq-first", "f-a1fc", "f-a1fc_1", "eq-sum"]
    assert re.findall('aria-label="([^"]*)"[^>]*role="group"', html) == ["式 1", "式 2"]
    assert re.findall(r'<a class="pn-equation__number" href="([^"]*)">\((\d)\)</a>', html) == [
        ("#eq-first", "1"),
        ("#eq-sum", "2"),
    ]
    assert re.findall('<a class="pn-equation__reference" href="([^"]*)">([^<]*)<', html) == [
        ("#eq-sum", "式 2"),
        ("#eq-first", "前一条"),
    ]
    assert "label" not in re.sub("aria-label", "", html)
