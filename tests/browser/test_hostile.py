"""Hostile pages built with the checker off: in Chromium nothing of them runs, loads, or leads away."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from conftest import ROOT, build_unchecked, make_project, serving
from seeded import SOAK
from watching import Watch

from papernotes.build.finish import security

CASES = ROOT / "tests" / "cases" / "safety"
GROUPS = ("html", "blocks", "links", "attributes", "characters", "includes", "styles", "formulas")
TOGETHER = 6  # payloads on a page
# Payloads that swallow, close or redefine what follows get a page of their own.
ALONE = re.compile(
    r"alert\(1\)//|</article>|</main>|-->|<!|<\?|<(?:plaintext|title|textarea|xmp|listing|math|frameset|meta|base|link|select|html"
    r"|body|svg|template|noscript|p>|form|iframe|object|video|audio)|\]:",
    re.IGNORECASE,
)
FRONT = "---\ntitle: 敌意 {name}\nsummary: 一句话。\ntag: 视觉\npapers: []\nchecked: {{day: 2026-11-20, by: writer}}\n---\n\n"


def payloads() -> dict[str, str]:
    """Name of a page -> its body."""
    pages = {}
    for group in GROUPS:
        bodies = [case["body"] for case in yaml.safe_load((CASES / f"{group}.yml").read_text("utf-8"))]
        alone = [body for body in bodies if ALONE.search(body)]
        rest = [body for body in bodies if not ALONE.search(body)]
        pages |= {f"{group}-alone-{number}": body for number, body in enumerate(alone)}
        for start in range(0, len(rest), TOGETHER):
            pages[f"{group}-{start}"] = "\n\n文字。\n\n".join(rest[start : start + TOGETHER])
    return pages


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny site with a page for each payload, built."""
    folder = make_project(tmp_path_factory.mktemp("hostile") / "project")
    for name, body in payloads().items():
        (folder / "docs" / "topics" / f"{name}.md").write_text(f"{FRONT.format(name=name)}{body}\n", encoding="utf-8")
    return build_unchecked(folder)


@pytest.fixture(scope="module")
def disarmed(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pages without any of the defences of a built page."""
    folder = tmp_path_factory.mktemp("control") / "site"
    shutil.copytree(hostile, folder)
    for page in (folder / "topics").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(rf'{re.escape(security.BEGINNING)}[^"]*">', "", text)
        page.write_text(
            re.sub(r"&lt;(?=(?:meta|link|base|iframe|frame|object|embed|form)\b)", "<", text, flags=re.IGNORECASE),
            encoding="utf-8",
        )
    return folder


@pytest.fixture(scope="module")
def server(hostile: Path) -> Iterator[str]:
    with serving(hostile) as address:
        yield address


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_payload_runs(
    hostile: Path, watch: Callable[[str], Watch], scheme: str, request: pytest.FixtureRequest
) -> None:
    """In `make test` every other page is read from disk, in `make soak` each in both ways: the defences stand in the page."""
    tab = watch(f"file://{hostile}" if scheme == "file" else request.getfixturevalue("server"))
    pages = list(payloads())
    for name in pages if SOAK else pages[scheme == "file" :: 2]:
        tab.visit(f"topics/{name}.html")
    assert tab.ran == []
    assert tab.called == [], tab.elsewhere.said[:5]
    assert tab.left == []


def test_without_the_defences_many_of_them_run(disarmed: Path, watch: Callable[[str], Watch]) -> None:
    """The control: the payloads are alive, and this way of watching sees it. It ends when it has seen enough."""
    tab = watch(f"file://{disarmed}")
    for name in [name for name in payloads() if name.startswith("html")]:
        tab.visit(f"topics/{name}.html")
        ran = {line.split(": ")[0] for line in tab.ran}
        if len(ran) >= 15 and len(tab.called) >= 5 and tab.left:
            return
    pytest.fail(f"{len(ran)} pages ran something, {len(tab.called)} called another host, {len(tab.left)} led away")


MARKUP = "\"'><img src=x onerror=alert(1)>{{7*7}}"
CATEGORY = "category \"'><img src=x>{{7*7}}"  # as long as a category may be


@pytest.fixture(scope="module")
def marked_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny site with markup in every text of its front matter, ledger, terms and tags, built."""
    folder = make_project(tmp_path_factory.mktemp("marked") / "project")
    for name in ("glossary.md", "figures.md", "map.md", "lists.md"):  # pages that show the data of all others
        shutil.copy(ROOT / "docs" / name, folder / "docs" / name)
    data = folder / "docs" / "_data"
    ledger = json.loads((data / "papers.json").read_text("utf-8"))
    for record in ledger["papers"]:
        for key in ("title", "venue", "doi"):
            record[key] = f"{record['arxiv']} {key} {MARKUP}"
        record["category"] = CATEGORY
        record["authors"] = [f"{author} {MARKUP}" for author in record["authors"]]
    (data / "papers.json").write_text(json.dumps(ledger), encoding="utf-8")
    terms = yaml.safe_load((data / "terms.yml").read_text("utf-8"))
    for number, term in enumerate(terms):
        for key in ("zh", "en", "group"):
            term[key] = f"{term[key]} {MARKUP}"
        term["short"] = [f"{term['zh']} {number}"]
        term.pop("stop", None)  # longer words that hold what is now no form of the term
        term["definition"] = f"定义 {MARKUP} 在这里。"
    (data / "terms.yml").write_text(yaml.safe_dump(terms, allow_unicode=True), encoding="utf-8")
    tags = yaml.safe_load((data / "tags.yml").read_text("utf-8"))
    renamed = {tag["tag"]: f"{tag['tag']} {MARKUP}" for tag in tags}
    for tag in tags:
        tag["tag"] = renamed[tag["tag"]]
    (data / "tags.yml").write_text(yaml.safe_dump(tags, allow_unicode=True), encoding="utf-8")
    for page in (folder / "docs").rglob("*.md"):
        _, front, body = page.read_text("utf-8").split("---\n", 2)
        entries = yaml.safe_load(front)
        for key in ("title", "name", "summary"):
            if key in entries:
                entries[key] = f"{entries[key]} {MARKUP}"
        if "tags" in entries:
            entries["tags"] = [renamed[tag] for tag in entries["tags"]]
        if "tag" in entries:
            entries["tag"] = renamed[entries["tag"]]
        front = yaml.safe_dump(entries, allow_unicode=True)
        page.write_text(f"---\n{front}---\n{body}", encoding="utf-8")
    small = folder / "docs" / "papers" / "small.md"
    block = "/// figure | Figure 2\n    id: a\n    caption: 图题\n    status: 已核\n1. 先看。\n\n结论：好。\n///\n"
    small.write_text(f"{small.read_text('utf-8')}\n见 [@fig:a]。\n\n{block}", encoding="utf-8")
    made = build_unchecked(folder)
    text = (made / "papers" / "small.html").read_text(encoding="utf-8")
    assert "{{7*7}}" in text
    # The markup has reached the page: what follows looks at something.
    for shown in ("2106.09685 title", "2106.09685 venue", "category"):
        assert f"{shown} &#34;&#39;&gt;&lt;img" in text, shown
    return made


def test_text_from_data_stays_text(marked_up: Path, watch: Callable[[str], Watch]) -> None:
    tab = watch(f"file://{marked_up}")
    pages = [page.relative_to(marked_up).as_posix() for page in sorted(marked_up.rglob("*.html"))]
    assert {"glossary.html", "map.html", "lists.html", "figures.html", "papers/index.html", "papers/small.html"} <= set(
        pages
    )
    for page in pages:
        tab.visit(page)
        if page != "papers/old-name.html":  # a redirect
            assert tab.page.locator('img[src="x"], [onerror]').count() == 0, page
        assert "<img src=x" not in (marked_up / page).read_text("utf-8"), page
    assert tab.ran == []


@pytest.mark.parametrize("query", [MARKUP, "<img src=x onerror=alert(1)>", "img", "论文"])
def test_a_query_stays_text(marked_up: Path, watch: Callable[[str], Watch], query: str) -> None:
    tab = watch(f"file://{marked_up}")
    tab.visit("index.html")
    tab.page.locator(".md-search__input").fill(query)
    tab.page.keyboard.press("End")
    tab.page.wait_for_timeout(500)
    assert tab.page.locator('img[src="x"], [onerror]').count() == 0
    tab.page.goto(f"file://{marked_up}/index.html?q={quote(query)}#{quote(query)}")
    tab.page.wait_for_timeout(300)
    assert tab.page.locator('img[src="x"], [onerror]').count() == 0
    assert tab.ran == []
