"""No value of the data is too large, of another kind, or unseen: a finding says so, and nothing raises."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.base import fields
from papernotes.data import bounds, ledger
from papernotes.data.ledger import Count, Record
from papernotes.text import frontmatter

TODAY = date(2026, 11, 23)
COUNT = Count(5, date(2024, 1, 1), "read", "openalex", "openalex-api")
RECORD = Record(
    "2305.18290", 3, "A Title", ("A. Author",), date(2023, 5, 29), None, "cs.LG", "NeurIPS 2023", "https://a.example/b",
    "10.48550/arXiv.2305.18290", False, (COUNT,),
)  # fmt: skip
PLAIN: dict[str, Any] = json.loads(ledger.serialise([RECORD]))["papers"][0]


def findings(**values: Any) -> list[str]:
    text = json.dumps({"schema": 1, "papers": [{**PLAIN, **values}]})
    return [f"{finding.rule}: {finding.what}; {finding.fix}" for finding in ledger.parse(text, "p", today=TODAY)[1]]


def test_the_record_is_good() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        pytest.param({"version": 10**300}, "ledger: paper '2305.18290' has a version above 999; copy the number from the paper's arXiv page", id="a version of 301 digits"),
        pytest.param({"title": "a" * 1001}, "ledger: 'title' of '2305.18290' has 1001 characters, more than 1000; shorten it", id="a long title"),
        pytest.param({"authors": ["A"] * 20_000}, "ledger: '2305.18290' has 20000 authors, more than 10000; keep the collaboration's name", id="20,000 authors"),
        pytest.param({"authors": ["A", "b" * 301]}, "ledger: an author of '2305.18290' has 301 characters, more than 300; write one name a string", id="a long name"),
        pytest.param({"authors": ["The ATLAS Collaboration", ":"]}, "ledger: an author of '2305.18290' is ':', without a letter; remove it", id="an author without a letter"),
        pytest.param({"venue": "v" * 301}, "ledger: 'venue' of '2305.18290' has 301 characters, more than 300; shorten it", id="a long venue"),
        pytest.param({"counts": PLAIN["counts"] * 2001}, "ledger-count: '2305.18290' has 2001 counts, more than 2000; keep one a month", id="2,001 counts"),
    ],
)  # fmt: skip
def test_what_is_too_large_is_a_finding(values: dict[str, Any], says: str) -> None:
    assert says in findings(**values)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([10**300, -1, "", " ", "\x00", "\ud800", "2024-13-01", "9" * 5000]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@SEEDED
@given(key=st.sampled_from(sorted(PLAIN)), value=JSON)
def test_whatever_a_value_is_it_is_taken_within_bounds_or_a_finding(key: str, value: Any) -> None:
    records, found = ledger.parse(json.dumps({"schema": 1, "papers": [{**PLAIN, key: value}]}), "p", today=TODAY)
    assert all("\n" not in str(finding) and len(str(finding)) < 500 for finding in found)
    if not found:
        (record,) = records.values()
        assert record.version is None or record.version <= bounds.MAX_VERSION
        assert len(record.authors) <= bounds.MAX_AUTHORS
        for name, most in bounds.MAX_TEXT.items():
            assert len(getattr(record, name) or "") <= most
        assert ledger.parse(ledger.serialise([record]), "p", today=TODAY)[0] == records


@SEEDED
@given(key=st.sampled_from(sorted(bounds.MAX_TEXT)), more=st.integers(-3, 3))
def test_a_text_may_be_as_long_as_its_bound_and_no_longer(key: str, more: int) -> None:
    most = bounds.MAX_TEXT[key]
    text = ("https://a.example/" + "b" * most)[: most + more]
    assert bool(findings(**{key: text})) == (more > 0)


def test_every_text_of_a_record_has_its_bound() -> None:
    texts = {
        field.name
        for field in dataclasses.fields(Record)
        if "str" in str(field.type) and field.name not in {"arxiv", "authors"}
    }
    assert texts == set(bounds.MAX_TEXT)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://github.com/x/y", True),
        ("https://a.example:443/", True),
        ("http://github.com/x", False),
        ("https://github.com@evil.example/", False),
        ("https://user:word@evil.example/", False),
        ("https://xn--gthub-n4a.com/", False),
        ("https://GİTHUB.com/", False),
        ("https://gıthub.com/", False),
        ("https://localhost/", False),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", False),
        ("https://a.example:99999/", False),
        ("https://a.example:8443/", False),
        ("https:///x", False),
        ("https://a..example/", False),
        ("javascript:alert(1)", False),
        ('https://a.example/"onclick=x', False),
        (None, False),
    ],
)
def test_an_address_is_what_it_shows(address: Any, good: bool) -> None:
    assert fields.is_https(address) is good


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("a: " + "b" * 5001, "1:4 a value of 5001 characters, more than 5000; shorten it", id="a long text"),
        pytest.param("a:\n- x\n- " + "b" * 5001, "3:3 a value of 5001 characters, more than 5000; shorten it", id="deep down"),
        pytest.param("a: [" + "1," * 5001 + "]", "1:4 a value of 5001 values, more than 5000; shorten it", id="a long list"),
    ],
)  # fmt: skip
def test_yaml_is_bounded(text: str, says: str) -> None:
    found = frontmatter.read_mapping("p", text)[1]
    assert [f"{each.line}:{each.column} {each.what}; {each.fix}" for each in found] == [says]
