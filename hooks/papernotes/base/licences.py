"""Licences of papers: what each is called, where it stands, and whether a translation may be published under it.

Sources: https://info.arxiv.org/help/license/index.html (those that arXiv offers), https://developers.openalex.org/api-reference/licenses
(the words of OpenAlex), https://creativecommons.org/licenses/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ADAPTABLE: Final = frozenset({"by", "by-sa"})
"""Kinds of Creative Commons that allow an adapted text for any purpose; a translation is one."""
_KINDS: Final = ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
_NUMBERS: Final = ("1.0", "2.0", "2.5", "3.0", "4.0")
_SITE: Final = "https://creativecommons.org"


@dataclass(frozen=True)
class Licence:
    """A licence that a paper may have."""

    key: str
    """As in the ledger: `cc-by-4.0`."""
    name: str
    """As readers see it: `CC BY 4.0`."""
    url: str = ""
    """Where it stands; empty where it is not known which number of it is meant."""
    is_open: bool = False
    """Whether a translation may be published under it: CC BY, CC BY-SA or CC0."""


def _all() -> dict[str, Licence]:
    found = [
        Licence("cc0-1.0", "CC0 1.0", f"{_SITE}/publicdomain/zero/1.0/", is_open=True),
        Licence("public-domain", "公有领域"),
        Licence(
            "arxiv-nonexclusive-1.0", "arXiv 非独占许可 1.0", "https://arxiv.org/licenses/nonexclusive-distrib/1.0/"
        ),
        Licence("arxiv-assumed-1991-2003", "arXiv 推定许可", "https://arxiv.org/licenses/assumed-1991-2003/"),
    ]
    for kind in _KINDS:
        name, is_open = f"CC {kind.upper()}", kind in _ADAPTABLE
        found.append(Licence(f"cc-{kind}", name, is_open=is_open))
        for number in _NUMBERS:
            url = f"{_SITE}/licenses/{kind}/{number}/"
            found.append(Licence(f"cc-{kind}-{number}", f"{name} {number}", url, is_open))
    return {licence.key: licence for licence in found}


LICENCES: Final = _all()
"""Every licence that is known, by key."""
_BY_ADDRESS: Final = {licence.url.removeprefix("https://"): licence.key for licence in LICENCES.values() if licence.url}
_BY_ADDRESS["creativecommons.org/licenses/publicdomain/"] = "public-domain"
_ADDRESS: Final = re.compile(
    r"\s*https?://(?:www\.)?(?P<path>[a-z0-9./-]+?)/?(?:(?:deed|legalcode|license)(?:\.[a-z-]+)?)?\s*"
)


def of_address(text: str) -> str | None:
    """The key of the licence that stands at an address, as arXiv names them; None where there is none."""
    match = _ADDRESS.fullmatch(text)
    return _BY_ADDRESS.get(f"{match['path'].rstrip('/')}/") if match else None


def of_word(word: str) -> str | None:
    """The key of the licence that OpenAlex calls `cc-by-nc` and Semantic Scholar `CCBYNC`; None for every other word.

    Neither tells the number. What is no licence (`other-oa`, `publisher-specific-oa`) is none here.
    """
    letters = re.sub("[^a-z0-9]", "", word.lower())
    return _BY_WORD.get(letters)


_BY_WORD: Final = {
    **{f"cc{kind.replace('-', '')}": f"cc-{kind}" for kind in _KINDS},
    "cc0": "cc0-1.0",
    "publicdomain": "public-domain",
}
