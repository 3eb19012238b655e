"""Figures as a reader meets them: markers in their places, the keyboard alone, the platform's dialog, and axe."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from playwright.sync_api import Page, expect

from papernotes.data import site as sites
from papernotes.figures.figure import Figure
from papernotes.figures.render import Gallery

SITE, _ = sites.load(ROOT / "docs", root=ROOT, today=date.max)
GALLERY = Gallery.of(SITE)
DRAWN = {
    uri.removesuffix(".md") + ".html": [figure for figure in found if figure.picture]
    for uri, found in GALLERY.pages.items()
    if any(figure.picture for figure in found)
}
LOOKS = [(390, False), (390, True), (1280, False), (1280, True)]
PAGE = "papers/llama-2.html"
FIGURE = "#fig-pipeline"
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}  # axe then leaves the rest unreported, which is faster

# Text of a picture that runs over its edge or over other text, measured as it is laid out.
CLASHES = """() => {
  const found = [];
  for (const svg of document.querySelectorAll(".pn-svg")) {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => {
      const box = text.getBoundingClientRect();
      const rise = box.height * 0.2; // the line's own room above and below its glyphs
      return {words: text.textContent, left: box.left + 1, right: box.right - 1, top: box.top + rise, bottom: box.bottom - rise};
    });
    boxes.forEach((a, index) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
        found.push(`${a.words} runs over the edge`);
      for (const b of boxes.slice(index + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          found.push(`${a.words} runs over ${b.words}`);
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.mark.parametrize("path", DRAWN)
def test_every_picture_is_legible_in_every_look(
    site_server: str, visit: Callable[..., Any], axe: Axe, path: str
) -> None:
    """No text over text or edge, markers where their fractions say, and nothing for axe, at both widths in both schemes."""
    page: Page = visit(site_server, reduced_motion="reduce").open(path)  # no colour is met half faded
    for width, dark in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate" if dark else "default")
        assert page.evaluate(CLASHES) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sizes = page.locator(".pn-svg text").evaluate_all(
            "texts => texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
        )
        assert min(sizes) >= 10
        for figure in DRAWN[path]:
            check_markers(page, figure, width)
        found = axe.run(page, context=".pn-figure", options=ONLY_VIOLATIONS).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == [], (width, dark)


def check_markers(page: Page, figure: Figure, width: int) -> None:
    boxes = page.locator(f"#{figure.anchor}").evaluate(
        """(figure) => [figure.querySelector(".pn-svg"), ...figure.querySelectorAll(".pn-figure__mark")].map((element) => {
          const box = element.getBoundingClientRect();
          return [box.x, box.y, box.width, box.height];
        })"""
    )
    (left, top, wide, high), marks = boxes[0], boxes[1:]
    assert left >= 0 and left + wide <= width
    assert len(marks) == len(figure.markers)
    for (x, y), mark in zip(figure.markers, marks, strict=True):
        centre = (mark[0] + mark[2] / 2, mark[1] + mark[3] / 2)
        assert math.dist(centre, (left + x * wide, top + y * high)) < 1.5, figure.ident


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
    page.locator(f"{FIGURE} .pn-figure__enlarge").tap()
    expect(page.locator("dialog.pn-enlarged")).to_be_visible()
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


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_axe_finds_nothing_on_the_list_and_in_the_dialog(
    site_server: str, visit: Callable[..., Any], axe: Axe, width: int, dark: bool
) -> None:
    page: Page = visit(site_server, width=width, dark=dark, reduced_motion="reduce").open("figures.html")
    assert axe.run(page, context=".md-content").response["violations"] == []
    page.goto(f"{site_server}/{PAGE}")
    page.locator(".pn-figure__enlarge").first.click()
    assert axe.run(page, context="dialog").response["violations"] == []
