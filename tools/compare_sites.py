"""Compare two built sites: what a reader reads must be the same bytes; what else differs is listed.

Usage: python tools/compare_sites.py BEFORE AFTER. Exit codes: 0 the articles are the same, 1 they differ.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_ARTICLE = re.compile(rb"<article\b.*</article>", re.DOTALL)
_READ = ("papers/", "topics/", "glossary.html", "figures.html", "errata.html", "lists.html", "map.html", "index.html")


def article(page: bytes) -> bytes:
    """The article of a page; the whole of it where there is none."""
    found = _ARTICLE.search(page)
    return found[0] if found else page


def compare(before: Path, after: Path) -> tuple[list[str], list[str]]:
    """Two built sites -> the paths whose article differs, and those of all else that differs; `-` gone, `+` new, `~` changed."""
    first, second = (
        {file.relative_to(site).as_posix(): file for file in site.rglob("*") if file.is_file()}
        for site in (before, after)
    )
    read, rest = [], []
    for path in sorted(first.keys() | second.keys()):
        if path not in second or path not in first:
            (read if path.startswith(_READ) and path.endswith(".html") else rest).append(
                f"{'-' if path in first else '+'} {path}"
            )
            continue
        old, new = first[path].read_bytes(), second[path].read_bytes()
        if old != new:
            same = path.endswith(".html") and article(old) == article(new)
            (rest if same or not path.startswith(_READ) else read).append(f"~ {path}")
    return read, rest


def main() -> int:
    """Print both lists."""
    read, rest = compare(Path(sys.argv[1]), Path(sys.argv[2]))
    for title, paths in (("articles that differ", read), ("what else differs", rest)):
        print(f"{title}: {len(paths)}")
        print("".join(f"  {path}\n" for path in paths), end="")
    return 1 if read else 0


if __name__ == "__main__":
    sys.exit(main())
