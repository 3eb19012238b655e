"""What is particular to this site stands in its pages, data and settings: another site is made with the same program."""

from __future__ import annotations

import re
import subprocess

from conftest import ROOT

OURS = re.compile(
    r"论文译读"  # its name
    r"|Raschka|sebastianraschka|Ten Noteworthy|2023 年十篇|10-ai-research-papers"  # the article that it follows
    r"|二十六处|26 张图|article/\d"  # that article's pictures
    r"|[Zz]eta.?[Aa]lpha|nllg|NLLG|NL2G|Paper Copilot|papercopilot|百篇排名"  # where its counts were read, whom it thanks
)
PLACES = ("hooks", "overrides", "tools/starter", "setup.py", "tests")
OF_THE_SITE = ("tests/content/", "tests/dev/test_particulars.py", "tests/owner/test_begin.py")
"""Tests of this site's pages, and those that look for these words."""


def test_the_program_and_its_tests_know_nothing_of_this_site() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *PLACES],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    files = [name for name in listed if not name.startswith(OF_THE_SITE) and (ROOT / name).is_file()]
    assert len(files) > 300
    found = []
    for name in files:
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        found += [f"{name}: {match.group()}" for match in OURS.finditer(text)]
    assert found == []


def test_the_settings_say_what_the_program_does_not() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.search("^site_name: 论文译读$", settings, re.MULTILINE)
    assert re.search("^  article: ", settings, re.MULTILINE)
