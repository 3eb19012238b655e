"""What `make serve` does when something is saved: first the page that was edited, then whatever else shows it.

What is wrong never stops it. A page with findings stays as it was without them, or, where nobody has seen it so, is shown like a
draft; a file of data with findings keeps the whole site as it was.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from papernotes import words
from papernotes.base import storage, store
from papernotes.base.finding import Finding, visible
from papernotes.build import engine, kept, outputs, state, steps
from papernotes.build.engine import Abort, BuildError, MkDocsConfig, load_config
from papernotes.build.live.panel import is_page
from papernotes.build.live.reading import Reading, as_draft, is_editors
from papernotes.build.live.server import Server
from papernotes.data.site import Site
from papernotes.markdown import dialect as dialects
from papernotes.rules import checker
from papernotes.rules.checker import Result
from papernotes.text import document as documents
from papernotes.text.document import Document
from papernotes.text.special_pages import GLOSSARY

QUIET: Final = 0.05
"""Seconds without a change after which a save is over: an editor writes a file in several steps."""
CALM: Final = 1.0
"""Seconds without a save after which the search follows."""
_POLLED: Final = 1.0
"""Seconds between two looks at the files, where the system cannot tell of changes."""
_SITES: Final = "papernotes-serve-"
"""How the names of the folders begin that are served; the number of the process follows."""
_READ: Final = frozenset({"opened", "closed_no_write"})
"""Events of files that somebody only looks at, as we do."""


class Writer:
    """Keeps what a server shows up to date with the files of a project."""

    def __init__(self, config_file: Path, server: Server, config: MkDocsConfig, *, cache: bool) -> None:
        """`config`: of the file. `cache`: whether results are kept for the next time as well."""
        self._config_file, self._server = config_file, server
        self._root, self._docs_dir = config_file.parent, Path(config.docs_dir)
        self._cache = cache
        self._store = _InterruptibleStore(None, config_file)
        self._library = checker.library(store=self._store)
        self._reading = Reading()
        self._good: dict[str, Document] = {}
        """By uri: the last text of each page without findings."""
        self._config: MkDocsConfig | None = None
        """Of the last whole build, with its record."""
        self._around = self._shown = ""
        """What of the settings and templates, and of the pages for each other, that build was made of."""
        self._made: dict[str, str] = {}
        """By uri: the key under which each page was written last."""
        self._is_search_due = False
        self._following = threading.Lock()
        self._paths: dict[str, str] = {}
        """The path of each page by its address."""
        self._folders: list[Path] = []
        """The sites that were built last."""
        self._theme = Path(config.theme.custom_dir) if config.theme.custom_dir else None
        self._seen = (0, 0)
        self._saved = threading.Event()
        self._written: set[str] = set()
        """The uris of what was saved since the last look, whatever it is."""

    # --- when --------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Build and serve, then build again whenever something is saved, until interrupted."""
        for folder in Path(tempfile.gettempdir()).glob(f"{_SITES}*"):
            number = folder.name.removeprefix(_SITES).partition("-")[0]
            if number.isdigit() and not storage.is_running(int(number)):  # what a killed one left
                shutil.rmtree(folder, ignore_errors=True)
        observer = None
        try:
            self.refresh()  # while there is no other thread: every core reads and finishes a share of the pages
            self._server.start()
            observer = self._watch()
            while True:
                self._saved.clear()
                written, self._written = self._written, set()
                self.refresh(written)
                if not self._saved.wait(CALM if self._is_search_due else None):
                    threading.Thread(target=self.follow, daemon=True).start()  # no save waits for it
                    self._saved.wait()
                while self._saved.is_set():
                    self._saved.clear()
                    self._saved.wait(QUIET)
                if self._inode() != self._seen:  # the folder was moved away, or is another one
                    observer.stop()
                    observer = self._watch()
        finally:
            if observer:
                observer.stop()
            for folder in self._folders:
                shutil.rmtree(folder, ignore_errors=True)

    def _watch(self) -> Any:
        """Have `_saved` set when a file of the project is written."""
        handler = FileSystemEventHandler()
        handler.on_any_event = self._note  # type: ignore[method-assign]
        self._seen = self._inode()
        for kind in (Observer, lambda: PollingObserver(timeout=_POLLED)):
            observer = kind()
            try:
                for folder in filter(Path.is_dir, filter(None, (self._docs_dir, self._theme))):
                    observer.schedule(handler, str(folder), recursive=True)
                observer.schedule(handler, str(self._root), recursive=False)
                observer.start()
            except OSError:  # the system watches no more files than so many
                continue
            return observer
        raise OSError("this system lets nobody watch files")

    def _note(self, event: FileSystemEvent) -> None:
        paths = {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
        paths = {path for path in paths if not is_editors(path)}
        inside = [
            path for path in paths for folder in (self._docs_dir, self._theme) if folder and path.is_relative_to(folder)
        ]
        if event.event_type not in _READ and (inside or self._config_file in paths):
            if event.is_directory and event.event_type == "modified":
                return
            self._written |= {
                path.relative_to(self._docs_dir).as_posix() for path in inside if path.is_relative_to(self._docs_dir)
            }
            self._saved.set()

    def _inode(self) -> tuple[int, int]:
        try:
            found = self._docs_dir.stat()
        except OSError:
            return 0, 0
        return found.st_dev, found.st_ino

    # --- what --------------------------------------------------------------------------------------------------------

    def refresh(self, written: Collection[str] = ()) -> None:
        """Bring what is shown up to date. Never raises for what the files hold, or for a file that is not there.

        `written`: the uris of pages that come first, for their writer waits for them.
        """
        started = time.monotonic()
        if not self._docs_dir.is_dir():
            _say(f"{self._docs_dir.name}/ is gone; what was built is shown until it is back")
            return
        done = failed = ""
        wrong = self._server.shown.problems
        try:
            done = self._refresh(written)
        except _OvertakenError:
            return
        except (Abort, BuildError) as error:
            failed = f"not built: {error}"
        except TemplateError as error:
            failed = f"not built: {engine.wrong_template(error)}"
        except FileNotFoundError as error:
            failed = f"{error.filename} is gone; waiting for the next change"
        except (OSError, ValueError) as error:  # the disk, or mkdocs.yml
            failed = f"{error}; waiting for the next change"
        if wrong and not self._server.shown.problems:
            _say("nothing is wrong any more")
        if failed:
            _say(failed)
        elif done:
            _say(f"{done} in {time.monotonic() - started:.2f} s; http://{self._server.address}/")

    def _refresh(self, written: Collection[str]) -> str:
        """First the pages that were saved, then all that shows them. Shape: what was done, in words; empty where nothing was due.

        Raises: _OvertakenError, where something is saved before it is done: the rest is still due then.
        """
        around = store.digest(self._config_file.read_bytes(), *map(store.of_folder, filter(None, [self._theme])))
        if around != self._around or self._config is None:
            self._store = _InterruptibleStore(self._root / store.FOLDER if self._cache else None, self._config_file)
            said, _ = words.of(self._theme, self._root)
            self._library = checker.library(dialects.of(self._config_file), self._store, said)
            self._library.also = kept.make
            self._reading = Reading()
            self._config = None
        self._reading.note(written)
        done: list[str] = []
        if self._config is not None:
            site = state.of(self._config).site
            saved = {site.documents[uri].path: uri for uri in site.documents.keys() & written}
            result = self._checked(saved) if saved else None
            if result is not None:
                published = [uri for uri in saved.values() if uri in result.site.documents.keys() - result.site.drafts]
                steps.take(self._config, result.linked, published)
                done += self._render(published)
        self._store.overtaken = self._saved.is_set
        try:
            return self._refresh_all(around, done)
        finally:
            self._store.overtaken = bool  # never

    def follow(self) -> None:
        """Bring the search up to date, for which nobody waits: once, however often it is asked for in the meantime."""
        with self._following:
            if not self._is_search_due or self._config is None:
                return
            self._is_search_due = False
            try:
                outputs.write_search(self._config)
            except OSError as error:  # the disk, or the folder, in whose place is another by now
                _say(f"{error}; the search is as it was")

    def _refresh_all(self, around: str, done: list[str]) -> str:
        result = self._checked()
        if result is None:
            return ""
        self._paths = {documents.address(uri): page.path for uri, page in result.site.documents.items()}
        config = self._config
        if config is None or self._shown != result.linked.keys.shown:
            return self._build(result, around)
        record = state.of(config)
        steps.take(config, result.linked)
        done += self._render(record.keys.keys() - {GLOSSARY})
        assert record.surroundings is not None
        steps.collect_uses(record.surroundings.files, config)
        if GLOSSARY in record.keys:
            kept.name(config, [GLOSSARY])
            done += self._render([GLOSSARY, *record.parts])
        return ", ".join(done[:3]) + (f" and {len(done) - 3} more" if len(done) > 3 else "")

    def _tell(self, problems: dict[str, list[Finding]], older: set[str]) -> None:
        """Say what is wrong, here and on the pages, where it is not what was said last."""
        shown = self._server.shown
        if (problems, older) == (shown.problems, shown.older):
            return
        for path, found in problems.items():
            for finding in found if found != shown.problems.get(path) else ():
                print(finding, file=sys.stderr)
        told = [path for path in problems if is_page(path, self._server.docs)]
        paths = {documents.address(path.removeprefix(f"{self._server.docs}/")): path for path in told}
        self._server.show(problems=problems, older=older, paths=self._paths | paths)

    def _checked(self, only: Collection[str] | None = None) -> Result | None:
        """The pages as they are to be shown, None where all stay as they were; what is wrong is told. `only`: of these paths."""
        docs, told = self._server.docs, self._server.shown
        same = {} if only is None else {each: found for each, found in told.problems.items() if each not in only}
        self._reading.instead = {uri: page for uri, page in self._reading.instead.items() if f"{docs}/{uri}" in same}
        found = self._read(only)
        findings = [each for each in found.findings if not is_editors(Path(each.path))]
        if only is not None:
            if not all(is_page(path, docs) for path in {*same, *(each.path for each in findings)}):
                return None  # no page can be shown now that was not; what is wrong is told when all are looked at
            findings = [each for each in findings if each.path in only]
        pages, paths = found.site.documents, {each.path for each in findings}
        asked = {page.path for page in pages.values()} if only is None else only
        self._good |= {
            uri: page
            for uri, page in pages.items()
            if page.path in asked and page.path not in paths and uri not in found.site.drafts
        }
        problems: dict[str, list[Finding]] = {path: list(each) for path, each in same.items()}
        for finding in sorted({*findings, *(each for each in found.previewed if only is None or each.path in only)}):
            problems.setdefault(finding.path, []).append(finding)
        if not all(is_page(path, docs) for path in paths):
            self._tell(problems, set(problems))
            return None
        instead, older = {}, {path for path in told.older if path in same}
        for path in paths:
            uri = path.removeprefix(f"{docs}/")
            good = self._good.get(uri)
            shown = good or as_draft(pages.get(uri))
            if shown is not None and shown is not pages.get(uri):
                instead[uri] = shown
                older |= {path} if good else set()
        self._tell(problems, older)
        if instead:
            self._reading.instead |= instead
            found = self._read(only)
        return found

    def _read(self, only: Collection[str] | None) -> Result:
        return checker.preview(
            self._docs_dir,
            root=self._root,
            today=date.today(),
            reader=self._library,
            load=partial(self._load, only and [path.removeprefix(f"{self._server.docs}/") for path in only]),
            only=only,
        )

    def _load(self, only: Collection[str] | None, docs_dir: Path, **given: Any) -> tuple[Site, list[Finding]]:
        """As `Reading.load`. What stops the whole site, or leaves a draft out, is told at once: looking at all pages takes a while."""
        site, findings = self._reading.load(only, docs_dir, **given)
        if self._reading.instead:  # what follows from that another text is shown is nothing to mend
            return site, findings
        docs, shown = self._server.docs, self._server.shown
        left_out = {site.documents[uri].path for uri in site.drafts}
        found = [each for each in checker.told(site, findings) if each.path in left_out or not is_page(each.path, docs)]
        if found := sorted(each for each in found if not is_editors(Path(each.path))):
            problems = {path: list(each) for path, each in shown.problems.items()}
            problems |= {each.path: [other for other in found if other.path == each.path] for each in found}
            is_stopped = not all(is_page(path, docs) for path in problems)
            self._tell(problems, set(problems) if is_stopped else {*shown.older})
        return site, findings

    # --- how ---------------------------------------------------------------------------------------------------------

    def _build(self, result: Result, around: str, *, is_wary: bool = False) -> str:
        """Build the whole site into a folder of its own, and show that."""
        folder = Path(tempfile.mkdtemp(prefix=f"{_SITES}{os.getpid()}-"))
        config = load_config(str(self._config_file), site_dir=str(folder), strict=False)
        # What is searched is in memory: another thread reads it.
        config.extra[state.KEY] = state.Build(store=self._store, checked=result, searched={}, is_wary=is_wary)
        config.plugins.on_startup(command="serve", dirty=False)
        try:
            engine.build(config)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, kept.LostError) and not is_wary:
                return self._build(result, around, is_wary=True)
            raise
        self._folders.append(folder)
        self._config, self._around = config, around
        self._made, self._shown, self._is_search_due = dict(state.of(config).keys), result.linked.keys.shown, False
        told = {
            address: path for address, path in self._server.shown.paths.items() if path in self._server.shown.problems
        }
        self._server.show(folder=folder, paths=self._paths | told)
        for old in self._folders[:-2]:  # in the last but one somebody may still be reading
            shutil.rmtree(old, ignore_errors=True)
        del self._folders[:-2]
        self._store.trim()
        return "built"

    def _render(self, uris: Iterable[str]) -> list[str]:
        """Write those of some pages anew that are no longer what their keys say, where the site is. Shape: which."""
        config = self._config
        assert config is not None
        record = state.of(config)
        assert record.surroundings is not None
        assert record.env is not None
        files, nav = record.surroundings.files, record.surroundings.nav
        every, done = files.documentation_pages(), []
        record.finished.clear()
        for uri in sorted(uris):
            file = files.get_file_from_path(uri)
            if file is None or file.page is None or self._made.get(uri) == record.keys.get(uri):
                continue
            record.searched.pop(file.url, None)
            engine.populate_page(file.page, config, files)
            if uri == GLOSSARY:
                steps.finish_glossary(files, config)
            with self._server.writing:
                engine.build_page(file.page, config, every, nav, record.env)
            self._made[uri] = record.keys[uri]
            self._is_search_due = True
            done.append(uri)
        if done:
            self._server.show()
        return done


class _OvertakenError(BaseException):
    """Something has been saved; no handler of errors on the way is meant."""


class _InterruptibleStore(store.Store):
    """Whoever asks it for something is stopped where something has been saved: what is known until then stays known."""

    def __init__(self, folder: Path | None, config_file: Path) -> None:
        super().__init__(folder, store.of_program(config_file), remember=True)
        self.overtaken: Callable[[], bool] = bool

    def recall(self, key: str) -> Any:
        """As it says. Raises: _OvertakenError."""
        if self.overtaken():
            raise _OvertakenError
        return super().recall(key)


def _say(words: str) -> None:
    print(f"papernotes: {visible(words)}", file=sys.stderr, flush=True)
