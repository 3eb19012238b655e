"""What the result of a page depends on, as a digest: the page itself, and of all others what they show.

A page is never asked about another's prose. What it may know of another is its front matter, its blocks (`outline`), which links
into it lead to a place (`Face.ids`), and the files beside the pages. The entries of models alone are made of the tables and
sentences of other pages, and count as what the program adds to their own. So a sentence that is edited changes one key, and whatever
others can see changes all of them: coarse, and right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from papernotes.base.store import Store, digest
from papernotes.data.models.record import FOLDER
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text import slash_blocks
from papernotes.text.document import Document


class Keys:
    """The keys of the pages of one site, as `store` makes them."""

    def __init__(
        self, site: Site, store: Store, *, terms: bool, of_models: Callable[[], Mapping[str, str]] = dict
    ) -> None:
        """`terms`: whether the first uses of terms are links. `of_models`: see `Library`."""
        self.site, self._store, self._terms, self._of_models = site, store, terms, of_models

    def of_site(self, kind: str, *more: str) -> str:
        """The key of something that depends on what the pages show, and on nothing else of them."""
        return self._store.key(kind, self.shown, *more)

    def of_page(self, kind: str, uri: str, *more: str) -> str:
        """The key of something that is made of a page. `more`: what it depends on besides."""
        leads = [
            str(place in self.site.face(target).ids)
            for target, place in self.site.face(uri).anchors
            if target in self.site.documents
        ]
        added = [self._of_models()[uri]] if uri.startswith(FOLDER) else []
        return self._store.key(kind, self.shown, self.site.documents[uri].digest, *leads, *added, *more)

    @cached_property
    def stated(self) -> str:
        """The papers and the topics, whose tables and sentences state numbers of models."""
        documents = self.site.documents.items()
        return digest(*(document.digest for uri, document in documents if kind_of(uri) != "plain"))

    @cached_property
    def shown(self) -> str:
        """All that pages can know of each other and of the files beside them."""
        if "shown" not in self.site.of_outlines:
            self.site.of_outlines["shown"] = self._shown()
        return digest(str(self._terms), self.site.words.digest, self.site.of_outlines["shown"])

    def _shown(self) -> str:
        site = self.site
        pages = [part for uri, page in site.documents.items() for part in (uri, page.path, self._outline(page))]
        drafts = [*sorted(site.drafts), "", *sorted(site.previews)]
        return digest(site.today.isoformat(), files(site.docs_dir), *drafts, "", *pages)

    def _outline(self, document: Document) -> str:
        """See `outline`; a page without blocks is faster looked through than looked up."""
        if not self._store.is_open or "///" not in document.text:
            made = outline(document)
        else:
            made = str(self._store.once(self._store.key("outline", document.digest), lambda: outline(document)))
        document.forget()
        return made


def outline(document: Document) -> str:
    """A digest of the front matter of a page and of its blocks, wherever they stand in it."""
    parts = [document.text[: document.body_start]]
    if document.text.find("///", document.body_start) >= 0:
        for block in slash_blocks.scan(document).blocks:
            options = {name: option.node for name, option in block.options.items()}  # with lines from the block's
            lines = [(line.text, line.prose) for line in block.lines]
            problems = [(problem.rule, problem.what) for problem in block.problems]
            parts.append(repr((block.name, block.label, options, block.readable, lines, problems)))
    return digest(*parts)


def files(docs_dir: Path) -> str:
    """A digest of every file of a docs folder that is not a page: names, what sort of file each is, and content."""
    parts: list[str | bytes] = []
    for path in sorted(docs_dir.rglob("*")):
        uri = path.relative_to(docs_dir).as_posix()
        if path.suffix != ".md" or uri.startswith("_data/") or path.is_symlink():
            is_read = (
                path.is_file() and not path.is_symlink() and not path.name.startswith(".")
            )  # those are no files of ours
            parts += [uri, str(path.lstat().st_mode), path.read_bytes() if is_read else b""]
    return digest(*parts)
