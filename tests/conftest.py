"""What tests share: the fixture site and its pages, a static server, a browser that reports every outside request."""

from __future__ import annotations

import functools
import gc
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from filelock import FileLock
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from papernotes import words
from papernotes.base.store import Store, beside
from papernotes.build import publish
from papernotes.data import site as site_module
from papernotes.data.site import Site
from papernotes.dev import browser as chromium
from papernotes.markdown.library import Library
from papernotes.rules import checker
from papernotes.rules.checker import Result
from papernotes.text.document import Document
from papernotes.text.parsed import Parsed

pytest_plugins = ["watching"]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes load the program: one compiles it for all
pytest.register_assert_rewrite("looks", "mapping", "picturing", "searching")

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "tests" / "site" / "docs"
"""The pages of the fixture site: one or two of every kind."""
TODAY = date(2026, 11, 23)
WORDS = words.program()
SITE_NAME = "示例站"
"""Of the fixture site; what it is called, the settings say and not the program."""
PATIENCE = 30_000  # milliseconds that something may take in a browser before it is missing; a busy machine needs them


def pytest_collection_finish() -> None:
    """The thousands of tests that were collected stay to the end: garbage is not looked for among them."""
    gc.collect()
    gc.freeze()


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills: by whichever process of this run needs it first, for all of them. Nobody writes in it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            beside = Path(tempfile.mkdtemp(dir=folder.parent))
            make(beside)
            beside.rename(folder)
    return folder


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture site, built as its owner would."""

    def make(folder: Path) -> None:
        project = make_project(folder / "project", nav=True)
        publish.build(project / "mkdocs.yml", site_dir=folder / "site")

    return once(tmp_path_factory, "fixture-site", make) / "site"


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository, for tests/content: built as its owner would, of what the last command kept."""
    config = ROOT / "mkdocs.yml"
    return (
        once(
            tmp_path_factory, "real-site", lambda to: publish.build(config, site_dir=to / "site", store=beside(config))
        )
        / "site"
    )


@pytest.fixture(scope="session")
def real() -> Site:
    """The records of this repository, for tests/content."""
    return site_module.load(ROOT / "docs", root=ROOT, today=date.max)[0]


@pytest.fixture(scope="session")
def fixture() -> Site:
    """The records of the fixture site."""
    site, findings = site_module.load(DOCS, root=DOCS.parent, today=TODAY)
    assert findings == []
    return site


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the tiny docs folder, free to spoil."""
    target = tmp_path / "docs"
    shutil.copytree(DOCS, target)
    return target


@functools.cache
def reader() -> Library:
    """Reads each page that the tests of this process check once, and judges it once in the same site: most are the same in every
    copy of the fixture site. That what is kept is what is found, tests/rules/test_kept_findings.py holds.
    """
    library = checker.library(store=Store(remember=True))
    parse = library.reader.parse
    known: dict[tuple[str, str, str], Parsed] = {}

    def remember(document: Document, more: str) -> Parsed:
        key = (document.path, document.text, more)
        if key not in known:
            known[key] = parse(document, more)
        return known[key]

    library.reader.parse = remember  # type: ignore[method-assign]
    return library


def checked(docs: Path) -> Result:
    """What the checker finds in a copy of the fixture site."""
    return checker.check(docs, root=docs.parent, today=TODAY, reader=reader())


@pytest.fixture
def findings(docs: Path) -> Callable[[], list[str]]:
    """Check the tiny docs folder and give the findings as an author reads them."""

    def run() -> list[str]:
        result = checked(docs)
        for finding in result.findings:
            assert finding.rule in checker.RULES
        return [str(finding) for finding in result.findings]

    return run


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin as the wheel makes it known; MkDocs asks what is installed when it is imported."""
    option: Any = MkDocsConfig.plugins
    entry = EntryPoint("papernotes", "papernotes.build.plugin:PapernotesPlugin", "mkdocs.plugins")
    monkeypatch.setitem(option.installed_plugins, "papernotes", entry)


def make_project(folder: Path, nav: bool = False) -> Path:
    """The project with the fixture site: the program itself, a copy of what may be edited, and of the real navigation, where
    asked for, what leads to a page there.
    """
    folder.mkdir(parents=True)
    (folder / "hooks").symlink_to(ROOT / "hooks")
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    shutil.copytree(DOCS, folder / "docs")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config, _, entries = re.sub("^site_name: .*$", f"site_name: {SITE_NAME}", settings, flags=re.M).partition(
        "\nnav:\n"
    )
    if nav:
        kept = [line for line in entries.splitlines() if all((DOCS / page).is_file() for page in _PAGE.findall(line))]
        config = "\n".join([config, "nav:", *kept])
    (folder / "mkdocs.yml").write_text(config + "\n", encoding="utf-8")
    return folder


_PAGE = re.compile(r"[\w/-]+\.md")


def build_unchecked(folder: Path) -> Path:
    """The site of a folder, built with every fault that its pages have."""
    site, _ = site_module.load(folder / "docs", root=folder, today=TODAY, parse=checker.library().parse)
    publish.build(folder / "mkdocs.yml", site_dir=folder / "site", unchecked=site)
    return folder / "site"


def configured(docs: Path, command: str) -> MkDocsConfig:
    """The configuration of this project for another docs folder, as MkDocs has it when it is about to read the pages.

    `command`: `build` or `serve`, what MkDocs was started for.
    """
    config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs))
    config.plugins.on_startup(command=command, dirty=False)
    return config.plugins.on_config(config)


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
    """The fixture site over http."""
    with serving(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def real_server(real_site: Path) -> Iterator[str]:
    """The site of this repository over http."""
    with serving(real_site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest) -> str:
    """The address of the fixture site, once over http and once from disk."""
    if request.param == "http":
        return str(request.getfixturevalue("site_server"))
    return f"file://{request.getfixturevalue('built_site')}"


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is there."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
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

    def tour(self, paths: Iterable[str]) -> Iterator[tuple[str, Page]]:
        """The pages at these paths, one after the other in one tab: a tab costs more than what is shown in it."""
        page: Page | None = None
        for path in paths:
            if page is None:
                page = self.open(path)
            else:
                page.goto(f"{self.home}/{path}")
            yield path, page
        if page is not None:
            page.close()

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
