"""Build beside, then replace: whatever goes wrong, `site/` is what it was, or the whole new site."""

from __future__ import annotations

import ctypes
import errno
import importlib
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jinja2 import TemplateError

from papernotes.base import git, storage
from papernotes.base.finding import StopError
from papernotes.base.store import Store
from papernotes.build import kept, state
from papernotes.build.finish import verify
from papernotes.data import ledger
from papernotes.data.site import Site
from papernotes.text import document as documents

if TYPE_CHECKING:
    from papernotes.build.engine import MkDocsConfig

_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100


PLUGIN: Final = "papernotes"
HOOK: Final = "papernotes_hook"
"""One of the two brings our steps; a site built without them is neither checked nor made safe."""


class BuildFailed(StopError):  # noqa: N818 - an outcome, not a fault of the program
    """The build did not make a site; what it has to say has been logged."""

    code = 1


def build(
    config_file: Path,
    *,
    site_dir: Path,
    builder: str = "mkdocs",
    store: Store | None = None,
    unchecked: Site | None = None,
) -> None:
    """Build the site of a configuration file and put it at `site_dir`.

    `builder`: `mkdocs` or its continuation `properdocs`. `store`: where results are kept; None: nowhere. `unchecked`: a site to be built as it is, with every fault that it
    may have, and not strictly; for the tests of hostile pages, and reachable by no setting, option or environment.
    Raises: BuildFailed after errors and strict warnings; `site_dir` is untouched then.
    """
    store = store or Store()
    root = config_file.resolve().parent
    site_dir = site_dir.resolve()
    if site_dir.exists() and not site_dir.is_dir():
        raise BuildFailed(f"{str(site_dir)!r} is a file, not a folder: move it away, or name another place with --out")
    _sweep(site_dir)
    beside = Path(tempfile.mkdtemp(prefix=f".{site_dir.name}-{os.getpid()}-", dir=site_dir.parent))
    mask = os.umask(0o022)  # a web server, which is somebody else, reads what is written
    try:
        with environment(root):
            for used, is_wary in ((store, False), (store, True), (Store(), False)):
                record = state.Build(builder=builder, store=used, is_wary=is_wary, unchecked=unchecked)
                with suppress(
                    kept.LostError
                ):  # damaged, or removed in the meantime: the next looks before it counts on anything
                    base = _run(config_file, beside, record)
                    break
        if not (beside / "index.html").is_file():
            raise BuildFailed("the build made no index.html")
        if unchecked is None and (found := verify.problems(beside, base, store)):
            raise BuildFailed("\n".join([*found, "these must not be published; nothing was replaced"]))
        beside.chmod(0o755)
        exchange(beside, site_dir)
        store.trim()
    finally:
        os.umask(mask)
        shutil.rmtree(beside, ignore_errors=True)


def _run(config_file: Path, site_dir: Path, record: state.Build) -> str:
    """Run the builder in this process, strictly. Shape: the path at which the site's root will lie on its host: `/zh/`."""
    with _configured(config_file, record, site_dir=str(site_dir)) as config:
        importlib.import_module(f"{record.builder}.commands.build").build(config)
    return f"{urlsplit(config.site_url or '').path.rstrip('/')}/"


@contextmanager
def reading(config_file: Path) -> Iterator[MkDocsConfig]:
    """The configuration of a site whose pages have been read and checked, for what is made of them without a build.

    Raises: BuildFailed after errors and findings.
    """
    root = config_file.resolve().parent
    with environment(root), _configured(config_file.resolve(), state.Build()) as config:
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        yield config


@contextmanager
def _configured(config_file: Path, record: state.Build, **settings: str) -> Iterator[MkDocsConfig]:
    """The configuration, its plugins started. What the builder stops for is said, and raised as BuildFailed."""
    builder = record.builder
    if builder == "properdocs":
        importlib.import_module(
            "properdocs.replacement"
        )  # from here on `import mkdocs` is ProperDocs, for plugins and hooks
    load_config = importlib.import_module(f"{builder}.config").load_config
    with _logging(builder), _failing(builder, "nothing was replaced"):
        config = load_config(str(config_file), strict=record.unchecked is None, **settings)
        if PLUGIN not in config.plugins and not any(Path(hook).stem == HOOK for hook in config.hooks):
            raise BuildFailed(f"{config_file.name} does not name papernotes; add 'plugins: [papernotes]' to it")
        config.extra[state.KEY] = record
        config.plugins.on_startup(command="build", dirty=False)
        try:
            yield config
        finally:
            config.plugins.on_shutdown()


def serve(config_file: Path, host: str, port: int, *, cache: bool) -> None:
    """Serve the pages as they are being written, until it is interrupted. In this process: it ends with it.

    `cache`: whether results are kept for the next time. Raises: BuildFailed, KeyboardInterrupt, OSError.
    """
    from papernotes.build.live.server import Server
    from papernotes.build.live.writer import Writer

    config_file = config_file.resolve()
    root = config_file.parent
    load_config = importlib.import_module("mkdocs.config").load_config
    with environment(root), _logging("mkdocs"), _failing("mkdocs", "not serving"):
        config = load_config(str(config_file), strict=False)
        with Server(host, port, documents.relative(Path(config.docs_dir), root)) as server:
            print(
                f"papernotes: http://{server.address}/ is being built; stop it with Ctrl-C", file=sys.stderr, flush=True
            )
            Writer(config_file, server, config, cache=cache).run()


@contextmanager
def _failing(builder: str, outcome: str) -> Iterator[None]:
    """Turn what the builder raises into BuildFailed, after its message."""
    exceptions = importlib.import_module(f"{builder}.exceptions")
    try:
        yield
    except (exceptions.Abort, exceptions.BuildError, exceptions.ConfigurationError, SystemExit) as error:
        message = str(error)
        if message and not message.isdigit():
            print(message, file=sys.stderr)
        raise BuildFailed(outcome) from None
    except TemplateError as error:
        from papernotes.build.engine import wrong_template

        print(wrong_template(error), file=sys.stderr)
        raise BuildFailed(outcome) from None


@contextmanager
def _logging(builder: str, least: int = logging.WARNING) -> Iterator[None]:
    """Show what the builder warns of, or has to say; strict builds count the warnings."""
    logger = logging.getLogger(builder)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handler.addFilter(
        lambda record: (
            (
                (record.levelno >= least and record.msg != "Shutting down...")
                or record.name == f"{builder}.plugins.papernotes"
            )
            and not isinstance(sys.exception(), kept.LostError)
        )  # it is mended
    )
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


@contextmanager
def environment(root: Path) -> Iterator[None]:
    """The build's settings: its date, and no advertisement of the theme. The working directory is the repository's."""
    before, where = dict(os.environ), Path.cwd()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(build_time(root).timestamp())))
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.environ["DISABLE_MKDOCS_2_WARNING"] = "true"
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(where)
        os.environ.clear()
        os.environ.update(before)


def build_time(root: Path) -> datetime:
    """When the site's text is of: its last commit; without git, the newest day of the ledger.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    try:
        return git.last_commit(root)
    except git.NoGitError:
        records, _ = ledger.read(root / "docs", root, today=date.max)
        day = ledger.newest_day(records.values()) or date(2000, 1, 1)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


def exchange(new: Path, old: Path) -> None:
    """Put the folder `new` at `old`; where `old` exists, in one step of the file system if it has one.

    Shape: afterwards `new` is what `old` was, or gone.
    Source: renameat2(2), RENAME_EXCHANGE; macOS renamex_np(2), RENAME_SWAP.
    """
    if not old.exists():
        new.rename(old)
        return
    if _swap(new, old):
        return
    aside = new.with_name(new.name + "-old")
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _swap(a: Path, b: Path) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(a), os.fsencode(b)
    if hasattr(libc, "renameat2"):
        done = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
    elif hasattr(libc, "renamex_np"):
        done = libc.renamex_np(first, second, 2)
    else:
        return False
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM}:
        return False  # the file system cannot; fall back to two steps
    raise OSError(code, os.strerror(code), str(a))


def _sweep(site_dir: Path) -> None:
    """Remove what a killed build left beside the site; put the site back where one was killed between two renames."""
    leftovers = [path for path in site_dir.parent.glob(f".{site_dir.name}-*") if path.is_dir() and not _is_used(path)]
    if not site_dir.exists():
        for path in leftovers:
            if path.name.endswith("-old"):
                path.rename(site_dir)
                leftovers.remove(path)
                break
    for path in leftovers:
        shutil.rmtree(path, ignore_errors=True)


def _is_used(folder: Path) -> bool:
    """Whether a build that is running writes in this folder beside the site."""
    number = re.fullmatch(r"\..*-([0-9]+)-[^-]+(?:-old)?", folder.name)
    return number is not None and storage.is_running(int(number[1]))
