"""The site for machines: what the files say, and that text from a record cannot break them."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import struct
import subprocess
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser
import markdown
import pytest
from conftest import ROOT, build_unchecked, make_project, problems

from papernotes import words
from papernotes.base import git as git_module
from papernotes.base.git import Change
from papernotes.build.finish import security
from papernotes.data import ledger
from papernotes.data import paper as paper_module
from papernotes.data.names import ChineseName
from papernotes.data.paper import Paper
from papernotes.data.site import Site
from papernotes.pages.files import exports, twin
from papernotes.pages.files import feed as feed_module
from papernotes.text import special_pages
from papernotes.text.document import address as page_address

DOCS = ROOT / "tests" / "site" / "docs"
TODAY = date(2026, 11, 23)
ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "\"'<>&lt;&]]></script><script>alert(1)</script>[x](y) `c` \\ \u2028"


class _Head(HTMLParser):
    """What a crawler takes from a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        """Content by property or name."""
        self.links: dict[str, str] = {}
        """Address by relation."""
        self.hrefs: list[str] = []
        """Of the links in the text."""
        self.text: dict[str, str] = {}
        """By element: all that stands directly in it."""
        self.tags: set[str] = set()
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self._open = values.get("type", tag) if tag == "script" else tag
        if tag == "title" and "body" in self.tags:
            self._open = "title of a picture"
        if tag == "meta":
            name = values.get("property") or values.get("name", "")
            assert name not in self.meta or not name, f"{name} is repeated"
            self.meta[name] = values.get("content", "")
        elif tag == "link":
            self.links[values["rel"].strip()] = values["href"]
        elif tag == "a":
            self.hrefs.append(values.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.text[self._open] = self.text.get(self._open, "") + data

    @property
    def structured(self) -> dict[str, Any]:
        return dict(json.loads(self.text["application/ld+json"]))


@pytest.fixture(scope="module")
def nasty(fixture: Site) -> Site:
    """The tiny site with markup in every field that a person fills in, 3,000 authors, and all missing that may be."""
    papers = {}
    for id_, paper in fixture.papers.items():
        record = dataclasses.replace(
            paper.record, version=None, title=NASTY * 5, authors=(NASTY,) * 3000, published=None, category=NASTY, venue=NASTY,
            code=None, doi=NASTY, counts=(), authors_zh=(ChineseName(NASTY, "某人", "https://example.org/"),),
        )  # fmt: skip
        papers[id_] = dataclasses.replace(
            paper, version=None, title=NASTY * 5, summary=NASTY, name=NASTY, builds_on=(), record=record
        )
    topics = {uri: dataclasses.replace(topic, title=NASTY, summary=NASTY) for uri, topic in fixture.topics.items()}
    return dataclasses.replace(fixture, papers=papers, topics=topics)


def test_papers_json(fixture: Site) -> None:
    text = exports.papers_json(fixture)
    data = json.loads(text)
    assert data["schema"] == exports.PAPERS_SCHEMA
    assert [paper["arxiv"] for paper in data["papers"]] == sorted(fixture.papers)
    papers = {paper["arxiv"]: paper for paper in data["papers"]}
    lora = papers["2106.09685"]
    assert lora["url"] == "papers/small.html"
    assert lora["version_read"] == 2
    assert lora["citations"] is None, "missing is shown as missing"
    assert [len(paper["counts"]) for paper in data["papers"]] == [
        len(paper.record.counts) for paper in fixture.papers.values()
    ]
    assert set(papers["2305.18290"]["citations"]) == {"count", "day", "day_is", "source", "dataset", "source_name"}
    assert lora["authors_zh"] == [], "nor are these made up"
    assert len(text.splitlines()) == 2 + len(fixture.papers)
    whole = json.loads(exports.papers_json(fixture, "https://notes.example.org/zh"))
    assert (
        whole["papers"][sorted(papers).index("2106.09685")]["url"] == "https://notes.example.org/zh/papers/small.html"
    )


@pytest.mark.parametrize("site_url", ["", "https://notes.example.org/zh"], ids=["no address", "address"])
@pytest.mark.parametrize("which", ["fixture", "nasty"])
def test_papers_json_fits_its_schema(request: pytest.FixtureRequest, which: str, site_url: str) -> None:
    site = request.getfixturevalue(which)
    published = json.loads(exports.papers_schema(site, site_url))
    assert problems(json.loads(exports.papers_json(site, site_url)), published) == []
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published.get("$id") == (f"{site_url}/papers.schema.json" if site_url else None)


GONE = object()
COUNTED = 3
"""The place of a paper that has counts."""


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        pytest.param([], [], "$: type", id="no object"),
        pytest.param(["schema"], 2, "$.schema: const", id="another number"),
        pytest.param(["schema"], "1", "$.schema: const", id="the number as a text"),
        pytest.param(["schema"], GONE, "$: required", id="no number"),
        pytest.param(["revision"], 1, "$.revision: const", id="another revision"),
        pytest.param(["papers", COUNTED, "counts", 0, "source"], "A Friend", "$.papers[3].counts[0].source: pattern", id="no id as the source of a count of many"),
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
        pytest.param(["papers", 0, "markdown"], "papers/dpo.html", "$.papers[0].markdown: pattern", id="the page for its twin"),
        pytest.param(["papers", 0, "tier"], "long", "$.papers[0].tier: enum", id="unknown tier"),
        pytest.param(["papers", 0, "tags"], [], "$.papers[0].tags: minItems", id="no tag"),
        pytest.param(["papers", 0, "tags", 0], "视角", "$.papers[0].tags[0]: enum", id="unknown tag"),
        pytest.param(["papers", 0, "builds_on"], ["2005.14165"] * 2, "$.papers[0].builds_on: uniqueItems", id="one paper twice"),
        pytest.param(["papers", 0, "authors"], "Ada Lovelace", "$.papers[0].authors: type", id="one author, no list"),
        pytest.param(["papers", 0, "published"], "2023-02-30", "$.papers[0].published: format", id="not a day of the calendar"),
        pytest.param(["papers", 0, "published"], "20230228", "$.papers[0].published: pattern", id="a day without hyphens"),
        pytest.param(["papers", 0, "code"], "http://example.org/", "$.papers[0].code: pattern", id="code without TLS"),
        pytest.param(["papers", 0, "withdrawn"], 1, "$.papers[0].withdrawn: type", id="1 for true"),
        pytest.param(["papers", 0, "licences"], [{"licence": "free", "version": None, "source": "arxiv", "day": "2026-11-20"}], "$.papers[0].licences[0].licence: enum", id="no licence"),
        pytest.param(["papers", 0, "citations"], 12, "$.papers[0].citations: type", id="a bare count"),
        pytest.param(["papers", COUNTED, "citations", "count"], -1, "$.papers[3].citations.count: minimum", id="negative count"),
        pytest.param(["papers", COUNTED, "citations", "day"], GONE, "$.papers[3].citations: required", id="count without a day"),
        pytest.param(["papers", COUNTED, "citations", "day_is"], "about", "$.papers[3].citations.day_is: enum", id="a day of another kind"),
        pytest.param(["papers", COUNTED, "citations", "source"], "A Friend", "$.papers[3].citations.source: pattern", id="no id as the source"),
        pytest.param(["papers", COUNTED, "citations", "dataset"], None, "$.papers[3].citations.dataset: type", id="count without a data set"),
        pytest.param(["papers", 0, "checked", "by"], "nobody", "$.papers[0].checked.by: enum", id="checked by another"),
    ],
)  # fmt: skip
def test_the_schema_refuses(fixture: Site, place: list[Any], value: Any, problem: str) -> None:
    data = spoilt(json.loads(exports.papers_json(fixture)), place, value)
    found = problems(data, json.loads(exports.papers_schema(fixture)))
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


def test_the_schema_is_closed_and_names_every_constant(fixture: Site) -> None:
    """No object takes a key that is not described, nor lacks one that is; what may be named is what the code knows."""
    published = json.loads(exports.papers_schema(fixture))
    paper = published["properties"]["papers"]["items"]
    objects = [published, paper, paper["properties"]["citations"], paper["properties"]["checked"]]
    for each in objects:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    keys = paper["properties"]
    assert keys["tier"]["enum"] == list(paper_module.TIERS)
    assert keys["tags"]["items"]["enum"] == list(fixture.tags)
    assert keys["citations"]["properties"]["day_is"]["enum"] == list(ledger.DAY_IS)
    assert keys["checked"]["properties"]["by"]["enum"] == list(paper_module.CHECKERS)
    assert all("description" in key for each in objects for key in each["properties"].values())


def test_a_missing_count_is_null(nasty: Site) -> None:
    assert all(paper["citations"] is None for paper in json.loads(exports.papers_json(nasty))["papers"])


FEED_URL = "https://notes.example.org/"
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
CHANGED = {
    "papers/dpo.md": Change(datetime(2026, 1, 1, 8, tzinfo=UTC), datetime(2026, 11, 22, 21, 5, 9, tzinfo=UTC), "c0ffee")
}


def feed(site: Site, before: str | None = None) -> str:
    return feed_module.write(site, FEED_URL, "示例站", CHANGED, NOW, lambda uri, commit: before)


def text_of(value: str) -> str:
    """A text without regard to white space, which a reader may fold."""
    return " ".join(value.split())


@pytest.mark.parametrize("which", ["fixture", "nasty"])
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


@pytest.mark.parametrize("which", ["fixture", "nasty"])
def test_a_feed_reader_sees_every_page(request: pytest.FixtureRequest, which: str) -> None:
    site: Site = request.getfixturevalue(which)
    read = feedparser.parse(io.BytesIO(feed(site).encode()))
    assert not read.bozo, read.get("bozo_exception")
    assert (read.version, read.encoding, read.feed.language) == ("atom10", "utf-8", "zh-Hans")
    assert (read.feed.id, read.feed.title, read.feed.author) == (FEED_URL, "示例站", "示例站")
    assert read.feed.link == f"{FEED_URL}index.html"
    assert [(link.rel, link.type, link.href) for link in read.feed.links] == [
        ("self", "application/atom+xml", f"{FEED_URL}feed.xml"),
        ("alternate", "text/html", f"{FEED_URL}index.html"),
    ]
    assert exports.LICENCE in read.feed.rights
    pages = {FEED_URL + page.url: page for page in (*site.papers.values(), *site.topics.values())}
    assert len(read.entries) == min(len(pages), feed_module.FEED_ENTRIES)
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    for entry in read.entries:
        page = pages[entry.link]
        change = exports.change_of(page, CHANGED)
        assert entry.id == entry.link
        assert [(link.rel, link.type) for link in entry.links] == [("alternate", "text/html")]
        assert entry.title_detail.type == entry.summary_detail.type == "text/plain"
        assert (text_of(entry.title), text_of(entry.summary)) == (text_of(page.title), text_of(page.summary))
        assert (entry.published, entry.updated) == tuple(
            moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (change.published, change.updated)
        )
        assert [tag.term for tag in entry.tags] == list(page.tags if isinstance(page, Paper) else [page.tag])
    days = [entry.updated for entry in read.entries]
    assert days == sorted(days, reverse=True), "the page that changed last comes first"
    assert read.feed.updated == days[0]


def test_a_feed_of_many_pages_ends(fixture: Site) -> None:
    paper = fixture.papers["2106.09685"]
    papers = {f"{n}": dataclasses.replace(paper, uri=f"papers/p{n}.md") for n in range(feed_module.FEED_ENTRIES + 20)}
    read = feedparser.parse(io.BytesIO(feed(dataclasses.replace(fixture, papers=papers)).encode()))
    assert len(read.entries) == feed_module.FEED_ENTRIES


def test_a_feed_of_no_page_is_of_the_build(fixture: Site) -> None:
    read = feedparser.parse(io.BytesIO(feed(dataclasses.replace(fixture, papers={}, topics={})).encode()))
    assert not read.bozo
    assert read.entries == []
    assert read.feed.updated == "2026-11-23T12:30:00Z"


def test_an_entry_says_what_changed(fixture: Site) -> None:
    now = fixture.documents["papers/dpo.md"].text
    first, *_, heading = re.findall("^## (.+)$", now, re.MULTILINE)
    before = now.partition(f"## {heading}\n")[0].replace(f"## {first}\n", f"## {first}\n\n一句旧话。\n")
    read = feedparser.parse(io.BytesIO(feed(fixture, before).encode()))
    said = {entry.link: entry.summary for entry in read.entries}
    summary = fixture.papers["2305.18290"].summary
    assert said[f"{FEED_URL}papers/dpo.html"] == f"新增：「{heading}」。改动：「{first}」。{summary}"
    others = [page for page in (*fixture.papers.values(), *fixture.topics.values()) if page.uri not in CHANGED]
    assert all(said[FEED_URL + page.url] == page.summary for page in others), "nothing is known of them"
    first = {"papers/dpo.md": dataclasses.replace(CHANGED["papers/dpo.md"], before="")}
    text = feed_module.write(
        fixture, FEED_URL, "示例站", first, NOW, lambda uri, commit: pytest.fail("there is no older one")
    )
    assert f"新页面。{summary}" in text


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param("## 甲\na\n## 乙\nb\n", "## 甲\na\n## 乙\nc\n", "改动：「乙」。", id="a section"),
        pytest.param(
            "---\nx: 1\n---\n\n## 甲\n", "---\nx: 2\n---\n\n## 甲\n", "改动：「题头」。", id="above the first heading"
        ),
        pytest.param("## 甲\na\n", "## 丙\na\n", "新增：「丙」。删去：「甲」。", id="another heading"),
        pytest.param(
            "## 甲\n```\n## x\n```\n", "## 甲\n```\n## y\n```\n", "改动：「甲」。", id="a heading in code is none"
        ),
        pytest.param("## 甲\na\n", "## 甲\na\n", "", id="nothing"),
        pytest.param("", "", "", id="two empty pages"),
    ],
)
def test_what_changed(before: str, now: str, expected: str) -> None:
    assert feed_module.what_changed(before, now, words.program()) == expected


def test_a_paper_page_is_an_article_about_the_article(fixture: Site) -> None:
    paper = fixture.papers["2106.09685"]
    change = Change(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    data = exports.structured_data(paper, fixture.ledger, "示例站", FEED_URL, change)
    assert data["@type"] == "Article", "a note about the article, not the article"
    assert data["inLanguage"] == "zh-Hans"
    assert "author" not in data, "the paper's authors did not write the note"
    assert data["url"] == f"{FEED_URL}papers/small.html"
    assert data["isPartOf"] == {"@type": "WebSite", "name": "示例站", "url": f"{FEED_URL}index.html"}
    assert (data["datePublished"], data["dateModified"]) == ("2026-01-01", "2026-02-01")
    assert data["about"]["@type"] == "ScholarlyArticle"
    assert data["about"]["name"] == paper.record.title
    assert data["about"]["datePublished"] == "2021-06-17"
    without = exports.structured_data(paper, fixture.ledger, "示例站", "", None)
    assert not {"url", "mainEntityOfPage", "dateModified", "datePublished"} & set(without)
    assert "url" not in without["isPartOf"]


def test_a_topic_page_mentions_its_papers(fixture: Site) -> None:
    topic = fixture.topics["topics/fine-tuning.md"]
    data = exports.structured_data(topic, fixture.ledger, "示例站", FEED_URL, None)
    assert (data["@type"], data["headline"]) == ("Article", topic.title)
    assert [paper["identifier"] for paper in data["mentions"]] == [f"arXiv:{id_}" for id_ in topic.papers]
    assert "about" not in data


def test_structured_data_of_what_is_missing_or_too_much(nasty: Site) -> None:
    about = exports.structured_data(nasty.papers["2106.09685"], {}, "示例站", FEED_URL, None)["about"]
    assert "datePublished" not in about
    assert len(about["author"]) == exports.MOST_AUTHORS
    assert re.fullmatch(r"https://doi\.org/[!-~]+", about["sameAs"]), "an address of printable ASCII"
    assert not re.search(r"[\"'<>\\\s]", about["sameAs"])


def test_llms_txt(fixture: Site) -> None:
    text = exports.llms_txt(fixture, "示例站", "一句话")
    assert text.startswith("# 示例站\n\n> 一句话\n")
    assert "- [小论文：每种写法各用一次](papers/small.md): LoRA: Low-Rank" in text
    assert "feed.xml" not in text, "a feed needs the site's address"
    whole = exports.llms_txt(fixture, "示例站", "一句话", FEED_URL)
    assert re.findall(r"^- \[[^\]]*\]\(([^)]*)\): ", whole, re.MULTILINE) == [
        *(FEED_URL + twin.path_of(page.url) for page in (*fixture.topics.values(), *fixture.papers.values())),
        f"{FEED_URL}glossary.md",
        *(f"{FEED_URL}{name}" for name in exports.DATA if name != "llms.txt"),
    ]


def test_llms_txt_is_markdown_whatever_the_titles_hold(nasty: Site) -> None:
    """Each line is one link, with the title for its text; no markup of a title is markup."""
    pages = [*nasty.topics.values(), *nasty.papers.values()]
    lines = [line for line in exports.llms_txt(nasty, NASTY, NASTY).splitlines() if line.startswith("- ")]
    for page, line in zip(pages, lines, strict=False):
        head = _Head(markdown.markdown(line))
        assert re.fullmatch(r"- \[[^\[\]]*\]\([a-z0-9/.-]+\): .*", line)
        assert head.hrefs == [twin.path_of(page.url)]
        assert head.tags <= {"ul", "li", "a"}
        assert text_of(head.text["a"]) == text_of(page.title).replace("[", "（").replace("]", "）")


def test_robots_txt() -> None:
    assert "Sitemap" not in exports.robots_txt("")
    assert "Sitemap: https://notes.example.org/sitemap.xml" in exports.robots_txt("https://notes.example.org/")


def test_changes_come_from_the_whole_history(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    repo = tmp_path / "repo"
    (repo / "docs" / "papers").mkdir(parents=True)
    page = repo / "docs" / "papers" / "甲.md"
    subprocess.run([*git, "init", "-q"], cwd=repo, check=True)
    moments = ["2026-01-05T10:00:00Z", "2026-03-04T09:00:00Z", "2026-03-05T01:30:00+02:00"]
    for moment, text in zip(moments, "abc", strict=True):
        page.write_text(text, encoding="utf-8")
        subprocess.run([*git, "add", "-A"], cwd=repo, check=True)
        subprocess.run(
            [*git, "commit", "-qm", text],
            cwd=repo,
            check=True,
            env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": moment},
        )
    [(uri, change)] = git_module.changes(repo, repo / "docs").items()
    assert uri == "papers/甲.md"
    assert change.published == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert change.updated == datetime(2026, 3, 4, 23, 30, tzinfo=UTC), "in UTC, where it is the day of the second one"
    assert git_module.text_at(change.before, repo, page) == "a", "the version of the day before"
    assert git_module.last_change(repo, "docs") == change.updated
    assert git_module.last_change(repo, "hooks") is None
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repo}", str(tmp_path / "shallow")], check=True)
    assert git_module.changes(tmp_path / "shallow", tmp_path / "shallow" / "docs") == {}
    assert git_module.changes(tmp_path, tmp_path) == {}
    assert git_module.text_at("HEAD", tmp_path, tmp_path / "a") is None


TITLE = "\"quoted\" 'single' & <b>bold</b> </script><script>window.ran=1</script> {{ 7*7 }} \\"
ADDRESS = "https://notes.example.org/zh/"


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny site, built for an address below a host's root; markup in the words of one paper and of its page."""
    project = make_project(tmp_path_factory.mktemp("addressed") / "project")
    page = project / "docs" / "papers" / "small.md"
    lines = page.read_text(encoding="utf-8").split("\n")
    for key in ("title", "summary", "name"):
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{key}: "))
        lines[place] = f"{key}: {json.dumps(TITLE, ensure_ascii=False)}"
    page.write_text("\n".join(lines), encoding="utf-8")
    records, _ = ledger.read(project / "docs", project, today=date.max)
    records["2106.09685"] = dataclasses.replace(records["2106.09685"], title=TITLE, doi="10.1/<b>\"'")
    (project / "docs" / ledger.FILE).write_text(ledger.serialise(records.values()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", ADDRESS)
        return build_unchecked(project)  # markup in a title is a finding


def heads(site: Path) -> dict[str, _Head]:
    """The pages of a site by path; without the one for wrong addresses and those that only lead on."""
    pages = {file.relative_to(site).as_posix(): file.read_text(encoding="utf-8") for file in site.rglob("*.html")}
    return {
        path: _Head(html) for path, html in pages.items() if path != "404.html" and 'http-equiv="refresh"' not in html
    }


def test_a_link_preview_has_all_it_shows(addressed: Path) -> None:
    """Source: https://ogp.me/; https://developer.x.com/en/docs/x-for-websites/cards."""
    pages = heads(addressed)
    assert len(pages) >= 5
    for path, head in pages.items():
        note = path.startswith(("papers/", "topics/")) and not path.endswith("index.html")
        assert head.links["canonical"] == head.meta["og:url"] == ADDRESS + path
        assert head.meta["og:type"] == ("article" if note else "website")
        assert head.meta["og:locale"] == "zh_CN"
        assert head.meta["og:site_name"] == "示例站"
        assert head.meta["og:description"] == head.meta["description"]
        assert head.text["title"].strip() == f"{head.meta['og:title']} - 示例站"
        assert head.meta["twitter:card"] == "summary_large_image"
        assert head.meta["og:image"].startswith(ADDRESS), "relative addresses are not followed"
        picture = addressed / head.meta["og:image"].removeprefix(ADDRESS)
        size = struct.unpack(">II", picture.read_bytes()[16:24])
        assert size == (int(head.meta["og:image:width"]), int(head.meta["og:image:height"]))
        assert urljoin(ADDRESS + path, head.links["alternate"]) == f"{ADDRESS}feed.xml"
        assert not [name for name in head.meta if name.startswith("citation_")], "the page is not the paper"
        assert "noindex" not in head.meta.get("robots", "")


def test_markup_of_a_title_is_text_in_the_head(addressed: Path) -> None:
    head = _Head((addressed / "papers" / "small.html").read_text(encoding="utf-8"))
    assert head.meta["og:title"] == head.meta["og:description"] == TITLE
    data = head.structured
    assert data["headline"] == data["description"] == data["about"]["name"] == TITLE
    assert data["about"]["sameAs"] == "https://doi.org/10.1/%3Cb%3E%22%27"
    html = (addressed / "papers" / "small.html").read_text(encoding="utf-8")
    assert html.count(security.BEGINNING) == 1
    assert "window.ran=1</script>" not in html


def test_each_kind_of_page_says_what_it_is(addressed: Path, built_site: Path) -> None:
    home = _Head((addressed / "index.html").read_text(encoding="utf-8")).structured
    assert (home["@type"], home["name"], home["url"]) == ("WebSite", "示例站", f"{ADDRESS}index.html")
    topic = _Head((addressed / "topics" / "fine-tuning.html").read_text(encoding="utf-8")).structured
    assert (topic["@type"], topic["url"]) == ("Article", f"{ADDRESS}topics/fine-tuning.html")
    terms = _Head((built_site / exports.GLOSSARY).read_text(encoding="utf-8")).structured
    assert (terms["@type"], terms["name"]) == ("DefinedTermSet", "术语表")
    assert "url" not in terms
    lists = (built_site / "lists.html").read_text(encoding="utf-8")
    assert "application/ld+json" not in lists


def test_the_page_for_a_wrong_address_is_not_for_an_index(addressed: Path) -> None:
    head = _Head((addressed / "404.html").read_text(encoding="utf-8"))
    assert head.meta["robots"] == "noindex"
    assert not [name for name in head.meta if name.startswith("og:")], "it is not a page to pass on"
    assert "canonical" not in head.links


def test_every_page_has_a_last_day(fixture: Site) -> None:
    day = lambda text: datetime.fromisoformat(f"{text}T10:00:00+00:00")  # noqa: E731
    changes = {
        "papers/dpo.md": Change(day("2026-01-01"), day("2026-02-01")),
        "about.md": Change(day("2026-01-01"), day("2026-01-02")),
        "guide/rules.md": Change(day("2026-01-01"), day("2026-01-03")),
        "_data/terms.yml": Change(day("2027-01-01"), day("2027-02-03")),
    }
    last = {
        uri: exports.last_day(uri, fixture, changes, date(2026, 5, 6))
        for uri in ("papers/dpo.md", "about.md", "guide/rules.md", "reference/x.md", "glossary.md", "offline.md")
    }
    assert last == {
        "papers/dpo.md": date(2026, 2, 1),
        "about.md": date(2026, 1, 2),
        "guide/rules.md": date(2026, 5, 6),
        "reference/x.md": date(2026, 5, 6),
        "glossary.md": date(2027, 2, 3),
        "offline.md": None,
    }
    newest = max(page.checked.day for page in (*fixture.papers.values(), *fixture.topics.values()))
    assert exports.last_day("lists.md", fixture, {}, None) == newest, "where there is no git"


def test_the_sitemap_knows_the_pages_and_when_they_changed(addressed: Path) -> None:
    """Source: https://www.sitemaps.org/protocol.html."""
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = {
        entry.findtext("s:loc", None, names): entry.findtext("s:lastmod", None, names)
        for entry in ElementTree.parse(addressed / "sitemap.xml").iterfind("s:url", names)
    }
    assert set(found) == {ADDRESS + path for path in heads(addressed)}
    read = feedparser.parse(io.BytesIO((addressed / "feed.xml").read_bytes()))
    notes = {entry.link: entry.updated[:10] for entry in read.entries}
    assert len(notes) >= 3
    assert notes.items() <= found.items(), "as in the feed"
    gathered = {ADDRESS + page_address(uri) for uri in special_pages.GATHERED} & set(found)
    assert len(gathered) >= 4
    assert {found[place] for place in gathered} == {max(notes.values())}, "they show the notes"


def test_files_for_machines_are_plain_utf_8(addressed: Path) -> None:
    names = [*exports.DATA, "robots.txt", "sitemap.xml"]
    for name in names:
        data = (addressed / name).read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), name
        assert b"\r" not in data, name
        data.decode("utf-8")


def test_the_built_site_has_them(built_site: Path) -> None:
    data = json.loads((built_site / "papers.json").read_text(encoding="utf-8"))
    assert len(data["papers"]) == 5
    assert problems(data, json.loads((built_site / "papers.schema.json").read_text(encoding="utf-8"))) == []
    for paper in data["papers"]:
        assert (built_site / paper["url"]).is_file()
        assert (built_site / paper["markdown"]).is_file()
    assert not (built_site / "feed.xml").exists(), "a feed needs the site's address"
    links = _Head((built_site / "lists.html").read_text(encoding="utf-8")).hrefs
    assert set(exports.DATA) - set(links) == {"feed.xml"}
    assert all((built_site / name).is_file() for name in exports.DATA if name != "feed.xml")
    pages = heads(built_site)
    assert pages["index.html"].text["title"].count("示例站") == 1
    for path, head in pages.items():
        assert not [name for name in head.meta if name.startswith("citation_")], "the page is not the paper"
        assert not {"og:image", "og:url", "twitter:card"} & set(head.meta), f"{path}: these need the site's address"
        assert head.meta["og:title"]
        assert head.meta["og:description"]
    assert pages["papers/dpo.html"].structured["about"]["identifier"] == "arXiv:2305.18290"
