"""What a page may hold, so that it is read in bounded time: beyond it the page is a finding, unread; within it time grows in proportion."""

from __future__ import annotations

from datetime import date

import alone
import pytest
from conftest import DOCS
from steps import TOLERATED, growth

from papernotes.data import site as site_module
from papernotes.data.site import Site
from papernotes.rules import checker
from papernotes.text import bounds
from papernotes.text.document import Document
from papernotes.text.parsed import Parsed

LIBRARY = checker.library()


def page_of(body: str) -> Document:
    return Document("docs/papers/x.md", "papers/x.md", body, None, 0)


@pytest.mark.parametrize(
    ("token", "most", "what"),
    [
        pytest.param("## 甲\n\n", 400, "headings", id="headings"),
        pytest.param("甲\n: 乙\n", 200, "definitions", id="definitions, which recurse"),
        pytest.param("- 甲\n", 3_000, "list items", id="list items"),
        pytest.param("[^a]", 600, "footnotes and references to them", id="footnotes"),
        pytest.param("`", 6_000, "backticks", id="backticks"),
        pytest.param("甲\n", 20_000, "lines", id="lines"),
        pytest.param("$", 6_000, "dollar signs", id="dollar signs"),
        pytest.param("*", 12_000, "stars and underscores", id="stars"),
        pytest.param("1,", 20_000, "numbers", id="numbers"),
        pytest.param("/// figure | Figure 2\n", 100, "figure blocks", id="figure blocks, which recurse"),
        pytest.param("【来源：§3】", 4_000, "source marks", id="source marks"),
        pytest.param("https://a.bc/ ", 2_000, "addresses", id="addresses"),
    ],
)
def test_a_page_with_more_than_it_may_hold_is_a_finding(token: str, most: int, what: str) -> None:
    assert bounds.exceeded(page_of(token * most)) is None
    problem = bounds.exceeded(page_of(token * (most + 1)))
    assert problem and problem.what == f"more than {most} {what}: the page would take long to read"


@pytest.mark.parametrize(
    ("token", "small", "large"),
    [
        pytest.param("1,", 2_500, 10_000, id="numbers in a row"),
        pytest.param("# a ", 2_500, 10_000, id="headings that are none, in a line"),
        pytest.param("1亿 1B ", 1_000, 4_000, id="numbers of both kinds in a sentence"),
        pytest.param("&", 10_000, 40_000, id="ampersands"),
        pytest.param("> 甲\n\n", 500, 2_000, id="quotes"),
        pytest.param("- 甲\n", 500, 2_000, id="list items"),
        pytest.param("| 甲 ", 500, 2_000, id="columns"),
        pytest.param("【来源：§3】", 500, 2_000, id="source marks"),
    ],
)
def test_what_is_within_the_bounds_is_read_in_proportion(token: str, small: int, large: int) -> None:
    site, _ = site_module.load(DOCS, root=DOCS.parent, today=date(2026, 11, 23), parse=LIBRARY.parse)

    def read(times: int) -> None:
        page = page_of(f"文字。\n\n{token * times}\n")
        assert bounds.exceeded(page) is None
        alone.judged(page, site, LIBRARY)

    assert growth(read, small, large) < large / small * TOLERATED


def test_a_few_pages_are_held_as_they_were_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_module, "MOST_PARSED", 2)
    read = []

    def parse(document: Document, site: Site) -> Parsed:
        read.append(document.uri)
        return LIBRARY.parse(document, site)

    site, _ = site_module.load(DOCS, root=DOCS.parent, today=date(2026, 11, 23), parse=parse)
    one, two, three = sorted(site.by_uri)[:3]
    for uri in (one, two, two, three, three, one):
        assert site.parsed(uri).document.uri == uri
    assert read == [one, two, three, one]


def test_what_was_read_in_a_page_is_let_go() -> None:
    page = page_of("甲 `乙`\n")
    prose, digest = page.prose, page.digest
    page.forget()
    assert vars(page).keys() == {"path", "uri", "text", "front", "body_start", "digest"}
    assert (page.prose, page.digest) == (prose, digest)
