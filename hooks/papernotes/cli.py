"""The command: `python -m papernotes <verb>`. Exit codes: 0 done, 1 findings, 2 could not run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from papernotes import check as checker
from papernotes import plots, references, sources
from papernotes.finding import Finding


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb."""
    parser = argparse.ArgumentParser(prog="python -m papernotes", description="Check, build and keep the site.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for register in (_register_check, _register_plots):
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


def _register_check(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("check", help="check every page, build nothing")
    parser.add_argument("paths", nargs="*", help="report findings of these files alone")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.add_argument("--format", choices=["text", "json", "github"], default="text", help="how findings are printed")
    parser.set_defaults(run=run_check)


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
    only = {Path(path).resolve().relative_to(root).as_posix() for path in arguments.paths} or None
    result = checker.check(docs_dir, root=root, today=date.today(), only=only, drafts=True)
    _print(result.findings, arguments.format)
    if arguments.format == "text":
        site = result.site
        print(
            f"{len(site.documents)} pages, {len(site.papers)} papers, {len(result.findings)} findings, {result.silenced} silenced"
        )
        for uri, document in site.documents.items():
            if uri.startswith("papers/") and (unseen := sources.count_unseen(document)):
                print(f"{document.path}: {unseen} source marks {sources.UNSEEN}")
        for id_, paths in references.unconfirmed(site).items():
            print(f"{id_}: unconfirmed, no record in the ledger (in {', '.join(paths)})")
    return 1 if result.findings else 0


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
