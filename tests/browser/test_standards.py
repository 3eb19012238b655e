"""What a page costs and how it behaves, as far as that is not noise: bytes, requests, shifts of the layout, console, reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import looks
import pytest
from playwright.sync_api import Page, expect

from papernotes.dev import host as static
from papernotes.dev.host import Host

KINDS = ["index.html", "papers/instructgpt.html", "glossary.html", "papers/index.html", "figures.html", "map.html"]
"""The pages that the standards are measured on."""
SHIFTS = """() => {
  window.pnShifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      window.pnShifts.push({ value: entry.value, from: entry.sources.map((source) => source.node && (source.node.className || source.node.textContent.trim().slice(0, 20) || source.node.nodeName)) });
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.fixture(scope="module")
def host(built_site: Path) -> Iterator[Host]:
    """The fixture site, compressed as a static host does."""
    with static.serving(built_site) as running:
        yield running


def test_a_page_without_formulas_fetches_no_font(host: Host, visit: Callable[..., Any]) -> None:
    for path in ("index.html", "papers/index.html", "map.html"):
        assert not [name for name in looks.fetched(host, visit(host.address), path) if name.endswith(".woff2")]
    assert [name for name in looks.fetched(host, visit(host.address), KINDS[1]) if name.endswith(".woff2")]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("pause", [0, 0.03], ids=["at once", "bit by bit"])
def test_nothing_moves_while_a_page_loads(
    built_site: Path, visit: Callable[..., Any], width: int, pause: float
) -> None:
    with static.serving(built_site, pause=pause) as slow:
        pages: dict[str, Page] = {}
        for path in (*KINDS, "guide/writing.html", "offline.html", "check.html", "404.html"):
            # Each with an empty cache, as a reader comes to it.
            opened = visit(slow.address, width=width)
            opened.context.add_init_script(f"({SHIFTS})()")
            pages[path] = opened.open(path)
            pages[path].evaluate("document.fonts.ready")
        pages[path].evaluate(looks.SETTLED)  # the last; the others have had longer
        moved = {path: shifts for path, page in pages.items() if (shifts := page.evaluate("window.pnShifts"))}
        assert moved == {}


@pytest.mark.parametrize("check", [looks.check_scripts, looks.check_reach, looks.check_titles])
def test_every_page_keeps_to_what_is_asked_of_all(built_site: Path, check: Callable[[Path], None]) -> None:
    check(built_site)


@pytest.mark.parametrize(
    "options", [{"reduced_motion": "reduce"}, {"forced_colors": "active"}], ids=["still", "forced"]
)
def test_readers_settings_are_honoured(host: Host, visit: Callable[..., Any], options: dict[str, str]) -> None:
    opened = visit(host.address, **options)
    for path, page in opened.tour(KINDS):
        assert page.locator("h1").first.is_visible()
        if "reduced_motion" in options:
            moving = page.evaluate(
                """() => [...document.querySelectorAll("main *")].filter((each) => {
                  const style = getComputedStyle(each);
                  const runs = style.animationName !== "none" && style.animationTimeline === "auto"; // not where the reader scrolls
                  return runs || parseFloat(style.transitionDuration) > 0.01 || style.scrollBehavior === "smooth";
                }).map((each) => each.className).slice(0, 5)"""
            )
            assert moving == [], path


def test_every_kind_of_page_reads_without_scripts(host: Host, visit: Callable[..., Any]) -> None:
    opened = visit(host.address, java_script_enabled=False)
    for path, page in opened.tour(KINDS):
        assert len(page.locator("article").inner_text()) > 100, path
    page = opened.open("index.html")
    page.locator(".md-tabs__link", has_text="论文").first.click()
    page.wait_for_url("**/papers/index.html")


def test_the_page_for_a_wrong_address_searches(host: Host, visit: Callable[..., Any]) -> None:
    opened = visit(host.address, strict=False)
    page = opened.open("papers/segment_anything.htm?from=mail#results")
    expect(page.locator("h1")).to_have_text("没有这一页")
    expect(page.locator(".pn-missing__found a").first).to_have_attribute(
        "href", f"{host.address}/papers/segment-anything.html"
    )
    expect(page.locator(".pn-missing__found a")).to_have_count(1)
    page = opened.open("papers/instrctgpt.html")
    expect(page.locator(".pn-missing__found")).to_have_text("你要找的是不是大论文：用人的反馈训练模型听从指令？")
    expect(page.locator(".pn-missing__found a")).to_have_attribute("href", f"{host.address}/papers/instructgpt.html")
    page = opened.open("papers/anything-instruct-small.html")
    expect(page.locator(".pn-missing__found")).not_to_be_empty()
    assert 1 <= page.locator(".pn-missing__found a").count() <= 3
    for address in ("nothing-at-all-zzqx", "%E4%BC%98%FF.html", "a/b/c/404.html"):
        page = opened.open(address)
        page.evaluate(looks.SETTLED)
        assert page.locator("h1").is_visible()
        page.locator(".pn-missing a", has_text="全部页面").click()
        expect(page).to_have_url(f"{host.address}/lists.html")
    opened.context.close()
    assert opened.outside == []
    assert [message for message in opened.messages if "404 (Not Found)" not in message] == []
