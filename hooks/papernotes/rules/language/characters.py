"""The characters of a Chinese text: look-alikes, punctuation, the space between Chinese and Latin, text left in English.

AutoCorrect does what it does well, line by line, on text whose code, formulas and links are masked; brackets, colons,
semicolons and quotation marks are ours, for it sets 混合专家(MoE) as 混合专家 (MoE) and not as 混合专家（MoE）.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import zip_longest
from typing import Final

import autocorrect_py

from papernotes.base.finding import Problem, quote
from papernotes.base.han import HAN, simplified
from papernotes.base.rule import Rule
from papernotes.text.masking import FILL

RULES = (
    Rule(
        "character",
        "没有怪字符和繁体字",
        "康熙部首「⼀」、连字「ﬁ」、西里尔字母「А」看着像常用字，却搜不到、对不上；零宽字符根本看不见；全站用简体。",
        "ﬁne-tuning",
        "fine-tuning",
    ),
    Rule(
        "punctuation",
        "中文里用全角标点，中文与西文之间空一格",
        "半角标点挤在汉字旁边，中西文粘在一起，都不好读。`check --fix` 会改好。",
        "使用LoRA微调,效果好(见表 1)。",
        "使用 LoRA 微调，效果好（见表 1）。",
    ),
    Rule(
        "untranslated",
        "正文用中文写",
        "整句的英文读者要自己翻译一遍。论文标题放进《》，短的原话放进「」。",
        "We show that the model is a strong baseline for this task.",
        "这个模型是这项任务上很强的基线。",
    ),
)

_OPTIONS: Final = {
    "rules": {
        "space-bracket": 0,
        "space-backticks": 0,
        "space-dollar": 0,
        "space-dash": 0,
        "halfwidth-punctuation": 0,
        "halfwidth-word": 0,
        "spellcheck": 0,
    }
}


# --- characters -------------------------------------------------------------------------------------------------------

_INVISIBLE: Final = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_COMPATIBLE: Final = (
    "\u2e80-\u2eff\u2f00-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"  # radicals and compatibility ideographs
    "\ufb00-\ufb06\U0001d400-\U0001d7ff"  # ligatures, mathematical letters
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff61-\uff9f"  # full-width digits and letters, half-width katakana
    "\uff05"  # full-width percent sign
    "\u2126\u212a\u212b\u00b5"  # ohm, kelvin, angstrom, micro
)
_OTHER_SCRIPTS: Final = "\u0400-\u052f\u3040-\u30ff\u31f0-\u31ff\u1100-\u11ff\uac00-\ud7af"
_GREEK_LOOK_ALIKES: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧορν", "ABEZHIKMNOPTYXopv", strict=True))
_CYRILLIC_LOOK_ALIKES: Final = dict(zip("АВЕКМНОРСТХаеорсухѕіјԁ", "ABEKMHOPCTXaeopcyxsijd", strict=True))
_STRANGE: Final = re.compile(
    f"[\\x01-\\x08\\x0b-\\x1f\\x7f-\\x9f{_INVISIBLE}{_SPACES}{_COMPATIBLE}\ue001-\uf8ff\ufffd]|[{_OTHER_SCRIPTS}]+"
    f"|(?<=[A-Za-z])[{''.join(_GREEK_LOOK_ALIKES)}]|[{''.join(_GREEK_LOOK_ALIKES)}](?=[A-Za-z])"
)
_LOOKS_LIKE: Final = _GREEK_LOOK_ALIKES | _CYRILLIC_LOOK_ALIKES


def check_characters(text: str) -> Iterator[Problem]:
    """Characters that look like others, cannot be seen, or belong to another script."""
    for match in _STRANGE.finditer(text):
        character = match.group()
        plain = plain_character(character)
        code = f"U+{ord(character[0]):04X} {unicodedata.name(character[0], 'without a name')}"
        if plain is None:
            fix = "write it in Chinese" if re.match(f"[{_OTHER_SCRIPTS}]", character) else "remove it"
            fix = "write the character that was lost" if character == "\ufffd" else fix
        elif plain.strip():
            fix = f"write {quote(plain)}"
        else:
            fix = "write a plain space" if plain else "remove it"
        yield Problem(
            match.start(), "character", f"{character if character.isprintable() else ''} is {code}".strip(), fix
        )


def check_simplified(text: str) -> Iterator[Problem]:
    """Traditional characters, a clause at a time."""
    table, clause = _traditional()
    for match in clause.finditer(text):
        right = match.group().translate(table)
        what = f"{quote(match.group())} is written in traditional characters"
        yield Problem(match.start(), "character", what, f"write {quote(right)}")


@cache
def _traditional() -> tuple[dict[int, str], re.Pattern[str]]:
    """A table for `str.translate`, and what is written by it: from the first traditional character of a clause to the last."""
    table = simplified()
    one = f"[{''.join(table)}]"
    return {ord(char): right for char, right in table.items()}, re.compile(
        rf"{one}(?:[^\n，。；：！？]{{0,200}}{one})?"
    )


def plain_character(character: str) -> str | None:
    """What a strange character (or run of them) should be; empty where it should go; None where only the author knows."""
    if character in _LOOKS_LIKE:
        return _LOOKS_LIKE[character]
    if re.match(f"[{_INVISIBLE}]", character):
        return ""
    if re.match(f"[{_SPACES}]", character):
        return " "
    if re.match(f"[{_COMPATIBLE}]", character):
        plain = unicodedata.normalize("NFKC", character)
        return plain if plain != character else None
    return None


# --- punctuation ------------------------------------------------------------------------------------------------------

_CHINESE: Final = f"{HAN}，。；：？！、（）「」『』《》"
_BRACKETS: Final = re.compile(rf"(?P<left>(?<=[{_CHINESE}])[ ]*)?\((?P<inside>[^()\n]*)\)(?:[ ]*(?=[{_CHINESE}]))?")
_ENUMERATOR: Final = re.compile(rf"[A-Za-z0-9]{{1,2}}|[{FILL} ]*")


def _widened(match: re.Match[str]) -> str:
    return match["left"] + match["marks"].translate(_WIDE)


_EMOJI: Final = "\u2600-\u27bf\u2b50\u2b55\ufe0f\U0001f000-\U0001faff"
# Where a Chinese text stands before a mark: also at the end of bold words, of a link (its address is masked), and after others.
_LEFT: Final = rf"(?P<left>[{HAN}）」》，。；：？！…{_EMOJI}](?:\]{FILL}+|[*_]{{1,3}})?)"
_LATIN: Final = rf"(?P<left>[A-Za-z0-9%{FILL}][*_]{{0,3}})"
_RIGHT: Final = rf"(?=[*_\[]{{0,3}}[{HAN}「《（])"
_WIDE: Final = str.maketrans(",;:?!", "，；：？！")
_RULES: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (("“",), re.compile(r"“(?P<inside>[^“”\n]*)”"), r"「\g<inside>」"),
    ((".",), re.compile(rf"{_LEFT}\.(?=[ ]*\Z)"), r"\g<left>。"),
    ((":",), re.compile(rf"{_LEFT}[ ]?(?P<marks>:+)[ ]*(?![/\d]|[a-z][\w+-]*:)"), _widened),
    ((";",), re.compile(rf"{_LEFT}[ ]?(?P<marks>;+)[ ]*"), _widened),
    ((",",), re.compile(rf"{_LEFT}[ ]?(?P<marks>,+)[ ]*(?=\S)"), _widened),
    (("?", "!"), re.compile(rf"{_LEFT}[ ]?(?P<marks>[?!]+)(?<!!(?=\[))"), _widened),
    ((":", ";", ","), re.compile(rf"{_LATIN}(?P<marks>[:;,]+)[ ]*{_RIGHT}"), _widened),
    (("...", "。。", "…"), re.compile(rf"(?<=[{HAN}])[ ]?(?:\.{{3,}}|。{{2,}}|…)(?!…)"), "……"),
    (("--",), re.compile(rf"(?<=[{HAN}])[ ]?-{{2,}}[ ]?(?=[{HAN}])"), "——"),
    (
        (" ",),
        re.compile(
            rf"[ ]+(?=[，。；：？！、）」』》])|(?<=[（「『《])[ ]+|(?<=[，。；：？！、）」』》])[ ]+(?=[^\s|*_{FILL}])"
        ),
        "",
    ),
    ((" ",), re.compile(r"(?<=[^\s|>*#.)-])[ ]+(?=[（「『《])"), ""),
)
"""What a line must hold one of for the rule to find something in it, which most lines do not; the rule; what is right."""
_STRAIGHT: Final = re.compile(rf'(?P<open>"(?=[^"\n]*[{HAN}]))(?P<inside>[^"\n]*)"')


@cache
def _autocorrect() -> None:
    """Its options are global to the process."""
    autocorrect_py.load_config(json.dumps(_OPTIONS))  # type: ignore[attr-defined]


def punctuate(line: str) -> str:
    """A masked line with its punctuation and spacing mended. Masked characters stay, in their order."""
    _autocorrect()
    body = line.rstrip(f"{FILL} \t")  # attribute lists and comments at the end of a line stay
    mended = str(autocorrect_py.format(body))
    mended = _BRACKETS.sub(_bracket, mended)
    mended = _STRAIGHT.sub(r"「\g<inside>」", mended)
    for signs, pattern, right in _RULES:
        for sign in signs:
            if sign in mended:
                mended = pattern.sub(right, mended)
                break
    return mended + line[len(body) :]


def _bracket(match: re.Match[str]) -> str:
    """Full-width where Chinese stands inside or before; an enumerator such as (a) stays as it is."""
    inside, left = match["inside"], match["left"]
    if not re.search(f"[{HAN}]", inside):
        touches_han = left == "" and re.match(f"[{HAN}]", match.string[match.start() - 1])
        if left is None or (_ENUMERATOR.fullmatch(inside) and not touches_han):
            return match.group()
    return f"（{inside}）"


def check_punctuation(text: str) -> Iterator[Problem]:
    """Lines whose punctuation or spacing would be mended."""
    offset = 0
    for line in text.split("\n"):
        if not line.isascii():
            mended = punctuate(line)
            if mended != line:
                yield _first_difference(line, mended, offset)
        offset += len(line) + 1


def _first_difference(line: str, mended: str, offset: int) -> Problem:
    at = next(place for place, (old, new) in enumerate(zip_longest(line, mended)) if old != new)
    start = max(0, at - 6)
    shown, right = line[start : at + 8].strip(), mended[start : at + 8].strip()
    what = f"{quote(shown.replace(FILL, '·'))} has half-width punctuation, or a space too few or too many"
    return Problem(offset + at, "punctuation", what, f"write {quote(right.replace(FILL, '·'))}, or run 'check --fix'")


# --- untranslated -----------------------------------------------------------------------------------------------------

_RUN: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,.;:()&/0-9-]+[A-Za-z][A-Za-z'’-]*)*")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_LOWER_WORD: Final = re.compile(r"(?<![A-Za-z'’-])[a-z]{2,}(?![A-Za-z'’-])")
_KEPT: Final = re.compile(r"《[^《》\n]*》|「[^「」\n]*」|（[^（）\n]*）|\([^()\n]*\)|\*[^*\n]+\*|_[^_\n]+_")
LONGEST_RUN: Final = 7
"""So many English words may stand together in Chinese prose: the title of a benchmark, a name with its version."""


def check_translated(text: str) -> Iterator[Problem]:
    """Runs of English words that are neither a name nor a title."""
    kept = _KEPT.sub(lambda match: FILL * len(match.group()), text)
    for match in _RUN.finditer(kept):
        words = _WORD.findall(match.group())
        # Names are capitalised; a sentence is mostly lower-case words.
        if len(words) > LONGEST_RUN and len(_LOWER_WORD.findall(match.group())) * 2 > len(words):
            yield Problem(
                match.start(), "untranslated", f"{quote(match.group(), 40)} is English", "write it in Chinese"
            )


def check(text: str) -> Iterator[Problem]:
    """Every rule of this module over a masked text."""
    yield from check_characters(text)
    yield from check_simplified(text)
    yield from check_punctuation(text)
    yield from check_translated(text)


def fix(text: str, masked: str) -> str:
    """A text with its characters, punctuation and spacing mended where that is safe.

    `masked`: the same text, as long, with `FILL` for what must not be touched.
    """
    lines = []
    for original, line in zip(text.split("\n"), masked.split("\n"), strict=True):
        kept = [character for character, shown in zip(original, line, strict=True) if shown == FILL]
        mended = line
        if not line.isascii():
            plain = _STRANGE.sub(lambda match: _or_itself(match.group()), line)
            mended = punctuate(plain.translate(_traditional()[0]))
        hidden = iter(kept)
        lines.append("".join(next(hidden) if character == FILL else character for character in mended))
    return "\n".join(lines)


def _or_itself(character: str) -> str:
    plain = plain_character(character)
    return character if plain is None else plain
