"""What this process may use of the machine, as far as the system tells."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def memory() -> int:
    """Bytes of address space that this process may have (`ulimit -v`); `sys.maxsize` where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return sys.maxsize
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit


def is_nearly_used_up() -> bool:
    """Whether this process has had nearly all the address space that it may have: then what fails may fail for that."""
    try:
        peak = re.search(r"^VmPeak:\s+(\d+) kB$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    except (OSError, MemoryError):
        return memory() < sys.maxsize
    return peak is not None and int(peak[1]) * 1024 > 0.9 * memory()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forks() -> bool:
    """Whether a new process can begin with all that this one holds: elsewhere than on Linux, or beside other threads, that is unsafe."""
    return sys.platform == "linux" and threading.active_count() == 1


_MIDDLE, _STEP = "the middle of a share", "a step of it"
"""What a process says to the first."""

_YOUNG: Final = 10_000
"""New objects after which one of them looks for cycles; it makes many, and few of those."""

Work = Callable[[Any, Callable[[], None], Callable[[], None]], None]
"""Does a share. What it calls in the middle returns when all the others have called theirs; what it calls last, after each step."""


def spread(
    work: Work, shares: Sequence[Any], *, step: Callable[[], None] = lambda: None, method: str | None = None
) -> None:
    """Let a process for each share work on it, and wait for them. What they find, they keep in files; one that fails keeps less.

    `step`: is called here after each step of theirs. `method`: how they are started; by forking where that is safe. Elsewhere
    what they are given is pickled.
    Raises: KeyboardInterrupt; no process is left then.
    """
    import multiprocessing  # not for those who have nothing to spread
    from multiprocessing.connection import wait

    context: Any = multiprocessing.get_context(method or ("fork" if forks() else "spawn"))
    processes, ends = [], []
    try:
        with suppress(OSError):  # no further process may begin
            for share in shares:
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(work, share, theirs, ours), daemon=True)
                masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a Ctrl-C is for this process
                try:
                    process.start()
                    processes.append(process)
                finally:
                    signal.pthread_sigmask(signal.SIG_SETMASK, masked)
                ends.append(ours)
                theirs.close()
        arrived = set()
        while ends:
            for end in list[Any](wait(ends)):
                try:
                    if end.recv() == _STEP:
                        step()
                    else:
                        arrived.add(end)
                except (EOFError, OSError):  # it is done, or dead
                    ends.remove(end)
            if arrived.issuperset(ends):
                for end in ends:
                    with suppress(OSError):
                        end.send(_MIDDLE)
                arrived.clear()
        for process in processes:
            process.join()
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _work(work: Work, share: Any, own: Connection[str, str], first: Connection[str, str]) -> None:
    first.close()  # so that an end of the first process is an end of the waiting

    def wait() -> None:
        own.send(_MIDDLE)
        own.recv()

    gc.freeze()  # what the first process holds is not to be walked through, and so not copied, by the collector of each
    gc.set_threshold(_YOUNG)
    with suppress(Exception):  # whoever needs what is missing does it, and says what is wrong
        work(share, wait, lambda: own.send(_STEP))
