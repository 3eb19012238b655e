"""A site built with what is kept is, byte for byte, the one built without: after random edits, and whatever is wrong with what is kept."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import TODAY, make_project
from edits import Editor
from seeded import SOAK

from papernotes import cli
from papernotes.base import machine, store
from papernotes.base.store import Store
from papernotes.build import publish, repeat, state, steps
from papernotes.build.finish import theme
from papernotes.markdown import library

EDITS = 200 if SOAK else 10


def built(project: Path, kept: Store | None) -> dict[str, str]:
    """The digest of every file of the site; of one that cannot be built, what is said."""
    site = project / "site"
    try:
        publish.build(project / "mkdocs.yml", site_dir=site, store=kept)
    except publish.BuildFailed as error:
        return {"": str(error)}
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_after_every_edit_the_site_is_the_clean_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project", nav=True)
    (project / "docs/guide/rules.md").unlink()  # made of the program alone, and the longest of all
    for name in ("docs/guide/index.md", "mkdocs.yml"):
        text = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(re.sub(r".*\brules\.md.*\n", "", text), encoding="utf-8")
    editor = Editor(project, random.Random(3))
    monkeypatch.setattr(machine, "cores", lambda: 2)
    done, failed = [], 0
    for _ in range(EDITS):

        class Day(date):
            @classmethod
            def today(cls) -> date:
                return TODAY + timedelta(editor.days)

        monkeypatch.setattr(steps, "date", Day)
        monkeypatch.setattr(library, "LEAST", 10_000 if len(done) % 3 else 1)  # now and then by several processes
        kept = built(project, Store(project / store.FOLDER, store.of_program(project / "mkdocs.yml")))
        said = capsys.readouterr().err
        assert kept == built(project, None), done
        assert said == capsys.readouterr().err, done
        failed += "" in kept
        done.append(editor.edit())
    assert failed < EDITS


def test_what_is_said_of_a_page_is_said_in_each_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project")
    monkeypatch.setattr(theme, "TOGGLES", theme.TOGGLES + 1)
    monkeypatch.setattr(machine, "cores", lambda: 2)
    said = []
    for least in 10_000, 1, 1:
        monkeypatch.setattr(library, "LEAST", least)
        assert "" in built(project, Store(project / store.FOLDER, "program"))
        said.append(capsys.readouterr().err)
    assert said[0] == said[1] == said[2]
    assert said[0].count("about.md: ") == 1


def test_a_sentence_that_is_edited_makes_one_page_anew_in_whatever_process(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    page = project / "docs/about.md"
    entries = [frozenset[Path]()]
    for seed in "1", "2", "3":
        page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n第 {seed} 句。\n", encoding="utf-8")
        command = [sys.executable, "-m", "papernotes", "site"]
        subprocess.run(command, cwd=project, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed})
        entries.append(frozenset((project / store.FOLDER).iterdir()))
    _, first, second, third = entries
    assert len(second - first) == len(third - second) < 12  # each what is kept of a page, and what is of the whole site


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: os.truncate(file, file.stat().st_size - 1), id="cut"),
        pytest.param(lambda file: file.unlink(), id="gone"),
    ],
)
@pytest.mark.parametrize("part", [1, 3])
def test_what_is_damaged_is_made_anew_without_a_word_and_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
    part: int,
) -> None:
    project, runs = make_project(tmp_path / "project"), list[state.Build]()
    kept, run = Store(project / store.FOLDER, "program"), publish._run
    monkeypatch.setattr(publish, "_run", lambda file, site, record: (runs.append(record), run(file, site, record))[1])
    clean = built(project, kept)
    for file in sorted((project / store.FOLDER).iterdir())[::part]:
        spoil(file)
    assert built(project, kept) == built(project, kept) == clean
    assert capsys.readouterr().err == ""
    assert [record.is_wary for record in runs[1:-1]] in ([False], [False, True])
    assert not runs[-1].is_wary


def test_a_site_that_is_there_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project", nav=True)
    site, page = project / "site", project / "docs/about.md"
    monkeypatch.chdir(project)

    def built(*arguments: str, address: str = "") -> bool:
        monkeypatch.setenv("SITE_URL", address)
        code = cli.main(["site", *arguments])
        said = capsys.readouterr()
        assert code == 0, said.err
        return "built site/" in said.out

    assert built()
    folder = site.stat().st_ino
    assert not built()
    assert site.stat().st_ino == folder
    (site / "about.html").write_text("spoilt", encoding="utf-8")
    assert built()
    assert "spoilt" not in (site / "about.html").read_text(encoding="utf-8")
    assert built(address="https://notes.example.org/")
    assert built()
    page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n这一句是后来加的。\n", encoding="utf-8")
    assert built()
    assert "这一句是后来加的。" in (site / "about.html").read_text(encoding="utf-8")
    assert not built()
    assert built("--no-cache")


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ("site_name: x\ntheme:\n  name: material\n  custom_dir: overrides\n", True),
        ("theme:\n  custom_dir: other\n", False),
        ("docs_dir: pages\n", False),
        ("INHERIT: base.yml\n", False),
    ],
)
def test_what_a_site_is_made_of_is_known_where_the_settings_name_no_other_folder(
    tmp_path: Path, settings: str, known: bool
) -> None:
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    assert bool(repeat.key(tmp_path / "mkdocs.yml", "mkdocs", Store(tmp_path / "kept"))) == known
