"""MkDocs' events -> our steps, in the order in which the data flows. Nothing else happens here.

A site names this list once: as the plugin `papernotes`, or by the hook file of this repository, which hands it on.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from papernotes.build import context as contexts
from papernotes.build import kept, outputs, steps
from papernotes.build.engine import BasePlugin

if TYPE_CHECKING:
    from jinja2 import Environment

    from papernotes.build.engine import Files, MkDocsConfig, Navigation, Page

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def on_startup(*, command: str, dirty: bool) -> None:
    """MkDocs says once, before there is a configuration, what it was started for."""
    steps.started(command)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The settings, our templates, our Markdown, one style sheet and one script."""
    steps.settings(config)
    steps.plain_signatures()
    steps.theme(config)
    steps.dialect(config)
    steps.merge_assets(config)
    return config


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Every page is read and checked before MkDocs touches the old site."""
    steps.refresh_if_asked(config)
    steps.begin(config)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """What is published beside the pages, and what is not."""
    steps.leave_out_drafts(files, config)
    steps.add_redirects(files, config)
    steps.add_citations(files, config)
    steps.add_exports(files, config)
    steps.replace_assets(files, config)
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """What stands around the pages; a preview builds one of them again without the others."""
    steps.note_surroundings(nav, files, config)
    return nav


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Nothing is left for MkDocs to parse: the page has been read."""
    return steps.take_front_matter(markdown, page, config)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Nothing either, but for the reference."""
    return steps.content(html, page, config)


def on_env(env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
    """All pages are there: what depends on all of them."""
    steps.collect_uses(files, config)
    steps.finish_glossary(files, config)
    steps.add_parts(files, config)
    steps.date_sitemap(files, config)
    steps.read_templates(env, config)
    kept.spread(config)
    return env


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """The page as it was linked, and what else the templates are handed; of one that an earlier build has finished, the whole."""
    if kept.show(context, page, config):
        return
    steps.put_in(page, config)
    contexts.show_records(context, page, config)
    contexts.show_surroundings(context, page, config)
    contexts.show_changes(context, page, config)
    contexts.show_map(context, page, config)
    contexts.fill_glossary(page, config)
    contexts.show_part(context, page, config)
    contexts.show_thumbnails(context, page, config)
    contexts.mark_tab(page, nav)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """The finished page: its cards, what search reads of it, its twin, the theme's faults, its policy."""
    if kept.is_finished(page, config):
        return output
    output = outputs.add_paper_cards(output, page, config)
    outputs.note_for_search(output, page, config)
    written = outputs.add_twin(output, page, config)
    output = contexts.unmark_tab(output, page)
    output = outputs.finish(output, page.file.src_uri, config)
    kept.keep(output, written, page, config)
    outputs.let_go(page)
    outputs.count_page(config)
    return output


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
    """So is the page for addresses that do not exist."""
    return outputs.finish(output_content, template_name, config) if template_name.endswith(".html") else output_content


def on_post_build(*, config: MkDocsConfig) -> None:
    """Beside the pages: all texts in one, the list, the index, less of what the theme brings, and last the worker that knows every file."""
    outputs.end_count(config)
    kept.keep_styles(config)
    outputs.write_texts(config)
    outputs.write_list(config)
    outputs.write_search(config)
    outputs.lighten(config)
    outputs.write_worker(config)


EVENTS: Final = tuple(step for name, step in list(vars().items()) if name.startswith("on_"))
"""What MkDocs calls."""


class PapernotesPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """`plugins: [papernotes]`."""


for _event in EVENTS:
    setattr(PapernotesPlugin, _event.__name__, staticmethod(_event))
