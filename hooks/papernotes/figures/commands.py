"""The verb `plots`."""

from __future__ import annotations

import argparse
from pathlib import Path

from papernotes.figures import plots


def add_plots(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `plots`."""
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run_plots(arguments: argparse.Namespace) -> int:
    """Draw every plot whose data is there, and say which pictures changed."""
    docs_dir = arguments.docs.resolve()
    changed, findings = plots.write(docs_dir, docs_dir.parent)
    for path in changed:
        print(f"drawn: {path.relative_to(docs_dir.parent).as_posix()}")
    for finding in findings:
        print(finding)
    return 1 if findings else 0
