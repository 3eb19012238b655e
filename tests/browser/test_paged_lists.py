"""The lists where they take several pages: without scripts links lead to all, with them the list of papers sorts and filters all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import make_project, once, serving
from playwright.sync_api import Page, expect
from selectolax.lexbor import LexborHTMLParser

from papernotes.base import store
from papernotes.build import publish
from papernotes.data.site import Site
from papernotes.markdown.bodies import glossary_page
from papernotes.pages import paging

LIST = "papers/index.html"
A_PAGE = 2
"""Rows, so that the five papers of the fixture take three pages."""


@pytest.fixture(scope="module")
def paged_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture site, its lists cut into pages of two; `again` beside it is the same, built of what the first build kept."""

    def make(folder: Path) -> None:
        project = make_project(folder / "project", nav=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paging, "MOST", dict.fromkeys(paging.MOST, A_PAGE))
            patch.setattr(glossary_page, "MOST", 1)
            patch.setattr(glossary_page, "FIRST", 1)
            for name in ("site", "again"):
                kept = store.Store(folder / "kept", store.of_program(project / "mkdocs.yml"))
                publish.build(project / "mkdocs.yml", site_dir=folder / name, store=kept)

    return once(tmp_path_factory, "paged-site", make) / "site"


def test_further_pages_are_kept(paged_site: Path) -> None:
    again = paged_site.with_name("again")
    files = {file.relative_to(paged_site) for file in paged_site.rglob("*") if file.is_file()}
    assert files == {file.relative_to(again) for file in again.rglob("*") if file.is_file()}
    assert [file for file in sorted(files) if (paged_site / file).read_bytes() != (again / file).read_bytes()] == []


@pytest.fixture(params=["http", "file"])
def paged(request: pytest.FixtureRequest, paged_site: Path) -> Iterator[str]:
    """Its address, once over http and once from disk."""
    if request.param == "file":
        yield f"file://{paged_site}"
    else:
        with serving(paged_site) as address:
            yield address


def rows(page: Page) -> list[str]:
    """The titles that are shown, and the heads of groups."""
    shown: list[str] = page.locator(".pn-papers tbody tr:not([hidden])").evaluate_all(
        "rows => rows.map((row) => (row.querySelector('.pn-papers__title') ?? row).textContent)"
    )
    return shown


def expect_rows(page: Page, wanted: list[str]) -> None:
    expect(page.locator(".pn-papers tbody tr :is(.pn-papers__title, th)")).to_have_text(wanted)


@pytest.mark.parametrize("home", [LIST, "lists.html", "check.html", "figures.html"])
def test_without_scripts_links_lead_to_every_paper(
    paged_site: Path, visit: Callable[..., Any], fixture: Site, home: str
) -> None:
    page = visit(f"file://{paged_site}", java_script_enabled=False).open(home)
    seen: set[str] = set()
    titles = {page.title()}
    for number in range(2, 9):
        expect(page.locator(".pn-pages [aria-current]")).to_have_text(str(number - 1))
        seen.update(
            page.locator("article a").evaluate_all(
                "links => links.map((link) => link.href.split('/').pop().split('#')[0])"
            )
        )
        following = page.get_by_role("link", name="下一页")
        if not following.count():
            break
        following.click()
        expect(page.locator("article h1")).to_contain_text(f"，第 {number} 页")
        titles.add(page.title())
    assert len(titles) == number - 1 > 1
    wanted = {
        paper.slug
        for paper in fixture.papers.values()
        if home != "figures.html" or "\n/// figure" in fixture.documents[paper.uri].text
    }
    assert wanted
    assert {f"{slug}.html" for slug in wanted} <= seen


def test_every_use_of_a_term_is_a_link_from_the_glossary(built_site: Path, paged_site: Path) -> None:
    def uses(pages: Iterable[Path]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for page in pages:
            article = LexborHTMLParser(page.read_text(encoding="utf-8"))
            lists = [(entry, entry) for entry in article.css(".pn-entry")]
            lists += [(head, head.next) for head in article.css("h2[id^=term-]") if head.next]
            for named, place in lists:
                links = {str(link.attributes["href"]) for link in place.css("li a")}
                found.setdefault(str(named.attributes["id"]), set()).update(
                    link for link in links if not link.startswith("glossary.")
                )
        return found

    parts = sorted(paged_site.glob("glossary*.html"))
    assert len(parts) > 2
    assert uses(parts) == uses([built_site / "glossary.html"])


def test_sorting_covers_all_pages(paged: str, visit: Callable[..., Any], fixture: Site) -> None:
    page = visit(paged).open("papers/index.2.html")
    own = rows(page)
    assert own == [paper.title for paper in fixture.newest[2:4]]
    expect(page.locator(".pn-list__status")).to_have_text("共 5 篇")
    page.locator(".pn-papers thead").get_by_role("button", name="论文").click()
    titles = [fixture.by_slug[slug].title for slug in ("instructgpt", "ppo", "small", "dpo", "segment-anything")]
    expect_rows(page, titles)
    expect(page.locator(".pn-pages")).to_be_hidden()
    page.get_by_label("引用总数").select_option("平均每年的引用")
    expect(page.locator(".pn-papers__group")).to_have_count(3)
    expect(page.locator(".pn-papers__rate").first).to_have_text("平均每年约 4,784 次")
    page.get_by_label("引用总数").select_option("引用总数")
    page.locator(".pn-papers thead").get_by_role("button", name="时间").click()
    expect_rows(page, own)
    expect(page.locator(".pn-pages")).to_be_visible()


def test_filtering_covers_all_pages(paged: str, visit: Callable[..., Any], fixture: Site) -> None:
    opened = visit(paged)
    page = opened.open(f"{LIST}#tag=对齐&sort=title")
    aligned = [fixture.by_slug[slug].title for slug in ("instructgpt", "ppo", "dpo")]
    expect_rows(page, aligned)
    expect(page.locator(".pn-list__status")).to_have_text("找到 3 篇")
    page.locator(".pn-list__input").fill("schulman")
    expect_rows(page, aligned[:2])
    expect(page.locator(".pn-list__status")).to_have_text("找到 2 篇")
    page.locator(".pn-list__input").fill("<b>xx没有的论文")
    expect(page.locator(".pn-none__words")).to_have_text("没有论文同时符合：「<b>xx没有的论文」、对齐。")
    page.locator(".pn-list__input").fill("")
    expect_rows(page, aligned)
    page.locator(".pn-papers__title").last.click()
    expect(page.locator("article h1")).to_have_text(aligned[2])
    page.go_back()
    expect_rows(page, aligned)


def test_a_file_that_does_not_come_is_said(paged_site: Path, visit: Callable[..., Any]) -> None:
    with serving(paged_site) as address:
        opened = visit(address, strict=False)
        opened.context.route("**/list/*.js", lambda route: route.abort())
        page = opened.open(f"{LIST}#sort=title")
        expect(page.locator(".pn-list__status")).to_have_text("列表没有取全。请检查网络，重新载入本页再试。")
        assert len(rows(page)) == A_PAGE
        opened.context.close()
