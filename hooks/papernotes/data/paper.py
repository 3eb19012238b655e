"""The pages that are records: papers and topics, and what a page is by where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal, cast, get_args

from papernotes.base import arxiv as arxiv_module
from papernotes.data.ledger import Count, Record, shown_count
from papernotes.data.licences import PaperLicence, licence_of
from papernotes.text.document import Document, address

Tier = Literal["full", "middle", "short"]
TIERS: Final[dict[str, tuple[int, int]]] = {"full": (1500, 3500), "middle": (700, 1500), "short": (250, 700)}
"""Tiers of paper pages with the least and the most Han characters of their bodies."""
TIER_NAMES: Final = {"full": "详读", "middle": "简读", "short": "短注"}
Checker = Literal["writer", "reviewer"]
CHECKERS: Final[tuple[Checker, ...]] = get_args(Checker)
"""Who may have compared a page with the paper: the one who wrote it, or another reader."""


@dataclass(frozen=True)
class Checked:
    """Who compared the page with the paper, and when."""

    day: date
    by: Checker


@dataclass(frozen=True, kw_only=True)
class Note:
    """A page that is a record: what every kind has."""

    LABEL: ClassVar[str]
    """What readers call the kind."""
    uri: str
    """From docs/."""
    title: str
    summary: str
    checked: Checked
    redirect_from: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    """What readers look for it by and the page does not say; search alone reads them."""

    @property
    def url(self) -> str:
        """The page's address from the site's root."""
        return address(self.uri)


@dataclass(frozen=True, kw_only=True)
class Paper(Note):
    """A paper that has a page: what its author wrote, and its record in the ledger."""

    LABEL = "论文"
    record: Record
    version: int | None = None
    """The version read; None where the text read does not tell."""
    name: str
    tier: Tier
    tags: tuple[str, ...]
    builds_on: tuple[str, ...]

    @property
    def arxiv(self) -> str:
        """The id, without version."""
        return self.record.arxiv

    @property
    def id(self) -> arxiv_module.ArxivId:
        """The id with the version that was read."""
        return arxiv_module.ArxivId(self.record.arxiv, self.version)

    @property
    def slug(self) -> str:
        """The page's name: `dpo`."""
        return self.uri.removeprefix("papers/").removesuffix(".md")

    @property
    def count(self) -> Count | None:
        """The citation count to show."""
        return shown_count(self.record)

    @property
    def licence(self) -> PaperLicence | None:
        """The licence of the version that was read, as far as it is known."""
        return licence_of(self.record.licences, self.version)

    @property
    def tier_name(self) -> str:
        """The tier as readers see it."""
        return TIER_NAMES[self.tier]

    @property
    def year_month(self) -> tuple[int, int]:
        """When the paper came out."""
        return self.record.year_month


@dataclass(frozen=True, kw_only=True)
class Topic(Note):
    """A topic page: papers of one thread in the order in which to read them."""

    LABEL = "专题"
    tag: str
    papers: tuple[str, ...]


KINDS: Final[dict[str, type[Note]]] = {"papers": Paper, "topics": Topic}
"""What the pages of a folder are."""


def kind_of(uri: str) -> str:
    """What a page is, by where it lies: the name of its record in small letters; `plain` where it is none."""
    folder, _, name = uri.rpartition("/")
    return KINDS[folder].__name__.lower() if folder in KINDS and name != "index.md" else "plain"


def tier_of(document: Document) -> Tier | None:
    """The tier that a paper page names, whatever else is wrong with its front matter; None for other pages."""
    node = document.key("tier") if kind_of(document.uri) == "paper" else None
    return cast(Tier, node.value) if node and node.kind == "str" and node.value in TIERS else None


def is_draft(document: Document) -> bool:
    """Whether the page says `draft: true`."""
    node = document.key("draft")
    return node is not None and node.kind == "bool" and node.value is True
