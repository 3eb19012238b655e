"""What the archive is made of: its bill of materials, as CycloneDX, from the lock and from what lies in the repository."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from papernotes.base import storage
from papernotes.markdown import formula

LOCK: Final = "requirements.txt"
NAME: Final = "papernotes.cdx.json"
_PIN: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)
_SHIPPED: Final = frozenset({"mkdocs-material"})
"""Packages of which parts lie in the site; the others only took part in the making."""


@dataclass(frozen=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str
    digests: tuple[str, ...]
    """SHA-256, hexadecimal, of each of its files that may be installed."""
    line: int = 1

    @property
    def purl(self) -> str:
        """Its package URL.

        Source: https://github.com/package-url/purl-spec
        """
        return f"pkg:pypi/{quote(re.sub(r'[-_.]+', '-', self.name).lower())}@{quote(self.version)}"


def pins(lock: Path) -> Iterator[Pin]:
    """The packages of a lock as pip reads it, in its order, those of other systems too. Raises: OSError."""
    text = lock.read_text(encoding="utf-8")
    for match in _PIN.finditer(text):
        digests = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", match["rest"]))
        yield Pin(match["name"], match["version"], digests, text.count("\n", 0, match.start()) + 1)


def write(root: Path, archive: Path, target: Path, *, when: datetime) -> None:
    """Write the bill of materials of an archive of the site. The same archive, lock and time give the same bytes.

    `when`: the build's time. Raises: OSError.
    Source: https://cyclonedx.org/docs/1.6/json/
    """
    lock = [pin for pin in pins(root / LOCK) if pin.digests] if (root / LOCK).is_file() else []
    used = [pin for pin in lock if _is_installed(pin)] or list(_installed())
    value = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "file", "name": archive.name, "hashes": [_digest(archive)]},
        },
        "components": [*map(_package, used), *_vendored()],
    }
    storage.replace(target, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _package(pin: Pin) -> dict[str, Any]:
    files = [{"alg": "SHA-256", "content": digest} for digest in pin.digests]
    return {
        "type": "library",
        "name": pin.name,
        "version": pin.version,
        "scope": "required" if pin.name in _SHIPPED else "excluded",
        "purl": pin.purl,
        "externalReferences": [
            {"type": "distribution", "url": f"https://pypi.org/project/{pin.name}/{pin.version}/", "hashes": files}
        ],
    }


def _vendored() -> Iterator[dict[str, Any]]:
    """What comes with the package and is not ours."""
    version = re.search(r'version:"([\d.]+)"', formula.TEMML.read_text(encoding="utf-8"))
    assert version, "the program says its version"
    yield {
        "type": "library",
        "name": "temml",
        "version": version[1],
        "scope": "excluded",
        "purl": f"pkg:npm/temml@{version[1]}",
        "hashes": [_digest(formula.TEMML)],
        "licenses": [{"license": {"id": "MIT"}}],
    }
    yield {
        "type": "library",
        "name": "STIX Two Math",
        "description": "subsets of the font",
        "scope": "required",
        "licenses": [{"license": {"id": "OFL-1.1"}}],
    }


def _installed() -> Iterator[Pin]:
    """The package and all that it requires, as they are installed: for a site that has no lock with hashes."""
    seen: set[str] = set()
    queue = ["papernotes"]
    for name in queue:  # grows while it is gone through
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        wanted = [Requirement(text) for text in found.requires or ()]
        queue += sorted(
            {canonicalize_name(each.name) for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})}
            - set(queue)
        )
        seen.add(name)
    for name in sorted(seen):
        yield Pin(name, metadata.version(name), ())


def _is_installed(pin: Pin) -> bool:
    """Whether this build may have used it: the lock holds packages of other systems and Pythons too."""
    try:
        return metadata.version(pin.name) == pin.version
    except metadata.PackageNotFoundError:
        return False


def _digest(file: Path) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}
