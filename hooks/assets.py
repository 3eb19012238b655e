"""The many style sheets and scripts of `overrides/` -> one of each in the site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

from papernotes.build.finish import assets

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

REFERENCE = "assets/_mkdocstrings.css"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Replace what is ours in the lists of the configuration by the one file that holds it; others stay as they are."""
    ours = Path(config.theme.custom_dir)
    styles = [path for path in config.extra_css if (ours / path).is_file()]
    scripts = [str(path) for path in config.extra_javascript if (ours / str(path)).is_file()]
    sheet = assets.merge(ours, styles, assets.STYLES, ".css")
    script = assets.merge(ours, scripts, assets.SCRIPTS, ".js")
    config.extra["assets"] = (sheet, script)
    config.extra_css = [*(path for path in config.extra_css if path not in styles), sheet.path]
    config.extra_javascript = [
        *(path for path in config.extra_javascript if str(path) not in scripts),
        script.path,
    ]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Publish the two files in place of their parts."""
    for merged in config.extra["assets"]:
        for path in merged.sources:
            part = files.get_file_from_path(path)
            if part:
                files.remove(part)
        files.append(File.generated(config, merged.path, content=merged.content))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Only the reference of the Python needs its style sheet; scripts come last."""
    return _lighten(output)


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
    """The page for addresses that do not exist as the others."""
    return _lighten(output_content) if template_name.endswith(".html") else output_content


def _lighten(html: str) -> str:
    return assets.defer(assets.without_reference_styles(html, REFERENCE))
