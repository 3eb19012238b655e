"""A Content-Security-Policy for each built page: scripts of this site run, and nothing that a page's author wrote.

The theme has a few inline scripts. A page may run those and no other, so a script is allowed by its hash only where its text
is that of a template of the theme; whatever else stands in the page, in the article or behind a forged end of it, is not.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

BEGINNING: Final = '<meta http-equiv="Content-Security-Policy" content="'
"""How the policy begins in every built page."""

DIRECTIVES: Final = (
    ("default-src", "'none'"),
    ("script-src", "'self'{scripts}"),
    ("style-src", "'self' 'unsafe-inline'"),  # tables are aligned by style attributes; styles cannot load anything
    ("img-src", "'self' data:"),  # the theme's icons are data: masks
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("worker-src", "'self'"),
    ("manifest-src", "'self'"),
    ("form-action", "'self'"),  # without JavaScript the search field leads to the list of all pages
    ("base-uri", "'none'"),
    ("object-src", "'none'"),
    ("frame-src", "'none'"),
)
"""The policy. `frame-ancestors` and reports do not work in a `<meta>`.

Source: https://www.w3.org/TR/CSP3/#meta-element
"""

_SCRIPT: Final = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<text>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_DATA: Final = re.compile(
    r"""\btype\s*=\s*["']?(?:application|text)/(?:ld\+)?(?:json|plain|template)\b""", re.IGNORECASE
)
_ADDRESS_VALUE: Final = r"[\w./:~%-]*"
_CHARSET: Final = re.compile(r"""<meta\s+charset=["']?utf-8["']?\s*/?>""", re.IGNORECASE)
_UNSTOPPED: Final = re.compile(
    r"<(?=(?:meta|link|base|iframe|frame|frameset|fencedframe|portal|object|embed|applet|form)\b)", re.IGNORECASE
)


class Templates:
    """The inline scripts of a theme, read from its templates; what they print is the address of the site's root."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._patterns: list[re.Pattern[str]] = []
        for folder in folders:
            for file in sorted(
                [*folder.glob("*.html"), *folder.glob("partials/**/*.html")]
            ):  # not the theme's 10,000 icons
                for match in _SCRIPT.finditer(file.read_text(encoding="utf-8")):
                    if _inline(match) and "{%" not in match["text"]:
                        self._patterns.append(_pattern(match["text"]))

    def know(self, script: str) -> bool:
        """Whether a script's text is that of a template."""
        return any(pattern.fullmatch(script) for pattern in self._patterns)


def _pattern(source: str) -> re.Pattern[str]:
    """A template's text as an expression for what it prints."""
    parts = re.split(r"\{\{.*?\}\}", source, flags=re.DOTALL)
    return re.compile(_ADDRESS_VALUE.join(map(re.escape, parts)))


def _inline(match: re.Match[str]) -> bool:
    """Whether a browser runs the text of a script element; data and files are none of that."""
    attributes = match["attributes"]
    return not re.search(r"\bsrc\s*=", attributes, re.IGNORECASE) and not _DATA.search(attributes)


def inline_scripts(html: str) -> list[str]:
    """The texts of the scripts that stand in a page, in order."""
    return [match["text"] for match in _SCRIPT.finditer(html) if _inline(match)]


@lru_cache(maxsize=256)
def hash_source(script: str) -> str:
    """What a policy calls a script by: `'sha256-…'`."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def policy(scripts: Sequence[str]) -> str:
    """The policy under which these inline scripts run and no others."""
    sources = "".join(f" {source}" for source in dict.fromkeys(map(hash_source, scripts)))
    return "; ".join(f"{name} {value.format(scripts=sources)}" for name, value in DIRECTIVES)


def protect(html: str, templates: Templates) -> tuple[str, list[str]]:
    """Put the policy into a built page, before anything it can act on.

    Shape: the page; the inline scripts that are not a template's and will not run.
    Raises: ValueError where the page has no `<meta charset="utf-8">` to put it behind. (The charset comes first because
    browsers look for it in the first 1,024 bytes only; it loads and runs nothing.)
    """
    found = inline_scripts(html)
    known = [script for script in found if templates.know(script)]
    charset = _CHARSET.search(html)
    if charset is None:
        raise ValueError('the page has no <meta charset="utf-8">')
    meta = f'{BEGINNING}{policy(known)}">'
    unknown = [script for script in found if script not in known]
    return f"{html[: charset.end()]}\n      {meta}{html[charset.end() :]}", unknown


def disarm(content: str) -> str:
    """Make text of the tags in an article that no policy stops wholly.

    `<meta>` leads away; `<link>` calls other hosts, and so does Chromium for a frame or a form before it blocks it (measured:
    a TLS connection that names the host). The checker refuses them too; this is the second lock.
    """
    return _UNSTOPPED.sub("&lt;", content)
