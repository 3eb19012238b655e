"""HTML as pages have it -> a tree -> XHTML as e-books want it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser, LexborNode

XHTML: Final = "http://www.w3.org/1999/xhtml"
EPUB: Final = "http://www.idpf.org/2007/ops"
NAMESPACES: Final = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
"""Of the elements that begin another language than XHTML."""
XLINK: Final = "http://www.w3.org/1999/xlink"

_UNSEEN: Final = re.compile("[\u2060\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold; and the word joiner, for which small fonts show a box."""
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]")


def read(html: str) -> Element:
    """A piece of HTML as a tree below a `<div>`: names without namespaces, comments left out."""
    root = Element("div")
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    if body:
        _copy(body, root)
    return root


def _copy(node: LexborNode, parent: Element) -> None:
    last: Element | None = None
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            text = _UNSEEN.sub("", child.text_content or "")
            if last is None:
                parent.text = (parent.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        elif child.tag and not child.tag.startswith("-"):
            attributes = {name: _UNSEEN.sub("", value or "") for name, value in child.attributes.items()}
            last = Element(child.tag, attributes)
            parent.append(last)
            _copy(child, last)


def name(id_: str) -> str:
    """An id as XML takes it: letters, digits, `_`, `.`, `-`, the first no digit; different ids stay different."""
    made = _NOT_IN_NAMES.sub(lambda match: f"_{ord(match[0]):x}_", id_)
    return made if re.match(r"[^\W\d]", made) else f"_{made}"


def write(title: str, body: Element, style: str, *, lang: str) -> str:
    """A whole document. `body`: the `<body>`; `style`: the address of its style sheet; `lang`: of all of it."""
    for element in body.iter():
        if element.tag in NAMESPACES:
            element.set("xmlns", NAMESPACES[element.tag])
        if "lang" in element.attrib:
            element.set("xml:lang", element.attrib["lang"])
    html = Element("html", {"xmlns": XHTML, "xmlns:epub": EPUB, "lang": lang, "xml:lang": lang})
    head = ElementTree.SubElement(html, "head")
    ElementTree.SubElement(head, "meta", {"charset": "utf-8"})
    ElementTree.SubElement(head, "title").text = title
    ElementTree.SubElement(head, "link", {"rel": "stylesheet", "type": "text/css", "href": style})
    html.append(body)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{ElementTree.tostring(html, encoding="unicode")}\n'
    )


# --- steps that ElementTree does not have -----------------------------------------------------------------------------


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return element.get("class", "").split()


def with_class(root: Element, name: str) -> list[Element]:
    """The elements below a root that have a class, in order."""
    return [element for element in root.iter() if name in classes(element)]


def pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    """Every element below a root with its parent, in an order in which it may be removed or replaced."""
    for parent in list(root.iter()):
        for child in list(parent):
            yield parent, child


def remove(parent: Element, child: Element) -> None:
    """Take an element out; the text behind it stays."""
    _leave(parent, child, child.tail or "")
    parent.remove(child)


def unwrap(parent: Element, child: Element) -> None:
    """Put in the place of an element what it holds."""
    at = list(parent).index(child)
    inside = list(child)
    if inside:
        inside[-1].tail = (inside[-1].tail or "") + (child.tail or "")
        _leave(parent, child, child.text or "")
    else:
        _leave(parent, child, (child.text or "") + (child.tail or ""))
    parent[at : at + 1] = inside


def _leave(parent: Element, child: Element, text: str) -> None:
    """Append a text to what stands before a child."""
    at = list(parent).index(child)
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def text_of(element: Element) -> str:
    """What an element says in one line, formulas by their alternative text."""

    def pieces(element: Element) -> Iterator[str]:
        if element.tag == "math":
            yield element.get("alttext", "")
            return
        yield element.text or ""
        for child in element:
            yield from pieces(child)
            yield child.tail or ""

    return " ".join("".join(pieces(element)).split())
