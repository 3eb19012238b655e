"""A rule of the checker, as the catalogue explains it to a contributor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A kind of finding. The module that yields it declares it in its `RULES`; `check.RULES` collects all."""

    name: str
    """As it stands in a finding, such as `arxiv-id`; also the address of its entry in the catalogue."""
    title: str
    """What the rule asks for, in Chinese."""
    why: str
    """Why it is asked for, in Chinese, one or two sentences."""
    bad: str
    """The shortest Markdown (or YAML) that breaks it."""
    good: str
    """The same, mended."""
