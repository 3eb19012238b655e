"""The abstracts that came with a refresh, beside those that were translated: what has changed, and what is kept of them.

No request of its own: arXiv's answer about a paper holds its abstract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.data import abstracts
from papernotes.data.abstracts import Abstract, Abstracts
from papernotes.data.ledger import Record
from papernotes.refresh.merge import Outcome
from papernotes.refresh.services.answer import Metadata
from papernotes.refresh.services.ask import Heard
from papernotes.refresh.services.service import ARXIV
from papernotes.text import document, pairs
from papernotes.text.pairs import Pairs, Step

PAGES: Final = "papers"


@dataclass(frozen=True)
class Compared:
    """A translated abstract whose original is not, or not any more, the one that arXiv has."""

    arxiv: str
    translated: int | None
    """The version that was translated."""
    now: int | None
    """The version whose abstract arXiv gave."""
    is_arxiv: bool
    """Whether arXiv's abstract was translated; else the two copies differed from the beginning, perhaps."""
    steps: tuple[Step, ...]
    """Empty: what arXiv gave can be no abstract."""

    def __str__(self) -> str:
        now = f"version {self.now}" if self.now else "arXiv's abstract"
        if not self.steps:
            return f"{now} has no text, or too long a one for an abstract; it was not compared, and what was kept stays"
        if not self.is_arxiv:
            return f"translated from another copy; sentences that differ in {now}: {len(self.steps)}"
        was = f"version {self.translated}" if self.translated else "a version not named"
        return f"{was} was translated; in {now} {', '.join(map(_told, self.steps))}"


def _told(step: Step) -> str:
    place = step.new if step.old is None else step.old
    return f"sentence {(place or 0) + 1} was {step.change}"


def compare(
    docs_dir: Path, heard: Sequence[Heard], outcomes: Sequence[Outcome], today: date
) -> tuple[Abstracts | None, tuple[Compared, ...]]:
    """Hold the abstracts that arXiv gave against the translations.

    Shape: what is to be kept (None: what is kept cannot be read, and stays as it is); every translation that differs, by
    id. Only answers that the ledger took count. Raises: OSError where the file system fails.
    """
    answers: dict[str, Metadata] = {
        id_: answer
        for said in heard
        if said.service.name == ARXIV.name
        for id_, answer in said.answers.items()
        if isinstance(answer, Metadata)
    }
    taken = {each.arxiv for each in outcomes if each.service == ARXIV.name and each.state in ("updated", "unchanged")}
    kept, findings = abstracts.read(docs_dir, docs_dir.parent, today=today)
    of, earlier = dict(kept.of), dict(kept.earlier)
    differ = []
    for id_, block in sorted(_translated(docs_dir)):
        answer = answers.get(id_)
        if answer is None or id_ not in taken:
            continue
        seen = abstracts.make(id_, answer.version, today, answer.abstract, originals=kept.originals)
        steps = pairs.drift(block.fingerprints, seen.fingerprints) if seen else ()
        if steps or seen is None:
            differ.append(Compared(id_, block.version, answer.version, block.is_arxiv, steps))
        if seen:
            _keep(of, seen)
        if not 0 < (block.version or 0) < (answer.version or 0):
            earlier.pop(id_, None)
        elif answer.earlier and seen:
            version, text = answer.earlier
            if was := abstracts.make(id_, version, today, text, originals=kept.originals):
                _keep(earlier, was)
    return (None if findings else replace(kept, of=of, earlier=earlier)), tuple(differ)


def _keep(of: dict[str, Abstract], seen: Abstract) -> None:
    """Keep an abstract; the day is that on which it was first seen so."""
    before = of.get(seen.arxiv)
    if before is None or replace(before, day=seen.day) != seen:
        of[seen.arxiv] = seen


def older(docs_dir: Path, records: Mapping[str, Record]) -> dict[str, int]:
    """By id, the version that was translated where the ledger knows a newer one. Raises: OSError."""
    return {
        id_: block.version
        for id_, block in _translated(docs_dir)
        if id_ in records and block.version and block.version < (records[id_].version or 0)
    }


def _translated(docs_dir: Path) -> Iterator[tuple[str, Pairs]]:
    """The translations of the pages, each with the id of its paper."""
    for file in sorted((docs_dir / PAGES).glob("*.md")):
        page, _ = (None, []) if file.is_symlink() else document.read(docs_dir.parent, file, docs_dir)
        if page and page.arxiv and (block := pairs.abstract_of(page)):
            yield page.arxiv, block
