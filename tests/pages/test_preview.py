"""Each card stands once in its page, outside the article."""

from __future__ import annotations

from papernotes.pages import preview

PAGE = '<article>{}</article><div class="md-dialog"></div>'


def card(name: str) -> str | None:
    return f"<p>{name}</p>" if name != "nothing" else None


def test_a_missing_card_is_added_once_and_after_the_article() -> None:
    html = PAGE.format('<a data-pn-preview="paper-dpo">a</a><a data-pn-preview="paper-dpo">b</a>')
    done = preview.add(html, {"paper-": card})
    assert done.count('<div id="pn-preview-paper-dpo" class="pn-card" hidden><p>dpo</p></div>') == 1
    assert done.index("</article>") < done.index('pn-preview-paper-dpo"') < done.index("md-dialog")


def test_a_card_that_is_there_is_left_alone() -> None:
    html = PAGE.format('<a data-pn-preview="term-lora">a</a><div id="pn-preview-term-lora"></div>')
    assert preview.add(html, {"term-": card}) == html


def test_a_key_without_a_card_stays_a_plain_link() -> None:
    html = PAGE.format('<a data-pn-preview="paper-nothing">a</a><a data-pn-preview="other-key">b</a>')
    assert preview.add(html, {"paper-": card}) == html


def test_a_theme_without_the_place_is_reported() -> None:
    try:
        preview.add('<a data-pn-preview="paper-dpo">a</a>', {"paper-": card})
    except ValueError as error:
        assert "base template has changed" in str(error)
    else:
        raise AssertionError("the card was lost in silence")
