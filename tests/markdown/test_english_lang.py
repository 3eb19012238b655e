"""English inside Chinese prose is marked as English; what only looks like it is left alone."""

from __future__ import annotations

import markdown
import pytest

from papernotes.markdown.english_lang import EnglishExtension


def render(text: str) -> str:
    return markdown.markdown(text, extensions=["attr_list", EnglishExtension()])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("低秩适应（Low-Rank Adaptation, LoRA）省显存", '低秩适应（<span lang="en">Low-Rank Adaptation, LoRA</span>）省显存', id="a term"),
        pytest.param("见 Direct Preference Optimization 一文", '见 <span lang="en">Direct Preference Optimization</span> 一文', id="a title"),
        pytest.param("用 LoRA 微调", "用 LoRA 微调", id="one word"),
        pytest.param("Llama 2 与 GPT-4", "Llama 2 与 GPT-4", id="names with numbers"),
        pytest.param("`pip install this now`", "<code>pip install this now</code>", id="code"),
        pytest.param("**one word** 和 *two more*", '<strong><span lang="en">one word</span></strong> 和 <em><span lang="en">two more</span></em>', id="inside others"),
        pytest.param("a one two 中 three four 末", 'a <span lang="en">one two</span> 中 <span lang="en">three four</span> 末', id="twice"),
        pytest.param("https://x.org/some page", "https://x.org/some page", id="an address"),
        pytest.param("a &lt;b&gt; some words", 'a &lt;b&gt; <span lang="en">some words</span>', id="escaped characters stay so"),
    ],
)  # fmt: skip
def test_runs_of_english_are_marked(text: str, html: str) -> None:
    assert render(text) == f"<p>{html}</p>"


def test_what_says_its_language_is_left_alone() -> None:
    assert render("*zwei Worte*{ lang=de }") == '<p><em lang="de">zwei Worte</em></p>'
