"""The page of the paths: each step with what to look for, and questions whose answers unfold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from papernotes.base.escaping import escape_markdown
from papernotes.base.finding import Finding, quote
from papernotes.data.reading.paths import FILE, Question, ReadingPath, Step
from papernotes.data.site import Site
from papernotes.text.document import Document, relative
from papernotes.text.source_mark import parse

_NUMBER: Final = re.compile(r"[0-9][0-9,.]*[0-9]|[0-9]")


def markdown(site: Site) -> str:
    """Every path, as Markdown to follow the page's introduction."""
    return "\n".join(_path(each, site) for each in site.paths)


def _path(path: ReadingPath, site: Site) -> str:
    lines = [f"## {escape_markdown(path.title)} {{#{path.anchor}}}", "", escape_markdown(path.about), ""]
    for number, step in enumerate(path.steps, 1):
        lines += _step(number, step, path, site)
    return "\n".join(lines)


def _step(number: int, step: Step, path: ReadingPath, site: Site) -> Iterator[str]:
    paper = site.papers[step.paper]
    yield f"### {number}. {escape_markdown(paper.name)} {{#{path.anchor}-{number}}}"
    yield f"\n[@{step.paper}]：{escape_markdown(step.look)}\n"
    for ask in step.asks:
        yield '<details class="pn-ask" markdown="1">'
        yield f'<summary markdown="span">{escape_markdown(ask.question)}</summary>\n'
        yield f"{escape_markdown(ask.answer)}【来源：{ask.source}】\n"
        yield "</details>\n"


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Numbers of answers that the page of their paper does not have."""
    paper = site.by_uri.get(document.uri)
    path = relative(site.docs_dir / FILE, site.root)
    for ask in (ask for each in site.paths for step in each.steps for ask in step.asks) if paper else ():
        if paper and _paper_of(ask) == paper.arxiv:
            for number in _NUMBER.findall(ask.answer):
                if not re.search(rf"(?<![0-9.,]){re.escape(number)}(?![0-9]|[.,][0-9])", document.body):
                    what = f"{quote(number)} of an answer is not on {document.path}"
                    yield Finding(path, ask.line, 1, "reading-answer", what, "write what the page says")


def _paper_of(ask: Question) -> str:
    """The arXiv id of the paper that an answer is from; of the first where there are more."""
    return next((group.paper.id for group in parse(ask.source) if group.paper), "")
