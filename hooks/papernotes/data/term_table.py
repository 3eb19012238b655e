"""The table of terms: one table of its keys, the reading of its entries, and whether they agree with one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final, Literal

from papernotes.base import data_file
from papernotes.base.arxiv import parse_id
from papernotes.base.escaping import RAW
from papernotes.base.fields import ARXIV_ID, TEXT, TEXTS, Field, Schema
from papernotes.base.finding import Finding, quote
from papernotes.base.han import HAN
from papernotes.base.rule import Rule
from papernotes.data.terms import EMPTY, Glossary, Term
from papernotes.text.document import relative
from papernotes.text.frontmatter import Node, plain_value, read_list, read_values

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
_SENTENCE_END: Final = re.compile(r"[。！？]")
_PICTURE: Final = re.compile(r"(?:papers|topics)/[a-z0-9-]{1,80}/[a-z0-9-]{1,76}\.svg")


def _key(name: str, kind: Literal["text", "text?", "texts", "bool"], description: str, **more: Any) -> Field:
    """A key that `Term` has a value for may be left out. `more`: what its schema says beyond its kind; `text?`: may be null."""
    schema: dict[str, Schema] = {
        "text": TEXT, "text?": {**TEXT, "type": ["string", "null"]}, "texts": TEXTS, "bool": {"type": "boolean"},
    }  # fmt: skip
    required = name not in {field.name for field in fields(Term) if field.default is not MISSING}
    return Field(name=name, description=description, schema={**schema[kind], **more}, required=required)


FIELDS: Final = (
    _key(
        "id", "text", "固定的地址：小写字母、数字和连字符；定了就不改，也不再给别的术语用。",
        pattern="^[a-z0-9]+(?:-[a-z0-9]+)*$",
    ),
    _key("en", "text", "英文术语，小写；专名照原样写。"),
    _key("abbr", "text?", "英文缩写；没有就写 null。"),
    _key("zh", "text", "首选的中文译名；不译的名字与 en 写得一样。"),
    _key("group", "text", "术语页上的小节。"),
    _key("definition", "text", "一到三句中文定义，以句号结尾。", pattern="[。！？]$", maxLength=600),
    _key("arxiv", "text?", "提出这个术语的论文；没有核对过就写 null。", pattern=ARXIV_ID),
    _key("picture", "text?", "说明它的自绘图，如 papers/lora/bypass.svg。"),
    _key("short", "texts", "首次出现之后可以用的短称。"),
    _key("variants", "texts", "搜索认得、但正文里会报告的其他译法。"),
    _key("forbidden", "texts", "在哪里都算错的译法。"),
    _key("allowed", "texts", "含有禁用译法、本身却正确的长词。"),
    _key("not_for", "texts", "只在英文或缩写旁边才算错的译法。"),
    _key("stop", "texts", "含有这个术语的字、却不是它的长词。"),
    _key("related", "texts", "它所依赖的术语的 id；每对只写一次。", uniqueItems=True),
    _key("plain", "bool", "true 表示常用到首次出现不必附英文。"),
)  # fmt: skip
"""The keys of an entry."""
_LISTS: Final = tuple(field.name for field in FIELDS if field.schema["type"] == "array")


def load(docs_dir: Path, root: Path) -> tuple[Glossary, list[Finding]]:
    """Read and check the term table of a docs folder; a folder without one has no terms.

    Shape: the entries that are complete, every finding on the way. Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "term-table")
    if text is None:
        return EMPTY, findings
    glossary, findings = parse(path, text)
    for term in glossary.terms.values():
        if term.picture is not None and not (docs_dir / term.picture).is_file():
            what = f"{term.id!r}: there is no file {quote(term.picture)}"
            findings.append(Finding(path, term.line, 1, "term-table", what, "correct 'picture' or remove it"))
    return glossary, findings


def parse(path: str, text: str) -> tuple[Glossary, list[Finding]]:
    """Read and check a term table. Shape: the entries that are complete, every finding on the way."""
    entries, findings = read_list(path, text, "term-table", "term with '- id:'")
    terms: dict[str, Term] = {}
    places: dict[str, Node] = {}
    for node in entries:
        term, found = _entry(path, node)
        findings += found
        if term is None:
            continue
        if term.id in terms:
            what = f"the id {quote(term.id)} stands at line {terms[term.id].line} already"
            findings.append(node.value["id"].finding(path, "term-duplicate", what, "merge the entries or rename one"))
            continue
        terms[term.id], places[term.id] = term, node
    glossary = Glossary(terms)
    for check in (_collisions, _swaps, _relations):
        findings += check(path, glossary, places)
    return glossary, findings


def _entry(path: str, node: Node) -> tuple[Term | None, list[Finding]]:
    """One entry, or None with the reasons why it is none."""
    values, findings = read_values(path, "term-table", node, FIELDS, plain_value)

    def wrong(place: Node, what: str, fix: str) -> None:
        findings.append(place.finding(path, "term-table", what, fix))

    if findings:
        return None, findings
    term = Term(**values)
    if not _ID.fullmatch(term.id):
        what = f"the id {quote(term.id)} is not lower-case letters, digits and single hyphens"
        wrong(node.value["id"], what, "rename it")
    if not (_HAN.search(term.definition) and term.definition.endswith(("。", "！", "？"))):
        fix = "write one to three sentences that end with 。"
        wrong(node.value["definition"], "the definition is not a Chinese sentence", fix)
    elif mark := RAW.search(term.definition):
        what = f"{quote(mark.group())} would be shown as it stands"
        wrong(node.value["definition"], what, "write plain words: no Markdown, TeX or HTML")
    elif len(_SENTENCE_END.findall(term.definition)) > 3:
        wrong(node.value["definition"], "the definition has more than three sentences", "shorten it")
    if term.picture is not None and not _PICTURE.fullmatch(term.picture):
        what = f"{quote(term.picture)} is not a drawing of ours"
        wrong(node.value["picture"], what, "write papers/<page>/<name>.svg")
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
                yield entry[key].finding(path, "term-duplicate", what, "keep it in one entry")
            elif key != other_key and {key, other_key} != {"en", "variants"}:
                what = f"{quote(form)} stands under {other_key!r} and {key!r}"
                yield entry[key].finding(path, "term-duplicate", what, "keep one")
        for key in _LISTS:
            for form in sorted({form for form in getattr(term, key) if getattr(term, key).count(form) > 1}):
                yield entry[key].finding(path, "term-duplicate", f"{quote(form)} is repeated", "keep one")
        for form in term.allowed:
            if not any(wrong in form for wrong in term.forbidden):
                what = f"{quote(form)} holds no forbidden form of the term"
                fix = "list under 'allowed' only longer forms of forbidden ones"
                yield entry["allowed"].finding(path, "term-table", what, fix)
        for form in term.stop:
            if not any(right in form and right != form for right in term.forms):
                what = f"{quote(form)} holds no form of the term"
                fix = "list under 'stop' only longer words that hold one"
                yield entry["stop"].finding(path, "term-table", what, fix)


def _swaps(path: str, glossary: Glossary, places: Mapping[str, Node]) -> Iterator[Finding]:
    """English where Chinese belongs, Chinese where English does, an abbreviation of another term."""
    owners = [(term, term.abbr) for term in glossary.terms.values() if term.abbr]
    for term in glossary.terms.values():
        entry = places[term.id].value
        if _HAN.search(term.en):
            what = f"the English {quote(term.en)} is Chinese"
            yield entry["en"].finding(path, "term-swapped", what, "swap 'en' and 'zh'")
        elif not _HAN.search(term.zh) and not term.is_name:
            what, fix = (
                f"the Chinese {quote(term.zh)} is not",
                "swap 'en' and 'zh', or write the same in both for a name",
            )
            yield entry["zh"].finding(path, "term-swapped", what, fix)
        if term.abbr and _HAN.search(term.abbr):
            what = f"the abbreviation {quote(term.abbr)} is Chinese"
            yield entry["abbr"].finding(path, "term-swapped", what, "move it to 'short'")
        elif term.abbr and not abbreviates(term.abbr, term.en):
            better = next(
                (other for other, _ in owners if other is not term and abbreviates(term.abbr, other.en)), None
            )
            what = f"{quote(term.abbr)} does not abbreviate {quote(term.en)}"
            fix = f"it may belong to {better.id!r} at line {better.line}" if better else "correct one of them"
            yield entry["abbr"].finding(path, "term-swapped", what, fix)


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
                what = f"there is no term {quote(other)}"
                yield node.finding(path, "term-relation", what, "correct the id or remove it")
    for circle in _circles(glossary):
        node = places[circle[0]].value["related"]
        what = f"the relation runs in a circle: {' → '.join(circle)}"
        fix = "write each pair once, from the special term to the general one"
        yield node.finding(path, "term-relation", what, fix)


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
