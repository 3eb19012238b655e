"""The language check on sentences of our own: what is wrong is found at its place, what is right is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import DOCS, ROOT
from steps import TOLERATED, growth

from papernotes import cli
from papernotes.base.finding import Finding
from papernotes.data import ledger, term_table
from papernotes.data.models import table as model_table
from papernotes.data.site import Site
from papernotes.rules.language import characters, prose
from papernotes.text.document import Document
from papernotes.text.masking import FILL, readable

TERMS, _ = term_table.load(DOCS, ROOT)
MODELS, _ = model_table.load(DOCS, ROOT, ledger.read(DOCS, ROOT, today=date.max)[0], TERMS, date.max)
SITE = Site(
    root=ROOT,
    docs_dir=DOCS,
    today=date(2026, 11, 23),
    documents={},
    ledger={},
    papers={},
    topics={},
    tags={},
    glossary=TERMS,
    models=MODELS,
)


def page(text: str, uri: str = "guide/test.md") -> Document:
    return Document(f"docs/{uri}", uri, text, None, 0)


def check(text: str, uri: str = "guide/test.md") -> list[Finding]:
    return sorted(prose.check(page(text, uri), SITE))


SENTENCES = [
    pytest.param("改用比例策略优化。", "1:3: term-forbidden: '比例策略优化' is a wrong rendering of 'proximal policy optimization'; write 近端策略优化", id="forbidden"),
    pytest.param("先画遮罩。", "1:3: term-variant: '遮罩' is not this site's rendering of 'mask'; write 掩码", id="variant"),
    pytest.param("先画掩码，再改遮罩。", "1:8: term-variant: '遮罩' is not this site's rendering of 'mask', which the page also calls '掩码'; write 掩码", id="two ways on one page"),
    pytest.param("有词元（parameter）。", "1:4: term-gloss: '（parameter）' is not the English of what stands before it; parameter is 参数", id="gloss"),
    pytest.param("再用 PPO 优化。", "1:4: term-first-use: 'PPO' stands without its English where the page first uses it; write 近端策略优化（proximal policy optimization, PPO）", id="first use"),
    pytest.param("作者⼀人。", "1:3: character: ⼀ is U+2F00 KANGXI RADICAL ONE; write '一'", id="look-alike"),
    pytest.param("先讀數據。", "1:2: character: '讀數據' is written in traditional characters; write '读数据'", id="traditional"),
    pytest.param("看不\u200b见。", "1:3: character: is U+200B ZERO WIDTH SPACE; remove it", id="invisible"),
    pytest.param("很快,也准。", "1:3: punctuation: '很快,也准。' has half-width punctuation, or a space too few or too many; write '很快，也准。', or run 'check --fix'", id="punctuation"),
    pytest.param("We show that this is a very strong baseline for the task.", "1:1: untranslated: 'We show that this is a very strong base…' is English; write it in Chinese", id="English"),
    pytest.param("有 111B（111 亿）参数。", "1:8: number-unit: '111 亿' and '111B' are not the same number; 111B is 1110 亿", id="unit"),
    pytest.param("Abc 有 30 亿参数。Abc 有 3 亿参数。", "1:20: number-model: Abc has '3 亿' parameters here and '30 亿' above; correct the one that is wrong", id="two sizes"),
    pytest.param("GPT-3 有 175 亿参数。", "1:9: number-model: '175 亿' is not a size of GPT-3; 1750 亿 is: mind the factor of ten", id="known size"),
    pytest.param("130 亿词元的模型。", "1:1: number-kind: '130 亿词元' gives the size of a model in tokens; the size of a model is counted in 参数", id="size in tokens"),
    pytest.param("在 3000 亿参数上训练。", "1:3: number-kind: '3000 亿参数' gives an amount of text in parameters; text is counted in 词元", id="text in parameters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), SENTENCES)
def test_the_sentence_an_author_reads(text: str, sentence: str) -> None:
    assert [str(finding) for finding in check(text)] == [f"docs/guide/test.md:{sentence}"]


def test_every_rule_has_its_sentence() -> None:
    told = {str(param.values[1]).split(": ")[1] for param in SENTENCES}
    assert told == {rule.name for rule in prose.RULES}


def test_the_errata_page_may_quote_what_is_wrong() -> None:
    text = "文章把它译成「比例策略优化」。\n\n遮罩应作掩码。\n"
    assert check(text, "errata.md") == []
    assert [finding.rule for finding in check(text)] == ["term-forbidden", "term-variant"]
    assert [finding.rule for finding in check("我们用比例策略优化。", "errata.md")] == ["term-forbidden"]


MASKED = """\
```python
x = f(参数,1)
```

代码 `参数,1` 和公式 $a,b$，[链接](https://example.org/参数,1) 与 [@2305.18290]。【来源：§4,表 1】

/// figure | Figure 2
    id: x
    caption: 图题,一
    status: 已核
1. 看左边。

结论：没有。
///

## 标题 {#a,b}

用[~PPO]时不必写出英文。 <!-- 注释,不算 -->
"""


def test_what_is_no_prose_is_masked_in_place() -> None:
    text = readable(page(MASKED))
    assert len(text) == len(MASKED)
    assert text.count("\n") == MASKED.count("\n")
    assert "PPO" in text and "图题,一" in text
    for hidden in ("python", "f(", "example", "2305", "来源", "Figure", "已核", "#a", "注释", "$"):
        assert hidden not in text
    assert [(finding.line, finding.rule) for finding in check(MASKED)] == [(9, "punctuation"), (18, "term-first-use")]


FIXES = [
    ("使用LoRA微调,效果好(见表1).", "使用 LoRA 微调，效果好（见表 1）。"),
    ("混合专家(MoE)是", "混合专家（MoE）是"),
    ("混合专家 (MoE) 是", "混合专家（MoE）是"),
    ("用`a,b`和$x,y$,再见[表,1](u,v).md)", "用 `a,b` 和 $x,y$，再见 [表，1](u,v).md)"),
    ("⼀个ﬁle", "一个 file"),
    ("看不\u200b见\u00a0的", "看不见 的"),
    ("這些參數，不再更新", "这些参数，不再更新"),
    ('他说“好”,又说"不"。', "他说「好」，又说「不」。"),
    ("函数 f(x) 与 (a)、(b) 两条", "函数 f(x) 与 (a)、(b) 两条"),
    ("很久...后来", "很久……后来"),
    ("A:B,C;D", "A:B,C;D"),
]


@pytest.mark.parametrize(("wrong", "right"), FIXES)
def test_fix(wrong: str, right: str) -> None:
    fixed = prose.fix(page(wrong))
    # The space at a formula or at code is the author's: what is masked stays as it is.
    assert fixed.replace(" `", "`").replace("` ", "`").replace(" $", "$").replace("$ ", "$").replace(
        " [", "["
    ) == right.replace(" `", "`").replace("` ", "`").replace(" $", "$").replace("$ ", "$").replace(" [", "[")
    assert prose.fix(page(fixed)) == fixed


def test_fix_shows_its_diff_and_leaves_allowed_lines(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = docs / "papers/small.md"
    good = file.read_text("utf-8")
    allowed = "这一行,照旧。 <!-- allow punctuation: 测试 -->"
    file.write_text(f"{good.rstrip()}\n这一行,要改。\n{allowed}\n", "utf-8")
    assert cli.main(["fix", "--docs", str(docs)]) in {0, 1}
    shown = capsys.readouterr().out
    assert "-这一行,要改。\n+这一行，要改。\n" in shown
    assert "照旧" not in shown
    assert file.read_text("utf-8") == f"{good.rstrip()}\n这一行，要改。\n{allowed}\n"


def test_a_comment_allows_one_rule_on_one_line(docs: Path, findings: Callable[[], list[str]]) -> None:
    file = docs / "papers/small.md"
    good = file.read_text("utf-8").rstrip()
    file.write_text(f"{good}\n先⼀后,二。 <!-- allow character: 引用原文的写法 -->\n", "utf-8")
    assert [finding.split(": ")[1] for finding in findings()] == ["punctuation"]


HOSTILE = [
    "参数（", "7B 70 亿", "(", "“", "a ", "有 ", "/// a\n", "「遮罩」", "GPT-3 有 1 亿参数", "文章写错。", "Xyz 有 0 亿参数。", "有 1 亿词元，",
    "![", "9", "一", "token（参数）", "| 7B | 70 亿 |", "`", "$", "[~", "【来源：", "《", "A-", "．", "PPO，", "\ue000",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_page_takes_time_that_grows_as_it_does(piece: str) -> None:
    def read(length: int) -> None:
        text = (piece * length)[:length] + "中"
        list(prose.check(page(text), SITE))
        characters.fix(text, readable(page(text)))

    assert growth(read, 25_000, 100_000) < 4 * TOLERATED


def test_masked_characters_keep_their_order() -> None:
    assert characters.punctuate(f"用{FILL}和{FILL}{FILL},好") == f"用{FILL}和{FILL}{FILL}，好"
