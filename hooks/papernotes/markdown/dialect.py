"""The Markdown of this site: the one list of extensions. What `markdown_extensions` in mkdocs.yml names is added to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pymdownx.slugs import slugify

EXTENSIONS: Final = (
    "toc",
    "tables",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "pymdownx.arithmatex",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.superfences",
)
CONFIGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "toc": {"permalink": True, "permalink_title": "本节的链接", "slugify": slugify(case="lower"), "toc_depth": 3},
    "pymdownx.arithmatex": {"generic": True, "inline_syntax": ["dollar"], "block_syntax": ["dollar"]},
    "pymdownx.highlight": {"anchor_linenums": False},
}


@dataclass(frozen=True)
class Dialect:
    """The extensions that read a page, and their settings."""

    extensions: tuple[Any, ...] = EXTENSIONS
    configs: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: CONFIGS)

    def with_(self, names: tuple[Any, ...], configs: Mapping[str, Mapping[str, Any]]) -> Dialect:
        """The dialect with further extensions; settings of one that is there already are added to its own."""
        merged = {name: {**self.configs.get(name, {}), **configs.get(name, {})} for name in {*self.configs, *configs}}
        new = tuple(name for name in names if name not in self.extensions)
        return Dialect((*self.extensions, *new), merged)
