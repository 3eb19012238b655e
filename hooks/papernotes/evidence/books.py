"""The verb `books`: the commits that change a page's number and its evidence together, so that the books stay two.

One slip written into both books shows in neither. Such a commit names in its message the text and the place it was read in.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from papernotes.base import git
from papernotes.data import evidence
from papernotes.text import quantities

PAGES: Final = "papers"
_ARXIV: Final = re.compile(r"^arxiv:\s*[\"']?([^\"'\s#]+)", re.MULTILINE)
_PLACE: Final = re.compile(
    r"摘要|§\s?[A-Z]?\.?\d|附录|[表图式]\s?[A-Z]?\d|脚注\s?\d|\babstract\b|\b(?:sections?|tables?|figures?|appendi(?:x|ces)|equations?|footnotes?)\s?[A-Z\d]",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"\barxiv\b|\d{4}\.\d{4,5}|\bHTML\b|\bPDF\b|\bLaTeX\b|https?://", re.IGNORECASE)
_MOST: Final = 8


@dataclass(frozen=True)
class Together:
    """A paper of which a commit changes both books."""

    page: str
    """Path from the root."""
    numbers: tuple[str, ...]
    """New in the page, and new in its evidence."""
    others: int
    """How many numbers are new in the page alone."""


@dataclass(frozen=True)
class Commit:
    """A commit that changes both books of a paper."""

    hash: str
    subject: str
    papers: tuple[Together, ...]
    lacks: tuple[str, ...]
    """What its message does not name: the text, the place."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `books`."""
    parser.add_argument(
        "since", nargs="?", metavar="BASE", help="only commits since BASE, such as origin/main (default: all)"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run(arguments: argparse.Namespace) -> int:
    """List the commits. Exit code: 1 where one does not name what it should. Raises: NoGitError."""
    docs_dir = arguments.docs.resolve()
    commits = list(both(docs_dir.parent, docs_dir, arguments.since))
    for commit in commits:
        print(f"{commit.hash[:10]} {commit.subject}")
        for each in commit.papers:
            shown = ", ".join(each.numbers[:_MOST]) + (" …" if len(each.numbers) > _MOST else "") or "none"
            print(f"    {each.page}: new in page and evidence: {shown}; new in the page alone: {each.others}")
        if commit.lacks:
            print(f"    its message does not name {' or '.join(commit.lacks)} that was read")
    silent = sum(bool(commit.lacks) for commit in commits)
    print(
        f"{len(commits)} commits change a page's numbers and its evidence together, {silent} without saying what was read"
    )
    return 1 if silent else 0


def both(root: Path, docs_dir: Path, since: str | None = None) -> Iterator[Commit]:
    """The commits that change the numbers of a paper's page and of its evidence, newest first. Raises: NoGitError."""
    docs = docs_dir.relative_to(root).as_posix()
    folders = (f"{docs}/{PAGES}", f"{docs}/{evidence.FOLDER}")
    for hash_, message, names in git.history(root, folders, since):
        books = {name for name in names if name.startswith(folders[1]) and name.endswith(".json")}
        pages = [name for name in names if name.startswith(folders[0]) and name.endswith(".md")] if books else []
        papers = []
        for page in pages:
            now = git.text_at(hash_, root, root / page) or ""
            match = _ARXIV.search(now[:5_000])
            book = f"{folders[1]}/{evidence.file_name(match[1])}" if match else ""
            if book not in books:
                continue
            then = git.text_at(f"{hash_}^", root, root / page) or ""
            written = _numbers_of_page(now) - _numbers_of_page(then)
            seen = _numbers_of_book(git.text_at(hash_, root, root / book))
            fresh = seen - _numbers_of_book(git.text_at(f"{hash_}^", root, root / book))
            if written and fresh:
                common = tuple(sorted(str(value) for value in written & fresh))
                papers.append(Together(page, common, len(written - fresh)))
        if papers:
            lacks = [
                name for name, pattern in (("the text", _TEXT), ("the place", _PLACE)) if not pattern.search(message)
            ]
            yield Commit(hash_, message.partition("\n")[0], tuple(papers), tuple(lacks))


def _numbers_of_page(text: str) -> frozenset[str]:
    """The values of a page, marks of places left out."""
    text = re.sub(r"【来源：[^】\n]*】", "", text.partition("\n---\n")[2])
    return frozenset(_plain(amount.value) for amount in quantities.chinese(text))


def _numbers_of_book(text: str | None) -> frozenset[str]:
    """The values of a file of evidence; none where it cannot be read."""
    try:
        places: Any = json.loads(text or "{}").get("places", [])
        numbers = [str(number) for place in places for number in place.get("numbers") or ()]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return frozenset()
    return frozenset(_plain(amount.value) for number in numbers for amount in quantities.printed(number))


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"
