"""The audits `firefox` and `webkitgtk`: what a reader meets in these engines, from a server and from a disk.

Chromium is looked at by the tests. What nobody drives is an iPhone itself.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from papernotes.dev import host
from papernotes.dev.engines.driver import Driver, DriverError
from papernotes.dev.engines.firefox import Firefox
from papernotes.dev.engines.webkit import WebKit
from papernotes.dev.node import CannotAuditError

PROTOCOLS: Final = ("http", "file")
WIDTHS: Final = (320, 390, 1280)
PAPER: Final = "papers/dpo.html"
PATIENCE: Final = 30.0
"""Seconds that something may take on a busy machine."""
SETTLES: Final = 1.5
"""Seconds after which a page has its layout at a new width, and its fonts."""

# A part of a formula lies within its parent and not before its predecessor, but for spaces, which may be negative.
_LOOK: Final = """
  for (const moves of document.getAnimations()) if (moves.effect.getComputedTiming().endTime < Infinity) moves.finish();
  const found = new Map(), box = (e) => e.getBoundingClientRect();
  const say = (feature, what) => found.set(feature + what, [feature, what]);
  const edge = document.documentElement.clientWidth + 1, whole = document.documentElement.scrollWidth;
  const scrolls = "math, pre, .pn-table, .pn-formula--display, .pn-map__frame, .md-sidebar, .md-search, .md-header";
  const wide = [...document.querySelectorAll("body *")].find((e) => box(e).right > edge && !e.closest(scrolls));
  if (whole > edge || wide)
    say("widths", `is ${whole} pixels wide` + (wide ? `, by ${wide.tagName.toLowerCase()}.${wide.getAttribute("class")}` : ""));
  const ink = (e) => { const range = document.createRange(); range.selectNodeContents(e); return range.getBoundingClientRect(); };
  for (const math of document.querySelectorAll("main math")) {
    const wrong = (what) => say("formulas", `${what} in ${math.textContent.slice(0, 40)}`);
    for (const row of math.querySelectorAll("mrow, msub, msup, mtr")) {
      const cells = row.tagName === "mtr", around = box(row);
      const parts = [...row.children].filter((e) => e.tagName !== "mspace").map(cells ? ink : box).filter((part) => part.width);
      if (parts.some((part, at) => at && part.left < (cells ? parts[at - 1].right : parts[at - 1].left) - 2))
        wrong(cells ? "cells lie on each other" : "parts are out of order");
      if (parts.some((part) => part.left < around.left - 3 || part.right > around.right + 3)) wrong("a part is outside its own");
    }
    const size = (e) => parseFloat(getComputedStyle(e).fontSize);
    if ([...math.querySelectorAll(":is(msub, msup) > :last-child")].some((e) => size(e.parentElement) > 12 && size(e) >= size(e.parentElement)))
      wrong("a script is as large as its base");
  }
  return [...found.values()];
"""


@dataclass(frozen=True)
class Feature:
    """Something that a reader does, and what shows then."""

    name: str
    page: str
    does: str
    """A statement of JavaScript."""
    shows: str
    """An expression that becomes true."""
    width: int = 0
    """Pixels; 0: that of the window."""


def _searches(query: str, page: str) -> Feature:
    found = f"[...document.querySelectorAll('.md-search-result__list a')].some((a) => a.href.includes('{page}'))"
    return Feature("search", f"{PAPER}?q={query}", "document.querySelector('.md-search__input').focus()", found)


FEATURES: Final[tuple[Feature, ...]] = (
    Feature(
        "contents",
        PAPER,
        "document.querySelector('.pn-contents > summary').click()",
        "document.querySelector('.pn-contents a').offsetHeight",
        width=390,
    ),
    Feature("terms", PAPER, "", "getComputedStyle(document.querySelector('.pn-term')).textDecorationStyle === 'dotted'"),
    Feature(
        "previews",
        PAPER,
        "document.querySelector('.pn-term').click()",
        "document.querySelector('.pn-preview')?.textContent.length > 10 && document.querySelector('.pn-preview').offsetHeight > 20",
    ),
    Feature(
        "figures",
        "figures.html",
        "",
        "[...document.querySelectorAll('main .pn-svg')].every((e) => e.getBoundingClientRect().height > 20)",
    ),
    Feature(
        "figures",
        PAPER,
        "document.querySelector('.pn-figure__enlarge').click()",
        "document.querySelector('dialog[open] .pn-svg')?.getBoundingClientRect().height > 100",
    ),
    Feature(
        "dark",
        PAPER,
        "for (const at of [1, 2]) document.querySelector(`label[for=__palette_${at}]`).click()",
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => part < 80)",
    ),
    Feature(
        "list",
        "papers/index.html",
        "const i = document.querySelector('.pn-list__input'); i.value = '2305.18290'; i.dispatchEvent(new Event('input', {bubbles: true}))",
        "document.querySelector('.pn-list__status').textContent === '找到 1 篇'",
    ),
    Feature(
        "tables",
        "map.html",
        "",
        "[...document.querySelectorAll('main thead')].every((e) => e.getBoundingClientRect().bottom < e.nextElementSibling.getBoundingClientRect().top + 2)",
    ),
    Feature(
        "map", "map.html", "document.querySelector('[data-pn-node=dpo]').focus()", "document.querySelector('.pn-map__edge--lit')"
    ),
    _searches("DPO", "papers/dpo.html"),
    _searches("偏好", "papers/dpo.html"),
    _searches("lora", "papers/lora.html"),
    _searches("滑动窗口", "papers/mistral-7b.html"),
    _searches("2305.18290", "papers/dpo.html"),
    _searches("混合专家", "topics/moe.html"),
    _searches("缩放定律", "papers/chinchilla.html"),
    _searches("量化 微调", "papers/qlora.html"),
)  # fmt: skip
_MARKS: Final = Feature(
    "marks",
    "",
    "document.querySelector('.md-search-result__list a').click()",
    "document.querySelector('article mark')?.offsetHeight",
)
_SAVES: Final = Feature(
    "offline",
    "offline.html",
    "document.querySelector('.pn-offline__button').click()",
    "document.querySelector('.pn-offline__status').textContent.startsWith('已保存')",
)

Complaints: TypeAlias = Iterator[tuple[str, str]]
"""The name of a feature, and what is wrong with it."""


def firefox(root: Path) -> Iterator[str]:
    """Look at `site/` in Firefox. Raises: CannotAuditError."""
    return _audit("firefox", root / "site", lambda folder: Firefox(folder / "profile"))


def webkitgtk(root: Path) -> Iterator[str]:
    """Look at `site/` in WebKitGTK. Raises: CannotAuditError."""
    return _audit("webkitgtk", root / "site", WebKit)


def _audit(name: str, site: Path, start: Callable[[Path], AbstractContextManager[Driver]]) -> Iterator[str]:
    if not (site / PAPER).is_file():
        raise CannotAuditError("site/ is not built; run make site")
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="papernotes-engines-") as folder:
        try:
            with start(Path(folder)) as engine, host.serving(site) as server:
                for protocol in PROTOCOLS:
                    base = server.address if protocol == "http" else site.as_uri()
                    # The page for a wrong address is a server's answer: its addresses begin at the server's root.
                    paths = [page for page in pages(site) if protocol == "http" or page != "404.html"]
                    counts[protocol] = Counter()
                    for feature, complaint in look(engine, base, paths, Path(folder)):
                        counts[protocol][feature] += 1
                        yield f"{name}: {protocol}: {feature}: {complaint}"
                for feature, complaint in saved(engine, site):
                    counts["http"][feature] += 1
                    yield f"{name}: http: {feature}: {complaint}"
        except DriverError as error:
            raise CannotAuditError(str(error)) from None
    for line in table(name, counts):
        print(line, flush=True)


def table(name: str, counts: dict[str, Counter[str]]) -> Iterator[str]:
    """How many complaints there are of each feature, as a Markdown table."""
    yield f"| {name} | {' | '.join(counts)} |"
    yield f"| --- |{' ---: |' * len(counts)}"
    for feature in dict.fromkeys(("console", "widths", "formulas", *(each.name for each in FEATURES), "marks")):
        yield f"| {feature} | {' | '.join(str(count[feature]) for count in counts.values())} |"
    yield f"| offline | {counts['http']['offline']} | — |"  # a browser keeps no site that comes from a disk


def pages(site: Path) -> list[str]:
    """A page of each kind, and every page whose formulas have columns."""
    folders = (sorted(folder.glob("*.html")) for folder in sorted(site.iterdir()) if folder.is_dir())
    kinds = [*sorted(site.glob("*.html")), *(found[0] for found in folders if found)]
    columns = [page for page in sorted(site.glob("papers/*.html")) if b"<mtr" in page.read_bytes()]
    return [page.relative_to(site).as_posix() for page in dict.fromkeys([*kinds, *columns])]


def look(engine: Driver, base: str, paths: Sequence[str], folder: Path) -> Complaints:
    """Every complaint about the pages below an address; `folder` takes a file."""
    for path in paths:
        _frame(engine, f"{base}/{path}", folder)
        for width in WIDTHS:
            _resize(engine, width)
            found = engine.run(_LOOK)
            if found:  # before its layout has settled
                time.sleep(SETTLES)
                found = engine.run(_LOOK)
            for name, complaint in found:
                yield name, f"{path} at {width}: {complaint}"
            engine.enter(None)
    for feature in FEATURES:
        if feature.width:
            _frame(engine, f"{base}/{feature.page}", folder)
            _resize(engine, feature.width)
        else:
            engine.open(f"{base}/{feature.page}")
        yield from _try(engine, feature)
        engine.enter(None)
    yield from _try(engine, _MARKS)
    for message in engine.messages([f"{base}/{path}" for path in paths]):
        yield "console", message


def saved(engine: Driver, site: Path) -> Complaints:
    """Whether a site that was saved is read and searched when its server has stopped."""
    with host.serving(site) as server:
        engine.open(f"{server.address}/{_SAVES.page}")
        yield from _try(engine, _SAVES)
    sent = len(server.sent)
    for feature in (_searches("lora", "papers/lora.html"), _MARKS):
        try:
            if feature.page:
                engine.open(f"{server.address}/{feature.page}")
            for _, complaint in _try(engine, feature):
                yield _SAVES.name, f"{feature.name}: {complaint}"
        except DriverError as error:
            yield _SAVES.name, str(error)
    for answer in server.sent[sent:]:  # over a connection that was still open
        if answer.path != "/sw.js":  # which a browser looks for whenever it wants
            yield _SAVES.name, f"{answer.path} was asked of the server"


def _frame(engine: Driver, url: str, folder: Path) -> None:
    """Open a page in a frame: windows are not so narrow."""
    frame = folder / "frame.html"
    frame.write_text(f'<!doctype html><iframe src="{url}" style="height: 800px; border: 0"></iframe>', encoding="utf-8")
    engine.open(frame.as_uri())


def _resize(engine: Driver, width: int) -> None:
    """Give the frame a width, and enter it."""
    engine.run(f"document.querySelector('iframe').style.width = '{width}px'")
    engine.enter(0)


def _try(engine: Driver, feature: Feature) -> Complaints:
    try:
        engine.run(feature.does)
        end = time.monotonic() + PATIENCE
        while not engine.run(f"return Boolean({feature.shows})"):
            if time.monotonic() > end:
                yield feature.name, f"{feature.page}: {feature.shows} does not become true"
                return
            time.sleep(0.2)
    except DriverError as error:  # what the script threw
        yield feature.name, f"{feature.page}: {error}"
