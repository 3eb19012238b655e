"""BibTeX of every record, and of none that one would hope for, comes back from a parser as it went in."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from conftest import DOCS, ROOT
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Person, parse_string
from seeded import SEEDED

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.pages import bibtex

RECORDS = ledger.read(DOCS, ROOT, today=date.max)[0]
DPO = RECORDS["2305.18290"]


def read_back(text: str) -> tuple[str, dict[str, str], list[str]]:
    """The key, the fields and the names of the one entry, by a parser that is not ours."""
    parsed = parse_string(text, "bibtex")
    assert len(parsed.entries) == 1
    name, entry = next(iter(parsed.entries.items()))
    people: list[Person] = entry.persons.get("author", [])
    return name, dict(entry.fields), [bibtex.unescape(str_of(person)) for person in people]


def str_of(person: Person) -> str:
    parts = [
        *person.first_names,
        *person.middle_names,
        *person.prelast_names,
        *person.last_names,
        *person.lineage_names,
    ]
    name = " ".join(parts)
    return name[1:-1] if name.startswith("{") and name.endswith("}") else name


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_record_comes_back(record: Record) -> None:
    name, fields, people = read_back(bibtex.entry(record))
    assert name == bibtex.key(record)
    assert bibtex.unescape(fields["title"][1:-1]) == record.title
    assert people == list(record.authors)
    assert fields["eprint"] == record.arxiv
    assert fields.get("doi") == record.doi
    assert fields["year"] == str(record.published.year if record.published else 2000 + int(record.arxiv[:2]))


def test_an_entry_reads_as_arxiv_suggests_it() -> None:
    assert bibtex.entry(DPO).splitlines()[:2] == [
        "@misc{rafailov2023direct,",
        "  title = {{Direct Preference Optimization: Your Language Model is Secretly a Reward Model}},",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("100% of $5 & a_b #1", id="characters of TeX"),
        pytest.param("an {unbalanced brace", id="one brace"),
        pytest.param("} closes first {", id="braces the wrong way round"),
        pytest.param(r"\input{/etc/passwd}", id="a command"),
        pytest.param("a~b^c \\ d", id="tilde, caret, backslash"),
        pytest.param("say \"quoted\" and 'single'", id="quotes"),
        pytest.param("直接偏好优化 für Ångström", id="beyond ASCII"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param("x" * 300, id="300 characters"),
    ],
)
def test_a_title_comes_back(text: str) -> None:
    _, fields, _ = read_back(bibtex.entry(dataclasses.replace(DPO, title=text, venue=text)))
    assert bibtex.unescape(fields["title"][1:-1]) == text
    assert bibtex.unescape(fields["note"]) == text


@SEEDED
@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=80))
def test_any_title_comes_back(text: str) -> None:
    plain = " ".join(text.split()) or "x"
    _, fields, _ = read_back(bibtex.entry(dataclasses.replace(DPO, title=plain)))
    assert bibtex.unescape(fields["title"][1:-1]) == plain


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Llama Team, AI @ Meta", id="an organisation with a comma"),
        pytest.param("Research and Development", id="the word that parts names"),
        pytest.param("Jane O'Neil-Smith", id="an ordinary name"),
        pytest.param("OpenAI", id="one word"),
        pytest.param("{Evil}", id="braces"),
    ],
)
def test_a_name_comes_back(name: str) -> None:
    _, _, people = read_back(bibtex.entry(dataclasses.replace(DPO, authors=(name, "Ada Lovelace"))))
    assert people == [name, "Ada Lovelace"]


def test_three_thousand_authors() -> None:
    authors = tuple(f"Given{number} Name{number}" for number in range(3000))
    assert read_back(bibtex.entry(dataclasses.replace(DPO, authors=authors)))[2] == list(authors)


def test_what_is_not_known_is_left_out() -> None:
    bare = dataclasses.replace(DPO, authors=(), published=None, category=None, venue=None, doi=None)
    _, fields, people = read_back(bibtex.entry(bare))
    assert people == []
    assert set(fields) == {"title", "year", "eprint", "archiveprefix", "url"}
    assert fields["year"] == "2023"


def test_keys_differ() -> None:
    records = [dataclasses.replace(DPO, arxiv=f"2305.{number:05}") for number in range(1, 31)]
    names = bibtex.keys(records)
    assert len(set(names.values())) == 30
    assert names["2305.00001"] == "rafailov2023direct"
    assert names["2305.00002"] == "rafailov2023directb"
    assert names["2305.00030"] == "rafailov2023direct230500030"
    assert len(set(bibtex.keys(RECORDS.values()).values())) == len(RECORDS)
