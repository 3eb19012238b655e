"""The reading path: the papers that the home page leads through, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from papernotes.base import data_file
from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.paper import Paper
from papernotes.text.document import relative
from papernotes.text.frontmatter import read_list

FILE: Final = "_data/path.yml"
MAX_BYTES: Final = 64_000

RULES = (
    Rule(
        "path",
        "阅读顺序里的每一篇都有页面，而且只出现一次",
        "首页和每页的上一篇、下一篇都照这个顺序走；缺一页，路就断了。",
        '- "2305.99999"',
        '- "2305.18290"',
    ),
)


def load(docs_dir: Path, root: Path, papers: dict[str, Paper]) -> tuple[tuple[str, ...], list[Finding]]:
    """Read the path of a docs folder; a folder without one has none.

    Shape: arXiv ids of papers that have a page, in order; a finding for every other entry.
    Raises: OSError where the file system fails.
    """
    file = docs_dir / FILE
    path = relative(file, root)
    text, findings = data_file.read(file, path, MAX_BYTES, "path")
    if text is None:
        return (), findings
    entries, findings = read_list(path, text, "path", "line with '- ' and an id in quotes")
    ids: list[str] = []
    for item in entries:
        if item.kind != "str" or item.value not in papers:
            what = f"{quote(item.text) if item.text else 'the entry'} is not the id of a paper with a page"
            findings.append(item.finding(path, "path", what, "write the page, or remove the line"))
        elif item.value in ids:
            findings.append(item.finding(path, "path", f"{quote(item.text)} is repeated", "keep one"))
        else:
            ids.append(item.value)
    return tuple(ids), findings
