"""The command: `papernotes <verb>`, or `python -m papernotes <verb>`. Exit codes: 0 done, 1 findings, 2 could not run, 130 interrupted.

A pipe that is closed is not an error: whoever reads has seen enough. Make turns every code but 0 into 2.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from papernotes import __version__
from papernotes.base import machine, storage
from papernotes.base.finding import StopError


class _Later:
    """The functions of a module that is loaded when one of them is called: a verb waits for its own and for no other's."""

    def __init__(self, module: str) -> None:
        self._module = f"papernotes.{module}"

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        return lambda given: getattr(importlib.import_module(self._module), name)(given)


build, dev, owner, rules = map(_Later, ("build.commands", "dev.commands", "owner.commands", "rules.commands"))
books, new, plots = _Later("evidence.books"), _Later("refresh.new"), _Later("figures.plots")
reading, refresh, schema = _Later("evidence.reading"), _Later("refresh.command"), _Later("pages.files.schema")


class Verb(NamedTuple):
    """One thing that the command does."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Returns the exit code."""


BY_PERSON: Final = {
    "who writes pages": (
        Verb("new", "begin a page: a draft and a ledger record for an arXiv id", new.add_arguments, new.run),
        Verb("check", "check every page, build nothing", rules.add_check, rules.run_check),
        Verb("fix", "mend what is safe to mend, show the changes, then check", rules.add_fix, rules.run_check),
        Verb("serve", "build, serve on this machine and rebuild on change", build.add_serve, build.run_serve),
        Verb("site", "check everything, build the site, replace site/ last", build.add_site, build.run_site),
        Verb("pairs", "print the block for the translation of an abstract, with its fingerprints", new.add_pairs, new.run_pairs),
        Verb("read", "write down a paper's places and numbers from its own text", reading.add_arguments, reading.run),
        Verb("plots", "draw the plots of docs/_data/plots", plots.add_arguments, plots.run),
    ),
    "who keeps a site": (
        Verb("init", "begin a site of one's own, with one page that shows each mark", owner.add_init, owner.run_init),
        Verb("refresh", "bring the ledger up to date from arXiv, Semantic Scholar and OpenAlex", refresh.add_arguments, refresh.run_refresh),
        Verb("retire", "take a page away with all that is its own; its address and links to it lead on", owner.add_retire, owner.run_retire),
        Verb("bundle", "build, then write dist/papernotes.zip, which opens from disk", build.add_bundle, build.run_bundle),
        Verb("epub", "check, then write dist/papernotes.epub, or the e-book of one topic", build.add_epub, build.run_epub),
        Verb("books", "list the commits that change a page's numbers and its evidence together", books.add_arguments, books.run),
        Verb("schemas", "write the JSON Schemas and the snippets that editors use", schema.add_arguments, schema.run),
    ),
    "who changes the program": (
        Verb("release", "write wheel, sdist, site and book with checksums to dist/, each tried", owner.add_release, owner.run_release),
        Verb("test", "lint, types, tests; finds or installs Chromium first", dev.add_tests, dev.run_test),
        Verb("soak", "the tests again, the random ones at length", dev.add_tests, dev.run_soak),
        Verb("bench", "measure search on synthetic sites, or building, beside other systems", dev.add_bench, dev.run_bench),
        Verb("audit", "the checks that need Node, Java or the network", dev.add_audit, dev.run_audit),
    ),
}  # fmt: skip
VERBS: Final = tuple(verb for verbs in BY_PERSON.values() for verb in verbs)


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Every verb, those in `argv` with their arguments; the help lists them by who needs them."""
    name = Path(sys.argv[0]).name
    listed = "\n".join(
        f"\nfor {person}:\n" + "\n".join(f"  {verb.name:9}{verb.help}" for verb in verbs)
        for person, verbs in BY_PERSON.items()
    )
    parser = argparse.ArgumentParser(
        prog="papernotes" if name == "papernotes" else "python -m papernotes",
        description="Check, build and keep a site of papers.",
        epilog=f"{listed}\n\n`VERB --help` tells the options of one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"papernotes {__version__}")
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing where all is well")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        its_parser = verbs.add_parser(verb.name, description=f"{verb.help[0].upper()}{verb.help[1:]}.")
        if verb.name in argv:
            verb.add_arguments(its_parser)
        its_parser.set_defaults(run=verb.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(argv).parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        storage.sweep(Path.cwd())
        code = _quietly(run, arguments) if arguments.quiet else run(arguments)
        sys.stdout.flush()
        return code
    except StopError as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("papernotes: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough; what Python still holds of it goes nowhere
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 0
    except MemoryError:
        print("papernotes: too little memory", file=sys.stderr)
        return 2
    except Exception as error:
        if isinstance(error, BlockingIOError) or (isinstance(error, RuntimeError) and "new thread" in str(error)):
            said = "too few threads; this system lets no more begin"
        elif machine.is_nearly_used_up():  # a library says so in words of its own
            said = "too little memory"
        elif isinstance(error, OSError):
            said = str(error)
        else:
            raise
        print(f"papernotes: {said}", file=sys.stderr)
        return 2


def _quietly(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Run a verb, and print what it says only where it does not end well."""
    said, code = io.StringIO(), 2
    try:
        with contextlib.redirect_stdout(said):
            code = run(arguments)
        return code
    finally:
        if code:
            print(said.getvalue(), end="")
