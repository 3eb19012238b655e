"""Of what was found, what has a cause of its own: one finding where the slip is, none about what follows from it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from papernotes.base.finding import Finding
from papernotes.data import front_matter
from papernotes.data.paper import kind_of
from papernotes.data.site import TAGS_FILE, Site
from papernotes.rules.marks import raw_marks
from papernotes.text.special_pages import FIGURES, GLOSSARY, PATHS

_FOLLOW_ON_A_PAGE: Final = {
    "page-unclosed": ("raw-mark", "section-missing"),
    **dict.fromkeys(("figure-block", "figure-option", "figure-id"), ("figure-reference", "figure-unmentioned")),
}
"""By rule, the rules whose findings on the same page follow from one of it."""
_FOLLOWS_ON_A_LINE: Final = {
    "unsafe-attribute": ("raw-mark",),
    "unsafe-character": ("character",),
    "unsafe-file": ("unsafe-name",),
    "unsafe-link": ("link-target", "source-mark"),
    "figure-option": ("punctuation",),
    "pairs-option": ("punctuation", "pairs-licence"),
    "pairs-block": ("heading",),
    "term-gloss": ("term-first-use",),
}
"""By rule, the rules whose findings on the same line follow from one of it."""
_BLOCK_END = re.compile(r"[ \t]*/{3,}[ \t]*\Z|#{1,6} ")
_RULE = re.compile(r"---[ \t]*\Z")


def _causes(site: Site, findings: list[Finding]) -> list[Finding]:
    """The findings without those that only follow from others: from a file, or front matter, that could not be read."""
    if other := [each for each in findings if each.rule == "data-format"]:
        return other  # the rest is what this program makes of data that it does not know
    dropped: set[tuple[str, str | None]] = set()  # rule, path (None: wherever)
    if any(each.rule in {"ledger", "ledger-count"} for each in findings):
        dropped |= {("ledger-record", None), ("figure-paper", None), ("path", None), ("paper-reference", None)}
    if any(each.path.endswith(TAGS_FILE) for each in findings):
        dropped |= {("path", None)}
        findings = [
            each
            for each in findings
            if each.rule != "front-matter-value" or not re.search(r"is (?:no|not a) tag\Z", each.what)
        ]
    if any(each.rule == "term-table" for each in findings):
        dropped |= {("term-relation", None)}
    for uri, document in site.documents.items():
        if kind_of(uri) == "paper" and uri not in site.by_uri and uri not in site.drafts:
            dropped |= {("path", None), ("figure-paper", document.path)}
    bare = {each.path for each in findings if each.what == front_matter.NO_FRONT_MATTER}  # its keys stand there as text
    return [
        each
        for each in findings
        if not {(each.rule, None), (each.rule, each.path)} & dropped
        and (each.path not in bare or each.what == front_matter.NO_FRONT_MATTER)
    ]


def of(site: Site, findings: list[Finding]) -> list[Finding]:
    """The findings without those that only follow from another of their line, of their page, or of the block they stand in."""
    findings = _causes(site, findings)
    after = {(rule, each.path) for each in findings for rule in _FOLLOW_ON_A_PAGE.get(each.rule, ())}
    beside = {(rule, each.path, each.line) for each in findings for rule in _FOLLOWS_ON_A_LINE.get(each.rule, ())}
    broken = [each for each in findings if each.rule == "figure-block" or each.what == raw_marks.SECOND]
    paths = {each.path for each in broken}
    lines = {each.path: each.text.split("\n") for each in site.documents.values() if each.path in paths}
    made = {site.documents[uri].path for uri in (FIGURES, GLOSSARY, PATHS) if uri in site.documents}
    told: defaultdict[tuple[str, str], set[str]] = defaultdict(set)  # a page made of others repeats it
    for each in findings:
        told[each.rule, each.what].add(each.path)
    known, inside = {*after, *beside}, set[tuple[str, int]]()
    for each in broken:
        text, last = lines[each.path], _RULE if each.what == raw_marks.SECOND else _BLOCK_END
        if last is _RULE or not last.match(text[each.line - 1]):
            end = next((at for at in range(each.line, len(text)) if last.match(text[at])), len(text))
            inside |= {(each.path, line) for line in range(each.line, end + 2)}
    return [
        each
        for each in findings
        if not ({(each.rule, each.path), (each.rule, each.path, each.line)} & known)
        and (
            (each.path, each.line) not in inside or each.rule.startswith(("unsafe-", "figure-block")) or each in broken
        )
        and not (each.path in made and each.rule.startswith("unsafe-") and len(told[each.rule, each.what]) > 1)
    ]
