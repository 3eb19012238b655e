"""From an empty environment to a page that is found: wheel, init, new, check, site, and search from disk. In `make soak`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from searching import ask
from seeded import SOAK

PYTHONS = ("3.11", "3.12", "3.13")
CASES = [
    pytest.param("q-bio/0401012", "q-bio", "青蓝花鹿", id="an id of q-bio"),
    pytest.param("math/0211159", "math", "石榴舟车", id="the old scheme in mathematics"),
]


def run(command: list[str], folder: Path, code: int = 0) -> str:
    """A command as its owner types it, with nothing of this repository in its environment; it ends with `code`."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a clone, so that nothing of this folder that git does not hold is in it."""
    source, out = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("dist")
    run(["git", "clone", "-q", str(ROOT), str(source)], ROOT)
    run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(out), "."], source)
    (file,) = out.glob("*.whl")
    return file


def interpreter(version: str) -> str:
    """A Python of this version that is not older than the package asks: on the path, or kept by pyenv."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    ask = ["-c", "import sys; sys.exit(sys.version_info < (3, 11, 5))"]
    for candidate in (f"python{version}", f"/usr/bin/python{version}", *map(str, kept)):
        try:
            if subprocess.run([candidate, *ask], capture_output=True, check=False).returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.fail(f"there is no Python {version} here, which this test needs; install it")


@pytest.fixture(scope="module", params=PYTHONS)
def bin_(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that holds the wheel and what it requires."""
    folder = tmp_path_factory.mktemp(f"python{request.param}")
    run([interpreter(request.param), "-m", "venv", str(folder)], ROOT)
    run([str(folder / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)], folder)
    return folder / "bin"


@pytest.mark.skipif(not SOAK, reason="installs three environments; make soak runs it")
@pytest.mark.parametrize(("id_", "name", "word"), CASES)
def test_a_page_of_ones_own_is_found(
    bin_: Path, tmp_path: Path, visit: Callable[..., Any], id_: str, name: str, word: str
) -> None:
    began = time.monotonic()
    papernotes, site = str(bin_ / "papernotes"), tmp_path / "notes"
    run([papernotes, "init", str(site), "--name", "试装"], tmp_path)
    run([papernotes, "new", id_, "--offline", "--slug", name], site)
    assert " blank: " in run([papernotes, "check"], site, code=1)
    text = (ROOT / "tests/cases/own" / f"{name}.md").read_text(encoding="utf-8")
    (site / "docs/papers" / f"{name}.md").write_text(text, encoding="utf-8")
    ledger = site / "docs/_data/papers.json"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if f'"{id_}"' in line]
    record = json.loads(lines[at].rstrip(",")) | {"title": f"A title for {id_}", "authors": ["A. Writer"]}
    lines[at] = json.dumps(record, ensure_ascii=False) + ("," if lines[at].endswith(",") else "")
    ledger.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert " 0 findings " in run([papernotes, "check", "--strict"], site)
    run([papernotes, "site"], site)
    page = visit(f"file://{site / 'site'}").open()
    for query in (word, id_):
        assert ask(page, query)[0].partition("#")[0].endswith(f"/papers/{name}.html"), query
    print(f"\n{bin_.parent.name}, {id_}: {(time.monotonic() - began) / 60:.1f} minutes from init to found")
