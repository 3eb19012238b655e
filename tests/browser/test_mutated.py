"""Mutated pictures and data files that the checker lets pass: built, the output check refuses nothing, and in browsers nothing runs.

A few in `make test`; in `make soak` 5,000 pictures and 2,000 data files, and Firefox as well, which must be installed.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT, TODAY, make_project, serving
from playwright.sync_api import Error
from seeded import SOAK
from watching import TOUCH, Elsewhere, Watch

from papernotes.build import publish
from papernotes.dev.engines.firefox import Firefox
from papernotes.figures import svg
from papernotes.rules import checker

sys.path.insert(0, str(ROOT / "tests" / "rules"))
import mutate

PICTURES = 5000 if SOAK else 24
FILES = 2000 if SOAK else 4
SEED = random.SystemRandom().randrange(10**6) if SOAK else 3
"""The failing test prints it."""
TOGETHER = 12
"""Pictures on a page."""
FRONT = (
    "---\ntitle: 图 {name}\nsummary: 一句话。\ntag: 视觉\npapers: []\nchecked: {{day: 2026-11-20, by: writer}}\n---\n\n"
)
BLOCK = """/// figure | Figure {number}
    id: p{number}
    paper: "2106.09685"
    caption: 图题
    status: 已核
    picture: p{number}.svg
    alt: 画的是什么
1. 先看这里。

结论：好。
///

见 [@fig:p{number}]。
"""
RAN = """() => [
  ...(window.ran || []),
  ...[...document.querySelectorAll("article *")].flatMap((element) => [
    ...(element.tagName.toLowerCase() === "script" ? ["a script"] : []),
    ...element.getAttributeNames().filter((name) => name.startsWith("on")),
  ]),
]"""
"""What of theirs has run, or could."""
CALLED = "window.evil = () => { (window.ran = window.ran || []).push('evil()'); };"
"""What the mutated pictures would call; in Firefox it is there once the page is loaded."""


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture site with every mutated picture that is let pass, built; its project."""
    folder = make_project(tmp_path_factory.mktemp("mutated") / "project")
    drawn = [mutate.picture(random.Random(f"{SEED} {number}")) for number in range(PICTURES)]
    passed = [text for text in dict.fromkeys(drawn) if not list(svg.check(text.encode("utf-8", "surrogatepass")))]
    for start in range(0, len(passed), TOGETHER):
        name = f"m{start}"
        (folder / "docs" / "topics" / name).mkdir()
        body = []
        for number, text in enumerate(passed[start : start + TOGETHER], 1):
            (folder / "docs" / "topics" / name / f"p{number}.svg").write_text(text, encoding="utf-8")
            body.append(BLOCK.format(number=number))
        page = f"{FRONT.format(name=name)}" + "\n".join(body)
        (folder / "docs" / "topics" / f"{name}.md").write_text(page, encoding="utf-8")
    publish.build(folder / "mkdocs.yml", site_dir=folder / "site")
    assert len(list((folder / "site" / "topics").glob("m*.html"))) == -(-len(passed) // TOGETHER)
    print(f"seed {SEED}: {len(passed)} of {PICTURES} pictures are let pass")
    return folder


def is_shown(url: str) -> bool:
    """Whether a page is there; until the first build is done, a page that says so."""
    with suppress(OSError), urlopen(url) as answer:
        return b"pn-svg" in answer.read()
    return False


@pytest.fixture
def served(pictured: Path) -> Iterator[str]:
    """The same project under `make serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "papernotes", "serve", "--address", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=pictured, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not is_shown(f"http://127.0.0.1:{port}/topics/m0.html"):
            assert process.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["published", "served"] if SOAK else ["published"])
def address(request: pytest.FixtureRequest, pictured: Path) -> Iterator[str]:
    if request.param == "served":
        yield request.getfixturevalue("served")
    else:
        with serving(pictured / "site") as found:
            yield found


def pages(folder: Path) -> list[str]:
    return [f"topics/{page.name}" for page in sorted((folder / "site" / "topics").glob("m*.html"))]


def listen(tab: Watch) -> None:
    """Note what the mutated pictures would call: a function, and hosts."""
    tab.elsewhere.named = b"example"
    tab.page.expose_function("evil", lambda: tab.ran.append(f"{tab.here}: evil()"))


def found(tab: Watch) -> list[str]:
    for _ in range(3):
        tab.page.wait_for_load_state()
        with suppress(Error):  # what was touched has loaded the page anew
            return list(tab.page.evaluate(RAN))
    raise AssertionError(f"{tab.here} is loaded again and again")


def test_a_mutated_picture_runs_nothing_and_asks_nobody(
    pictured: Path, address: str, watch: Callable[[str], Watch]
) -> None:
    tab = watch(address)
    listen(tab)
    for path in pages(pictured):
        tab.visit(path)
        assert tab.page.locator(".pn-svg").count() > 0
        assert found(tab) == [], path
    assert (tab.ran, tab.called, tab.left) == ([], [], []), SEED


def test_chromium_would_show_what_runs(tmp_path: Path, watch: Callable[[str], Watch]) -> None:
    """The control of the test above."""
    (tmp_path / "a.html").write_text(f"<article>{LIVE}</article>", encoding="utf-8")
    with serving(tmp_path) as address:
        tab = watch(address)
        listen(tab)
        tab.visit("a.html")
        assert {"a script", "onmouseover"} <= set(found(tab))
        assert tab.ran[:2] == ["a.html: evil()"] * 2
        assert tab.called == ["a.html"]


LIVE = (
    '<svg><script>evil()</script><rect onmouseover="evil()" width="9" height="9"/></svg><img src="http://a.example/b">'
)


@pytest.mark.parametrize("batch", range(-(-FILES // 50)))
def test_mutated_data_is_refused_or_shown_as_text(batch: int, tmp_path: Path, watch: Callable[[str], Watch]) -> None:
    """Of fifty files those that are let pass stay, one on top of the other; then the site is built and looked at."""
    folder = make_project(tmp_path / "project")
    files = sorted(file for file in (folder / "docs" / "_data").iterdir() if file.is_file())
    chance = random.Random(f"{SEED} data {batch}")
    passed, library = 0, mutate.library()
    for _ in range(min(FILES, 50)):
        file = chance.choice(files)
        before = file.read_bytes()
        file.write_bytes(mutate.mutate(chance, before.decode()).encode("utf-8", "surrogatepass"))
        if checker.check(folder / "docs", root=folder, today=TODAY, reader=library).findings:
            file.write_bytes(before)
        else:
            passed += 1
    print(f"seed {SEED}: {passed} of {min(FILES, 50)} data files are let pass")
    publish.build(folder / "mkdocs.yml", site_dir=folder / "site")
    with serving(folder / "site") as address:
        tab = watch(address)
        listen(tab)
        for path in ("index.html", "glossary.html", "map.html", "lists.html", "figures.html", "papers/small.html"):
            tab.visit(path)
            assert found(tab) == [], path
        assert (tab.ran, tab.called, tab.left) == ([], [], []), (SEED, batch)


if SOAK:

    @pytest.fixture
    def fox(tmp_path: Path) -> Iterator[tuple[Firefox, Elsewhere]]:
        """Firefox, for which every name leads to `Elsewhere`."""
        elsewhere = Elsewhere()
        elsewhere.named = b"example"
        with Firefox(tmp_path / "profile", proxy=elsewhere.port) as browser:
            yield browser, elsewhere
        elsewhere.close()

    def look(browser: Firefox, url: str) -> list[str]:
        browser.open(url)
        browser.run(f"{CALLED} window.print = () => {{}};")  # which would wait for somebody
        browser.run(f"({TOUCH})()")
        found: list[str] = browser.run(f"return ({RAN})()")
        return found

    def test_nor_does_it_in_firefox(pictured: Path, address: str, fox: tuple[Firefox, Elsewhere]) -> None:
        browser, elsewhere = fox
        for path in pages(pictured):
            assert look(browser, f"{address}/{path}") == [], (SEED, path)
            assert browser.run("return document.querySelectorAll('.pn-svg').length") > 0
            assert browser.run("return location.href") == f"{address}/{path}"
        time.sleep(1)
        assert elsewhere.calls == 0, elsewhere.said[:5]

    def test_firefox_would_show_what_runs(tmp_path: Path, fox: tuple[Firefox, Elsewhere]) -> None:
        """The control of the test above."""
        browser, elsewhere = fox
        (tmp_path / "a.html").write_text(f"<article>{LIVE}</article>", encoding="utf-8")
        with serving(tmp_path) as address:
            assert {"evil()", "a script", "onmouseover"} <= set(look(browser, f"{address}/a.html"))
        time.sleep(1)
        assert elsewhere.calls > 0
