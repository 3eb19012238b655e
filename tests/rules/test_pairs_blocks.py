"""Blocks of pairs: the sentence that the author of a bad one reads, and what a good one becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import checked
from markdown import Markdown

from papernotes.base.licences import LICENCES
from papernotes.data import abstracts, ledger, outdated
from papernotes.data import site as site_module
from papernotes.data.abstracts import Abstract, Abstracts
from papernotes.data.licences import PaperLicence
from papernotes.markdown import pairs as rendering
from papernotes.rules import checker, sections
from papernotes.rules import pairs as rules
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
        pytest.param("of: abstract", "of: §3.1", "15:9: pairs-licence: '§3.1' is more than the abstract, and the licence of version 2 is not known; ask arXiv: make refresh ARGS='--licences 2106.09685'; until it tells, write of: abstract, or tell the rest in words of your own", id="more than the abstract"),
        pytest.param("of: abstract", "of: chapter 3", "15:9: pairs-option: 'chapter 3' is no part of a paper; write of: abstract, or a place of the paper as source marks write it: §3.1", id="no place"),
        pytest.param("8f3a1c2e 我们", "> We propose.\n8f3a1c2e 我们", "20:1: pairs-text: '> We propose.' is of the original, which a page of the abstract does not hold; remove it; a refresh keeps the originals where it is told to", id="an original on the page"),
        pytest.param("8f3a1c2e 我们", "8f3a1c2e\t\u0007 我们", "20:10: unsafe-character: U+0007 a control, private or unassigned character; delete it; it is not seen, or not by all", id="a control character"),
        pytest.param("cut: 1", "cut: 7", "16:10: pairs-option: cut '7' is not known; write cut: 1, the version of the code that cuts sentences", id="unknown version of the code"),
        pytest.param("version: 2", "version: two", "17:14: pairs-option: 'two' is not a version; write a number from 1, or leave it out where the copy has none", id="no number"),
        pytest.param("version: 2", "version: 9", "17:14: pairs-option: the ledger knows no version 9; the newest it knows is 2", id="unknown version of the paper"),
        pytest.param("copy: arxiv", "copy: true", "18:11: pairs-option: copy 'true'; write copy: arxiv where it is arXiv's abstract of that version, else copy: other", id="unknown copy"),
        pytest.param("example.org 的转载", "某处 **转载**", "19:11: pairs-option: '*' in seen is shown as it stands; write plain words", id="markup in where"),
        pytest.param("    seen: example.org 的转载\n", "", "14:1: pairs-option: no seen; say in at most 80 characters where the original was read", id="read where?"),
        pytest.param("8f3a1c2e", "8f3a", f"20:1: pairs-fingerprint: the fingerprint '8f3a' has 4 digits instead of 8; {AGAIN}", id="too short"),
        pytest.param("8f3a1c2e", "8f3a1c2x", f"20:1: pairs-fingerprint: '8f3a1c2x' is not a fingerprint; {AGAIN}", id="not hexadecimal"),
        pytest.param("8f3a1c2e", "0b1d2c3e", f"21:1: pairs-fingerprint: the fingerprint '0b1d2c3e' is repeated; {AGAIN}", id="twice"),
        pytest.param("8f3a1c2e 我们", "8f3a1c2e\n我们", "20:1: pairs-text: the pair '8f3a1c2e' has no text; translate the sentence", id="no text"),
        pytest.param("0b1d2c3e 见", "0b1d2c3e 代码在这里。\n见", f"22:1: pairs-text: '见 [github.com/microsoft…' is not a pair; {FORM}", id="a line that is none"),
        pytest.param("我们提出", "我们<script>提出", "20:12: unsafe-html: '<script>' is not allowed; write it in Markdown, or in backticks where it is to be shown; of HTML only <br>, <kbd>, <sub> and <sup> without attributes", id="markup"),
        pytest.param("$W_0 + BA$", r"$\nosuch{$", r"21:80: formula: '\nosuch{': Unsupported function name: \nosuch; correct the TeX", id="TeX that does not parse"),
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


def test_a_fingerprint_of_another_paper_is_a_finding(docs: Path) -> None:
    """Its sentence may stand in both abstracts: what a refresh saw of this one tells."""
    put(docs, BLOCK, "papers/dpo.md")
    put(docs, BLOCK)
    where = "is that of a sentence on docs/papers/dpo.md; take it from 'make pairs ID=…'; where both abstracts have the sentence, refresh"
    strange = [
        f"{PATH}:20:1: pairs-fingerprint: the fingerprint '8f3a1c2e' {where}",
        f"{PATH}:21:1: pairs-fingerprint: the fingerprint '0b1d2c3e' {where}",
    ]
    assert told(docs) == strange
    seen = Abstract("2106.09685", 2, date(2026, 11, 20), ("8f3a1c2e",))
    (docs / abstracts.FILE).write_text(abstracts.serialise(Abstracts(False, {seen.arxiv: seen})), encoding="utf-8")
    assert told(docs) == strange[1:]


def test_pairs_out_of_order_are_a_finding(docs: Path) -> None:
    put(docs, BLOCK)
    seen = Abstract("2106.09685", 2, date(2026, 11, 20), ("0b1d2c3e", "8f3a1c2e"))
    for version, expected in ((2, 1), (3, 0)):  # of a later version it is the original that has moved
        now = replace(seen, version=version)
        (docs / abstracts.FILE).write_text(abstracts.serialise(Abstracts(False, {seen.arxiv: now})), encoding="utf-8")
        assert (
            told(docs)
            == [f"{PATH}:21:1: pairs-text: '0b1d2c3e' is sentence 1 of version 2; sort the pairs as the sentences"][
                :expected
            ]
        )


def test_a_translation_does_not_make_a_page_longer(docs: Path) -> None:
    file = docs / "papers/small.md"
    before, _ = read(docs.parent, file, docs)
    put(docs, BLOCK)
    after, _ = read(docs.parent, file, docs)
    assert before and after
    assert sections.count_han(after) == sections.count_han(before)


def test_a_block_becomes_a_section(docs: Path) -> None:
    put(docs, BLOCK)
    result = checked(docs)
    html = page_of(result)
    assert '<h2 id="摘要"><a class="pn-heading" href="#摘要">摘要</a></h2>' in html
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
    result = checked(docs)
    html = page_of(result)
    assert '译自论文 PDF，与 <a href="https://arxiv.org/abs/2106.09685">arXiv 上的摘要</a> 的字句可能略有出入。' in html


ENGLISH = ("We propose a method.", "It is small.", "Code is there.")


def translated(
    docs: Path, now: tuple[str, ...], *, originals: bool, copy: str = "arxiv", version: int = 2
) -> checker.Result:
    """The site with an abstract of three sentences translated, and arXiv's as it is now."""
    lines = "".join(f"{sentences.fingerprint(text)} 译文{'一二三'[place]}。\n" for place, text in enumerate(ENGLISH))
    head = BLOCK.partition("8f3a1c2e")[0].replace("copy: arxiv", f"copy: {copy}")
    put(docs, f"{head}{lines}///\n\n")
    seen = abstracts.make("2106.09685", version, date(2026, 11, 20), " ".join(now), originals=originals)
    assert seen
    text = abstracts.serialise(Abstracts(originals, {seen.arxiv: seen}))
    (docs / abstracts.FILE).write_text(text, encoding="utf-8")
    result = checked(docs)
    assert result.findings == []
    return result


def html_of(result: checker.Result) -> str:
    """The translation as the page shows it."""
    html = page_of(result)
    return html[html.index('<div class="pn-pairs">') : html.index("</div>")]


def page_of(result: checker.Result) -> str:
    """The page, without what keeps lines from ending within a name or before a number."""
    html = result.linked.rendered("papers/small.md").html.replace("\u00a0", " ")
    return re.sub('<span class="pn-kept">(.*?)</span>', r"\1", html)


def test_originals_stand_beside_their_translations(docs: Path) -> None:
    html = html_of(translated(docs, ENGLISH, originals=True))
    for text in ENGLISH:
        assert f'<span class="pn-pairs__en" lang="en" tabindex="0">{text} </span>' in html
        assert html.count(f'id="s-{sentences.fingerprint(text)}"') == 1
    assert html.count("<input") == 3
    assert '<input checked="checked" name="pn-pairs-1" type="radio" value="zh" />中文' in html
    assert "原文已改" not in html


def test_without_originals_there_is_nothing_to_choose(docs: Path) -> None:
    html = html_of(translated(docs, ENGLISH, originals=False))
    assert "<input" not in html
    assert 'lang="en"' not in html


def test_one_changed_sentence_is_marked(docs: Path) -> None:
    html = html_of(translated(docs, (ENGLISH[0], "It is tiny.", ENGLISH[2]), originals=True))
    assert html.count("pn-pairs__drift") == 1
    assert '译文二。</span><span class="pn-pairs__drift">原文已改</span>' in html
    assert "It is tiny" not in html, "another sentence's original is not shown as its own"
    assert "原文已改：标出的句子与 arXiv 上第 2 版的摘要（2026-11-20）不同。" in html


@pytest.mark.parametrize(
    ("now", "mark", "line", "change", "what_to_do"),
    [
        pytest.param((ENGLISH[0], "It is tiny.", ENGLISH[2]), "原文已改</span>", 21, "sentence 2 of the abstract was changed", "translate it anew, with the fingerprint it has now", id="changed"),
        pytest.param((*ENGLISH, "So is data."), "不同，另有 1 句是新加的。", 14, "sentence 4 of the abstract was added", "translate it, with its fingerprint from 'make pairs ID=…'", id="added"),
        pytest.param(ENGLISH[:2], "原文已删</span>", 22, "sentence 3 of the abstract was removed", "remove its pair", id="removed"),
        pytest.param((*ENGLISH[1:], ENGLISH[0]), "原文已移</span>", 20, "sentence 1 of the abstract was moved", "move its pair to where the sentence stands now", id="moved"),
    ],
)  # fmt: skip
def test_a_difference_is_told_with_what_to_do(
    docs: Path, now: tuple[str, ...], mark: str, line: int, change: str, what_to_do: str
) -> None:
    result = translated(docs, now, originals=False, version=3)
    assert html_of(result).count(mark) == 1
    assert [str(note) for note in outdated.notes(result.site) if note.rule == "drift-abstract"] == [
        f"{PATH}:{line}:1: drift-abstract: {change} in version 3 of 2026-11-20; {what_to_do}"
    ]


def test_the_originals_of_the_version_that_was_translated_are_shown(docs: Path) -> None:
    translated(docs, (ENGLISH[0], "It is tiny.", ENGLISH[2]), originals=True, version=3)
    new, _ = abstracts.read(docs, docs.parent, today=date(2026, 11, 23))
    old = abstracts.make("2106.09685", 2, date(2026, 11, 20), " ".join(ENGLISH), originals=True)
    assert old
    text = abstracts.serialise(replace(new, earlier={old.arxiv: old}))
    (docs / abstracts.FILE).write_text(text, encoding="utf-8")
    html = html_of(checked(docs))
    assert re.findall(r'lang="en" tabindex="0">(.*?) </span>', html) == list(ENGLISH)
    assert html.count("pn-pairs__drift") == 1
    assert "与 arXiv 上第 3 版的摘要（2026-11-20）不同" in html


@pytest.mark.parametrize(
    ("english", "shown"),
    [
        pytest.param("It has $r = 4$ ranks.", 'It has <span class="pn-formula"><math>…</math></span> ranks. ', id="a formula"),
        pytest.param("$x$ and $y$.", '<span class="pn-formula"><math>…</math></span> and <span class="pn-formula"><math>…</math></span>. ', id="two"),
        pytest.param("$$E = mc^2$$ holds.", '<span class="pn-formula"><math>…</math></span> holds. ', id="a display"),
        pytest.param(r"It has $\nosuch{x$ ranks.", r"It has $\nosuch{x$ ranks. ", id="does not parse"),
        pytest.param("It costs $5 here and $10 there.", "It costs $5 here and $10 there. ", id="prices"),
        pytest.param(r"\$5 for $n$ <b>words</b>.", r'\$5 for <span class="pn-formula"><math>…</math></span> &lt;b&gt;words&lt;/b&gt;. ', id="markup"),
        pytest.param(r"See $\href{javascript:alert(1)}{x}$.", r"See $\href{javascript:alert(1)}{x}$. ", id="a link in TeX"),
        pytest.param("這是另一種語言。", "這是另一種語言。 ", id="another language"),
        pytest.param("[@2305.18290] 【来源：§1】 *a* `b`", "[@2305.18290] 【来源：§1】 *a* `b` ", id="marks of ours"),
    ],
)  # fmt: skip
def test_formulas_of_an_original_are_set(english: str, shown: str) -> None:
    md = Markdown()
    html = str(md.serializer(rendering.original(english, md)))
    for postprocessor in md.postprocessors:
        html = postprocessor.run(html)
    html = re.sub("<math.*?</math>", "<math>…</math>", html)
    assert html == f'<span class="pn-pairs__en" lang="en" tabindex="0">{shown}</span>'


# A small paper of our own, under three licences.
PART = """/// pairs | 方法节选
    of: §3.1
    cut: 1
    version: 2
    copy: arxiv
    seen: 作者的网页
> We propose a “small” method for $n$ words.
9999999a 我们为 $n$ 个词提出一种小方法。
> It costs little.
9999999b 它花费很少。
///

""".replace("9999999a", sentences.fingerprint("We propose a “small” method for $n$ words.")).replace(
    "9999999b", sentences.fingerprint("It costs little.")
)


def told(docs: Path) -> list[str]:
    """What the rules of blocks say of the page."""
    site, _ = site_module.load(docs, root=docs.parent, today=date(2026, 11, 23))
    return [str(finding) for finding in rules.check(site.documents["papers/small.md"], site)]


def licensed(docs: Path, licence: str | None, version: int | None = 2, source: str = "arxiv") -> None:
    """Give the paper of the page this licence."""
    records, found = ledger.read(docs, docs.parent, today=date(2026, 11, 23))
    assert found == []
    known = (PaperLicence(licence, version, source, date(2026, 11, 20)),) if licence else ()
    records["2106.09685"] = replace(records["2106.09685"], licences=known)
    (docs / ledger.FILE).write_text(ledger.serialise(records.values()), encoding="utf-8")


OWN = "write of: abstract, or tell the rest in words of your own"
ASK = f"ask arXiv: make refresh ARGS='--licences 2106.09685'; until it tells, {OWN}"
ONLY = f"only CC BY, CC BY-SA and CC0 allow it: {OWN}"


@pytest.mark.parametrize(
    ("licence", "version", "source", "expected"),
    [
        pytest.param("cc-by-4.0", 2, "arxiv", None, id="CC BY"),
        pytest.param("cc-by-sa-4.0", 2, "arxiv", None, id="CC BY-SA"),
        pytest.param("cc0-1.0", 2, "arxiv", None, id="CC0"),
        pytest.param("cc-by-nc-4.0", 2, "arxiv", f"version 2 is under cc-by-nc-4.0; {ONLY}", id="not for every purpose"),
        pytest.param("cc-by-nd-4.0", 2, "arxiv", f"version 2 is under cc-by-nd-4.0; {ONLY}", id="no changed text"),
        pytest.param("arxiv-nonexclusive-1.0", 2, "arxiv", f"version 2 is under arxiv-nonexclusive-1.0; {ONLY}", id="arXiv's own"),
        pytest.param(None, None, "", f"the licence of version 2 is not known; {ASK}", id="unknown"),
        pytest.param("cc-by-4.0", 1, "arxiv", f"the licence of version 2 is not known; {ASK}", id="of another version"),
        pytest.param("cc-by", None, "openalex", f"openalex gives cc-by for the paper and not for version 2; {ASK}", id="of no version"),
        pytest.param("cc-by-nc", None, "semantic-scholar", f"semantic-scholar gives cc-by-nc for the paper and not for version 2; {ASK}", id="of no version, not for every purpose"),
    ],
)  # fmt: skip
def test_a_part_of_a_paper_is_published_only_where_its_licence_allows(
    docs: Path, licence: str | None, version: int | None, source: str, expected: str | None
) -> None:
    put(docs, PART)
    licensed(docs, licence, version, source)
    where = f"{PATH}:15:9: pairs-licence: '§3.1' is more than the abstract, and "
    assert told(docs) == ([f"{where}{expected}"] if expected else [])


@pytest.mark.parametrize(
    ("licence", "end"),
    [
        pytest.param("cc-by-4.0", "译文是本站对原文的改动：逐句译成了中文。</p>", id="CC BY"),
        pytest.param(
            "cc-by-sa-4.0",
            '逐句译成了中文，同样以 <a href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA 4.0</a> 发布。</p>',
            id="CC BY-SA: the translation too",
        ),
    ],
)
def test_the_site_sets_attribution_licence_and_changes(docs: Path, licence: str, end: str) -> None:
    put(docs, PART)
    licensed(docs, licence)
    html = html_of(checked(docs))
    assert (
        re.sub("<math.*?</math>", "<math>…</math>", html).count(
            '<span class="pn-pairs__en" lang="en" tabindex="0">We propose a “small” method for <span class="pn-formula"><math>…</math></span> words. </span>'
        )
        == 1
    )
    assert '<span class="pn-pairs__en" lang="en" tabindex="0">It costs little. </span>' in html
    assert html.count("<blockquote") == 0
    terms = LICENCES[licence]
    assert (
        '<p class="pn-pairs__source">原文：<span lang="en">Edward J. Hu, Yelong Shen, Phillip Wallis, Zeyuan Allen-Zhu, '
        'Yuanzhi Li, Shean Wang, Lu Wang, Weizhu Chen</span>，<a href="https://arxiv.org/abs/2106.09685v2" lang="en">'
        "LoRA: Low-Rank Adaptation of Large Language Models</a>，arXiv:2106.09685v2，§3.1（读自作者的网页），"
        f'以 <a href="{terms.url}">{terms.name}</a> 发布（据 arXiv，2026 年 11 月 20 日）。' in html
    )
    assert html.strip().endswith(end)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("It costs little.", "It costs a lot.", f"23:1: pairs-fingerprint: the fingerprint '{sentences.fingerprint('It costs little.')}' is not that of the sentence above; write {sentences.fingerprint('It costs a lot.')}", id="another sentence"),
        pytest.param("little.", "little. It is fast.", "22:1: pairs-text: '> It costs little. It i…' is 2 sentences; write one sentence a line", id="two sentences"),
        pytest.param("> It costs little.", ">", "22:1: pairs-text: '>' is 0 sentences; write one sentence a line", id="none"),
        pytest.param("///\n\n", "> It ends.\n///\n\n", "24:1: pairs-text: '> It ends.' has no translation; write it in the next line: 8f3a1c2e 译文", id="no translation"),
        pytest.param("> It costs", "> It ends.\n> It costs", "22:1: pairs-text: '> It ends.' has no translation; write it in the next line: 8f3a1c2e 译文", id="two originals"),
        pytest.param("    version: 2\n", "", "14:1: pairs-option: no version; name the version that was read: its licence decides", id="of which version?"),
        pytest.param("copy: arxiv", "copy: other", "18:11: pairs-option: copy 'other' is of a licence that is not known; translate arXiv's text of that version, and write copy: arxiv", id="another text"),
    ],
)  # fmt: skip
def test_a_bad_part_is_a_finding(docs: Path, old: str, new: str, expected: str) -> None:
    assert old in PART
    put(docs, PART.replace(old, new, 1))
    licensed(docs, "cc-by-4.0")
    assert f"{PATH}:{expected}" in told(docs)


def test_a_part_stands_beside_the_abstract_and_has_no_drift(docs: Path, findings: Findings) -> None:
    head, body = (docs / "papers/small.md").read_text(encoding="utf-8").split("\n## 结果\n", 1)
    (docs / "papers/small.md").write_text(f"{head}\n{PART}## 结果\n{body}", encoding="utf-8")
    put(docs, BLOCK)
    licensed(docs, "cc-by-4.0")
    assert findings() == []
    result = checked(docs)
    assert result.linked.rendered("papers/small.md").html.count('<div class="pn-pairs">') == 2
    assert list(outdated.notes(result.site)) == []


def test_another_copy_is_never_a_change(docs: Path) -> None:
    result = translated(docs, (ENGLISH[0], "It is tiny."), originals=False, copy="other")
    html = html_of(result)
    assert "pn-pairs__drift" not in html
    assert "底本不同：与 arXiv 上第 2 版的摘要（2026-11-20）有 2 处不同。" in html
    assert "原文已改" not in html
