"""Measure search on synthetic sites, beside Material's own search with jieba and Pagefind, in one run on the same pages.

What is measured, and how:
index      milliseconds a page for reading the built page, making the index and writing it
bytes      uncompressed bodies of all that search fetches up to the first result, scripts and workers included
first      milliseconds from the first key to the first result, on a CPU slowed four times, with an empty cache
later      the same for the keys after it, when the page has been searched once (the 95th of 100)
settled    the same, to the last change of the list: it is complete then
found      of runs of characters drawn at random from the pages, those whose page is in the result list
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from papernotes.data import term_table
from papernotes.dev import corpus, devtools
from papernotes.dev.devtools import Chromium, Page
from papernotes.dev.host import Host, serving
from papernotes.search import build, pages, text
from papernotes.search.postings import Page as FoundPage
from papernotes.text.han import HAN

SLOWED: Final = 4
LIMIT: Final = 60.0
"""Seconds after which a search is given up: Material makes its index in the browser before it answers."""
SHORT: Final = 4.0
"""The same for a key after the first, and for Pagefind, which answers at once or finds nothing."""

PEER: Final = "peer.html"
PEER_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>Pagefind</title>
<input class="md-search__input"><ol class="md-search-result__list"></ol>
<script type="module">
const input = document.querySelector("input"), list = document.querySelector("ol");
let loaded;
input.addEventListener("input", async () => {
  loaded = loaded || import("./pagefind/pagefind.js");
  const pagefind = await loaded;
  const query = input.value;
  const found = await pagefind.search(query);
  const shown = await Promise.all(found.results.slice(0, 8).map((result) => result.data()));
  if (query !== input.value) return;
  list.replaceChildren(...shown.map((data) => { const a = document.createElement("a"); a.href = data.url; a.textContent = data.excerpt;
    const li = document.createElement("li"); li.append(a); return li; }));
  window.peerShown = query;
  window.peerAll = found.results;
});
</script>
"""

MATERIAL: Final = """site_name: peer
site_url: ""
use_directory_urls: false
exclude_docs: /_data/
not_in_nav: /papers/*
theme: {name: material, language: zh, font: false}
plugins:
  - search: {lang: zh}
nav:
  - 首页: index.md
"""

# Notes for each key how long it took until the first result was in the list, and until the list changed for the last time.
WATCH: Final = """() => {
  const input = document.querySelector(".md-search__input");
  const list = document.querySelector(".md-search-result__list");
  window.times = [];
  window.changed = 0;
  let pressed = 0;
  let key = null;
  input.addEventListener("input", () => { pressed = performance.now(); key = null; }, true);
  new MutationObserver(() => {
    if (!pressed || !list.querySelector("a")) return;
    window.changed = performance.now();
    if (!key) window.times.push((key = [0, 0]));
    key[1] = window.changed - pressed;
    key[0] ||= key[1];
  }).observe(list, { childList: true, subtree: true });
}"""
QUIET: Final = 120
"""Milliseconds without a change after which the next key is typed."""


@dataclass(frozen=True)
class Figures:
    """What a reader waits for, on a server or from a disk: kilobytes and milliseconds."""

    kilobytes: float
    first: float
    later: float
    settled: float


@dataclass(frozen=True)
class Row:
    """One line of the table; None: not measured, because the system does not run there."""

    system: str
    pages: int
    index_ms: float
    index_mb: float
    http: Figures | None
    file: Figures | None
    found: float


def draw_queries(docs: Path, count: int, *, seed: int = 4) -> list[tuple[str, str]]:
    """Runs as a reader might type them, with the page each was drawn from: two thirds Chinese, one third Latin words."""
    source = random.Random(seed)
    files = sorted(docs.glob("papers/p*.md"))
    drawn = []
    for place in range(count):
        file = source.choice(files)
        body = file.read_text(encoding="utf-8").split("---", 2)[2]
        runs = re.findall(f"[{HAN}]{{4,}}", body) if place % 3 else re.findall("[A-Za-z]{4,}", body)
        run = source.choice(runs)
        start = source.randrange(len(run) - 3) if place % 3 else 0
        drawn.append((run[start : start + source.randint(3, 6)], f"papers/{file.stem}.html"))
    return drawn


def index_cost(root: Path, scratch: Path) -> tuple[float, float]:
    """Read every built page, make the index, write it: milliseconds of CPU a page, and megabytes."""
    terms = pages.terms(term_table.load(root / "docs", root)[0])
    files = sorted((root / "site/papers").glob("p*.html"))
    started = time.process_time()
    found = []
    for file in files:
        article = text.read(file.read_text(encoding="utf-8"))
        found.append(FoundPage(f"papers/{file.name}", "论文", article, title=article.title, names=(file.stem,)))
    made = build.files(found, terms, pages.KINDS)
    build.write(made, scratch)
    spent = time.process_time() - started
    return spent * 1000 / len(files), sum(len(content.encode()) for content in made.values()) / 1e6


# What belongs to a search: our scripts and index; Material's worker, its index and its libraries; Pagefind.
_OF_SEARCH: Final = re.compile(r"/(search|pagefind)/|/search[^/]*\.(js|css)|/workers/|/lunr/|/pagefind[^/]*$")
_STILL: Final = 0.5
"""Seconds without a request after which a page has fetched what it fetches by itself."""


def _settle(host: Host | None) -> None:
    seen = -1
    while seen != (now := len(host.sent) if host else 0):
        seen = now
        time.sleep(_STILL)


def _begin(page: Page, home: str, start: str, host: Host | None) -> None:
    """Open a page that waits for a query."""
    page.open(f"{home}/{start}")
    _settle(host)
    page.evaluate("document.querySelector('.md-search__input').focus()")


def _search(
    chromium: Chromium, home: str, start: str, query: str, host: Host | None
) -> tuple[int, list[tuple[float, float]]] | None:
    """Type a query into a fresh page: bytes that the host sent for it up to the first result, then for each key the time of
    the first result and of the last change. None: no result in time.
    """
    if host:
        host.sent.clear()
    with chromium.page() as page:
        _begin(page, home, start, host)
        page.slow(SLOWED)
        page.evaluate(f"({WATCH})()")
        for length in range(2, len(query) + 1):
            before = page.evaluate("times.length")
            page.insert(query[:2] if length == 2 else query[length - 1])
            if start != PEER:
                page.press_shift()  # the theme's own search listens to keys
            shown = page.wait(
                "(before) => times.length > before", before, limit=LIMIT if length == 2 and start != PEER else SHORT
            )
            if length == 2:
                if not shown:
                    return None
                size = sum(sent.size for sent in host.sent if _OF_SEARCH.search(sent.path)) if host else 0
            page.wait("(quiet) => performance.now() - changed > quiet", QUIET, limit=LIMIT)
        times = [(float(first), float(last)) for first, last in page.evaluate("times")]
        return size, times


def measure(
    chromium: Chromium, home: str, start: str, queries: Sequence[str], host: Host | None = None
) -> Figures | None:
    """Medians for the first key, the 95th percentile for later ones. None: nothing was ever found."""
    sizes, first, later = [], [], []
    for query in queries:
        found = _search(chromium, home, start, query, host)
        if found:
            sizes.append(found[0] / 1000)
            first.append(found[1][0][0])
            later += found[1][1:]
    if not sizes:
        return None

    def late(values: Sequence[float]) -> float:
        return sorted(values)[int(len(values) * 0.95)] if values else 0.0

    times, ends = zip(*later, strict=True) if later else ((), ())
    return Figures(statistics.median(sizes), statistics.median(first), late(times), late(ends))


def recall(chromium: Chromium, host: Host, start: str, queries: Sequence[tuple[str, str]], listing: str) -> float:
    """The share of queries whose page is anywhere in the results; `listing` is JavaScript that looks for it."""
    with chromium.page() as page:
        _begin(page, host.address, start, host)
        found = sum(bool(page.evaluate(listing, query, url, patience=LIMIT * 10)) for query, url in queries)
    return found / len(queries)


# Whether a page is anywhere in the results of a query; each stops as soon as it is found.
OUR_LISTING: Final = """async (query, url) => {
  await pnSearch.start();
  const found = await pnSearch.search(query, () => true);
  if (!found.answer) return false;
  const has = (results) => results.some((result) => result.url === url);
  let there = has(found.results);
  while (!there && !found.answer.done) there = has(await found.answer.next(() => true));
  return there;
}"""
PAGEFIND_LISTING: Final = """async (query, url) => {
  const pagefind = await import("./pagefind/pagefind.js");
  const found = await pagefind.search(query);
  for (const result of found.results) if ((await result.data()).url.endsWith(url)) return true;
  return false;
}"""
MATERIAL_LISTING: Final = """async (query, url) => {
  const input = document.querySelector(".md-search__input");
  const wrap = document.querySelector(".md-search__scrollwrap");
  const meta = document.querySelector(".md-search-result__meta");
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const type = (text) => {
    input.value = text;
    input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  };
  const links = () => Array.from(document.querySelectorAll(".md-search-result__list a"), (link) => link.href);
  type("");
  for (let wait = 0; wait < 300 && links().length; wait++) await pause(100);
  await pause(200);
  const before = meta.textContent;
  type(query);
  for (let wait = 0; wait < 300 && !links().length && meta.textContent === before; wait++) await pause(100);
  let seen = -1;
  while (links().length > seen) {
    seen = links().length;
    if (links().some((link) => new URL(link).pathname.endsWith(url))) return true;
    wrap.scrollTop = wrap.scrollHeight;
    await pause(150);
  }
  return false;
}"""


def _children() -> float:
    """Seconds of CPU that finished child processes have taken."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _folder_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def ours(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]]) -> Row:
    """Our search on the site built at `root`."""
    site = root / "site"
    spent, megabytes = index_cost(root, root / "scratch")
    start = "papers/p00000.html"
    typed = [query for query, _ in queries[:30]]
    with serving(site, compress=False) as host:
        http = measure(chromium, host.address, start, typed, host)
        found = recall(chromium, host, start, queries, OUR_LISTING)
    return Row("本站", size, spent, megabytes, http, measure(chromium, f"file://{site}", start, typed), found)


def material(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]], peers: Path) -> Row:
    """Material's search with jieba, on the same pages; the index's cost is the build's time with it less that without."""
    config = root / "material.yml"
    environment = {
        **os.environ,
        "PYTHONPATH": str(peers),
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
    }
    spent = {}
    for name, content in (("without", MATERIAL.replace("  - search: {lang: zh}\n", "  []\n")), ("with", MATERIAL)):
        config.write_text(content, encoding="utf-8")
        started = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "-q",
            "-f",
            str(config),
            "-d",
            str(root / f"material-{name}"),
        ]
        subprocess.run(command, check=True, env=environment, cwd=root)
        spent[name] = _children() - started
    site = root / "material-with"
    typed = [query for query, _ in queries[:6]]
    start = "papers/p00000.html"
    with serving(site, compress=False) as host:
        figures = measure(chromium, host.address, start, typed, host)
        found = recall(chromium, host, start, queries[:40], MATERIAL_LISTING) if figures else 0.0
    size_mb = _folder_mb(site / "search")
    cost = (spent["with"] - spent["without"]) * 1000 / size
    return Row("Material + jieba", size, cost, size_mb, figures, None, found)


def pagefind(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]], peers: Path) -> Row:
    """Pagefind over the pages that Material built."""
    site = root / "material-without"
    started = _children()
    program = peers / "node_modules/.bin/pagefind"
    subprocess.run([program, "--site", site, "--root-selector", "article"], check=True, stdout=subprocess.DEVNULL)
    spent = (_children() - started) * 1000 / size
    (site / PEER).write_text(PEER_PAGE, encoding="utf-8")
    typed = [query for query, _ in queries[:12]]
    with serving(site, compress=False) as host:
        figures = measure(chromium, host.address, PEER, typed, host)
        found = recall(chromium, host, PEER, queries, PAGEFIND_LISTING)
    return Row("Pagefind", size, spent, _folder_mb(site / "pagefind"), figures, None, found)


def table(rows: Sequence[Row]) -> str:
    """The figures as a Markdown table, in Chinese for the page that shows them."""
    lines = [
        "| 系统 | 页数 | 索引（毫秒/页） | 索引总量（MB） | 首个结果前的数据（KB） | http：首个结果 | http：之后每键 | http：列表到齐 | "
        "磁盘：首个结果 | 磁盘：之后每键 | 磁盘：列表到齐 | 找回率 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        cells = [row.system, f"{row.pages:,}", f"{row.index_ms:.1f}", f"{row.index_mb:.1f}"]
        cells.append(f"{row.http.kilobytes:,.0f}" if row.http else "无结果")
        for figures in (row.http, row.file):
            cells += (
                [f"{value:,.0f}" for value in (figures.first, figures.later, figures.settled)]
                if figures
                else ["不能运行"] * 3
            )
        lines.append(f"| {' | '.join([*cells, f'{row.found:.0%}'])} |")
    return "\n".join(lines)


_KEPT: Final = re.compile(r"(<!-- bench -->\n).*?(\n<!-- /bench -->)", re.S)


def keep(page: Path, rows: Sequence[Row]) -> None:
    """Put the table into a page between its two marks."""
    text_, count = _KEPT.subn(lambda match: f"{match[1]}\n{table(rows)}\n{match[2]}", page.read_text(encoding="utf-8"))
    if count != 1:
        raise OSError(f"{page} has no place between '<!-- bench -->' and '<!-- /bench -->'")
    page.write_text(text_, encoding="utf-8", newline="\n")


def run(repository: Path, sizes: Sequence[int], *, peers_up_to: int, runs: int = 150) -> list[Row]:
    """Build a synthetic site of each size and measure; up to `peers_up_to` pages the others on the same pages too."""
    from papernotes.build import publish
    from papernotes.dev import browser

    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="papernotes-bench-") as folder,
        devtools.running(browser.find()) as chromium,
    ):
        others = Path(folder) / "peers"
        if any(size <= peers_up_to for size in sizes):
            install_peers(others)
        for size in sizes:
            root = Path(folder) / str(size)
            corpus.write(root, size, repository=repository)
            started = time.perf_counter()
            publish.build(root / "mkdocs.yml", site_dir=root / "site")
            print(f"{size} pages: built in {time.perf_counter() - started:.0f} s", flush=True)
            queries = draw_queries(root / "docs", runs)
            rows.append(ours(root, chromium, size, queries))
            print(table(rows[-1:]), flush=True)
            if size <= peers_up_to:
                rows.append(material(root, chromium, size, queries, others))
                print(table(rows[-1:]), flush=True)
                rows.append(pagefind(root, chromium, size, queries, others))
                print(table(rows[-1:]), flush=True)
            shutil.rmtree(root)
    return rows


def install_peers(folder: Path) -> None:
    """Fetch jieba (PyPI) and Pagefind (npm) into a folder of their own; nothing of ours needs them."""
    folder.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), "jieba==0.42.1"], check=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), "pagefind@1.5.2"], check=True)
