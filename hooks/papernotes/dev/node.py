"""Scripts of the tools folder, run under Node with the packages of its lock."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

TOOLS: Final = "tools/audit"
"""Where the npm packages are named and installed, from the root."""


class CannotAuditError(Exception):
    """A tool is missing or failed. The text says which, and what to do, in one line."""


class NotInstalledError(CannotAuditError):
    """What an audit looks at is not on this machine: it fails only where it was asked for by name."""


def run_script(root: Path, script: str, *arguments: str, timeout: float = 600.0) -> str:
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
