"""The files under docs/: which kinds may stand where, how they are named, and what the data among them may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from papernotes.base.finding import Finding, quote
from papernotes.base.hidden import HIDDEN
from papernotes.base.rule import Rule
from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.data.site import Site
from papernotes.figures import svg
from papernotes.rules import hidden
from papernotes.rules.language.characters import check_characters
from papernotes.text.document import relative
from papernotes.text.frontmatter import read_yaml

RULES = (
    Rule(
        "unsafe-file",
        "docs/ 里只有页面、我们画的 SVG、登记过的数据和指南的截图",
        "docs/ 里的文件会原样发布；脚本和网页文件一旦发布就能运行。",
        "docs/papers/dpo.js",
        "docs/papers/dpo/frontier.svg",
    ),
    Rule(
        "unsafe-name",
        "文件名在任何系统上都一样",
        "大写、空格、中文和 con、nul 一类的名字，在别的系统上会撞名或打不开。",
        "docs/papers/dpo/Frontier 2.svg",
        "docs/papers/dpo/frontier-2.svg",
    ),
)  # fmt: skip

MAX_FILE_BYTES: Final = 1_000_000
_PICTURE_STARTS: Final = {".png": b"\x89PNG\r\n\x1a\n", ".webp": b"RIFF"}
_PLACES: Final = (
    (re.compile(r"(?!_data/).*\.md"), "a page"),
    (re.compile(r"(?:papers|topics)/[^/]+/[^/]+\.svg"), "a drawing"),
    (re.compile(r"(?:guide|assets)/(?:.*/)?[^/]+\.(?:svg|png|webp)"), "a screenshot of the guide"),
    (re.compile(r"_data/(?:.*/)?[^/]+\.(?:json|yml|csv|md)"), "data, which is not published"),
)
"""Which files may stand where; a new kind of file is added here, with what reads and checks it."""
_NAME: Final = re.compile(r"[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9]+){0,2}")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
MAX_NAME: Final = 80


def check(site: Site) -> Iterator[Finding]:
    """Files under docs/ of a kind or a name that must not be there, and hidden characters in the data."""
    for file in sorted(site.docs_dir.rglob("*")):
        uri = file.relative_to(site.docs_dir).as_posix()
        if file.is_symlink() or file.is_dir():  # `site.load` has reported the links; folders count by what they hold
            continue
        path = relative(file, site.root)
        if not file.is_file():
            yield Finding(path, 1, 1, "unsafe-file", "is not a file but a device, a pipe or a socket", "delete it")
            continue
        if not any(pattern.fullmatch(uri) for pattern, _ in _PLACES):
            what = f"a file {quote(file.suffix or file.name)} does not belong here"
            yield Finding(
                path, 1, 1, "unsafe-file", what, "docs/ holds pages, our SVGs, and the data that the site reads"
            )
        for part in uri.split("/"):
            if part.endswith(".md") and not uri.startswith("_data/"):
                continue  # `page-name` is the rule of pages
            if not _NAME.fullmatch(part) or _RESERVED.fullmatch(part) or len(part) > MAX_NAME:
                fix = "use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"
                yield Finding(path, 1, 1, "unsafe-name", f"{quote(part)} is not the same on every system", fix)
        yield from _content(file, uri, path)
    yield from _escapes(site)


def _content(file: Path, uri: str, path: str) -> Iterator[Finding]:
    size = file.stat().st_size
    limit = ledger.MAX_BYTES if file.name == "papers.json" else MAX_FILE_BYTES  # 10,000 records are 3 MB
    if size > limit and file.suffix != ".md":  # `page-size` is the rule of pages
        what = f"the file has {size} bytes, more than {limit}"
        yield Finding(path, 1, 1, "unsafe-file", what, "make it smaller")
        return
    if file.suffix in _PICTURE_STARTS:
        with file.open("rb") as opened:
            if not opened.read(16).startswith(_PICTURE_STARTS[file.suffix]):
                yield Finding(path, 1, 1, "unsafe-file", f"is not a {file.suffix} picture", "save it anew")
    elif file.suffix == ".svg" and uri.startswith(("guide/", "assets/")):  # the others are those of `figures`
        for problem in svg.check(file.read_bytes()):
            yield Finding(path, problem.line, problem.column, "svg", problem.what, problem.fix)
    if file.suffix in {".yml", ".json", ".csv"} or uri.startswith("_data/templates/"):
        text = file.read_bytes().decode("utf-8", "replace")
        for match in HIDDEN.finditer(text):
            yield Finding(path, *_place(text, match.start()), *hidden.described(match.group()))
        for odd in check_characters(HIDDEN.sub(lambda match: " " * len(match[0]), text)):
            yield Finding(path, *_place(text, odd.offset), odd.rule, odd.what, odd.fix)
        if file.suffix == ".yml" and "\\" in text:
            root, _ = read_yaml(path, text)
            for node in hidden.texts(root) if root else ():
                if found := HIDDEN.search(str(node.value)):
                    yield Finding(path, node.line, node.column, *hidden.described(found.group(), "an escape"))


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _escapes(site: Site) -> Iterator[Finding]:
    """Hidden characters that JSON escapes make in the ledger."""
    ledger = relative(site.docs_dir / "_data/papers.json", site.root)
    for line, record in enumerate(site.ledger.values(), 2):  # one line a paper, below the first
        if found := HIDDEN.search("\t".join(_strings(_values(record)))):
            yield Finding(ledger, line, 1, *hidden.described(found.group(), "an escape"))


def _values(record: Record) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name != "counts"}


def _strings(values: dict[str, Any]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, str))
