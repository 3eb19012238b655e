"""The term table: what a term is called, what it must not be called, and whether the table agrees with itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

from papernotes.text.arxiv import parse_id
from papernotes.text.document import relative
from papernotes.text.finding import Finding, quote
from papernotes.text.frontmatter import Node, read_yaml
from papernotes.text.han import HAN
from papernotes.text.matcher import Matcher
from papernotes.text.rule import Rule

FILE: Final = "_data/terms.yml"
MAX_BYTES: Final = 500_000
"""A term table larger than this is refused unparsed."""

RULES = (
    Rule(
        "term-table",
        "术语表的每个条目都写完整，每个键都认得",
        "提示卡片、术语页、语言检查和搜索都读这一张表，少一个键就处处缺一块。",
        "- {id: lora, en: low-rank adaptation}",
        "- {id: lora, en: low-rank adaptation, abbr: LoRA, zh: 低秩适应, group: 微调与压缩, definition: ……, arxiv: null}",
    ),
    Rule(
        "term-duplicate",
        "一个术语只有一个条目，一种写法只属于一个术语",
        "同一种写法指向两个术语，提示卡片就不知道该说哪一个。",
        "两个条目都写 zh: 对齐",
        "合并两个条目，或者改其中一个的写法",
    ),
    Rule(
        "term-swapped",
        "英文、缩写和中文各在各的键里",
        "中文写进了 en，或者两个条目的缩写互相写反，读者就会学错。",
        "en: 低秩适应，zh: low-rank adaptation",
        "en: low-rank adaptation，zh: 低秩适应",
    ),
    Rule(
        "term-relation",
        "related 指向别的条目，不绕圈",
        "每对关系只写一次，术语页会在两边都显示；指向不存在的条目的链接是断的。",
        "related: [no-such-term]",
        "related: [parameter]",
    ),
)

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HAN: Final = re.compile(f"[{HAN}]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_SENTENCE_END: Final = re.compile(r"[。！？]")
_TEXTS: Final = ("id", "en", "zh", "group", "definition")
_OPTIONAL_TEXTS: Final = ("abbr", "arxiv", "picture")
_LISTS: Final = ("short", "variants", "forbidden", "allowed", "not_for", "stop", "related")
_KEYS: Final = frozenset({*_TEXTS, *_OPTIONAL_TEXTS, *_LISTS, "plain"})
_REQUIRED: Final = frozenset({*_TEXTS, "abbr", "arxiv"})
_TITLE_LETTER: Final = re.compile(r"(?<![\w'-])(?!(?:a|an|and|by|for|from|in|of|on|or|the|to|with)\b)[a-z]")
"""What a title capitalises: `Mixture of Experts`."""
_PICTURE: Final = re.compile(r"(?:papers|topics)/[a-z0-9-]{1,80}/[a-z0-9-]{1,76}\.svg")


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
    """Longer words inside which a form of the term is no use of it."""
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

    @property
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

    @property
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


@dataclass(frozen=True)
class Glossary:
    """All terms of a site, by id in the order of the file."""

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
    def uses(self) -> Matcher[Term | None]:
        """A matcher of the forms that a reader may look up; None where a longer word holds one by accident."""
        phrases: dict[str, Term | None] = {}
        for term in self.terms.values():
            phrases.update(dict.fromkeys(term.stop, None))
        for term in self.terms.values():
            phrases.update(dict.fromkeys(term.forms, term))
        return Matcher(phrases)


EMPTY: Final = Glossary({})


def load(docs_dir: Path, root: Path) -> tuple[Glossary, list[Finding]]:
    """Read and check the term table of a docs folder; a folder without one has no terms.

    Shape: the entries that are complete, every finding on the way. Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    if not file.is_file():
        return EMPTY, []
    raw = file.read_bytes()
    if len(raw) > MAX_BYTES:
        what = f"the table has {len(raw)} bytes, more than {MAX_BYTES}"
        return EMPTY, [Finding(path, 1, 1, "term-table", what, "shorten it")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return EMPTY, [Finding(path, line, 1, "term-table", "the table is not UTF-8", "save it as UTF-8")]
    glossary, findings = parse(path, text)
    for term in glossary.terms.values():
        if term.picture is not None and not (docs_dir / term.picture).is_file():
            what = f"{term.id!r}: there is no file {quote(term.picture)}"
            findings.append(Finding(path, term.line, 1, "term-table", what, "correct 'picture' or remove it"))
    return glossary, findings


def parse(path: str, text: str) -> tuple[Glossary, list[Finding]]:
    """Read and check a term table. Shape: the entries that are complete, every finding on the way."""
    root, findings = read_yaml(path, text)
    if root is None:
        return EMPTY, findings
    if root.kind != "list":
        return EMPTY, [
            *findings,
            Finding(path, root.line, root.column, "term-table", "is no list", "begin each term with '- id:'"),
        ]
    terms: dict[str, Term] = {}
    places: dict[str, Node] = {}
    for node in root.value:
        term, found = _entry(path, node)
        findings += found
        if term is None:
            continue
        if term.id in terms:
            what = f"the id {quote(term.id)} stands at line {terms[term.id].line} already"
            findings.append(_at(path, node.value["id"], "term-duplicate", what, "merge the entries or rename one"))
            continue
        terms[term.id], places[term.id] = term, node
    glossary = Glossary(terms)
    for check in (_collisions, _swaps, _relations):
        findings += check(path, glossary, places)
    return glossary, findings


def _at(path: str, node: Node, rule: str, what: str, fix: str) -> Finding:
    return Finding(path, node.line, node.column, rule, what, fix)


def _entry(path: str, node: Node) -> tuple[Term | None, list[Finding]]:
    """One entry, or None with the reasons why it is none."""
    if node.kind != "map":
        return None, [_at(path, node, "term-table", "the entry is no mapping", "write 'key: value' lines")]
    findings = []
    values: dict[str, Any] = {"line": node.line}

    def wrong(place: Node, what: str, fix: str) -> None:
        findings.append(_at(path, place, "term-table", what, fix))

    for key in sorted(_REQUIRED - node.value.keys()):
        wrong(
            node,
            f"the key {quote(key)} is missing",
            "add it" + (", null where there is none" if key in _OPTIONAL_TEXTS else ""),
        )
    for key, item in node.value.items():
        if key not in _KEYS:
            wrong(item, f"the key {quote(key)} is unknown", f"use one of {', '.join(sorted(_KEYS))}")
        elif key == "plain":
            if item.kind != "bool":
                wrong(item, "'plain' is no truth value", "write 'plain: true' or leave it out")
            values[key] = item.value
        elif key in _LISTS:
            items = item.value if item.kind == "list" else []
            if item.kind != "list" or any(part.kind != "str" or not part.value.strip() for part in items):
                wrong(item, f"{key!r} is no list of texts", f"write '{key}: [一种写法, 另一种]', numbers in quotes")
            else:
                values[key] = tuple(str(part.value) for part in items)
        elif item.kind == "str" and item.value.strip() == item.value != "":
            values[key] = item.value
        elif item.kind == "null" and key in _OPTIONAL_TEXTS:
            values[key] = None
        else:
            wrong(item, f"{key!r} is no text", "write a text, in quotes where YAML reads it otherwise")
    if findings:
        return None, findings
    term = Term(**values)
    if not _ID.fullmatch(term.id):
        wrong(
            node.value["id"],
            f"the id {quote(term.id)} is not lower-case letters, digits and single hyphens",
            "rename it",
        )
    if not (_HAN.search(term.definition) and term.definition.endswith(("。", "！", "？"))):
        wrong(
            node.value["definition"],
            "the definition is no Chinese sentence",
            "write one to three sentences that end with 。",
        )
    elif len(_SENTENCE_END.findall(term.definition)) > 3:
        wrong(node.value["definition"], "the definition has more than three sentences", "shorten it")
    if term.picture is not None and not _PICTURE.fullmatch(term.picture):
        wrong(node.value["picture"], f"{quote(term.picture)} is no drawing of ours", "write papers/<page>/<name>.svg")
    if term.arxiv is not None:
        try:
            if parse_id(term.arxiv).version is not None:
                wrong(node.value["arxiv"], f"{quote(term.arxiv)} has a version", "leave it out")
        except ValueError as error:
            wrong(node.value["arxiv"], str(error), "copy the id from the paper's arXiv page")
    return (None if findings else term), findings


def _forms(term: Term) -> Iterator[tuple[str, str]]:
    """Each written form of a term once, with the key that it stands in."""
    seen: set[str] = set()
    for key in ("zh", "en", "abbr", "short", "variants", "forbidden"):
        value = getattr(term, key)
        for form in (value,) if isinstance(value, str) else value or ():
            if form not in seen or key in {"short", "variants", "forbidden"}:
                yield form, key
            seen.add(form)


def _collisions(path: str, glossary: Glossary, places: Mapping[str, Node]) -> Iterator[Finding]:
    """One form in two entries, or twice in one."""
    owners: dict[str, tuple[Term, str]] = {}
    for term in glossary.terms.values():
        entry = places[term.id].value
        for form, key in _forms(term):
            folded = form.casefold() if key in {"en", "zh"} else form
            other, other_key = owners.setdefault(folded, (term, key))
            if other is not term:
                what = f"{quote(form)} is the {other_key!r} of {other.id!r} at line {other.line} too"
                yield _at(path, entry[key], "term-duplicate", what, "keep it in one entry")
            elif key != other_key and {key, other_key} != {"en", "variants"}:
                what = f"{quote(form)} stands under {other_key!r} and {key!r}"
                yield _at(path, entry[key], "term-duplicate", what, "keep one")
        for key in _LISTS:
            for form in sorted({form for form in getattr(term, key) if getattr(term, key).count(form) > 1}):
                yield _at(path, entry[key], "term-duplicate", f"{quote(form)} stands twice", "keep one")
        for form in term.allowed:
            if not any(wrong in form for wrong in term.forbidden):
                what = f"{quote(form)} holds no forbidden form of the term"
                yield _at(
                    path,
                    entry["allowed"],
                    "term-table",
                    what,
                    "list under 'allowed' only longer forms of forbidden ones",
                )
        for form in term.stop:
            if not any(right in form and right != form for right in term.forms):
                what = f"{quote(form)} holds no form of the term"
                yield _at(path, entry["stop"], "term-table", what, "list under 'stop' only longer words that hold one")


def _swaps(path: str, glossary: Glossary, places: Mapping[str, Node]) -> Iterator[Finding]:
    """English where Chinese belongs, Chinese where English does, an abbreviation of another term."""
    owners = [(term, term.abbr) for term in glossary.terms.values() if term.abbr]
    for term in glossary.terms.values():
        entry = places[term.id].value
        if _HAN.search(term.en):
            yield _at(
                path, entry["en"], "term-swapped", f"the English {quote(term.en)} is Chinese", "swap 'en' and 'zh'"
            )
        if not _HAN.search(term.zh) and not term.is_name:
            what = f"the Chinese {quote(term.zh)} is not"
            yield _at(
                path, entry["zh"], "term-swapped", what, "swap 'en' and 'zh', or write the same in both for a name"
            )
        if term.abbr and _HAN.search(term.abbr):
            yield _at(
                path,
                entry["abbr"],
                "term-swapped",
                f"the abbreviation {quote(term.abbr)} is Chinese",
                "move it to 'short'",
            )
        elif term.abbr and not abbreviates(term.abbr, term.en):
            better = next(
                (other for other, _ in owners if other is not term and abbreviates(term.abbr, other.en)), None
            )
            what = f"{quote(term.abbr)} does not abbreviate {quote(term.en)}"
            fix = f"it may belong to {better.id!r} at line {better.line}" if better else "correct one of them"
            yield _at(path, entry["abbr"], "term-swapped", what, fix)


def abbreviates(abbr: str, en: str) -> bool:
    """Whether the letters of an abbreviation stand in the English term in their order, the first at the start of the first word."""
    letters = re.findall(r"[a-z]", abbr.casefold())
    words = [word for word in en.casefold().split() if not word[0].isdigit()]  # NF4 is 4-bit NormalFloat
    rest = iter(" ".join(words))
    return bool(letters and words) and words[0].startswith(letters[0]) and all(letter in rest for letter in letters)


def _relations(path: str, glossary: Glossary, places: Mapping[str, Node]) -> Iterator[Finding]:
    """Relations to nothing, to itself, twice, and in a circle."""
    for term in glossary.terms.values():
        node = places[term.id].value.get("related")
        for other in term.related:
            if other not in glossary.terms:
                yield _at(
                    path, node, "term-relation", f"there is no term {quote(other)}", "correct the id or remove it"
                )
    for circle in _circles(glossary):
        node = places[circle[0]].value["related"]
        what = f"the relation runs in a circle: {' → '.join(circle)}"
        yield _at(path, node, "term-relation", what, "write each pair once, from the special term to the general one")


def _circles(glossary: Glossary) -> Iterator[Sequence[str]]:
    """The circles of relations, each as ids from the first to the first again."""
    graph = {term.id: set(term.related) for term in glossary.terms.values()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            yield circle
            graph[circle[0]].discard(circle[1])
        else:
            return
