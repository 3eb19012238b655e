"""A release: wheel, sdist, the site as one file and as books, with their checksums; made twice, and tried in an empty environment."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from papernotes import __version__
from papernotes.base import git, storage
from papernotes.base.finding import StopError

SUMS: Final = "SHA256SUMS"
_BUILD: Final = """import sys
from setuptools import build_meta
out = sys.argv[1]  # which setuptools writes over
build_meta.build_wheel(out)
build_meta.build_sdist(out)
"""


class CannotReleaseError(StopError):
    """Nothing was written. The text says why and what to do, in one line."""


def make(root: Path, out: Path, say: Callable[[str], None], *, prove: bool = True) -> list[Path]:
    """Make the release of the last commit, and give its files; they are put into `out` once all of them have been tried.

    `prove`: whether to install the packages in an empty environment, which needs an index of packages.
    Raises: CannotReleaseError; OSError.
    """
    refuse(root)
    when = str(int(git.last_commit(root).timestamp()))
    with tempfile.TemporaryDirectory(prefix="papernotes-release-") as scratch:
        folder = Path(scratch)
        made = folder / "made"
        say("packages, twice")
        packages = _packages(root, folder / "one", made, when)
        if digests(packages) != digests(_packages(root, folder / "two", folder / "again", when)):
            raise CannotReleaseError("two builds of one commit differ; nothing was written")
        say("site and books")
        run = [sys.executable, "-m", "papernotes"]
        _run([*run, "bundle", "--out", str(made / "papernotes.zip")], folder / "one", when)
        _run([*run, "epub", "--out", str(made)], folder / "one", when)
        if prove:
            for package in packages:
                say(f"{package.name} in an empty environment")
                _prove(package, folder / package.suffix.strip("."), when)
        files = sorted(made.iterdir())
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            storage.replace(out / file.name, file.read_bytes())
        storage.replace(out / SUMS, sums(files))
    return [*(out / file.name for file in files), out / SUMS]


def refuse(root: Path) -> None:
    """A release is of a commit, and tells what has changed. Raises: CannotReleaseError."""
    try:
        unsaved = git.unsaved(root, ["."], ignored=False)
    except git.NoGitError as error:
        raise CannotReleaseError(f"a release is made of a commit, and git cannot tell ({error})") from None
    if unsaved:
        raise CannotReleaseError(f"git does not hold {unsaved[0]!r} as it is; a release is made of a commit")
    changes = root / "CHANGELOG.md"
    if not changes.is_file() or f"\n## {__version__}\n" not in changes.read_text(encoding="utf-8"):
        raise CannotReleaseError(
            f"CHANGELOG.md has no section '## {__version__}'; write it, or correct papernotes.__version__"
        )


def digests(files: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file, hexadecimal, by its name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def sums(files: Sequence[Path]) -> str:
    """The checksums as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests(files).items()))


def settled(sdist: bytes, when: int) -> bytes:
    """A source archive whose bytes are those of its files alone: sorted, of one time, of nobody.

    Source: https://reproducible-builds.org/docs/archives/
    """
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(sdist)) as old,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            content = old.extractfile(member) if member.isfile() else None
            member.mtime, member.pax_headers = when, {}
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            new.addfile(member, content)
    return gzip.compress(packed.getvalue(), mtime=when)


def _packages(root: Path, source: Path, out: Path, when: str) -> list[Path]:
    """Wheel and sdist, built from a clone of the last commit."""
    _run(["git", "clone", "--quiet", "--no-hardlinks", str(root), str(source)], root, when)
    out.mkdir()
    _run([sys.executable, "-c", _BUILD, str(out)], source, when)
    (sdist,) = out.glob("*.tar.gz")
    sdist.write_bytes(settled(sdist.read_bytes(), int(when)))
    for left in ("build", "hooks/papernotes.egg-info"):
        shutil.rmtree(source / left, ignore_errors=True)
    return sorted(out.iterdir())


def _prove(package: Path, folder: Path, when: str) -> None:
    """Install a package where nothing else is, and build a site of one page with it."""
    _run([sys.executable, "-m", "venv", str(folder)], folder.parent, when)
    commands = folder / "bin"
    _run(
        [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(package)],
        folder,
        when,
    )
    said = _run([str(commands / "papernotes"), "--version"], folder, when)
    if said != f"papernotes {__version__}\n":
        raise CannotReleaseError(f"{package.name} installs {said.strip()!r}")
    _run([str(commands / "papernotes"), "init", "site"], folder, when)
    _run([str(commands / "papernotes"), "test"], folder / "site", when)


def _run(command: list[str], folder: Path, when: str) -> str:
    """Run a command with nothing of this program's folder in its environment. Raises: CannotReleaseError with its last words."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        command, cwd=folder, env={**environment, "SOURCE_DATE_EPOCH": when}, capture_output=True, text=True, check=False, umask=0o022
    )  # fmt: skip
    if done.returncode:
        words = [line for line in (done.stdout + done.stderr).splitlines() if not re.match(r"WARNING: Location", line)]
        raise CannotReleaseError(f"{Path(command[0]).name} {command[-1]} failed\n" + "\n".join(words[-12:]))
    return done.stdout
