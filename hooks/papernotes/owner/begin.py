"""Begin a site: a folder that another group can write, check, build and publish in at once."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from papernotes import __version__, kit
from papernotes.base.escaping import escape_markdown
from papernotes.base.finding import StopError, quote
from papernotes.data import ledger
from papernotes.pages.files import schema
from papernotes.refresh.new import TEMPLATES

MAX_NAME: Final = 60
MAX_DESCRIPTION: Final = 120
"""Characters; more do not fit where they are shown."""
_EDITORS: Final = (".vscode", ".editorconfig")
_MARK: Final = re.compile("〔(名称|说明|网址|仓库|版本)〕")


class CannotBeginError(StopError):
    """Nothing was written. The text says why and what to do, in one line."""


@dataclass(frozen=True)
class Wishes:
    """What an owner says of the site. Raises: CannotBeginError."""

    name: str
    description: str
    url: str = ""
    """Where it will be published; empty: not known yet."""
    repository: str = ""
    """The address of its repository; empty: not known yet."""

    def __post_init__(self) -> None:
        for what, text, most in (("name", self.name, MAX_NAME), ("description", self.description, MAX_DESCRIPTION)):
            if not text.strip() or text != text.strip():
                raise CannotBeginError(
                    f"the {what} {quote(text)} is empty, or begins or ends with a space; write it plainly"
                )
            if len(text) > most:
                raise CannotBeginError(f"the {what} has {len(text)} characters, more than {most}; shorten it")
            if odd := next((char for char in text if char in '<>&"`〔〕' or not char.isprintable()), None):
                raise CannotBeginError(f"the {what} holds {quote(odd)}, which is no text; write it without")
        for what, address in (("address", self.url), ("address of the repository", self.repository)):
            parts = (
                urlsplit(address)
                if address.isascii() and address.isprintable() and not re.search(r"[\s\"'<>]", address)
                else None
            )
            if address and not (parts and parts.scheme in {"http", "https"} and parts.hostname):
                raise CannotBeginError(
                    f"the {what} {quote(address)} is not one; write it as https://example.org/notes/"
                )


def begin(folder: Path, wishes: Wishes) -> None:
    """Write a site into a folder that is new or empty: whole, or not at all.

    Raises: CannotBeginError; OSError where the file system fails.
    """
    folder = folder.resolve()
    _refuse(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    stays = folder.is_dir()  # a shell may stand in it, or it may be a volume
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder if stays else folder.parent))
    try:
        _fill(beside, wishes)
        if stays:
            for part in sorted(beside.iterdir()):
                part.rename(folder / part.name)
        else:
            beside.chmod(0o755)
            beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _refuse(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CannotBeginError(f"{str(folder)!r} is a file; name a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise CannotBeginError(f"{str(folder)!r} is not empty; name a new folder")
    for outer in folder.parents:
        if (outer / "mkdocs.yml").is_file() and (outer / "docs" / ledger.FILE).is_file():
            raise CannotBeginError(f"{str(folder)!r} lies in the site {str(outer)!r}; name a folder outside of it")


def _fill(folder: Path, wishes: Wishes) -> None:
    starter = kit.find(kit.STARTER)
    values = {
        "名称": wishes.name, "说明": wishes.description, "网址": wishes.url, "仓库": wishes.repository, "版本": __version__,
    }  # fmt: skip
    for source in sorted(starter.rglob("*")):
        target = folder / source.relative_to(starter)
        if source.is_dir():
            target.mkdir()
        elif source.name in {"mkdocs.yml", "index.md", "README.md", "requirements.txt"}:
            target.write_text(_filled(source, values), encoding="utf-8")
        else:
            shutil.copyfile(source, target)
    shutil.copytree(kit.find(f"docs/{TEMPLATES}"), folder / "docs" / TEMPLATES)
    for name in _EDITORS:
        source = kit.find(name)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    schema.write(folder / "docs")


def _filled(source: Path, values: dict[str, str]) -> str:
    """A file with its marks filled in as it holds them: JSON's quoting is YAML's, and a version needs none."""
    quoted = escape_markdown if source.name == "README.md" else partial(json.dumps, ensure_ascii=False)

    def written(mark: re.Match[str]) -> str:
        value = values[mark[1]]
        return value if mark[1] == "版本" else str(quoted(value))

    return _MARK.sub(written, source.read_text(encoding="utf-8"))
