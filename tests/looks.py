"""What a page must look like wherever it comes from: measured in a browser, by the tests of both sites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from picturing import check_pictures
from playwright.sync_api import Page, expect
from seeded import SOAK

from papernotes.dev.host import Host
from papernotes.figures.figure import Figure

LOOKS = [(320, True), (390, True), *([(1280, True), (390, False)] if SOAK else []), (640, False), (1280, False)]
"""Widths of the window in pixels, and whether it is dark; 640 is a window of 1280 at 200 % zoom."""
SEEN_WIDTHS = (390, 1280)
"""Those at which axe looks, and at which pictures are measured."""

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

# All that does not hold together in a window of this width, once it is drawn: one question, for each costs a look time.
LOOSE = f"""async (width) => {{
  await {DRAWN};
  const page = document.documentElement.scrollWidth > width ? ["the page"] : [];
  return [...page, ...({WIDE})(), ...({SQUEEZED})()];
}}"""


def pages_of(site: Path) -> list[str]:
    """The pages that a reader stays on, by their paths in the site."""
    pages = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    return [path for path, html in pages.items() if 'http-equiv="refresh"' not in html]


# Axe measures the contrast of each text by itself, for most of its time; texts of one colour, size and ground on a page have one
# contrast. Of those that are alike in all this and can be seen, two are measured; each that lies over others is unlike the rest.
# None is in what has no text of its own, and of the texts of a picture axe cannot tell it.
ALIKE = """(within) => {
  const known = new Map();
  const ground = (element) => {
    if (!element) return "";
    if (!known.has(element)) {
      const style = getComputedStyle(element);
      const own = ["absolute", "fixed"].includes(style.position)
        ? [known.size]
        : [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode];
      known.set(element, `${ground(element.parentElement)}|${own}`);
    }
    return known.get(element);
  };
  const seen = {};
  for (const element of document.querySelectorAll(`${within} *`)) {
    const text = [...element.childNodes].map((node) => node.nodeType === Node.TEXT_NODE ? node.data.trim() : "").join("");
    if (!text || element.closest("svg")) {
      element.toggleAttribute("data-alike", !element.matches("a, input, select, textarea"));
      continue;
    }
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(element), around = getComputedStyle(element.parentElement);
    const look = [
      element.tagName, text.length > 1, style.color, style.fontSize, style.fontWeight, style.textDecorationLine, style.textShadow,
      around.color, around.fontWeight, ground(element),
    ];
    seen[look] = (seen[look] || 0) + 1;
    element.toggleAttribute("data-alike", seen[look] > 2);
  }
  axe.configure({rules: [
    {id: "color-contrast", selector: ":not([data-alike])"},
    {id: "link-in-text-block", selector: "a[href]:not([data-alike])"},
  ]});
}"""


def axe_complaints(page: Page, context: str | None = None) -> list[str]:
    """What axe finds on a page as it stands, or in what a selector names: rules, each with the first of its elements.

    Of the entries of the glossary, which are all alike, twelve are looked at.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    page.evaluate(ALIKE, context or "body")
    options = {
        "resultTypes": ["violations"],
        "preload": False,  # it would look for sound that plays by itself
        "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, and off unless asked for
    }
    where = context or {"exclude": [[".pn-entry:nth-of-type(n + 13)"]]}
    found = page.evaluate("async (each) => (await axe.run(...each)).violations", [where, options])
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]


def check_page(page: Page, seen: Iterable[tuple[int, bool]], figures: Sequence[Figure] = (), *, axe: bool) -> None:
    """In each of these looks nothing is wider than the window, formulas keep the room of their columns, pictures are legible,
    and axe finds nothing. `axe`: whether it looks at the whole page, and not at the pictures alone, which it does in
    `make test` in the first look of `SEEN_WIDTHS`.
    """
    body, pictured = page.locator("body"), False
    for width, dark in seen:
        page.set_viewport_size({"width": width, "height": 900})
        scheme = "slate" if dark else "default"
        if body.get_attribute("data-md-color-scheme") != scheme:
            page.emulate_media(color_scheme="dark" if dark else "light")
            expect(body).to_have_attribute("data-md-color-scheme", scheme)
        assert page.evaluate(LOOSE, width) == [], width
        if width in SEEN_WIDTHS:
            if figures:
                check_pictures(page, figures, width)
            if axe or (figures and (SOAK or not pictured)):
                assert axe_complaints(page, None if axe else ".pn-figure") == [], (width, dark)
                pictured = True


def check_pages(
    opened: Any,
    paths: Iterable[str],
    *,
    axe: Collection[str],
    figures: Mapping[str, list[Figure]],
    back: Sequence[tuple[int, bool]] = LOOKS,
) -> None:
    """`check_page` for each of these pages, each opened once, in a window that asks for less motion: no colour is met half faded.

    Every other page takes the looks backwards, and so begins in the one that the page before ended in, on a phone in the dark or
    on a light screen. `axe`: the pages that it looks at. `figures`: those with a picture, by page. `back`: the looks that
    are taken backwards.
    """
    for number, (path, page) in enumerate(opened.tour(paths)):
        page.evaluate("document.fonts.ready")
        try:
            check_page(page, back[::-1] if number % 2 else LOOKS, figures.get(path, ()), axe=path in axe)
        except AssertionError as error:
            error.add_note(path)
            raise


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
