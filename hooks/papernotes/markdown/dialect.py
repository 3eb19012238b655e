"""The Markdown of this site: the one list of extensions. What mkdocs.yml names is added to it, and our own steps by `parse`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from pymdownx.slugs import slugify

from papernotes.base.finding import StopError
from papernotes.text.frontmatter import LOADER

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
    "toc": {
        "marker": "",  # every page has its contents list already
        "anchorlink": True,
        "anchorlink_class": "pn-heading",
        "slugify": slugify(case="lower"),
        "toc_depth": 3,
    },
    "pymdownx.arithmatex": {"generic": True, "inline_syntax": ["dollar"], "block_syntax": ["dollar"]},
    "pymdownx.highlight": {"anchor_linenums": False},
}


BUILT_IN: Final = frozenset({"toc", "tables", "fenced_code"})
"""What MkDocs adds to every list of extensions."""


@dataclass(frozen=True)
class Dialect:
    """The extensions that read a page, and their settings."""

    extensions: tuple[Any, ...] = EXTENSIONS
    configs: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: CONFIGS)

    def with_(self, names: Iterable[str], configs: Mapping[str, Mapping[str, Any]]) -> Dialect:
        """The dialect with further extensions; settings of one that is there already are added to its own."""
        merged = {name: {**self.configs.get(name, {}), **configs.get(name, {})} for name in {*self.configs, *configs}}
        new = tuple(name for name in names if name not in self.extensions)
        return Dialect((*self.extensions, *new), merged)


def of(config_file: Path) -> Dialect:
    """The dialect with what a configuration adds to it; without such a file, the dialect as it is.

    Raises: StopError where the list cannot be read without running what it names.
    """
    if not config_file.is_file():
        return Dialect()
    try:
        loader = LOADER(config_file.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        nodes = root.value if isinstance(root, yaml.MappingNode) else []
        found = [value for key, value in nodes if key.value == "markdown_extensions"]
        listed = loader.construct_object(found[0], deep=True) if found else []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StopError(f"{config_file.name}: markdown_extensions cannot be read: {error}") from None
    if isinstance(listed, dict):
        listed = [{name: options} for name, options in listed.items()]
    names: list[str] = []
    configs: dict[str, Mapping[str, Any]] = {}
    for each in listed or ():
        for name, options in each.items() if isinstance(each, dict) else ((str(each), None),):
            names.append(name)
            configs[name] = options or {}
    return Dialect().with_([name for name in names if name not in BUILT_IN], configs)
