"""One model of the field, and all of them: names, facts with their sources, and the order in which they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from papernotes.base.arxiv import ArxivId
from papernotes.base.han import HAN
from papernotes.base.matcher import Matcher

UNITS: Final = {"M": 1e6, "B": 1e9, "T": 1e12}
SIZE: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)([MBT])")
"""A number of parameters or tokens as the field writes it: `7B`."""
FOLDER: Final = "models/"
"""Where the pages of the groups lie, from docs/."""
UNKNOWN: Final = "未知"
_WORDS: Final = re.compile(rf"[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|[{HAN}]+")


def amount(text: str) -> float:
    """The number that a size means. Raises: ValueError where it is none."""
    match = SIZE.fullmatch(text)
    if not match:
        raise ValueError(text)
    return float(match[1]) * UNITS[match[2]]


def in_chinese(text: str) -> str:
    """A size as Chinese counts: 7B is 70 亿, 1.4T is 1.4 万亿."""
    return worded(amount(text))


def worded(value: float) -> str:
    """A number as Chinese counts."""
    for unit, name in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if value >= unit:
            return f"{value / unit:.10g} {name}"
    return f"{value:.10g}"


def in_words(day: str) -> str:
    """A day or a month in Chinese: `2023-07` is 2023 年 7 月."""
    return " ".join(f"{int(part)} {unit}" for part, unit in zip(day.split("-"), "年月日", strict=False) if part)


@dataclass(frozen=True)
class Fact:
    """What is known of a model in one respect, and where it was seen."""

    values: tuple[str, ...]
    """As the file writes them; one, but for sizes."""
    source: str
    """The inside of a source mark."""


@dataclass(frozen=True)
class Model:
    """One entry of the table. A fact that is None is unknown; one whose name stands in `without` does not apply."""

    id: str
    """Stable address: `llama-2`, on its group's page `#model-llama-2`."""
    name: str
    """What the site calls it."""
    group: str
    """The page of docs/models/ that its entry stands on."""
    maker: Fact | None
    sizes: Fact | None
    licence: Fact | None
    weights: Fact | None
    """Where they are, as an address, or in words who gets them."""
    paper: str | None = None
    """The arXiv id of the paper that presents it."""
    announced: Fact | None = None
    """The address of what presents it where no paper of the ledger does."""
    date: Fact | None = None
    """The day or the month of the announcement; of a model with a paper the ledger has it."""
    active: Fact | None = None
    """Parameters that work on one token, where not all do."""
    tokens: Fact | None = None
    """What it was trained on."""
    context: Fact | None = None
    """Tokens."""
    forms: tuple[str, ...] = ()
    """Other ways of writing the name."""
    words: tuple[str, ...] = ()
    """Forms that mean something else too: found by search, not linked in prose. The name may be among them."""
    stop: tuple[str, ...] = ()
    """Longer names inside which a form of this model is none."""
    term: str | None = None
    """The term that has the same name; its forms lead to the glossary."""
    accepted: tuple[str, ...] = ()
    """Sizes that a page may give beside those of `sizes`: rounded ones, those of a part."""
    without: tuple[str, ...] = ()
    """The facts that do not apply: an image model reads no tokens."""
    line: int = field(default=1, compare=False)
    """Of the entry in the file."""

    @property
    def anchor(self) -> str:
        """The id of its entry on its group's page."""
        return f"model-{self.id}"

    @property
    def uri(self) -> str:
        """The page of its entry, from docs/."""
        return f"{FOLDER}{self.group}.md"

    @property
    def written(self) -> tuple[str, ...]:
        """Every form that means this model in a sentence."""
        return tuple(form for form in dict.fromkeys((self.name, *self.forms)) if form not in self.words)

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every form under which a reader may look for it."""
        return tuple(dict.fromkeys((self.name, *self.forms, *self.words)))

    def shown(self, name: str) -> str:
        """A fact as readers see it; 未知 where nobody has told."""
        fact: Fact | None = getattr(self, name)
        if fact is None:
            return UNKNOWN
        if name == "context":
            return "、".join(f"{int(value):,}" if value.isdigit() else value for value in fact.values)
        if name == "tokens":
            return "、".join(map(in_chinese, fact.values))
        if name == "date":
            return in_words(fact.values[0])
        return "、".join(fact.values)

    @property
    def url(self) -> str:
        """The address of the page of its entry, from the root of the site."""
        return f"{FOLDER}{self.group}.html"

    @property
    def most_tokens(self) -> float:
        """The most that it was trained on; 0 where it is unknown."""
        return max(map(amount, self.tokens.values), default=0) if self.tokens else 0

    @staticmethod
    def month(day: str) -> str:
        """When it came out, to the month."""
        return in_words(day[:7]) or UNKNOWN

    @property
    def largest(self) -> float:
        """The number of its parameters, of the largest size; 0 where it is unknown."""
        return max(map(amount, self.sizes.values), default=0) if self.sizes else 0


FACTS: Final[Mapping[str, str]] = {
    "maker": "机构",
    "date": "时间",
    "sizes": "参数",
    "active": "每词元激活",
    "tokens": "训练词元",
    "context": "上下文",
    "licence": "许可",
    "weights": "权重",
    "announced": "出处",
}
"""What each fact is called, in the order in which an entry shows them."""
OPTIONAL: Final = frozenset({"active", "tokens", "context", "date", "announced"})
"""Facts that an entry may leave out: those that do not apply, and those that the ledger has."""


@dataclass(frozen=True)
class Models:
    """All models of a site, by id in the order of the file."""

    by_id: Mapping[str, Model] = field(default_factory=dict)

    @cached_property
    def groups(self) -> dict[str, tuple[Model, ...]]:
        """The models by group, groups in the order of their first model."""
        groups: dict[str, list[Model]] = {}
        for model in self.by_id.values():
            groups.setdefault(model.group, []).append(model)
        return {group: tuple(models) for group, models in groups.items()}

    def newest(self, days: Mapping[str, str]) -> list[Model]:
        """The models by `days`, the newest first, those of an unknown day last."""
        return sorted(self.by_id.values(), key=lambda model: days.get(model.id, ""), reverse=True)

    @cached_property
    def known_sizes(self) -> dict[str, tuple[float, ...]]:
        """By every name: the sizes that a page may give a model, in parameters."""
        found: dict[str, tuple[float, ...]] = {}
        for model in self.by_id.values():
            sizes = (*(model.sizes.values if model.sizes else ()), *(model.active.values if model.active else ()))
            if sizes or model.accepted:
                found |= dict.fromkeys(model.written, tuple(map(amount, (*sizes, *model.accepted))))
        return found

    @cached_property
    def _by_form(self) -> tuple[dict[str, Model], dict[str, Model]]:
        """The models by every form, and by every form in lower case."""
        forms = [(form, model) for model in reversed([*self.by_id.values()]) for form in model.known_as]
        return dict(forms), {form.lower(): model for form, model in forms}

    def named(self, cell: str) -> tuple[Model, frozenset[str]] | None:
        """The model that a cell of a table begins with, and what else of the name tells its variant: `7b`, `chat`."""
        for text, models in zip((cell, cell.lower()), self._by_form, strict=True):
            if found := _beginning(tuple(models)).match(text):
                model = models[found.group()]
                if _beginning(model.stop).match(cell):
                    return None
                words = _WORDS.findall(cell[found.end() :])
                return model, frozenset(word if len(word) == 1 else word.lower() for word in words)
        return None

    @cached_property
    def phrases(self) -> dict[str, Model | None]:
        """What each form means in prose; None for a longer name that holds one."""
        phrases: dict[str, Model | None] = {}
        for model in self.by_id.values():
            phrases.update(dict.fromkeys(model.stop, None))
        for model in self.by_id.values():
            phrases.update(dict.fromkeys(model.written, model))
        return phrases

    @cached_property
    def mentions(self) -> Matcher[Model | None]:
        """Finds the models that a sentence names, whichever of their variants it means."""
        return Matcher(self.phrases, variants=True)


EMPTY: Final = Models()


@lru_cache
def _beginning(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Matches where a text begins with one of these names, the longest that does not go on: `GPT-3` does not begin `GPT-3.5`."""
    longest_first = sorted(forms, key=len, reverse=True)
    ends = [r"(?![A-Za-z0-9]|\.[0-9])" if form[-1].isascii() and form[-1].isalnum() else "" for form in longest_first]
    return re.compile("|".join(map(str.__add__, map(re.escape, longest_first), ends)) or "(?!)")


def forms(models: Models) -> list[tuple[tuple[str, ...], str | None]]:
    """For search: of each model every form under which a reader may look for it, and its paper."""
    return [(model.known_as, model.paper) for model in models.by_id.values()]


def day_of(model: Model, published: date | None) -> str:
    """When it came out, as `2023-07` or `2023-07-18`; empty where it is unknown.

    `published`: the day of its paper; where that is unknown, the paper's id tells the month.
    """
    if model.date:
        return model.date.values[0]
    if published or not model.paper:
        return published.isoformat() if published else ""
    return "{:04}-{:02}".format(*ArxivId(model.paper).year_month)
