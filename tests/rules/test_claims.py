"""The sentences that a second reader is shown: claims without a source mark, and nothing that a check would fail on."""

from __future__ import annotations

from pathlib import Path

import pytest

from papernotes import cli
from papernotes.rules.language import claims
from papernotes.text.document import Document

PAPER = "papers/x.md"


def unmarked(text: str, uri: str = PAPER) -> list[claims.Claim]:
    return list(claims.unmarked(Document(f"docs/{uri}", uri, text, None, 0)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("窗口固定，因此缓存封顶。", ("因此",), id="cause"),
        pytest.param("它比稠密的更快。", ("更",), id="comparison"),
        pytest.param("不是慢，而是快。", ("不是", "而是"), id="correction, each word once, in order"),
        pytest.param("- 只有一项落后。", ("只",), id="item"),
        pytest.param("先写结果。【来源：§1】\n代价是显存。", ("代价",), id="behind the last mark"),
        pytest.param("!!! note\n    代价是显存。", ("代价",), id="note in the margin"),
    ],
)
def test_a_claim_without_a_mark_is_shown_with_its_words(text: str, words: tuple[str, ...]) -> None:
    assert [claim.words for claim in unmarked(text)] == [words]


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        pytest.param("代价是显存。【来源：§1】", PAPER, id="marked"),
        pytest.param(
            "代价是显存。\n下一句。【来源：§1】", PAPER, id="a mark vouches for what stands before it in its paragraph"
        ),
        pytest.param("代价是显存，这是我们的理解。", PAPER, id="ours"),
        pytest.param("窗口是 4,096。", PAPER, id="no claim"),
        pytest.param("| 代价 | 只有一项 |\n| --- | --- |", PAPER, id="table"),
        pytest.param("/// figure | Figure 1\n    id: a\n\n结论：代价是显存。\n///", PAPER, id="figure"),
        pytest.param("/// pairs | 摘要\n    of: abstract\n00000000 因此更快。\n///", PAPER, id="abstract"),
        pytest.param("## 代价", PAPER, id="heading"),
        pytest.param("`只` 是一个词。", PAPER, id="code"),
        pytest.param("代价是显存。", "guide/x.md", id="a page of the guide"),
    ],
)
def test_what_names_its_source_or_claims_nothing_is_left_out(text: str, uri: str) -> None:
    assert unmarked(text, uri) == []


def test_a_claim_says_where_it_stands() -> None:
    (claim,) = unmarked("第一句。\n\n代价是显存。", "errata.md")
    assert str(claim) == "docs/errata.md:3: 代价: '代价是显存。'"


def test_claims_never_fail_a_check(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = docs / "papers" / "dpo.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n代价是显存。\n", encoding="utf-8")
    before = cli.main(["check", "--docs", str(docs)])
    plain = capsys.readouterr().out
    assert cli.main(["check", "--review", "--docs", str(docs)]) == before
    out = capsys.readouterr().out
    assert "代价: '代价是显存。'" in out
    assert out.startswith(plain)
    assert out.endswith("without a source mark; these are no findings\n")
