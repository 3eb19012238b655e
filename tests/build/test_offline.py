"""The list of the service worker, the archive, and the link to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papernotes.build import bundle
from papernotes.build.finish import offline

WHEN = datetime(2026, 11, 23, 8, 30, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "assets/javascripts").mkdir(parents=True)
    (folder / "index.html").write_text("首页")
    (folder / "offline.html").write_text(
        '<div class="pn-offline" data-bytes="0"></div><p class="pn-offline__bundle" hidden></p>'
    )
    (folder / "assets/a.js.map").write_text("{}")
    (folder / "assets/javascripts/offline-worker.js").write_text('"use strict";\n// the program\n')
    return folder


def listed(site: Path) -> dict[str, str]:
    match = re.search("^const FILES = (.*);$", (site / "sw.js").read_text(), re.M)
    assert match
    files: dict[str, str] = json.loads(match[1])
    return files


def test_the_worker_lists_every_file_with_its_digest(site: Path) -> None:
    offline.write(site)
    assert set(listed(site)) == {"index.html", "offline.html"}
    for path, digest in listed(site).items():
        assert hashlib.sha256((site / path).read_bytes()).hexdigest().startswith(digest)
    assert (site / "sw.js").read_text().endswith('};\n"use strict";\n// the program\n')
    assert not (site / "assets/javascripts/offline-worker.js").exists()


def test_the_page_says_how_much_will_be_fetched(site: Path) -> None:
    offline.write(site)
    size = re.search(r'data-bytes="(\d+)"', (site / "offline.html").read_text())
    assert size
    assert int(size[1]) == len("首页".encode()), "of the other files: its own length would depend on the number"


def test_a_second_run_sees_what_changed(site: Path) -> None:
    offline.write(site)
    before = (site / "sw.js").read_text()
    offline.write(site)
    first = (site / "sw.js").read_text()
    (site / "index.html").write_text("新的首页")
    offline.write(site)
    assert before.count("const BUILD") == first.count("const BUILD") == 1
    assert (site / "sw.js").read_text().splitlines()[0] != first.splitlines()[0]


def test_the_archive_is_the_same_whenever_it_is_made(site: Path, tmp_path: Path) -> None:
    offline.write(site)
    one, two = tmp_path / "dist/one.zip", tmp_path / "dist/two.zip"
    bundle.write(site, one, when=WHEN)
    for file in site.rglob("*"):
        os.utime(file, (1, 1))
    (site / "index.html").chmod(0o600)
    bundle.write(site, two, when=WHEN)
    assert one.read_bytes() == two.read_bytes()


def test_the_archive_holds_the_site_and_no_more(site: Path, tmp_path: Path) -> None:
    offline.write(site)
    archive = tmp_path / "papernotes.zip"
    bundle.write(site, archive, when=WHEN)
    bundle.lay(archive, site)
    again = tmp_path / "again.zip"
    bundle.write(site, again, when=WHEN)
    assert zipfile.ZipFile(again).namelist() == ["papernotes/index.html", "papernotes/offline.html"]


def test_the_link_shows_only_where_the_archive_lies(site: Path, tmp_path: Path) -> None:
    offline.write(site)
    archive = tmp_path / "papernotes.zip"
    bundle.write(site, archive, when=WHEN)
    assert "papernotes.zip" not in (site / "offline.html").read_text()
    worker = (site / "sw.js").read_text()
    bundle.lay(archive, site)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    page = (site / "offline.html").read_text()
    assert '<a href="papernotes.zip" download>' in page
    assert digest in page
    assert (site / "papernotes.zip").read_bytes() == archive.read_bytes()
    assert (site / "papernotes.zip.sha256").read_text() == f"{digest}  papernotes.zip\n"
    assert (site / "sw.js").read_text() != worker, "the page changed, so its digest did"
    bundle.lay(archive, site)
    assert (site / "offline.html").read_text() == page


def test_no_site_no_archive(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no site"):
        bundle.write(tmp_path, tmp_path / "a.zip", when=WHEN)
