"""Lists that take several pages: what stands on each, what leads from one to the others, what their sorting and filtering fetch."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import deque
from typing import Any

import pytest

from papernotes.data.site import Site
from papernotes.pages import paging
from papernotes.pages.files import listing
from papernotes.text.special_pages import CHECK, FIGURES, LISTS, PAPERS


@pytest.mark.parametrize(
    ("lengths", "uris"),
    [
        pytest.param({PAPERS: 40}, [], id="what fits one page has no parts"),
        pytest.param({PAPERS: 100, CHECK: 0}, [], id="a page that is just full, and nothing at all"),
        pytest.param({PAPERS: 101}, [PAPERS, "papers/index.2.md"], id="one too many"),
        pytest.param(
            {LISTS: 201, FIGURES: 51}, [LISTS, "lists.2.md", "lists.3.md", FIGURES, "figures.2.md"], id="two lists"
        ),
    ],
)
def test_a_list_has_as_many_pages_as_it_needs(lengths: dict[str, int], uris: list[str]) -> None:
    assert list(paging.parts(lengths)) == uris


@pytest.mark.parametrize(
    ("number", "count", "near"),
    [
        pytest.param(1, 2, [1, 2], id="two pages"),
        pytest.param(1, 100, [1, 2, 3, 11, 100], id="the first of many"),
        pytest.param(48, 100, [1, 38, 46, 47, 48, 49, 50, 58, 100], id="in the middle"),
        pytest.param(500, 1000, [1, 400, 490, 498, 499, 500, 501, 502, 510, 600, 1000], id="of a thousand"),
    ],
)
def test_the_links_from_a_page(number: int, count: int, near: list[int]) -> None:
    assert paging.Part(PAPERS, number, count).near == near


def test_every_page_is_a_few_clicks_from_the_first() -> None:
    away = {1: 0}
    waiting = deque([1])
    while waiting:
        number = waiting.popleft()
        for each in paging.Part(PAPERS, number, 1000).near:
            if each not in away:
                away[each] = away[number] + 1
                waiting.append(each)
    assert len(away) == 1000
    assert max(away.values()) <= 15


def test_every_item_stands_on_one_page() -> None:
    items = list(range(250))
    parts = paging.parts({CHECK: len(items)}).values()
    assert [item for part in parts for item in part.of(items)] == items
    assert max(len(part.of(items)) for part in parts) == paging.MOST[CHECK]


def test_the_sections_of_a_page_are_told_apart() -> None:
    first, rest = paging.split('<p>a</p><h2 id="b">b</h2>b<h2>c</h2>c<h2>d</h2>', -2)
    assert (first, rest) == ('<p>a</p><h2 id="b">b</h2>b', ["<h2>c</h2>c", "<h2>d</h2>"])


def listed(site: Site) -> dict[str, Any]:
    """What stands in the files of the list, by its key."""
    found: dict[str, Any] = {}
    for path, text in listing.files(site.newest, lambda paper: f"<tr>{paper.slug}</tr>").items():
        match = re.fullmatch(r'pnListData\("([0-9a-f]{8})",([0-9]+),(.*)\);\n', text)
        assert match
        assert path == f"list/{match[2]}.js"
        found |= json.loads(match[3])
    return found


@pytest.mark.parametrize(
    ("key", "slugs"),
    [
        pytest.param("-date|||", ["dpo", "segment-anything", "instructgpt", "small", "ppo"], id="newest first"),
        pytest.param("date|||", ["ppo", "small", "instructgpt", "segment-anything", "dpo"], id="oldest first"),
        pytest.param("title|||", ["instructgpt", "ppo", "small", "dpo", "segment-anything"], id="titles by Pinyin"),
        pytest.param("-count|||", ["instructgpt", "segment-anything", "dpo", "ppo", "small"], id="counts by source"),
        pytest.param(
            "count|||", ["segment-anything", "instructgpt", "dpo", "ppo", "small"], id="least first, sources stay"
        ),
        pytest.param("-rate|||", ["instructgpt", "segment-anything", "dpo", "ppo", "small"], id="counts a year"),
        pytest.param("title|对齐||", ["instructgpt", "ppo", "dpo"], id="of a tag"),
        pytest.param("-date|语言模型|2022|full", ["instructgpt"], id="of a second tag, a year and a tier"),
    ],
)
def test_a_choice_in_an_order(fixture: Site, key: str, slugs: list[str]) -> None:
    found = listed(fixture)
    total, *numbers = found[f"{key} 0"]
    assert [re.sub("<.*?>", "", found[f"row {number}"]) for number in numbers] == slugs
    assert total == len(slugs)
    assert [found[f"slug {slug}"] for slug in slugs] == numbers


def test_what_is_fetched_does_not_grow(fixture: Site) -> None:
    model = fixture.by_slug["dpo"]

    def many(number: int) -> Site:
        papers = {
            f"{index:07}": dataclasses.replace(
                model, uri=f"papers/p{index}.md", record=dataclasses.replace(model.record, arxiv=f"{index:07}", published=None)
            )
            for index in range(1500, 1500 + number)
        }  # fmt: skip
        return dataclasses.replace(fixture, papers=papers)

    sizes = {
        number: max(map(len, listing.files(many(number).newest, lambda paper: "x" * 500).values()))
        for number in (200, 3000)
    }
    assert sizes[3000] < 1.5 * sizes[200]
    runs = [len(value) for key, value in listed(many(900)).items() if key.startswith("title||| ")]
    assert runs == [1 + listing.RUN, 1 + listing.RUN, 101]
