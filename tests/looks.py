"""What a page must look like wherever it comes from: measured in a browser, by the tests of both sites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe

from papernotes.dev.host import Host

SETTLED = "document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))"
"""After `load`: whatever a page fetches of itself has begun and, from this machine, ended."""
# Until what was set has been drawn, however slow the machine is.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# What is wider than the window, though nothing around it scrolls.
WIDE = """() => {
  const wide = [];
  const edge = document.documentElement.clientWidth + 1;
  for (const element of document.querySelectorAll("main *")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= edge || element.closest("svg, math, .md-sidebar")) continue;
    let around = element.parentElement;
    while (around && !["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(around).overflowX)) around = around.parentElement;
    if (!around || around === document.body || around === document.documentElement) wide.push(element.tagName + "." + element.className);
  }
  return wide.slice(0, 5);
}"""


# Cells of one row of a formula that lie on each other, or columns of an aligned one that do not end where they should.
SQUEEZED = """() => [...document.querySelectorAll(".pn-formula--display mtr")].filter((row) => {
  const cells = [...row.children].map((cell) => cell.getBoundingClientRect());
  const content = [...row.children].map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getBoundingClientRect();
  });
  return cells.some((cell, place) => content[place].width > cell.width + 1 || (place && content[place].left < content[place - 1].right - 1));
}).map((row) => row.textContent.slice(0, 40))"""


def pages_of(site: Path) -> list[str]:
    """The pages that a reader stays on, by their paths in the site."""
    pages = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    return [path for path, html in pages.items() if 'http-equiv="refresh"' not in html]


def axe_complaints(opened: Any, paths: Iterable[str]) -> list[str]:
    """What axe finds on these pages. Of the entries of the glossary, which are all alike, twelve are looked at."""
    complaints = []
    for path, page in opened.tour(paths):
        page.evaluate("document.querySelectorAll('.pn-entry:nth-of-type(n + 13)').forEach((entry) => entry.remove())")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        complaints += [f"{path}: {each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]
    return complaints


def check_widths(opened: Any, paths: Iterable[str], widths: Iterable[int]) -> None:
    """At none of the widths is anything wider than the window, and formulas keep the room of their columns."""
    for path, page in opened.tour(paths):
        page.evaluate("document.fonts.ready")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(DRAWN)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            assert page.evaluate(WIDE) == [], (path, width)
            assert page.evaluate(SQUEEZED) == [], (path, width)


def check_scripts(site: Path) -> None:
    """Scripts with an address wait until the page is read; ours are one file, and so are our styles."""
    for file in site.rglob("*.html"):
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


def check_reach(site: Path) -> None:
    """Every page is in reach of the first, by links alone, without search and without JavaScript."""
    pages = {path: site / path for path in pages_of(site)}
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


def check_titles(site: Path) -> None:
    """Every page has a title and a description, each its own."""
    titles, descriptions = Counter[str](), Counter[str]()
    for file in (site / path for path in pages_of(site)):
        html = file.read_text(encoding="utf-8")
        title = re.search(r"<title>([^<]+)</title>", html)
        description = re.search(r'<meta name="description" content="([^"]+)"', html)
        assert title, file
        assert description, file
        titles[title[1]] += 1
        descriptions[description[1]] += file.name != "404.html"
    assert [text for text, count in titles.items() if count > 1] == []
    assert [text for text, count in descriptions.items() if count > 1] == []


def fetched(host: Host, opened: Any, path: str) -> dict[str, int]:
    """What a page with an empty cache fetches: path -> bytes."""
    host.sent.clear()
    page = opened.open(path)
    page.evaluate(SETTLED)
    page.close()
    assert {answer.status for answer in host.sent} == {200}
    counted = Counter(answer.path for answer in host.sent)
    assert [name for name, count in counted.items() if count > 1] == []
    return {answer.path: answer.size for answer in host.sent}


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(str(values["id"]))
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))


def check_uses(site: Path) -> int:
    """Every use on the glossary page leads to a section that marks the term; gives how many entries there are."""
    html = (site / "glossary.html").read_text("utf-8")
    entries = re.split(r'<section class="pn-entry" id="term-', html)[1:]
    pages: dict[str, _Page] = {}
    uses = 0
    for entry in entries:
        term = entry.partition('"')[0]
        for link in re.findall(r"<li>.*?</li>", entry):
            for address in re.findall(r'href="([^"]*)"', link):
                path, _, anchor = address.partition("#")
                if path not in pages:
                    pages[path] = _Page((site / path).read_text("utf-8"))
                page = pages[path]
                uses += 1
                assert not anchor or anchor in page.ids, address
                assert f"pn-preview-term-{term}" in page.ids, (term, path)
    assert uses > len(entries) / 4
    return len(entries)


def check_term_links(site: Path) -> int:
    """Every link to a term leads to its entry; gives how many there are."""
    page = site / "glossary.html"
    ids = _Page(page.read_text("utf-8")).ids
    led = 0
    for file in site.rglob("*.html"):
        for link in _Page(file.read_text("utf-8")).links:
            path, _, anchor = link.partition("#")
            if path.endswith("glossary.html") and (file.parent / path).resolve() == page:
                assert not anchor or anchor in ids, (file, link)
                led += anchor.startswith("term-")
    return led
