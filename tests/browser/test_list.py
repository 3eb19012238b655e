"""The list of papers: sorted by a click, filtered as one types, both kept in the address; counts of two sources never mixed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from papernotes.data.site import Site

LIST = "papers/index.html"


def shown(page: Page, part: str = ".pn-papers__title") -> list[str]:
    texts: list[str] = page.locator(f".pn-papers tbody tr:not([hidden]) {part}").all_inner_texts()
    return texts


def head(page: Page, name: str) -> Any:
    return page.locator(".pn-papers thead").get_by_role("button", name=name)


def test_newest_first_and_every_row_with_its_source(base: str, visit: Callable[..., Any], fixture: Site) -> None:
    page = visit(base).open(LIST)
    papers = sorted(fixture.papers.values(), key=lambda paper: (paper.year_month, paper.arxiv), reverse=True)
    assert shown(page) == [paper.title for paper in papers]
    for row, paper in zip(page.locator(".pn-papers tbody tr").all(), papers, strict=True):
        text = row.inner_text()
        if paper.count:
            assert f"{paper.count.count:,}" in text and paper.count.source_name in text
            assert paper.count.day.isoformat() in text
        else:
            assert "暂无" in text


def test_sorting_by_date_and_title_turns_round(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(LIST)
    newest = shown(page)
    head(page, "时间").click()
    assert shown(page) == newest[::-1]
    expect(page.locator("th[data-pn-sort=date]")).to_have_attribute("aria-sort", "ascending")
    head(page, "论文").click()
    by_title = shown(page)
    head(page, "论文").click()
    assert shown(page) == by_title[::-1]
    assert sorted(by_title) == sorted(newest)


def test_counts_are_grouped_by_source(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(LIST)
    head(page, "引用").click()
    rows = page.locator(".pn-papers tbody tr").evaluate_all(
        "rows => rows.map((row) => row.classList.contains('pn-papers__group') ? row.innerText.trim() : [row.dataset.pnSource, Number(row.dataset.pnCount || -1)])"
    )
    groups: dict[str, list[int]] = {}
    current = ""
    for row in rows:
        if isinstance(row, str):
            assert row not in groups, "a source has one group"
            current = row
            groups[current] = []
        else:
            assert current == (f"引用数据来自 {row[0]}（不同来源不混排）" if row[0] else "没有引用数")
            groups[current].append(row[1])
    assert len(groups) >= 3 and list(groups)[-1] == "没有引用数"
    for counts in groups.values():
        assert counts == sorted(counts, reverse=True)
    assert "Epoch AI" not in "".join(shown(page, "td")), "the head of the group says it once"
    assert re.search(r"\d{4}-\d\d-\d\d", "".join(shown(page, "td")))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("dpo", ["直接偏好优化"], id="short name"),
        pytest.param("Rafailov", ["直接偏好优化"], id="author"),
        pytest.param("2305.18290", ["直接偏好优化"], id="arXiv id"),
        pytest.param("segment  ANYTHING", ["中论文：分割一切"], id="two words, any case"),
        pytest.param("ＬｏＲＡ", ["小论文：每种写法各用一次"], id="full-width letters"),
        pytest.param("schulman", ["大论文：用人的反馈训练模型听从指令", "近端策略优化算法"], id="author of two"),
    ],
)
def test_filtering_as_one_types(site_server: str, visit: Callable[..., Any], typed: str, found: list[str]) -> None:
    page = visit(site_server).open(LIST)
    page.locator(".pn-list__input").press_sequentially(typed)
    assert shown(page) == found
    expect(page.locator(".pn-list__status")).to_have_text(f"找到 {len(found)} 篇")
    wider = page.get_by_role("link", name=f"在全部页面的正文里找「{typed}」")
    wider.click()
    expect(page.locator(".pn-search input")).to_have_value(typed)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_found_is_said_where_the_rows_would_be(
    site_server: str, visit: Callable[..., Any], width: int, fixture: Site
) -> None:
    page = visit(site_server, width=width).open(LIST + "#sort=title&tag=" + quote("视觉"))
    page.locator(".pn-list__input").fill("<img src=x> 不存在")
    page.get_by_label("全部年份").select_option("2023")
    assert shown(page) == []
    expect(page.get_by_role("table")).to_be_hidden()
    expect(page.locator(".pn-list__status")).to_have_text("没有这样的论文")
    expect(page.locator(".pn-none__words")).to_have_text("没有论文同时符合：「<img src=x> 不存在」、视觉、2023 年。")
    page.get_by_role("button", name="清除筛选").click()
    assert len(shown(page)) == len(fixture.papers)
    assert page.url.endswith("#sort=title")
    expect(page.locator(".pn-none")).to_be_hidden()
    expect(page.locator(".pn-list__input")).to_be_focused()


def test_counts_a_year_are_compared_within_a_source(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(LIST)
    page.get_by_label("引用总数").select_option("平均每年的引用")
    expect(page.locator("th[data-pn-sort=count]")).to_have_attribute("aria-sort", "descending")
    groups = page.locator("tbody tr").evaluate_all(
        """rows => rows.reduce((all, row) => {
          if (row.classList.contains("pn-papers__group")) all.push([]);
          else if (row.dataset.pnCount) all.at(-1).push([row.dataset, row.querySelector(".pn-papers__rate").textContent]);
          return all;
        }, [])"""
    )
    assert groups
    for group in groups:
        rates = []
        for data, shown in group:
            published = date.fromisoformat(f"{data['pnDate'][:7]}-15")
            years = max(1, (date.fromisoformat(data["pnDay"]) - published).days / 365.25)
            rates.append(int(data["pnCount"]) / years)
            assert shown == f"平均每年约 {round(rates[-1]):,} 次"
        assert rates == sorted(rates, reverse=True)
    assert page.url.endswith("#per=year&sort=-count")


def test_the_head_of_the_counts_keeps_to_their_edge(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(LIST)
    for _ in range(2):
        right = page.evaluate(
            """() => {
              const text = document.querySelector("[data-pn-sort=count] > button").firstChild;
              const range = document.createRange();
              range.selectNodeContents(text);
              return [range.getBoundingClientRect().right, document.querySelector("td.pn-papers__count").getBoundingClientRect().right];
            }"""
        )
        assert abs(right[0] - right[1]) < 1
        head(page, "引用").click()


def test_the_address_keeps_what_is_chosen(base: str, visit: Callable[..., Any], fixture: Site) -> None:
    opened = visit(base)
    page = opened.open(LIST)
    page.get_by_label("全部标签").select_option("视觉")
    page.get_by_label("全部年份").select_option("2023")
    head(page, "论文").click()
    wanted = shown(page)
    papers = [p for p in fixture.papers.values() if "视觉" in p.tags and p.year_month[0] == 2023]
    assert sorted(wanted) == sorted(paper.title for paper in papers)
    again = opened.open(LIST + page.url.partition("index.html")[2])
    assert shown(again) == wanted
    expect(again.get_by_label("全部标签")).to_have_value("视觉")
    page.locator(".pn-papers__title").filter(visible=True).first.click()
    page.go_back()
    page.wait_for_function("document.querySelector('.pn-list__status')?.textContent.startsWith('找到')")
    assert shown(page) == wanted


@pytest.mark.parametrize(
    "hash_", ["tag=没有的&sort=evil&year=1066", "=&&=%E4", "q=" + quote("<script>"), "sort=-constructor"]
)
def test_a_spoilt_address_breaks_nothing(
    site_server: str, visit: Callable[..., Any], hash_: str, fixture: Site
) -> None:
    page = visit(site_server).open(f"{LIST}#{hash_}")
    expect(page.locator(".pn-list__status")).not_to_be_empty()
    page.locator(".pn-list__input").fill("")
    assert len(shown(page)) == len(fixture.papers)


def test_the_keyboard_reaches_everything(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(LIST)
    page.locator(".pn-list__input").focus()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.classList[0]"))
    assert reached == [
        "tag",
        "year",
        "tier",
        "per",
        "pn-list__sort",
        "pn-list__sort",
        "pn-list__sort",
        "pn-papers__title",
    ]


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_a_row_is_one_column_of_a_table(site_server: str, visit: Callable[..., Any], width: int) -> None:
    page = visit(site_server, width=width).open(LIST)
    table = page.get_by_role("table")
    row = table.get_by_role("row").filter(has_text="Direct Preference Optimization")
    expect(row.get_by_role("cell")).to_have_count(4)
    for name in ("论文", "时间", "篇幅与标签", "引用"):
        expect(table.get_by_role("columnheader", name=name)).to_have_count(1)
    text = " ".join(row.inner_text().split())
    assert re.search(r"a Reward Model 2023 年 5 月 短注 · 对齐 2,025 次引用 Semantic Scholar", text), text
    boxes = [row.locator(f".pn-papers__{part}").bounding_box() for part in ("title", "original", "date", "number")]
    assert [box["y"] for box in boxes if box] == sorted(box["y"] for box in boxes if box)
    assert {box["x"] for box in boxes if box} == {16}
    source, number = row.locator(".pn-papers__source").bounding_box(), boxes[-1]
    assert abs(source["y"] - number["y"]) < number["height"] / 2, "a count and its source stand in one line"
    newest = shown(page)
    head(page, "时间").click()
    assert shown(page) == newest[::-1]
