"""The inside of a source mark: which places of which papers, and which addresses, a statement was seen at.

§4.2，表 1                                   places in the page's own paper
§3；@2310.16944v1 表 1，附录 B               a second paper, by its id
[Phi-2 公告](https://example.org/phi-2)      something that is not an arXiv paper
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from papernotes.base import arxiv
from papernotes.base.fields import is_https
from papernotes.base.finding import quote

UNSEEN: Final = "未核对位置"
"""The item of a mark whose place in the paper nobody has seen."""

MARK = re.compile(r"【来源：(?P<inner>[^【】\n]*)】")
_LINK = re.compile(r"\[(?P<name>[^\[\]]+)\]\((?P<url>[^()\s]+)\)\Z")
_NUMBER = r"[A-Z]?\.?[0-9]+(?:\.[0-9]+)*[a-z]?"
_RANGE = rf"{_NUMBER}(?:–{_NUMBER})?"
_ITEM = re.compile(
    rf"摘要|{UNSEEN}|自算|参考文献|致谢|标题|首页|§{_RANGE}|§[A-Z](?:\.[0-9]+)*(?:–[A-Z](?:\.[0-9]+)*)?"
    rf"|附录(?: [A-Z](?:\.[0-9]+)*(?:–[A-Z](?:\.[0-9]+)*)?)?|(?:表|图|式|算法|脚注|定理|引理|命题|代码|清单) {_RANGE}"
)
_PAPER = re.compile(r"@(?P<id>\S+)(?:\s+(?P<rest>.*))?\Z", re.DOTALL)


@dataclass(frozen=True)
class Link:
    """A source that is not an arXiv paper."""

    name: str
    url: str


@dataclass(frozen=True)
class Group:
    """Places in one paper, or things outside arXiv."""

    paper: arxiv.ArxivId | None
    """None: the page's own paper."""
    items: tuple[str | Link, ...]


def parse(inner: str) -> tuple[Group, ...]:
    """Read the inside of a mark.

    Shape: groups separated by `；`, items by `，`.
    Raises: ValueError that quotes the part that cannot be read.
    """
    groups = []
    for part in inner.split("；"):
        text = part.strip()
        paper = None
        named = _PAPER.match(text)
        if named:
            paper = arxiv.parse_id(named["id"])
            text = named["rest"] or ""
            if not text:
                raise ValueError(f"{quote(part.strip())} names no place in the paper")
        groups.append(Group(paper, tuple(_item(item.strip()) for item in text.split("，"))))
    return tuple(groups)


def groups_of(mark: re.Match[str] | None) -> tuple[Group, ...]:
    """What a mark holds; nothing where there is none, or where it cannot be read, which is a finding of its own."""
    try:
        return parse(mark["inner"]) if mark else ()
    except ValueError:
        return ()


def _item(text: str) -> str | Link:
    link = _LINK.match(text)
    if link:
        if not is_https(link["url"]):
            raise ValueError(f"{quote(link['url'])} is not an https address")
        return Link(link["name"], link["url"])
    if not _ITEM.fullmatch(text):
        raise ValueError(f"{quote(text)} is not a place")
    return text
