"""Where a reader was: kept on the device, offered again, erased; storage that fails costs nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PAPER = "papers/instructgpt.html"
KEPT = "JSON.parse(Object.entries(localStorage).find(([key]) => key.endsWith('.pn-reading-1'))[1])"
BAR = ".pn-reading"


def look_at(page: Page, *sections: str) -> None:
    """Read sections, each for a while."""
    for section in sections:
        page.evaluate("id => document.getElementById(id).scrollIntoView()", section)
        page.clock.run_for(3500)


def test_a_page_that_was_left_goes_on_where_it_was(base: str, visit: Callable[..., Any]) -> None:
    opened = visit(base)
    opened.context.clock.install()
    page = opened.open(PAPER)
    expect(page.locator(BAR)).to_have_count(0)
    look_at(page, "要点", "做法")
    page.reload()
    expect(page.locator(BAR)).to_contain_text("上次读到「做法」。")
    page.locator(f"{BAR} a").click()
    expect(page.locator("#做法")).to_be_in_viewport()
    expect(page.locator(BAR)).to_have_count(0)
    page.goto(f"{base}/index.html")
    expect(page.locator(BAR)).to_contain_text("接着读《大论文：用人的反馈训练模型听从指令》：「做法」")
    page.get_by_role("button", name="不用").click()
    expect(page.locator(BAR)).to_have_count(0)
    page.goto(f"{base}/offline.html")
    page.get_by_role("button", name="清除阅读记录").click()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('pn-reading'))") == []
    page.goto(f"{base}/{PAPER}")
    expect(page.locator(BAR)).to_have_count(0)


def test_of_a_page_that_was_read_it_is_said_what_has_changed(site_server: str, visit: Callable[..., Any]) -> None:
    opened = visit(site_server)
    opened.context.clock.install()
    page = opened.open(PAPER)
    look_at(page, *page.locator("article h2").evaluate_all("all => all.map(({ id }) => id)"))
    page.goto(f"{site_server}/papers/index.html")
    expect(page.locator("tr", has_text="大论文").locator(".pn-reading__read")).to_have_text("读过")
    page.goto(f"{site_server}/{PAPER}")
    expect(page.locator(BAR)).to_have_count(0)
    page.evaluate(f"""() => {{
      const kept = {KEPT};
      for (const id of ["结果", "局限"]) Object.values(kept)[0].seen[id] = "0";
      localStorage.setItem(Object.keys(localStorage).find((key) => key.endsWith(".pn-reading-1")), JSON.stringify(kept));
    }}""")
    page.reload()
    expect(page.locator(f"{BAR} > p")).to_have_text("上次读过之后改了「结果」、「局限」。")
    look_at(page, "结果", "局限")
    page.reload()
    expect(page.locator(BAR)).to_have_count(0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })", id="blocked"),
        pytest.param("Storage.prototype.setItem = () => { throw new Error('full'); }", id="full"),
        pytest.param("for (const page of ['', '/']) localStorage.setItem(location.pathname.replace(/papers.*/, '') + '.pn-reading-1', '{\"a\": 1, \"b\": {}}')", id="spoilt"),
        pytest.param("localStorage.setItem(location.pathname.replace(/papers.*/, '') + '.pn-reading-1', '[')", id="not JSON"),
    ],
)  # fmt: skip
def test_storage_that_fails_costs_nothing_else(site_server: str, visit: Callable[..., Any], spoil: str) -> None:
    opened = visit(site_server, strict="blocked" not in spoil)  # the theme's own script says so
    opened.context.clock.install()
    opened.context.add_init_script(spoil)
    page = opened.open(PAPER)
    look_at(page, "要点", "做法")
    expect(page.locator(BAR)).to_have_count(0)
    page.locator("article p a.pn-ref").first.hover()
    page.clock.run_for(1000)
    expect(page.locator(".pn-preview")).to_be_visible()
