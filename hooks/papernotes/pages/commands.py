"""The verb `schemas`."""

from __future__ import annotations

import argparse
from pathlib import Path

from papernotes.pages.files import schema


def add_schemas(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `schemas`."""
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run_schemas(arguments: argparse.Namespace) -> int:
    """Write what editors use, and say which files changed."""
    for path in schema.write(arguments.docs.resolve()):
        print(f"written: {path}")
    return 0
