"""The whole site in one file that opens from disk: `dist/papernotes.zip`, and its place beside the published site."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from papernotes.build import archive, sbom
from papernotes.build.finish import offline

NAME: Final = "papernotes.zip"
_TOP: Final = "papernotes"


def write(site_dir: Path, target: Path, *, when: datetime) -> None:
    """Pack a built site. The same site and time give the same bytes (with the same zlib).

    `when`: the time of every entry, as the build's own. Raises: OSError; FileNotFoundError where no site lies.
    """
    if not (site_dir / "index.html").is_file():
        raise FileNotFoundError(f"there is no site in {str(site_dir)!r}")
    files = sorted((file.relative_to(site_dir).as_posix(), file) for file in site_dir.rglob("*") if file.is_file())
    archive.write(
        target,
        ((f"{_TOP}/{path}", file.read_bytes()) for path, file in files if not offline.LEFT_OUT.fullmatch(path)),
        when,
    )


def lay(archive: Path, parts: Path, site_dir: Path) -> None:
    """Lay an archive beside the site for publishing, and show the link, with size and digest, on the page about it.

    `parts`: its bill of materials, which is laid beside it.

    The page in the archive has no link, nor has a site that was not published: the link shows only where the file is.
    """
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    shutil.copyfile(archive, site_dir / NAME)
    shutil.copyfile(parts, site_dir / sbom.NAME)
    (site_dir / f"{NAME}.sha256").write_text(f"{digest}  {NAME}\n", encoding="utf-8", newline="\n")
    size = f"{archive.stat().st_size / 1e6:.1f} MB"
    offline.show(
        site_dir,
        "pn-offline__bundle",
        f'<a href="{NAME}" download>下载整个网站</a>（zip，{size}），解压后打开 index.html。'
        f'<br><span class="pn-offline__digest">SHA-256：<code>{digest}</code>；<a href="{sbom.NAME}">用了哪些软件</a>（CycloneDX）</span>',
    )
