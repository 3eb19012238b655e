"""One rendering for each term: forbidden and mixed renderings, wrong glosses, first uses without their English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from papernotes.base.finding import Problem, quote
from papernotes.base.han import HAN
from papernotes.base.matcher import Match, Matcher
from papernotes.base.rule import Rule
from papernotes.data.terms import Glossary, Term
from papernotes.text.masking import FILL, Cover, sentences_with

RULES = (
    Rule(
        "term-forbidden",
        "不用错误的译名",
        "这些写法译错了意思，例如把 proximal 译成「比例」；正确的译名在术语表里。",
        "`比例策略优化`（PPO）",
        "近端策略优化（proximal policy optimization, PPO）",
    ),
    Rule(
        "term-variant",
        "一个术语只有一种译名",
        "读者会把两种译名当成两个概念。别的译法只留给搜索。",
        "先用遮罩，再用掩码",
        "都用掩码",
    ),
    Rule(
        "term-gloss",
        "括号里的英文与前面的译名是同一个术语",
        "译名和英文对不上，两者之中至少有一个是错的。",
        "词元（parameter）",
        "参数（parameter）",
    ),
    Rule(
        "term-first-use",
        "页面上第一次用到的术语写出英文",
        "读者要靠英文和缩写去对照论文。",
        "用 PPO 优化策略",
        "用近端策略优化（proximal policy optimization, PPO）优化策略",
    ),
)

Kind = Literal["use", "variant", "forbidden"]

_TITLE: Final = re.compile(r"《[^《》\n]*》")
_CORRECTION: Final = ("文章", "应是", "应为", "应作", "应写", "多了", "少了")
_QUOTED: Final = re.compile(r"「[^「」\n]*」")
_LATIN_GLOSS: Final = re.compile(rf"（[^（）{HAN}\n]*）")
_LATIN_ONLY: Final = re.compile(rf"[^{HAN}]*")
_GLOSS: Final = re.compile(r"[（(](?P<inside>[^（）()\n]{1,200})[）)]")
_GLOSS_BEHIND: Final = re.compile(rf"{FILL}*[ ]?{_GLOSS.pattern}")
_SKIPPED_LINE: Final = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|\|)[^\n]*$", re.MULTILINE)


@dataclass(frozen=True)
class Form:
    """One way in which a text may name a term."""

    term: Term
    kind: Kind


@lru_cache(maxsize=4)
def _matcher(glossary: Glossary) -> Matcher[Form | None]:
    forms: dict[str, Form | None] = {}
    for term in glossary.terms.values():
        forms.update(dict.fromkeys((*term.stop, *term.allowed), None))
    for term in glossary.terms.values():
        forms.update({form: Form(term, "forbidden") for form in term.forbidden})
        forms.update({form: Form(term, "variant") for form in term.variants})
    for term in glossary.terms.values():  # a form that the table calls right is right, whatever the others say
        forms.update({form: Form(term, "use") for form in term.forms if form not in term.variants})
    return Matcher(forms)


def check(
    text: str,
    glossary: Glossary,
    *,
    quotes_errors: bool = False,
    figures: Sequence[tuple[int, int]] = (),
    own_names: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Every wording rule over the masked text of a page.

    `quotes_errors`: what stands between 「」 or in a sentence on the article is quoted as wrong (the errata page).
    `figures`: offsets of the figure blocks; they are not a place to introduce a term.
    `own_names`: names that the page introduces by itself, such as its paper's.
    """
    found = _find(text, glossary)
    quoted: list[tuple[int, int]] = []
    if quotes_errors:
        quoted = [*_spans(_QUOTED, text), *((span.start, span.end) for span in sentences_with(text, *_CORRECTION))]
    yield from _renderings(text, found, Cover(quoted))
    yield from check_glosses(text, glossary)
    if not quotes_errors:
        yield from _first_uses(text, found, figures, own_names)


def check_renderings(text: str, glossary: Glossary) -> Iterator[Problem]:
    """The rules on forbidden and mixed renderings alone, for a text too short to introduce its terms."""
    yield from _renderings(text, _find(text, glossary), Cover([]))


def _find(text: str, glossary: Glossary) -> list[tuple[Match[Form | None], Form]]:
    matches = _matcher(glossary).find(text)
    return [(match, match.value) for match in matches if match.value]


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _renderings(text: str, found: list[tuple[Match[Form | None], Form]], quoted: Cover) -> Iterator[Problem]:
    """Forbidden forms wherever they stand, variants in prose."""
    preferred = {form.term.id for match, form in found if form.kind == "use" and match.phrase == form.term.zh}
    english = Cover([*_spans(_TITLE, text), *_spans(_LATIN_GLOSS, text), *_spans(_QUOTED, text)])
    for match, form in found:
        if form.kind == "use" or quoted.holds(match.start, match.end):
            continue
        right = form.term.zh
        if form.kind == "forbidden":
            what = f"{quote(match.phrase)} is a wrong rendering of {form.term.en!r}"
            yield Problem(match.start, "term-forbidden", what, f"write {right}")
        elif not (_LATIN_ONLY.fullmatch(match.phrase) and english.holds(match.start, match.end)):
            what = f"{quote(match.phrase)} is not this site's rendering of {form.term.en!r}"
            if form.term.id in preferred:
                what += f", which the page also calls {quote(right)}"
            yield Problem(match.start, "term-variant", what, f"write {right}")


def _plainly(english: str) -> str:
    """An English phrase without what may differ: case, hyphens, dashes."""
    return re.sub(r"[\s–—-]+", " ", english.casefold()).strip()


@lru_cache(maxsize=4)
def _by_english(glossary: Glossary) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in glossary.terms.values():
        for form in term.english:
            if form not in (term.abbr, f"{term.abbr}s"):
                found[_plainly(form)] = term
    return found


def check_glosses(text: str, glossary: Glossary) -> Iterator[Problem]:
    """Chinese with the English of another term in brackets behind it, and English with wrong Chinese behind it."""
    by_english = _by_english(glossary)
    for match in _GLOSS.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()].rpartition("\n")[2].rstrip(f"{FILL} ")
        named = re.split(r"[,，;；]", match["inside"])[0]
        term = by_english.get(_plainly(named))
        if term and re.search(f"[{HAN}]\\Z", before) and not before.endswith((*_renderings_of(term), *term.forbidden)):
            what = f"{quote(match.group().strip())} is not the English of what stands before it"
            yield Problem(match.start(), "term-gloss", what, f"{term.en} is {term.zh}")
        elif not term:
            wrong = _beside(before, match["inside"].strip(), glossary)
            if wrong:
                what = f"{quote(match['inside'].strip())} is a wrong rendering of {wrong.en!r}"
                yield Problem(match.start("inside"), "term-gloss", what, f"write {wrong.zh}")


def _renderings_of(term: Term) -> tuple[str, ...]:
    return (*term.forms, *term.variants)


@lru_cache(maxsize=4)
def _by_wrong_word(glossary: Glossary) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for term in glossary.terms.values():
        for word in term.not_for:
            found.setdefault(word, []).append(term)
    return found


def _beside(before: str, inside: str, glossary: Glossary) -> Term | None:
    """The term whose English stands before a bracket that holds a word wrong for it."""
    for term in _by_wrong_word(glossary).get(inside, ()):
        for form in (*term.english, *(form for form in term.variants if form.isascii())):
            if re.search(rf"(?<![A-Za-z0-9-]){re.escape(form)}[ ]?\Z", before):
                return term
    return None


def _first_uses(
    text: str,
    found: list[tuple[Match[Form | None], Form]],
    figures: Sequence[tuple[int, int]],
    own_names: frozenset[str],
) -> Iterator[Problem]:
    """Terms that need their English and do not have it where the page first uses them in a sentence."""
    skipped = Cover([*figures, *_spans(_SKIPPED_LINE, text), *_spans(_TITLE, text)])
    seen: set[str] = set()
    for match, form in found:
        term = form.term
        if form.kind != "use" or term.plain or term.is_name or term.id in seen or skipped.holds(match.start, match.end):
            continue
        seen.add(term.id)
        if match.phrase in own_names or _has_english(text, match, term):
            continue
        full = f"{term.en}, {term.abbr}" if term.abbr else term.en
        what = f"{quote(match.phrase)} stands without its English where the page first uses it"
        yield Problem(match.start, "term-first-use", what, f"write {term.zh}（{full}）")


def _has_english(text: str, match: Match[Form | None], term: Term) -> bool:
    """Whether a first use is written out: 低秩适应（low-rank adaptation, LoRA）."""
    gloss = _GLOSS_BEHIND.match(text, match.end)
    inside = _plainly(gloss["inside"]) if gloss else ""
    if match.phrase in term.english:
        return (
            any(rendering in (gloss["inside"] if gloss else "") for rendering in (term.zh, *term.short))
            or _plainly(term.en) in inside
        )
    return _plainly(term.en) in inside
