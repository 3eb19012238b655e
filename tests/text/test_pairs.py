"""Blocks of pairs: what is read of them, and how drift tells one change from another."""

from __future__ import annotations

import pytest

from papernotes.text import pairs
from papernotes.text.document import Document
from papernotes.text.pairs import Step

BODY = """
/// pairs | 摘要
    of: abstract
    cut: 1
    version: 3
    copy: arxiv
    seen: 某处的转载
8f3a1c2e 第一句，有 $x$。

0b1d2c3e 第二句。
///

## 要点
"""


def test_a_block_is_read() -> None:
    (block,) = pairs.scan(Document("p.md", "p.md", BODY, None, 0))
    assert block.problems == ()
    assert (block.label, block.version, block.seen, block.is_arxiv) == ("摘要", 3, "某处的转载", True)
    assert [(pair.fingerprint, pair.text) for pair in block.pairs] == [
        ("8f3a1c2e", "第一句，有 $x$。"),
        ("0b1d2c3e", "第二句。"),
    ]
    assert all(BODY[pair.offset :].startswith(pair.fingerprint) for pair in block.pairs)
    assert BODY[block.offset :].startswith("/// pairs")
    assert BODY[: block.end].endswith("第二句。")


def test_one_in_code_is_none() -> None:
    text = f"```\n{BODY}```\n"
    assert pairs.scan(Document("p.md", "p.md", text, None, 0)) == ()


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        pytest.param("abc", "abc", (), id="nothing"),
        pytest.param("abc", "aXc", (Step("changed", 1, 1),), id="one changed"),
        pytest.param("abc", "abXc", (Step("added", None, 2),), id="one added"),
        pytest.param("abc", "ac", (Step("removed", 1, None),), id="one removed"),
        pytest.param("abcd", "bcda", (Step("moved", 0, 3),), id="one moved"),
        pytest.param("abc", "aXYc", (Step("changed", 1, 1), Step("added", None, 2)), id="one changed, one added"),
        pytest.param("abcd", "aXd", (Step("changed", 1, 1), Step("removed", 2, None)), id="one changed, one removed"),
        pytest.param("", "ab", (Step("added", None, 0), Step("added", None, 1)), id="all new"),
        pytest.param("ab", "", (Step("removed", 0, None), Step("removed", 1, None)), id="all gone"),
        pytest.param("abcd", "dXbc", (Step("changed", 0, 1), Step("moved", 3, 0)), id="one changed, one moved"),
    ],
)  # fmt: skip
def test_drift_tells_changes_apart(old: str, new: str, steps: tuple[Step, ...]) -> None:
    assert pairs.drift(old, new) == steps
