"""arXiv identifiers: read, checked and found in links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

ARCHIVES: Final = frozenset({
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph", "cmp-lg",
    "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math",
    "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "quant-ph",
    "solv-int", "supr-con",
})  # fmt: skip
"""Archives under which identifiers of the old scheme exist."""

ARCHIVES_WITH_CLASS: Final = frozenset({"math", "cs", "nlin", "q-bio"})
"""Archives whose old identifiers were also written with a class, as in `math.GT/0309136`."""

HOSTS: Final = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})
SITES: Final = ("arxiv.org", "ar5iv.org", "alphaxiv.org", "huggingface.co/papers")
"""Sites that show a paper under its arXiv id, with all hosts below them."""

_OLD_START, _OLD_END = (1991, 7), (2007, 3)
_NEW_START, _FIVE_DIGITS = (2007, 4), (2015, 1)
_NEW = re.compile(r"([0-9]{4})\.([0-9]+)\Z")
_OLD = re.compile(r"([A-Za-z-]+)(?:\.([A-Za-z-]+))?/([0-9]+)\Z")
_VERSION = re.compile(r"(.*[0-9])v([0-9]*)\Z", re.DOTALL)
_STAMP = re.compile(r"\s*\[[A-Za-z.-]+\].*\Z", re.DOTALL)
_Wrong = Callable[[str], ValueError]  # makes the error that quotes the whole text and names the wrong part
_IN_PATH = re.compile(
    rf"(?<=/)(?:[0-9]{{4}}\.[0-9]{{4,5}}|(?:{'|'.join(sorted(ARCHIVES))})(?:\.[A-Z]{{2}})?/[0-9]{{7}})(?:v[0-9]+)?(?=/|\.pdf|\Z)"
)
_LINK_PATH = re.compile(r"/(?:abs|pdf|html|format|src|e-print)/(.+?)/?\Z")


@dataclass(frozen=True, order=True)
class ArxivId:
    """An arXiv identifier, with or without a version."""

    id: str
    """Lower-case archive, no class, no version: `2305.18290`, `math/0309136`."""
    version: int | None = None
    """From 1; None means the latest."""

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"

    @property
    def year_month(self) -> tuple[int, int]:
        """The month in which the paper was submitted."""
        digits = self.id.rpartition("/")[2]
        year = int(digits[:2])
        return (1900 if "/" in self.id and year > 90 else 2000) + year, int(digits[2:4])

    @property
    def abs_url(self) -> str:
        """Address of the abstract page, of the version where one is given."""
        return f"https://arxiv.org/abs/{self}"

    def html_url(self, anchor: str) -> str:
        """Address of a place in arXiv's HTML of this version. `anchor`: the id there, `S4.SS2`."""
        return f"https://arxiv.org/html/{self}#{anchor}"

    def pdf_url(self, page: int) -> str:
        """Address of a page of the PDF, from 1."""
        return f"https://arxiv.org/pdf/{self}#page={page}"


def parse_id(text: str, *, today: date | None = None) -> ArxivId:
    """Read an arXiv identifier of the new or the old scheme.

    Shape: `YYMM.NNNN` from 2007-04 to 2014-12, `YYMM.NNNNN` since; `archive/YYMMNNN` or `archive.CL/YYMMNNN` before;
        the prefix `arXiv:`, in letters of either case, may stand before, `vN` may follow.
    Units: full years, months 1-12, versions from 1 (None: the latest). `today`: ids of later months are refused; None:
        no check of the future.
    Raises: ValueError that quotes the text and names the wrong part.
    Source: https://info.arxiv.org/help/arxiv_identifier.html
    """
    shown = repr(text if len(text) <= 60 else text[:59] + "…")

    def wrong(reason: str) -> ValueError:
        return ValueError(f"{shown} {reason}")

    if not text:
        raise wrong("is empty")
    if text != text.strip():
        raise wrong("has white space around it; remove it")
    if "\0" in text:
        raise wrong("holds a NUL character; remove it")
    if not text.isascii():
        char = next(c for c in text if not c.isascii())
        raise wrong(f"holds {char!r} (U+{ord(char):04X}), not an ASCII character; type the id by hand")
    body = text
    if body[:6].lower() == "arxiv:":
        body = body[6:]
        if body != body.strip():
            raise wrong("has white space after the prefix; remove it")
    stamp = _STAMP.search(body)
    if stamp and stamp.group().strip():
        raise wrong(f"carries the stamp {stamp.group().strip()!r}; remove it")
    if "://" in body or body.lower().startswith(("arxiv.org", "www.arxiv.org", "doi.org")):
        raise wrong("is a link; write only the id in it")

    version: int | None = None
    versioned = _VERSION.match(body)
    if versioned:
        body, digits = versioned.groups()
        if not digits or digits.startswith("0"):
            raise wrong(f"has version {'v' + digits!r}; versions are numbers from 1 without leading zero")
        if len(digits) > 3:
            raise wrong(f"has version {'v' + digits!r}, more than any paper has")
        version = int(digits)

    new = _NEW.match(body)
    if new:
        return ArxivId(_check_new(new.group(1), new.group(2), today, wrong), version)
    old = _OLD.match(body)
    if old:
        return ArxivId(_check_old(old.group(1), old.group(2), old.group(3), today, wrong), version)
    raise wrong("is not of the form YYMM.NNNNN or archive/YYMMNNN")


def _check_new(yymm: str, number: str, today: date | None, wrong: _Wrong) -> str:
    year, month = 2000 + int(yymm[:2]), int(yymm[2:])
    _check_month(month, yymm[2:], wrong)
    if (year, month) < _NEW_START:
        raise wrong(f"is dated {year}-{month:02}, before this form began in 2007-04")
    width = 5 if (year, month) >= _FIVE_DIGITS else 4
    if len(number) != width:
        raise wrong(f"needs {width} digits after the dot")
    if int(number) == 0:
        raise wrong("has number 0; numbers start at 1")
    _check_future(year, month, today, wrong)
    return f"{yymm}.{number}"


def _check_old(archive: str, cls: str | None, digits: str, today: date | None, wrong: _Wrong) -> str:
    name = archive.lower()
    if name not in ARCHIVES:
        raise wrong(f"names the archive {archive!r}, which has no ids of this form")
    if cls is not None and (name not in ARCHIVES_WITH_CLASS or not re.fullmatch(r"[A-Z]{2}", cls)):
        raise wrong(f"has the class {cls!r}; only math, cs, nlin and q-bio had classes, of two capitals")
    if len(digits) != 7:
        raise wrong("needs 7 digits after the slash")
    year = int(digits[:2]) + (1900 if digits[0] == "9" else 2000)
    month = int(digits[2:4])
    _check_month(month, digits[2:4], wrong)
    if not _OLD_START <= (year, month) <= _OLD_END:
        raise wrong(f"is dated {year}-{month:02}, outside 1991-07 to 2007-03 when this form was used")
    if int(digits[4:]) == 0:
        raise wrong("has number 0; numbers start at 1")
    _check_future(year, month, today, wrong)
    return f"{name}/{digits}"


def _check_month(month: int, written: str, wrong: _Wrong) -> None:
    if not 1 <= month <= 12:
        raise wrong(f"has month {written}; months are 01 to 12")


def _check_future(year: int, month: int, today: date | None, wrong: _Wrong) -> None:
    if today is not None and (year, month) > (today.year, today.month):
        raise wrong(f"is dated {year}-{month:02}, in the future")


def is_arxiv_link(url: str) -> bool:
    """Whether an address is one of arXiv's pages about a paper, or an arXiv DOI link."""
    parts = _split(url)
    if parts is None:
        return False
    host, path = parts
    if host in HOSTS:
        return _LINK_PATH.match(path) is not None
    return host in {"doi.org", "dx.doi.org", "www.doi.org"} and path.lower().startswith("/10.48550/")


def id_of_link(url: str, *, today: date | None = None) -> ArxivId:
    """Read the identifier out of an abs, pdf, html or DOI link.

    Shape: `https://arxiv.org/abs/ID`, `/pdf/ID` (`.pdf` may follow), `/html/ID`, `https://doi.org/10.48550/arXiv.ID`.
    Raises: ValueError where the link is none of these, or its id is wrong (`parse_id`).
    Source: https://info.arxiv.org/help/doi.html
    """
    parts = _split(url)
    if parts is None or not is_arxiv_link(url):
        raise ValueError(f"{url[:80]!r} is not a link to a paper on arXiv")
    host, path = parts
    if host in HOSTS:
        match = _LINK_PATH.match(path)
        assert match is not None
        text = unquote(match.group(1))
        if path.startswith("/pdf/"):
            text = text.removesuffix(".pdf")
        return parse_id(text, today=today)
    tail = unquote(path[len("/10.48550/") :])
    if tail[:6].lower() != "arxiv.":
        raise ValueError(f"{url[:80]!r} is an arXiv DOI without 'arXiv.' before the id")
    return parse_id(tail[6:].lower() if "/" in tail else tail[6:], today=today)


def id_in(text: str, *, today: date | None = None) -> ArxivId:
    """Read the identifier in what somebody has copied: an id, a DOI, a link to arXiv or to another site about the paper.

    Shape: as `parse_id` and `id_of_link`, white space around it aside; `10.48550/arXiv.ID`, `doi:` may stand before; of
        another link, such as `https://huggingface.co/papers/ID`, the part of its path that is an id.
    Raises: ValueError that quotes the text, also where a link holds no id, or several.
    """
    text = text.strip()
    if doi := re.fullmatch(r"(?:doi:\s*)?(10\.48550/\S+)", text, re.IGNORECASE):
        return id_of_link(f"https://doi.org/{doi[1]}", today=today)
    if is_arxiv_link(text):
        return id_of_link(text, today=today)
    found = _in_path(text) if "://" in text or "." in text.partition("/")[0] else set()
    if len(found) == 1:
        return parse_id(found.pop(), today=today)
    if "://" in text:
        raise ValueError(f"{text[:80]!r} is a link that holds {'several arXiv ids' if found else 'no arXiv id'}")
    return parse_id(text, today=today)


def named_in(url: str) -> str:
    """What stands for the id, unread, in an address of one of `SITES`; empty where nothing does, or several."""
    found = _in_path(url)
    return found.pop() if len(found) == 1 else ""


def _in_path(url: str) -> set[str]:
    parts = _split(url)
    return set(_IN_PATH.findall(unquote(parts[1]))) if parts else set()


def _split(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    return (parts.hostname or "").lower(), parts.path
