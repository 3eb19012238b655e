"""The command: `python -m papernotes <verb>`. Exit codes: 0 done, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path

from papernotes import refresh
from papernotes.data import outdated
from papernotes.data import site as site_module
from papernotes.figures import plots
from papernotes.markdown import references, source_marks
from papernotes.rules import catalogue, checker, language
from papernotes.text import branch
from papernotes.text.finding import Finding


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb."""
    parser = argparse.ArgumentParser(prog="python -m papernotes", description="Check, build and keep the site.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for register in (
        _register_site,
        _register_serve,
        _register_check,
        _register_fix,
        _register_new,
        _register_plots,
        _register_test,
        _register_soak,
        _register_refresh,
        _register_bundle,
        _register_bench,
        _register_audit,
        _register_schemas,
    ):
        register(verbs)
    arguments = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return 2


def _register_site(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("site", help="check everything, build the site, replace site/ last")
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), help="the configuration (default: mkdocs.yml)"
    )
    parser.add_argument("--out", type=Path, default=Path("site"), help="where the site goes (default: site)")
    parser.add_argument("--builder", choices=["mkdocs", "properdocs"], default="mkdocs", help="which builder runs")
    parser.set_defaults(run=run_site)


def run_site(arguments: argparse.Namespace) -> int:
    """Build; on any error say so and leave the old site whole."""
    from papernotes.build import publish

    if not arguments.config.is_file():
        print(
            f"papernotes: there is no {str(arguments.config)!r}; run from the root of the repository", file=sys.stderr
        )
        return 2
    started = time.monotonic()
    try:
        publish.build(arguments.config, site_dir=arguments.out, builder=arguments.builder)
    except publish.BuildFailed as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return 1
    print(
        f"papernotes: built {arguments.out}/ in {time.monotonic() - started:.1f} s; open {arguments.out / 'index.html'}"
    )
    return 0


def _register_serve(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("serve", help="build, serve on this machine and rebuild on change")
    parser.add_argument("--address", default="127.0.0.1:8000", help="where to listen (default: 127.0.0.1:8000)")
    parser.set_defaults(run=run_serve)


def run_serve(arguments: argparse.Namespace) -> int:
    """MkDocs' own server; findings are shown and the last good site stays."""
    from papernotes.build import publish

    with publish.environment(Path.cwd()):
        command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", arguments.address]
        return subprocess.call(command)


def _register_bundle(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("bundle", help="build, then write dist/papernotes.zip, which opens from disk")
    parser.add_argument("--site", type=Path, help="pack this built site instead of building site/ first")
    parser.add_argument("--out", type=Path, default=Path("dist/papernotes.zip"), help="the archive to write")
    parser.add_argument(
        "--lay", action="store_true", help="for publishing: put the archive into the site, with a link to it"
    )
    parser.set_defaults(run=run_bundle)


def run_bundle(arguments: argparse.Namespace) -> int:
    """Pack the site; with `--lay` also put the archive beside it."""
    from papernotes.build import bundle, publish

    site = arguments.site or Path("site")
    if arguments.site is None:
        try:
            publish.build(Path("mkdocs.yml"), site_dir=site)
        except publish.BuildFailed as error:
            print(f"papernotes: {error}", file=sys.stderr)
            return 1
    bundle.write(site, arguments.out, when=publish.build_time(Path.cwd()))
    print(f"papernotes: wrote {arguments.out} ({arguments.out.stat().st_size / 1e6:.1f} MB)")
    if arguments.lay:
        bundle.lay(arguments.out, site)
        print(f"papernotes: laid it beside {site}/")
    return 0


def _register_bench(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("bench", help="measure search on synthetic sites, beside other systems")
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000], help="sizes of the synthetic sites")
    parser.add_argument("--no-peers", action="store_true", help="measure ours alone (no network, no Node needed)")
    parser.add_argument("--peers-up-to", type=int, default=1000, help="the largest size at which the others are run")
    parser.add_argument("--write", type=Path, help="put the table into this page, between its bench marks")
    parser.set_defaults(run=run_bench)


def run_bench(arguments: argparse.Namespace) -> int:
    """Print the table of figures; with `--write` keep it in a page."""
    from papernotes.dev import bench

    limit = 0 if arguments.no_peers else arguments.peers_up_to
    rows = bench.run(Path.cwd(), arguments.pages, peers_up_to=limit)
    print(bench.table(rows))
    if arguments.write:
        bench.keep(arguments.write, rows)
    return 0


def _register_test(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("test", help="lint, types, tests; finds or installs Chromium first")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="handed on to pytest")
    parser.set_defaults(run=run_test)


def run_test(arguments: argparse.Namespace) -> int:
    """The four checks, the same by hand and in CI."""
    from papernotes.dev import browser

    try:
        browser.find(install=True)
    except browser.NoBrowser as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return 2
    python = [sys.executable, "-m"]
    for command in (
        ["ruff", "check", "hooks", "tests"],
        ["ruff", "format", "--check", "hooks", "tests"],
        ["mypy"],
        ["papernotes", "check"],
        ["pytest", "--numprocesses=auto", "--dist=worksteal", *arguments.pytest],
    ):
        code = subprocess.call([*python, *command])
        if code:
            print(f"papernotes: {' '.join(command)} failed", file=sys.stderr)
            return code
    return 0


def _register_check(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("check", help="check every page, build nothing")
    parser.add_argument("paths", nargs="*", help="report findings of these files and folders alone")
    parser.add_argument(
        "--changed", nargs="?", const="", metavar="BASE",
        help="report findings of the files alone that this branch has changed since BASE (default: origin/main or main)",
    )  # fmt: skip
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.add_argument("--format", choices=["text", "json", "github"], default="text", help="how findings are printed")
    parser.add_argument(
        "--all", action="store_true", help="also list the pages that arXiv has left behind; no findings"
    )
    parser.add_argument("--fix", action="store_true", help="first mend what is safe to mend, and show the changes")
    parser.set_defaults(run=run_check)


def _register_fix(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("fix", help="mend what is safe to mend, show the changes, then check")
    parser.add_argument("paths", nargs="*", help="these files alone")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.set_defaults(run=run_check, format="text", all=False, changed=None, fix=True)


def _fix(docs_dir: Path, root: Path, only: Collection[str] | None) -> None:
    """Mend characters, punctuation and spacing in place; the diff goes to the standard output."""
    site, _ = site_module.load(docs_dir, root=root, today=date.today())
    for document, text, diff in language.mend(site, only):
        (root / document.path).write_text(text, encoding="utf-8", newline="\n")
        print(diff, end="")


def run_check(arguments: argparse.Namespace) -> int:
    """Print every finding and a summary."""
    if not arguments.docs.is_dir():
        print(
            f"papernotes: there is no folder {str(arguments.docs)!r}; run from the root of the repository",
            file=sys.stderr,
        )
        return 2
    docs_dir = arguments.docs.resolve()
    root = docs_dir.parent
    try:
        only = _chosen(arguments, root)
    except (ValueError, branch.NoGitError) as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return 2
    if arguments.fix:
        _fix(docs_dir, root, only)
    result = checker.check(docs_dir, root=root, today=date.today(), only=only, drafts=True)
    _print(result.findings, arguments.format)
    if arguments.format == "text":
        _print_summary(result, only, drift_too=arguments.all)
    return 1 if result.findings else 0


def _chosen(arguments: argparse.Namespace, root: Path) -> frozenset[str] | None:
    """The files whose findings are asked for, as paths from the root; None: all.

    Raises: ValueError for a path that is not there, or not below the root; NoGitError.
    """
    if arguments.changed is None and not arguments.paths:
        return None
    only = set(branch.files(root, arguments.changed or None)) if arguments.changed is not None else set()
    for text in arguments.paths:
        path = Path(text).resolve()
        if not path.exists():
            raise ValueError(f"there is no {text!r}")
        if not path.is_relative_to(root):
            raise ValueError(f"{text!r} is not below {root.name}/; give a page such as docs/papers/dpo.md")
        found = path.rglob("*") if path.is_dir() else [path]
        only |= {file.relative_to(root).as_posix() for file in found}
    return frozenset(only)


def _print_summary(result: checker.Result, only: frozenset[str] | None, *, drift_too: bool) -> None:
    """How much was checked, how much was found, and what is no finding but worth knowing."""
    site, findings = result.site, result.findings
    if findings:
        counts = Counter(finding.rule for finding in findings)
        print()
        print(f"by rule: {', '.join(f'{rule} {count}' for rule, count in counts.most_common())}")
        print(f"what each rule asks for, with examples: docs/{catalogue.PAGE} ({catalogue.ADDRESS}#{findings[0].rule})")
    asked = [d for d in site.documents.values() if only is None or d.path in only]
    where = f"{len({finding.path for finding in findings})} files" if findings else "no file"
    print(
        f"{len(asked)} pages checked of {len(site.documents)} ({len(site.papers)} papers, {len(site.drafts)} drafts): "
        f"{len(findings)} findings in {where}, {result.silenced} silenced"
    )
    for document in asked:
        if document.uri.startswith("papers/") and (unseen := source_marks.count_unseen(document)):
            print(f"{document.path}: {unseen} source marks {source_marks.UNSEEN}")
    for id_, paths in references.unconfirmed(site).items():
        if only is None or only.intersection(paths):
            print(f"{id_}: unconfirmed, no record in the ledger (in {', '.join(paths)})")
    if drift_too:
        for note in outdated.notes(site):
            if only is None or note.path in only:
                print(note)


def _register_new(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("new", help="begin a page: a draft and a ledger record for an arXiv id")
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="the arXiv id, such as 2106.09685, or a link")
    parser.add_argument(
        "--tier", choices=["full", "middle", "short"], default="short", help="how long (default: short)"
    )
    parser.add_argument("--slug", help="the page's name and address (default: made from the title)")
    parser.add_argument("--offline", action="store_true", help="do not ask arXiv; leave blanks")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.set_defaults(run=run_new)


def run_new(arguments: argparse.Namespace) -> int:
    """Write a draft page and its ledger record, and say what to do next."""
    from papernotes.refresh import new
    from papernotes.text import storage

    if not arguments.id:
        print("papernotes: which paper? Give its arXiv id: make new ID=2106.09685", file=sys.stderr)
        return 2
    docs_dir = arguments.docs.resolve()
    try:
        started = new.start(
            docs_dir,
            arguments.id,
            tier=arguments.tier,
            slug=arguments.slug or None,
            today=date.today(),
            ask=None if arguments.offline else new.ask_arxiv,
        )
    except (new.CannotStartError, storage.BusyError) as error:
        print(f"papernotes: {error}", file=sys.stderr)
        return 2
    print(new.next_steps(started, docs_dir.parent))
    return 0


def _register_plots(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("plots", help="draw the plots from docs/_data/plots")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.set_defaults(run=run_plots)


def run_plots(arguments: argparse.Namespace) -> int:
    """Draw every plot whose data is there, and say which pictures changed."""
    docs_dir = arguments.docs.resolve()
    changed, findings = plots.write(docs_dir, docs_dir.parent)
    for path in changed:
        print(f"drawn: {path.relative_to(docs_dir.parent).as_posix()}")
    _print(findings, "text")
    return 1 if findings else 0


def _print(findings: Sequence[Finding], form: str) -> None:
    if form == "json":
        print(json.dumps([vars(finding) for finding in findings], ensure_ascii=False, indent=1))
        return
    for finding in findings:
        if form == "github":
            print(_annotation(finding))
        else:
            print(finding)


def _annotation(finding: Finding) -> str:
    """A GitHub workflow command; `%`, line ends, and in properties `:` and `,` are escaped as GitHub asks."""

    def escape(text: str, property_: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if property_ else text

    where = f"file={escape(finding.path, True)},line={finding.line},col={finding.column}"
    return f"::error {where},title={escape(finding.rule, True)}::{escape(f'{finding.what}; {finding.fix}')}"


def _register_soak(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("soak", help="the tests again, the random ones at length")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="handed on to pytest")
    parser.set_defaults(run=run_soak)


def run_soak(arguments: argparse.Namespace) -> int:
    """The tests with `PAPERNOTES_SOAK` set: what is random and seeded in `make test` runs at length and at random."""
    environment = os.environ | {"PAPERNOTES_SOAK": "1"}
    return subprocess.call([sys.executable, "-m", "pytest", *arguments.pytest], env=environment)


def _register_refresh(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("refresh", help="bring the ledger up to date from arXiv, Semantic Scholar and OpenAlex")
    refresh.add_arguments(parser)
    parser.set_defaults(run=run_refresh)


def run_refresh(arguments: argparse.Namespace) -> int:
    """Load the network code, which no other verb does, and refresh."""
    from papernotes.refresh import command

    return command.run_refresh(arguments)


def _register_audit(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("audit", help="the checks that need Node or Java")
    parser.add_argument("parts", nargs="*", metavar="PART", help="which (default: all)")
    parser.set_defaults(run=run_audit)


def run_audit(arguments: argparse.Namespace) -> int:
    """Run the audits, each with its complaints."""
    from papernotes.dev import audit

    known = [part.name for part in audit.PARTS]
    if unknown := [name for name in arguments.parts if name not in known]:
        print(f"papernotes: there is no audit {unknown[0]!r}; use {', '.join(known)}", file=sys.stderr)
        return 2
    return audit.run(Path.cwd(), arguments.parts, lambda line: print(line, flush=True))


def _register_schemas(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("schemas", help="write the JSON Schemas and the snippets that editors use")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.set_defaults(run=run_schemas)


def run_schemas(arguments: argparse.Namespace) -> int:
    """Write what editors use, and say which files changed."""
    from papernotes.pages import schema

    for path in schema.write(arguments.docs.resolve()):
        print(f"written: {path}")
    return 0
