"""Places in a paper as source marks write them: 摘要, §4.2, 附录 B.1, 表 6–7, 图 2a, 脚注 4."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

ALWAYS: Final = frozenset({"摘要", "标题", "首页", "致谢", "参考文献"})
"""Places that every paper has."""

_NUMBER: Final = r"[A-Z]?\.?[0-9]*(?:\.[0-9]+)*[a-z]?"
_PLACE: Final = re.compile(
    rf"(?P<kind>§|附录|表|图|式|算法|脚注|定理|引理|命题|代码|清单)(?: ?(?P<first>{_NUMBER})(?:–(?P<last>{_NUMBER}))?)?"
)
_MOST: Final = 60
"""Members of a range; a longer one is read as its ends."""


@dataclass(frozen=True)
class Place:
    """A place, or a range of places of one kind."""

    kind: str
    members: tuple[str, ...]
    """Their numbers: ("6", "7"), ("2c",). Empty: all of the kind (附录), or a place without number."""

    def __str__(self) -> str:
        """As a mark writes it: 表 6–7."""
        ends = "–".join(dict.fromkeys((*self.members[:1], *self.members[-1:])))
        return f"{self.kind}{ends}" if self.kind == "§" else f"{self.kind} {ends}".strip()

    @property
    def first(self) -> Place:
        """Where a range begins; any other place itself."""
        return Place(self.kind, self.members[:1])

    def has(self, other: Place) -> bool:
        """Whether the two share something: a section has its subsections, Table 2 has 2c, and 2c is in what is Table 2's."""
        if self.kind != other.kind:
            return False
        if not self.members:
            return True
        nested = self.kind in {"§", "附录"}
        return any(
            theirs in (mine, whole(mine)) or whole(theirs) == mine or (nested and theirs.startswith(f"{mine}."))
            for mine in self.members
            for theirs in other.members
        )


def whole(member: str) -> str:
    """The number without the letter of a part: 2 of 2c."""
    return member.rstrip("abcdefghijklmnopqrstuvwxyz")


@cache
def parse(text: str) -> Place | None:
    """Read a place; None where the text is none. A section with a letter, §A.1, is an appendix."""
    if text in ALWAYS:
        return Place(text, ())
    match = _PLACE.fullmatch(text)
    if not match:
        return None
    kind, first, last = match["kind"], match["first"] or "", match["last"] or ""
    if not first:
        return Place(kind, ()) if kind == "附录" and not last else None
    if kind == "§" and first[0].isalpha():
        kind = "附录"
    return Place(kind, _range(first, last))


def _range(first: str, last: str) -> tuple[str, ...]:
    if not last:
        return (first,)
    stem, one = _split(first)
    other_stem, other = _split(last)
    if stem == other_stem and one.isdigit() and other.isdigit() and 0 <= int(other) - int(one) < _MOST:
        return tuple(f"{stem}{number}" for number in range(int(one), int(other) + 1))
    if stem == other_stem and one.isalpha() and other.isalpha() and one <= other:
        return tuple(f"{stem}{chr(code)}" for code in range(ord(one), ord(other) + 1))
    return first, last


def _split(number: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?)([0-9]+|[A-Za-z])", number)
    return (match[1], match[2]) if match else (number, "")
