"""`python -m papernotes`."""

import sys

if sys.version_info < (3, 11, 5):
    sys.stderr.write("papernotes needs Python 3.11.5 or later; this is %s\n" % sys.version.split()[0])  # noqa: UP031 - an older one reads this
    sys.exit(2)

try:
    from papernotes.cli import main

    sys.exit(main())
except KeyboardInterrupt:
    sys.stderr.write("papernotes: interrupted\n")
    sys.exit(130)
