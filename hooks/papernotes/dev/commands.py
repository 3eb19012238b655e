"""The verbs `test`, `soak`, `bench` and `audit`; what they need is loaded when they run."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from papernotes.base.finding import StopError


def add_tests(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `test` and `soak`."""
    parser.add_argument(
        "pytest", nargs=argparse.REMAINDER, help="handed on to pytest; what begins with a dash stands behind --"
    )


def _handed_on(arguments: argparse.Namespace) -> list[str]:
    """What pytest is given: in `-- -k name` the dashes are for us."""
    given: list[str] = arguments.pytest
    return given[1:] if given[:1] == ["--"] else given


def run_test(arguments: argparse.Namespace) -> int:
    """Run the checks, the same by hand and in CI; in a site of one's own, check it and build it for the test alone."""
    if not Path("hooks/papernotes").is_dir():
        return _test_site()
    from papernotes.dev import browser

    browser.find(install=True)
    python = [sys.executable, "-m"]
    lint_imports = str(Path(sys.executable).with_name("lint-imports"))  # it cannot be run as a module
    static = [
        [*python, "mypy"],
        [*python, "papernotes", "check"],
        [lint_imports, "--no-logo", "--no-cache"],
        [*python, "ruff", "check", "hooks", "tests"],
        [*python, "ruff", "format", "--check", "hooks", "tests"],
    ]
    for commands in (static, [[*python, "pytest", "--numprocesses=auto", "--dist=worksteal", *_handed_on(arguments)]]):
        running = [(command, subprocess.Popen(command)) for command in commands]  # each may have a processor of its own
        failed = [(command, process.returncode) for command, process in running if process.wait()]
        for command, _ in failed:
            print(f"papernotes: {' '.join(command).removeprefix(' '.join(python)).strip()} failed", file=sys.stderr)
        if failed:
            return failed[0][1]
    return 0


def _test_site() -> int:
    """What there is to test without the program's own tests: the pages, and whether what is built of them may be published."""
    from papernotes.build import publish

    code = subprocess.call([sys.executable, "-m", "papernotes", "check"])
    if code:
        return code
    with tempfile.TemporaryDirectory() as folder:
        publish.build(Path("mkdocs.yml"), site_dir=Path(folder, "site"))
    print("papernotes: the pages are clean, and the site can be published")
    return 0


def run_soak(arguments: argparse.Namespace) -> int:
    """Run the tests with `PAPERNOTES_SOAK` set: what is random and seeded in `make test` runs at length and at random."""
    environment = os.environ | {"PAPERNOTES_SOAK": "1"}
    return subprocess.call([sys.executable, "-m", "pytest", *_handed_on(arguments)], env=environment)


def add_bench(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `bench`."""
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000], help="sizes of the synthetic sites")
    parser.add_argument("--no-peers", action="store_true", help="measure ours alone (no network, no Node needed)")
    parser.add_argument("--peers-up-to", type=int, default=1000, help="the largest size at which the others are run")
    parser.add_argument("--queries", action="store_true", help="ask the queries alone, of what readers type")
    parser.add_argument("--builds", action="store_true", help="building alone, beside Zensical, Material and Hugo")
    parser.add_argument("--weak", action="store_true", help="search alone, of this site, on a weak network")
    parser.add_argument("--write", type=Path, help="put the table into this page, between its bench marks")


def run_bench(arguments: argparse.Namespace) -> int:
    """Print the tables of figures; with `--write` keep that of the peers in a page."""
    from papernotes.dev import bench, queries

    if arguments.builds:
        made = bench.run_builds(Path.cwd(), arguments.pages)
        if arguments.write:
            bench.keep(arguments.write, made)
        return 0
    if arguments.weak:
        print(bench.run_weak(Path.cwd()))
        return 0
    for found in queries.run(Path.cwd()):
        print(f"{found}\n", flush=True)
    if arguments.queries:
        return 0
    limit = 0 if arguments.no_peers else arguments.peers_up_to
    rows = bench.run(Path.cwd(), arguments.pages, peers_up_to=limit)
    print(bench.table(rows))
    if arguments.write:
        bench.keep(arguments.write, bench.table(rows))
    return 0


def add_audit(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `audit`."""
    parser.add_argument("parts", nargs="*", metavar="PART", help="which (default: all)")


def run_audit(arguments: argparse.Namespace) -> int:
    """Run the audits, each with its complaints."""
    from papernotes.dev import audit

    known = [part.name for part in audit.PARTS]
    if unknown := [name for name in arguments.parts if name not in known]:
        raise StopError(f"there is no audit {unknown[0]!r}; use {', '.join(known)}")
    return audit.run(Path.cwd(), arguments.parts, lambda line: print(line, flush=True))
