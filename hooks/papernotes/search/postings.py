"""Count which keys stand on which page, and how prominently.

Keys are pairs of neighbouring ideographs, the last ideograph of a run by itself (so that a range of keys answers a query
of one ideograph), words of two characters or more, `word*` for a beginning that many words share, `=n` for a number however
it is written, and `#n` for the n-th term in any of its forms. All are folded.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import add

from papernotes.search import bigrams, fold, numbers, signs
from papernotes.search.bigrams import Pairs
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
    is_entry: bool = True
    """Of the glossary or of the models; otherwise words that readers and pages use for the same, which name no page."""


@dataclass
class Postings:
    """Which pages have which keys, by level."""

    levels: list[defaultdict[str, list[int]]] = field(
        default_factory=lambda: [defaultdict[str, list[int]](list) for _ in range(LEVELS)]
    )
    """Key -> page numbers in rising order, for words, beginnings and terms."""
    pairs: Pairs = field(default_factory=Pairs)
    """The ideographs."""

    def entries(self) -> Iterator[tuple[str, str]]:
        """Every key with its lists, in the order of UTF-16 code units, which is how JavaScript compares.

        A list is the digit of its level and the distances of its pages; `bigrams.FOLLOWED` stands for the level of one that
        also says what follows. A comma separates lists.
        """
        numbered = [(str(level), found) for level, found in enumerate(self.levels)]
        others = sorted(
            (key, ",".join([level + signs.gaps(found[key]) for level, found in numbered if key in found]))
            for key in set().union(*self.levels)
        )
        if self.pairs.is_beyond or any(key > "\uffff" for key, _ in others):  # the two orders differ only there
            every = [*others, *chain.from_iterable(self.pairs.entries())]
            yield from sorted(every, key=lambda entry: entry[0].encode("utf-16-be"))
            return
        at = 0
        for some in self.pairs.entries():
            end = bisect(others, some[-1])
            yield from sorted([*others[at:end], *some])
            at = end
        yield from others[at:]

    def levels_of(self, keys: Sequence[str]) -> dict[int, int]:
        """Page number -> highest level of any of the keys, which are not ideographs, on it."""
        found: dict[int, int] = {}
        for level, lists in enumerate(self.levels):
            for key in keys:
                if key in lists:
                    found.update(dict.fromkeys(lists[key], level))
        return found

    def words(self) -> list[str]:
        """The keys that are words, sorted: neither terms nor numbers nor beginnings."""
        return sorted(key for key in set().union(*self.levels) if key[0] not in "#=" and key[-1] != "*")


def words_of(folded: str) -> list[str]:
    """Every word of a folded text that is a key, as often as it stands there."""
    return [word[:_LONGEST_WORD] for word in fold.words(folded) if len(word) > 1]


def _counted(folded: str) -> list[str]:
    """Every key of a folded text but the ideographs, as often as it stands there."""
    return words_of(folded) + numbers.keys(folded)


def keys_of(folded: str) -> list[str]:
    """Every key of a short folded text."""
    found = [pair for run in fold.runs(folded) for pair in (*map(add, run, run[1:]), run[-1])]
    return found + words_of(folded)


def folded_forms(term: Term) -> list[str]:
    """The forms of a term as the index and the query meet them; one that leaves no key (a single letter) is none."""
    folded = dict.fromkeys(fold.fold(form).strip() for form in term.forms)
    return [form for form in folded if len(form) > 1 and keys_of(form)]


class _Form:
    """One form of a term; knows how often it stands in a folded text."""

    def __init__(self, text: str) -> None:
        self.text = text
        first = keys_of(text)[0]
        self.keys = [first]
        """Of these keys one stands wherever the form does."""
        self.begins_word, self.ends_word = not fold.is_cjk(text[0]), not fold.is_cjk(text[-1])
        self.is_pair = first == text and not self.begins_word
        """Whether it is a key itself, of ideographs: what is known of that is known of the form."""
        if first == text and (self.begins_word or self.ends_word):
            self.keys.append(f"{text}s")  # in the plural the word is another key

    def count(self, folded: str) -> int:
        """How often the form stands in a text."""
        if not (self.begins_word or self.ends_word):
            return folded.count(self.text)
        count, at = 0, folded.find(self.text)
        while at >= 0:
            end = at + len(self.text)
            begins = not self.begins_word or _is_border(folded, at - 1)
            ends = (
                not self.ends_word
                or _is_border(folded, end + (folded[end : end + 1] == "s"))
                or _is_border(folded, end)
            )
            count += begins and ends
            at = folded.find(self.text, end if begins and ends else at + 1)
        return count


def _is_border(folded: str, place: int) -> bool:
    """Whether no word stands at a place: a word's end is a border, an ideograph's is none."""
    return not 0 <= place < len(folded) or folded[place] in " ." or fold.is_cjk(folded[place])


@dataclass(frozen=True)
class _Folded:
    """The texts of a page, folded."""

    names: str
    about: str
    headings: str
    summary: str
    body: str

    @cached_property
    def _top(self) -> str:
        """All that is prominent."""
        return "\n".join(text for text, _ in self.prominent())

    @classmethod
    def of(cls, page: Page) -> _Folded:
        sections = page.article.sections
        body = "\n".join(f"{part.heading}\n{part.text}" if part.heading else part.text for part in sections)
        return cls(
            names=fold.fold(" . ".join((page.title or page.article.title, *page.names))),
            about=fold.fold(" . ".join(page.about)),
            headings=fold.fold(" . ".join(part.heading for part in sections)),
            summary=fold.fold(page.summary),
            body=fold.fold(body),
        )

    def prominent(self) -> tuple[tuple[str, int], ...]:
        """What counts for more than the body, with its level, from the lowest."""
        return ((self.headings, HEADING), (self.summary, HEADING), (self.about, ABOUT), (self.names, NAME))

    def level_of(self, form: _Form) -> int:
        """How prominently a form of a term stands there; -1 where it does not."""
        for text, level in reversed(self.prominent()) if form.text in self._top else ():
            if form.count(text):
                return level
        times = form.count(self.body)
        return _repeated(times) if times else -1


def _repeated(count: int) -> int:
    """The level of a key that stands in the body this often."""
    return MENTION if count < bigrams.REPEATED else REPEATED if count < bigrams.FREQUENT else FREQUENT


def collect(pages: Iterable[Page], terms: Sequence[Term] = ()) -> Postings:
    """Count the keys of all pages. The number of a page is its place in `pages`, of which some are held at a time."""
    postings = Postings()
    forms = [[_Form(form) for form in folded_forms(term)] for term in terms]
    keys = {key for each in forms for form in each for key in form.keys}
    pairs = [key for key in keys if fold.is_cjk(key[0])]
    words = keys.difference(pairs)
    texts: dict[int, _Folded] = {}
    having: defaultdict[str, dict[int, int]] = defaultdict(dict)
    named: dict[str, int] = {}

    def close() -> None:
        having.update(postings.pairs.count(pairs))
        _add_terms(postings, forms, having, texts)
        having.clear()
        texts.clear()

    for number, page in enumerate(pages):
        texts[number] = text = _Folded.of(page)
        named.update(dict.fromkeys(page.names, number))
        postings.pairs.add(number, ((text.body, MENTION), *text.prominent()))
        found = {key: _repeated(count) for key, count in Counter(_counted(text.body)).items()}
        for prominent, level in text.prominent():
            found.update(dict.fromkeys(_counted(prominent), level))
        for key, level in found.items():
            postings.levels[level][key].append(number)
        for key in words & found.keys():
            having[key][number] = found[key]
        if postings.pairs.are_due:
            close()
    close()
    _add_homes(postings, terms, named)
    _add_beginnings(postings)
    return postings


def _add_terms(
    postings: Postings,
    forms: Sequence[Sequence[_Form]],
    having: Mapping[str, Mapping[int, int]],
    texts: Mapping[int, _Folded],
) -> None:
    """Give each term a list of the pages that have any of its forms. `having`: by key, the pages that have it, with their levels."""
    for place, each in enumerate(forms):
        found: dict[int, int] = {}
        for form in each:
            if form.is_pair:
                levels = having.get(form.text, {})
            else:
                pages = {page for key in form.keys for page in having.get(key, ())}
                levels = {number: texts[number].level_of(form) for number in pages}
            for number, level in levels.items():
                found[number] = max(level, found.get(number, -1))
        for number in sorted(found):
            if found[number] >= 0:
                postings.levels[found[number]][f"#{place}"].append(number)


def _add_homes(postings: Postings, terms: Sequence[Term], named: Mapping[str, int]) -> None:
    """Put the page that is about a term, whatever it has of it, with those that are named so."""
    for place, term in enumerate(terms):
        if term.home and (home := named.get(term.home)) is not None:
            key = f"#{place}"
            for lists in postings.levels:
                if home in lists.get(key, ()):
                    lists[key].remove(home)
                    if not lists[key]:
                        del lists[key]
            insort(postings.levels[NAME][key], home)


def _add_beginnings(postings: Postings) -> None:
    """Give a beginning that many words share a list of its own."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for word in postings.words():
        for length in range(2, min(len(word), _LONGEST_PREFIX) + 1):
            below[word[:length]].append(word)
    made = {f"{prefix}*": postings.levels_of(words) for prefix, words in below.items() if len(words) > _SHARED}
    for key, found in made.items():
        for number in sorted(found):
            postings.levels[found[number]][key].append(number)
