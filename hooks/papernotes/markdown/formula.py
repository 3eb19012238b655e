r"""Formulas: TeX to MathML at build time, by Temml in an embedded JavaScript engine. No script reaches the reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

import quickjs
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from papernotes.data.site import Site
from papernotes.text.document import Document, formulas
from papernotes.text.finding import Finding, quote
from papernotes.text.rule import Rule

RULES = (
    Rule("formula", "公式能排出来", "拼错的命令会让整条公式变成一串源码。", r"$\aplha + 1$", r"$\alpha + 1$"),
)  # fmt: skip

TEMML: Final = Path(__file__).parent / "vendor" / "temml.min.js"
"""Temml 0.13.5, MIT. https://temml.org/"""
_STRAY: Final = re.compile(r"(?<!\\)\$+")
MAX_LENGTH: Final = 5000
"""Characters of one formula; a longer one is refused."""
_SECONDS: Final = 2
_MEMORY: Final = 128_000_000


class FormulaError(ValueError):
    """A formula that cannot be set; the message says why, `position` where in the TeX, from 0 (None: not known)."""

    def __init__(self, message: str, position: int | None) -> None:
        super().__init__(message)
        self.position = position


@cache
def _engine() -> Any:
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.eval(TEMML.read_text(encoding="utf-8"))
    context.eval(
        """
        function render(tex, display) {
          try {
            const html = temml.renderToString(tex, {
              displayMode: display, annotate: true, throwOnError: true, trust: false, strict: false,
              maxExpand: 1000, maxSize: [20, 20], wrap: "none",
            });
            return JSON.stringify({html: html});
          } catch (error) {
            return JSON.stringify({error: String(error.message || error), at: error.position === undefined ? null : error.position});
          }
        }
        """
    )
    return context


@lru_cache(maxsize=20_000)
def render(tex: str, display: bool) -> str:
    """Set one formula.

    Shape: a `<math>` element with the TeX as its annotation.
    Raises: FormulaError where the TeX is wrong, too long, or takes too long.
    Source: https://temml.org/docs/en/administration
    """
    if len(tex) > MAX_LENGTH:
        raise FormulaError(f"the formula has {len(tex)} characters, more than {MAX_LENGTH}", None)
    context = _engine()
    context.set_time_limit(_SECONDS)
    try:
        answer = json.loads(context.get("render")(tex, display))
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        _engine.cache_clear()  # the state of an engine that was stopped is not to be trusted
        raise FormulaError(f"the formula could not be set ({str(error).splitlines()[0]})", None) from None
    if "error" in answer:
        message = str(answer["error"]).removeprefix("ParseError: ").partition(" at position ")[0]
        raise FormulaError(message.partition(" at end of input")[0].strip(), answer["at"])
    return str(answer["html"])


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Formulas that do not parse or do not end, each at its place."""
    for match in formulas(document.prose):
        text = match.group()
        display = text.startswith("$$")
        width = 2 if display else 1
        try:
            render(text[width:-width].strip(), display)
        except FormulaError as error:
            inside = text[width:-width]
            lead = len(inside) - len(inside.lstrip())
            offset = match.start() + width + lead + min(error.position or 0, max(len(inside.strip()) - 1, 0))
            shown = quote(" ".join(inside.split()), 40).replace(r"\\", "\\")  # TeX as it is written
            yield document.finding(offset, "formula", f"{shown}: {error}", "correct the TeX")
    for match in _STRAY.finditer(document.plain):
        fix = "close the formula with a second one in its paragraph, or write \\$ or 美元"
        yield document.finding(match.start(), "formula", "a dollar sign without its partner", fix)


class _Formulas(Treeprocessor):
    """Replaces what Arithmatex found by MathML."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for element in list(parent):
                if element.get("class") == "arithmatex":
                    self._set(element)

    def _set(self, element: Element) -> None:
        text = (element.text or "").strip()
        display = text.startswith("\\[")
        tex = (unescape(text) if display else text)[2:-2].strip()  # Arithmatex escapes the one and not the other
        try:
            math = render(tex, display)
        except FormulaError:  # the checker reports it with its place; a build that skips the checker shows the source
            math = f"<code>{escape(tex)}</code>"
        element.set("class", "pn-formula pn-formula--display" if display else "pn-formula")
        if display:
            element.set("tabindex", "0")
            element.set("role", "group")
            element.set("aria-label", "公式")
        element.text = self.md.htmlStash.store(math)


class FormulaExtension(Extension):
    """Sets the formulas that `pymdownx.arithmatex` has marked."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """After inline patterns (20), before the steps that read text (15)."""
        md.treeprocessors.register(_Formulas(md), "pn-formula", 18)
