"""The list of the service worker, the archive, and the link to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest
from conftest import ROOT

from papernotes.build import bundle, sbom
from papernotes.build.finish import offline
from papernotes.markdown import formula

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


def parts_of(archive: Path) -> Path:
    parts = archive.with_name(sbom.NAME)
    sbom.write(ROOT, archive, parts, when=WHEN)
    return parts


def listed(site: Path) -> dict[str, str]:
    match = re.search("^const LISTS = (.*);$", (site / "sw.js").read_text(), re.M)
    assert match
    lists = [(site / f"sw/{number}.json").read_text() for number in range(int(match[1]))]
    assert len(lists) == len(list((site / "sw").iterdir()))
    assert hashlib.sha256("".join(lists).encode()).hexdigest().startswith((site / "sw.js").read_text()[15:27])
    return {path: digest for text in lists for path, digest in json.loads(text).items()}


def test_the_worker_lists_every_file_with_its_digest(site: Path) -> None:
    offline.write(site)
    assert set(listed(site)) == {"index.html", "offline.html"}
    for path, digest in listed(site).items():
        assert hashlib.sha256((site / path).read_bytes()).hexdigest().startswith(digest)
    assert (site / "sw.js").read_text().endswith(';\n"use strict";\n// the program\n')
    assert not (site / "assets/javascripts/offline-worker.js").exists()


def test_the_worker_stays_as_small_as_it_is(site: Path) -> None:
    offline.write(site)
    small = len((site / "sw.js").read_bytes())
    names = [f"page{number}.html" for number in range(600)]
    for name in names:
        (site / name).write_text(name)
    offline.write(site)
    assert len((site / "sw.js").read_bytes()) == small
    assert set(listed(site)) == {"index.html", "offline.html", *names}
    assert max(len(json.loads(file.read_text())) for file in (site / "sw").iterdir()) == 250
    for name in names:
        (site / name).unlink()
    offline.write(site)
    assert set(listed(site)) == {"index.html", "offline.html"}, "no list of before is left"


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
    bundle.lay(archive, parts_of(archive), site)
    again = tmp_path / "again.zip"
    bundle.write(site, again, when=WHEN)
    assert zipfile.ZipFile(again).namelist() == ["papernotes/index.html", "papernotes/offline.html"]


def test_the_link_shows_only_where_the_archive_lies(site: Path, tmp_path: Path) -> None:
    offline.write(site)
    archive = tmp_path / "papernotes.zip"
    bundle.write(site, archive, when=WHEN)
    assert "papernotes.zip" not in (site / "offline.html").read_text()
    worker = (site / "sw.js").read_text()
    bundle.lay(archive, parts_of(archive), site)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    page = (site / "offline.html").read_text()
    assert '<a href="papernotes.zip" download>' in page
    assert digest in page
    assert (site / "papernotes.zip").read_bytes() == archive.read_bytes()
    assert (site / "papernotes.zip.sha256").read_text() == f"{digest}  papernotes.zip\n"
    assert (site / "papernotes.cdx.json").read_bytes() == parts_of(archive).read_bytes()
    assert '<a href="papernotes.cdx.json">' in page
    assert (site / "sw.js").read_text() != worker, "the page changed, so its digest did"
    bundle.lay(archive, parts_of(archive), site)
    assert (site / "offline.html").read_text() == page


def test_no_site_no_archive(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no site"):
        bundle.write(tmp_path, tmp_path / "a.zip", when=WHEN)


def test_the_bill_of_materials_names_what_the_archive_was_made_of(tmp_path: Path) -> None:
    archive = tmp_path / "papernotes.zip"
    archive.write_bytes(b"zip")
    bill = json.loads(parts_of(archive).read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["timestamp"] == "2026-11-23T08:30:01Z"
    assert bill["metadata"]["component"]["hashes"] == [
        {"alg": "SHA-256", "content": hashlib.sha256(b"zip").hexdigest()}
    ]
    parts = {part["name"]: part for part in bill["components"]}
    assert parts["mkdocs"]["purl"] == f"pkg:pypi/mkdocs@{metadata.version('mkdocs')}"
    assert parts["numpy"]["version"] == metadata.version("numpy"), "of two pins, that of this Python"
    assert len(parts) == len(bill["components"])
    assert {name for name, part in parts.items() if part["scope"] == "required"} == {"mkdocs-material", "STIX Two Math"}
    assert parts["temml"]["hashes"][0]["content"] == hashlib.sha256(formula.TEMML.read_bytes()).hexdigest()
    files = [file["content"] for part in bill["components"] for each in part.get("externalReferences", ()) for file in each["hashes"]]  # fmt: skip
    assert len(files) > len(parts)
    assert all(digest in (ROOT / sbom.LOCK).read_text(encoding="utf-8") for digest in files)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_of_a_lock_is_read(lock: str) -> None:
    pins = list(sbom.pins(ROOT / lock))
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [pin.line for pin in pins] == [number for number, line in enumerate(lines, 1) if re.match(r"[a-zA-Z]", line)]
    assert all(pin.digests for pin in pins)
    assert sum(len(pin.digests) for pin in pins) == sum(line.count("--hash=") for line in lines)


def test_a_package_url_has_the_normal_name() -> None:
    assert sbom.Pin("Foo_bar.baz", "1.0+local", ()).purl == "pkg:pypi/foo-bar-baz@1.0%2Blocal"
