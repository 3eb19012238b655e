"""The books of the fixture site: whole, the same twice, every link inside them right; and their links on the site."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from conftest import make_project, once
from linking import links, links_of_text

from papernotes.build import archive, epub, publish
from papernotes.build.finish import offline

WHEN = datetime(2026, 11, 23, 8, 30, 1, tzinfo=UTC)
EPUB, XLINK, XML = "{http://www.idpf.org/2007/ops}", "{http://www.w3.org/1999/xlink}", ".//{*}"


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the books of the fixture site, and the project that they are of."""

    def make(folder: Path) -> None:
        epub.write(make_project(folder / "project") / "mkdocs.yml", folder / "dist", None)

    return once(tmp_path_factory, "fixture-books", make) / "dist"


def documents(book: Path) -> dict[str, ElementTree.Element]:
    """The XHTML documents of a book, by path."""
    with zipfile.ZipFile(book) as opened:
        return {
            path: ElementTree.fromstring(opened.read(path)) for path in opened.namelist() if path.endswith(".xhtml")
        }


def test_there_is_a_book_of_the_site_and_one_of_each_topic(books: Path) -> None:
    assert {file.name for file in books.iterdir()} == {"papernotes.epub", "fine-tuning.epub", "vision.epub"}


@pytest.mark.parametrize("name", ["papernotes", "fine-tuning", "vision"])
def test_every_link_of_a_book_leads_to_a_place_in_it(name: str, books: Path) -> None:
    made = documents(books / f"{name}.epub")
    ids = {
        path: [element.attrib["id"] for element in root.iter() if "id" in element.attrib] for path, root in made.items()
    }
    assert all(len(found) == len(set(found)) for found in ids.values()), "an id is repeated"
    followed = 0
    for path, root in made.items():
        for element in root.iter():
            target = element.get("href", element.get(f"{XLINK}href"))
            if target is None or re.match("[a-z]+:", target) or element.tag.endswith("}link"):
                continue
            file, _, fragment = unquote(target).partition("#")
            there = normpath(join(dirname(path), file)) if file else path
            assert not fragment or fragment in ids[there], f"{path}: {target}"
            followed += 1
    assert followed > 20


def test_a_paper_is_a_chapter_with_all_that_its_page_shows(books: Path) -> None:
    root = documents(books / "papernotes.epub")["EPUB/papers/dpo.xhtml"]
    text = "".join(root.itertext())
    assert "Rafael Rafailov" in text, "the record"
    assert "复制 BibTeX" not in text
    assert not [element for element in root.iter() if element.tag.endswith("}annotation")]
    assert all(element.get("alttext") for element in root.findall(f"{XML}math"))


def test_every_term_has_its_note_in_the_chapter(books: Path) -> None:
    found = 0
    for root in documents(books / "papernotes.epub").values():
        notes = [e.attrib["id"] for e in root.findall(f"{XML}aside") if e.get(f"{EPUB}type") == "footnote"]
        references = [e.attrib["href"][1:] for e in root.iter() if e.get(f"{EPUB}type") == "noteref"]
        assert notes == list(dict.fromkeys(references))
        found += len(notes)
    assert found


def test_the_contents_list_every_chapter_in_the_order_of_the_spine(books: Path) -> None:
    with zipfile.ZipFile(books / "papernotes.epub") as opened:
        package = ElementTree.fromstring(opened.read("EPUB/package.opf"))
    paths = {item.attrib["id"]: item.attrib["href"] for item in package.findall(f"{XML}item")}
    spine = [paths[item.attrib["idref"]] for item in package.findall(f"{XML}itemref")]
    nav = documents(books / "papernotes.epub")["EPUB/contents.xhtml"].find(f"{XML}nav")
    assert nav is not None
    links = [element.attrib["href"] for element in nav.findall(f"{XML}a")]
    assert spine == ["title.xhtml", "contents.xhtml", *(link for link in links if "#" not in link)]
    assert "papers/small.xhtml" in spine


def test_two_runs_write_the_same_bytes_and_the_first_file_says_what_it_is(books: Path, tmp_path: Path) -> None:
    (again,) = epub.write(books.parent / "project" / "mkdocs.yml", tmp_path, ["vision"])
    assert again.file.read_bytes() == (books / "vision.epub").read_bytes()
    # https://www.w3.org/TR/epub-33/#sec-zip-container-mime
    assert again.file.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_a_finding_stops_the_book_and_the_old_one_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = make_project(tmp_path / "project")
    page = project / "docs/papers/dpo.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[@2305.1829]\n", encoding="utf-8")
    old = tmp_path / "dist/papernotes.epub"
    old.parent.mkdir()
    old.write_text("old")
    with pytest.raises(publish.BuildFailed):
        epub.write(project / "mkdocs.yml", old.parent, [])
    assert "paper-reference" in capsys.readouterr().err
    assert [(file.name, file.read_text()) for file in old.parent.iterdir()] == [("papernotes.epub", "old")]


def test_an_unknown_topic_is_named_with_those_that_there_are(books: Path, tmp_path: Path) -> None:
    with pytest.raises(epub.UnknownTopicError) as caught:
        epub.write(books.parent / "project" / "mkdocs.yml", tmp_path, ["rhlf"])
    assert str(caught.value) == "there is no topic 'rhlf'; use fine-tuning, vision"
    assert not list(tmp_path.iterdir())


def test_a_killed_run_leaves_the_old_book_and_the_next_one_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "a.epub"
    archive.write(target, [("a", b"old")], WHEN)
    old = target.read_bytes()
    program = (
        "import os, sys; from datetime import *; from pathlib import Path; from papernotes.build import archive\n"
        "def files():\n yield 'a', b'new' * 100_000\n os.kill(os.getpid(), 9)\n"
        "archive.write(Path(sys.argv[1]), files(), datetime(2026, 1, 1, tzinfo=UTC))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(target)], check=False).returncode == -9
    assert target.read_bytes() == old
    archive.write(target, [("a", b"new")], WHEN)
    assert [file.name for file in tmp_path.iterdir()] == ["a.epub"]
    assert zipfile.ZipFile(target).read("a") == b"new"


def test_what_goes_wrong_while_a_book_is_packed_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a.epub"
    target.write_text("old")
    with pytest.raises(TypeError):
        archive.write(target, [("a", b"x"), ("b", None)], WHEN)  # type: ignore[list-item]
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.epub", "old")]


def test_the_page_about_reading_offline_offers_the_books_where_they_lie(
    books: Path, built_site: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    before = offline.files(site)
    found = epub.write(books.parent / "project" / "mkdocs.yml", tmp_path / "dist", None)
    epub.lay(found, site)
    page = (site / "offline.html").read_text()
    assert re.search(
        r'<p class="pn-offline__books">电子书（EPUB）：<a href="papernotes.epub" download>整个网站</a>（\d\.\d MB）；'
        r'一个专题和它的论文：<a href="topics/fine-tuning.epub" download>[^<]+</a>（\d\.\d MB）、<a href="topics/vision.epub" ',
        page,
    )
    assert (site / "topics/vision.epub").read_bytes() == (books / "vision.epub").read_bytes()
    assert set(offline.files(site)) == set(before), "who saves the site does not save the books"
    epub.lay(found, site)
    assert (site / "offline.html").read_text() == page
    assert links_of_text((site / "offline.md").read_text(), "offline.html") == links(page, "offline.html")
