"""Take pages away: what is to be written and deleted, so that nothing of a page is left and nothing that led to it breaks.

A link to a paper leads to arXiv then, or to the page that takes its place; the old address leads to that page, or to the
list of papers. What no program can know is whether a sentence around such a link still holds: its place is told.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

from papernotes.base.finding import StopError, quote
from papernotes.data import abstracts, evidence, ledger, term_table
from papernotes.data.models import results, table
from papernotes.data.paper import is_draft, kind_of
from papernotes.data.reading import paths, reading_order
from papernotes.data.site import TAGS_FILE, Site
from papernotes.figures import figure as figures
from papernotes.figures import plots
from papernotes.figures.block_rules import KINDS
from papernotes.figures.figure import Figure
from papernotes.figures.render import Gallery
from papernotes.text.document import Document, address
from papernotes.text.frontmatter import Node, read_yaml
from papernotes.text.special_pages import HOME, PAPERS, TOPICS

_TARGET: Final = re.compile(r"(?:(?<=\]\()|(?<=\]\(<)|(?<=\]: ))(?P<path>[^\s<>()#?]+\.md)(?P<rest>[#?][^\s<>()]*)?")
"""The address of a page in a link, or in the definition of one."""

_AFTER: Final = re.compile(r"(?:^[ \t]*(?:#.*)?\n)+\Z", re.MULTILINE)
"""Empty lines and comments, which belong to what follows them."""

_NAMING: Final = (term_table.FILE, table.FILE)
"""Data that name papers by their ids."""

Edit = tuple[int, int, str]
"""From, to, and what stands there then, in the text of a file."""


class CannotRetireError(StopError):
    """Nothing was written. The text says why and what to do, in one line."""


@dataclass
class Plan:
    """What there is to do."""

    texts: dict[Path, str] = field(default_factory=dict)
    """The new text of each file that changes."""
    gone: list[Path] = field(default_factory=list)
    """Files and folders to delete."""
    places: list[tuple[str, int, int, str]] = field(default_factory=list)
    """What led to a page that is gone: path, line and column of it as it is now, and where it leads."""
    kept: list[str] = field(default_factory=list)
    """What stays of a paper, and for whose sake."""


def chosen(site: Site, names: Sequence[str]) -> list[str]:
    """The uris of the pages that an owner has named: `dpo`, `papers/dpo`, `docs/topics/vision.md`.

    Raises: CannotRetireError.
    """
    known = [uri for uri in site.documents if kind_of(uri) != "plain"]
    uris = []
    for name in names:
        plain = name.removeprefix("./").removeprefix("docs/").removesuffix(".md")
        uri = next((uri for uri in (f"{plain}.md", f"papers/{plain}.md", f"topics/{plain}.md") if uri in known), None)
        if uri is None:
            near = get_close_matches(plain, [posixpath.basename(uri).removesuffix(".md") for uri in known], n=1)
            mean = f"did you mean {near[0]}?" if near else "name it as its file is named: dpo"
            raise CannotRetireError(f"{quote(name)} is not the page of a paper or a topic; {mean}")
        uris.append(uri)
    return list(dict.fromkeys(uris))


def plan(site: Site, uris: Sequence[str], to: str | None = None) -> Plan:
    """What it takes to retire pages.

    Shape: `to` is the uri of the page that takes their place; None: their papers are to be read on arXiv.
    Raises: CannotRetireError where a topic would be left without a paper, or a data file is not laid out in lines.
    """
    if to in uris:
        raise CannotRetireError(f"docs/{to} cannot go and take the place of a page; name another one")
    return _Retirement(site, frozenset(uris), to).plan()


class _Retirement:
    """The pages that go, and what is planned for each kind of file."""

    def __init__(self, site: Site, uris: frozenset[str], to: str | None) -> None:
        self.site, self.uris, self.to = site, uris, to
        self.pages = {uri: site.documents[uri] for uri in sorted(uris)}
        self.rest = {uri: document for uri, document in site.documents.items() if uri not in uris}
        self.ids = {uri: str(node.value) for uri, page in self.pages.items() if (node := page.key("arxiv"))}
        self.gallery = Gallery(site)
        self.made = Plan()

    def plan(self) -> Plan:
        self._spare_topics()
        redirects = self._redirects()
        for uri, document in self.rest.items():
            found = [*self._links(document), *self._figures(document)]
            text = _edited(document.text, [*(edit for edit, _ in found), *self._topic(document)])
            if uri in redirects:
                text = with_redirects(text, document, redirects[uri])
            self._write(document.path, text)
            moved = text.count("\n") - document.text.count("\n")
            for (start, _, _), what in sorted(found):
                line, column = document.place(start - document.body_start)
                self.made.places.append((document.path, line + moved, column, what))
        for uri, document in self.pages.items():
            folder = self.site.docs_dir / uri.removesuffix(".md")
            self.made.gone += [self.site.root / document.path, *([folder] if folder.is_dir() else [])]
        for plot, _, _, _ in plots.drawn(self.site.docs_dir, self.site.root):
            if plot and f"{posixpath.dirname(plot.picture)}.md" in self.uris:
                self.made.gone += sorted((self.site.docs_dir / plots.FOLDER).glob(f"{plot.name}.*"))
        self._path()
        self._paths()
        self._tags()
        self._terms()
        self._results()
        self._records()
        return self.made

    def _write(self, path: str, text: str) -> None:
        file = self.site.root / path
        if file.read_text(encoding="utf-8") != text:
            self.made.texts[file] = text

    def _spare_topics(self) -> None:
        """A topic leads through papers: it does not lose its last one, but goes with it."""
        ids = set(self.ids.values())
        topics = self.site.topics.items()
        bare = [uri for uri, topic in topics if uri not in self.uris and topic.papers and not set(topic.papers) - ids]
        if bare:
            pages, names = ", ".join(f"docs/{uri}" for uri in bare), " ".join(uri.removesuffix(".md") for uri in bare)
            why = f"{pages} would be left without a paper"
            raise CannotRetireError(f"{why}; name other papers there first, or retire {names} as well")

    # --- the pages that stay ---

    def _leads(self, document: Document, uri: str) -> tuple[str, str]:
        """Where a link leads that led to a page that is gone: its address there, and what that is in words."""
        if self.to is None and uri in self.ids:
            return f"https://arxiv.org/abs/{self.ids[uri]}", "arXiv"
        there = self.to or self._list(uri)
        return posixpath.relpath(there, posixpath.dirname(document.uri) or "."), f"docs/{there}"

    def _list(self, uri: str) -> str:
        """The page that lists those of a kind."""
        list_ = PAPERS if kind_of(uri) == "paper" else TOPICS
        return list_ if list_ in self.rest else HOME

    def _links(self, document: Document) -> Iterator[tuple[Edit, str]]:
        """Links to pages that go, and what became of each."""
        folder, start = posixpath.dirname(document.uri), document.body_start
        for match in _TARGET.finditer(document.prose):
            uri = posixpath.normpath(posixpath.join(folder, unquote(match["path"])))
            if uri in self.uris:
                there, words = self._leads(document, uri)
                yield (start + match.start(), start + match.end(), there), f"led to docs/{uri}, leads to {words} now"

    def _figures(self, document: Document) -> Iterator[tuple[Edit, str]]:
        """References to figures of pages that go: what the reader saw stays, as a link."""
        start = document.body_start
        for match in figures.REFERENCE.finditer(document.prose):
            slug, _ = figures.split_target(match["target"])
            uri = figures.page_of(slug, self.site) if slug else None
            if uri in self.uris:
                there, words = self._leads(document, uri)
                figure = self.gallery.find(match["target"], document.uri)
                name = self._named(figure, uri) if figure else match["target"]
                link = f"[{match['words'].strip() or name}]({there})"
                what = f"showed a figure of docs/{uri}, leads to {words} now"
                yield (start + match.start(), start + match.end(), link), what

    def _named(self, figure: Figure, uri: str) -> str:
        """A figure of a page that goes: our number of it means nothing then, the paper's own does where it is known."""
        word = KINDS.get(figure.label.partition(" ")[0])
        told = word and figure.verified and self.to is None
        return (
            f"{self.gallery.names[uri]} 论文{word} {figure.label.partition(' ')[2]}"
            if told
            else self.gallery.names[uri]
        )

    def _topic(self, document: Document) -> list[Edit]:
        papers = document.key("papers") if kind_of(document.uri) == "topic" else None
        return _without(document.text, papers, self.ids.values(), document.path)

    def _redirects(self) -> dict[str, list[str]]:
        """The addresses, old ones of the pages among them, by the uri of the page to which they lead now."""
        made: dict[str, list[str]] = {}
        for uri, document in self.pages.items():
            if not is_draft(document):
                former = document.key("redirect_from")
                old = [str(node.value) for node in former.value] if former and former.kind == "list" else []
                made.setdefault(self.to or self._list(uri), []).extend([address(uri), *old])
        return made

    # --- the data ---

    def _data(self, name: str) -> tuple[str, str, Node | None]:
        """A data file that may be missing: its path, its text and what YAML makes of it."""
        file = self.site.docs_dir / name
        path = file.relative_to(self.site.root).as_posix()
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        return path, text, read_yaml(path, text)[0] if text else None

    def _path(self) -> None:
        path, text, node = self._data(reading_order.FILE)
        if edits := _without(text, node, self.ids.values(), path):
            self._write(path, _edited(text, edits))

    def _paths(self) -> None:
        """A path loses its steps through papers that go; one that is left with too few goes too."""
        path, text, node = self._data(paths.FILE)
        ids, edits, moved = set(self.ids.values()), [], 0
        for whole in _blocks(text, node.value if node and node.kind == "list" else [], len(text)):
            steps = _blocks(text, whole.item.value["steps"].value, whole.stop)
            lost = [step for step in steps if step.item.value["paper"].value in ids]
            is_gone = bool(lost) and len(steps) - len(lost) < paths.STEPS[0]
            what = "is gone, too few of its papers stay" if is_gone else "lost a step"
            for each in [whole] if is_gone else lost:
                words = f"the path {quote(whole.item.value['title'].value)} {what}"
                self.made.places.append((path, each.item.line - moved, 1, words))
                moved += text.count("\n", each.start, each.stop)
                edits.append((each.start, each.stop, ""))
        if edits:
            self._write(path, _edited(text, edits))

    def _tags(self) -> None:
        """A tag that no page has any more goes; one whose topic goes has none."""
        used = {tag for document in self.rest.values() for tag in _tags_of(document)}
        lost = {tag for document in self.pages.values() for tag in _tags_of(document)} - used
        path, text, node = self._data(TAGS_FILE)
        edits: list[Edit] = []
        if lost != set(self.site.tags):
            for item in node.value if node and node.kind == "list" else ():
                topic = item.value["topic"]
                if item.value["tag"].value in lost:
                    edits.append(_line(text, item, path))
                elif topic.value in self.uris:
                    start = _offset(text, topic)
                    edits.append((start, start + len(topic.text), "null"))
        if edits:
            self._write(path, _edited(text, edits))

    def _terms(self) -> None:
        """A term keeps no picture of a page that goes."""
        path, text, node = self._data(term_table.FILE)
        edits: list[Edit] = []
        for item in node.value if node and node.kind == "list" else ():
            picture = item.value.get("picture") if item.kind == "map" else None
            if picture and f"{posixpath.dirname(str(picture.value))}.md" in self.uris:
                self.made.places.append(
                    (path, item.line - len(edits), item.column, "the term had a picture of a page that is gone")
                )
                edits.append(_line(text, picture, path))
        if edits:
            self._write(path, _edited(text, edits))

    def _results(self) -> None:
        """What is said of the tables of a page that goes, goes."""
        path, text, node = self._data(results.FILE)
        tables = node.value.get("tables") if node and node.kind == "map" else None
        items = tables.value if tables and tables.kind == "list" else []
        gone = [item for item in items if item.kind == "map" and str(item.value["page"].value) in self.uris]
        if not gone:
            return
        starts = [_start(text, item) for item in items]
        after = re.compile(r"^\S", re.MULTILINE).search(text, starts[-1])
        ends = [*starts[1:], after.start() if after else len(text)]
        edits = [(start, end, "") for item, start, end in zip(items, starts, ends, strict=True) if item in gone]
        left = _edited(text, edits)
        self._write(path, left if len(gone) < len(items) else re.sub(r"(?m)^tables:[ \t]*$", "tables: []", left))

    def _records(self) -> None:
        """The ledger and the evidence keep a paper that another page names."""
        site, ids = self.site, set(self.ids.values())
        pages = "\n".join(document.text for document in self.rest.values())
        plotted = "\n".join(
            file.read_text(encoding="utf-8", errors="replace")
            for file in sorted((site.docs_dir / plots.FOLDER).glob("*.csv"))
            if file not in self.made.gone
        )
        named = {id_ for id_ in ids if _names(pages, id_)}
        needed = named | {id_ for id_ in ids if _names(plotted + "".join(self._data(name)[1] for name in _NAMING), id_)}
        for id_ in sorted(ids):
            file = site.docs_dir / evidence.FOLDER / evidence.file_name(id_)
            if id_ not in named and file.is_file():
                self.made.gone.append(file)
            if id_ in needed and id_ in site.ledger:
                what = "the record, and what was read of it," if file.is_file() and id_ in named else "the record"
                self.made.kept.append(f"{what} of {id_} stays: other pages or data name it")
        records = [record for record in site.ledger.values() if record.arxiv not in ids - needed]
        if len(records) < len(site.ledger):
            self._write(f"{self._docs}/{ledger.FILE}", ledger.serialise(records))
        if ids & set(site.abstracts.of):
            left = {id_: each for id_, each in site.abstracts.of.items() if id_ not in ids}
            text = abstracts.serialise(replace(site.abstracts, of=left))
            self._write(f"{self._docs}/{abstracts.FILE}", text)

    @property
    def _docs(self) -> str:
        return self.site.docs_dir.relative_to(self.site.root).as_posix()


def _tags_of(document: Document) -> list[str]:
    one, many = document.key("tag"), document.key("tags")
    nodes = [*([one] if one else []), *(many.value if many and many.kind == "list" else [])]
    return [str(node.value) for node in nodes] if kind_of(document.uri) != "plain" else []


def _names(text: str, id_: str) -> bool:
    return re.search(rf"(?<![0-9.]){re.escape(id_)}(?![0-9])", text) is not None


def _edited(text: str, edits: Collection[Edit]) -> str:
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _offset(text: str, node: Node) -> int:
    """Where a value begins in the text of its file."""
    return sum(len(line) + 1 for line in text.split("\n")[: node.line - 1]) + node.column - 1


def _start(text: str, node: Node) -> int:
    """Where the line begins on which a value does."""
    return text.rfind("\n", 0, _offset(text, node)) + 1


class _Block(NamedTuple):
    """An item of a list, and where its lines begin and end."""

    item: Node
    start: int
    stop: int


def _blocks(text: str, items: Sequence[Node], end: int) -> list[_Block]:
    """The items of a list that goes on to `end`; a comment before an item is none of the lines of the one above."""
    starts = [*(_start(text, item) for item in items), end]
    return [
        _Block(item, start, start + len(_AFTER.sub("", text[start:after])))
        for item, (start, after) in zip(items, pairwise(starts), strict=True)
    ]


def _without(text: str, list_: Node | None, values: Collection[str], path: str) -> list[Edit]:
    """What takes items out of a list of texts, in brackets or one a line."""
    items = list_.value if list_ and list_.kind == "list" else []
    gone = [item for item in items if item.value in values]
    if not gone or list_ is None or text[_offset(text, list_)] != "[":
        return [_line(text, item, path) for item in gone]
    end = text.index("]", _offset(text, items[-1]))
    return [(_offset(text, list_), end, "[" + ", ".join(f'"{each.value}"' for each in items if each not in gone))]


def _line(text: str, node: Node, path: str) -> Edit:
    """What takes out the line of a value. Raises: CannotRetireError where it has none of its own."""
    at = _offset(text, node)
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
    alone = re.fullmatch(r"[ \t]*(?:-|\w+:)[ \t]+", text[start:at])
    if not alone or (node.kind == "map" and (text[at] != "{" or "}" not in text[at:end])):
        why = "the entry does not stand on a line of its own"
        raise CannotRetireError(f"{path}:{node.line}:{node.column}: {why}; lay it out so, then retire the page")
    return start, end, ""


def with_redirects(text: str, document: Document, addresses: Sequence[str]) -> str:
    """A page with further old addresses in its front matter, one a line. `text`: the page's, its front matter as it was read."""
    node = document.key("redirect_from")
    old = [str(each.value) for each in node.value] if node and node.kind == "list" else []
    listed = "".join(f"\n  - {each}" for each in dict.fromkeys([*old, *addresses]))
    front, body = text[: document.body_start], text[document.body_start :]
    front = re.sub(r"^redirect_from:[^\n]*\n(?:[ \t]+[^\n]*\n|-[ \t][^\n]*\n)*", "", front, flags=re.MULTILINE)
    head, _, fence = front.rstrip("\n").rpartition("\n")
    return f"{head}\nredirect_from:{listed}\n{fence}\n{body}"
