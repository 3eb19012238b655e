"""A formula of TeX as plain text, as far as its numbers go: `6.0\\times 10^{-4}` is `6.0×10^-4`, and indices are gone."""

from __future__ import annotations

import re
from typing import Final

from papernotes.refresh.reading.numerals import scripted

MAX_LENGTH: Final = 5_000
"""Of a longer formula the beginning is read."""
_DEPTH: Final = 40
"""Groups inside one another; deeper ones are left out."""

_SIGNS: Final = {
    "times": "×", "pm": "±", "mp": "±", "sim": "~", "approx": "≈", "simeq": "≈", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥",
    "ge": "≥", "geqslant": "≥", "to": "→", "rightarrow": "→", "cdot": "·", "dots": "…", "ldots": "…", "cdots": "…", "ll": "<",
    "gg": ">", "lt": "<", "gt": ">", "div": "/", "slash": "/", "textendash": "–", "textdollar": "$", "percent": "%",
    "quad": " ", "qquad": " ", "and": " ; ", "newline": " ; ", "cr": " ; ", "colon": ":", "ast": "*",
}  # fmt: skip
_SILENT: Final = re.compile(
    "(?:display|text|script)style|math(?:bf|rm|it|sf|tt|bb|cal|normal)|boldsymbol|bm|bf|rm|it|text(?:bf|it|rm|sf|tt|normal)?|emph"
    "|(?:under|over)line|uline|underbrace|operatorname|[mh]box|boxed|bold|left|right|[bB]igg?[lr]?|ensuremath|hat|tilde|bar|vec"
    "|(?:no)?limits"
)
_WITH_ARGUMENT: Final = re.compile("color|textcolor|[hv]space|[hv]?phantom|label|ref|eqref|cite|begin|end")
_TOKEN: Final = re.compile(r"\\(?P<name>[A-Za-z]+)\*?\s*|\\(?P<sign>.)|(?P<one>.)", re.DOTALL)


def plain(tex: str) -> str:
    """Write a formula as text. Letters of other alphabets and unknown commands become λ, a letter that no unit is."""
    tex = re.sub(r"(?<=\d)(?:\\[,:;! ]|\{,\}|~)+(?=\d{3}(?!\d))", ",", tex[:MAX_LENGTH])
    return re.sub(r"(?<=\d)(?:\s+[xX]|[xX](?=\s*\S))", "λ", _Reader(tex).text())  # a variable, and no "times"


class _Reader:
    def __init__(self, tex: str) -> None:
        self._tex = tex
        self._at = 0

    def text(self, depth: int = 0) -> str:
        """The text up to the end of the group."""
        out = ""
        while self._at < len(self._tex):
            match = _TOKEN.match(self._tex, self._at)
            assert match is not None, "any character is a token"
            self._at = match.end()
            name, one = match["name"], match["one"]
            if one == "}":
                if depth:
                    break
            elif one == "{":
                out += self._group(depth)
            elif one in ("^", "_"):
                out += scripted(out, self._argument(depth), raised=one == "^")
            elif name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac"):
                above, below = self._argument(depth), self._argument(depth)
                out += f" {above}/{below} "
            elif name is None:
                out += self._sign(match["sign"]) if match["sign"] else {"~": " ", "&": " "}.get(one, one)
            elif _WITH_ARGUMENT.fullmatch(name):
                self._argument(depth)
            elif not _SILENT.fullmatch(name):
                out += _SIGNS.get(name, "λ")
        return out

    @staticmethod
    def _sign(sign: str) -> str:
        return sign if sign in "%$&#_{}" else " ; " if sign == "\\" else " " if sign in ",;: " else ""

    def _group(self, depth: int) -> str:
        if depth < _DEPTH:
            return self.text(depth + 1)
        level = 1
        while level and self._at < len(self._tex):  # too deep to be a number
            level += {"{": 1, "}": -1}.get(self._tex[self._at], 0)
            self._at += 1
        return ""

    def _argument(self, depth: int) -> str:
        while self._tex[self._at : self._at + 1].isspace():
            self._at += 1
        match = _TOKEN.match(self._tex, self._at)
        if match is None or match["one"] == "}":
            return ""
        self._at = match.end()
        if match["one"] == "{":
            return self._group(depth)
        if match["name"]:
            return _SIGNS.get(match["name"], "" if _SILENT.fullmatch(match["name"]) else "λ")
        return match["one"] or self._sign(match["sign"])
