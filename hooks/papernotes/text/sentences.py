"""English text cut into sentences, and what a sentence is known by: its fingerprint.

Our own rules, not a library's: a fingerprint written into a page must be the same after every upgrade. Who changes what
`cut` or `normalise` gives adds a version; a block of pairs names the one it was made with.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from typing import Final

VERSIONS: Final = (1,)
"""The versions of `cut` and `normalise` that this code knows."""
LENGTH: Final = 8
"""Hexadecimal digits of a fingerprint: among the sentences of one abstract, two alike by chance are out of question."""

_END: Final = re.compile(r"[.!?][\"'”’)\]}]*(?=\s)")
_NEAR: Final = 40
"""Characters before and after a mark that tell whether it ends a sentence."""
_UNIT: Final = re.compile(r"(?:^|[\s(])[0-9]+ [A-Z]\.\Z")
"""`7 B.` ends one: the letter is a unit, no initial."""
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|viz|vs|v\.s|resp|approx|ca|w\.r\.t|al|Figs?|Eqs?|Secs?|Sects?|Tabs?|Refs?|Apps?|Thms?|Alg|Nos?"
    r"|Dr|Prof|Mr|Mrs|Ms|St|Jr)|(?<![\w.])[A-Z](?:\.[A-Z])*)\.\Z"
)
_OPEN_ENDED: Final = re.compile(r"\b(?:etc|U\.S|Inc|Ltd|Co|Univ)\.\Z")
"""Abbreviations that may end a sentence as well; whether they do, the next word tells."""
_START: Final = re.compile(
    r"(?:We|Our|This|These|That|Those|The|It|In|On|For|To|By|At|As|A|An|However|Here|Moreover|Furthermore|Finally|Thus"
    r"|Experiments|Results|Code|Models?|With|When|While|Although|Unlike|Using|From|There|Such)\b"
)
_FORMULA: Final = re.compile(r"(?<!\\)\$(?:[^$\\]|\\.)+(?<!\\)\$")

_URL: Final = re.compile(r"\\(?:url|href)\{([^{}]*)\}(?:\{[^{}]*\})?")
_COMMAND: Final = re.compile(
    r"\\(?:text(?:it|bf|tt|sc|rm|sf|sl|md|up|normal)?|emph|underline|mathrm|mathbf|mathit|mathsf|mbox)[ ]*\{([^{}]*)\}"
)
_SWITCH: Final = re.compile(r"\\(?:it|bf|tt|sc|rm|em|sl)(?![A-Za-z])[ ]*")
_ESCAPED: Final = re.compile(r"\\([%&#$_{}])")
_SPACING: Final = re.compile(r"\\(?:[,;:!> ]|quad(?![A-Za-z])|qquad(?![A-Za-z])|xspace(?![A-Za-z])|@|/)|(?<!\\)~(?=\S)")
_SYMBOLS: Final = {"times": "×", "sim": "~", "approx": "≈", "rightarrow": "→", "to": "→", "pm": "±"}
_SYMBOL: Final = re.compile(rf"\\({'|'.join(_SYMBOLS)})(?![A-Za-z])[ ]?")
_DOUBLE: Final = re.compile("``|''|[“”„‟«»″]")
_SINGLE: Final = re.compile("[`‘’‚‛′]")
_DASHES: Final = re.compile(r"[ ]*(?:-{2,3}|[–—―])[ ]*|(?<=\S)[ ]-[ ](?=\S)")
_HYPHENS: Final = re.compile("[\u2010\u2011\u2212]")


def cut(text: str) -> tuple[str, ...]:
    """Cut a text into sentences, version 1.

    Shape: the sentences in order, one space where there was white space; together they are the text. A sentence ends at
    `.`, `!` or `?` (and closing marks) before white space, unless that stands in a formula, ends an abbreviation, or an
    initial, or belongs to a name such as `Fig. 2` or `7 B.`; a small letter may begin one.
    """
    text = " ".join(text.split())
    masked = _FORMULA.sub(lambda match: "x" * len(match.group()), text)
    ends = [0]
    for match in _END.finditer(masked):
        before = masked[max(ends[-1], match.end() - _NEAR) : match.end()]
        if _is_end(before, masked[match.end() + 1 : match.end() + _NEAR]):
            ends.append(match.end())
    return tuple(part for start, end in pairwise([*ends, len(text)]) if (part := text[start:end].strip()))


def _is_end(before: str, after: str) -> bool:
    """Whether a sentence ends between what stands before and after a mark that could end it."""
    bare = before.rstrip("\"'”’)]}")
    if not bare.endswith(".") or bare.endswith(".."):
        return not after[:1].islower()  # "Is it so? we ask" is one
    if _UNIT.search(bare):
        return True
    if _OPEN_ENDED.search(bare):
        return _START.match(after) is not None
    return not _ABBREVIATION.search(bare)


def normalise(sentence: str) -> str:
    """A sentence without what differs between copies of one text.

    White space, quotation marks, dashes and hyphens are of one kind; TeX's spacing, its fonts, and the marks around an
    address are gone. What it says stays, letter for letter.
    """
    text = unicodedata.normalize("NFKC", _URL.sub(r"\1", sentence))
    before = ""
    while before != text:  # one font may stand in another
        before, text = text, _COMMAND.sub(r"\1", text)
    text = _SPACING.sub(" ", _SWITCH.sub("", text))
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match[1]], text)
    text = re.sub("[${}]", "", _ESCAPED.sub(r"\1", text))
    text = _SINGLE.sub("'", _DOUBLE.sub('"', text))
    text = _DASHES.sub("—", _HYPHENS.sub("-", text))
    text = re.sub(r"<(https?://[^<>\s]+)>", r"\1", text)
    return " ".join(text.split())


def fingerprint(sentence: str) -> str:
    """What a sentence is known by. Shape: the first `LENGTH` hexadecimal digits of the SHA-256 of its normal form."""
    return hashlib.sha256(normalise(sentence).encode("utf-8")).hexdigest()[:LENGTH]
