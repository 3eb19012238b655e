"""Blocks of pairs: the sentence that the author of a bad one reads, and what a good one becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from papernotes.data import abstracts, outdated
from papernotes.data.abstracts import Abstracts
from papernotes.rules import checker, sections
from papernotes.text import sentences
from papernotes.text.document import read

Findings = Callable[[], list[str]]

PATH = "docs/papers/small.md"
BLOCK = """/// pairs | 摘要
    of: abstract
    cut: 1
    version: 2
    copy: arxiv
    seen: example.org 的转载
8f3a1c2e 我们提出低秩适应，在 GPT-3 上训练的参数少到 1/10000，得分高 3.5 分。
0b1d2c3e 见 [github.com/microsoft/LoRA](https://github.com/microsoft/LoRA)，公式是 $W_0 + BA$。
///

"""
AGAIN = "take it from 'make pairs ID=…', one for each sentence of the original"
FORM = "write one line a sentence: 8f3a1c2e 译文"


def put(docs: Path, block: str, name: str = "papers/small.md") -> None:
    """Write a block at the top of a page."""
    file = docs / name
    head, body = file.read_text(encoding="utf-8").split("\n---\n", 1)
    file.write_text(f"{head}\n---\n\n{block}{body.lstrip()}", encoding="utf-8")


def test_a_good_block_is_clean(docs: Path, findings: Findings) -> None:
    """Its fingerprints, numbers and copy are not prose: no source mark, no English, no digits of ours."""
    put(docs, BLOCK)
    assert findings() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("/// pairs | 摘要", "/// pair | 摘要", "14:1: pairs-block: there is no block named 'pair'; did you mean pairs?", id="misspelt"),
        pytest.param("/// pairs | 摘要", "/// pairs", "14:1: pairs-block: the block has no heading; write /// pairs | 摘要", id="no heading"),
        pytest.param("///\n\n", "\n", "14:1: pairs-block: the block is not closed; end it with a line that is only ///", id="not closed"),
        pytest.param("of: abstract", "off: abstract", "15:5: pairs-option: unknown option 'off'; did you mean of?", id="unknown option"),
        pytest.param("    of: abstract\n", "", "14:1: pairs-option: no of; add of: abstract", id="of what?"),
        pytest.param("of: abstract", "of: §3.1", "15:9: pairs-licence: '§3.1' is more than the abstract, and no licence that allows a translation is on record; write of: abstract, or tell the rest in words of your own", id="more than the abstract"),
        pytest.param("cut: 1", "cut: 7", "16:10: pairs-option: cut '7' is not known; write cut: 1, the version of the code that cuts sentences", id="unknown version of the code"),
        pytest.param("version: 2", "version: two", "17:14: pairs-option: 'two' is not a version; write a number from 1, or leave it out where the copy has none", id="no number"),
        pytest.param("version: 2", "version: 9", "14:1: pairs-option: the ledger knows no version 9; the newest it knows is 2", id="unknown version of the paper"),
        pytest.param("copy: arxiv", "copy: true", "18:11: pairs-option: copy 'true'; write copy: arxiv where it is arXiv's abstract of that version, else copy: other", id="unknown copy"),
        pytest.param("    seen: example.org 的转载\n", "", "14:1: pairs-option: no seen; say in at most 80 characters where the original was read", id="read where?"),
        pytest.param("8f3a1c2e", "8f3a", f"20:1: pairs-fingerprint: the fingerprint '8f3a' has 4 digits instead of 8; {AGAIN}", id="too short"),
        pytest.param("8f3a1c2e", "8f3a1c2x", f"20:1: pairs-fingerprint: '8f3a1c2x' is not a fingerprint; {AGAIN}", id="not hexadecimal"),
        pytest.param("8f3a1c2e", "0b1d2c3e", f"21:1: pairs-fingerprint: the fingerprint '0b1d2c3e' is repeated; {AGAIN}", id="twice"),
        pytest.param("8f3a1c2e 我们", "8f3a1c2e\n我们", "20:1: pairs-text: the pair '8f3a1c2e' has no text; translate the sentence", id="no text"),
        pytest.param("0b1d2c3e 见", "0b1d2c3e 代码在这里。\n见", f"22:1: pairs-text: '见 [github.com/microsoft…' is not a pair; {FORM}", id="a line that is none"),
        pytest.param("/// pairs", "开场白。\n\n/// pairs", "16:1: pairs-block: the block of pairs is not the first of the page; move it to the top, before every heading", id="not the first"),
    ],
)  # fmt: skip
def test_a_bad_block_is_a_finding(docs: Path, findings: Findings, old: str, new: str, expected: str) -> None:
    assert BLOCK.count(old) >= 1
    put(docs, BLOCK.replace(old, new, 1))
    assert f"{PATH}:{expected}" in findings()


def test_a_block_without_pairs_is_a_finding(docs: Path, findings: Findings) -> None:
    lines = [line for line in BLOCK.split("\n") if not line.startswith(("8f3a", "0b1d"))]
    put(docs, "\n".join(lines))
    assert findings() == [f"{PATH}:14:1: pairs-text: the block has no pair; {FORM}"]


def test_ten_thousand_pairs_are_a_finding(docs: Path, findings: Findings) -> None:
    many = "".join(f"{number:08x} 一句。\n" for number in range(10_000))
    put(docs, BLOCK.replace("///\n\n", f"{many}///\n\n"))
    assert (
        f"{PATH}:14:1: pairs-text: the block has 10002 pairs, more than 200; translate the abstract alone" in findings()
    )


def test_a_second_block_and_one_elsewhere_are_findings(docs: Path, findings: Findings) -> None:
    put(docs, BLOCK + BLOCK.replace("摘要", "又一份"))
    put(docs, BLOCK, "topics/vision.md")
    found = findings()
    assert f"{PATH}:24:1: pairs-block: a second block of pairs; keep one" in found
    assert any("a translation on a page that is about no one paper" in each for each in found)


def test_a_translation_does_not_make_a_page_longer(docs: Path) -> None:
    file = docs / "papers/small.md"
    before, _ = read(docs.parent, file, docs)
    put(docs, BLOCK)
    after, _ = read(docs.parent, file, docs)
    assert before and after
    assert sections.count_han(after) == sections.count_han(before)


def test_a_block_becomes_a_section(docs: Path) -> None:
    put(docs, BLOCK)
    result = checker.check(docs, root=docs.parent, today=date(2026, 11, 23))
    html = result.linked.rendered("papers/small.md").html
    assert '<h2 id="摘要">摘要' in html
    assert html.count('<span class="pn-pairs__zh" lang="zh">') == 2
    assert "。</span></span><span" in html, "Chinese runs on without spaces"
    assert (
        '原文是 <a href="https://arxiv.org/abs/2106.09685v2">arXiv 上第 2 版的摘要</a>（读自 example.org 的转载）。'
        in html
    )
    assert "8f3a1c2e" not in html
    assert "<math" in html or "arithmatex" in html, "a formula is one here too"


def test_another_copy_is_told(docs: Path) -> None:
    put(
        docs,
        BLOCK.replace("copy: arxiv", "copy: other")
        .replace("    version: 2\n", "")
        .replace("example.org 的转载", "论文 PDF"),
    )
    result = checker.check(docs, root=docs.parent, today=date(2026, 11, 23))
    html = result.linked.rendered("papers/small.md").html
    assert '译自论文 PDF，与 <a href="https://arxiv.org/abs/2106.09685">arXiv 上的摘要</a> 的字句可能略有出入。' in html


ENGLISH = ("We propose a method.", "It is small.", "Code is there.")


def translated(docs: Path, now: tuple[str, ...], *, originals: bool, copy: str = "arxiv") -> checker.Result:
    """The site with an abstract of three sentences translated, and arXiv's as it is now."""
    lines = "".join(f"{sentences.fingerprint(text)} 译文{'一二三'[place]}。\n" for place, text in enumerate(ENGLISH))
    head = BLOCK.partition("8f3a1c2e")[0].replace("copy: arxiv", f"copy: {copy}")
    put(docs, f"{head}{lines}///\n\n")
    seen = abstracts.make("2106.09685", 2, date(2026, 11, 20), " ".join(now), originals=originals)
    assert seen
    text = abstracts.serialise(Abstracts(originals, {seen.arxiv: seen}))
    (docs / abstracts.FILE).write_text(text, encoding="utf-8")
    result = checker.check(docs, root=docs.parent, today=date(2026, 11, 23))
    assert result.findings == []
    return result


def html_of(result: checker.Result) -> str:
    """The translation as the page shows it."""
    html = result.linked.rendered("papers/small.md").html
    return html[html.index('<section class="pn-pairs">') : html.index("</section>")]


def test_originals_stand_beside_their_translations(docs: Path) -> None:
    html = html_of(translated(docs, ENGLISH, originals=True))
    for text in ENGLISH:
        assert f'<span class="pn-pairs__en" lang="en">{text} </span>' in html
    assert html.count("<input") == 3
    assert '<input checked="checked" name="pn-pairs" type="radio" value="zh" />中文' in html
    assert "原文已改" not in html


def test_without_originals_there_is_nothing_to_choose(docs: Path) -> None:
    html = html_of(translated(docs, ENGLISH, originals=False))
    assert "<input" not in html
    assert 'lang="en"' not in html


def test_one_changed_sentence_is_marked(docs: Path) -> None:
    result = translated(docs, (ENGLISH[0], "It is tiny.", ENGLISH[2]), originals=True)
    html = html_of(result)
    assert html.count("pn-pairs__drift") == 1
    assert '译文二。</span><span class="pn-pairs__drift">原文已改</span>' in html
    assert "It is tiny" not in html, "another sentence's original is not shown as its own"
    assert "原文已改：标出的句子与 arXiv 上第 2 版的摘要（2026-11-20）不同。" in html
    assert [str(note) for note in outdated.notes(result.site) if note.rule == "drift-abstract"] == [
        f"{PATH}:21:1: drift-abstract: sentence 2 of the abstract was changed in version 2 of 2026-11-20; "
        "translate it anew, with the fingerprint it has now"
    ]


def test_another_copy_is_never_a_change(docs: Path) -> None:
    result = translated(docs, (ENGLISH[0], "It is tiny."), originals=False, copy="other")
    html = html_of(result)
    assert "pn-pairs__drift" not in html
    assert "底本不同：与 arXiv 上第 2 版的摘要（2026-11-20）有 2 处不同。" in html
    assert "原文已改" not in html
