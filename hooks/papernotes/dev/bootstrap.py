"""Set up `.venv` from the hash-locked requirements, once for every change of the lock.

Run by the Makefile with whatever Python there is, so it uses the standard library only and, until the version is checked,
no syntax younger than Python 3.6.

Usage: python bootstrap.py requirements.txt [requirements-dev.txt]
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.abspath(__file__)
for _ in range(4):
    ROOT = os.path.dirname(ROOT)
VENV = os.path.join(ROOT, ".venv")
NEEDED = (3, 11, 5)


def main(locks):
    """Leave a `.venv` that holds exactly what the locks name, and the package itself, editable."""
    if sys.version_info < NEEDED:
        other = find_python()
        if other is None:
            sys.exit(
                "papernotes needs Python %s or later; this is %s. Install one, or say which: make PYTHON=python3.12 ..."
                % (".".join(map(str, NEEDED)), sys.version.split()[0])
            )
        return subprocess.call([other, os.path.abspath(__file__)] + locks)
    stamps = [(lock, stamp_of(lock)) for lock in locks]
    missing = [lock for lock, stamp in stamps if not os.path.exists(stamp)]
    if not missing:
        return 0
    python = os.path.join(VENV, "bin", "python")
    if not os.path.exists(python):
        print("papernotes: making .venv", flush=True)
        run([sys.executable, "-m", "venv", "--clear", VENV])
    for lock in missing:
        print("papernotes: installing %s" % lock, flush=True)
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock])
    run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."]
    )
    for lock, stamp in stamps:
        with open(stamp, "w") as file:
            file.write(lock + "\n")
    return 0


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
        try:
            if subprocess.call([name, "-c", code], stderr=subprocess.DEVNULL) == 0:
                return name
        except OSError:
            continue
    return None


def run(command):
    """Run a command in the repository; stop with its exit code where it fails."""
    code = subprocess.call(command, cwd=ROOT)
    if code:
        sys.exit("papernotes: setting up failed (exit code %d): %s" % (code, " ".join(command)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
