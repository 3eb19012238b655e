"""Reading the article of a built page."""

from __future__ import annotations

import pytest

from papernotes.search import text


def sections(html: str) -> list[tuple[str, str, str]]:
    return [(section.id, section.heading, section.text) for section in text.read(html).sections]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<p>偏<b>好</b>优<em>化</em></p>", [("", "", "偏好优化")], id="inline markup does not part a word"
        ),
        pytest.param("<p>甲</p><p>乙</p>", [("", "", "甲\n乙")], id="a block parts"),
        pytest.param("<p>甲\n乙</p>", [("", "", "甲 乙")], id="a line of the source does not"),
        pytest.param("<p>x<math><mi>y</mi></math>z</p>", [("", "", f"x {text.FORMULA} z")], id="formulas are excepted"),
        pytest.param("<p>a<svg><title>t</title><text>b</text></svg></p>", [("", "", "a\nb")], id="text of a drawing"),
        pytest.param("<p>a<span hidden>b</span>c</p>", [("", "", "ac")], id="hidden"),
        pytest.param('<p>a<span title="x hidden y">b</span></p>', [("", "", "ab")], id="the word hidden in a title"),
        pytest.param('<p title="a > b">c</p>', [("", "", "c")], id="a sign in an attribute"),
        pytest.param("<p>1 &lt; 2 &amp; 3</p>", [("", "", "1 < 2 & 3")], id="character references"),
        pytest.param("<!-- a > b --><p>c</p>", [("", "", "c")], id="comment"),
        pytest.param("<script>a<b</script><p>c</p>", [("", "", "c")], id="script"),
        pytest.param(
            "<div hidden>a<div>b</div>c</div><p>d</p>", [("", "", "d")], id="hidden block with its like inside"
        ),
        pytest.param(
            "<p>甲<button hidden>放大</button></p>", [("", "", "甲\n放大")], id="a button that a script shows"
        ),
        pytest.param(
            '<section id="s"><h3>词</h3><p>义</p></section><section id="t"><p>又</p></section>',
            [("s", "词", "义\n又")],
            id="the id of a section is its heading's",
        ),
        pytest.param("<span>99</span><span>Semantic</span>", [("", "", "99 Semantic")], id="two spans side by side"),
        pytest.param("<p>Q<span>LoRA</span></p>", [("", "", "QLoRA")], id="one span inside a word"),
        pytest.param(
            "<tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr>", [("", "", "甲｜乙\n丙")], id="cells stand in a line"
        ),
        pytest.param('<li><a class="pn-figure__to-mark">1</a>左半</li>', [("", "", "1 左半")], id="number of a note"),
        pytest.param(
            '<li><span class="pn-thumbnail"><svg><text>轴</text></svg></span>图 1</li>',
            [("", "", "图 1")],
            id="words of a small picture stand on its own page",
        ),
        pytest.param(
            '<p>甲。<span class="pn-src"><a>来源：</a>T5 <span class="pn-kept">T5-3B</span></span>乙</p>',
            [("", "", "甲。〔来源：T5 T5-3B〕乙")],
            id="a source mark ends where the next sentence begins",
        ),
        pytest.param("甲<br>乙", [("", "", "甲 乙")], id="line break"),
    ],
)
def test_text(html: str, expected: list[tuple[str, str, str]]) -> None:
    assert sections(html) == expected


def test_headings_with_ids_start_sections() -> None:
    html = (
        '<html><article class="x"><h1 id="t">题<a class="headerlink" href="#t">¶</a></h1><p>一</p>'
        '<h2 id="要点">要点</h2><p>二</p><h3>没有编号</h3><p>三</p><dl><dt id="term-a">词</dt><dd>四</dd></dl></article></html>'
    )
    article = text.read(html)
    assert article.title == "题"
    assert sections(html) == [
        ("", "", "题\n一"),
        ("要点", "要点", "二\n没有编号\n三"),
        ("term-a", "词", "四"),
    ]


def test_a_sentence_that_has_its_original_is_a_part_of_its_section() -> None:
    pair = '<span class="pn-pairs__pair"{}><span lang="zh">{}</span>{}</span>'
    html = (
        '<h2 id="摘要">摘要</h2><section class="pn-pairs"><fieldset class="pn-pairs__modes">中文</fieldset><p>'
        + pair.format("", "没有原文。", "")
        + pair.format(' id="s-8f3a1c2e"', "有。", '<span class="pn-pairs__en" lang="en">It has.</span>')
        + '</p><p class="pn-pairs__source">本站的译文。</p></section><h2 id="要点">要点</h2><p>一</p>'
    )
    assert sections(html) == [
        ("摘要", "摘要", "没有原文。"),
        ("s-8f3a1c2e", "摘要", "有。 It has."),
        ("摘要", "摘要", "本站的译文。"),
        ("要点", "要点", "一"),
    ]


def test_the_reference_and_the_link_to_the_article_are_text_too() -> None:
    """Whatever a reader sees in the article can be found, the unfolded BibTeX entry as well."""
    html = (
        '<article><details class="pn-cite"><summary>引用</summary><pre>@misc{a}</pre></details><p>一</p>'
        '<p>译注<a class="pn-paper__article" href="#">哪一篇</a></p></article>'
    )
    assert sections(html) == [("", "", "引用\n@misc{a}\n一\n译注哪一篇")]


def test_what_stands_outside_the_article_is_left_out() -> None:
    assert sections("<nav>a</nav><article><p>b</p></article><footer>c</footer>") == [("", "", "b")]
