"""Lines of Chinese are joined; lines of other scripts keep their space; code keeps its line ends."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import markdown
import pytest
from markdown.util import HTML_PLACEHOLDER

from papernotes.base.matcher import Matcher
from papernotes.markdown.typography import TypographyExtension, bind, keep_names, phrases


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param("汉字\n汉字", "汉字汉字", id="between characters"),
        pytest.param("句号。\n下一句", "句号。下一句", id="after punctuation"),
        pytest.param("句号。\nDPO 是", "句号。DPO 是", id="punctuation, then Latin"),
        pytest.param("用\nDPO", "用 DPO", id="character, then Latin"),
        pytest.param("one\ntwo", "one two", id="Latin"),
        pytest.param("汉字 \n  汉字", "汉字汉字", id="blanks around the break"),
        pytest.param("（\nLoRA", "（LoRA", id="opening bracket"),
        pytest.param("日本語の\nテスト", "日本語の テスト", id="kana are left alone"),
    ],
)
def test_join_lines(source: str, shown: str) -> None:
    html = markdown.markdown(source, extensions=[TypographyExtension()])
    assert html.replace("\n", " ") == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param("汉字\n**汉字**\n汉字", "<p>汉字<strong>汉字</strong>汉字</p>", id="around an element"),
        pytest.param("**汉字**\n**汉字**", "<p><strong>汉字</strong><strong>汉字</strong></p>", id="between elements"),
        pytest.param("见 *LoRA*\n一文", "<p>见 <em>LoRA</em>\n一文</p>", id="Latin inside an element"),
        pytest.param("句号。\n*LoRA* 是", "<p>句号。<em>LoRA</em> 是</p>", id="punctuation before an element"),
        pytest.param("- 甲\n  乙\n- 丙", "<ul>\n<li>甲乙</li>\n<li>丙</li>\n</ul>", id="items stay apart"),
        pytest.param("    代码\n    代码", "<pre><code>代码\n代码\n</code></pre>", id="code block"),
        pytest.param("汉字\n`代码`\n汉字", "<p>汉字\n<code>代码</code>\n汉字</p>", id="code span keeps its spaces"),
    ],
)
def test_lines_in_the_tree(source: str, html: str) -> None:
    assert markdown.markdown(source, extensions=[TypographyExtension()]) == html


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        pytest.param("一套用来观察训练过程与规模的语言模型", "一套用来观察训练过程|与规模的|语言模型", id="words of grammar"),
        pytest.param("训练算力最优的大语言模型", "训练算力最优的|大语言模型", id="behind a particle"),
        pytest.param("模仿大语言模型者", "模仿|大语言模型者", id="a suffix stays"),
        pytest.param("用人类反馈听从指令", "用人类反馈听从指令", id="a character of grammar inside a word"),
        pytest.param("用大语言模型与裁判", "用大语言模型|与裁判", id="no character alone"),
        pytest.param("卷积网络与视觉 Transformer 旗鼓相当", "卷积网络|与视觉 Transformer 旗鼓相当", id="spaces break anyway"),
        pytest.param("RLHF 与 DPO", "RLHF 与 DPO", id="beside Latin"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_where_a_title_may_break(title: str, parts: str) -> None:
    known = Matcher({"大语言模型": None, "语言模型": None})
    assert "|".join(phrases(title, known)) == parts


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        pytest.param("<td>1.85 小时</td>", "<td>1.85\u00a0小时</td>", id="unit of two characters"),
        pytest.param(
            "<th>约 <b>14</b> 亿，24 GB</th>",
            "<th>约 <b>14</b>\u00a0亿，24\u00a0GB</th>",
            id="around an element, Latin",
        ),
        pytest.param("<td>58% 选 DPO，128 选 1</td>", "<td>58% 选 DPO，128 选 1</td>", id="no unit"),
        pytest.param("<p>1.85 小时、70 亿</p>", "<p>1.85\u00a0小时、70\u00a0亿</p>", id="text"),
        pytest.param(
            "<p>Llama 2 70B 与 Apache 2.0</p>",
            "<p>Llama\u00a02\u00a070B 与 Apache\u00a02.0</p>",
            id="a name, its number",
        ),
        pytest.param("<p>在第 0 层，见表 2。</p>", "<p>在第\u00a00\u00a0层，见表\u00a02。</p>", id="a place"),
        pytest.param("<p>COCO 2017、至 5 张</p>", "<p>COCO 2017、至 5\u00a0张</p>", id="a year"),
        pytest.param(
            '<p><span class="pn-formula">x</span>。」甲<span class="pn-formula">y</span> 乙</p>',
            '<p><span class="pn-kept"><span class="pn-formula">x</span>。」</span>甲<span class="pn-formula">y</span> 乙</p>',
            id="marks behind a formula",
        ),
    ],
)
def test_what_stays_together(cell: str, shown: str) -> None:
    root = ElementTree.fromstring(f"<div>{cell}</div>")
    bind(root, [])
    assert ElementTree.tostring(root, encoding="unicode") == f"<div>{shown}</div>"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("从 GPT-4 到Falcon-40B。", ["GPT-4", "Falcon-40B"], id="digit behind or within"),
        pytest.param("Llama 2-Chat、TinyLlama-1.1B", ["2-Chat", "TinyLlama-1.1B"], id="digit before, a point"),
        pytest.param("MT-Bench、Self-Instruct", ["MT-Bench", "Self-Instruct"], id="capitals"),
        pytest.param("布拉德利-特里模型", ["利-特"], id="a Chinese name"),
        pytest.param("fine-tuning，2026-11-22，0.4-0.5", [], id="a word, a day, a range"),
        pytest.param("https://a.org/GPT-4 ab-1/x", [], id="an address"),
        pytest.param("Llama2-70B-OASST1-Guanaco", [], id="longer than a line may be"),
    ],
)
def test_a_name_stays_in_its_line(text: str, kept: list[str]) -> None:
    root = ElementTree.fromstring(f"<div><p>甲<b>{text}</b>{text}</p><table><td>{text}<i>{text}</i></td></table></div>")
    keep_names(root)
    assert "".join(root.itertext()) == f"甲{text * 4}"
    assert [span.text for span in root.iter("span")] == kept * 2 + [name for name in kept if len(name) <= 8] * 2


@pytest.mark.parametrize(("signs", "is_kept"), [pytest.param(20, True, id="short"), pytest.param(21, False, id="long")])
def test_a_formula_that_fills_a_line_lets_go_of_its_mark(signs: int, is_kept: bool) -> None:
    root = ElementTree.Element("p")
    formula = ElementTree.SubElement(root, "span", {"class": "pn-formula"})
    formula.text, formula.tail = HTML_PLACEHOLDER % "0", "："
    math = "<math><mi>x</mi>" + '<mo stretchy="false">+</mo>' * (signs - 1) + "<annotation>tex</annotation></math>"
    bind(root, [math])
    assert (root[0].get("class") == "pn-kept") == is_kept


def test_names_are_kept_however_deep_they_stand() -> None:
    root = inner = ElementTree.Element("p")
    for _ in range(sys.getrecursionlimit()):
        inner = ElementTree.SubElement(inner, "em")
    inner.text = "如 GPT-4 等"
    keep_names(root)
    assert [(child.get("class"), child.text, child.tail) for child in inner] == [("pn-kept", "GPT-4", " 等")]
