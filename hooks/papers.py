"""Front matter -> Paper records. First in `hooks:`; every later hook reads the Site it leaves in `config.extra`."""

from __future__ import annotations

import html
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from papernotes.build import stamp
from papernotes.data import paper
from papernotes.data.site import Site
from papernotes.markdown import typography
from papernotes.pages import redirects
from papernotes.rules import checker

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

log = get_plugin_logger("papernotes")


class _Command:
    """What MkDocs was started for; it says so once, before there is a configuration to keep it in."""

    serve = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], **_: Any) -> None:
    """Note whether the pages are for the writer's own eyes: then drafts are shown."""
    _Command.serve = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take addresses from the environment or from `extra:`; without them no link that needs them is written."""
    config.site_url = config.site_url or config.extra.get("site_url", "")
    config.repo_url = config.repo_url or config.extra.get("repo_url", "")
    config.edit_uri = "edit/main/docs/" if config.repo_url else None
    return config


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Check every page before MkDocs touches the old site; stop once, with every finding listed."""
    if isinstance(config.extra.get("site"), Site):  # given as an object by `publish.build`; YAML cannot say it
        return
    docs_dir = Path(config.docs_dir)
    root = (
        Path(config.config_file_path).parent
        if docs_dir.is_relative_to(Path(config.config_file_path).parent)
        else docs_dir.parent
    )
    read = checker.preview if _Command.serve else checker.check
    result = read(docs_dir, root=root, today=date.today())
    for finding in result.previewed:
        print(finding, file=sys.stderr)
    if result.findings:
        lines = [*map(str, result.findings), f"{len(result.findings)} findings; nothing was built"]
        raise PluginError("\n".join(lines))
    if result.site.drafts:
        log.info("drafts left out: %s", ", ".join(sorted(result.site.drafts)))
    config.extra["site"] = result.site


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Leave drafts out; add a page at every old address."""
    site = config.extra["site"]
    for uri in site.drafts:
        file = files.get_file_from_path(uri)
        if file:
            files.remove(file)
    for address, target in redirects.redirects(site).items():
        files.append(File.generated(config, address, content=redirects.page(address, target)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say which page comes next to the Markdown extensions, and give the theme an escaped title and description.

    The theme prints both without escaping; MkDocs' own reading of the front matter is not used.
    """
    site = config.extra["site"]
    config.extra["here"] = page.file.src_uri
    document = site.documents.get(page.file.src_uri)
    if document is None:
        return markdown
    entries = document.front.entries if document.front else {}
    meta: dict[str, Any] = {
        "hide": [node.value for node in entries["hide"].value] if "hide" in entries else [],
    }
    if "title" in entries:
        meta["title"] = html.escape(entries["title"].value)
    if "summary" in entries:
        meta["description"] = html.escape(entries["summary"].value)
    page.meta.clear()
    page.meta.update(meta)
    return document.body


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Show the templates of a paper page its record as `paper`, and to all of them the site and the build's stamp."""
    site = config.extra["site"]
    context["site"] = site
    context["phrases"] = lambda title: typography.phrases(title, site.glossary.uses)
    context["kind"] = paper.kind_of(page.file.src_uri)
    context["draft"] = page.file.src_uri in site.previews
    context["paper"] = site.by_uri.get(page.file.src_uri)
    context["topic"] = site.topics.get(page.file.src_uri)
    document = site.documents.get(page.file.src_uri)
    context["stamp"] = stamp.of(document) if document else None


def on_post_build(*, config: MkDocsConfig) -> None:
    """Remove what no reader needs: source maps, stemmers of other languages, a sitemap without addresses."""
    site_dir = Path(config.site_dir)
    for pattern in ("**/*.map", "assets/javascripts/lunr/**/*.js"):
        for file in site_dir.glob(pattern):
            file.unlink()
    for script in (*site_dir.glob("assets/javascripts/**/*.js"), *site_dir.glob("assets/stylesheets/*.css")):
        text = script.read_text(encoding="utf-8")
        kept = text.partition("\n//# sourceMappingURL=")[0].partition("/*# sourceMappingURL=")[0]
        if kept != text:
            script.write_text(kept, encoding="utf-8")
    for folder in sorted(site_dir.glob("assets/javascripts/lunr/**/"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    if not config.site_url:
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            (site_dir / name).unlink(missing_ok=True)


os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
