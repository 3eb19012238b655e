"""Blanks: places that `new` leaves to the writer, 〔待填：…〕. The checker reports each one until it is filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.data.paper import kind_of
from papernotes.text import arxiv
from papernotes.text.document import Document, relative
from papernotes.text.finding import Finding, quote
from papernotes.text.rule import Rule

if TYPE_CHECKING:
    from papernotes.data.site import Site

START: Final = "〔待填"
BLANK: Final = re.compile(START + r"(?:：[^〔〕\n]*)?〕")

RULES = (
    Rule(
        "blank",
        "没有留下的空白",
        "`make new` 把要写的地方标成〔待填：…〕；填完之前，页面不能发布。",
        "title: 〔待填：中文标题〕",
        "title: LoRA：大语言模型的低秩适应",
    ),
)  # fmt: skip


def blank(hint: str) -> str:
    """The mark of a place to be filled."""
    return f"〔待填：{hint}〕"


def blanks_of(record: Record) -> tuple[str, ...]:
    """The keys of a ledger record that `new` could not fill for want of a network."""
    texts = {"title": (record.title,), "authors": record.authors}
    return tuple(key for key, values in texts.items() if any(BLANK.search(value) for value in values))


def is_provisional(slug: str) -> bool:
    """Whether a page's name is only the paper's id, as `new` makes it where it knows no title."""
    return re.fullmatch(r"(?:[a-z]+(?:-[a-z]+)?-)?[0-9]{4}-?[0-9]{3,5}", slug) is not None


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Blanks of the front matter and the body, a name that is only an id, and a ledger record with blanks."""
    head = document.text[: document.body_start]
    for number, line in enumerate(head.split("\n"), 1):
        for match in BLANK.finditer(line.partition(" # ")[0]):
            yield Finding(document.path, number, match.start() + 1, "blank", *_words(match))
    for match in BLANK.finditer(document.prose):
        yield document.finding(match.start(), "blank", *_words(match))
    if kind_of(document.uri) != "paper":
        return
    slug = document.uri.removeprefix("papers/").removesuffix(".md")
    if is_provisional(slug):
        what = f"the page is still named by the paper's id, {quote(slug)}"
        yield document.front_finding(
            None, "blank", what, "rename the file (and its folder) once: the name is the page's address for ever"
        )
    record = site.ledger.get(_id_of(document))
    if record and (keys := blanks_of(record)):
        what = f"the ledger's record of {record.arxiv} has blanks: {', '.join(keys)}"
        again = f"where there is a network, run 'make new ID={record.arxiv}' again; or fill its line in docs/_data/papers.json"
        yield document.front_finding("arxiv", "blank", what, again)


def check_ledger(site: Site) -> Iterator[Finding]:
    """Ledger records with blanks that belong to no page; those of a page are reported there."""
    named = {_id_of(document) for document in site.documents.values()}
    for record in site.ledger.values():
        if record.arxiv not in named and (keys := blanks_of(record)):
            path = relative(site.docs_dir / ledger.FILE, site.root)
            line = next(
                number
                for number, text in enumerate((site.docs_dir / ledger.FILE).read_text(encoding="utf-8").split("\n"), 1)
                if f'"arxiv": "{record.arxiv}"' in text
            )
            what = f"the record of {record.arxiv} has blanks: {', '.join(keys)}"
            yield Finding(path, line, 1, "blank", what, "fill them, or remove the line: no page is about the paper")


def _words(match: re.Match[str]) -> tuple[str, str]:
    return f"{quote(match.group())} is not filled in", "write the text in its place"


def _id_of(document: Document) -> str:
    node = document.front.entries.get("arxiv") if document.front else None
    if node is None or node.kind != "str":
        return ""
    try:
        return arxiv.parse_id(node.value).id
    except ValueError:
        return ""
