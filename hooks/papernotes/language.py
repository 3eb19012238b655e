"""The language check: terms, characters, punctuation and numbers of every page, and what can be mended without asking."""

from __future__ import annotations

from collections.abc import Iterator

from papernotes import numbers, script, wording
from papernotes.document import Document
from papernotes.finding import Finding
from papernotes.reading import figure_blocks, readable
from papernotes.site import Site

RULES = (*wording.RULES, *script.RULES, *numbers.RULES)

ERRATA = "errata.md"
"""The one page that quotes wrong renderings, between 「」."""


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Every language rule over the title, the summary and the body of a page."""
    errata = document.uri == ERRATA
    paper = site.by_uri.get(document.uri)
    text = readable(document)
    known = site.sizes
    names = frozenset({paper.name}) if paper else frozenset()
    for problem in (
        *wording.check(text, site.glossary, quotes_errors=errata, figures=figure_blocks(document), own_names=names),
        *script.check(text),
        *(() if errata else numbers.check(text, known)),
    ):
        yield document.finding(problem.offset, problem.rule, problem.what, problem.fix)
    if document.front:
        for key in ("title", "summary"):
            node = document.front.entries.get(key)
            if node and node.kind == "str":
                for problem in (*script.check(node.value), *wording.check_renderings(node.value, site.glossary)):
                    yield document.front_finding(key, problem.rule, problem.what, problem.fix)


def fix(document: Document) -> str:
    """The whole text of a page with everything mended that is safe to mend: characters, punctuation, spacing."""
    head = document.text[: document.body_start]
    return head + script.fix(document.body, readable(document))
