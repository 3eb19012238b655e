"""The language check: terms, characters, punctuation and numbers of every page, and what can be mended without asking."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from typing import Final

from papernotes.base.finding import Finding, visible
from papernotes.data.site import Site
from papernotes.rules.language import characters, layout, numbers, wording
from papernotes.text.document import Document
from papernotes.text.masking import FILL, figure_blocks, readable
from papernotes.text.special_pages import ERRATA

RULES = (*wording.RULES, *characters.RULES, *numbers.RULES)

_LEFT_ALONE: Final = re.compile(r"<!--\s*allow\s+(?:character|punctuation):")


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Every language rule over the title, the summary and the body of a page."""
    errata = document.uri == ERRATA
    paper = site.by_uri.get(document.uri)
    text = readable(document)
    known = site.models.known_sizes
    names = frozenset({paper.name}) if paper else frozenset()
    for problem in (
        *wording.check(text, site.glossary, quotes_errors=errata, figures=figure_blocks(document), own_names=names),
        *characters.check(text),
        *(() if errata else numbers.check(text, known)),
    ):
        yield document.finding(*problem)
    for match in re.finditer(FILL, document.prose):  # in the masked text it would mean something else
        yield document.finding(match.start(), "character", "U+E000 is a private-use character", "remove it")
    for key in ("title", "summary"):
        node = document.key(key)
        if node and node.kind == "str":
            for problem in (*characters.check(node.value), *wording.check_renderings(node.value, site.glossary)):
                yield document.front_finding(key, problem.rule, problem.what, problem.fix)


def fix(document: Document) -> str:
    """The whole text of a page with everything mended that is safe to mend: characters, punctuation, spacing.

    Lines on which a comment allows one of these rules stay as they are.
    """
    masked = readable(document)
    mended = characters.fix(document.body, masked)
    lines = zip(document.body.split("\n"), mended.split("\n"), strict=True)
    body = "\n".join(old if _LEFT_ALONE.search(old) else new for old, new in lines)
    return document.text[: document.body_start] + body


def mend(site: Site, only: Collection[str] | None = None) -> Iterator[tuple[Document, str, str]]:
    """The pages that `fix` would change.

    Shape: the page, its new text, and the change as a unified diff. `only`: these paths alone, from the root.
    """
    for document in site.documents.values():
        if only is None or document.path in only:
            new = fix(layout.fix(document, site))
            if new != document.text:
                lines = difflib.unified_diff(
                    document.text.splitlines(keepends=True),
                    new.splitlines(keepends=True),
                    visible(document.path),
                    visible(document.path),
                    n=0,
                )
                yield document, new, "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
