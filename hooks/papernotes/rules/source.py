"""The source of a page as it lies there: what is opened and not closed, and the blanks that `new` left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from papernotes.base import arxiv
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data import blanks, ledger
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text.document import COMMENT, Document, blank_code, fences, relative

RULES = (
    Rule(
        "page-unclosed",
        "代码块和注释都要关上",
        "没有关上的代码块或注释，检查器以为后面都是代码，Markdown 却照样渲染，错误就藏住了。",
        "```python\nprint(1)",
        "```python\nprint(1)\n```",
    ),
    Rule(
        "blank",
        "没有留下的空白",
        "`make new` 把要写的地方标成〔待填：…〕；填完之前，页面不能发布。",
        "title: 〔待填：中文标题〕",
        "title: LoRA：大语言模型的低秩适应",
    ),
)


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Fences, comments and blanks of a page."""
    yield from unclosed(document)
    yield from _check_blanks(document, site)


def unclosed(document: Document) -> Iterator[Finding]:
    """Fences and comments that hide what follows from every other check, while Markdown renders it."""
    for block in fences(document.body):
        if not block.is_closed:
            what, fix = f"the fence {block.fence} is not closed", f"end the block with {block.fence}"
            yield document.finding(block.start, "page-unclosed", what, fix)
    text = blank_code(document.body, comments=False) if "<!--" in document.body else ""
    for match in COMMENT.finditer(text):
        if not match.group().endswith("-->"):
            what, fix = "the comment is not closed", "end it with -->"
        elif (
            re.search(r"\n[ \t]*\n", match.group())
            and text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
        ):
            what, fix = "the comment starts in a line and runs over a blank one", "start it on a line of its own"
        else:
            continue
        yield document.finding(match.start(), "page-unclosed", what, fix)


def _check_blanks(document: Document, site: Site) -> Iterator[Finding]:
    """Blanks of the front matter and the body, a name that is only an id, and a ledger record with blanks."""
    head = document.text[: document.body_start]
    for number, line in enumerate(head.split("\n"), 1):
        for match in blanks.BLANK.finditer(line.partition(" # ")[0]):
            yield Finding(document.path, number, match.start() + 1, "blank", *_words(match))
    for match in blanks.BLANK.finditer(document.prose):
        yield document.finding(match.start(), "blank", *_words(match))
    if kind_of(document.uri) != "paper":
        return
    slug = document.uri.removeprefix("papers/").removesuffix(".md")
    if blanks.is_provisional(slug):
        what = f"the page is still named by the paper's id, {quote(slug)}"
        yield document.front_finding(
            None, "blank", what, "rename the file (and its folder) once: the name is the page's address for ever"
        )
    record = site.ledger.get(_id_of(document))
    if record and (keys := blanks.blanks_of(record)):
        what = f"the ledger's record of {record.arxiv} has blanks: {', '.join(keys)}"
        again = f"where there is a network, run 'make new ID={record.arxiv}' again; or fill its line in docs/_data/papers.json"
        yield document.front_finding("arxiv", "blank", what, again)


def check_ledger(site: Site) -> Iterator[Finding]:
    """Ledger records with blanks that belong to no page; those of a page are reported there."""
    named = {_id_of(document) for document in site.documents.values()}
    for record in site.ledger.values():
        if record.arxiv not in named and (keys := blanks.blanks_of(record)):
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
    try:
        return arxiv.parse_id(document.arxiv).id
    except ValueError:
        return ""
