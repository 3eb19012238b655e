"""`python -m papernotes`."""

import sys

if sys.version_info < (3, 11, 5):
    sys.exit("papernotes needs Python 3.11.5 or later; this is %s" % sys.version.split()[0])  # noqa: UP031 - an older one reads this

try:
    from papernotes.cli import main

    sys.exit(main())
except KeyboardInterrupt:
    sys.stderr.write("papernotes: interrupted\n")
    sys.exit(130)
