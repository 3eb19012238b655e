"""The figures and pictures of this repository: each keeps what the list of figures says of it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT

from papernotes.data.site import Site
from papernotes.figures import svg
from papernotes.figures.figure import Figure
from papernotes.figures.render import Gallery

PICTURES = sorted((ROOT / "docs").glob("[pt]*/*/*.svg"))
ARTICLE = re.findall(
    r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$",
    (ROOT / "docs/figures.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
"""The images of the source article, from the table on the list of figures: number, where it is here, how far it is checked."""


@pytest.fixture(scope="module")
def gallery(real: Site) -> Gallery:
    return Gallery(real)


def test_every_page_of_length_has_a_figure_and_every_picture_its_place(gallery: Gallery, real: Site) -> None:
    without = [paper.uri for paper in real.papers.values() if paper.tier == "full" and not gallery.of(paper.uri)]
    assert without == []
    used = {figure.picture for figures in gallery.pages.values() for figure in figures if figure.picture}
    assert used == {path.relative_to(ROOT / "docs").as_posix() for path in PICTURES}


def test_the_images_of_the_article_are_numbered_without_a_gap() -> None:
    assert [int(number) for number, _, _ in ARTICLE] == list(range(1, 27))


@pytest.mark.parametrize(("number", "place", "status"), ARTICLE, ids=[number for number, _, _ in ARTICLE])
def test_every_image_of_the_article_is_where_the_list_says_and_as_far_checked(
    gallery: Gallery, number: str, place: str, status: str
) -> None:
    named = re.findall(r"\[@fig:([^/\]]+)/([^\]]+)\]", place)
    found = [figure for page, ident in named for figure in figures_called(gallery, page, ident)]
    assert len(found) == len(named)
    if not found:
        assert place == "略去" or place.startswith("["), "left out, or led to by a link"
    elif status.startswith(("已核", "图号已核")):
        assert found[0].verified
    elif status.startswith("待核"):
        assert not found[0].verified
    if "重画" in status or "我们写的" in status:
        assert found[0].picture


def figures_called(gallery: Gallery, page: str, ident: str) -> list[Figure]:
    return [
        figure
        for uri, figures in gallery.pages.items()
        for figure in figures
        if Path(uri).stem == page and figure.ident == ident
    ]


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_picture_is_good(path: Path) -> None:
    assert list(svg.check(path.read_bytes())) == []
    root = ElementTree.fromstring(path.read_bytes())
    size = svg.read_size(root.attrib["viewBox"])
    assert size is not None and size.width <= 480, "wider, and its text is too small on a phone"
    for name in ("title", "desc"):
        assert re.search("[\u4e00-\u9fff]", root.findtext(f"{{{svg.NAMESPACE}}}{name}", "")), f"<{name}> in Chinese"
