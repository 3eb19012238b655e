"""`python -m papernotes`, and the command `papernotes`."""

import os
import signal
import sys

LEAST = 256
"""MB of address space that a command may need: a build of forty papers takes 240."""


def start() -> None:
    """Run the command, and end with its code."""
    if sys.version_info < (3, 11, 5):
        sys.stderr.write("papernotes needs Python 3.11.5 or later; this is %s\n" % sys.version.split()[0])  # noqa: UP031 - an older one reads this
        sys.exit(2)

    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # numpy would begin threads when it is loaded, and complain for itself

    pressed = []

    def interrupt(number: int, _frame: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGINT, interrupt)
        from papernotes.base import machine

        if (
            machine.memory() < LEAST * 2**20
        ):  # said here: with less, many a library ends the process in words of its own
            sys.stderr.write(
                f"papernotes: too little memory: {machine.memory() >> 20} MB may be used, {LEAST} are needed\n"
            )
            sys.exit(2)

        from papernotes.cli import main

        try:
            code = main()
        finally:  # all is done and said: Python gives the signal back to the system as it ends, and would end by it
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if pressed:  # in the midst of an exec, Python would end by the signal, whatever has been made of it since
            sys.stdout.flush()
            os._exit(code)
        sys.exit(code)
    except KeyboardInterrupt:
        _end()
    except MemoryError:
        sys.stderr.write("papernotes: too little memory\n")
        sys.exit(2)
    except Exception:
        if not pressed:
            raise
        _end()  # of the interruption a library made an error of its own


def _end() -> None:
    """At once: interrupted in the midst of an import, Python would end by the signal."""
    sys.stderr.write("papernotes: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    start()
