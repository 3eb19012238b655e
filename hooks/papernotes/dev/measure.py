"""What a reader waits for: queries typed key by key into a search in Chromium, and whether their page is found."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from papernotes.dev.devtools import Chromium, Page
from papernotes.dev.host import Host

SLOWED: Final = 4
LIMIT: Final = 60.0
"""Seconds after which a search is given up: Material makes its index in the browser before it answers."""
SHORT: Final = 4.0
"""The same for a key after the first, and for Pagefind, which answers at once or finds nothing."""
PEER: Final = "peer.html"
"""A page that searches by events of its input alone; the theme's own search listens to keys."""

# Notes for each key how long it took until the first result was in the list, and until the list changed for the last time;
# and when the very first result was there, in seconds since 1970.
WATCH: Final = """() => {
  const input = document.querySelector(".md-search__input");
  const list = document.querySelector(".md-search-result__list");
  window.times = [];
  window.changed = 0;
  window.shown = 0;
  let pressed = 0;
  let key = null;
  input.addEventListener("input", () => { pressed = performance.now(); key = null; }, true);
  new MutationObserver(() => {
    if (!pressed || !list.querySelector("a")) return;
    window.changed = performance.now();
    window.shown ||= (performance.timeOrigin + changed) / 1000;
    if (!key) window.times.push((key = [0, 0]));
    key[1] = window.changed - pressed;
    key[0] ||= key[1];
  }).observe(list, { childList: true, subtree: true });
}"""
STILL_AFTER: Final = 1500
"""The same before another query on a weak network, where a file may take as long."""
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
    """Type a query into a fresh page: bytes that were asked for before the first result, then for each key the time of the first
    result and of the last change. None: no result in time.
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
                page.press_shift()
            shown = page.wait(
                "(before) => times.length > before", before, limit=LIMIT if length == 2 and start != PEER else SHORT
            )
            if length == 2 and not shown:
                return None
            page.wait("(quiet) => performance.now() - changed > quiet", QUIET, limit=LIMIT)
        times = [(float(first), float(last)) for first, last in page.evaluate("times")]
        until = page.evaluate("shown")
        needed = [sent for sent in host.sent if sent.asked < until and _OF_SEARCH.search(sent.path)] if host else []
        return sum(sent.size for sent in needed), times


def typed_into(
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


WEAK: Final = {"latency": 400, "downloadThroughput": 50 * 1024, "uploadThroughput": 50 * 1024, "offline": False}
"""A weak network: milliseconds before a request is answered, bytes in a second."""
WEAK_SLOWED: Final = 6
AT_REST: Final = 6.0
"""Seconds that a reader reads before searching: a page is at rest by then."""


@dataclass(frozen=True)
class Waited:
    """What a reader waits for on a weak network, in milliseconds after the key: the first result of a first query and of another
    one; what came over the wire until the former.
    """

    first: float
    further: float
    requests: int
    kilobytes: float


def on_weak_network(
    chromium: Chromium, host: Host, start: str, query: str, other: str, *, rest: float
) -> Waited | None:
    """Type two queries into a page that was opened on a weak network, on a slowed CPU, `rest` seconds after it was there;
    None: no result in time.
    """
    with chromium.page() as page:
        page.open(f"{host.address}/{start}")
        _settle(host)
        host.sent.clear()
        page.order("Network.enable")
        page.order("Network.emulateNetworkConditions", **WEAK)
        page.slow(WEAK_SLOWED)
        page.evaluate(f"({WATCH})()")
        time.sleep(rest)
        before = len(host.sent)
        page.evaluate("document.querySelector('.md-search__input').focus()")
        page.insert(query)
        if not page.wait("() => times.length", limit=LIMIT):
            return None
        sent = host.sent[before:]
        page.wait("(quiet) => performance.now() - changed > quiet", STILL_AFTER, limit=LIMIT)
        page.evaluate("document.querySelector('.md-search__input').select()")
        known = page.evaluate("times.length")
        page.insert(other)
        if not page.wait("(known) => times.length > known", known, limit=LIMIT):
            return None
        times = page.evaluate("times")
        return Waited(times[0][0], times[known][0], len(sent), sum(each.size for each in sent) / 1000)


def recall(chromium: Chromium, host: Host, start: str, queries: Sequence[tuple[str, str]], listing: str) -> float:
    """The share of queries whose page is anywhere in the results; `listing` is JavaScript that looks for it."""
    with chromium.page() as page:
        _begin(page, host.address, start, host)
        found = sum(bool(page.evaluate(listing, query, url, patience=LIMIT * 10)) for query, url in queries)
    return found / len(queries)
