"""Marks as they look on a page that shows them: what each is, and what to do about it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from papernotes.base.han import HAN
from papernotes.text.masking import ICON


class Sign(NamedTuple):
    """A mark as it looks on the page."""

    pattern: re.Pattern[str]
    what: str
    """Said of the mark, which is quoted before it."""
    fix: str


# --- what begins a line -----------------------------------------------------------------------------------------------

TABLE: Final = "table"
BLOCKS: Final = {
    "list": re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,3}\.)[ \t]+\S"),
    TABLE: re.compile(r"[ \t]*(?:(?:\|.*\||\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?)[ \t]*\Z|\|[ \t])"),
    "note": re.compile(r"[ \t]*!!!"),
    "heading": re.compile(r"[ \t]*#{1,6}(?:[ \t]|\Z)"),
    "code block": re.compile(r"[ \t]*(?:`{3,}|~{3,})"),
}
"""What begins a block where Markdown takes it."""
FOREIGN: Final = (
    Sign(re.compile(r"[ \t]*\?{3}\+?(?=[ \t])"), "folds nothing", "write !!! note; what a reader shall see is not folded"),
    Sign(re.compile(r"[ \t]*={3}(?=[ \t]+[\"“])"), "opens no tab", "write the parts below one another, each with its ## heading"),
    Sign(re.compile(r"[ \t]*[0-9]{1,3}\)(?=[ \t])"), "begins no list item", "write 1. instead of 1)"),
    Sign(re.compile(r"[ \t]*\[!\w+\]"), "opens no note", "write !!! note, its text indented by four spaces"),
    Sign(re.compile(r"[ \t]*\[\[?_?TOC_?\]\]?(?=[ \t]*\Z)"), "makes no contents list", "remove it; every page has one"),
    Sign(re.compile(rf"[ \t]*(?:[-+]|[0-9]{{1,3}}\.)(?=[{HAN}「《（])"), "begins no list item", "write a space after it"),
    Sign(re.compile(r"[ \t]*(?:[•·●◦▪‣](?![·]|\w*[)）])|[－＋‐–][ \t]+(?=\S))"), "begins no list item", "write - and a space"),
    Sign(re.compile(r"[ \t]*(?:!{1,2}(?!!)|！{2,3})(?=[ \t]*[a-z]+[ \t]*[\"“「])"), "opens no note", 'write !!! note "译注"'),
    Sign(re.compile(rf"[ \t]*(?:＃{{1,6}}(?=[ \t{HAN}])|＞(?=[ \t{HAN}])|｜(?=.*｜)|·{{3}}(?!·))"), "begins nothing", "write the half-width sign: #, >, | or `"),
)  # fmt: skip
NUMBERED: Final = re.compile(
    r"[ \t]*(?:[0-9]{1,2}[．、]|[一二三四五六七八九十]{1,3}、|[（(](?:[0-9]{1,2}|[a-z]|[一二三四五六七八九十]{1,3})[)）]|(?:[a-z]|[0-9]{1,2}(?!\)))[)）]|[①-⑳]|[Ⅰ-Ⅻ][.、])"
)
"""What begins one line after another where a list is meant."""
BOX: Final = Sign(re.compile(r"\[[ xX]\](?=[ \t])"), "is not a box to tick", "write the item without it")

# --- what stands within a line ----------------------------------------------------------------------------------------

_EMPHASIS: Final = "close it with a second {}, without a space inside the two, or write \\{} where it is meant"
INLINE: Final = (
    Sign(re.compile(r"\[\^[^\[\]\n]+\]"), "refers to no footnote", "write the footnote below as [^name]: text, or remove the mark"),
    Sign(re.compile(r"\[[@~][^\[\]\n]*+(?!\])"), "is not closed", "end it with ]"),
    Sign(re.compile(r"\[~[ \t]*\]"), "names nothing", "write [~word] for a term without its card"),
    Sign(re.compile(r"(?:［@|[\[［]?＠|(?<![\w：；\[［【])@(?![^\[\]\n]*+\]))(?:fig:[a-z0-9/-]+|(?:arxiv:)?[0-9]{4}\.[0-9]{4,5}\b)[\]］]?|\[[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?\]", re.IGNORECASE), "is not a reference", "write [@2305.18290], or [@fig:id], in half-width brackets"),
    Sign(re.compile(r"\[\[(?!_?TOC)[^\[\]\n]+\]\]"), "is not a link", "write [text](address), or [@2305.18290] for a paper"),
    Sign(re.compile(r"!?\[[^\[\]\n]*\]\[[^\[\]\n]*\]"), "is not a link", "write [text](address); where it is an index, write it in backticks"),
    Sign(re.compile(r"[\[［](?![@~^])[^\[\]［］\n]+[\]］][ \t]*[(（](?=[^()（）\s]*(?:\.md\b|://|\.\./))[^()（）\n]*[)）]"), "is not a link", "write [text](address), with half-width brackets and nothing between them"),
    Sign(re.compile(r"(?:!?\[[^\[\]\n]*)?\]\([^\n()]*\)?"), "is not a link", "write [text](address), the address without spaces"),
    Sign(re.compile(r"\^\[[^\[\]\n]*\]"), "makes no footnote", "write [^name] here and the footnote below as [^name]: text"),
    Sign(re.compile(r"~~[^~\n]*(?:~~)?"), "strikes nothing out", "leave the words out, or write what is right"),
    Sign(re.compile(r"==(?=\S)[^=\n]+=="), "marks nothing", "write **words** for what is important"),
    Sign(re.compile(r"(?<!\w)\^\^(?=\S)[^^\n]+\^\^|(?<![A-Za-z0-9_+])\+\+(?=\S)[^+\n]+(?:\+[^+\n]+)*\+\+"), "inserts nothing", "write the words alone"),
    Sign(re.compile(r"(?<=[\w)）])~[\w+-]{1,10}~|(?<=[\w)）])\^+(?=[\w{(+-])|\^[^\s^]{1,20}\^"), "is shown as it stands", "write a formula, such as $x^2$, or <sub> and <sup>"),
    Sign(ICON, "is not an icon", "write it in words"),
    Sign(re.compile(r"\*{2,}"), "is shown as it stands", _EMPHASIS.format("**", "*")),
    Sign(re.compile(r"(?<!\*)\*(?!\*)(?:(?<=\S\*)|(?=\S))"), "is shown as it stands", _EMPHASIS.format("*", "*")),
    Sign(re.compile(r"_{3,}|(?<![A-Za-z0-9])__|__(?![A-Za-z0-9])"), "is shown as it stands", "write **words** for what is important, or \\_ where it is meant"),
    Sign(re.compile(rf"_(?=[{HAN}])|(?<=[{HAN}])_"), "is shown as it stands", "write *words* for emphasis, or \\_ where it is meant"),
    Sign(re.compile(r"(?<=\S)(?<![:/])/{3,}|(?:\A|(?<=\S ))/{3,}"), "is shown as it stands", "begin a line with it, with a blank line before where it opens a block"),
    Sign(re.compile(rf"(?<![{HAN}!])(?<![{HAN}] )!{{3,}}|!{{3,}}(?= ?[a-z])"), "is shown as it stands", "a note begins a line, with a blank line before it; for an exclamation one ！ will do"),
    Sign(re.compile(r"(?<!\S)#{2,}(?!\S)|\A#(?=[ \t])"), "is shown as it stands", "a heading begins a line, with a blank line before it"),
    Sign(re.compile(r">(?:[ ]?>)+"), "is shown as it stands", "a quotation begins a line with one >; for much greater write $\\gg$"),
    Sign(re.compile(r"(?<!\\)\\[ \t]*\Z"), "is shown as it stands", "write <br> to break a line"),
    Sign(re.compile(rf"(?<!\\)\\(?=[ {HAN}，。；：？！、（）「」《》])"), "is shown as it stands", "remove it; it is written before a mark of Markdown alone"),
    Sign(re.compile(r"[＊]{2,}|[｀＄]"), "is shown as it stands", "write the half-width sign, or no sign"),
    Sign(re.compile(r"(?<!\\)\\[A-Za-z]{2,}"), "is TeX outside a formula", "write $…$, or $$ on lines of their own"),
    Sign(re.compile(r"`+"), "is shown as it stands", "close the code with as many backticks as open it, in its paragraph"),
)  # fmt: skip
NESTED: Final = re.compile(
    r"(?<!\\)\[[@~][^\[\]\n]*+(?:\[[^\[\]\n]*+\][^\[\]\n]*+)++\]|(?<=\]\()[^\s()\[\]]*+\[[@~][^\[\]\n]*+\]"
)
"""A mark of ours within one of ours, or within an address."""
LINKED: Final = re.compile(
    r"(?<!\\)(?:\[[@~][^\[\]\n]*+\](?=\((?!https?:|www\.|arxiv\.))|\[[^\[\]\n@~^][^\[\]\n]*+\]\[[@~][^\[\]\n]*+\])",
    re.IGNORECASE,
)
"""A mark of ours written as a link, or behind the text of one."""
ONCE: Final = re.compile(r"[*_`#＊｀＄]+\Z")
"""Marks that come in pairs or runs: of those of one text the first is told."""
ADDRESS: Final = re.compile(
    r"(?:https?://|\bwww\.|(?<![\w./-])arxiv\.org/\w)[^\s<>()（）【】「」，。；、\"'\ue000]+", re.IGNORECASE
)
