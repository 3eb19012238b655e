"""Finished pages that are kept: what a build made of a page is published again where nothing that it depends on has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from papernotes.base import machine, store
from papernotes.build import state
from papernotes.build.finish import verify
from papernotes.build.state import of
from papernotes.data.models.record import FOLDER
from papernotes.markdown import library
from papernotes.pages import evidence, reading_time
from papernotes.pages.evidence import Compared
from papernotes.pages.files import models_json, twin
from papernotes.progress import Count
from papernotes.search.postings import Page as FoundPage
from papernotes.search.text import Article, Section
from papernotes.text.parsed import Use
from papernotes.text.special_pages import GATHERED, GLOSSARY, REFERENCE

if TYPE_CHECKING:
    from papernotes.build.engine import MkDocsConfig, Page
    from papernotes.build.state import Build
    from papernotes.markdown.library import Linked

TEMPLATE: Final = "pn-finished.html"
"""Prints a page that is finished."""
REFERENCE_STYLES: Final = "assets/_mkdocstrings.css"
"""What mkdocstrings writes where it has rendered a page, and only there."""


class LostError(Exception):
    """A page that was kept when the build began cannot be read any more. The text names it."""


def count(build: Build, uris: Iterable[str]) -> None:
    """How long each of these pages takes to read, how its numbers compare, and which terms it uses."""
    site, pages = build.site, build.pages
    compared: dict[str, Compared] = {}
    for uri in uris:
        build.minutes[uri], found, derived, not_compared, uses = _counts(pages, uri)
        build.used[uri] = tuple(Use(term, section) for term, section in uses)
        site.documents[uri].forget()
        compared[uri] = Compared(found, derived, tuple((words, number) for words, number in not_compared))
    build.truth = evidence.rows(site, pages.gallery, compared, build.truth)
    site.forget()  # the list of figures has read all


def _counts(pages: Linked, uri: str) -> list[Any]:
    """Of a page: the minutes that it takes, of its numbers those found, derived and not compared, and where it uses which terms."""
    site = pages.site

    def counted() -> Any:
        made = evidence.compared(site.by_uri[uri], site) if uri in site.by_uri and site.evidence else Compared()
        uses = [[use.term, use.section] for use in pages.rendered(uri).uses]
        return [reading_time.minutes(site.documents[uri]), made.found, made.derived, made.not_compared, uses]

    return list(pages.store.once(pages.keys.of_page("counts", uri), counted))


def models(pages: Linked) -> str:
    """`models.json`; the tables of the pages are read for it only where one of them has changed."""
    key = pages.keys.of_site("models.json", pages.keys.stated)
    return str(pages.store.once(key, lambda: models_json.models_json(pages.site)))


def make(pages: Linked, uri: str) -> None:
    """Make what a build needs of a page before the templates, so that it is kept."""
    _counts(pages, uri)
    pages.take(uri)
    pages.site.documents[uri].forget()
    if uri.startswith(FOLDER):
        models(pages)


def name(config: MkDocsConfig, uris: Iterable[str]) -> None:
    """Note for each of these pages under which key it is kept, if anything is."""
    build = of(config)
    if not build.pages.store.is_open:
        return
    build.settings = settings = build.settings or _settings(config)
    everything = store.digest(
        repr(build.minutes), repr(build.changes), repr([row.compared for row in build.truth.values()])
    )
    uris, references = list(uris), list[str]()
    if any(uri.startswith(REFERENCE) for uri in uris):  # not at each save of a page
        references = [page.digest for uri, page in build.site.documents.items() if uri.startswith(REFERENCE)]
        references.append(store.of_folder(Path(build.site.root, "hooks")))
    for uri in uris:
        more = [settings, repr(build.changes.get(uri))]
        if uri in GATHERED:
            more.append(everything)
        if uri == GLOSSARY:
            more.append(repr(sorted(build.uses.items())))
        if uri.startswith(REFERENCE):  # these lead to one another
            more += [str(build.serving), *references]
        build.keys[uri] = build.pages.keys.of_page("page", uri, *more)
    name_parts(config)


def name_parts(config: MkDocsConfig) -> None:
    """Note the same for the further pages of lists, which are made of what their lists are made of."""
    build = of(config)
    for uri, part in build.parts.items():
        if part.number > 1 and part.home in build.keys:
            build.keys[uri] = store.digest(build.keys[part.home], str(part))


def recall(config: MkDocsConfig, uris: Iterable[str]) -> None:
    """Note which of these pages, whose keys are known, an earlier build has finished."""
    build = of(config)
    build.finished |= {uri for uri in uris if _is_kept(build, uri)}


def _is_kept(build: Build, uri: str) -> bool:
    key, pages = build.keys.get(uri, ""), build.pages.store
    if not build.is_wary:
        return pages.has(key)
    if uri.startswith(REFERENCE):  # these have a style sheet besides
        return False
    return all(pages.recall(each) is not None for each in (key, _beside(key)))


def spread(config: MkDocsConfig) -> None:
    """Let every core finish a share of the pages, so that they are kept; what is not kept then is finished, and spoken of, here.

    Nothing is done where there are few of them, or one core; nor for the reference, which is written within this process.
    """
    build = of(config)
    due = [uri for uri in build.keys if uri not in build.finished]
    build.count = Count(len(due), "finished")
    due = [uri for uri in due if not uri.startswith(REFERENCE)]
    if len(due) < library.LEAST or not build.pages.store.is_shared or machine.cores() < 2 or not machine.forks():
        return
    shares = [due[first :: machine.cores()] for first in range(machine.cores())]
    machine.spread(partial(_finish, config), shares, step=build.count.step)
    recall(config, due)
    build.written = build.finished.intersection(due)
    for uri in build.written:
        page = _page(config, uri)
        page.meta["template"], page.content = TEMPLATE, ""


def _finish(config: MkDocsConfig, uris: list[str], _: object, step: Callable[[], None]) -> None:
    from papernotes.build import engine  # by now it is known whose it is

    build = of(config)
    assert build.surroundings and build.env
    files, nav = build.surroundings.files, build.surroundings.nav
    every = files.documentation_pages()
    build.count = None
    logging.disable()
    for uri in uris:
        build.searched, build.texts = {}, {}  # of each page alone: what is kept, the first process reads
        with suppress(Exception):
            page = _page(config, uri)
            engine.build_page(page, config, every, nav, build.env)
            verify.see(Path(config.site_dir), page.file.dest_uri, build.pages.store)
            step()


def _page(config: MkDocsConfig, uri: str) -> Page:
    surroundings = of(config).surroundings
    file = surroundings.files.get_file_from_path(uri) if surroundings else None
    assert file
    assert file.page
    return file.page


def _settings(config: MkDocsConfig) -> str:
    """A digest of what a template may see beside the pages: the settings, our templates, and the hook itself."""
    plain = {name: value for name, value in config.items() if isinstance(value, (str, bool, int, type(None)))}
    for name in ("site_dir", "docs_dir", "config_file_path"):
        plain.pop(name, None)
    extra = {name: value for name, value in config.extra.items() if name != state.KEY}
    folders = [Path(each) for each in config.theme.dirs if "site-packages" not in each]  # those are of the program
    return store.digest(
        of(config).builder,
        repr(sorted(plain.items())),
        repr(sorted(extra.items())),
        repr(config.nav),
        *map(store.of_folder, folders),
    )


def show(context: dict[str, Any], page: Page, config: MkDocsConfig) -> bool:
    """Show `TEMPLATE` the page if it is finished, and note what else was made of it. Shape: whether it is.

    Raises: LostError.
    """
    build, uri = of(config), page.file.src_uri
    if not is_finished(page, config):
        return False
    key, recall = build.keys[uri], build.pages.store.recall
    beside = recall(_beside(key))
    known = ("", "") if uri in build.written else recall(key)  # MkDocs writes no page that is empty
    if beside is None or known is None:
        raise LostError(uri)
    context["finished"], written = known
    if uri not in build.written:
        write_twin(written, page, config)
    text, searched = beside
    if text is not None:
        build.texts[uri] = text
    if searched is not None:
        sections = [Section(**each) for each in searched["article"]["sections"]]
        article = Article(searched["article"]["title"], sections)
        lists = {name: tuple(searched[name]) for name in ("names", "about")}
        build.searched[page.file.url] = FoundPage(**(searched | lists | {"article": article}))
    return True


def is_finished(page: Page, config: MkDocsConfig) -> bool:
    """Whether an earlier build has finished a page."""
    return page.file.src_uri in of(config).finished


def write_twin(text: str, page: Page, config: MkDocsConfig) -> None:
    """Write the Markdown twin beside a page."""
    file = Path(config.site_dir, twin.path_of(page.file.url))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def keep(output: str, written: str, page: Page, config: MkDocsConfig) -> None:
    """Keep a page that has been finished, with its twin."""
    build, uri = of(config), page.file.src_uri
    key = build.keys.get(uri)
    if key is None or uri in build.warned:
        return
    searched = build.searched.get(page.file.url)
    build.pages.store.keep(_beside(key), [build.texts.get(uri), asdict(searched) if searched else None])
    build.pages.store.keep(key, [output, written])  # last: where it is, the other is as well


def keep_styles(config: MkDocsConfig) -> None:
    """The style sheet of the reference, which mkdocstrings leaves empty where it had nothing to do, is what it was."""
    build, sheet = of(config), Path(config.site_dir, REFERENCE_STYLES)
    keys = [key for uri, key in sorted(build.keys.items()) if uri.startswith(REFERENCE)]
    if not keys or not sheet.is_file():
        return
    key = build.pages.store.key("styles", *keys)
    if all(uri in build.finished for uri in build.keys if uri.startswith(REFERENCE)):
        known = build.pages.store.recall(key)
        if known is None:
            raise LostError(REFERENCE_STYLES)
        sheet.write_text(known, encoding="utf-8", newline="\n")
    else:
        build.pages.store.keep(key, sheet.read_text(encoding="utf-8"))


def _beside(key: str) -> str:
    return store.digest(key, "beside")
