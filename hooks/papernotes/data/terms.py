"""The terms of the field: what each is called, what it must not be called, and which ones it leans on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from papernotes.base.matcher import Matcher

_TITLE_LETTER: Final = re.compile(r"(?<![\w'-])(?!(?:a|an|and|by|for|from|in|of|on|or|the|to|with)\b)[a-z]")
"""What a title capitalises: `Mixture of Experts`."""


@dataclass(frozen=True)
class Term:
    """One entry of the table. The lists are in the order of the file."""

    id: str
    """Stable address: `low-rank-adaptation`, on the glossary page `#term-low-rank-adaptation`."""
    en: str
    abbr: str | None
    zh: str
    """The preferred rendering; equal to `en` where the term is not translated."""
    group: str
    """The section of the glossary page."""
    definition: str
    arxiv: str | None
    """The paper that introduced the term."""
    short: tuple[str, ...] = ()
    """Forms that may follow the first use."""
    variants: tuple[str, ...] = ()
    """Forms found by search and reported in prose."""
    forbidden: tuple[str, ...] = ()
    """Wrong wherever they stand."""
    allowed: tuple[str, ...] = ()
    """Longer forms inside which a forbidden one is none."""
    not_for: tuple[str, ...] = ()
    """Wrong only beside the English term or its abbreviation."""
    stop: tuple[str, ...] = ()
    """Longer words inside which a form of the term is not a use of it."""
    related: tuple[str, ...] = ()
    """Ids of terms that this one leans on."""
    plain: bool = False
    """So common that its first use on a page needs no English beside it."""
    picture: str | None = None
    """A drawing of ours that shows it, from docs/."""
    line: int = field(default=1, compare=False)
    """Of the entry in the file."""

    @property
    def anchor(self) -> str:
        """The id of its entry on the glossary page."""
        return f"term-{self.id}"

    @property
    def is_name(self) -> bool:
        """Whether the term is a name that stays English."""
        return self.zh == self.en

    @cached_property
    def english(self) -> tuple[str, ...]:
        """The English forms as they may stand in a sentence: capitalised and plural ones too."""
        forms = [self.en]
        if not self.is_name:
            first = self.en[0].upper() + self.en[1:]
            title = _TITLE_LETTER.sub(lambda match: match[0].upper(), first)
            forms += [first, title, re.sub(r"-[a-z]", lambda match: match[0].upper(), title)]
            forms += [plural(form) for form in forms]
        if self.abbr:
            forms += [self.abbr, f"{self.abbr}s"]
        return tuple(dict.fromkeys(forms))

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Every form that a reader may meet in the text and look up."""
        return tuple(dict.fromkeys((self.zh, *self.short, *self.english)))


def plural(english: str) -> str:
    """The plural of an English noun phrase, as a writer of the field would form it: `mixtures of experts`."""
    head = re.match(r".+?(?= (?:of|with) )", english)
    if head:
        return plural(head[0]) + english[head.end() :]
    if re.search(r"[^aeiou]y\Z", english):
        return english[:-1] + "ies"
    if re.search(r"(?:s|x|z|ch|sh)\Z", english):
        return english + "es"
    return english + "s"


@dataclass(frozen=True, eq=False)
class Glossary:
    """All terms of a site, by id in the order of the file. Equal to itself alone, so that what is made of it is found at once."""

    terms: Mapping[str, Term]

    @property
    def groups(self) -> dict[str, list[Term]]:
        """The terms by group, groups in the order of their first term."""
        groups: dict[str, list[Term]] = {}
        for term in self.terms.values():
            groups.setdefault(term.group, []).append(term)
        return groups

    def related(self, term: Term) -> list[Term]:
        """The terms that it leans on and those that lean on it, in the order of the file."""
        ids = {*term.related, *(other.id for other in self.terms.values() if term.id in other.related)}
        return [other for other in self.terms.values() if other.id in ids]

    @cached_property
    def phrases(self) -> dict[str, Term | None]:
        """What each form that a reader may look up means; None where a longer word holds one by accident."""
        phrases: dict[str, Term | None] = {}
        for term in self.terms.values():
            phrases.update(dict.fromkeys(term.stop, None))
        for term in self.terms.values():
            phrases.update(dict.fromkeys(term.forms, term))
        return phrases

    @cached_property
    def uses(self) -> Matcher[Term | None]:
        """A matcher of the same."""
        return Matcher(self.phrases)


EMPTY: Final = Glossary({})
