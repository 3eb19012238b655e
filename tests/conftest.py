"""What tests share: the built site, a tiny docs folder, a static server, a browser that reports every outside request."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from papernotes.build import publish
from papernotes.dev import browser as chromium
from papernotes.rules import checker

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 23)
PATIENCE = 30_000  # milliseconds that something may take in a browser before it is missing; a busy machine needs them


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built once for all tests that look at it."""
    out = tmp_path_factory.mktemp("built") / "site"
    publish.build(ROOT / "mkdocs.yml", site_dir=out)
    return out


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the tiny docs folder, free to spoil."""
    target = tmp_path / "docs"
    shutil.copytree(ROOT / "tests" / "site" / "docs", target)
    return target


@pytest.fixture
def findings(docs: Path) -> Callable[[], list[str]]:
    """Check the tiny docs folder and give the findings as an author reads them."""

    def run() -> list[str]:
        result = checker.check(docs, root=docs.parent, today=TODAY)
        for finding in result.findings:
            assert finding.rule in checker.RULES
        return [str(finding) for finding in result.findings]

    return run


def make_project(folder: Path) -> Path:
    """A copy of the project with the tiny docs folder; its nav is left to MkDocs."""
    folder.mkdir(parents=True)
    for name in ("hooks", "overrides"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copytree(ROOT / "tests" / "site" / "docs", folder / "docs")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    (folder / "mkdocs.yml").write_text(config + "\n", encoding="utf-8")
    return folder


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, as the Makefile calls it."""
    return subprocess.run(
        [sys.executable, "-m", "papernotes", *arguments],
        cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(project / "hooks"), **environment},
    )  # fmt: skip


def problems(value: Any, schema: Any) -> list[str]:
    """What a validator of the schema's own draft says, formats included, as `$.papers[0].url: pattern`, sorted.

    The schema itself is checked first: against its draft, and for words that no draft knows and every validator ignores.
    """
    draft = jsonschema.validators.validator_for(schema)
    draft.check_schema(schema)
    assert (unknown := _words(schema) - set(draft.VALIDATORS) - _ANNOTATIONS) == set(), unknown
    found = draft(schema, format_checker=draft.FORMAT_CHECKER).iter_errors(value)
    return sorted(f"{error.json_path}: {error.validator}" for error in found)


_ANNOTATIONS = {"$schema", "$id", "title", "description", "enumDescriptions"}


def _words(schema: Any) -> set[str]:
    """The keywords of a schema and of all that lie in it."""
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return set(schema).union(*map(_words, inner))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder as a static host would; gives the address, without a final slash."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def site_server(built_site: Path) -> Iterator[str]:
    """The real site over http."""
    with serving(built_site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest) -> str:
    """The address of the real site, once over http and once from disk."""
    if request.param == "http":
        return str(request.getfixturevalue("site_server"))
    return f"file://{request.getfixturevalue('built_site')}"


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is there."""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
    ]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A browser context with everything a page does that it should not."""

    context: BrowserContext
    home: str
    outside: list[str] = field(default_factory=list)
    """Requests to another host."""
    messages: list[str] = field(default_factory=list)
    """Console messages and uncaught errors."""

    def open(self, path: str = "index.html") -> Page:
        """A new page at a path of the site."""
        page = self.context.new_page()
        page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        page.goto(f"{self.home}/{path}")
        return page

    def check(self) -> None:
        """Nothing was asked of another host, and the console is silent."""
        assert self.outside == []
        assert self.messages == []


@pytest.fixture
def visit(chrome: Browser) -> Iterator[Callable[..., Visit]]:
    """Open the site as a reader would: `visit(base, width=390, dark=True)`. At the end: no outside request, silent console."""
    visits: list[Visit] = []

    def make(
        home: str, *, width: int = 1280, height: int = 900, dark: bool = False, strict: bool = True, **options: Any
    ) -> Visit:
        context = chrome.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **options
        )
        context.set_default_timeout(PATIENCE)
        result = Visit(context, home)
        allowed = (home, "data:", "blob:", "about:")
        context.on(
            "request", lambda request: None if request.url.startswith(allowed) else result.outside.append(request.url)
        )
        if strict:
            visits.append(result)
        return result

    yield make
    for result in visits:
        result.context.close()
        result.check()
