"""The verb `read`; what it needs, the network among it, is loaded when it runs."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_read(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `read`."""
    parser.description = "Write down which places and numbers a paper has, from its own text; never from our pages."
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="the arXiv id with its version: 2305.18290v3")
    parser.add_argument("--file", type=Path, help="a saved page of arXiv's HTML, LaTeXML's output, or a PDF")
    parser.add_argument("--replace", action="store_true", help="write over the evidence that is there")
    parser.add_argument(
        "--newer", action="store_true", help="report what newer versions do to the pages that are behind"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run_read(arguments: argparse.Namespace) -> int:
    """Read a paper; see `reading.run`."""
    from papernotes.evidence import reading

    return reading.run(arguments)
