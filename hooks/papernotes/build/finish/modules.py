"""ES modules -> classic scripts: one that every page runs, and one for each module that another loads later.

Why so: a page opened from a disk (`file:`) can load classic scripts only, and a build needs nothing but Python. A bundler would
need Node wherever the site is built, or its output in git with a test for its age. The syntax between our modules is
small, so this reads it and refuses everything else. Each stands at the beginning of a line, an import on one line:

    import { a, b as c } from "./other.js";     import * as all from "./other.js";     … import("./later.js") …
    export function …     export async function …     export class …     export const …

    … t("key") …     … t("key", { name: value }) …     … parts("key", …) …

The last ones have the words of their key put in its place, those of `words.yml` beside the templates: a page fetches no words but those
that its scripts say. What is exported is never assigned again, so a copy of it is as good as the binding. A module has its own scope and runs once,
after what it imports. All stand in one table, `pnModules`, by path: a script that is loaded later finds there what ran before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final

LOADER: Final = "load.js"
"""The module whose `load(file, module)` takes the place of `import(module)`."""

_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
_BEHIND: Final = re.compile(r"(?<=[;{,)\]]) +// [^\"'`\n]*$", re.MULTILINE)
_INDENT: Final = re.compile(r"^ +", re.MULTILINE)
_IMPORT: Final = re.compile(r'^import (?:\* as (\w+)|\{ ([\w, ]+) \}) from "(\.[^"\n]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_LATER: Final = re.compile(r'\bimport\("(\.[^"\n]+)"\)')
_WORDS: Final = re.compile(r'\b(t|parts)\("([\w.]+)"')
_WHOLE: Final = "//# allFunctionsCalledOnLoad\n"
"""Tells Chromium to compile a script while it comes, not function by function at the reader's first key."""
_OTHER: Final = re.compile(r"^(?:import|export)\b.*|\bimport\s*\(.*", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """A classic script."""

    name: str
    """With a digest of the text, so that no cache gives an older one."""
    content: str


def build(
    folder: Path, entry: str, running: AbstractSet[str] = frozenset(), words: Mapping[str, str] | None = None
) -> list[Script]:
    """The scripts of the modules that are loaded later, and last the one of `entry`, a path in the folder.

    `running`: modules that ran before. `words`: what scripts say, by key. Raises: ValueError that says what in which module cannot be joined.
    """
    texts: dict[str, str] = {}
    _collect(folder, entry, running, (), texts)
    later: dict[str, list[Script]] = {}
    parts = []
    for path, text in texts.items():

        def load(match: re.Match[str], path: str = path) -> str:
            name = _resolve(path, match[1])
            if name not in later:
                later[name] = build(folder, name, running | texts.keys(), words)
            return f'pnModules["{LOADER}"].load("{later[name][-1].name}", "{name}")'

        def take(match: re.Match[str], path: str = path) -> str:
            names = match[1] or f"{{ {match[2].replace(' as ', ': ')} }}"
            return f'const {names} = pnModules["{_resolve(path, match[3])}"];\n'

        def say(match: re.Match[str], path: str = path) -> str:
            if match[2] not in (words or {}):
                raise ValueError(f"{path}: {match[2]!r} is not a key of the words")
            return f"{match[1]}({json.dumps((words or {})[match[2]], ensure_ascii=False)}"

        exported = ", ".join(_EXPORT.findall(text))
        body = _WORDS.sub(say, _EXPORT.sub("", _IMPORT.sub(take, _LATER.sub(load, text))))
        if other := _OTHER.search(body):
            raise ValueError(f"{path}: {other[0]!r} cannot be joined; see papernotes.modules for what can")
        parts.append(f'pnModules["{path}"] ||= (() => {{\n{body.rstrip()}\nreturn {{ {exported} }};\n}})();\n')
    content = f'{_WHOLE if running else ""}"use strict";\nglobalThis.pnModules ||= {{}};\n{"".join(parts)}'
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    own = Script(f"{entry.removesuffix('.js').replace('/', '-')}.{digest}.js", content)
    return [*dict.fromkeys(script for scripts in later.values() for script in scripts), own]


def _collect(folder: Path, path: str, running: AbstractSet[str], way: tuple[str, ...], texts: dict[str, str]) -> None:
    """Add the texts of a module and of what it imports, in the order in which they run. `way`: what led to it."""
    if path in way:
        raise ValueError(f"{path}: imports itself by way of {way[-1]}")
    if path in running or path in texts:
        return
    if not (folder / path).is_file():
        raise ValueError(f"{way[-1] if way else path}: imports {path}, which is not there")
    text = _lighten((folder / path).read_text(encoding="utf-8"))
    for needed in [*(match[3] for match in _IMPORT.finditer(text)), *(["/" + LOADER] if _LATER.search(text) else [])]:
        _collect(folder, _resolve(path, needed), running, (*way, path), texts)
    texts[path] = text


def _lighten(text: str) -> str:
    """A module without what no browser needs: comments, and the spaces before a line where no template runs over its end."""
    text = _BEHIND.sub("", _COMMENT.sub("", text))
    over = any(line.count("`") % 2 for line in text.splitlines())
    return text if over else _INDENT.sub("", text)


def _resolve(path: str, target: str) -> str:
    return normpath(str(PurePosixPath(path).parent / target)).lstrip("/")
