"""Terms as a reader meets them: hovering, focusing, touching; the list filtered; the way back to the sections."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from papernotes.data.site import Site

PAPER = "papers/instructgpt.html"
TERM = '.pn-term[data-pn-preview="term-direct-preference-optimization"]'
CARD = "#pn-preview"
FIELD = ".pn-filter__input"
ENTRY = ".pn-entry:visible"

IN_WINDOW = """(card) => {
  const box = card.getBoundingClientRect();
  return box.left >= 0 && box.right <= document.documentElement.clientWidth && box.width > 100;
}"""


def names(page: Page) -> list[str]:
    return [text.replace("¶", "").strip() for text in page.locator(f"{ENTRY} .pn-entry__name").all_inner_texts()]


def test_hovering_a_term_shows_its_card(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    term = page.locator(TERM).first
    term.scroll_into_view_if_needed()
    term.hover()
    card = page.locator(CARD)
    expect(card).to_be_visible()
    expect(card).to_contain_text("直接偏好优化")
    expect(card).to_contain_text("direct preference optimization（DPO）")
    expect(card).to_contain_text("分类损失")
    # The pointer may go to the card and use its link.
    card.get_by_role("link", name="术语表里的条目").hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_term_stands_inside_chinese_and_the_text_is_whole(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    text = page.locator("article li", has=page.locator(TERM)).first.inner_text()
    assert "；直接偏好优化（direct preference optimization, DPO）证明" in text


def test_focus_shows_the_card_and_tab_leads_through_it(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    term, card = page.locator(TERM).first, page.locator(CARD)
    before = page.locator(".pn-term").nth(
        page.locator(".pn-term").evaluate_all(f"(all) => all.findIndex((one) => one.matches('{TERM}'))") - 1
    )
    before.focus()
    page.keyboard.press("Tab")  # into the card of the term before
    page.keyboard.press("Tab")  # out of it, to the next term
    expect(term).to_be_focused()
    expect(card).to_be_visible()
    expect(card).to_contain_text("direct preference optimization")
    expect(term).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(card.get_by_role("link")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(term).to_be_focused()
    expect(term).to_have_attribute("aria-expanded", "false")
    assert urlsplit(page.url).path.endswith(PAPER)


def test_the_link_in_the_card_leads_to_the_entry(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    page.locator(TERM).first.click()
    assert urlsplit(page.url).path.endswith(PAPER)
    page.locator(CARD).get_by_role("link").click()
    expect(page.locator("#term-direct-preference-optimization")).to_be_in_viewport()
    assert page.url.endswith("glossary.html#term-direct-preference-optimization")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_tap_opens_and_does_not_navigate(visit: Callable[..., Any], base: str, dark: bool) -> None:
    page = visit(base, width=390, height=844, dark=dark, has_touch=True, is_mobile=True).open(PAPER)
    term, card = page.locator(TERM).first, page.locator(CARD)
    term.scroll_into_view_if_needed()
    term.tap()
    expect(card).to_be_visible()
    assert card.evaluate(IN_WINDOW)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.wait_for_timeout(400)
    assert urlsplit(page.url).path.endswith(PAPER)
    expect(card).to_be_visible()
    other = page.locator(".pn-term").nth(1)
    other.tap()
    expect(card).to_contain_text(other.inner_text())
    other.tap()
    expect(card).to_be_hidden()
    other.tap()
    page.touchscreen.tap(195, 5)
    expect(card).to_be_hidden()


def test_every_card_of_a_page_fits_a_phone(visit: Callable[..., Any], built_site: Path) -> None:
    page = visit(f"file://{built_site}", width=360, height=640, has_touch=True).open(PAPER)
    for term in page.locator(".pn-term").all()[:25]:
        term.scroll_into_view_if_needed()
        term.tap()
        expect(page.locator(CARD)).to_be_visible()
        assert page.locator(CARD).evaluate(IN_WINDOW), term.inner_text()
        page.keyboard.press("Escape")


def test_a_screen_reader_gets_the_definition(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    term = page.locator(TERM).first
    expect(term).to_have_role("button")
    expect(term).to_have_accessible_name("直接偏好优化")
    expect(term).to_have_accessible_description(re.compile("分类损失"))
    term.click()
    expect(page.get_by_role("dialog", name="直接偏好优化")).to_be_visible()


def test_no_term_in_code_links_headings_or_formulas(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    assert page.locator("article .pn-term").count() > 20
    for place in ("a a", "code", "pre", "h1", "h2", "h3", "math", ".pn-figure__number", ".pn-src", "th", ".pn-card"):
        assert page.locator(f"article {place} .pn-term").count() == 0, place


def test_print_shows_neither_card_nor_underline(visit: Callable[..., Any], base: str) -> None:
    page = visit(base).open(PAPER)
    term = page.locator(TERM).first
    term.click()
    page.emulate_media(media="print")
    expect(page.locator(CARD)).to_be_hidden()
    assert term.evaluate("(term) => getComputedStyle(term).textDecorationLine") == "none"


def test_without_javascript_a_term_is_a_link_to_its_entry(visit: Callable[..., Any], base: str, fixture: Site) -> None:
    page = visit(base, java_script_enabled=False).open(PAPER)
    page.locator(TERM).first.click()
    page.wait_for_url("**/glossary.html#term-direct-preference-optimization")
    assert page.locator(FIELD).count() == 0
    assert page.locator(".pn-entry").count() == len(fixture.glossary.terms)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        pytest.param("低秩适应", "低秩适应", id="Chinese"),
        pytest.param("秩适", "低秩适应", id="part of the Chinese"),
        pytest.param("low-rank", "低秩适应", id="English"),
        pytest.param("Low Rank ADAPT", "低秩适应", id="English, other case, no hyphen"),
        pytest.param("lora", "低秩适应", id="abbreviation"),
        pytest.param("ＬｏＲＡ", "低秩适应", id="full-width letters"),
        pytest.param("低秩适配", "低秩适应", id="variant"),
        pytest.param("比例策略优化", "近端策略优化", id="wrong rendering"),
        pytest.param("遮罩", "掩码", id="variant in several entries"),
        pytest.param("键值", "键值缓存", id="the beginning"),
    ],
)  # fmt: skip
def test_the_list_filters(visit: Callable[..., Any], site_server: str, query: str, name: str) -> None:
    page = visit(site_server).open("glossary.html")
    everything = page.locator(ENTRY).count()
    page.locator(FIELD).fill(query)
    shown = names(page)
    assert name in shown
    assert len(shown) < 10
    expect(page.locator(".pn-filter__count")).to_have_text(f"找到 {len(shown)} 条")
    headings = page.locator("article h2:visible").count()
    assert 1 <= headings <= len(shown)
    page.locator(FIELD).fill("")
    assert page.locator(ENTRY).count() == everything


def test_the_list_filters_from_disk_and_says_when_nothing_is_found(
    visit: Callable[..., Any], built_site: Path, fixture: Site
) -> None:
    page = visit(f"file://{built_site}", width=390).open("glossary.html")
    page.locator(FIELD).press_sequentially("moe")
    assert "混合专家" in names(page)
    page.locator(FIELD).fill("没有这个词")
    assert names(page) == []
    expect(page.locator(".pn-filter__count")).to_have_text("没有这样的术语")
    expect(page.locator(".pn-none__words")).to_have_text("没有术语含有「没有这个词」。")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="清除筛选").click()
    assert len(names(page)) == len(fixture.glossary.terms)
    expect(page.locator(FIELD)).to_be_focused()


def test_an_address_shows_its_entry_whatever_is_filtered(visit: Callable[..., Any], site_server: str) -> None:
    page = visit(site_server).open("glossary.html")
    page.locator(FIELD).fill("量化")
    page.evaluate("location.hash = '#term-mask'")
    expect(page.locator("#term-mask")).to_be_in_viewport()
    assert page.locator(FIELD).input_value() == ""


@pytest.mark.parametrize("term", ["direct-preference-optimization", "low-rank-adaptation", "mask", "token"])
def test_back_references_lead_to_the_sections(visit: Callable[..., Any], base: str, term: str) -> None:
    page = visit(base).open("glossary.html")
    entry = page.locator(f"#term-{term}")
    entry.locator("summary").click()
    links = entry.locator(".pn-entry__uses a[href*='#']")
    addresses = [str(link.get_attribute("href")) for link in links.all()]
    assert addresses
    links.first.click()
    page.wait_for_url("**/" + addresses[0].partition("#")[0] + "**")
    section = unquote(urlsplit(page.url).fragment)
    heading = page.locator(f'[id="{section}"]')
    expect(heading).to_be_in_viewport()
    # The term is marked between this heading and the next.
    assert heading.evaluate(
        """(heading, key) => {
          const all = Array.from(document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6, .pn-term)"));
          const from = all.indexOf(heading);
          const to = all.findIndex((one, index) => index > from && /^H/.test(one.tagName));
          return all.slice(from + 1, to < 0 ? undefined : to).some((one) => one.dataset.pnPreview === key);
        }""",
        f"term-{term}",
    )


def test_a_phone_has_links_to_the_groups(visit: Callable[..., Any], base: str) -> None:
    page = visit(base, width=390).open("glossary.html")
    links = page.get_by_role("navigation", name="术语的分组").get_by_role("link")
    headings = [text.replace("¶", "").strip() for text in page.locator("article h2").all_inner_texts()]
    assert links.all_inner_texts() == headings
    page.locator(FIELD).fill("lora")
    links.last.click()
    expect(page.locator("article h2").last).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(links.first).to_be_hidden()


def test_on_a_phone_a_label_leads_its_values(visit: Callable[..., Any], site_server: str) -> None:
    page = visit(site_server, width=390).open("glossary.html")
    looks = page.locator("#term-mask dl > div").evaluate_all(
        """(all) => all.map((each) => {
          const [label, value] = each.children;
          return [label.getClientRects()[0].top === value.getClientRects()[0].top,
            getComputedStyle(label).color !== getComputedStyle(value).color, getComputedStyle(label, "::after").content];
        })"""
    )
    assert looks and all(look == [True, True, '"："'] for look in looks)
