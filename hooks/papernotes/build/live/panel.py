"""What stands above a page under `make serve` when something is wrong: its findings, each at its line, and where else there are some."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Final

from papernotes.base.finding import Finding, visible
from papernotes.text.document import address

SCRIPT: Final = "/-/live.js"
SHEET: Final = "/-/live.css"
MOST: Final = 20
"""So many findings of one file are shown; who has more will not read them one by one."""
Problems = Mapping[str, Sequence[Finding]]
"""The findings by the path of their file."""


def put(html: str, moment: int, problems: Problems, path: str | None, older: Collection[str], docs: str) -> str:
    """A page with the script that loads it anew, and above it what is wrong.

    `moment`: of the build that is shown. `path`: of the page's own file; None where it has none. `older`: the paths of what is
    shown as it was before. `docs`: the docs folder, as paths begin with it.
    """
    script = f'<script src="{SCRIPT}" data-moment="{moment}"></script>'
    before, end, after = html.rpartition("</body>")
    html = f"{before}{script}{end}{after}" if end else html + script
    if not problems:
        return html
    start = html.find(">", html.find("<body")) + 1
    return f'{html[:start]}<link rel="stylesheet" href="{SHEET}">{panel(problems, path, older, docs)}{html[start:]}'


def panel(problems: Problems, path: str | None, older: Collection[str], docs: str) -> str:
    """The findings of the page and of what is no page, and a link to each other page that has some."""
    own = {each: found for each, found in problems.items() if each == path or not is_page(each, docs)}
    others = {each: found for each, found in problems.items() if each not in own}
    parts = []
    if any(each != path for each in own):
        parts.append("<p>有的文件要改。改好之前，整个网站停在上一个没有问题的样子。</p>")
    elif own:
        parts.append(f"<p>这一页有要改的地方。{'改好之前，下面是上一个没有问题的样子。' if path in older else ''}</p>")
    if own:
        lines = [f"<li>{_line(finding)}</li>" for found in own.values() for finding in found[:MOST]]
        more = sum(max(0, len(found) - MOST) for found in own.values())
        parts.append(f"<ul>{''.join(lines)}{f'<li>还有 {more} 处</li>' if more else ''}</ul>")
    if others:
        links = "、".join(
            f'<a href="/{escape(address(each.removeprefix(f"{docs}/")))}">{escape(visible(each))}</a>（{len(found)} 处）'
            for each, found in others.items()
        )
        parts.append(f"<p>要改的还有 {links}。</p>")
    stands = any(each != path or path in older for each in own)  # nothing else tells that what was saved is not shown
    return f'<aside class="pn-live{" pn-live--stands" if stands else ""}" role="alert">{"".join(parts)}</aside>'


def bare(words: str) -> str:
    """A page of one sentence, for what there is no page of yet."""
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>预览</title></head>'
        f"<body><p>{escape(words)}</p></body></html>"
    )


def is_page(path: str, docs: str) -> bool:
    """Whether a path is that of a page."""
    return path.startswith(f"{docs}/") and path.endswith(".md") and not path.startswith(f"{docs}/_data/")


def _line(finding: Finding) -> str:
    where = f"{visible(finding.path)}:{finding.line}:{finding.column}"
    words = escape(f"{finding.rule}: {visible(finding.what)}; {visible(finding.fix)}")
    return f"<code>{escape(where)}</code> {words}"
