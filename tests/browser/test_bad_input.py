"""A site of hostile and oversized records: nothing overflows, breaks or runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, build_unchecked, serving
from playwright.sync_api import expect
from pybtex.database import parse_string

from papernotes.data import ledger
from papernotes.data.ledger import Record

TODAY = date(2026, 11, 23)
MARKUP = """<script>window.ran=1</script><img src=x onerror="window.ran=1"> "quoted" 'too' & {{ 7*7 }} {% x %} [a](javascript:window.ran=1) `c` $x$ *b* | \\"""
LONG = "很长的标题" * 60
LONG_WORD = "Donaudampfschifffahrt" * 15
BODY = """
## 结果

{text}

## 相关论文

- [@2305.18290]：另一页。
"""
FILLER = (
    "这一段只为凑够篇幅而写，讲的是怎样把一篇论文读完以后用自己的话重新说一遍，既不添油加醋，也不漏掉限制条件。" * 6
)
MANY = 130


def record(number: int, **values: Any) -> Record:
    plain = Record(
        f"2401.{number:05}", None, f"Paper {number}", ("A. Author",), date(2024, 1, 1 + number % 28), None, None, None, None, None
    )  # fmt: skip
    return replace(plain, **values)


HOSTILE = {
    "markup": (record(1, title=MARKUP, authors=(MARKUP, 'Robert"); DROP'), venue=MARKUP, category="cs.<b>", doi="10.1/<b>\"'"), MARKUP),
    "long": (record(2, title=LONG_WORD, authors=tuple(f"Given{n} Family{n}" for n in range(3000))), LONG),
    "bare": (record(3, authors=(), published=None), "没有日期也没有引用数的论文"),
}  # fmt: skip


def front(values: dict[str, Any]) -> str:
    return f"---\n{yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=100_000)}---\n"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny site with hostile papers, and so many that the map shows counts."""
    project = tmp_path_factory.mktemp("hostile")
    for name in ("hooks", "overrides"):
        (project / name).symlink_to(ROOT / name)
    docs = project / "docs"
    shutil.copytree(ROOT / "tests" / "site" / "docs", docs)
    records, _ = ledger.read(docs, project, today=TODAY)
    pages = {name: (rec, title) for name, (rec, title) in HOSTILE.items()}
    pages |= {f"p{n}": (record(n), f"第 {n} 篇论文") for n in range(10, 10 + MANY)}
    records |= {rec.arxiv: rec for rec, _ in pages.values()}
    (docs / ledger.FILE).write_text(ledger.serialise(records.values()), encoding="utf-8")
    for name, (rec, title) in pages.items():
        values = {
            "arxiv": rec.arxiv, "name": title[:120] if name in HOSTILE else f"P{name}", "title": title, "tier": "short",
            "summary": title[:110], "tags": ["视觉"], "builds_on": ["2305.18290"], "checked": {"day": "2026-11-20", "by": "writer"},
        }  # fmt: skip
        text = front(values).replace("day: '2026-11-20'", "day: 2026-11-20")
        (docs / "papers" / f"{name}.md").write_text(text + BODY.format(text=FILLER), encoding="utf-8")
    topic = {"title": MARKUP + "专题", "summary": MARKUP[:100], "tag": "视觉", "papers": ["2401.00001"]}
    text = front({**topic, "checked": {"day": "X", "by": "writer"}}).replace("day: X", "day: 2026-11-20")
    shutil.rmtree(docs / "topics" / "vision")  # the pictures of the page that this one replaces
    (docs / "topics" / "vision.md").write_text(text + "\n## 路线\n\n先读 [@2401.00001]。\n", encoding="utf-8")
    (docs / "map.md").write_text(front({"title": "论文地图"}), encoding="utf-8")
    (docs / "_data" / "path.yml").write_text('- "2401.00001"\n- "2401.00002"\n- "2401.00003"\n', encoding="utf-8")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    (project / "mkdocs.yml").write_text(config + "\n", encoding="utf-8")
    return build_unchecked(project)  # markup in a title is a finding


@pytest.fixture(scope="module")
def server(hostile: Path) -> Iterator[str]:
    with serving(hostile) as address:
        yield address


PAGES = ["index.html", "papers/markup.html", "papers/long.html", "papers/bare.html", "papers/index.html", "map.html", "topics/vision.html"]  # fmt: skip


def test_nothing_overflows_or_runs(server: str, visit: Callable[..., Any]) -> None:
    for path, page in visit(server).tour(PAGES):
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(50)
            assert page.evaluate("window.ran") is None, (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_markup_is_text(server: str, visit: Callable[..., Any]) -> None:
    page = visit(server).open("papers/markup.html")
    assert page.locator("h1").inner_text() == " ".join(MARKUP.split())
    assert page.locator(".pn-paper__original").inner_text() == " ".join(MARKUP.split())
    assert page.locator("article script, article img").count() == 0
    entry = page.locator(".pn-cite__entry").text_content() or ""
    assert len(parse_string(entry, "bibtex").entries) == 1


def test_the_card_of_a_hostile_paper_is_text(server: str, visit: Callable[..., Any]) -> None:
    page = visit(server).open("topics/vision.html")
    page.locator('article a[data-pn-preview="paper-markup"]').first.hover()
    expect(page.locator(".pn-preview .pn-card__title")).to_have_text(MARKUP)
    assert page.evaluate("window.ran") is None


def test_three_thousand_authors_are_folded(server: str, visit: Callable[..., Any]) -> None:
    page = visit(server, width=390).open("papers/long.html")
    assert "等 3000 人" in page.locator(".pn-facts__authors").inner_text()
    assert page.locator(".pn-facts__authors").bounding_box()["height"] < 250
    page.locator(".pn-facts__more summary").click()
    assert page.locator(".pn-facts__all").bounding_box()["height"] < 400


def test_what_is_missing_is_said(server: str, visit: Callable[..., Any]) -> None:
    text = visit(server).open("papers/bare.html").locator(".pn-facts").inner_text()
    assert "2024 年 1 月" in text
    assert "暂无" in text


def test_the_map_of_many_shows_counts_that_lead_to_the_list(server: str, visit: Callable[..., Any]) -> None:
    page = visit(server).open("map.html")
    assert page.locator(".pn-map").first.locator(".pn-map__node").count() == 0
    cell = page.get_by_role("link", name=f"视觉，2024 年，{MANY + 3} 篇")
    cell.click()
    page.wait_for_url("**/papers/index.html#*")
    expect(page.locator(".pn-list__status")).to_have_text(f"找到 {MANY + 3} 篇")


def test_the_bibliography_of_all_is_readable(hostile: Path) -> None:
    text = (hostile / "papers.bib").read_text(encoding="utf-8")
    assert len(parse_string(text, "bibtex").entries) == MANY + len(HOSTILE) + 5  # of the tiny site
    assert unescape(text) == text
