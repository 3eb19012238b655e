"""Count which keys stand on which page, and how prominently.

Keys are pairs of neighbouring ideographs, the last ideograph of a run by itself (so that a range of keys answers a query
of one ideograph), words of two characters or more, `word*` for a beginning that many words share, and `#n` for the n-th
term in any of its forms. All are folded.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import add

from papernotes.search import fold
from papernotes.search.text import Article

# How prominently a key stands on a page, from a passing mention to the page's own name. The engine weighs them.
MENTION, REPEATED, FREQUENT, HEADING, ABOUT, NAME = range(6)
LEVELS = 6

# A beginning shared by more words than this gets a list of its own, so that a query of two letters reads one list.
_SHARED = 24
_LONGEST_PREFIX = 16
_LONGEST_WORD = 64  # longer "words" are hashes and addresses: cut, so that a key stays small; a prefix still finds them


@dataclass(frozen=True)
class Page:
    """One page as search sees it."""

    url: str
    """Address from the site's root, `papers/dpo.html`."""
    kind: str
    """What sort of page it is; one of the kinds given to the build, in whose order pages are numbered."""
    article: Article
    title: str = ""
    """Shown in the results; the article's h1 where empty."""
    names: tuple[str, ...] = ()
    """What else the page's subject is called: short name, arXiv id. A query for one of them means this page."""
    about: tuple[str, ...] = ()
    """English title, authors, tags: they need not stand in the article."""
    summary: str = ""
    """One sentence, shown where the match is in no section."""


@dataclass(frozen=True)
class Term:
    """A term with every form a reader may type. `home` is the arXiv id of the paper that introduced it."""

    forms: tuple[str, ...]
    home: str | None = None


@dataclass
class Postings:
    """key -> page numbers, by level. Pages come in rising order, so every list is sorted."""

    levels: list[defaultdict[str, list[int]]] = field(
        default_factory=lambda: [defaultdict[str, list[int]](list) for _ in range(LEVELS)]
    )

    def in_order(self) -> list[str]:
        """All keys in the order of UTF-16 code units, which is how JavaScript compares."""
        every = sorted(set().union(*self.levels))
        if every and max(map(max, every)) > "\uffff":  # the two orders differ only there
            every.sort(key=lambda key: key.encode("utf-16-be"))
        return every

    def levels_of(self, keys: Iterable[str]) -> dict[int, int]:
        """Page number -> highest level of any of the keys on it."""
        found: dict[int, int] = {}
        wanted = list(keys)
        for level, lists in enumerate(self.levels):
            for key in wanted:
                if key in lists:
                    found.update(dict.fromkeys(lists[key], level))
        return found


def keys_of(folded: str) -> list[str]:
    """Every key of a folded text, as often as it stands there."""
    found: list[str] = []
    for run in fold.runs(folded):
        found += map(add, run, run[1:])
        found.append(run[-1])
    found += [word[:_LONGEST_WORD] for word in fold.words(folded) if len(word) > 1]
    return found


def folded_forms(term: Term) -> list[str]:
    """The forms of a term as the index and the query meet them; one that leaves no key (a single letter) is none."""
    folded = dict.fromkeys(fold.fold(form).strip() for form in term.forms)
    return [form for form in folded if len(form) > 1 and keys_of(form)]


class _Form:
    """One form of a term; knows how often it stands in a folded text."""

    def __init__(self, term: int, text: str) -> None:
        self.term = term
        self.text = text
        self.pattern: re.Pattern[str] | None = None
        if not (fold.is_cjk(text[0]) and fold.is_cjk(text[-1])):  # a word's end is a border, an ideograph's is none
            outside = f"[^ .{fold.CJK}]"
            before = "" if fold.is_cjk(text[0]) else f"(?<!{outside})"
            after = "" if fold.is_cjk(text[-1]) else f"s?(?!{outside})"
            self.pattern = re.compile(before + re.escape(text) + after)

    def count(self, folded: str) -> int:
        """How often the form stands in a text."""
        return len(self.pattern.findall(folded)) if self.pattern else folded.count(self.text)


class _TermFinder:
    """Finds the terms of a page; looks at the text only for forms whose first key stands there."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.by_key: defaultdict[str, list[_Form]] = defaultdict(list)
        for number, term in enumerate(terms):
            for text in folded_forms(term):
                keys = keys_of(text)
                form = _Form(number, text)
                self.by_key[keys[0]].append(form)
                if form.pattern and keys[0] == text:
                    self.by_key[f"{text}s"].append(form)  # in the plural the word is another key

    def forms(self, keys: Iterable[str]) -> list[_Form]:
        """The forms that may stand on a page with these keys, each once, in a fixed order."""
        found = {(form.term, form.text): form for key in self.by_key.keys() & keys for form in self.by_key[key]}
        return [found[key] for key in sorted(found)]


def _repeated(count: int) -> int:
    """The level of a key that stands in the body this often."""
    return MENTION if count < 3 else REPEATED if count < 8 else FREQUENT


def collect(pages: Sequence[Page], terms: Sequence[Term] = ()) -> Postings:
    """Count the keys of all pages. The number of a page is its place in `pages`."""
    postings = Postings()
    finder = _TermFinder(terms)
    homes = {term.home: number for number, term in enumerate(terms) if term.home}
    for number, page in enumerate(pages):
        article = page.article
        body = fold.fold(
            " \n ".join(
                f"{section.heading}\n{section.text}" if section.heading else section.text
                for section in article.sections
            )
        )
        headings = fold.fold(" . ".join(section.heading for section in article.sections))
        names = fold.fold(" . ".join((page.title or article.title, *page.names)))
        about = fold.fold(" . ".join(page.about))
        prominent: dict[str, int] = dict.fromkeys(keys_of(headings), HEADING)
        prominent.update(dict.fromkeys(keys_of(fold.fold(page.summary)), HEADING))
        prominent.update(dict.fromkeys(keys_of(about), ABOUT))
        prominent.update(dict.fromkeys(keys_of(names), NAME))
        counts = Counter(keys_of(body))
        found: dict[int, int] = {}
        for form in finder.forms(counts.keys() | prominent.keys()):
            places = ((names, NAME), (about, ABOUT), (headings, HEADING))
            level = next((level for text, level in places if form.count(text)), -1)
            if level < 0 and (times := form.count(body)):
                level = _repeated(times)
            if level >= 0:
                found[form.term] = max(level, found.get(form.term, 0))
        for name in page.names:
            if name in homes:
                found[homes[name]] = NAME
        prominent.update({f"#{term}": level for term, level in found.items()})
        levels = postings.levels
        for key in prominent:
            counts.pop(key, None)
        mention, repeated, frequent = levels[MENTION], levels[REPEATED], levels[FREQUENT]
        for key, count in counts.items():  # 1,600 times a page: the dearest loop of the index
            if count < 3:
                mention[key].append(number)
            elif count < 8:
                repeated[key].append(number)
            else:
                frequent[key].append(number)
        for key, level in prominent.items():
            levels[level][key].append(number)
    _add_prefixes(postings)
    return postings


def word_keys(postings: Postings) -> list[str]:
    """The keys that are words, sorted: neither ideographs nor lists of terms and beginnings."""
    every = set().union(*postings.levels)
    return sorted(key for key in every if key[0] != "#" and key[-1] != "*" and not fold.is_cjk(key[0]))


def _add_prefixes(postings: Postings) -> None:
    """Give a beginning that many words share a list of its own."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for word in word_keys(postings):
        for length in range(2, min(len(word), _LONGEST_PREFIX) + 1):
            below[word[:length]].append(word)
    made: dict[str, dict[int, int]] = {}
    for prefix, words in below.items():
        if len(words) > _SHARED:
            made[f"{prefix}*"] = postings.levels_of(words)
    for key, found in made.items():
        for number in sorted(found):
            postings.levels[found[number]][key].append(number)
