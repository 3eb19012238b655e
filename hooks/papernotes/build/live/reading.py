"""What `make serve` has read: a file is read again when it has been written, and the site only where others see a difference.

A sentence that is edited changes nothing that other pages, the records or the data show: then the site is the last one with
another text of that page, however many pages there are.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from papernotes.base.finding import Finding
from papernotes.data import site as site_module
from papernotes.data.site import Site
from papernotes.markdown.keys import outline
from papernotes.text import document as documents
from papernotes.text.document import Document
from papernotes.text.frontmatter import FrontMatter

_EDITORS: Final = re.compile(r"\..*|#.*#|.*~|4913")
"""Names of files that editors make beside a page, for a moment or for long: of Vim and Emacs."""

_State = tuple[int, ...]
"""What a file has, as long as nobody writes it; of a folder its mode alone."""


def is_editors(path: Path) -> bool:
    """Whether a file is an editor's own, and no part of the site."""
    return _EDITORS.fullmatch(path.name) is not None


def as_draft(page: Document | None) -> Document | None:
    """A page that nobody has seen without findings, as its writer sees a draft; None where that cannot be."""
    if page is None or page.front is None:
        return None
    end = page.text.rindex("---", 0, page.body_start)
    text = f"{page.text[:end]}draft: true\n{page.text[end:]}"
    front, body_start, findings = FrontMatter.split(page.path, text, documents.MAX_FRONT_BYTES)
    return None if findings else replace(page, text=text, front=front, body_start=body_start)


class Reading:
    """Reads pages: each once as long as it stays the same; instead of some, another text."""

    def __init__(self) -> None:
        self.instead: dict[str, Document] = {}
        """By uri."""
        self._states: dict[str, _State] = {}
        """By uri: every file and folder as it was when it was read last."""
        self._known: dict[str, tuple[_State, tuple[Document | None, list[Finding]]]] = {}
        self._site: Site | None = None
        """The last one, which holds what `_states` says; None where that is not sure."""
        self._findings: list[Finding] = []
        """What was found when it was read."""
        self._replaced: set[str] = set()
        """The pages of which it holds another text."""
        self._written: set[str] = set()
        """What was written since."""

    def note(self, uris: Collection[str]) -> None:
        """What has been written is not what it was, even where the clock of the file system has not moved on."""
        self._written |= set(uris)

    def load(
        self,
        only: Collection[str] | None,
        docs_dir: Path,
        *,
        root: Path,
        today: date,
        hidden: Collection[str],
        **given: Any,
    ) -> tuple[Site, list[Finding]]:
        """As `site.load`. `only`: the uris of the pages that are asked for; where nothing else was written, nothing else is looked at."""
        site, self._site = self._site, None  # not while something may fail
        made = None
        if site is not None and site.today == today and not hidden:
            made = self._again(site, only, docs_dir, root)
        if made is None:
            self._states = _states(docs_dir)
            made, self._findings = site_module.load(
                docs_dir, root=root, today=today, hidden=hidden, read=self._read, **given
            )
        if not hidden:  # what is hidden is looked at again
            self._site, self._replaced = made, {*self.instead}
        self._written.clear()
        return made, [*self._findings]

    def _again(self, site: Site, only: Collection[str] | None, docs_dir: Path, root: Path) -> Site | None:
        """The site as it is now, where others see no difference in the pages that are not what they were; else None."""
        if only is not None and self._written <= set(only):
            uris, now = set(only), self._states | {uri: _state(docs_dir / uri) for uri in only}
        else:
            now = _states(docs_dir)
            uris = now.keys() | self._states.keys()
        different = {uri for uri in uris if uri in self._written or now.get(uri) != self._states.get(uri)}
        self._states = now
        told = {finding.path for finding in self._findings}
        pages = {}
        for uri in {*different, *self._replaced, *self.instead}:
            before = site.documents.get(uri)
            if before is None or uri not in now or not stat.S_ISREG(now[uri][0]):
                return None
            page, found = self._read(root, docs_dir / uri, docs_dir)
            if page is before:
                continue
            if page is None or found or before.path in told or uri in site.drafts or outline(page) != outline(before):
                return None
            pages[uri] = page
        made = replace(site, documents={**site.documents, **pages})
        made.of_outlines.update(site.of_outlines)
        return made

    def _read(self, root: Path, file: Path, docs_dir: Path) -> tuple[Document | None, list[Finding]]:
        """As `documents.read`."""
        uri = file.relative_to(docs_dir).as_posix()
        if uri in self.instead:
            return self.instead[uri], []
        state = self._states.get(uri, ())
        if uri in self._written or uri not in self._known or self._known[uri][0] != state:
            self._known[uri] = state, documents.read(root, file, docs_dir)
        return self._known[uri][1]


def _states(docs_dir: Path) -> dict[str, _State]:
    """Of every file and folder below a folder, by its path from there."""
    found: dict[str, _State] = {}
    folders = [""]
    for folder in folders:
        with os.scandir(docs_dir / folder) as entries:
            for entry in entries:
                uri = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{uri}/")
                    found[uri] = (entry.stat(follow_symlinks=False).st_mode,)
                elif not _EDITORS.fullmatch(entry.name):
                    found[uri] = _of(entry.stat(follow_symlinks=False))
    return found


def _state(file: Path) -> _State:
    try:
        return _of(file.lstat())
    except FileNotFoundError:
        return (0,)  # no file


def _of(state: os.stat_result) -> _State:
    return state.st_mode, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns
