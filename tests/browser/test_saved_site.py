"""The saved site: fetched when asked, read without a network, renewed with the next build, removed again."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import looks
import pytest
from playwright.sync_api import Browser, expect

from papernotes.build import bundle
from papernotes.build.finish import offline

BUTTON = ".pn-offline__button:not([data-pn-forget])"
STATUS = ".pn-offline__status"


class Server:
    """A server that remembers what was asked of it and can be cut off while its address stays."""

    def __init__(self, folder: Path) -> None:
        asked: list[str] = []
        state = {"cut": False}

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                if state["cut"]:
                    self.connection.close()
                    return
                asked.append(self.path)
                super().do_GET()

            def log_message(self, *_: Any) -> None:
                pass

        self.asked, self.state = asked, state
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        self.http.daemon_threads = True
        self.home = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()


@pytest.fixture
def copy(built_site: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_site, tmp_path / "site")
    return tmp_path / "site"


def test_saved_read_renewed_removed(copy: Path, chrome: Browser) -> None:
    with served(copy) as server:
        context = chrome.new_context()
        page = context.new_page()
        page.goto(f"{server.home}/offline.html")
        page.evaluate(looks.SETTLED)
        expect(page.locator(BUTTON)).to_have_text(re.compile(r"保存供离线阅读（\d+\.\d MB）"))
        assert not any(path.startswith(("/papers", "/search", "/sw")) for path in server.asked), "nothing unasked"

        page.locator(BUTTON).click()
        expect(page.locator(STATUS)).to_contain_text("已保存", timeout=60_000)
        wanted = set(offline.files(copy))
        assert wanted <= {path.split("?")[0].lstrip("/") for path in server.asked}

        server.state["cut"] = True
        page.goto(f"{server.home}/papers/dpo.html?q=LoRA")
        expect(page.locator(".md-search-result__list a").first).to_have_attribute(
            "href", re.compile("papers/small.html")
        )
        page.locator(".md-search-result__list a").first.click()
        expect(page.locator("article mark").first).to_have_text("LoRA")
        page.goto(f"{server.home}/")
        expect(page.locator("article")).to_be_visible()
        answer = page.goto(f"{server.home}/papers/none.html")
        assert answer.status == 404
        expect(page.locator("article h1")).to_have_text("没有这一页")

        # A new build: one page differs. Only that one is fetched; the old cache goes once no old page is open.
        server.state["cut"] = False
        about = copy / "about.html"
        about.write_text(about.read_text("utf-8").replace("</article>", "<p>新的一句。</p></article>"), "utf-8")
        offline.write(copy)
        server.asked.clear()
        page.goto(f"{server.home}/offline.html")
        page.evaluate(
            """async () => { const registration = await navigator.serviceWorker.getRegistration(); await registration.update();
            const worker = registration.installing || registration.waiting;
            if (worker && worker.state === "installing") await new Promise((done) => worker.addEventListener("statechange", done)); }"""
        )
        fetched = {path.split("?")[0].lstrip("/") for path in server.asked}
        fetched -= {"sw.js", *(file.relative_to(copy).as_posix() for file in (copy / offline.LISTS).iterdir())}
        assert fetched <= {"about.html", "offline.html"}
        assert len(page.evaluate("() => caches.keys()")) == 2
        page.goto("about:blank")
        page.goto(f"{server.home}/offline.html")
        for _ in range(300):
            if len(page.evaluate("() => caches.keys()")) == 1:
                break
            page.wait_for_timeout(100)
        assert len(page.evaluate("() => caches.keys()")) == 1
        server.state["cut"] = True
        page.goto(f"{server.home}/about.html")
        expect(page.locator("article")).to_contain_text("新的一句")

        page.goto(f"{server.home}/offline.html")
        expect(page.locator(BUTTON)).to_have_text("删除离线副本")
        page.locator(BUTTON).click()
        expect(page.locator(STATUS)).to_have_text("离线副本已删除。")
        assert page.evaluate("() => caches.keys()") == []
        context.close()


def test_a_file_of_another_build_is_not_kept(copy: Path, chrome: Browser) -> None:
    (copy / "about.html").write_text("另一次构建", "utf-8")
    with served(copy) as server:
        context = chrome.new_context()
        page = context.new_page()
        page.goto(f"{server.home}/offline.html")
        page.locator(BUTTON).click()
        expect(page.locator(STATUS)).to_contain_text("没有保存成功", timeout=60_000)
        context.close()


def test_from_disk_there_is_no_button(built_site: Path, visit: Callable[..., Any]) -> None:
    page = visit(f"file://{built_site}").open("offline.html")
    expect(page.locator(BUTTON)).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("你正从磁盘阅读，不需要再保存。")


def test_the_archive_opens_from_disk(copy: Path, tmp_path: Path, visit: Callable[..., Any]) -> None:
    archive = tmp_path / "papernotes.zip"
    bundle.write(copy, archive, when=datetime(2026, 1, 1, tzinfo=UTC))
    zipfile.ZipFile(archive).extractall(tmp_path / "unpacked")
    page = visit(f"file://{tmp_path}/unpacked/papernotes").open()
    page.locator(".md-search__input").fill("直接偏好优化")
    expect(page.locator(".md-search-result__list a").first).to_have_attribute("href", re.compile("papers/dpo.html"))
