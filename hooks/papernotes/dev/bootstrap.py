"""Set up `.venv` from the hash-locked requirements, once for every change of the lock.

Run by the Makefile with whatever Python there is, so it uses the standard library only and, until the version is checked,
what Python 2.7 has too.

Usage: python bootstrap.py [--this-python] requirements.txt [requirements-dev.txt]
`--this-python`: it was asked for by name, so no other one will do, and a `.venv` of another one is made anew.
"""

from __future__ import print_function

import hashlib
import os
import subprocess
import sys

ROOT = os.path.abspath(__file__)
for _ in range(4):
    ROOT = os.path.dirname(ROOT)
VENV = os.path.join(ROOT, ".venv")
NEEDED = (3, 11, 5)


def main(arguments):
    """Leave a `.venv` that holds exactly what the locks name, and the package itself, editable."""
    named = "--this-python" in arguments
    locks = [argument for argument in arguments if argument != "--this-python"]
    if sys.version_info < NEEDED:
        other = None if named else find_python()
        if other is None:
            sys.stderr.write(
                "papernotes needs Python %s or later; this is %s. Install one, or say which: make PYTHON=python3.12 ...\n"
                % (".".join(map(str, NEEDED)), sys.version.split()[0])
            )
            return 2
        return subprocess.call([other, os.path.abspath(__file__)] + locks)
    python = os.path.join(VENV, "bin", "python")
    stamps = [(lock, stamp_of(lock)) for lock in locks]
    if not is_ready(python, stamps, named):
        held = alone()
        if not is_ready(python, stamps, named):  # another process may have done it meanwhile
            set_up(python, stamps, named)
        os.close(held)
    return 0


def is_ready(python, stamps, named):
    """Whether nothing has to be done."""
    return works(python) and not (named and not is_of_this_python()) and not missing_of(stamps)


def set_up(python, stamps, named):
    """Make `.venv` where it is of no use, and install what is missing. A run that was killed leaves what the next one mends."""
    if not works(python, "-m", "pip", "--version") or (named and not is_of_this_python()):
        say("making .venv")
        run([sys.executable, "-m", "venv", "--clear", VENV])
    for lock in missing_of(stamps):
        say("installing %s" % lock)
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock])
    run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."]
    )
    for lock, stamp in stamps:
        with open(stamp, "w") as file:
            file.write(lock + "\n")


def missing_of(stamps):
    """The locks that have not been installed as they are."""
    return [lock for lock, stamp in stamps if not os.path.exists(stamp)]


def alone():
    """Wait until no other process sets up here; what is returned holds the lock until it is closed."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            say("another process is setting up here; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
    except (ImportError, IOError, OSError):  # no such locks on this system: one at a time, please
        pass
    return handle


def works(python, *arguments):
    """Whether there is such an interpreter, and it starts: that of `.venv` is a link to one that may be gone."""
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call([python] + list(arguments or ("-c", "")), stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


def is_of_this_python():
    """Whether `.venv` was made by the Python that runs this."""
    try:
        with open(os.path.join(VENV, "pyvenv.cfg")) as file:
            settings = dict(line.strip().split(" = ", 1) for line in file if " = " in line)
    except (OSError, ValueError):
        return False
    here = os.path.dirname(getattr(sys, "_base_executable", sys.executable))
    version = ".".join(map(str, sys.version_info[:3]))
    return (settings.get("version"), os.path.realpath(settings.get("home", ""))) == (version, os.path.realpath(here))


def stamp_of(lock):
    """The file that says that this very lock has been installed."""
    with open(os.path.join(ROOT, lock), "rb") as file:
        digest = hashlib.sha256(file.read() + ROOT.encode()).hexdigest()[:16]
    return os.path.join(VENV, "%s-%s.done" % (os.path.splitext(lock)[0], digest))


def find_python():
    """A younger Python on the path, or None."""
    for minor in range(20, 10, -1):
        name = "python3.%d" % minor
        code = "import sys; sys.exit(sys.version_info < %r)" % (NEEDED,)
        with open(os.devnull, "w") as nowhere:
            try:
                if subprocess.call([name, "-c", code], stderr=nowhere) == 0:
                    return name
            except OSError:
                continue
    return None


def say(words):
    """Say at once what takes a while."""
    print("papernotes: %s" % words)
    sys.stdout.flush()


def run(command):
    """Run a command in the repository; stop with its exit code where it fails."""
    code = subprocess.call(command, cwd=ROOT)
    if code:
        sys.stderr.write("papernotes: setting up failed (exit code %d): %s\n" % (code, " ".join(command)))
        sys.exit(2)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("papernotes: interrupted; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
