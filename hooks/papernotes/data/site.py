"""Everything a build knows before it renders: all pages read, the ledger, the papers, the topics, the tags."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from papernotes import __version__
from papernotes import words as words_module
from papernotes.base import data_file
from papernotes.base.finding import Finding, quote
from papernotes.base.matcher import Matcher
from papernotes.data import abstracts as abstracts_module
from papernotes.data import blanks, front_matter, term_table
from papernotes.data import evidence as evidence_module
from papernotes.data import ledger as ledger_module
from papernotes.data import paper as paper_module
from papernotes.data.abstracts import Abstracts
from papernotes.data.evidence import Evidence
from papernotes.data.ledger import Record
from papernotes.data.models import record as models_module
from papernotes.data.models import results as results_module
from papernotes.data.models import table as model_table
from papernotes.data.models.record import Model, Models
from papernotes.data.models.results import Declarations
from papernotes.data.paper import Note, Paper, Topic
from papernotes.data.reading import paths as paths_module
from papernotes.data.reading import reading_order as path_module
from papernotes.data.reading.paths import ReadingPath
from papernotes.data.terms import EMPTY, Glossary, Term
from papernotes.text import document as documents_module
from papernotes.text import pairs
from papernotes.text.document import Document, relative
from papernotes.text.frontmatter import read_mapping, read_yaml
from papernotes.text.parsed import Face, Parsed
from papernotes.words import Words

T = TypeVar("T")

TAGS_FILE: Final = "_data/tags.yml"
FORMAT_FILE: Final = "_data/format.yml"
FORMAT: Final = 1
"""Of the data that this program reads; raised with whatever an older program would misread. CHANGELOG.md tells how to change over."""
MAX_TAGS_BYTES: Final = 64_000
MOST_PARSED: Final = 600
"""Pages that are held as they were parsed, the last ones: each takes ten to fifty times the space of its text."""


@dataclass(frozen=True)
class Tag:
    """A tag of paper pages; a lane of the map."""

    name: str
    topic: str | None
    """The page that leads through its papers, from docs/."""


def _no_reader(document: Document, _: Site) -> Parsed:
    raise RuntimeError(f"{document.path}: the site was loaded without a reader of Markdown")


def _made(_: str, document: Document, site: Site, make: Callable[[], Any]) -> Any:
    return make()


@dataclass(frozen=True)
class Site:
    """The site as read from its docs folder. Complete only where `load` reported no finding."""

    root: Path
    """Of the repository; paths of findings start here."""
    docs_dir: Path
    today: date
    documents: dict[str, Document]
    """Every page by its uri, drafts among them."""
    ledger: dict[str, Record]
    papers: dict[str, Paper]
    """By arXiv id, sorted; drafts left out."""
    topics: dict[str, Topic]
    """By uri, in the order of the tags."""
    others: dict[str, Note] = field(default_factory=dict, kw_only=True)
    """By uri: the pages that are records of further kinds."""
    tags: dict[str, Tag]
    """By name, in the order of the map's lanes."""
    paths: tuple[ReadingPath, ...] = ()
    """Further ways through the papers, with questions."""
    glossary: Glossary = EMPTY
    """Every term."""
    models: Models = models_module.EMPTY
    """Every model that pages name."""
    measuring: Declarations = field(default_factory=Declarations)
    """How the tables of pages that measure models are read."""
    abstracts: Abstracts = field(default_factory=Abstracts)
    """What arXiv's abstracts were when they were last seen."""
    drafts: frozenset[str] = field(default_factory=frozenset)
    """The uris of drafts."""
    previews: frozenset[str] = field(default_factory=frozenset)
    """The uris of drafts that a preview shows like other pages; they are none of `drafts` then."""
    path: tuple[str, ...] = ()
    """The ids of the papers on the reading path, in order."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By arXiv id: the places and numbers that were read in the paper itself."""
    words: Words = field(default_factory=words_module.program, compare=False)
    """What a reader sees that no page says."""
    parse: Callable[[Document, Site], Parsed] = field(default=_no_reader, compare=False)
    """Reads a page's Markdown; `markdown.library` gives it."""
    keep: Callable[[str, Document, Site, Callable[[], Any]], Any] = field(default=_made, compare=False)
    """Makes something of one page and of nothing else, or has it from where it was kept; `markdown.library` gives it."""
    of_outlines: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out of what pages show of each other; a site whose pages have other texts that show the same may take it over."""
    _parsed: dict[str, Parsed] = field(default_factory=dict, init=False, compare=False, repr=False)

    def parsed(self, uri: str) -> Parsed:
        """What Markdown makes of a page; read when it is first asked for, and again only where it has been long ago."""
        if uri not in self._parsed:
            if len(self._parsed) >= MOST_PARSED:
                del self._parsed[next(iter(self._parsed))]
            self._parsed[uri] = self.parse(self.documents[uri], self)
        return self._parsed[uri]

    def forget(self, uri: str | None = None) -> None:
        """Let go of what has been read in a page, or in all: whoever asks for it reads it again."""
        for each in [uri] if uri else self.documents:
            self._parsed.pop(each, None)
            self.documents[each].forget()

    def face(self, uri: str) -> Face:
        """What others may see of a page."""
        if uri not in self._faces:
            known = self.keep("face", self.documents[uri], self, lambda: Face.of(self.parsed(uri)).to_json())
            self._faces[uri] = Face.from_json(known)
        return self._faces[uri]

    @cached_property
    def _faces(self) -> dict[str, Face]:
        return {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` works out, for whoever asks next by the same name; another site has its own."""
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]  # type: ignore[no-any-return]

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {}

    @cached_property
    def uses(self) -> Matcher[Term | Model | None]:
        """A matcher of what a reader may look up; a form of both a term and a model is the term's."""
        return Matcher({**self.models.phrases, **self.glossary.phrases})

    @cached_property
    def days(self) -> dict[str, str]:
        """By the id of a model: when it came out, as `2023-07` or `2023-07-18`; of a paper's, the day it was submitted."""
        published = {id_: record.published for id_, record in self.ledger.items()}
        return {
            id_: models_module.day_of(model, published.get(model.paper or ""))
            for id_, model in self.models.by_id.items()
        }

    @cached_property
    def group_titles(self) -> dict[str, str]:
        """By group of models: the title of its page."""
        pages = {group: self.documents.get(members[0].uri) for group, members in self.models.groups.items()}
        return {group: (page and page.title) or group for group, page in pages.items()}

    @cached_property
    def notes(self) -> dict[str, Note]:
        """Every page that is a record, by its uri."""
        return {**self.by_uri, **self.topics, **self.others}

    @cached_property
    def by_uri(self) -> dict[str, Paper]:
        """The papers by the uri of their page."""
        return {paper.uri: paper for paper in self.papers.values()}

    @cached_property
    def by_slug(self) -> dict[str, Paper]:
        """The papers by the name of their page."""
        return {paper.slug: paper for paper in self.papers.values()}

    @cached_property
    def followers(self) -> dict[str, tuple[Paper, ...]]:
        """By id: the papers that build on it, oldest first."""
        result: dict[str, list[Paper]] = {}
        for paper in sorted(self.papers.values(), key=lambda paper: (paper.year_month, paper.arxiv)):
            for id_ in paper.builds_on:
                result.setdefault(id_, []).append(paper)
        return {id_: tuple(papers) for id_, papers in result.items()}

    @cached_property
    def translated(self) -> dict[str, Document]:
        """By fingerprint: the page that has a sentence of an abstract, the first of those that have it."""
        result: dict[str, Document] = {}
        for _, document in sorted(self.documents.items()):
            if paper_module.kind_of(document.uri) == "paper" and (block := pairs.abstract_of(document)):
                result |= {each: document for each in block.fingerprints if each not in result}
        return result

    @cached_property
    def lanes(self) -> dict[str, tuple[Paper, ...]]:
        """By tag: the papers whose first tag it is, oldest first."""
        result: dict[str, list[Paper]] = {}
        for paper in sorted(self.papers.values(), key=lambda paper: (paper.year_month, paper.arxiv)):
            result.setdefault(paper.tags[0], []).append(paper)
        return {tag: tuple(papers) for tag, papers in result.items()}

    @cached_property
    def newest(self) -> tuple[Paper, ...]:
        """The papers, newest first."""
        return tuple(sorted(self.papers.values(), key=lambda paper: (paper.year_month, paper.arxiv), reverse=True))

    @cached_property
    def topics_of(self) -> dict[str, tuple[Topic, ...]]:
        """By id: the topic pages that lead through the paper."""
        result: dict[str, list[Topic]] = {}
        for topic in self.topics.values():
            for id_ in topic.papers:
                result.setdefault(id_, []).append(topic)
        return {id_: tuple(topics) for id_, topics in result.items()}


def load(
    docs_dir: Path,
    *,
    root: Path,
    today: date,
    previews: bool = False,
    hidden: Collection[str] = (),
    words: Words | None = None,
    parse: Callable[[Document, Site], Parsed] = _no_reader,
    keep: Callable[[str, Document, Site, Callable[[], Any]], Any] = _made,
    read: Callable[[Path, Path, Path], tuple[Document | None, list[Finding]]] = documents_module.read,
) -> tuple[Site, list[Finding]]:
    """Read every page and data file below a docs folder.

    Shape: the site with all that could be read; every finding made on the way, unsorted. `previews`: drafts whose front
    matter is complete stand among the pages, but for those named in `hidden`. `read`: reads one of them.
    """
    findings = list(_check_format(docs_dir, root))

    def noted(made: tuple[T, list[Finding]]) -> T:
        """What was read, its findings put to the others."""
        findings.extend(made[1])
        return made[0]

    documents: dict[str, Document] = {}
    for file in sorted(_files(docs_dir, root, findings)):
        if file.suffix == ".md" and not file.relative_to(docs_dir).as_posix().startswith("_data/"):
            document = noted(read(root, file, docs_dir))
            if document:
                documents[document.uri] = document
    ledger, ledger_findings = ledger_module.read(docs_dir, root, today=today)
    findings += ledger_findings
    tags, tag_findings = _read_tags(docs_dir, root)
    glossary, term_findings = term_table.load(docs_dir, root)
    models, model_findings = model_table.load(docs_dir, root, ledger, glossary, today)
    evidence, found = evidence_module.load(docs_dir, root, ledger, today=today)
    measuring = noted(results_module.load(docs_dir, root))
    # As of pages below: one finding about a table, not one for every model, number and file that rests on it.
    findings += tag_findings + term_findings
    findings += [each for each in found if not (ledger_findings and each.what.startswith("the ledger has no"))]
    if tables := ledger_findings + tag_findings + term_findings:
        model_findings = []
    findings += model_findings
    if tables or model_findings:
        models, measuring = models_module.EMPTY, Declarations()
    abstracts = noted(abstracts_module.read(docs_dir, root, today=today))

    papers: dict[str, Paper] = {}
    topics: dict[str, Topic] = {}
    others: dict[str, Note] = {}
    drafts, shown = set(), set()
    titles: dict[tuple[str, str], str] = {}
    ids: dict[str, str] = {}
    for uri, document in documents.items():
        page, found = front_matter.read(document, ledger, frozenset(tags), today=today)
        findings += [each for each in found if not (ledger_findings and each.rule == "ledger-record")]
        if paper_module.is_draft(document):
            drafts.add(uri)
        id_ = document.arxiv if paper_module.kind_of(uri) == "paper" else ""
        for key in ("title", "name"):
            node = document.key(key)
            called = node.value.strip() if node and node.kind == "str" else ""
            if not called or blanks.BLANK.search(called):
                continue
            if (other := titles.setdefault((key, called.casefold()), document.path)) != document.path:
                what = f"{other} has the same {key}"
                findings.append(document.front_finding(key, "page-title", what, "tell the two apart"))
        if id_ and (other := ids.setdefault(id_, document.path)) != document.path:
            what = f"{other} is a page on {id_} already"
            findings.append(document.front_finding("arxiv", "duplicate-paper", what, "keep one page"))
        if uri in drafts:
            if not (previews and page and uri not in hidden):
                continue
            shown.add(uri)
        if isinstance(page, Paper):
            papers[page.arxiv] = page
        elif isinstance(page, Topic):
            topics[uri] = page
        elif page:
            others[uri] = page
    findings += front_matter.check_names(documents)
    path = noted(path_module.load(docs_dir, root, papers))
    paths = noted(paths_module.load(docs_dir, root, papers))
    order = {name: place for place, name in enumerate(tags)}
    site = Site(
        root=root,
        docs_dir=docs_dir,
        today=today,
        documents=documents,
        ledger=ledger,
        papers=dict(sorted(papers.items())),
        topics=dict(sorted(topics.items(), key=lambda item: order.get(item[1].tag, len(order)))),
        others=others,
        tags=tags,
        glossary=glossary,
        paths=paths,
        models=models,
        measuring=measuring,
        abstracts=abstracts,
        drafts=frozenset(drafts - shown),
        previews=frozenset(shown),
        path=path,
        evidence=evidence,
        words=words or words_module.program(),
        parse=parse,
        keep=keep,
    )
    return site, findings


def _files(docs_dir: Path, root: Path, findings: list[Finding]) -> list[Path]:
    """Every file below the docs folder. Symbolic links are reported and not followed: MkDocs would publish their targets."""
    files = []
    for folder, folders, names in os.walk(docs_dir):
        for name in [*folders, *names]:
            path = Path(folder, name)
            if path.is_symlink():
                what = f"is a symbolic link to {quote(str(path.readlink()))}"
                findings.append(Finding(relative(path, root), 1, 1, "page-symlink", what, "replace it by a file"))
                if name in folders:
                    folders.remove(name)
            elif name in names:
                files.append(path)
    return files


def _check_format(docs_dir: Path, root: Path) -> Iterator[Finding]:
    """Whether program and data are of one format; data that do not say so are of this one."""
    file = docs_dir / FORMAT_FILE
    if not file.is_file():
        return
    path = relative(file, root)
    entries, findings = read_mapping(path, file.read_bytes()[:MAX_TAGS_BYTES].decode("utf-8", "replace"))
    yield from findings
    node = entries.get("format")
    if node is None or node.kind != "int" or set(entries) != {"format"}:
        if not findings:
            yield Finding(path, 1, 1, "data-format", "does not say the format of the data", f"write 'format: {FORMAT}'")
    elif node.value != FORMAT:
        older = f"papernotes {__version__} reads format {FORMAT}; the data are of format {node.text}"
        fix = (
            "install the version that requirements.txt asks for, or a newer one"
            if node.value > FORMAT
            else "bring them up to date as the program's CHANGELOG says, then write its number here"
        )
        yield node.finding(path, "data-format", older, fix)


def _read_tags(docs_dir: Path, root: Path) -> tuple[dict[str, Tag], list[Finding]]:
    file = docs_dir / TAGS_FILE
    path = relative(file, root)
    if not file.is_file():
        return {}, [Finding(path, 1, 1, "tags", "the list of tags is missing", "restore it from git")]
    text, findings = data_file.read(file, path, MAX_TAGS_BYTES, "tags")
    if text is None:
        return {}, findings
    node, findings = read_yaml(path, text)
    tags: dict[str, Tag] = {}
    for item in node.value if node and node.kind == "list" else []:
        entries = item.value if item.kind == "map" else {}
        name, topic = entries.get("tag"), entries.get("topic")
        if name is None or name.kind != "str" or topic is None or topic.kind not in {"str", "null"}:
            findings.append(item.finding(path, "tags", "the entry is not a tag", "write {tag: 名称, topic: null}"))
        elif name.value in tags:
            findings.append(item.finding(path, "tags", f"{quote(name.value)} is repeated", "keep one"))
        else:
            tags[name.value] = Tag(name.value, topic.value)
    if not tags and not findings:
        findings.append(Finding(path, 1, 1, "tags", "there is no tag", "restore the list from git"))
    return tags, findings
