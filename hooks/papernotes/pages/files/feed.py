"""The Atom feed: new and changed pages, each with its time and what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from xml.etree import ElementTree

from papernotes.base.git import Change
from papernotes.data.paper import Note, Paper, Topic
from papernotes.data.site import Site
from papernotes.pages.files.exports import HOME, LANGUAGE, LICENCE, address, change_of
from papernotes.text.document import blank_code
from papernotes.words import Words

FEED_ENTRIES: Final = 50
_ATOM: Final = "http://www.w3.org/2005/Atom"

Before = Callable[[str, str], str | None]
"""(uri, commit) -> the page as it was; None where that is not known."""


def write(
    site: Site,
    site_url: str,
    site_name: str,
    changes: Mapping[str, Change],
    built: datetime,
    before: Before,
) -> str:
    """An Atom feed of new and changed pages, newest first; each entry says what its page's last day of changes brought.

    Source: RFC 4287.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": LANGUAGE})

    def add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = text
        return element

    pages = ((change_of(page, changes), page) for page in site.notes.values())
    dated = sorted(pages, key=lambda pair: (pair[0].updated, pair[1].uri))
    newest = dated[-1][0].updated if dated else built
    add(root, "id", address(site_url, ""))
    add(root, "title", site_name)
    add(root, "updated", _time(newest))
    add(root, "link", rel="self", type="application/atom+xml", href=address(site_url, "feed.xml"))
    add(root, "link", rel="alternate", type="text/html", href=address(site_url, HOME))
    add(add(root, "author"), "name", site_name)
    add(root, "rights", f"CC BY 4.0 {LICENCE}")
    for change, page in reversed(dated[-FEED_ENTRIES:]):
        entry = add(root, "entry")
        add(entry, "id", address(site_url, page.url))
        add(entry, "title", page.title)
        add(entry, "link", rel="alternate", type="text/html", href=address(site_url, page.url))
        add(entry, "published", _time(change.published))
        add(entry, "updated", _time(change.updated))
        add(entry, "summary", f"{_news(page, change, site, before) if page.uri in changes else ''}{page.summary}")
        for tag in page.tags if isinstance(page, Paper) else (page.tag,) if isinstance(page, Topic) else ():
            add(entry, "category", term=tag)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _news(page: Note, change: Change, site: Site, before: Before) -> str:
    if not change.before:
        return site.words["feed.new"]
    old = before(page.uri, change.before)
    return "" if old is None else what_changed(old, site.documents[page.uri].text, site.words)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def what_changed(before: str, now: str, words: Words) -> str:
    """The sections in which two versions of a page differ, in words: `改动：「要点」，「结果」。`; empty where none does."""
    top = words["feed.top"]
    old, new = _sections(before, top), _sections(now, top)
    parts = {
        "feed.added": [name for name in new if name not in old],
        "feed.changed": [name for name in new if name in old and new[name] != old[name]],
        "feed.removed": [name for name in old if name not in new],
    }
    quoted = {
        key: words["comma"].join(words.say("reading.section", name=name) for name in names)
        for key, names in parts.items()
    }
    return "".join(words.say(key, sections=sections) for key, sections in quoted.items() if sections)


def _sections(text: str, top: str) -> dict[str, str]:
    """What stands below each heading of the second level, and above the first one, which is called `top`. Shape: heading -> text."""
    plain = blank_code(text)
    starts = [(match.start(), match[1].strip()) for match in re.finditer("^## (.+)$", plain, re.MULTILINE)]
    edges = [0, *(start for start, _ in starts), len(text)]
    found: dict[str, str] = {}
    for name, start, end in zip([top, *(name for _, name in starts)], edges, edges[1:], strict=False):
        found[name] = found.get(name, "") + text[start:end]
    return found
