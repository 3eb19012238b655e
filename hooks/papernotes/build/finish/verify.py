"""The last look at a built site, before it takes the place of the old one: nothing stands in it that nobody meant to publish.

Every page is read as a browser reads it. What stands in its article is held against the list by which the checker judges
pages, and what our templates add there; what stands around it, against what the theme writes. The checker has refused a
hostile page long before; this is held even where the checker, a template or an extension has a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from papernotes.base import storage
from papernotes.base.finding import quote
from papernotes.base.store import Store
from papernotes.build.finish import security
from papernotes.rules import html

MOST: Final = 20
"""So many problems are told; a hole shows on every page."""

FILES: Final = re.compile(
    r"(?:[\w-]+/)*[\w.-]+\.(?:html|md)|papers(?:/[\w-]+)?\.bib|(?:papers|models)(?:\.schema)?\.json|(?:llms|llms-full|robots)\.txt|feed\.xml|sitemap\.xml(?:\.gz)?"
    r"|sw\.js|sw/\d+\.json|list/\d+\.js|search/(?:[\w-]+/)?[\w.-]+\.js|(?:guide|assets)/(?:[\w-]+/)*[\w.-]+\.(?:svg|png|webp)"
    r"|assets/(?:[\w-]+/)*[\w.-]+\.(?:css|js|woff2|txt)"
)
"""The files of a site."""

_EVERYWHERE: Final = frozenset(
    {"id", "class", "title", "lang", "role", "hidden", "tabindex", "aria-hidden", "aria-label"}
)
INSIDE: Final[dict[str, frozenset[str]]] = {
    "a": frozenset({"aria-current", "data-pn-report", "data-pn-search", "download", "rel"}),
    "button": frozenset({"type", "data-pn-address", "data-pn-copy", "data-pn-forget", "data-pn-print"}),
    "details": frozenset({"open"}),
    "div": frozenset({"data-bytes", "data-pn-count", "data-pn-files", "data-pn-list", "data-pn-tag", "data-pn-year"}),
    "header": frozenset({"data-pn-paper"}),
    "noscript": frozenset(),
    "p": frozenset({"aria-live"}),
    "small": frozenset(),
    "summary": frozenset(),
    "th": frozenset({"aria-sort", "data-pn-sort", "scope"}),
    "time": frozenset({"datetime"}),
    "tr": frozenset(
        f"data-pn-{name}"
        for name in ("count", "date", "day", "size", "source", "tag", "tier", "tokens", "words", "year")
    ),
    "wbr": frozenset(),
}
"""What our templates put into an article beside what a page may hold: each tag with its attributes."""
_CLASS: Final = re.compile(r"doc-[a-z-]+|first|shape|md-[a-z_-]+|filename")
_ROWS: Final = re.compile(r"grid-template-rows: ?(?:[0-9.]+fr ?)+;?")

_WIDGET: Final = frozenset({"data-md-component", "data-md-scrollfix", "data-md-type", "aria-live"})
OUTSIDE: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("head", "title", "details", "footer", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "li", "span", "noscript", "svg", "path", "section",
                     "strong", "em", "sub", "sup", "code", "small", "wbr", "dl", "dt", "dd", "br", "kbd", "math"), frozenset[str]()),
    **dict.fromkeys(("div", "header", "main", "ul"), _WIDGET),
    "html": frozenset(),
    "body": frozenset({"data-md-color-accent", "data-md-color-primary", "data-md-color-scheme", "dir"}),
    "a": frozenset({"href", "rel", "data-md-component", "data-pn-preview"}),
    "button": frozenset({"type", "data-md-component"}),
    "form": frozenset({"action", "autocomplete", "data-md-component"}),
    "input": frozenset({"aria-controls", "autocapitalize", "autocomplete", "autocorrect", "checked", "data-md-color-accent",
                        "data-md-color-media", "data-md-color-primary", "data-md-color-scheme", "data-md-toggle", "enterkeyhint", "name",
                        "placeholder", "required", "spellcheck", "type"}),
    "label": frozenset({"for"}),
    "link": frozenset({"href", "rel", "type"}),
    "meta": frozenset({"charset", "content", "http-equiv", "name", "property"}),
    "nav": frozenset({"aria-expanded", "aria-labelledby", "data-md-component", "data-md-level"}),
    "ol": frozenset(),
    "p": frozenset(),
    "script": frozenset({"defer", "src", "type"}),
    "time": frozenset({"datetime"}),
}  # fmt: skip
"""What the theme and our templates write around an article."""

DRAWN: Final = frozenset(
    {"a", "circle", "clippath", "defs", "desc", "ellipse", "g", "line", "marker", "path", "pattern", "polygon", "polyline", "rect", "svg",
     "symbol", "text", "title", "tspan", "use"}
    | {"annotation", "math", "menclose", "merror", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "ms",
       "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "semantics"}
    | {"mmultiscripts", "mprescripts", "none"}
)  # fmt: skip
"""The elements of pictures and formulas."""
_UNDRAWN: Final = re.compile(
    r"on.*|.*src.*|formaction|action|data|style|(?:xlink:)?href|actiontype|xml:base|attributename"
)
"""Attributes of a picture or a formula that are looked at by themselves, or refused."""
_STYLE: Final = re.compile(r"(?:[a-z-]+ ?: ?[\w.%# -]*;? ?)*")


def problems(site_dir: Path, base: str = "/", store: Store | None = None) -> list[str]:
    """What stands in a built site that must not be published, each with its file; at most `MOST`.

    `base`: the path at which the site's root will lie on its host, with a slash at both ends. `store`: where what was seen in a
    page is kept.
    """
    found: list[str] = []
    pages: dict[str, Seen] = {}
    names = set()
    for name, file in storage.walk(site_dir):
        names.add(name)
        if not file.is_file(follow_symlinks=False) or not FILES.fullmatch(name):
            found.append(f"{name}: is not a file of the site")
        elif name.endswith(".html"):
            page = pages[name] = see(site_dir, name, store or Store())
            found += page.problems
    sources = [name for name in names if name.endswith(".md") and f"{name.removesuffix('.md')}.html" not in pages]
    found += [f"{name}: is not a page's Markdown" for name in sorted(sources)]
    for page in pages.values():
        found += _broken(page, pages, names, base)
    return found[:MOST]


@dataclass(frozen=True)
class Seen:
    """What was seen in a page."""

    name: str
    ids: frozenset[str]
    links: tuple[str, ...]
    """The addresses in its article."""
    problems: tuple[str, ...]


def see(site_dir: Path, name: str, store: Store) -> Seen:
    """Look through a page, unless that has been done."""
    text = (site_dir / name).read_text(encoding="utf-8")

    def look() -> Any:
        page = _Page(name, text)
        return [sorted(page.ids), page.links, page.problems]

    ids, links, found = store.once(store.key("seen", name, text), look)
    return Seen(name, frozenset(ids), tuple(links), tuple(found))


class _Page:
    """One page as it is looked through."""

    def __init__(self, name: str, text: str) -> None:
        self.ids: set[str] = set()
        self.links: list[str] = []
        document = LexborHTMLParser(text)
        is_redirect = name not in {"404.html"} and document.css_first("article") is None
        what = [*self._policy(document, text)]
        assert document.root is not None
        waiting: list[tuple[LexborNode | None, str]] = [(document.root, "outside")]
        while waiting:
            node, place = waiting.pop()
            if node is None:
                continue
            if node is not document.root:
                waiting.append((node.next, place))
            if not node.is_element_node:
                continue
            tag, attributes = node.tag or "", node.attributes
            if id_ := attributes.get("id"):
                self.ids.add(id_)
            if tag == "a" and place.endswith("inside") and (address := attributes.get("href")) is not None:
                self.links.append(address)
            what += _wrong(place, tag, tuple(attributes.items()), is_redirect)
            if tag == "article":
                place = "inside"
            elif tag in html.DRAWN:
                place = f"drawn {place}"
            waiting.append((node.child, place))
        if len(document.css("article")) > 1:
            what.append("more than one article")
        self.problems = [f"{name}: {each}" for each in what]

    def _policy(self, document: LexborHTMLParser, text: str) -> Iterator[str]:
        """The page's policy is the first there is, and allows the inline scripts that stand in the page and no others."""
        policies = document.css('meta[http-equiv="Content-Security-Policy" i]')
        expected = security.policy(security.inline_scripts(text))
        if len(policies) != 1 or policies[0].attributes.get("content") != expected:
            yield "its policy is not the one of its scripts"


Attributes = tuple[tuple[str, str | None], ...]


@lru_cache(maxsize=10_000)  # the elements of a site are much alike
def _wrong(place: str, tag: str, attributes: Attributes, is_redirect: bool) -> tuple[str, ...]:
    """What of one element must not be published. `is_redirect`: whether its page is that of an old address."""
    if place == "inside":
        return tuple(_inside(tag, attributes))
    return tuple(_outside(tag, attributes, is_redirect) if place == "outside" else _drawn(tag, attributes))


def _inside(tag: str, attributes: Attributes) -> Iterator[str]:
    if tag not in html.TAGS and tag not in INSIDE:
        yield f"<{tag}> in the article"
        return
    ours = INSIDE.get(tag, frozenset())
    for name, value in attributes:
        if name in ours or (name in _EVERYWHERE and name not in {"class", "id"}) or tag in html.DRAWN:
            continue
        if name == "class":
            if unknown := [
                each for each in (value or "").split() if not (html.CLASS.fullmatch(each) or _CLASS.fullmatch(each))
            ]:
                yield f"the class {quote(unknown[0])} on <{tag}> in the article"
        elif (name == "id" and (value or "").startswith("pn-")) or (
            name == "style" and tag == "div" and _ROWS.fullmatch(value or "")
        ):
            continue
        elif problem := next(html.attribute_problems(tag, name, value or "", 1), None):
            yield f"{problem.what} in the article"
    if tag in html.DRAWN:
        yield from _drawn(tag, attributes)


def _outside(tag: str, attributes: Attributes, is_redirect: bool) -> Iterator[str]:
    if tag not in OUTSIDE and tag != "article":
        yield f"<{tag}> outside the article"
        return
    if tag in html.DRAWN:
        yield from _drawn(tag, attributes)
        return
    known, given = OUTSIDE.get(tag, frozenset()), dict(attributes)
    for name, value in attributes:
        if name not in known and name not in _EVERYWHERE:
            yield f"the attribute {quote(name)} on <{tag}> outside the article"
        elif name in {"src", "action"} or (
            name == "href" and tag == "link" and given.get("rel") in {"stylesheet", "icon"}
        ):
            if not _is_local(value or ""):
                yield f"the address {quote(value or '')} on <{tag}>"
        elif name == "href" and (problem := next(html.attribute_problems("a", name, value or "", 1), None)):
            yield problem.what
        elif (
            name == "http-equiv"
            and (value or "").lower() != "content-security-policy"
            and not (is_redirect and _leads_on(given))
        ):
            yield f"<meta http-equiv={quote(value or '')}>"


def _leads_on(given: dict[str, str | None]) -> bool:
    """Whether an element leads from an old address to another page of the site."""
    refresh = re.fullmatch(r"0; url=([\w./%-]+)", given.get("content") or "")
    return given.get("http-equiv") == "refresh" and bool(refresh and _is_local(refresh[1]))


def _drawn(tag: str, attributes: Attributes) -> Iterator[str]:
    """A picture or a formula: it was checked when it was drawn, so only what could run, load or hide is looked for."""
    if tag not in DRAWN:
        yield f"<{tag}> in a picture or a formula"
    for name, value in attributes:
        if _UNDRAWN.fullmatch(name):
            right = (
                _STYLE.fullmatch(value or "")
                if name == "style"
                else name == "href" and ((tag == "a" and _is_local(value or "")) or (value or "").startswith("#"))
            )
            if not right:
                yield f"the attribute {quote(name)} on <{tag}> in a picture or a formula"


def _is_local(address: str) -> bool:
    parts = urlsplit(address.strip())
    return not parts.scheme and not parts.netloc and "\\" not in address


_FILTER: Final = "tag="
"""How a fragment begins that is not a place but what a list is to show."""


def _broken(page: Seen, pages: dict[str, Seen], names: set[str], base: str) -> Iterator[str]:
    """Addresses in the article that lead to no file of the site, or to no place in a page."""
    for address in dict.fromkeys(page.links):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        target = normpath(join(dirname(page.name), path)) if path else page.name
        if path.startswith("/"):
            target = path.removeprefix(base)  # of the page for addresses that do not exist, which may be shown anywhere
        if target not in names:
            yield f"{page.name}: the link {quote(address)} leads to no file"
        elif (
            (fragment := unquote(parts.fragment))
            and target in pages
            and fragment not in pages[target].ids
            and not fragment.startswith(_FILTER)
        ):
            yield f"{page.name}: the link {quote(address)} leads to no place in {target}"
