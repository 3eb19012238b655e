"""Lines of Chinese are joined; lines of other scripts keep their space; code keeps its line ends."""

from __future__ import annotations

import markdown
import pytest

from papernotes.typography import TypographyExtension, join_lines


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param("汉字\n汉字", "汉字汉字", id="between characters"),
        pytest.param("句号。\n下一句", "句号。下一句", id="after punctuation"),
        pytest.param("句号。\nDPO 是", "句号。DPO 是", id="punctuation, then Latin"),
        pytest.param("用\nDPO", "用 DPO", id="character, then Latin"),
        pytest.param("one\ntwo", "one two", id="Latin"),
        pytest.param("汉字  \n  汉字", "汉字汉字", id="blanks around the break"),
        pytest.param("（\nLoRA", "（LoRA", id="opening bracket"),
        pytest.param("日本語の\nテスト", "日本語の テスト", id="kana are left alone"),
    ],
)
def test_join_lines(source: str, shown: str) -> None:
    assert join_lines(source) == shown


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
