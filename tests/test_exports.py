"""The site for machines: what the files say, and that text from a record cannot break them."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from conftest import problems

from papernotes import exports, ledger
from papernotes import paper as paper_module
from papernotes import site as site_module
from papernotes.changes import Change, changes
from papernotes.paper import Paper
from papernotes.site import Site

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "tests" / "site" / "docs"
TODAY = date(2026, 11, 23)
ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "\"'<>&]]></script><script>alert(1)</script>[x](y)\\ \u2028"


@pytest.fixture(scope="module")
def tiny() -> Site:
    site, findings = site_module.load(DOCS, root=DOCS.parent, today=TODAY)
    assert findings == []
    return site


@pytest.fixture(scope="module")
def real() -> Site:
    return site_module.load(ROOT / "docs", root=ROOT, today=date.max)[0]


@pytest.fixture(scope="module")
def nasty(tiny: Site) -> Site:
    """The tiny site with markup in every field that a person fills in, 3,000 authors, and all missing that may be."""
    papers = {}
    for id_, paper in tiny.papers.items():
        record = dataclasses.replace(
            paper.record, version=None, title=NASTY * 5, authors=(NASTY,) * 3000, published=None, category=NASTY, venue=NASTY,
            code=None, doi=NASTY, counts=(),
        )  # fmt: skip
        papers[id_] = dataclasses.replace(
            paper, version=None, title=NASTY * 5, summary=NASTY, name=NASTY, builds_on=(), record=record
        )
    topics = {uri: dataclasses.replace(topic, title=NASTY, summary=NASTY) for uri, topic in tiny.topics.items()}
    return dataclasses.replace(tiny, papers=papers, topics=topics)


def test_papers_json(tiny: Site) -> None:
    text = exports.papers_json(tiny)
    data = json.loads(text)
    assert data["schema"] == exports.PAPERS_SCHEMA
    assert [paper["arxiv"] for paper in data["papers"]] == sorted(tiny.papers)
    lora = data["papers"][0]
    assert lora["url"] == "papers/small.html"
    assert lora["version_read"] == 2
    assert lora["citations"] is None, "missing is shown as missing"
    assert set(data["papers"][1]["citations"]) == {"count", "day", "day_is", "source", "dataset"}
    assert len(text.splitlines()) == 2 + len(tiny.papers)
    whole = json.loads(exports.papers_json(tiny, "https://notes.example.org/zh"))
    assert whole["papers"][0]["url"] == "https://notes.example.org/zh/papers/small.html"


@pytest.mark.parametrize("site_url", ["", "https://notes.example.org/zh"], ids=["no address", "address"])
@pytest.mark.parametrize("which", ["real", "tiny", "nasty"])
def test_papers_json_fits_its_schema(request: pytest.FixtureRequest, which: str, site_url: str) -> None:
    site = request.getfixturevalue(which)
    published = json.loads(exports.papers_schema(site, site_url))
    assert problems(json.loads(exports.papers_json(site, site_url)), published) == []
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published.get("$id") == (f"{site_url}/papers.schema.json" if site_url else None)


GONE = object()


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        pytest.param([], [], "$: type", id="no object"),
        pytest.param(["schema"], 2, "$.schema: const", id="another number"),
        pytest.param(["schema"], "1", "$.schema: const", id="the number as a text"),
        pytest.param(["schema"], GONE, "$: required", id="no number"),
        pytest.param(["generated"], "2026-11-23", "$: additionalProperties", id="a key more"),
        pytest.param(["papers", 0, "stars"], 5, "$.papers[0]: additionalProperties", id="a key more in a paper"),
        pytest.param(["papers", 0, "withdrawn"], GONE, "$.papers[0]: required", id="a key less in a paper"),
        pytest.param(["papers", 0, "arxiv"], 2305.1829, "$.papers[0].arxiv: type", id="id as a number"),
        pytest.param(["papers", 0, "arxiv"], "2305.18290v3", "$.papers[0].arxiv: pattern", id="id with a version"),
        pytest.param(["papers", 0, "version_read"], 0, "$.papers[0].version_read: minimum", id="version 0"),
        pytest.param(["papers", 0, "title"], None, "$.papers[0].title: type", id="no title"),
        pytest.param(["papers", 0, "title_zh"], "", "$.papers[0].title_zh: minLength", id="empty title"),
        pytest.param(["papers", 0, "summary_zh"], "长" * 121, "$.papers[0].summary_zh: maxLength", id="long summary"),
        pytest.param(["papers", 0, "url"], "javascript:alert(1)", "$.papers[0].url: pattern", id="a script for an address"),
        pytest.param(["papers", 0, "url"], "https://evil.example/", "$.papers[0].url: pattern", id="no page of the site"),
        pytest.param(["papers", 0, "tier"], "long", "$.papers[0].tier: enum", id="unknown tier"),
        pytest.param(["papers", 0, "tags"], [], "$.papers[0].tags: minItems", id="no tag"),
        pytest.param(["papers", 0, "tags", 0], "视角", "$.papers[0].tags[0]: enum", id="unknown tag"),
        pytest.param(["papers", 0, "builds_on"], ["2005.14165"] * 2, "$.papers[0].builds_on: uniqueItems", id="one paper twice"),
        pytest.param(["papers", 0, "authors"], "Ada Lovelace", "$.papers[0].authors: type", id="one author, no list"),
        pytest.param(["papers", 0, "published"], "2023-02-30", "$.papers[0].published: format", id="no day of the calendar"),
        pytest.param(["papers", 0, "published"], "20230228", "$.papers[0].published: pattern", id="a day without hyphens"),
        pytest.param(["papers", 0, "code"], "http://example.org/", "$.papers[0].code: pattern", id="code without TLS"),
        pytest.param(["papers", 0, "withdrawn"], 1, "$.papers[0].withdrawn: type", id="1 for true"),
        pytest.param(["papers", 0, "citations"], 12, "$.papers[0].citations: type", id="a bare count"),
        pytest.param(["papers", 1, "citations", "count"], -1, "$.papers[1].citations.count: minimum", id="negative count"),
        pytest.param(["papers", 1, "citations", "day"], GONE, "$.papers[1].citations: required", id="count without a day"),
        pytest.param(["papers", 1, "citations", "day_is"], "about", "$.papers[1].citations.day_is: enum", id="a day of another kind"),
        pytest.param(["papers", 1, "citations", "source"], "a-friend", "$.papers[1].citations.source: enum", id="unknown source"),
        pytest.param(["papers", 1, "citations", "dataset"], None, "$.papers[1].citations.dataset: type", id="count without a data set"),
        pytest.param(["papers", 0, "checked", "by"], "nobody", "$.papers[0].checked.by: enum", id="checked by another"),
    ],
)  # fmt: skip
def test_the_schema_refuses(tiny: Site, place: list[Any], value: Any, problem: str) -> None:
    data = spoilt(json.loads(exports.papers_json(tiny)), place, value)
    found = problems(data, json.loads(exports.papers_schema(tiny)))
    assert problem in found
    assert {each.partition(": ")[0] for each in found} == {problem.partition(": ")[0]}


def spoilt(data: Any, place: list[Any], value: Any) -> Any:
    """The document with another value, or none, at one place."""
    if not place:
        return value
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return data


def test_the_schema_is_closed_and_names_every_constant(tiny: Site) -> None:
    """No object takes a key that is not described, nor lacks one that is; what may be named is what the code knows."""
    published = json.loads(exports.papers_schema(tiny))
    paper = published["properties"]["papers"]["items"]
    objects = [published, paper, paper["properties"]["citations"], paper["properties"]["checked"]]
    for each in objects:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    keys = paper["properties"]
    assert keys["tier"]["enum"] == list(paper_module.TIERS)
    assert keys["tags"]["items"]["enum"] == list(tiny.tags)
    assert keys["citations"]["properties"]["source"]["enum"] == list(ledger.SOURCES)
    assert keys["citations"]["properties"]["day_is"]["enum"] == list(ledger.DAY_IS)
    assert keys["checked"]["properties"]["by"]["enum"] == list(paper_module.CHECKERS)
    assert all("description" in key for each in objects for key in each["properties"].values())


def test_a_missing_count_is_null(nasty: Site) -> None:
    assert all(paper["citations"] is None for paper in json.loads(exports.papers_json(nasty))["papers"])


FEED_URL = "https://notes.example.org/"
CHANGED = {"papers/dpo.md": Change(date(2026, 1, 1), date(2026, 11, 22))}


def feed(site: Site) -> str:
    return exports.feed(site, FEED_URL, "论文译读", CHANGED, TODAY)


def text_of(value: str) -> str:
    """A text without regard to white space, which a reader may fold."""
    return " ".join(value.split())


@pytest.mark.parametrize("which", ["tiny", "nasty"])
def test_the_feed_is_well_formed(request: pytest.FixtureRequest, which: str) -> None:
    """What RFC 4287 asks of a feed and its entries, and a lenient reader would not miss."""
    root = ElementTree.fromstring(feed(request.getfixturevalue(which)))
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    for parent in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert stamp.fullmatch(parent.findtext(f"{ATOM}updated") or "")
    newest = next(root.iter(f"{ATOM}entry"))
    assert newest.findtext(f"{ATOM}id") == f"{FEED_URL}papers/dpo.html", "the page that changed last comes first"


@pytest.mark.parametrize("which", ["real", "tiny", "nasty"])
def test_a_feed_reader_sees_every_page(request: pytest.FixtureRequest, which: str) -> None:
    site: Site = request.getfixturevalue(which)
    read = feedparser.parse(io.BytesIO(feed(site).encode()))
    assert not read.bozo, read.get("bozo_exception")
    assert (read.version, read.encoding, read.feed.language) == ("atom10", "utf-8", "zh-Hans")
    assert (read.feed.id, read.feed.title, read.feed.author) == (FEED_URL, "论文译读", "论文译读")
    assert read.feed.link == f"{FEED_URL}index.html"
    assert [(link.rel, link.type, link.href) for link in read.feed.links] == [
        ("self", "application/atom+xml", f"{FEED_URL}feed.xml"),
        ("alternate", "text/html", f"{FEED_URL}index.html"),
    ]
    assert exports.LICENCE in read.feed.rights
    pages = {FEED_URL + page.url: page for page in (*site.papers.values(), *site.topics.values())}
    assert len(read.entries) == min(len(pages), exports.FEED_ENTRIES)
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    for entry in read.entries:
        page = pages[entry.link]
        change = CHANGED.get(page.uri) or Change(page.checked.day, page.checked.day)
        assert entry.id == entry.link
        assert [(link.rel, link.type) for link in entry.links] == [("alternate", "text/html")]
        assert entry.title_detail.type == entry.summary_detail.type == "text/plain"
        assert (text_of(entry.title), text_of(entry.summary)) == (text_of(page.title), text_of(page.summary))
        assert (date(*entry.published_parsed[:3]), date(*entry.updated_parsed[:3])) == (change.first, change.last)
        assert [tag.term for tag in entry.tags] == list(page.tags if isinstance(page, Paper) else [page.tag])
    days = [entry.updated for entry in read.entries]
    assert days == sorted(days, reverse=True), "the page that changed last comes first"
    assert read.feed.updated == days[0]


def test_a_feed_of_many_pages_ends(tiny: Site) -> None:
    paper = tiny.papers["2106.09685"]
    papers = {f"{n}": dataclasses.replace(paper, uri=f"papers/p{n}.md") for n in range(exports.FEED_ENTRIES + 20)}
    read = feedparser.parse(io.BytesIO(feed(dataclasses.replace(tiny, papers=papers)).encode()))
    assert len(read.entries) == exports.FEED_ENTRIES


def test_a_feed_of_no_page_is_of_the_build(tiny: Site) -> None:
    read = feedparser.parse(io.BytesIO(feed(dataclasses.replace(tiny, papers={}, topics={})).encode()))
    assert not read.bozo
    assert read.entries == []
    assert read.feed.updated == "2026-11-23T00:00:00Z"


def test_structured_data_says_what_the_page_is(tiny: Site) -> None:
    paper = tiny.papers["2106.09685"]
    data = exports.structured_data(paper, "https://notes.example.org/", Change(date(2026, 1, 1), date(2026, 2, 1)))
    assert data["@type"] == "Article", "a note about the article, not the article"
    assert data["inLanguage"] == "zh-Hans"
    assert data["about"]["@type"] == "ScholarlyArticle"
    assert data["about"]["name"] == paper.record.title
    assert data["dateModified"] == "2026-02-01"
    without = exports.structured_data(paper, "", None)
    assert "url" not in without
    assert "dateModified" not in without


def test_llms_txt(tiny: Site, nasty: Site) -> None:
    text = exports.llms_txt(tiny, "论文译读", "一句话")
    assert text.startswith("# 论文译读\n\n> 一句话\n")
    assert "- [小论文：每种写法各用一次](papers/small.html): LoRA: Low-Rank" in text
    for line in exports.llms_txt(nasty, "论文译读", "一句话").splitlines():
        if line.startswith("- "):
            assert re.fullmatch(r"- \[[^\[\]]*\]\([a-z0-9/.-]+\): .*", line)


def test_robots_txt() -> None:
    assert "Sitemap" not in exports.robots_txt("")
    assert "Sitemap: https://notes.example.org/sitemap.xml" in exports.robots_txt("https://notes.example.org/")


def test_days_come_from_the_whole_history(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    repo = tmp_path / "repo"
    (repo / "docs" / "papers").mkdir(parents=True)
    subprocess.run([*git, "init", "-q"], cwd=repo, check=True)
    for day, text in (("2026-01-05", "a"), ("2026-03-04", "b")):
        (repo / "docs" / "papers" / "甲.md").write_text(text, encoding="utf-8")
        subprocess.run([*git, "add", "-A"], cwd=repo, check=True)
        subprocess.run(
            [*git, "commit", "-qm", text],
            cwd=repo,
            check=True,
            env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": f"{day}T10:00:00Z"},
        )
    assert changes(repo, repo / "docs") == {"papers/甲.md": Change(date(2026, 1, 5), date(2026, 3, 4))}
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repo}", str(tmp_path / "shallow")], check=True)
    assert changes(tmp_path / "shallow", tmp_path / "shallow" / "docs") == {}
    assert changes(tmp_path, tmp_path) == {}


def test_the_built_site_has_them(built_site: Path) -> None:
    data = json.loads((built_site / "papers.json").read_text(encoding="utf-8"))
    assert len(data["papers"]) >= 39
    assert problems(data, json.loads((built_site / "papers.schema.json").read_text(encoding="utf-8"))) == []
    for paper in data["papers"]:
        assert (built_site / paper["url"]).is_file()
    assert not (built_site / "feed.xml").exists(), "a feed needs the site's address"
    page = (built_site / "papers" / "dpo.html").read_text(encoding="utf-8")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    assert json.loads(block[1])["about"]["identifier"] == "arXiv:2305.18290"
    assert "citation_title" not in page, "the page is not the paper"
    assert 'property="og:image"' not in page
