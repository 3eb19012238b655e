"""The only code that uses the network: the ledger brought up to date from arXiv, Semantic Scholar and OpenAlex.

Nothing on the path of an ordinary build imports it, and importing this module alone loads none of its parts.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path


def for_build(docs_dir: Path, budget: float = 20.0) -> str:
    """Refresh the ledger before a build that was asked to, and say in one line what came of it.

    Units: `budget` in seconds, for everything. Never raises: a build goes on with the ledger it has.
    """
    try:
        from papernotes.refresh import command, report
        from papernotes.refresh.services.transport import Limits

        done = command.run(
            docs_dir,
            accept=False,
            environment=os.environ,
            limits=Limits(
                total=budget * 0.9, connect=min(4.0, budget / 4), read=budget / 2, retries=1, retry_after=5.0
            ),
            today=date.today(),
            step=lambda *_: None,
        )
        return report.line(done)
    except Exception as error:
        what = str(error).partition("\n")[0] if type(error).__name__ == "CannotRunError" else type(error).__name__
        return f"ledger not refreshed: {what}; the build goes on with what it has"
