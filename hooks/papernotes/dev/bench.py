"""Measure search on synthetic sites, beside Material's own search with jieba and Pagefind, in one run on the same pages.

What is measured, and how:
index      milliseconds a page for reading the built page, making the index and writing it
bytes      uncompressed bodies of all that search asks for before the first result, scripts and workers included
first      milliseconds from the first key to the first result, on a CPU slowed four times, with an empty cache
later      the same for the keys after it, when the page has been searched once (the 95th of 100)
settled    the same, to the last change of the list: it is complete then
found      of runs of characters drawn at random from the pages, those whose page is in the result list
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.request import urlopen

from papernotes.base import store
from papernotes.base.han import HAN
from papernotes.base.storage import Aside
from papernotes.data import term_table
from papernotes.dev import corpus, devtools, peers
from papernotes.dev.devtools import Chromium
from papernotes.dev.host import serving
from papernotes.dev.measure import AT_REST, Row, on_weak_network, recall, typed_into
from papernotes.dev.peers import Built, Cost
from papernotes.search import build, pages, text
from papernotes.search.postings import Page as FoundPage

# Whether a page is anywhere in the results of a query; stops as soon as it is found.
OUR_LISTING: Final = """async (query, url) => {
  await pnModules["search/box.js"].loadView();
  const found = await pnModules["search/engine.js"].search(query, () => true);
  if (!found.answer) return false;
  const has = (results) => results.some((result) => result.url === url);
  let there = has(found.results);
  while (!there && !found.answer.done) there = has(await found.answer.next(() => true));
  return there;
}"""


def draw_queries(site: Path, count: int, *, seed: int = 4) -> list[tuple[str, str]]:
    """Runs as a reader might type them, with the page that shows each: two thirds Chinese, one third Latin words."""
    source = random.Random(seed)
    files = sorted(site.glob("papers/p*.html"))
    drawn = []
    for place in range(count):
        file = source.choice(files)
        article = text.read(file.read_text(encoding="utf-8"))
        shown = "\n".join(section.text for section in article.sections)
        runs = re.findall(f"[{HAN}]{{4,}}" if place % 3 else "[A-Za-z]{4,}", shown)
        run = source.choice(runs)
        start = source.randrange(len(run) - 3) if place % 3 else 0
        drawn.append((run[start : start + source.randint(3, 6)], f"papers/{file.name}"))
    return drawn


def index_cost(root: Path, scratch: Path) -> tuple[float, float]:
    """Read every built page, make the index, write it: milliseconds of CPU a page, and megabytes."""
    terms = pages.terms(term_table.load(root / "docs", root)[0])
    files = sorted((root / "site/papers").glob("p*.html"))
    started = time.process_time()
    found = Aside[FoundPage]()
    for file in files:
        article, url = text.read(file.read_text(encoding="utf-8")), f"papers/{file.name}"
        found[url] = FoundPage(url, "论文", article, title=article.title, names=(file.stem,))
    build.write(found, terms, pages.KINDS, scratch)
    spent = time.process_time() - started
    return spent * 1000 / len(files), sum(file.stat().st_size for file in scratch.rglob("*.js")) / 1e6


def ours(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]]) -> Row:
    """Our search on the site built at `root`."""
    site = root / "site"
    spent, megabytes = index_cost(root, root / "scratch")
    start = "papers/p00000.html"
    typed = [query for query, _ in queries[:30]]
    with serving(site, compress=False) as host:
        http = typed_into(chromium, host.address, start, typed, host)
        found = recall(chromium, host, start, queries, OUR_LISTING)
    return Row("本站", size, spent, megabytes, http, typed_into(chromium, f"file://{site}", start, typed), found)


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


TYPED: Final = (
    ("低秩适应", "困惑度是什么"),
    ("DPO 损失函数", "滑动窗口注意力"),
    ("显存不够怎么微调", "LoRA 的秩怎么选"),
    ("mixtral 8x7b", "48GB 显存"),
    ("Kaiming He", "零样本分类"),
    ("专家并行", "奖励模型"),
    ("2305.18290", "对比学习"),
    ("缩放定律", "GPT-3 175B"),
    ("分割一切", "掩码比例"),
    ("weitiao", "拒绝采样"),
)
"""What is typed on a weak network, and then; the last of the first is pinyin."""


def run_weak(repository: Path) -> str:
    """Search the site of the repository on a weak network, as soon as a page is there and once it is at rest: a table."""
    from papernotes.build import publish
    from papernotes.dev import browser

    lines = [
        "| weak network | first query | further query | requests | KB | at rest: first query | further query |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory(prefix="papernotes-weak-") as folder:
        site = Path(folder) / "site"
        publish.build(repository / "mkdocs.yml", site_dir=site)
        with serving(site) as host, devtools.running(browser.find()) as chromium:
            for query, other in TYPED:
                found = [
                    on_weak_network(chromium, host, "index.html", query, other, rest=rest) for rest in (0, AT_REST)
                ]
                at_once, later = (
                    [f"{each.first:.0f}", f"{each.further:.0f}"] if each else ["-", "-"] for each in found
                )
                sent = [str(found[0].requests), f"{found[0].kilobytes:.0f}"] if found[0] else ["-", "-"]
                lines.append(f"| {query}, {other} | {' | '.join([*at_once, *sent, *later])} |")
    return "\n".join(lines)


GATHERED: Final = {
    "论文的列表": "papers/index*.html",
    "排序和筛选取的文件": "list/*.js",
    "全部页面": "lists*.html",
    "核对": "check*.html",
    "图目录": "figures*.html",
    "术语表": "glossary*.html",
    "地图": "map.html",
    "首页": "index.html",
    "`sw.js`": "sw.js",
    "保存网站时取的清单": "sw/*.json",
    "搜索的目录": "search/index.js",
    "搜索的一片": "search/k/*.js",
}
"""What gathers all papers, in Chinese, with the names of its files."""


def weigh(site: Path) -> str:
    """How large what gathers all papers is in a built site, as Markdown: how many files, and the kilobytes of the largest."""
    lines = ["| 什么 | 文件 | 最大的（KB） |", "| --- | ---: | ---: |"]
    for name, pattern in GATHERED.items():
        sizes = [file.stat().st_size for file in site.glob(pattern)]
        lines.append(f"| {name} | {len(sizes):,} | {max(sizes, default=0) / 1000:,.1f} |")
    return "\n".join(lines)


def table_of_builds(rows: Sequence[Built]) -> str:
    """What the builders take, beside the first of each size, as such a table."""
    lines = [
        "| 系统 | 页数 | 从头建（秒） | 处理器（秒） | 是本站的几倍 | 改一页再建（秒） | 处理器（秒） | 内存（MB） | 网站（MB） |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        first = next(each for each in rows if each.pages == row.pages)
        cells = [row.cold.wall, row.cold.cpu, row.cold.cpu / first.cold.cpu, row.edited.wall, row.edited.cpu]
        written = [*(f"{value:.2f}" for value in cells), f"{row.cold.memory:.0f}", f"{row.output:.1f}"]
        lines.append(f"| {' | '.join([row.system, f'{row.pages:,}', *written])} |")
    return "\n".join(lines)


@dataclass(frozen=True)
class Worked:
    """What a writer and a maintainer wait for on a site of ours."""

    pages: int
    stages: Sequence[float]
    """Seconds of each of `STAGES`, from nothing."""
    checks: Sequence[Cost]
    """Of all pages from nothing, of all again, and of one."""
    begun: float
    """Seconds until a preview, begun from nothing, shows a page."""
    saved: float
    """Seconds from a save to the page that shows it: the median."""


STAGES: Final = ("读、查、链接", "文件和目录", "套模板", "搜索和清单", "核对、换上")
_EDITS: Final = "甲乙丙丁戊"


def stages(root: Path) -> list[float]:
    """What each of `STAGES` takes: they begin with events of the builder."""
    from papernotes.build import plugin, publish

    marks: dict[str, float] = {}
    events = plugin.EVENTS

    def timed(event: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(event)
        def run(*given: Any, **named: Any) -> Any:
            marks.setdefault(event.__name__, time.perf_counter())
            made = event(*given, **named)
            marks[f"{event.__name__} done"] = time.perf_counter()
            return made

        return run

    plugin.EVENTS = tuple(timed(event) for event in events)  # type: ignore[misc]  # what the hook file of the site takes
    try:
        publish.build(root / "mkdocs.yml", site_dir=root / "site", store=store.beside(root / "mkdocs.yml"))
    finally:
        plugin.EVENTS = events  # type: ignore[misc]
    begun = ("on_pre_build", "on_files", "on_env", "on_post_build", "on_post_build done")
    times = [*(marks[name] for name in begun), time.perf_counter()]
    return [end - start for start, end in pairwise(times)]


def _preview(root: Path, page: Path) -> tuple[float, float]:
    """How long a preview takes to begin, and to show what is saved. Raises: OSError where it ends."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "papernotes", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = re.search(r"http://\S+/", process.stderr.readline())
            if not address:
                raise OSError("the preview has not begun")
            Thread(target=process.stderr.read, daemon=True).start()
            url = f"{address[0]}{page.relative_to(root / 'docs').with_suffix('.html').as_posix()}"

            def shown(words: str) -> float:
                for _ in range(60_000):
                    with suppress(OSError), urlopen(url) as answer:
                        if words in answer.read().decode():
                            return time.perf_counter()
                    time.sleep(0.01)
                raise OSError("the preview does not show what was saved")

            begun, saved = shown("<article") - started, []
            for each in _EDITS:
                words = f"{each}：这一句是后来存的。"
                before = time.perf_counter()
                page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n{words}\n", encoding="utf-8")
                saved.append(shown(words) - before)
            return begun, statistics.median(saved)
        finally:
            process.terminate()


def worked(root: Path, size: int) -> Worked:
    """What our own commands take for the pages at `root`."""
    page = min((root / "docs/papers").glob("p*.md"))
    check: list[str | Path] = [sys.executable, "-m", "papernotes", "check"]
    forget = partial(shutil.rmtree, root / store.FOLDER, ignore_errors=True)
    forget()
    seconds = stages(root)
    forget()
    checks = [peers.run(command, root, {}) for command in (check, check, [*check, page])]
    forget()
    return Worked(size, seconds, checks, *_preview(root, page))


def table_of_work(rows: Sequence[Worked]) -> str:
    """The same as such a table: seconds, and of the checks those of all cores in brackets."""
    names = ("查全部", "再查全部", "查一页")
    head = ["页数", *STAGES, *names, "预览打开", "存了到看见"]
    lines = [f"| {' | '.join(head)} |", f"|{' ---: |' * len(head)}"]
    for row in rows:
        checks = [f"{cost.wall:.2f}（{cost.cpu:.2f}）" for cost in row.checks]
        cells = [
            f"{row.pages:,}",
            *(f"{each:.2f}" for each in row.stages),
            *checks,
            f"{row.begun:.1f}",
            f"{row.saved:.2f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


_KEPT: Final = re.compile(r"(<!-- bench -->\n).*?(\n<!-- /bench -->)", re.S)


def keep(page: Path, made: str) -> None:
    """Put a table into a page between its two marks."""
    text_, count = _KEPT.subn(lambda match: f"{match[1]}\n{made}\n{match[2]}", page.read_text(encoding="utf-8"))
    if count != 1:
        raise OSError(f"{page} has no place between '<!-- bench -->' and '<!-- /bench -->'")
    page.write_text(text_, encoding="utf-8", newline="\n")


def run_builds(repository: Path, sizes: Sequence[int]) -> str:
    """Build a synthetic site of each size by every builder, ours and the others, and do with it what ours does beside.

    Shape: both tables.
    """
    rows: list[Built] = []
    own: list[Worked] = []
    with tempfile.TemporaryDirectory(prefix="papernotes-bench-") as folder:
        others = Path(folder) / "peers"
        peers.install(others, builders=True)
        for size in sizes:
            root = Path(folder) / str(size)
            corpus.write(root, size, repository=repository)
            rows += peers.built(root, size, others)
            print(table_of_builds(rows[-4:]), flush=True)
            own.append(worked(root, size))
            print(table_of_work(own[-1:]), flush=True)
            shutil.rmtree(root)
    return f"{table_of_builds(rows)}\n\n{table_of_work(own)}"


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
            peers.install(others)
        for size in sizes:
            root = Path(folder) / str(size)
            corpus.write(root, size, repository=repository)
            started = time.perf_counter()
            publish.build(root / "mkdocs.yml", site_dir=root / "site")
            print(f"{size} pages: built in {time.perf_counter() - started:.0f} s", flush=True)
            print(weigh(root / "site"), flush=True)
            queries = draw_queries(root / "site", runs)
            rows.append(ours(root, chromium, size, queries))
            print(table(rows[-1:]), flush=True)
            if size <= peers_up_to:
                rows.append(peers.material(root, chromium, size, queries, others))
                print(table(rows[-1:]), flush=True)
                rows.append(peers.pagefind(root, chromium, size, queries, others))
                print(table(rows[-1:]), flush=True)
            shutil.rmtree(root)
    return rows
