"""The verbs `init`, `retire` and `release`."""

from __future__ import annotations

import argparse
import shlex
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.base import git, storage
from papernotes.base.finding import Finding, visible
from papernotes.data import ledger
from papernotes.data import site as site_module
from papernotes.data.site import Site
from papernotes.markdown import dialect as dialects
from papernotes.owner import begin, release, retire
from papernotes.pages.files import schema
from papernotes.rules import checker

MOST: Final = 20
"""Places outside docs/ that are told; who has more asks git."""


PROGRAM: Final = ("docs/", "hooks/", "overrides/", "tests/")
"""Where such a name is an example, or has been looked after."""


def add_init(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `init`."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    parser.add_argument("--name", default="论文笔记", help="the name of the site (default: 论文笔记)")
    parser.add_argument("--description", default="用中文读论文，结果都写明出处。", help="one sentence on it")
    parser.add_argument("--url", default="", help="where it will be published, such as https://example.org/notes/")
    parser.add_argument("--repo", default="", help="the address of its repository, for the links that edit a page")


def run_init(arguments: argparse.Namespace) -> int:
    """Write a site of one page, and say what to do next."""
    folder = arguments.folder
    begin.begin(folder, begin.Wishes(arguments.name, arguments.description, arguments.url, arguments.repo))
    print(f"Written: {folder}/, a site of one page that shows each mark once (docs/papers/adam.md).\n\nNext:")
    go = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    print(f"  1. {go}git init && git add . && git commit -m 'Begin'")
    print("  2. papernotes site, then open site/index.html")
    print("  3. papernotes new 1512.03385   begins a page (how to write one: docs/guide/index.md)")
    print("  4. Put the wheel of papernotes into vendor/ and commit it, unless an index of packages has it.")
    return 0


def add_release(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `release`."""
    parser.add_argument("--out", type=Path, default=Path("dist"), help="the folder for the files (default: dist)")
    parser.add_argument("--no-proof", action="store_true", help="do not install the packages in an empty environment")


def run_release(arguments: argparse.Namespace) -> int:
    """Make the release of the last commit, and say what was written."""
    files = release.make(
        Path.cwd(),
        arguments.out.resolve(),
        lambda line: print(f"papernotes: {line}", flush=True),
        prove=not arguments.no_proof,
    )
    for file in files:
        print(f"papernotes: wrote {arguments.out / file.name} ({file.stat().st_size / 1e6:.2f} MB)")
    return 0


def add_retire(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `retire`."""
    parser.add_argument(
        "pages", nargs="+", metavar="PAGE", help="pages of papers or topics, such as dpo, topics/vision"
    )
    parser.add_argument("--to", metavar="PAGE", help="the page that takes their place (default: arXiv, and the list)")
    parser.add_argument("--force", action="store_true", help="also pages that git does not hold as they are")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run_retire(arguments: argparse.Namespace) -> int:
    """Take the pages away, tell every place that led to them, and check what is left."""
    docs_dir = storage.there(arguments.docs)
    root = docs_dir.parent
    site, findings = site_module.load(docs_dir, root=root, today=date.today())
    _refuse(site, findings)
    uris = retire.chosen(site, arguments.pages)
    to = retire.chosen(site, [arguments.to])[0] if arguments.to else None
    made = retire.plan(site, uris, to)
    if not arguments.force:
        _are_saved(root, made.gone)
    with storage.locked((docs_dir / ledger.FILE).parent):
        _carry_out(made, root)
    schema.write(docs_dir)
    _tell(made, site, uris)
    result = checker.check(
        docs_dir,
        root=root,
        today=date.today(),
        drafts=True,
        publish=False,
        reader=checker.library(dialects.of(root / "mkdocs.yml")),
    )
    for finding in result.findings:
        print(finding)
    print(f"{len(result.findings)} findings in what is left")
    return 1 if result.findings else 0


def _refuse(site: Site, findings: Sequence[Finding]) -> None:
    """What could not be read cannot be written anew. Raises: CannotRetireError that tells a page first: data may name what it misses.

    A draft may still miss what it likes: it is edited, or goes, as the text that it is.
    """
    drafts = {site.documents[uri].path for uri in site.drafts}
    pages = (each for each in findings if each.path not in drafts)
    broken = [each for each in pages if "/_data/" in each.path or each.rule.startswith("front-matter")]
    if broken:
        first = min(broken, key=lambda each: ("/_data/" in each.path, each))
        raise retire.CannotRetireError(f"the site cannot be read whole; mend this first (make check)\n{first}")


def _are_saved(root: Path, gone: Sequence[Path]) -> None:
    """What goes can be brought back. Raises: CannotRetireError."""
    try:
        unsaved = git.unsaved(root, [path.relative_to(root).as_posix() for path in gone])
    except git.NoGitError as error:
        raise retire.CannotRetireError(
            f"git could not bring back what goes ({error}); add --force to do without"
        ) from None
    if unsaved:
        raise retire.CannotRetireError(f"git does not hold {unsaved[0]!r} as it is; commit it, or add --force")


def _carry_out(made: retire.Plan, root: Path) -> None:
    """The pages go last: until then the same command does the rest."""
    for file, text in made.texts.items():
        storage.replace(file, text, scratch=root)
    for path in made.gone:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _tell(made: retire.Plan, site: Site, uris: Sequence[str]) -> None:
    root = site.root
    for path in made.gone:
        print(f"gone: {path.relative_to(root).as_posix()}")
    for line in made.kept:
        print(f"kept: {line}")
    if made.places:
        print(f"\n{len(made.places)} places led there; look whether each still holds:")
        print("\n".join(visible(f"{path}:{line}:{column}: {what}") for path, line, column, what in sorted(made.places)))
    named = [uri.removesuffix(".md") for uri in uris]
    try:
        words = [f"{name}{end}" for name in named for end in (".md", ".html")]
        found = [line for line in git.mentions(root, words) if not line.startswith(PROGRAM)]
    except git.NoGitError:
        found = []
    if found:
        print("\nNamed outside docs/, and left as they are:")
        print("\n".join(visible(line[:160]) for line in found[:MOST]))
        if len(found) > MOST:
            print(f"and {len(found) - MOST} more; git grep finds them")
    print()
