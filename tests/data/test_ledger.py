"""The ledger: its text, and which count is shown."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from papernotes.data import ledger
from papernotes.data.ledger import Count, Record, shown_count
from papernotes.data.names import ChineseName
from papernotes.pages.count_history import readings

TODAY = date(2026, 11, 23)
EMPTY = Record("2305.18290", None, "A Title", ("A. Author",), None, None, None, None, None, None)


def count(number: int, day: str, source: str, dataset: str = "d") -> Count:
    return Count(number, date.fromisoformat(day), "read", source, dataset)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param([], None, id="none"),
        pytest.param([count(5, "2024-01-01", "epoch-ai")], 5, id="one"),
        pytest.param([count(9, "2024-01-01", "semantic-scholar"), count(5, "2025-01-01", "epoch-ai")], 5, id="the newest, though smaller"),
        pytest.param([count(5, "2025-01-01", "another"), count(9, "2025-01-01", "semantic-scholar")], 9, id="one day: Semantic Scholar"),
        pytest.param([count(9, "2025-01-01", "semantic-scholar"), count(5, "2025-01-01", "openalex")], 9, id="one day, another order"),
        pytest.param([count(0, "2025-01-01", "openalex")], 0, id="zero is a count"),
    ],
)  # fmt: skip
def test_shown_count(counts: list[Count], shown: int | None) -> None:
    result = shown_count(dataclasses.replace(EMPTY, counts=tuple(counts)))
    assert (result.count if result else None) == shown


def test_the_text_is_the_same_whatever_the_order() -> None:
    other = dataclasses.replace(
        EMPTY, arxiv="1706.03762", counts=(count(2, "2025-02-01", "openalex"), count(1, "2025-01-01", "openalex"))
    )
    text = ledger.serialise([EMPTY, other])
    assert text == ledger.serialise([dataclasses.replace(other, counts=other.counts[::-1]), EMPTY])
    assert text.splitlines()[0] == '{"schema": 1, "papers": ['
    assert [line[:24] for line in text.splitlines()[1:3]] == ['{"arxiv": "1706.03762", ', '{"arxiv": "2305.18290", ']
    records, findings = ledger.parse(text, "papers.json", today=TODAY)
    assert findings == []
    assert ledger.serialise(records.values()) == text


COUNTED = dataclasses.replace(
    EMPTY,
    counts=(
        Count(5, date(2024, 10, 9), "no-later-than", "a-list", "a-list-2024", "A List"),
        count(6, "2024-11-01", "openalex"),
    ),
)


def test_a_count_brings_the_name_of_a_source_that_is_not_known() -> None:
    text = ledger.serialise([COUNTED])
    assert '"source": "a-list", "dataset": "a-list-2024", "source_name": "A List"}' in text
    assert text.count("source_name") == 1
    records, findings = ledger.parse(text, "papers.json", today=TODAY)
    assert (findings, records["2305.18290"]) == ([], COUNTED)
    assert [each.source_name for each in COUNTED.counts] == ["A List", "OpenAlex"]
    assert [each.source_name for each in readings(COUNTED)] == ["OpenAlex", "A List"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param(
            ', "source_name": "A List"',
            "",
            "the source 'a-list' of a count of '2305.18290' is not known; use one of semantic-scholar, openalex, epoch-ai, "
            "google-scholar, or give its name as 'source_name'",
            id="without a name",
        ),
        pytest.param(
            '"dataset": "d"',
            '"dataset": "d", "source_name": "Open Alex"',
            "the source 'openalex' of a count of '2305.18290' has a name already; remove 'source_name'",
            id="another name for a known one",
        ),
        pytest.param(
            '"A List"',
            '"OpenAlex"',
            "a count of '2305.18290' has the source name 'OpenAlex'; write a text that is not the name of another source",
            id="the name of a known one",
        ),
        pytest.param(
            '"A List"',
            "7",
            "a count of '2305.18290' has the source name '7'; write a text that is not the name of another source",
            id="not a text",
        ),
        pytest.param(
            '"a-list", "dataset"',
            '"A List", "dataset"',
            "a count of '2305.18290' has the source 'A List'; name it in a-z, 0-9 and -",
            id="an id with capitals",
        ),
        pytest.param(
            '"a-list-2024", "source_name": "A List"}',
            '"a-list-2024", "source_name": "A List"}, {"count": 4, "day": "2024-01-01", "day_is": "read", '
            '"source": "a-list", "dataset": "x", "source_name": "The List"}',
            "'a-list' is named 'The List' and 'A List'; write one name",
            id="two names",
        ),
    ],
)
def test_a_bad_source_of_a_count_is_said(right: str, wrong: str, said: str) -> None:
    text = ledger.serialise([COUNTED])
    assert right in text
    _, findings = ledger.parse(text.replace(right, wrong), "papers.json", today=TODAY)
    assert [str(finding) for finding in findings] == [f"papers.json:2:1: ledger-count: {said}"]


NAMED = dataclasses.replace(EMPTY, authors_zh=(ChineseName("A. Author", "某人", "https://example.org/"),))


@pytest.mark.parametrize("name", ["某人", "杰弗里·辛顿"])
def test_a_chinese_name_is_kept_and_left_out_where_there_is_none(name: str) -> None:
    named = dataclasses.replace(NAMED, authors_zh=(dataclasses.replace(NAMED.authors_zh[0], zh=name),))
    text = ledger.serialise([named])
    records, findings = ledger.parse(text, "papers.json", today=TODAY)
    assert (findings, records["2305.18290"]) == ([], named)
    assert "authors_zh" not in ledger.serialise([EMPTY])


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param(
            '"author": "A. Author"',
            '"author": "B. Author"',
            "'B. Author' is not an author of '2305.18290'; write it as in 'authors'",
            id="of nobody",
        ),
        pytest.param(
            '"zh": "某人"',
            '"zh": "Author"',
            "a Chinese name of '2305.18290' is 'Author'; write two to four Chinese characters, or a foreign name with · between "
            "its parts",
            id="not Chinese",
        ),
        pytest.param(
            '"source": "https:',
            '"source": "http:',
            "the source of a Chinese name of '2305.18290' is 'http://example.org/'; write an https address",
            id="without a source",
        ),
        pytest.param(
            ', "source": "https://example.org/"',
            "",
            "a Chinese name of '2305.18290' is \"{'author': 'A. Author', 'zh': '某人'}\"; give it exactly author, source, zh",
            id="incomplete",
        ),
    ],
)
def test_a_bad_chinese_name_is_said(right: str, wrong: str, said: str) -> None:
    _, findings = ledger.parse(ledger.serialise([NAMED]).replace(right, wrong), "papers.json", today=TODAY)
    assert [str(finding) for finding in findings] == [f"papers.json:2:1: ledger: {said}"]


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org/", False),
        ("https://", False),
        ("javascript:alert(1)", False),
        ('https://example.org/"onclick=', False),
        ("https://exa mple.org/", False),
        ("https://[broken", False),
        (None, False),
    ],
)
def test_is_https(url: object, good: bool) -> None:
    assert ledger.is_https(url) is good
