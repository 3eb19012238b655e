"""The pages of this repository in a browser: what the tests of the engine see on the fixture site, seen on every real page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import looks
import pytest
from picturing import drawn
from seeded import SOAK

from papernotes.data.site import Site
from papernotes.dev import host as static
from papernotes.dev.host import Host
from papernotes.figures.figure import Figure
from papernotes.figures.render import Gallery

USUAL_BYTES, MOST_BYTES = 150_000, 190_000
"""For a first paper page, everything it fetches, over the wire: the page of middle size, and any."""
MOST_REQUESTS = 9
"""A page: itself, two style sheets of the theme and ours, two scripts, the icon, at most two fonts."""
PARTS = 8
SAMPLE = 3
"""Pages of each folder that axe looks at in `make test`; in `make soak` it looks at all."""


@pytest.fixture(scope="module")
def figures(real: Site) -> dict[str, list[Figure]]:
    return drawn(Gallery(real))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_silent_and_holds_together_in_every_look(
    real_site: Path, real_server: str, figures: dict[str, list[Figure]], visit: Callable[..., Any], part: int
) -> None:
    """Nothing is asked of another host, nothing is said in the console, and what `looks.check_page` asks for holds.

    In `make test` every other page is read from disk, and every other of each kind not at 640 pixels, where what is too wide
    for a real page is so at 320 first; in `make soak` each is, from a server and from disk.
    """
    back = [look for look in looks.LOOKS if SOAK or look[0] != 640]
    all_pages = looks.pages_of(real_site)
    axe = looked_at(all_pages)
    pages = list(enumerate(all_pages[part::PARTS]))
    alone = "404.html"  # its addresses begin at the root of a server
    served = [page for number, page in pages if SOAK or number % 2 == 0 or page == alone]
    from_disk = [page for number, page in pages if page != alone and (SOAK or number % 2)]
    for base, paths in ((real_server, served), (f"file://{real_site}", from_disk)):
        here = visit(base, width=320, dark=True, reduced_motion="reduce")
        looks.check_pages(here, paths, axe=axe, figures=figures, back=back)
        here.check()


def looked_at(pages: list[str]) -> list[str]:
    """Pages for axe: all of them at length, else of each folder a few, the same each time."""
    if SOAK:
        return pages
    folders: dict[str, list[str]] = {}
    for page in pages:
        folders.setdefault(page.rpartition("/")[0], []).append(page)
    draw = random.Random(11)
    return [page for each in folders.values() for page in draw.sample(each, min(SAMPLE, len(each)))]


@pytest.fixture(scope="module")
def host(real_site: Path) -> Iterator[Host]:
    """The real site, compressed as a static host does."""
    with static.serving(real_site) as running:
        yield running


def weighed(real_site: Path) -> tuple[str, list[str]]:
    """The paper page of middle size; the pages that weigh most by themselves, and those among the ones that fetch a font."""

    def size(file: Path) -> int:
        return len(static.compressed(file, file.stat().st_mtime_ns))

    files = [file for file in (real_site / "papers").glob("*.html") if file.name != "index.html"]
    files = [file for file in files if 'http-equiv="refresh"' not in file.read_text(encoding="utf-8")]
    pages = sorted(files, key=size, reverse=True)
    formulas = [file for file in pages if "<math" in file.read_text(encoding="utf-8")]
    assert len(formulas) > 3
    return f"papers/{pages[len(pages) // 2].name}", sorted(
        {f"papers/{file.name}" for file in (*pages[:3], *formulas[:3])}
    )


def test_a_first_paper_page_is_light(real_site: Path, host: Host, visit: Callable[..., Any]) -> None:
    middle, heaviest = weighed(real_site)
    for path, most in {middle: USUAL_BYTES, **dict.fromkeys(heaviest, MOST_BYTES)}.items():
        sizes = looks.fetched(host, visit(host.address), path)
        assert sum(sizes.values()) <= most, (path, sizes)
        assert len(sizes) <= MOST_REQUESTS, (path, sizes)
        assert not any(name.startswith("/search/") for name in sizes), "search is fetched when it is used"


@pytest.mark.parametrize("check", [looks.check_scripts, looks.check_reach, looks.check_titles])
def test_every_page_keeps_to_what_is_asked_of_all(real_site: Path, check: Callable[[Path], None]) -> None:
    check(real_site)
