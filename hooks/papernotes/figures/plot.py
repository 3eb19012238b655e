"""A plot of this site: a picture, the columns it is drawn from, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

Row = dict[str, float | str]


@dataclass(frozen=True)
class Plot:
    """A picture and the data it is drawn from."""

    picture: str
    """From docs/: `papers/dpo/weight.svg`."""
    numbers: Mapping[str, tuple[float, float]]
    """Columns that hold numbers, the first of the CSV, each with the least and the largest that the axes have room for."""
    texts: Mapping[str, Collection[str] | None]
    """Columns that hold text, before `arxiv` and `place`: one of these words, or (None) any."""
    draw: Callable[[Sequence[Row]], str]
    """From rows to SVG."""

    @property
    def name(self) -> str:
        """Of its data."""
        return name_of(self.picture)


def name_of(picture: str) -> str:
    """The name of the data of a picture, without `.csv`: `dpo-weight` of `papers/dpo/weight.svg`."""
    return picture.partition("/")[2].removesuffix(".svg").replace("/", "-")


def number_of(row: Row, column: str) -> float:
    """A cell of a column of numbers."""
    value = row[column]
    assert isinstance(value, float)  # read() has converted the columns of numbers
    return value
