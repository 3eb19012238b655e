"""The site and its topics as e-books: `dist/papernotes.epub`, and their places beside the published site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from papernotes.base.finding import StopError
from papernotes.build import archive, publish, steps
from papernotes.build import context as contexts
from papernotes.build.engine import File, Page, get_build_timestamp
from papernotes.build.finish import assets, offline
from papernotes.build.state import of
from papernotes.data.paper import kind_of
from papernotes.markdown.bodies import glossary_page
from papernotes.pages.book import contents, package
from papernotes.text.special_pages import GLOSSARY

if TYPE_CHECKING:
    from jinja2 import Environment

    from papernotes.build.engine import MkDocsConfig

SHEET: Final = "book.css"


class Book(NamedTuple):
    """A book that was written."""

    contents: contents.Contents
    file: Path


class UnknownTopicError(StopError):
    """There is no such topic. The text names those that there are."""


def write(config_file: Path, folder: Path, topics: Sequence[str] | None) -> list[Book]:
    """Read and check a site, and write its books; returns them in order.

    `topics`: the names of topics, one book each; none of them: the book of the whole site; None: that, and every topic.
    Raises: publish.BuildFailed after findings, UnknownTopicError, OSError; every book is then what it was, or the new one.
    """
    folder = folder.resolve()
    with publish.reading(config_file) as config:
        chosen = list(_chosen(config, topics))
        return [Book(book, _write(book, folder / f"{book.name}.epub", config)) for book in chosen]


def lay(books: Sequence[Book], site_dir: Path) -> None:
    """Lay books beside the site for publishing, and show the links, with sizes, on the page about reading offline.

    The book of the site comes first. Its place is the root, that of a topic beside the topic's page.
    """

    def link(book: Book, words: str) -> str:
        path = f"{'' if book.contents.name == contents.WHOLE else 'topics/'}{book.contents.name}.epub"
        shutil.copyfile(book.file, site_dir / path)
        return f'<a href="{path}" download>{escape(words)}</a>（{book.file.stat().st_size / 1e6:.1f} MB）'

    whole, *topics = books
    text = f"电子书（EPUB）：{link(whole, '整个网站')}"
    if topics:
        text += f"；一个专题和它的论文：{'、'.join(link(book, book.contents.title) for book in topics)}"
    offline.show(site_dir, "pn-offline__books", f"{text}。")


def _chosen(config: MkDocsConfig, topics: Sequence[str] | None) -> Iterator[contents.Contents]:
    site = of(config).site
    known = {(book := contents.of_topic(topic, site)).name: book for topic in site.topics.values()}
    if unknown := [name for name in topics or () if name not in known]:
        raise UnknownTopicError(f"there is no topic {unknown[0]!r}; use {', '.join(known)}")
    if not topics:
        yield contents.whole(site, config.site_name, config.site_description or "")
    yield from known.values() if topics is None else (known[name] for name in topics)


def _write(book: contents.Contents, target: Path, config: MkDocsConfig) -> Path:
    pages, folder = of(config).pages, of(config).theme
    when = datetime.fromtimestamp(get_build_timestamp(), UTC)
    publisher = package.Publisher(
        name=config.site_name,
        url=config.site_url or "",
        when=when,
        sheet=assets.sheet(folder, SHEET).content,
        theme=(folder / assets.STYLES / "theme.css").read_text(encoding="utf-8"),
        fonts={file.name: file.read_bytes() for file in sorted(folder.glob("assets/fonts/*"))},
    )
    env = config.theme.get_env()
    steps.read_templates(env, config)
    files = package.files(
        book,
        pages.site,
        publisher,
        lambda uri: _article(uri, config, env),
        lambda uri: [use.term for use in pages.rendered(uri).uses],
    )
    archive.write(target, files.items(), when, stored="mimetype")
    return target


def _article(uri: str, config: MkDocsConfig, env: Environment) -> str:
    """The article of a page as the site has it, without what the theme puts around it."""
    site = of(config).site
    page = Page(None, File(uri, config.docs_dir, config.site_dir, use_directory_urls=False), config)
    page.content = of(config).pages.rendered(uri).html
    kind = kind_of(uri)
    if kind == "plain":
        content = glossary_page.fill(page.content, site, {}) if uri == GLOSSARY else page.content
        return f"<h1>{escape(site.documents[uri].title)}</h1>{content}"
    context: dict[str, Any] = {"page": page, "config": config, "base_url": ".."}
    for show in (contexts.show_records, contexts.show_surroundings, contexts.show_changes):
        show(context, page, config)
    return env.get_template(f"partials/pn-{kind}.html").render(context)
