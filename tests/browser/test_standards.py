"""What a page costs and how it behaves, as far as that is no noise: bytes, requests, shifts of the layout, console, reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from papernotes.dev import host as static
from papernotes.dev.host import Host

KINDS = ["index.html", "papers/dpo.html", "glossary.html", "papers/index.html", "figures.html", "map.html"]
"""The pages that the standards are measured on."""
MOST_BYTES = 150_000
"""For a first paper page, everything it fetches, over the wire."""
MOST_REQUESTS = 9
"""A page: itself, two style sheets of the theme and ours, two scripts, the icon, at most two fonts."""

SHIFTS = """() => {
  window.pnShifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      window.pnShifts.push({ value: entry.value, from: entry.sources.map((source) => source.node && (source.node.className || source.node.nodeName)) });
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.fixture(scope="module")
def host(built_site: Path) -> Iterator[Host]:
    """The real site, compressed as a static host does."""
    with static.serving(built_site) as running:
        yield running


def fetched(host: Host, opened: Any, path: str) -> dict[str, int]:
    """What a page with an empty cache fetches: path -> bytes."""
    host.sent.clear()
    page = opened.open(path)
    page.wait_for_load_state("networkidle")
    page.close()
    assert {answer.status for answer in host.sent} == {200}
    counted = Counter(answer.path for answer in host.sent)
    assert [name for name, count in counted.items() if count > 1] == []
    return {answer.path: answer.size for answer in host.sent}


def papers(built_site: Path) -> list[str]:
    """The paper pages that weigh most by themselves, and those among the ones that fetch a font."""

    def size(file: Path) -> int:
        return len(static.compressed(file, file.stat().st_mtime_ns))

    pages = sorted((built_site / "papers").glob("*.html"), key=size, reverse=True)
    pages = [file for file in pages if file.name != "index.html"]
    formulas = [file for file in pages if "<math" in file.read_text(encoding="utf-8")]
    assert len(formulas) > 3
    return sorted({f"papers/{file.name}" for file in (*pages[:3], *formulas[:3])})


def test_a_first_paper_page_is_light(built_site: Path, host: Host, visit: Callable[..., Any]) -> None:
    for path in papers(built_site):
        sizes = fetched(host, visit(host.address), path)
        assert sum(sizes.values()) <= MOST_BYTES, (path, sizes)
        assert len(sizes) <= MOST_REQUESTS, (path, sizes)
        assert not any(name.startswith("/search/") for name in sizes), "search is fetched when it is used"


def test_a_page_without_formulas_fetches_no_font(host: Host, visit: Callable[..., Any]) -> None:
    for path in ("index.html", "papers/index.html", "map.html"):
        assert not [name for name in fetched(host, visit(host.address), path) if name.endswith(".woff2")]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("pause", [0, 0.03], ids=["at once", "bit by bit"])
def test_nothing_moves_while_a_page_loads(
    built_site: Path, visit: Callable[..., Any], width: int, pause: float
) -> None:
    with static.serving(built_site, pause=pause) as slow:
        opened = visit(slow.address, width=width)
        opened.context.add_init_script(f"({SHIFTS})()")
        for path in (*KINDS, "guide/figures.html"):
            page = opened.open(path)
            page.wait_for_load_state("networkidle")
            page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 300)))")
            assert page.evaluate("window.pnShifts") == [], path
            page.close()


def test_our_scripts_stop_no_page_from_showing(built_site: Path) -> None:
    """Scripts with an address wait until the page is read; ours are one file, and so are our styles."""
    for file in built_site.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in html:
            continue
        loaded = re.findall(r"<script[^>]* src=[^>]*>", html)
        assert len(loaded) == 2, file
        assert all(script.startswith("<script defer ") for script in loaded), file
        sheets = re.findall(r'<link rel="stylesheet" href="[^"]*/?assets/stylesheets/(\w+)', html)
        assert sheets == ["main", "palette", "papernotes"], file


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.found.append(target)


def test_every_page_is_in_reach_of_the_first(built_site: Path) -> None:
    """By links alone, without search and without JavaScript."""
    pages = {file.relative_to(built_site).as_posix(): file for file in built_site.rglob("*.html")}
    seen, ahead = {"index.html"}, ["index.html"]
    while ahead:
        path = ahead.pop()
        parser = _Links()
        parser.feed(pages[path].read_text(encoding="utf-8"))
        for link in parser.found:
            parts = urlsplit(urljoin(f"http://site/{path}", link))
            target = unquote(parts.path).lstrip("/")
            if parts.netloc == "site" and target in pages and target not in seen:
                seen.add(target)
                ahead.append(target)
    assert set(pages) - seen == {"404.html"}


def test_every_page_says_what_it_is(built_site: Path) -> None:
    """A title and a description, each page its own."""
    titles, descriptions = Counter[str](), Counter[str]()
    for file in built_site.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        title = re.search(r"<title>([^<]+)</title>", html)
        description = re.search(r'<meta name="description" content="([^"]+)"', html)
        assert title, file
        assert description, file
        titles[title[1]] += 1
        descriptions[description[1]] += file.name != "404.html"
    assert [text for text, count in titles.items() if count > 1] == []
    assert [text for text, count in descriptions.items() if count > 1] == []


@pytest.mark.parametrize(
    "options", [{"reduced_motion": "reduce"}, {"forced_colors": "active"}], ids=["still", "forced"]
)
def test_readers_settings_are_honoured(host: Host, visit: Callable[..., Any], options: dict[str, str]) -> None:
    opened = visit(host.address, **options)
    for path in KINDS:
        page = opened.open(path)
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
        page.close()


def test_every_kind_of_page_reads_without_scripts(host: Host, visit: Callable[..., Any]) -> None:
    opened = visit(host.address, java_script_enabled=False)
    for path in KINDS:
        page = opened.open(path)
        assert len(page.locator("article").inner_text()) > 500, path
        page.close()
    page = opened.open("index.html")
    page.locator(".md-tabs__link", has_text="论文").first.click()
    assert page.url.endswith("papers/index.html")


def test_the_page_for_a_wrong_address_searches(host: Host, visit: Callable[..., Any]) -> None:
    opened = visit(host.address, strict=False)
    page = opened.open("papers/mistral_7b.htm?from=mail#results")
    expect(page.locator("h1")).to_have_text("没有这一页")
    expect(page.locator(".pn-missing__found a").first).to_have_attribute(
        "href", f"{host.address}/papers/mistral-7b.html"
    )
    expect(page.locator(".pn-missing__found a")).to_have_count(1)
    page = opened.open("papers/mixtrl.html")
    expect(page.locator(".pn-missing__found")).to_have_text("你要找的是不是Mixtral：专家的混合？")
    expect(page.locator(".pn-missing__found a")).to_have_attribute("href", f"{host.address}/papers/mixtral.html")
    page = opened.open("papers/language-model-training-notes.html")
    expect(page.locator(".pn-missing__found")).not_to_be_empty()
    assert 1 <= page.locator(".pn-missing__found a").count() <= 3
    for address in ("nothing-at-all-zzqx", "%E4%BC%98%FF.html", "a/b/c/404.html"):
        page = opened.open(address)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").is_visible()
        page.locator(".pn-missing a", has_text="全部页面").click()
        expect(page).to_have_url(f"{host.address}/lists.html")
    opened.context.close()
    assert opened.outside == []
    assert [message for message in opened.messages if "404 (Not Found)" not in message] == []
