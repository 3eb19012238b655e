"""Figures as a reader meets them: markers in their places, the keyboard alone, the platform's dialog, and axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCS, TODAY
from looks import axe_complaints
from picturing import drawn
from playwright.sync_api import Page, expect

from papernotes.data import site as sites
from papernotes.figures.render import Gallery

SITE, _ = sites.load(DOCS, root=DOCS.parent, today=TODAY)
GALLERY = Gallery(SITE)
DRAWN = drawn(GALLERY)
PAGE = "papers/instructgpt.html"
FIGURE = "#fig-pipeline"


def test_the_keyboard_alone_enlarges_every_picture(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base, width=390 if base.startswith("file:") else 1280).open()
    for path, found in DRAWN.items():
        page.goto(f"{base}/{path}")
        buttons = page.locator(".pn-figure__enlarge")
        expect(buttons).to_have_count(len(found))
        for number, figure in enumerate(found):
            button = buttons.nth(number)
            button.focus()
            page.keyboard.press("Enter")
            dialog = page.locator("dialog.pn-enlarged")
            expect(dialog.locator(".pn-svg")).to_be_visible()
            expect(dialog.locator(".pn-figure__notes")).to_be_visible()
            assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
            page.keyboard.press("Escape")
            expect(dialog).to_be_hidden()
            expect(button).to_be_focused()
            home = page.locator(f"#{figure.anchor}")
            expect(home.locator(".pn-figure__stage + .pn-figure__enlarge + .pn-figure__notes")).to_have_count(1)


def test_tab_walks_from_marker_to_marker_to_the_button(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base).open(PAGE)
    marks = page.locator(f"{FIGURE} .pn-figure__mark")
    marks.first.focus()
    for number in range(1, marks.count()):
        page.keyboard.press("Tab")
        expect(marks.nth(number)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{FIGURE} .pn-figure__enlarge")).to_be_focused()


@pytest.mark.parametrize("dark", [False, True])
def test_marker_and_note_show_each_other(base: str, visit: Callable[..., Any], dark: bool) -> None:
    page: Page = visit(base, dark=dark).open(PAGE)
    mark = page.locator(f"{FIGURE}-mark-2")
    note = page.locator(f"{FIGURE}-note-2")
    shown = re.compile("--shown")
    mark.hover()
    expect(note).to_have_class(shown)
    expect(note).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.mouse.move(0, 0)
    expect(note).not_to_have_class(shown)
    mark.focus()
    expect(note).to_have_class(shown)
    note.hover()
    expect(mark).to_have_class(shown)
    page.locator(f"{FIGURE}-note-3 .pn-figure__to-mark").focus()
    expect(page.locator(f"{FIGURE}-mark-3")).to_have_class(shown)
    expect(mark).to_have_class(shown)  # the pointer is still on its note


def test_touch_enlarges_and_closes(site_server: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(site_server, width=390, has_touch=True, is_mobile=True).open(PAGE)
    page.locator(f"{FIGURE} .pn-figure__picture").tap(position={"x": 2, "y": 2})
    expect(page.locator("dialog.pn-enlarged")).to_be_visible()
    scale = page.locator(".pn-enlarged .pn-svg").evaluate("svg => svg.clientWidth / svg.viewBox.baseVal.width")
    assert scale >= 1, "its text is as large as it was drawn"
    page.locator(".pn-enlarged__close").tap()
    expect(page.locator("dialog.pn-enlarged")).to_be_hidden()
    page.locator(f"{FIGURE} .pn-figure__enlarge").tap()
    page.locator(".pn-enlarged__close").tap()
    expect(page.locator("dialog.pn-enlarged")).to_be_hidden()
    expect(page.locator(f"{FIGURE} .pn-svg")).to_be_visible()


def test_without_javascript_the_notes_are_a_list_and_the_markers_links(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base, java_script_enabled=False).open(PAGE)
    expect(page.locator(".pn-figure__enlarge")).to_have_count(0)
    figure = page.locator(FIGURE)
    expect(figure.locator(".pn-figure__notes > li")).to_have_count(4)
    expect(figure.locator(".pn-figure__mark").first).to_have_attribute("href", f"{FIGURE}-note-1")


def test_in_print_markers_and_notes_stay(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base).open(PAGE)
    page.emulate_media(media="print")
    expect(page.locator(f"{FIGURE} .pn-figure__mark").first).to_be_visible()
    expect(page.locator(f"{FIGURE} .pn-figure__notes")).to_be_visible()
    expect(page.locator(f"{FIGURE} .pn-figure__enlarge")).to_be_hidden()


def test_the_text_of_a_picture_can_be_selected(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base).open(PAGE)
    page.locator(f"{FIGURE} .pn-svg text", has_text="拒绝采样").first.evaluate(
        "text => getSelection().selectAllChildren(text)"
    )
    assert page.evaluate("getSelection().toString()") == "拒绝采样"


def test_a_reference_shows_a_preview_of_its_figure(base: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(base).open("figures.html")
    link = page.locator(".pn-figure-reference").first
    expect(link).to_be_visible()
    key = link.get_attribute("data-pn-preview")
    expect(page.locator(f"#pn-preview-{key}")).to_have_count(1)
    link.focus()
    preview = page.locator(".pn-preview")
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("图")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()


def test_the_list_is_complete_and_each_link_leads_there(base: str, built_site: Path, visit: Callable[..., Any]) -> None:
    page: Page = visit(base).open("figures.html")
    links = page.locator("article li > a[href*='#fig-']")
    hrefs: list[str] = links.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    every = [figure for found in GALLERY.pages.values() for figure in found]
    assert sorted(hrefs) == sorted(f"{figure.uri.removesuffix('.md')}.html#{figure.anchor}" for figure in every)
    items = page.locator("article li", has=page.locator("a[href*='#fig-']"))
    waiting: list[str] = items.filter(has_text="图号待核").evaluate_all(
        "items => items.map((item) => item.textContent)"
    )
    assert len(waiting) == sum(not figure.verified and not figure.own for figure in every)
    sources: list[str] = page.locator("article li > a[href^='https://arxiv.org']").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert sorted(sources) == sorted(figure.source_url for figure in every if figure.source_url and not figure.own)
    for uri, found in GALLERY.pages.items():
        html = (built_site / f"{uri.removesuffix('.md')}.html").read_text(encoding="utf-8")
        assert re.findall(r'<figure class="pn-figure" id="([^"]+)"', html) == [figure.anchor for figure in found]


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1280, False), (390, False), (1280, True)])
def test_axe_finds_nothing_in_the_dialog(site_server: str, visit: Callable[..., Any], width: int, dark: bool) -> None:
    page: Page = visit(site_server, width=width, dark=dark, reduced_motion="reduce").open(PAGE)
    page.locator(".pn-figure__enlarge").first.click()
    assert axe_complaints(page, "dialog") == []
