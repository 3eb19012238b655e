"""The ledger: its text, and which count is shown."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from papernotes.data import ledger
from papernotes.data.ledger import Count, Record, shown_count
from papernotes.data.names import ChineseName

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
        pytest.param([count(5, "2025-01-01", "zeta-alpha"), count(9, "2025-01-01", "semantic-scholar")], 9, id="one day: Semantic Scholar"),
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
