"""The verbs `site`, `serve`, `bundle` and `epub`."""

from __future__ import annotations

import argparse
import errno
import re
import time
from pathlib import Path

from papernotes.base import storage, store
from papernotes.base.finding import StopError
from papernotes.build import repeat


def add_site(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `site`."""
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), help="the configuration (default: mkdocs.yml)"
    )
    parser.add_argument("--out", type=Path, default=Path("site"), help="where the site goes (default: site)")
    parser.add_argument("--builder", choices=["mkdocs", "properdocs"], default="mkdocs", help="which builder runs")
    parser.add_argument("--no-cache", action="store_true", help=store.UNUSED)


def run_site(arguments: argparse.Namespace) -> int:
    """Build; on any error say so and leave the old site whole."""
    started = time.monotonic()
    config = storage.there(arguments.config, is_file=True)
    kept = store.Store() if arguments.no_cache else store.beside(config)
    made_of = repeat.key(config, arguments.builder, kept) if kept.is_open else ""
    if repeat.is_there(arguments.out, made_of, kept):
        print(f"papernotes: {arguments.out}/ is as it would be built; open {arguments.out / 'index.html'}")
        return 0
    from papernotes.build import publish  # what a build needs, no check has to load

    publish.build(arguments.config, site_dir=arguments.out, builder=arguments.builder, store=kept)
    repeat.note(arguments.out, made_of, kept)
    print(
        f"papernotes: built {arguments.out}/ in {time.monotonic() - started:.1f} s; open {arguments.out / 'index.html'}"
    )
    return 0


def add_serve(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `serve`."""
    parser.add_argument("--address", help="host and port where to listen (default: 127.0.0.1:8000)")
    parser.add_argument("--port", type=int, help="the port alone (default: 8000)")
    parser.add_argument("--no-cache", action="store_true", help=store.UNUSED)


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve the pages as they are being written; what is wrong is shown beside the last good version of it."""
    from papernotes.build import publish

    host, _, written = (arguments.address or "127.0.0.1:8000").rpartition(":")
    port = arguments.port if arguments.port is not None else int(written) if re.fullmatch("[0-9]{1,5}", written) else -1
    host = host.strip("[]")
    if not host or not 0 <= port <= 65535:
        raise StopError("an address is a host and a port from 0 to 65535, as 127.0.0.1:8000")
    try:
        publish.serve(storage.there(Path("mkdocs.yml"), is_file=True), host, port, cache=not arguments.no_cache)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        other = f"stop what listens there, or take another port: make serve ARGS='--port {port % 65535 + 1}'"
        raise StopError(f"{host}:{port} is in use; {other}") from None
    return 2


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `bundle`."""
    parser.add_argument("--site", type=Path, help="pack this built site instead of building site/ first")
    parser.add_argument("--out", type=Path, default=Path("dist/papernotes.zip"), help="the archive to write")
    parser.add_argument(
        "--lay", action="store_true", help="for publishing: put the archive into the site, with a link to it"
    )


def run_bundle(arguments: argparse.Namespace) -> int:
    """Pack the site; with `--lay` also put the archive beside it."""
    from papernotes.build import bundle, publish, sbom

    site = arguments.site or Path("site")
    if arguments.site is None:
        publish.build(Path("mkdocs.yml"), site_dir=site)
    when, parts = publish.build_time(Path.cwd()), arguments.out.with_name(sbom.NAME)
    bundle.write(site, arguments.out, when=when)
    sbom.write(Path.cwd(), arguments.out, parts, when=when)
    print(f"papernotes: wrote {arguments.out} ({arguments.out.stat().st_size / 1e6:.1f} MB) and {parts}")
    if arguments.lay:
        bundle.lay(arguments.out, parts, site)
        print(f"papernotes: laid it beside {site}/")
    return 0


def add_epub(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `epub`."""
    parser.add_argument(
        "--topic",
        action="append",
        default=[],
        metavar="NAME",
        help="a topic with its papers, not the whole site: rlhf-dpo",
    )
    parser.add_argument("--out", type=Path, default=Path("dist"), help="the folder for the books (default: dist)")
    parser.add_argument(
        "--lay", action="store_true", help="for publishing: put every book into site/, with links to them"
    )


def run_epub(arguments: argparse.Namespace) -> int:
    """Write the book of the site or of topics; with `--lay` all of them, and put them beside the site."""
    from papernotes.build import epub

    site = Path("site")
    if arguments.lay and not (site / "index.html").is_file():
        raise StopError("there is no site in 'site' to lay the books beside; run 'make site'")
    books = epub.write(Path("mkdocs.yml"), arguments.out, None if arguments.lay else arguments.topic)
    for book in books:
        print(f"papernotes: wrote {arguments.out / book.file.name} ({book.file.stat().st_size / 1e6:.1f} MB)")
    if arguments.lay:
        epub.lay(books, site)
        print(f"papernotes: laid them beside {site}/")
    return 0
