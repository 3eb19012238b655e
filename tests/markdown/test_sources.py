"""Source marks: the grammar and the small mark on the page."""

from __future__ import annotations

import re

import markdown
import pytest

from papernotes.base.arxiv import ArxivId
from papernotes.markdown.references import AddressesExtension
from papernotes.markdown.source_marks import SourcesExtension
from papernotes.text.source_mark import Group, Link, parse


@pytest.mark.parametrize(
    ("inner", "groups"),
    [
        pytest.param("摘要", (Group(None, ("摘要",)),), id="abstract"),
        pytest.param("§4.2，表 1", (Group(None, ("§4.2", "表 1")),), id="section and table"),
        pytest.param("附录 A.3.7，图 2a，式 4–7，脚注 3", (Group(None, ("附录 A.3.7", "图 2a", "式 4–7", "脚注 3")),), id="all kinds"),
        pytest.param("表 A3", (Group(None, ("表 A3",)),), id="table of an appendix"),
        pytest.param("未核对位置", (Group(None, ("未核对位置",)),), id="place not seen"),
        pytest.param("§3；@2310.16944v1 表 1，自算", (Group(None, ("§3",)), Group(ArxivId("2310.16944", 1), ("表 1", "自算"))), id="another paper"),
        pytest.param("[模型卡](https://example.org/card)", (Group(None, (Link("模型卡", "https://example.org/card"),)),), id="link"),
    ],
)  # fmt: skip
def test_parse_reads(inner: str, groups: tuple[Group, ...]) -> None:
    assert parse(inner) == groups


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("", "'' is not a place"),
        ("第 4 节", "'第 4 节' is not a place"),
        ("表1", "'表1' is not a place"),
        ("表 1, 图 2", "'表 1, 图 2' is not a place"),
        ("Table 1", "'Table 1' is not a place"),
        ("表 7-8", "'表 7-8' is not a place"),
        ("@2310.16944", "names no place in the paper"),
        ("@2310.1694 表 1", "needs 5 digits"),
        ("[卡](javascript:alert)", "is not an https address"),
    ],
)
def test_parse_names_the_wrong_part(inner: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(inner)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param(
            "胜率 61%。【来源：§6.2，图 2】",
            '<p>胜率 61%。<span class="pn-src"><span class="pn-src__label">来源：\u2060</span><a data-pn-place=" §6.2">§6.2</a>，<a data-pn-place=" 图 2">图\u00a02</a></span></p>',
            id="mark",
        ),
        pytest.param(
            "【来源：表 2；@2305.18290v3 表 1，[卡](https://example.org)】",
            '<p><span class="pn-src"><span class="pn-src__label">来源：\u2060</span><a data-pn-place=" 表 2">表\u00a02</a>；'
            '<a class="pn-ref" data-pn-paper="2305.18290v3">arXiv:2305.18290v3</a> <a data-pn-place="2305.18290v3 表 1">表\u00a01</a>，'
            '<a href="https://example.org">卡</a></span></p>',
            id="another paper and a link",
        ),
        pytest.param("【来源：坏】", "<p>【来源：坏】</p>", id="what cannot be read stays as text"),
        pytest.param("`【来源：表 1】`", "<p><code>【来源：表 1】</code></p>", id="code"),
    ],
)
def test_a_mark_on_the_page(source: str, html: str) -> None:
    assert markdown.markdown(source, extensions=[SourcesExtension()]) == html


@pytest.mark.parametrize(
    ("source", "owner"),
    [
        pytest.param("甲。【来源：§1】", '<p id="p-8c25">甲', id="a paragraph"),
        pytest.param("甲。【来源：§1】\n\n乙 $x$。\n", '<p id="p-8c25">甲', id="what follows leaves its address"),
        pytest.param("- 甲。【来源：§1】\n- 乙。", '<li id="p-8c25">甲', id="an item"),
        pytest.param("甲。【来源：§1】\n\n甲。【来源：§2】", '<p id="p-8c25_1">甲', id="the same words again"),
        pytest.param(
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n【来源：§1】", '<table id="t-', id="a table above a line of its own"
        ),
    ],
)
def test_what_has_a_source_has_an_address(source: str, owner: str) -> None:
    html = markdown.markdown(source, extensions=["tables", SourcesExtension(), AddressesExtension()])
    assert owner in html
    assert re.findall('class="pn-src__label" href="#([^"]*)"', html) == re.findall(' id="([^"]*)"', html)
