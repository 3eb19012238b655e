"""One Markdown file of the site, read strictly, with its places countable."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from posixpath import dirname, normpath
from typing import Final, NamedTuple, TypeVar, cast
from urllib.parse import unquote

from papernotes.base.finding import Finding
from papernotes.base.rule import Rule
from papernotes.base.store import digest
from papernotes.text.frontmatter import FrontMatter, Node

T = TypeVar("T")

MAX_PAGE_BYTES: Final = 1_000_000
"""A page larger than this is refused unread."""
MAX_FRONT_BYTES: Final = 64_000
"""Front matter larger than this is refused unparsed."""
MOST_REMEMBERED: Final = 2048
"""Documents of which what is `remembered` is held."""

RULES = (
    Rule(
        "page-encoding",
        "页面是 UTF-8 文本",
        "编码不对的页面会在构建时变成乱码；字节顺序标记和空字符会藏在看不见的地方。",
        "（GBK 编码的文件）",
        "（UTF-8 编码、不带 BOM 的文件）",
    ),
    Rule(
        "page-size",
        "页面不为空，也不过大",
        "空页面多半是忘了保存；超过 1 MB 的页面不是给人读的。",
        "（空文件）",
        "（有正文的文件）",
    ),
    Rule("page-line-ends", "换行用 LF", "Windows 的换行会让每一行都显示为改动。", "第一行␍␊", "第一行␊"),
    Rule(
        "page-symlink",
        "docs/ 里没有符号链接",
        "MkDocs 会跟随链接，把仓库以外的文件发布出去。",
        "docs/a.md → /etc/passwd",
        "docs/a.md（普通文件）",
    ),
)

_NOT_BREAK: Final = re.compile(r"[^\n]")
_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FORMULA = re.compile(
    r"(?<!\\)(?:\$\$.+?\$\$|\\\((?:(?!\\\().)+?\\\)|\\\[(?:(?!\\\[).)+?\\\]|\$(?![\s$])(?:[^$\\\n]|\\.)+?(?<!\s)\$(?![0-9]))",
    re.DOTALL,
)
_LINK_TARGET = re.compile(r"(?<=\])\((?:[^()\n]|\([^()\n]*\))*\)")
_AUTOLINK = re.compile(r"<https?://[^>\s]+>|https?://[^\s<>()（）【】，。；、）]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_ATTRIBUTES = re.compile(r"\{:?[ \t]*[#.][^{}\n]*\}")


@dataclass(frozen=True)
class Document:
    """A file under docs/, its front matter apart from its body."""

    path: str
    """From the repository root: `docs/papers/dpo.md`."""
    uri: str
    """From docs/: `papers/dpo.md`."""
    text: str
    """The whole file."""
    front: FrontMatter | None
    """None where the file has none."""
    body_start: int
    """Offset in `text` at which the body begins."""

    @cached_property
    def body(self) -> str:
        """The Markdown after the front matter."""
        return self.text[self.body_start :]

    @cached_property
    def digest(self) -> str:
        """What tells this page from every other, and from what it was before."""
        return digest(self.uri, self.path, self.text)

    @cached_property
    def prose(self) -> str:
        """The body with code and comments blanked out; every offset stays."""
        return blank_code(self.body)

    @cached_property
    def plain(self) -> str:
        """The prose with formulas, tags, attribute lists and addresses blanked out; every offset stays."""
        text = self.prose
        for pattern in (_FORMULA, _LINK_TARGET, _AUTOLINK, _TAG, _ATTRIBUTES):
            text = pattern.sub(blank, text)
        return text

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset in the body."""
        at = self.body_start + offset
        line = bisect.bisect_right(self._line_starts, at)
        return line, at - self._line_starts[line - 1] + 1

    def line_of(self, offset: int) -> int:
        """The line of the body, from 1, of an offset in it; `offset_of` is the way back."""
        return bisect.bisect_right(self._body_starts, offset)

    def offset_of(self, line: int) -> int:
        """The offset in the body at which one of its lines begins; lines from 1, of the body."""
        return self._body_starts[min(line, len(self._body_starts)) - 1]

    @cached_property
    def _body_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.body))]

    def forget(self) -> None:
        """Let go of what has been read in the text, but for its digest: whoever asks for it reads it again."""
        for name in vars(self).keys() - self.__dataclass_fields__.keys() - {"digest"}:
            del vars(self)[name]

    def key(self, name: str) -> Node | None:
        """The value of a key of the front matter."""
        return self.front.entries.get(name) if self.front else None

    @property
    def title(self) -> str:
        """As its front matter has it; empty where it has none."""
        node = self.key("title")
        return node.text if node else ""

    @property
    def arxiv(self) -> str:
        """The id of the paper that it is about, as its front matter has it; empty where it names none."""
        node = self.key("arxiv")
        return node.text if node else ""

    def finding(self, offset: int, rule: str, what: str, fix: str) -> Finding:
        """A finding at an offset in the body."""
        return Finding(self.path, *self.place(offset), rule, what, fix)

    def front_finding(self, key: str | None, rule: str, what: str, fix: str) -> Finding:
        """A finding at the value of a key of the front matter (None: at its first line)."""
        line, column = self.front.place(key) if self.front and key else (1, 1)
        return Finding(self.path, line, column, rule, what, fix)


def kept(read: Callable[[Document], T]) -> Callable[[Document], T]:
    """A function of a document alone, whose result stays with the document for whoever asks next."""
    name = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def reading(document: Document) -> T:
        if name not in vars(document):
            vars(document)[name] = read(document)
        return cast("T", vars(document)[name])

    return reading


def remembered(read: Callable[[Document], T]) -> Callable[[Document], T]:
    """The same of what is small: it stays when a document forgets what it has read, for the last `MOST_REMEMBERED` of them."""
    known: dict[str, T] = {}

    @wraps(read)
    def reading(document: Document) -> T:
        if document.digest not in known:
            if len(known) >= MOST_REMEMBERED:
                del known[next(iter(known))]
            known[document.digest] = read(document)
        return known[document.digest]

    return reading


def blank_code(body: str, *, comments: bool = True) -> str:
    """Blank fenced blocks, code spans and (unless told) comments; line ends and every offset stay."""
    pieces, at = [], 0
    for block in fences(body):
        pieces += [body[at : block.start], _NOT_BREAK.sub(" ", body[block.start : block.end])]
        at = block.end
    text = "".join([*pieces, body[at:]])
    # Code spans do not cross a blank line, so each paragraph is masked by itself.
    text = "".join(_CODE_SPAN.sub(blank, piece) for piece in re.split(r"(\n[ \t]*\n)", text))
    return COMMENT.sub(blank, text) if comments else text


class Fenced(NamedTuple):
    """A fenced block. Offsets in the body, `end` exclusive."""

    start: int
    end: int
    fence: str
    info: str
    """What stands behind the fence, blank or not; it begins at `info_start`."""
    info_start: int
    is_closed: bool


def fences(body: str) -> Iterator[Fenced]:
    """The fenced blocks of a body, in order; one that is not closed runs to the end."""
    opening: Fenced | None = None
    offset = 0
    for line in body.split("\n"):
        match = _FENCE.match(line)
        if match and opening and not match["info"].strip() and match["fence"] == opening.fence:
            yield opening._replace(end=offset + len(line), is_closed=True)
            opening = None
        elif match and not opening and not (match["fence"][0] == "`" and "`" in match["info"]):
            start = offset + match.start("info")
            opening = Fenced(offset, len(body), match["fence"], match["info"], start, is_closed=False)
        offset += len(line) + 1
    if opening:
        yield opening


def blank(match: re.Match[str]) -> str:
    """As many spaces as there are characters in a match; its line ends stay."""
    return _NOT_BREAK.sub(" ", match.group())


def read(root: Path, file: Path, docs_dir: Path) -> tuple[Document | None, list[Finding]]:
    """Read one Markdown file.

    Shape: the document, or None with the findings that kept it from being read.
    Raises: OSError where the file system fails; never for what the file holds.
    """
    path = relative(file, root)
    uri = file.relative_to(docs_dir).as_posix()

    def found(line: int, rule: str, what: str, fix: str, column: int = 1) -> list[Finding]:
        return [Finding(path, line, column, rule, what, fix)]

    size = file.stat().st_size
    if size == 0:
        return None, found(1, "page-size", "the page is empty", "write it or delete the file")
    if size > MAX_PAGE_BYTES:
        return None, found(1, "page-size", f"the page has {size} bytes, more than {MAX_PAGE_BYTES}", "split it")
    raw = file.read_bytes()
    findings: list[Finding] = []
    if raw.startswith(b"\xef\xbb\xbf"):
        findings += found(1, "page-encoding", "the page begins with a byte-order mark", "save it as UTF-8 without BOM")
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, found(
            line, "page-encoding", f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the page as UTF-8"
        )
    if "\0" in text:
        at = text.index("\0")
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        findings += found(line, "page-encoding", "the page holds a NUL character", "delete it", column)
        text = text.replace("\0", " ")
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        findings += found(line, "page-line-ends", "the line ends with a carriage return", "save with LF line ends")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return None, findings + found(1, "page-size", "the page is empty", "write it or delete the file")
    front, body_start, front_findings = FrontMatter.split(path, text, MAX_FRONT_BYTES)
    return Document(path, uri, text, front, body_start), findings + front_findings


def address(uri: str) -> str:
    """The address of a page from the site's root: `guide/rules.html`."""
    return uri.removesuffix(".md") + ".html"


def split_link(link: str) -> tuple[str, str] | None:
    """The path of a link inside the site, and the place in the page it leads to; None where it leads to another host."""
    if _SCHEME.match(link):
        return None
    path, _, fragment = link.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def resolve(uri: str, path: str) -> str:
    """The uri that a path on a page means; it begins with `..` where it leaves docs/."""
    return normpath(f"{dirname(uri)}/{path}").lstrip("/") if path else uri


def relative(file: Path, root: Path) -> str:
    """A path as findings show it: from `root` where it lies below it, else in full."""
    try:
        return file.relative_to(root).as_posix()
    except ValueError:
        return file.as_posix()
