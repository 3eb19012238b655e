"""The audit `locks`: what the locks pin, looked up among the known vulnerabilities of OSV, by curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from papernotes.build import sbom
from papernotes.dev.node import TOOLS, CannotAuditError

SERVICE: Final = "https://api.osv.dev/v1/querybatch"
MOST: Final = 1000
"""Queries of one request."""


class Locked(NamedTuple):
    """A package, and where it is pinned."""

    place: str
    """`path:line:column`, from the root."""
    purl: str


def locked(root: Path) -> Iterator[Locked]:
    """Every package of every lock. Raises: OSError."""
    for lock in ("requirements.txt", "requirements-dev.txt"):
        for pin in sbom.pins(root / lock):
            yield Locked(f"{lock}:{pin.line}:1", pin.purl)
    path = f"{TOOLS}/package-lock.json"
    text = (root / path).read_text(encoding="utf-8")
    for key, package in json.loads(text)["packages"].items():
        name = key.rpartition("node_modules/")[2]
        if name:
            line = text.count("\n", 0, text.index(f'"{key}"')) + 1
            yield Locked(f"{path}:{line}:1", f"pkg:npm/{quote(name, safe='/')}@{quote(package['version'])}")


def vulnerable(root: Path) -> Iterator[str]:
    """A line for each package with a known vulnerability. Raises: CannotAuditError."""
    packages = sorted(set(locked(root)))
    for start in range(0, len(packages), MOST):
        part = packages[start : start + MOST]
        answer = _ask({"queries": [{"package": {"purl": package.purl}} for package in part]})
        try:
            found = [[str(each["id"]) for each in result.get("vulns", ())] for result in answer["results"]]
        except (KeyError, TypeError, AttributeError):
            raise CannotAuditError("OSV answered in a form that is not known") from None
        if len(found) != len(part):
            raise CannotAuditError(f"OSV answered {len(found)} of {len(part)} questions")
        for package, ids in zip(part, found, strict=True):
            if ids:
                fix = "see https://osv.dev/; run make lock, or leave the package out"
                yield f"{package.place}: vulnerable: {package.purl}: {', '.join(sorted(ids))}; {fix}"


def _ask(question: Any) -> Any:
    """Source: https://google.github.io/osv.dev/post-v1-querybatch/."""
    if shutil.which("curl") is None:
        raise CannotAuditError("curl is not installed")
    command = [
        "curl", "--fail", "--silent", "--show-error", "--max-time", "120", "--retry", "2", "--data", "@-", SERVICE,
    ]  # fmt: skip
    done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotAuditError((done.stderr.strip() or f"curl ended with {done.returncode}").splitlines()[-1])
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise CannotAuditError("OSV answered in a form that is not known") from None
