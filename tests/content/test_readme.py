"""What the READMEs, CONTRIBUTING and the guide promise is there: files, commands, settings, options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from papernotes import cli

TEXTS = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"]
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "hooks").rglob("*.py")))
VERBS = [verb.name for verb in cli.VERBS]


def ids(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("file", TEXTS, ids=ids)
def test_every_file_that_is_named_or_linked_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    named = re.findall(r"`((?:docs|hooks|overrides|tests)/[a-zA-Z_./-]*)`", text)
    assert links
    assert [name for name in (*links, *named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("file", [*TEXTS, *GUIDE], ids=ids)
def test_every_make_target_and_every_verb_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z]+)\b", text)) - {"up"}
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets <= known
    verbs = set(re.findall(r"python -m papernotes ([a-z]+)", text))
    assert verbs <= set(VERBS)


def test_every_make_target_runs_a_verb_that_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"\$\(RUN\) ([a-z]+)", makefile))
    assert len(verbs) > 8
    assert verbs <= set(VERBS)


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([*([verb] if verb else []), "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m papernotes {verb}".rstrip())


@pytest.mark.parametrize("file", TEXTS[:2], ids=ids)
def test_the_first_two_commands_come_first_and_every_setting_is_read(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"^make [a-z]+", text, re.MULTILINE)[:2] == ["make site", "make test"]
    for name in set(re.findall(r"`([A-Z0-9_]{6,})(?:=1)?`", text)):
        assert name in CODE or name in (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), name


def test_the_guide_quotes_options_that_check_has(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["check", "--help"])
    said = capsys.readouterr().out
    for option in ("--changed", "--all", "--review", "--format"):
        assert option in said
        assert option in (ROOT / "docs" / "guide" / "maintain.md").read_text(encoding="utf-8")


def test_no_picture_of_the_guide_is_unused_or_large() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDE)
    pictures = sorted((ROOT / "docs" / "guide" / "img").iterdir())
    assert [picture.name for picture in pictures if f"(img/{picture.name})" not in text] == []
    assert all(picture.stat().st_size < 120_000 for picture in pictures)
