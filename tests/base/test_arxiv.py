"""arXiv identifiers: what is read, what is refused, and the words of the refusal."""

from __future__ import annotations

import re
from datetime import date

import pytest

from papernotes.base import arxiv
from papernotes.base.arxiv import ArxivId, id_of_link, is_arxiv_link, parse_id

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "id_", "version"),
    [
        pytest.param("2305.18290", "2305.18290", None, id="bare"),
        pytest.param("2305.18290v3", "2305.18290", 3, id="with version"),
        pytest.param("arXiv:2305.18290v3", "2305.18290", 3, id="with prefix"),
        pytest.param("arxiv:2305.18290", "2305.18290", None, id="prefix in small letters"),
        pytest.param("ARXIV:2305.18290", "2305.18290", None, id="prefix in capitals"),
        pytest.param("arxiv:math.GT/0309136v2", "math/0309136", 2, id="prefix in small letters before a class"),
        pytest.param("0704.0001", "0704.0001", None, id="first of the new scheme"),
        pytest.param("1412.9999", "1412.9999", None, id="last month of four digits"),
        pytest.param("1501.00001", "1501.00001", None, id="first of five digits"),
        pytest.param("2611.00001", "2611.00001", None, id="this month"),
        pytest.param("hep-th/9901001", "hep-th/9901001", None, id="old"),
        pytest.param("hep-th/9107001", "hep-th/9107001", None, id="first month of the old scheme"),
        pytest.param("math/0703999v12", "math/0703999", 12, id="last month of the old scheme"),
        pytest.param("math.GT/0309136", "math/0309136", None, id="class is dropped"),
        pytest.param("arXiv:Q-BIO.NC/0412001", "q-bio/0412001", None, id="archive in capitals is lowered"),
        pytest.param("solv-int/9901001v1", "solv-int/9901001", 1, id="archive with a v"),
    ],
)
def test_parse_id_reads(text: str, id_: str, version: int | None) -> None:
    assert parse_id(text, today=TODAY) == ArxivId(id_, version)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(" 2305.18290", "white space around it; remove it", id="leading space"),
        pytest.param("2305.18290\n", "white space around it; remove it", id="final newline"),
        pytest.param("arXiv: 2305.18290", "white space after the prefix; remove it", id="space after prefix"),
        pytest.param("arXiv:2305.18290v3 [cs.LG] 29 Jul 2024", "carries the stamp", id="stamp with date"),
        pytest.param("2305.1829", "needs 5 digits after the dot", id="too few digits"),
        pytest.param("2305.182900", "needs 5 digits after the dot", id="too many digits"),
        pytest.param("1412.00001", "needs 4 digits after the dot", id="five digits before 2015"),
        pytest.param("1501.0001", "needs 5 digits after the dot", id="four digits since 2015"),
        pytest.param("1713.01234", "has month 13", id="month out of range"),
        pytest.param("1700.01234", "has month 00", id="month zero"),
        pytest.param("0703.0001", "before this form began in 2007-04", id="new form too early"),
        pytest.param("2305.00000", "has number 0", id="number zero"),
        pytest.param("2305.18290v0", "has version 'v0'", id="version zero"),
        pytest.param("2305.18290v03", "has version 'v03'", id="version with leading zero"),
        pytest.param("2305.18290v", "has version 'v'", id="version missing"),
        pytest.param("2305.18290v12345", "more than any paper has", id="absurd version"),
        pytest.param("2612.00001", "is dated 2026-12, in the future", id="future month"),
        pytest.param("１706.03762", r"U\+FF11", id="full-width digit"),
        pytest.param("2305․18290", r"U\+2024", id="look-alike dot"),
        pytest.param("2305.1829٠", r"U\+0660", id="Arabic digit"),
        pytest.param("2305.18290\u200b", r"U\+200B", id="zero-width space"),
        pytest.param("2305\0.18290", "holds a NUL character", id="NUL"),
        pytest.param("hep-th/0704001", "outside 1991-07 to 2007-03", id="old form too late"),
        pytest.param("hep-th/9106001", "outside 1991-07 to 2007-03", id="old form too early"),
        pytest.param("hep-th/9913001", "has month 13", id="old form month"),
        pytest.param("hep-th/990100", "needs 7 digits after the slash", id="old form width"),
        pytest.param("hep-th/9901000", "has number 0", id="old form number zero"),
        pytest.param("stat/0612001", "names the archive 'stat'", id="archive without old ids"),
        pytest.param("hepth/9901001", "names the archive 'hepth'", id="misspelt archive"),
        pytest.param("hep-th.AB/9901001", "has the class 'AB'", id="class where none was"),
        pytest.param("math.gt/0309136", "has the class 'gt'", id="class in small letters"),
        pytest.param("https://arxiv.org/abs/2305.18290", "is a link", id="link"),
        pytest.param("doi.org/10.48550/arXiv.2305.18290", "is a link", id="link without scheme"),
        pytest.param("10.1049/el.2013.3006", "is not of the form", id="DOI tail"),
        pytest.param("hep-th/1601.07616", "is not of the form", id="both schemes at once"),
        pytest.param("23O5.18290", "is not of the form", id="letter O"),
        pytest.param("1" * 10_000, "is not of the form", id="very long"),
    ],
)
def test_parse_id_names_the_wrong_part(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_id(text, today=TODAY)
    assert len(str(caught.value)) < 250


def test_parse_id_without_today_does_not_look_at_the_future() -> None:
    assert str(parse_id("9912.00001v2")) == "9912.00001v2"


@pytest.mark.parametrize("text", ["2305.18290", "2305.18290v3", "hep-th/9901001", "math/0309136v2"])
def test_an_id_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_id(text)) == text


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        pytest.param("https://arxiv.org/abs/2305.18290", "2305.18290", id="abs"),
        pytest.param("http://www.arxiv.org/abs/2305.18290v3", "2305.18290v3", id="abs with version"),
        pytest.param("https://arxiv.org/pdf/2305.18290v3.pdf", "2305.18290v3", id="pdf with ending"),
        pytest.param("https://arxiv.org/pdf/2305.18290#page=4", "2305.18290", id="pdf with page"),
        pytest.param("https://arxiv.org/html/2305.18290v3", "2305.18290v3", id="html"),
        pytest.param("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001", id="old on export"),
        pytest.param("arxiv.org/abs/2305.18290/", "2305.18290", id="no scheme, final slash"),
        pytest.param("https://doi.org/10.48550/arXiv.2305.18290", "2305.18290", id="DOI"),
        pytest.param("https://dx.doi.org/10.48550/arxiv.hep-th/9901001", "hep-th/9901001", id="DOI in small letters"),
    ],
)
def test_id_of_link_reads(url: str, id_: str) -> None:
    assert is_arxiv_link(url)
    assert str(id_of_link(url, today=TODAY)) == id_


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("https://arxiv.org/abs/2305.1829", "needs 5 digits", id="wrong id"),
        pytest.param("https://doi.org/10.48550/2305.18290", "without 'arXiv.'", id="DOI without arXiv"),
        pytest.param("https://example.org/abs/2305.18290", "is not a link to a paper on arXiv", id="another host"),
        pytest.param(
            "https://arxiv.org.example.org/abs/2305.18290", "is not a link to a paper", id="host that begins alike"
        ),
        pytest.param("https://arxiv.org/list/cs.CL/recent", "is not a link to a paper", id="a list"),
        pytest.param("ftp://arxiv.org/abs/2305.18290", "is not a link to a paper", id="another scheme"),
        pytest.param("https://[broken/abs/2305.18290", "is not a link to a paper", id="broken host"),
    ],
)
def test_id_of_link_names_the_wrong_part(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        id_of_link(url, today=TODAY)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        pytest.param(" 1706.03762v7\n", "1706.03762v7", id="white space around it"),
        pytest.param("arXiv:math.GT/0309136", "math/0309136", id="an old one with its class"),
        pytest.param("10.48550/arXiv.1706.03762", "1706.03762", id="a DOI"),
        pytest.param("doi: 10.48550/ARXIV.1706.03762", "1706.03762", id="a DOI in capitals, named as one"),
        pytest.param("https://doi.org/10.48550/arXiv.math/0309136", "math/0309136", id="a DOI link, an old id"),
        pytest.param("https://huggingface.co/papers/1706.03762", "1706.03762", id="huggingface"),
        pytest.param("https://www.alphaxiv.org/abs/1706.03762v7?tab=x", "1706.03762v7", id="alphaxiv, a version"),
        pytest.param("alphaxiv.org/overview/1706.03762", "1706.03762", id="without a scheme"),
        pytest.param("https://ar5iv.labs.arxiv.org/html/hep-th/9901001", "hep-th/9901001", id="ar5iv, an old id"),
        pytest.param("https://a.example/x/1706.03762.pdf", "1706.03762", id="a copy of the file"),
        pytest.param("https://a.example/1706.03762/1706.03762", "1706.03762", id="the same twice"),
    ],
)  # fmt: skip
def test_id_in_reads_what_people_copy(text: str, id_: str) -> None:
    assert str(arxiv.id_in(text)) == id_


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("https://huggingface.co/papers", "is a link that holds no arXiv id", id="no id"),
        pytest.param("https://a.example/1706.03762/2305.18290", "is a link that holds several arXiv ids", id="two ids"),
        pytest.param("https://a.example/71706.03762", "is a link that holds no arXiv id", id="a longer number"),
        pytest.param("https://huggingface.co/papers/1713.03762", "has month 13", id="an id that is wrong"),
        pytest.param("10.1234/arXiv.1706.03762", "'10.1234/arXiv.1706.03762'", id="a DOI of another"),
        pytest.param("resnet", "'resnet'", id="a name"),
    ],
)  # fmt: skip
def test_id_in_quotes_what_holds_none(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        arxiv.id_in(text)
