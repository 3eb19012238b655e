"""What this process may use of the machine, as far as the system tells."""

from __future__ import annotations

import re
import sys
from pathlib import Path


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
