"""What is taken from MkDocs: these names and no others. The other modules of the build take them from here.

ProperDocs, which continues MkDocs, takes its place before this is loaded (`publish._configured`). Another engine would need what
stands here, the events of `plugin.py`, and the templates of the theme; docs/guide/code.md tells what each is for.
"""

from __future__ import annotations

from jinja2 import TemplateError, TemplateSyntaxError
from mkdocs.commands.build import _build_page as build_page
from mkdocs.commands.build import _populate_page as populate_page
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError, PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_build_timestamp

__all__ = [
    "Abort",
    "BasePlugin",
    "BuildError",
    "File",
    "Files",
    "InclusionLevel",
    "MkDocsConfig",
    "Navigation",
    "Page",
    "PluginError",
    "build",
    "build_page",
    "get_build_timestamp",
    "get_toc",
    "load_config",
    "log",
    "populate_page",
]

log = get_plugin_logger("papernotes")
"""The log of a build, in MkDocs' manner."""


def wrong_template(error: TemplateError) -> str:
    """What is wrong with a template, where the error tells at its line."""
    where = f"{error.filename}:{error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
    return f"{where}{error.message}; mend the template"
