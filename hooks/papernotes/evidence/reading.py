"""The verb `read`: the second book written from a paper's own text, or held against what is there.

Written is what the page's version says. Of another version a report says what it does to the page.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.base import arxiv, storage
from papernotes.base.arxiv import ArxivId
from papernotes.base.finding import StopError
from papernotes.data import evidence as evidence_data
from papernotes.data import outdated
from papernotes.data import site as site_module
from papernotes.data.evidence import Evidence
from papernotes.data.site import Site
from papernotes.evidence.moved import Moved, moved
from papernotes.refresh.reading import apart, fetch
from papernotes.refresh.reading.outline import Found, UnreadableError
from papernotes.refresh.services.ask import MAX_FAILURES
from papernotes.refresh.services.text import alike, fold
from papernotes.refresh.services.transport import Limits

DONE, LATER = 0, 3
"""Exit codes, as those of a refresh: read; somebody should look; nothing was read; arXiv did not answer."""
_EACH: Final = 6.0
"""Seconds more for each paper that is asked for in one run: the pause, and its page."""
_MOST: Final = 6
"""Places named in one line."""


class CannotReadError(StopError):
    """Nothing was written. The text says why, in one line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `read`."""
    parser.description = "Write down which places and numbers a paper has, from its own text; never from our pages."
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="the arXiv id with its version: 2305.18290v3")
    parser.add_argument("--file", type=Path, help="a saved page of arXiv's HTML, LaTeXML's output, or a PDF")
    parser.add_argument("--replace", action="store_true", help="write over the evidence that is there")
    parser.add_argument(
        "--newer", action="store_true", help="report what newer versions do to the pages that are behind"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run(
    arguments: argparse.Namespace,
    *,
    environment: Mapping[str, str] = os.environ,
    limits: Limits = fetch.LIMITS,
    today: date | None = None,
) -> int:
    """Read one paper, or the newer version of every page that arXiv has left behind, and say what came of it."""
    today = today or date.today()
    docs_dir = storage.there(arguments.docs)
    reader = Reading(docs_dir, today, environment, limits)
    try:
        if arguments.newer:
            return reader.newer()
        for line in reader.one(arguments.id, arguments.file, replace_it=arguments.replace):
            print(line)
        return DONE
    except fetch.SilentError as error:
        print(f"papernotes: arXiv did not answer: {error}; try later, or save the page and give it: FILE=paper.html", file=sys.stderr)  # fmt: skip
        return LATER


@dataclass(frozen=True)
class Reading:
    """Where papers are read for, and how they are asked for."""

    docs_dir: Path
    today: date
    environment: Mapping[str, str]
    limits: Limits

    @property
    def root(self) -> Path:
        """Of the repository."""
        return self.docs_dir.parent

    def one(self, text: str, file: Path | None, *, replace_it: bool) -> Iterator[str]:
        """Read a paper from arXiv or from a file, and write its evidence or say how it differs.

        `text`: the id, with a version or without; empty where the file names it. Shape: lines for the terminal.
        Raises: CannotReadError, UnreadableError, SettingError, SilentError; nothing is written then.
        """
        site = self._site()
        asked = self._id(text)
        if file is None and asked is None:
            raise CannotReadError("which paper? Give its id: make read ID=2305.18290v3, or a file: FILE=paper.html")
        if file is None:
            assert asked is not None, "it was looked at above"
            asked = self._with_version(asked, site)
            with closing(fetch.way(self.environment, self.limits)) as channel:
                found = _of_arxiv(apart.read(fetch.fetch(asked, channel)), asked)
            where = "its HTML on arXiv"
        else:
            found = _named_by_file(file)
            where = file.name
        evidence = self._evidence(found, asked, site, where)
        yield from _summary(evidence, found, where)
        page = site.papers.get(evidence.arxiv)
        if page and page.version and evidence.version and page.version != evidence.version:
            yield f"{site.documents[page.uri].path} is written from version {page.version}: nothing is written"
            yield from _report(moved(site.documents[page.uri], site, evidence))
            yield f"When the page is brought up to date: set 'version: {evidence.version}' in it, then run this again."
            return
        kept = site.evidence.get(evidence.arxiv)
        target = self.docs_dir / evidence_data.FOLDER / evidence_data.file_name(evidence.arxiv)
        name = target.relative_to(self.root).as_posix()
        if target.exists() and not replace_it and kept != replace(evidence, day=kept.day if kept else evidence.day):
            yield from _differences(kept, evidence) if kept else [f"{name} cannot be read; make check says why"]
            yield f"{name} is there and is as it was; ARGS=--replace writes over it. In a commit that also changes the page,"
            yield "name the text and the place where each number was read."
            return
        target.parent.mkdir(exist_ok=True)
        with storage.locked(target.parent):
            changed = storage.replace(target, evidence_data.serialise(evidence), scratch=self.root)
        yield f"{name} is {'written' if changed else 'as it was'}."

    def newer(self) -> int:
        """Read the newest version of each page that arXiv has left behind, and print what it does to the page, as Markdown."""
        site = self._site()
        behind = [
            (paper, drift.newer) for paper in site.papers.values() if (drift := outdated.of(paper)) and drift.newer
        ]
        print(
            f"Newer versions: {len(behind)} of {len(site.papers)} pages are behind."
            if behind
            else "Newer versions: none."
        )
        limits = replace(self.limits, total=self.limits.total + _EACH * len(behind))
        silent = 0
        with closing(fetch.way(self.environment, limits)) as channel:
            for number, (paper, version) in enumerate(behind):
                if silent == MAX_FAILURES:
                    print(f"\nThe other {len(behind) - number} were not asked for.")
                    break
                print(f"\n**{site.documents[paper.uri].path}**, from version {paper.version} to {version}:\n")
                id_ = ArxivId(paper.arxiv, version)
                try:
                    found = _of_arxiv(apart.read(fetch.fetch(id_, channel)), id_)
                    evidence = self._evidence(found, id_, site, str(id_))
                except (UnreadableError, CannotReadError) as error:
                    print(f"- not read: {error}")
                except fetch.SilentError as error:
                    silent += 1
                    print(f"- arXiv did not answer: {error}")
                else:
                    print("\n".join(f"- {line}" for line in _report(moved(site.documents[paper.uri], site, evidence))))
        return LATER if silent else DONE

    def _site(self) -> Site:
        return site_module.load(self.docs_dir, root=self.root, today=self.today)[0]

    def _id(self, text: str) -> ArxivId | None:
        if not text:
            return None
        try:
            read = arxiv.id_of_link if arxiv.is_arxiv_link(text.strip()) else arxiv.parse_id
            return read(text.strip(), today=self.today)
        except ValueError as error:
            raise CannotReadError(f"{error}; copy the id from the paper's arXiv page") from None

    @staticmethod
    def _with_version(id_: ArxivId, site: Site) -> ArxivId:
        """The version asked for, else that of the page; the newest, which arXiv's page then names, where there is none."""
        page = site.papers.get(id_.id)
        return id_ if id_.version or page is None else page.id

    def _evidence(self, found: Found, asked: ArxivId | None, site: Site, where: str) -> Evidence:
        """What was read as a file of evidence: of the paper and the version that were asked for, and fit to be kept."""
        theirs = f"{found.arxiv}v{found.version}"
        if asked and found.arxiv and found.arxiv != asked.id:
            raise CannotReadError(f"{where} is {theirs}, not {asked}; give the paper that was asked for")
        if asked and asked.version and found.version and found.version != asked.version:
            raise CannotReadError(
                f"{where} is version {found.version} of {asked.id}, not {asked.version}; give that version"
            )
        id_ = asked.id if asked else found.arxiv
        if id_ is None:
            raise CannotReadError(f"{where} does not name its paper; give the id: ID=2305.18290v3")
        record = site.ledger.get(id_)
        if record and not found.arxiv and not _is_titled(record.title, found.head):
            raise CannotReadError(
                f"{where} does not bear the title of {id_} in the ledger; give that paper, or mend the ledger"
            )
        version = found.version or (asked.version if asked else None)
        entries = found.entries
        if (
            found.copy != "arxiv-html" and not found.version
        ):  # another copy than arXiv's may have other ids, and other pages
            entries = tuple(replace(entry, anchor=None, page=None) for entry in entries)
        evidence = Evidence(id_, version, "program", found.copy, self.today, not found.gaps, entries)
        text = evidence_data.serialise(evidence)
        _, findings = evidence_data.parse(text, evidence_data.file_name(id_), today=self.today)
        if len(text.encode()) > evidence_data.MAX_BYTES or findings:
            why = f"({findings[0].what})" if findings else f"(more than {evidence_data.MAX_BYTES} bytes)"
            raise CannotReadError(f"what was read of {id_} cannot be kept {why}")
        return evidence


def _named_by_file(file: Path) -> Found:
    try:
        with file.open("rb") as stream:
            data = stream.read(apart.MAX_BYTES + 1)
    except OSError as error:
        raise CannotReadError(f"{str(file)!r} cannot be read: {error.strerror}") from None
    try:
        return apart.read(data)
    except UnreadableError as error:
        raise UnreadableError(f"{file.name} cannot be read: {error}") from None


def _of_arxiv(found: Found, asked: ArxivId) -> Found:
    """What arXiv sent, which is its HTML of the version asked for, whether or not its frame says so."""
    return found if found.arxiv else replace(found, copy="arxiv-html", arxiv=asked.id, version=asked.version)


def _is_titled(title: str, head: str) -> bool:
    return fold(title) in fold(head) or alike(title, head)


def _summary(evidence: Evidence, found: Found, where: str) -> Iterator[str]:
    kinds = {
        "§": "sections",
        "附录": "appendices",
        "表": "tables",
        "图": "figures",
        "式": "equations",
        "脚注": "footnotes",
    }
    counts = {name: sum(entry.place.kind == kind for entry in evidence.entries) for kind, name in kinds.items()}
    numbers = sum(len(entry.numbers or ()) for entry in evidence.entries)
    seen = sum(bool(entry.anchor or entry.page) for entry in evidence.entries)
    version = f"v{evidence.version}" if evidence.version else ", version unknown"
    yield f"{evidence.arxiv}{version}, read from {where}: {', '.join(f'{count} {name}' for name, count in counts.items() if count)}; {numbers} numbers, {seen} addresses or pages seen."
    if found.gaps:
        yield f"Not found between the others: {_some(found.gaps)}; so what is missing proves nothing ('whole' is false)."


def _report(result: Moved) -> Iterator[str]:
    yield f"{result.kept} result numbers stand where their marks say, {result.not_compared} were not compared, {len(result.notes)} notes."
    yield from map(str, result.notes)


def _differences(kept: Evidence, read: Evidence) -> Iterator[str]:
    """How what was read now differs from what is kept: places of one alone, numbers that the other lacks."""
    old, new = ({entry.name: entry for entry in each.entries} for each in (kept, read))
    for label, names in (("Only in the file", old.keys() - new.keys()), ("Only read now", new.keys() - old.keys())):
        if names:
            yield f"{label}: {_some([name for name in (*old, *new) if name in names])}."
    for name in old:
        here, there = (old[name].amounts, new[name].amounts) if name in new else ((), ())
        values = {amount.value for amount in there}
        lost = list(dict.fromkeys(amount.text.strip() for amount in here if amount.value not in values))
        if lost and new[name].is_complete:
            yield f"{name}: not read now: {_some(lost)}"


def _some(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
