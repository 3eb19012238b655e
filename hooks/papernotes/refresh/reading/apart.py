"""A file from elsewhere read in a process of its own, bounded in time and memory, whatever its parser does with it."""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from papernotes.refresh.reading.outline import Found, UnreadableError

MAX_BYTES: Final = 64_000_000
"""Of a file. arXiv's largest papers have some 50 MB, which pictures make up."""


@dataclass(frozen=True)
class Bounds:
    """What the reading of one file may take."""

    seconds: int = 60
    """Of the processor's time; five times as much of the clock's."""
    memory: int = 2_000_000_000
    """Bytes of address space."""


def read(data: bytes, bounds: Bounds | None = None) -> Found:
    """Read a paper from HTML or PDF, told apart by its first bytes. Raises: UnreadableError."""
    bounds = bounds or Bounds()
    if not data.strip():
        raise UnreadableError("it is empty")
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"it has {len(data)} bytes, more than {MAX_BYTES}; give the paper itself")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, data, bounds), daemon=True)
    process.start()
    theirs.close()
    late = f"reading it took more than {bounds.seconds} s; give another copy"
    try:
        answer = ours.recv() if ours.poll(5 * bounds.seconds) else late
    except EOFError:
        process.join()
        is_late = process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL) if hasattr(signal, "SIGXCPU") else False
        answer = late if is_late else "its parser gave up on it; give another copy: the HTML, or the PDF"
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(answer, Found):
        return answer
    raise UnreadableError(answer)


def _child(pipe: Connection, data: bytes, bounds: Bounds) -> None:
    """Read, and send what was found, or the reason why nothing was."""
    try:
        from papernotes.refresh.reading import html, pdf

        read = pdf.read if data[:1_024].lstrip().startswith(b"%PDF-") else html.read
        try:
            import resource
        except ImportError:  # Windows: the time alone is bounded
            pass
        else:
            resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
            resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
        pipe.send(read(data))
    except UnreadableError as error:
        pipe.send(str(error))
    except MemoryError:
        pipe.send(f"reading it took more than {bounds.memory // 1_000_000} MB; give another copy")
    except Exception as error:  # a fault of this program, told as such
        pipe.send(f"this program failed on it ({type(error).__name__}); give another copy")
