"""The state of one build: a record that the first steps make and the later ones read."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from papernotes.base.git import Change
from papernotes.base.storage import Aside
from papernotes.base.store import Store
from papernotes.build.finish.assets import Merged
from papernotes.build.finish.security import Templates
from papernotes.data.ledger import Record
from papernotes.data.site import Site
from papernotes.data.terms import Term
from papernotes.markdown.bodies.glossary_page import Use as TermUse
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.library import Linked
from papernotes.pages.evidence import Row
from papernotes.pages.paging import Part
from papernotes.progress import Count
from papernotes.search.postings import Page as FoundPage
from papernotes.text.parsed import Use
from papernotes.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from papernotes.build.engine import Files, MkDocsConfig, Navigation
    from papernotes.rules.checker import Result

KEY: Final = "papernotes"
"""Where `config.extra` holds the record; `config` is new for each build, so it alone carries state from step to step."""


@dataclass(frozen=True)
class Surroundings:
    """What one page needs of MkDocs to be built without the others."""

    files: Files
    nav: Navigation


@dataclass
class Build:
    """What the steps of one build share."""

    is_configured: bool = False
    """Whether the first of the steps was taken: there is one list of them for a build."""
    serving: bool = False
    """Whether the pages are for the writer's own eyes."""
    builder: str = "mkdocs"
    """Which builder runs."""
    store: Store = field(default_factory=Store)
    """Where results are kept."""
    is_wary: bool = False
    """Whether pages that are kept are read before they are counted on: some of them were lost."""
    settings: str = ""
    """A digest of what all pages are made with; it stays while a build lasts."""
    keys: dict[str, str] = field(default_factory=dict)
    """By uri: under which key the finished page is kept."""
    finished: set[str] = field(default_factory=set)
    """The uris of the pages that an earlier build has finished, or another process of this one."""
    written: set[str] = field(default_factory=set)
    """The uris of those of them that stand in their place already."""
    warned: set[str] = field(default_factory=set)
    """The uris of those that there was a warning about, which is to be said in each build."""
    used: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    """By uri: the terms that a page uses."""
    surroundings: Surroundings | None = None
    """What MkDocs has made around the pages; None until it has."""
    checked: Result | None = None
    """The pages as they have been checked already."""
    unchecked: Site | None = None
    """A site to be built as it is; see `publish.build`."""
    dialect: Dialect = field(default_factory=Dialect)
    """How its Markdown is read."""
    theme: Path = Path()
    """The folder of our templates, styles and scripts."""
    words: Words = field(default_factory=Words)
    """What a reader sees that no page says."""
    assets: tuple[Merged, ...] = ()
    """The style sheet, and the scripts: what is loaded later, and last the one that every page has."""
    linked: Linked | None = None
    """The pages of the site; None until they are read."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """By uri: when each page changed."""
    minutes: dict[str, int] = field(default_factory=dict)
    """By uri: how long each page takes to read."""
    truth: Mapping[str, Row] = field(default_factory=dict)
    """By uri: how the result numbers of each paper page compare with the second book."""
    citations: Mapping[str, str] = field(default_factory=dict)
    """The BibTeX entry of each paper page, by arXiv id."""
    cited: tuple[list[Record], list[str]] = field(default_factory=lambda: ([], []))
    """What these are made of: the records, and the names that keep their capitals."""
    parts: dict[str, Part] = field(default_factory=dict)
    """By uri: the pages of the lists that take several."""
    uses: dict[str, list[TermUse]] = field(default_factory=dict)
    """By the id of a term: the sections that use it."""
    more_uses: list[tuple[Term, str]] = field(default_factory=list)
    """Those of the sections for which the entries of their terms have no room, as lines."""
    count: Count | None = None
    """How many pages are finished; None before the first and after the last."""
    searched: MutableMapping[str, FoundPage] = field(default_factory=Aside)
    """What search reads of each page, by its address."""
    texts: MutableMapping[str, str] = field(default_factory=Aside)
    """The Markdown twins of papers and topics by uri, with links from the site's root, until they are written."""
    env: Environment | None = None
    """The templates."""
    card: Template | None = None
    """The template of a paper's card."""
    templates: Templates | None = None
    """The inline scripts of the theme."""

    @property
    def pages(self) -> Linked:
        """The pages of the site, once they are read."""
        assert self.linked is not None, "the site is read in on_pre_build"
        return self.linked

    @property
    def site(self) -> Site:
        """The records."""
        return self.pages.site


def of(config: MkDocsConfig) -> Build:
    """The record of a configuration's build; a new one where there is none."""
    return cast("Build", config.extra.setdefault(KEY, Build()))
