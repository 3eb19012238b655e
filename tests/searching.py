"""How the tests of both sites search: through the field, or past it, in the engine itself."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from papernotes.search import build, postings

INPUT = ".md-search__input"
LINKS = ".md-search-result__list a"
ANSWERED = "pnModules['search/view.js']?.answered()"  # the query whose answer the reader sees

# Runs a query in the engine itself, past the field: for a thousand queries at once.
ENGINE = """async () => {
  await pnModules["search/box.js"].loadView();
  window.pnAsk = async (query, all) => {
    const found = await pnModules["search/engine.js"].search(query, () => true);
    if (!found.answer) return [];
    const urls = found.results.map((result) => result.url);
    while (all && !found.answer.done) urls.push(...(await found.answer.next(() => true)).map((result) => result.url));
    return urls;
  };
}"""
# The text of an article as a reader sees it, all of it unfolded, without formulas and controls, and without the sentences that
# the entry of a model repeats, which are found where they stand; a tab parts the cells of a row.
SEEN = """() => {
  const article = document.querySelector("article");
  article.querySelectorAll("noscript, math, form, button, select, [role=status], .headerlink, .md-content__button, .pn-report, .pn-said").forEach((element) => element.remove());
  article.querySelectorAll("details").forEach((element) => { element.open = true; });
  return article.innerText;
}"""


def index_files(
    pages: Sequence[postings.Page], terms: Sequence[postings.Term], kinds: Mapping[str, float]
) -> dict[str, str]:
    """The files of an index by their paths."""
    with tempfile.TemporaryDirectory() as folder:
        build.write({page.url: page for page in pages}, terms, kinds, Path(folder))
        return {
            file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in sorted(Path(folder).rglob("*.js"))
        }


def ask(page: Page, query: str) -> list[str]:
    """Type a query and give the links of the results as paths, once they stand there."""
    page.locator(INPUT).fill(query)
    page.wait_for_function(f"query => {ANSWERED} === query.trim()", arg=query.strip()[:500])
    links: list[str] = page.locator(LINKS).evaluate_all("links => links.map((link) => link.href)")
    return [urlsplit(link).path for link in links]


def searched_pages(folder: Path) -> list[str]:
    """The pages of the index, as it names them."""
    return [
        re.match(r'pnSearchData\("p\d+","\w+",\["([^"]+)"', script.read_text("utf-8"))[1]  # type: ignore[index]
        for script in sorted((folder / "search/p").glob("*.js"))
    ]


def missed(visit: Callable[..., Any], base: str, pages: list[str], *, number: int) -> list[tuple[str, str]]:
    """Of so many runs drawn at random from the pages as a browser shows them, half of them Chinese, half of them words:
    those that do not find their page.

    The pages are shown without scripts, which add no text that is searched, and cost a third of the time.
    """
    draw = random.Random(9)
    texts = {url: page.evaluate(SEEN) for url, page in visit(base, java_script_enabled=False).tour(pages)}
    han = {
        url: [
            run for run in re.findall("[\\u3400-\\u9fff]+", re.sub(r"\s", "", text.replace("\t", "|"))) if len(run) > 1
        ]
        for url, text in texts.items()
    }
    latin = {url: re.findall("(?<![^\\W_])[A-Za-z0-9]{2,}", text) for url, text in texts.items()}
    urls = [url for url in texts if han[url] and latin[url]]
    assert len(urls) > len(pages) / 2
    wanted: list[tuple[str, str]] = []
    while len(wanted) < number / 2:
        url = draw.choice(urls)
        run = draw.choice(han[url])
        start = draw.randrange(len(run) - 1)
        wanted.append((run[start : start + draw.randint(2, 9)], url))
    while len(wanted) < number:
        url = draw.choice(urls)
        word = draw.choice(latin[url])
        wanted.append((word[: draw.randint(2, len(word))], url))
    reader = visit(base).open()
    reader.evaluate(ENGINE)
    found = reader.evaluate(
        """async (queries) => { const out = []; for (const query of queries) out.push(await pnAsk(query, true)); return out; }""",
        [query for query, _ in wanted],
    )
    return [(query, url) for (query, url), urls in zip(wanted, found, strict=True) if url not in urls]
