"""The audit `search`: every query of the books is answered alike in Chromium and Firefox, from a server and from a disk."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from papernotes.dev import browser, devtools, host, queries
from papernotes.dev.engines.driver import Driver, DriverError
from papernotes.dev.engines.firefox import PATIENCE, Firefox
from papernotes.dev.node import CannotAuditError

START: Final = "index.html"

# The first results of each query, all that is shown of them: address, title, snippets, marks.
_ASK: Final = """async (queries) => {
  await pnModules["search/box.js"].loadView();
  const found = [];
  for (const query of queries) {
    const { results = [], answer } = await pnModules["search/engine.js"].search(query, () => true);
    found.push([results.map(({ url }) => url), JSON.stringify([results, answer?.total, answer?.notes])]);
  }
  return found;
}"""


def search(root: Path) -> Iterator[str]:
    """Ask `site/`. Raises: CannotAuditError."""
    site = root / "site"
    if not (site / START).is_file():
        raise CannotAuditError("site/ is not built; run make site")
    asked = [query.text for kinds in queries.load(root).values() for each in kinds.values() for query in each]
    found: dict[str, list[Any]] = {}
    with host.serving(site) as server, tempfile.TemporaryDirectory(prefix="papernotes-engines-") as folder:
        homes = {"http": server.address, "file": site.as_uri()}
        try:
            with Firefox(Path(folder) / "profile") as engine:
                for protocol, home in homes.items():
                    found[f"firefox: {protocol}"] = answers(engine, home, asked)
            with devtools.running(browser.find()) as chromium:
                for protocol, home in homes.items():
                    with chromium.page() as page:
                        page.open(f"{home}/{START}")
                        found[f"chromium: {protocol}"] = page.evaluate(_ASK, asked, patience=PATIENCE)
        except (DriverError, devtools.DevtoolsError) as error:
            raise CannotAuditError(str(error)) from None
    yield from differing(asked, found)


def answers(engine: Driver, home: str, asked: Sequence[str]) -> list[Any]:
    """What an engine finds, for each query. Raises: DriverError."""
    engine.open(f"{home}/{START}")
    end = time.monotonic() + PATIENCE
    engine.run(
        f"window.found = ''; ({_ASK})({json.dumps(asked)}).then((found) => {{ window.found = JSON.stringify(found); }},"
        " (error) => { window.found = JSON.stringify(String(error)); })"
    )
    while not (made := engine.run("return window.found")):
        if time.monotonic() > end:
            raise DriverError(f"{home}: no answer in {PATIENCE} s")
        time.sleep(0.2)
    found = json.loads(made)
    if not isinstance(found, list):
        raise DriverError(f"{home}: {found}")
    return found


def differing(asked: Sequence[str], found: dict[str, list[Any]]) -> Iterator[str]:
    """A line for each query that is answered otherwise than where it was asked first."""
    (first, given), *others = found.items()
    for name, answers in others:
        for query, expected, got in zip(asked, given, answers, strict=True):
            if got != expected:
                what = f"{got[0][:3]}, not {expected[0][:3]} as" if got[0] != expected[0] else "shown otherwise than"
                yield f"{name}: {query}: {what} in {first}"
