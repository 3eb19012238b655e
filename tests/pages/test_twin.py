"""The Markdown twins: what a reader sees of a page, and every link of it, comes back from a Markdown parser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from linking import links, links_of_text, pages, without_code
from selectolax.lexbor import LexborHTMLParser

from papernotes.pages.files import twin


def read(html: str, url: str = "papers/a.html") -> str:
    return twin.write(f"<article>{html}</article>", twin.relative(url))[0].rstrip("\n")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<h2><a class=pn-heading href='#甲'>甲</a></h2><p>一\n二</p>", "## 甲\n\n一 二", id="a heading, a paragraph"),
        pytest.param("<p><a href='../b.html#c'>乙</a></p>", "[乙](../b.html#c)", id="a link"),
        pytest.param("<p><a href='#c'>乙</a></p>", "[乙](a.html#c)", id="a link inside the page"),
        pytest.param("<p><a href='b (1).html'>[乙]</a></p>", r"[\[乙\]](b%20%281%29.html)", id="brackets in a link"),
        pytest.param("<p>a<strong> b </strong>c <em>d</em></p>", "a **b** c *d*", id="white space inside emphasis"),
        pytest.param("<p>*a* _b_ `c` $5 &lt;b&gt; &amp;amp; [d] \\</p>", r"\*a\* \_b\_ \`c\` \$5 \<b> \&amp; \[d\] \\", id="markup in text"),
        pytest.param("<p># a</p><p>1. b</p><p>- c</p><p>2023 d</p>", "\\# a\n\n1\\. b\n\n\\- c\n\n2023 d", id="the beginning of a line"),
        pytest.param("<h2>1. a</h2><p>0.36 / -1</p><p>-1</p><p>---</p><p>~~~</p>", "## 1. a\n\n0.36 / -1\n\n-1\n\n\\---\n\n\\~~~", id="what begins a line and is no mark there"),
        pytest.param("<p><code>a`b</code> <code>c</code></p>", "``a`b`` `c`", id="code"),
        pytest.param(
            "<div class='language-py highlight'><pre><span></span><code>a\n  b\n</code></pre></div>", "```py\na\n  b\n```", id="code block"
        ),
        pytest.param("<pre>```\nx\n```</pre>", "````\n```\nx\n```\n````", id="fence in code"),
        pytest.param(
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "-   a\n\n-   b\n\n    -   c", id="a list in a list"
        ),
        pytest.param("<ol start=3><li>a</li><li>b</li></ol>", "3.  a\n4.  b", id="numbers"),
        pytest.param(
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>", "| a | b |\n| --- | --- |\n| 1\\|2 |  |", id="a table"
        ),
        pytest.param("<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd><dd>e</dd></dl>", "-   **a**：b\n-   **c**：d；e", id="definitions"),
        pytest.param(
            "<div class='admonition note'><p class=admonition-title>注</p><p>a</p></div>", "> **注**\n>\n> a", id="a note"
        ),
        pytest.param("<dl><dt>a</dt><dd>b\n<span class=x__line>c</span>\n<span class=x__line>d</span></dd></dl>", "-   **a**：b；c；d", id="lines of a definition"),
        pytest.param("<dl><dt>a</dt><dd>b<details><summary>c</summary><table><tr><th>d</th></tr></table></details></dd><dt>e</dt><dd>f</dd></dl>", "-   **a**：b\n\n    **c**\n\n    | d |\n    | --- |\n\n-   **e**：f", id="a table in a definition"),
        pytest.param("<details><summary>甲</summary><p>乙</p></details>", "**甲**\n\n乙", id="details"),
        pytest.param("<p>甲<span class=pn-src><span>来源：\u2060</span>表\u00a01</span> 乙</p>", "甲（来源：表 1）乙", id="a source mark"),
        pytest.param(
            "<section><fieldset><label><input type=radio>译文</label></fieldset><p><span><span class=pn-pairs__zh>甲。</span>"
            "<span class=pn-pairs__en lang=en>A. </span><span class=pn-pairs__drift>原文已改</span></span><span>乙。</span></p></section>",
            "甲。（A.）（原文已改）乙。",
            id="a translation with its original",
        ),
        pytest.param(
            "<p><span class=pn-formula><math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1 &lt; [2](3)</annotation>"
            "</semantics></math></span></p>",
            "$x_1 < [2](3)$",
            id="a formula",
        ),
        pytest.param(
            "<div class=pn-equation><div><math><semantics><annotation encoding='application/x-tex'>a \\\\\nb</annotation>"
            "</semantics></math></div><a class=pn-equation__link href='#f'></a></div>",
            "$$\na \\\\\nb\n$$",
            id="a formula on its own",
        ),
        pytest.param(
            "<div class=pn-equation><math><semantics><annotation encoding='application/x-tex'>a</annotation></semantics></math>"
            "<a class=pn-equation__number href='#eq-a'>(2)</a></div>",
            "$$\na\n\\tag{2}\n$$",
            id="a formula with a number",
        ),
        pytest.param("<p><svg role=img aria-label='一张 [图]'><text>x</text></svg></p>", "（图：一张 \\[图\\]）", id="a drawing"),
        pytest.param("<p><svg aria-label=图><a href=b.html>乙</a></svg></p>", "（图：图；[乙](b.html)）", id="a drawing with links"),
        pytest.param("<p><svg><path d='M0 0'/></svg>甲</p>", "甲", id="an ornament"),
        pytest.param("<p><img src='a b.png' alt='甲'></p>", "![甲](a%20b.png)", id="a picture"),
        pytest.param("<p hidden>a</p><script>b</script><button>c</button><!-- d --><p>e</p>", "e", id="what nobody sees"),
        pytest.param("<p>甲<wbr>乙\u2060丙</p>", "甲乙丙", id="where a line may break"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_an_element(html: str, expected: str) -> None:
    assert read(html) == expected


@pytest.mark.parametrize(
    ("site_url", "expected"),
    [("https://notes.example.org/zh", "https://notes.example.org/zh/b.html#c"), ("", "b.html#c")],
)
def test_addresses_from_elsewhere(site_url: str, expected: str) -> None:
    address = twin.absolute("papers/a.html", site_url)
    assert address("../b.html#c") == expected
    assert address("https://arxiv.org/abs/2305.18290") == "https://arxiv.org/abs/2305.18290"


def test_every_page_has_a_twin_with_its_links(built_site: Path) -> None:
    urls = list(pages(built_site))
    assert len(urls) >= 10
    assert {twin.path_of(url) for url in urls} == {
        file.relative_to(built_site).as_posix() for file in built_site.rglob("*.md")
    }
    for url in urls:
        text = (built_site / twin.path_of(url)).read_text(encoding="utf-8")
        html = (built_site / url).read_text(encoding="utf-8")
        assert links_of_text(text, url) == links(html, url), url
        assert not re.search(r"(?<!\\)\[[@~]|【来源|^///", without_code(text), re.MULTILINE), url
        alternate = LexborHTMLParser(html).css_first('link[rel~="alternate"][type="text/markdown"]')
        assert alternate is not None
        assert urljoin(url, alternate.attributes["href"] or "") == twin.path_of(url)


def test_the_whole_text_is_that_of_the_twins(built_site: Path) -> None:
    full = (built_site / "llms-full.txt").read_text(encoding="utf-8")
    listed = re.findall(
        r"^- \[[^\]]*\]\(((?:papers|topics)/[^)]*)\)", (built_site / "llms.txt").read_text(encoding="utf-8"), re.M
    )
    places = re.findall(r"^---\n\n地址：\[([^\]]*)\]\(\1\)\n", full, re.MULTILINE)
    assert [twin.path_of(place) for place in places] == listed
    assert len(listed) >= 5
    parts = re.split(r"(?m)^---\n\n地址：.*\n", full)[1:]
    for place, part in zip(places, parts, strict=True):
        text = (built_site / twin.path_of(place)).read_text(encoding="utf-8")
        assert links_of_text(part, "index.html") == links_of_text(text, place)
        heading = re.search("^# .*$", text, re.MULTILINE)
        assert heading is not None
        assert heading.group() in part
