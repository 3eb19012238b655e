"""Figure references: the blocks of a page as records, what is wrong with them, and the names they are referred to by."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papernotes.base.arxiv import ArxivId
from papernotes.base.finding import Finding, Problem, quote
from papernotes.figures import block_rules, svg
from papernotes.figures.block_rules import OWN
from papernotes.figures.scan import Anchor, Block, scan
from papernotes.text import slash_blocks
from papernotes.text.document import relative

if TYPE_CHECKING:
    from papernotes.data.site import Site
    from papernotes.text.document import Document

FOLDERS = ("papers/", "topics/")  # the pages that may hold figures; pictures of ours live beside them

REFERENCE = re.compile(r"\[@fig:(?P<target>[^\[\]\s]*+)(?P<words>[^\[\]\n]*+)\]")


@dataclass(frozen=True)
class Figure:
    """One figure of the site, complete: every field has been checked."""

    uri: str  # of the page it stands on, e.g. papers/dpo.md
    number: int  # 1 for the first of the page
    ident: str  # unique in the page
    label: str  # "Figure 2", or OWN
    caption: str
    verified: bool  # the number was seen in a text of that version
    arxiv: str | None  # None: a drawing of ours that belongs to no paper
    version: int | None  # None: the text read does not say
    page: int | None  # of the PDF, from 1
    html: Anchor | None
    picture: str | None  # relative to docs/, e.g. papers/dpo/frontier.svg
    alt: str
    markers: tuple[tuple[float, float], ...]  # fractions of width and height, one per note
    notes: tuple[str, ...]
    conclusion: str

    @property
    def slug(self) -> str:
        """The name of its page: dpo for papers/dpo.md."""
        return PurePosixPath(self.uri).stem

    @property
    def anchor(self) -> str:
        """Its id in the built page."""
        return f"fig-{self.ident}"

    @property
    def key(self) -> str:
        """Its name in the whole site, also that of its preview card."""
        return f"fig-{self.slug}-{self.ident}"

    @property
    def own(self) -> bool:
        """Whether it renders no particular figure of a paper."""
        return self.label == OWN

    @property
    def number_text(self) -> str:
        """What the page calls it: 图 1."""
        return f"图 {self.number}"

    def href(self, uri: str) -> str:
        """The link to it that the page `uri` writes; MkDocs turns `.md` into the built address."""
        path = "" if uri == self.uri else posixpath.relpath(self.uri, posixpath.dirname(uri) or ".")
        return f"{path}#{self.anchor}"

    @property
    def source_url(self) -> str | None:
        """Where the paper's own figure is: its PDF page where that was seen, else the abstract page of the version."""
        if self.arxiv is None:
            return None
        paper = ArxivId(self.arxiv, self.version)
        return paper.abs_url if self.page is None else paper.pdf_url(self.page)


# --- from blocks to figures -------------------------------------------------------------------------------------------


def figures_of(document: Document, site: Site) -> tuple[Figure, ...]:
    """The figures of a page in order. Blocks with a problem count but are left out: `check` has their findings."""
    figures: dict[str, Figure] = {}
    for number, block in enumerate(scan(document), 1):
        if block.text("id") not in figures and not any(block_rules.problems(block, document, site)):
            figures[block.text("id")] = _figure(number, block, document, site)
    return tuple(figures.values())


def _figure(number: int, block: Block, document: Document, site: Site) -> Figure:
    arxiv, version = block_rules.paper_of(block, document, site)
    picture = block.text("picture")
    return Figure(
        uri=document.uri,
        number=number,
        ident=block.text("id"),
        label=block.label,
        caption=block.text("caption"),
        verified=block.text("status") == "已核",
        arxiv=arxiv,
        version=version,
        page=block.whole("page"),
        html=block.anchor(),
        picture=f"{document.uri.removesuffix('.md')}/{picture}" if picture else None,
        alt=block.text("alt"),
        markers=block.points() or (),
        notes=tuple(note.text for note in block.notes),
        conclusion=block.conclusion,
    )


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Everything wrong with the figure blocks of a page and with its references to figures."""
    found = scan(document)
    problems = list(slash_blocks.scan(document).problems)
    if found and not document.uri.startswith(FOLDERS):
        fix = "figures live in papers/ and topics/"
        problems.append(found[0].problem("", "figure-block", "a figure on this page", fix))
    seen: dict[str, int] = {}
    for number, block in enumerate(found, 1):
        problems.extend(block_rules.problems(block, document, site))
        ident = block.text("id")
        if ident:
            if ident in seen:
                what = f"{quote(ident)} is also the id of figure {seen[ident]}"
                problems.append(block.problem("id", "figure-id", what, "give it another id"))
            seen.setdefault(ident, number)
    problems.extend(_reference_problems(document, site))
    problems.extend(_unmentioned(found, document))
    for problem in problems:
        yield document.finding(*problem)


def _unmentioned(found: Sequence[Block], document: Document) -> Iterator[Problem]:
    """Figures to which no text outside the blocks leads."""
    slug = PurePosixPath(document.uri).stem
    mentioned = {
        match["target"].removeprefix(f"{slug}/")
        for match in REFERENCE.finditer(document.prose)
        if not any(block.offset <= match.start() < block.end for block in found)
    }
    for block in found:
        ident = block.text("id")
        if ident and ident not in mentioned:
            what = f"no text leads to the figure {quote(ident)}"
            fix = f"write [@fig:{ident}] in a paragraph that speaks of it"
            yield block.problem("id", "figure-unmentioned", what, fix)


def check_pictures(site: Site) -> Iterator[Finding]:
    """Every picture beside the pages: safe to inline, and used by a figure. `rules.files` refuses every other kind."""
    used = {
        f"{document.uri.removesuffix('.md')}/{block.text('picture')}"
        for document in site.documents.values()
        for block in scan(document)
    }
    for path in sorted(site.docs_dir.rglob("*.svg")):
        uri = path.relative_to(site.docs_dir).as_posix()
        if path.is_symlink() or not path.is_file() or not uri.startswith(FOLDERS):
            continue
        shown = relative(path, site.root)
        for problem in svg.check(_start_of(path)):
            yield Finding(shown, problem.line, problem.column, "svg", problem.what, problem.fix)
        if uri not in used:
            page = path.parent.relative_to(site.docs_dir).as_posix()
            fix = f"name it in a block of docs/{page}.md, or delete it"
            yield Finding(shown, 1, 1, "picture-file", "no figure uses this picture", fix)


def _start_of(path: Path) -> bytes:
    """A picture, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(svg.LIMIT + 1)


def _reference_problems(document: Document, site: Site) -> Iterator[Problem]:
    for match in REFERENCE.finditer(document.prose):
        page, ident = split_target(match["target"])
        if not ident:
            what = f"{quote(match[0])} names no figure"
            yield Problem(match.start(), "figure-reference", what, "write [@fig:id] or [@fig:page/id]")
            continue
        uri = document.uri if page is None else page_of(page, site)
        if uri is None:
            near = get_close_matches(page or "", [PurePosixPath(each).stem for each in site.documents], n=1)
            fix = f"did you mean {near[0]}?" if near else "name a page of papers/ or topics/"
            yield Problem(match.start(), "figure-reference", f"there is no page {quote(page or '')}", fix)
            continue
        known = idents(document if uri == document.uri else site.documents[uri])
        if ident not in known:
            near = get_close_matches(ident, known, n=1)
            fix = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'no figure'}"
            yield Problem(match.start(), "figure-reference", f"{uri} has no figure {quote(ident)}", fix)


def split_target(target: str) -> tuple[str | None, str]:
    """`dpo/frontier` as page and id; the page is None for one's own."""
    page, slash, ident = target.rpartition("/")
    return (page if slash else None), ident


def page_of(slug: str, site: Site) -> str | None:
    """The uri of the paper or topic page with this slug."""
    return next((uri for folder in FOLDERS if (uri := f"{folder}{slug}.md") in site.documents), None)


def idents(document: Document) -> list[str]:
    """The ids of a page's figures, as written, in order."""
    idents = (block.text("id") for block in scan(document))
    return [ident for ident in idents if ident]
