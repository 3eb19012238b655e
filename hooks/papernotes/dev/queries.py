"""How well search answers what readers type: the queries of `tests/cases/search/queries/`, by kind.

Each file there is a half: `tuned.yml` the ranking may be tuned to; any other was kept out of sight while it was, and is
reported as it comes out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple

import yaml

FOLDER: Final = Path("tests/cases/search/queries")
_Z: Final = 1.96
"""Standard deviations to either side that hold 95%."""

# The addresses of the first results of a query, each once, in order.
LISTING: Final = """async (query) => {
  await pnModules["search/box.js"].loadView();
  const found = await pnModules["search/engine.js"].search(query, () => true);
  return found.answer ? found.results.map((result) => result.url) : [];
}"""


class Query(NamedTuple):
    """What is typed, and the pages any of which a reader accepts as the first result."""

    text: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """The places at which the right page of each query stands, from 1; 0 where it is not among the first results."""

    places: tuple[int, ...]

    @property
    def first(self) -> float:
        """The share of queries whose right page comes first."""
        return sum(place == 1 for place in self.places) / len(self.places)

    @property
    def among_three(self) -> float:
        """The share of queries whose right page is among the first three."""
        return sum(0 < place <= 3 for place in self.places) / len(self.places)

    @property
    def reciprocal(self) -> float:
        """The mean reciprocal rank."""
        return sum(1 / place for place in self.places if place) / len(self.places)

    @property
    def interval(self) -> tuple[float, float]:
        """Within which `first` lies with 95%.

        Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212.
        """
        n = len(self.places)
        middle = self.first + _Z**2 / (2 * n)
        spread = _Z * sqrt(self.first * (1 - self.first) / n + _Z**2 / (4 * n**2))
        whole = 1 + _Z**2 / n
        return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def load(repository: Path) -> dict[str, dict[str, list[Query]]]:
    """The queries by half and kind, as they are written."""
    halves = {}
    for file in sorted((repository / FOLDER).glob("*.yml"), key=lambda file: (file.stem != "tuned", file.stem)):
        kinds = yaml.safe_load(file.read_text(encoding="utf-8"))
        halves[file.stem] = {
            kind: [Query(case["query"], _pages(case["page"])) for case in cases] for kind, cases in kinds.items()
        }
    return halves


def _pages(written: str | list[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def place(query: Query, found: Sequence[str]) -> int:
    """At which place the right page stands among the addresses found; 0 where it does not."""
    return next((at for at, url in enumerate(dict.fromkeys(found), 1) if url in query.right), 0)


def scores(kinds: Mapping[str, Sequence[Query]], ask: Callable[[str], Sequence[str]]) -> dict[str, Score]:
    """The score of each kind, and of all together as `all`."""
    places = {kind: tuple(place(query, ask(query.text)) for query in queries) for kind, queries in kinds.items()}
    return {kind: Score(found) for kind, found in places.items()} | {
        "all": Score(tuple(at for found in places.values() for at in found))
    }


def table(half: str, found: Mapping[str, Score]) -> str:
    """The scores of a half as a Markdown table."""
    lines = [
        f"| {half} | queries | first | 95% | among three | mean reciprocal rank |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, score in found.items():
        low, high = score.interval
        cells = [kind, str(len(score.places)), f"{score.first:.1%}", f"{low:.0%}–{high:.0%}"]
        lines.append(f"| {' | '.join([*cells, f'{score.among_three:.1%}', f'{score.reciprocal:.3f}'])} |")
    return "\n".join(lines)


def run(repository: Path) -> list[str]:
    """Build the site of the repository and ask every query in Chromium: the tables, one for each half."""
    from papernotes.build import publish
    from papernotes.dev import browser, devtools
    from papernotes.dev.host import serving

    with tempfile.TemporaryDirectory(prefix="papernotes-queries-") as folder:
        site = Path(folder) / "site"
        publish.build(repository / "mkdocs.yml", site_dir=site)
        with serving(site) as host, devtools.running(browser.find()) as chromium, chromium.page() as page:
            page.open(f"{host.address}/index.html")
            halves = load(repository)
            return [
                table(half, scores(kinds, lambda query: page.evaluate(LISTING, query)))
                for half, kinds in halves.items()
            ]
