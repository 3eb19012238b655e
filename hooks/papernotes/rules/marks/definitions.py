"""What Markdown keeps for another place, or counts for itself: footnotes, addresses of links, the numbers of lists.

A footnote or an address that nothing refers to, or that is there twice, is lost without a mark on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from papernotes.base.finding import Finding, quote
from papernotes.data.site import Site
from papernotes.text.document import Document, blank
from papernotes.text.masking import Cover, figure_blocks, paragraphs
from papernotes.text.parsed import LINE
from papernotes.text.special_pages import REFERENCE

_FOOTNOTE: Final = re.compile(r"^[ ]{0,3}\[\^(?P<name>[^\]\n]*)\](?P<colon>[:：])", re.MULTILINE)
_ADDRESS: Final = re.compile(
    r"^(?:[ ]{0,3}>)*+[ ]{0,3}\[(?![\^@~])(?P<name>[^\[\]\n]*+)\]:[ ]*+(?:\n[ \t>]*+)?\S++[ ]*+(?:\n[ \t>]*+)?"
    r"(?:([\"']).*\2[ ]*|\(.*\)[ ]*)?$",
    re.MULTILINE,
)
"""Of links by name, as Python-Markdown reads it."""
_NAME: Final = re.compile(r"\[([^\[\]\n]*)\](?!:)")
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>kbd|sub|sup)(?:\s[^<>]*)?>")
_NUMBER: Final = re.compile(r"[ \t>]*([0-9]{1,9})\.[ \t]")


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Footnotes, addresses and items that the page does not show as they are written."""
    if document.uri.startswith(REFERENCE):
        return
    root = site.parsed(document.uri).root
    yield from _footnotes(document, root)
    yield from _addresses(document)
    yield from _numbers(document, root)
    yield from _tags(document, {line for line, _ in site.parsed(document.uri).raw})


def _tags(document: Document, told: set[int]) -> Iterator[Finding]:
    """Tags of the short list that are opened or closed alone: a browser closes them where it likes. `told`: lines with other HTML."""
    text = re.sub(r"\$[^$\n]*\$", blank, document.prose)
    for part in paragraphs(text):
        opened: list[re.Match[str]] = []
        for match in _TAG.finditer(text, part.start, part.end):
            if opened and match["end"] and opened[-1]["name"] == match["name"]:
                opened.pop()
            else:
                opened.append(match)
        for match in opened[:1]:
            if document.line_of(match.start()) not in told:
                fix = "remove it" if match["end"] else f"close it with </{match['name']}> in its paragraph"
                what = f"{match.group()} {'closes' if match['end'] else 'is closed by'} nothing"
                yield document.finding(match.start(), "raw-mark", what, fix)


def _footnotes(document: Document, root: Element) -> Iterator[Finding]:
    referred = {element.get("href", "")[1:] for element in root.iter("a") if element.get("class") == "footnote-ref"}
    items = {id_: item for item in root.iter("li") if (id_ := item.get("id", "")).startswith("fn:")}
    names: set[str] = set()
    for match in _FOOTNOTE.finditer(document.prose):
        name = match["name"]
        mark = quote(f"[^{name}]")
        if match["colon"] == "：":
            what, fix = f"a full-width colon behind the footnote {mark}", f"write [^{name}]: text"
            yield document.finding(match.start("colon"), "raw-mark", what, fix)
            continue
        if (item := items.get(f"fn:{name}")) is None:
            continue
        what, fix = "", ""
        if name in names:
            what, fix = f"the footnote {mark} is repeated; the page shows the last", "give it a name of its own"
        elif f"fn:{name}" not in referred:
            what, fix = f"nothing refers to the footnote {mark}", "refer to it, or remove it"
        elif not re.search(r"\w", "".join(item.itertext())) and item.find(".//*[@class='arithmatex']") is None:
            what, fix = f"the footnote {mark} has no text", "write it behind the colon"
        names.add(name)
        if what:
            yield document.finding(match.start("name") - 2, "raw-mark", what, fix)


def _addresses(document: Document) -> Iterator[Finding]:
    """A line that begins with `[name]:` is the address of a link, and not shown."""
    found = list(_ADDRESS.finditer(document.prose))
    used = {_plain(match[1]) for match in _NAME.finditer(document.prose)} if found else set()
    names: set[str] = set()
    for match in found:
        name = _plain(match["name"])
        what, fix = "", ""
        if name in names:
            what, fix = "is repeated; the page takes the last", "give it a name of its own"
        elif name not in used:
            what, fix = "is the address of no link, and not shown", "write a full-width colon before text, or remove it"
        names.add(name)
        if what:
            at = match.start("name") - 1
            yield document.finding(at, "raw-mark", f"{quote(match.group().strip(), 24)} {what}", fix)


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()


def _numbers(document: Document, root: Element) -> Iterator[Finding]:
    """Items that the page counts otherwise than they are numbered; a list of nothing but 1. may be counted by Markdown."""
    source = document.body.split("\n")
    figures = Cover(figure_blocks(document))
    for parent in root.iter("ol"):
        lines = [int(item.get(LINE, "0")) for item in parent if item.tag == "li"]
        written = [(line, _NUMBER.match(source[line - 1])) for line in lines if line]
        numbers = [int(number[1]) for _, number in written if number]
        if not numbers or len(numbers) != len(lines) or set(numbers) == {1}:
            continue
        first = int(parent.get("start", "1"))
        above = next((text for text in reversed(source[: lines[0] - 1]) if text.strip()), "")
        if re.match(r"[ ]{1,3}\S", above) or figures.holds(*[document.offset_of(lines[0])] * 2):
            continue  # what should lie in an item above is told, and so are the annotations of a figure
        for shown, (line, number) in enumerate(written, first):
            if number and int(number[1]) != shown:
                what = f"'{number[1]}.' is shown as {shown}"
                fix = "number the items in order; a paragraph within an item is indented by four spaces"
                yield document.finding(document.offset_of(line) + number.start(1), "raw-mark", what, fix)
                break
