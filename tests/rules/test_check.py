"""Bad pages, and the exact sentence that their author reads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import DOCS

from papernotes.base.finding import quote
from papernotes.rules import checker
from papernotes.text import document, frontmatter

SMALL = "docs/papers/small.md"
KNOWN = "arxiv, version, name, title, tier, summary, tags, builds_on, checked, keywords, redirect_from, draft"
MARK_FIX = "write 【来源：§4.2，表 1】: 摘要, §N, 附录 A, 表 N, 图 N, 式 N, 算法 N, 脚注 N, 自算, 未核对位置, or a link"

Findings = Callable[[], list[str]]


def edit(docs: Path, old: str, new: str, name: str = "papers/small.md") -> None:
    """Replace a text that stands exactly once in a page."""
    file = docs / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    file.write_bytes(text.replace(old, new).encode("utf-8", "surrogateescape"))


def test_the_tiny_site_is_clean(findings: Findings) -> None:
    assert findings() == []


FRONT = [
    pytest.param('arxiv: "2106.09685"', "arxiv: 2106.09685", [
        f"{SMALL}:2:8: arxiv-id: YAML reads 2106.09685 as a number; put it in quotes: \"2106.09685\"",
    ], id="id without quotes"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2106.0968"', [
        f"{SMALL}:2:8: arxiv-id: '2106.0968' needs 5 digits after the dot; copy the id from the paper's arXiv page",
    ], id="id too short"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2106.09685v2"', [
        f"{SMALL}:2:8: arxiv-id: '2106.09685v2' is not the plain form of the id; write \"2106.09685\"",
    ], id="id with version"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2１06.09685"', [
        f"{SMALL}:2:8: arxiv-id: '2１06.09685' holds '１' (U+FF11), not an ASCII character; type the id by hand; copy the id from the paper's arXiv page",
    ], id="id with a full-width digit"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2106.09686"', [
        f"{SMALL}:2:8: ledger-record: 2106.09686 has no record in the ledger; run 'make new ID=2106.09686', or correct the id",
    ], id="id without a record"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2305.18290"', [
        f"{SMALL}:2:8: duplicate-paper: docs/papers/dpo.md is a page on 2305.18290 already; keep one page",
    ], id="two pages on one paper"),
    pytest.param("version: 2", "version: 2\nkeywords: [小论文, 旁路, 显, 显存]", [
        f"{SMALL}:4:12: keyword: '小论文' stands on the page, so that search finds it there; remove it",
        f"{SMALL}:4:21: keyword: '显' is not a word of 2 to 16 characters; write what a reader types, or remove it",
    ], id="keywords that are no use"),
    pytest.param("version: 2", "version: 2\nkeywords: []", [
        f"{SMALL}:4:11: keyword: there are 0 keywords, not 1 to 8; keep those by which readers look for the page",
    ], id="no keyword"),
    pytest.param("version: 2", "version: 2\nkeywords: 显存", [
        f"{SMALL}:4:11: front-matter-value: the value is not a list; write [a, b], or [] where there is none",
    ], id="keywords that are no list"),
    pytest.param("version: 2", "version: 0", [
        f"{SMALL}:3:10: front-matter-value: '0' is not a version; write a number from 1, or leave the key out",
    ], id="version zero"),
    pytest.param("version: 2", "version: 9", [
        f"{SMALL}:3:10: front-matter-value: version 9 was read, but the ledger knows only 2; correct it, or refresh the ledger",
    ], id="version unknown to the ledger"),
    pytest.param("name: LoRA", "nmae: LoRA", [
        f"{SMALL}:4:1: front-matter-key: unknown key 'nmae'; did you mean name?",
    ], id="misspelt key"),
    pytest.param("name: LoRA", "名字: LoRA", [
        f"{SMALL}:1:1: front-matter-key: the key 'name' is missing; add 'name: …'",
        f"{SMALL}:4:1: front-matter-key: unknown key '名字'; remove it or use one of {KNOWN}",
    ], id="a key that is like none"),
    pytest.param("title: 小论文", "title: 小**论文**", [
        f"{SMALL}:5:8: front-matter-value: '**' would be shown as it stands; write plain words: no Markdown, TeX or HTML",
    ], id="Markdown in a title"),
    pytest.param("tags: [微调]", "tags: [微调，对齐]", [
        f"{SMALL}:8:8: front-matter-value: '微调，对齐' is not a tag; write a half-width comma between two tags",
    ], id="full-width comma between tags"),
    pytest.param("name: LoRA", "name: [LoRA]", [
        f"{SMALL}:4:7: front-matter-value: the value is not a text; write a text, in quotes if it looks like a number",
    ], id="wrong type"),
    pytest.param("title: 小论文：每种写法各用一次", "title: 直接偏好优化", [
        f"{SMALL}:5:8: page-title: docs/papers/dpo.md has the same title; tell the two apart",
    ], id="two pages of one title"),
    pytest.param("tier: short", "tier: long", [
        f"{SMALL}:6:7: front-matter-value: 'long' is not a tier; use one of full, middle, short",
    ], id="unknown tier"),
    pytest.param("summary: 一句话概述。", "summary: ''", [
        f"{SMALL}:7:10: front-matter-value: the text is empty; write it",
    ], id="empty summary"),
    pytest.param("summary: 一句话概述。", "summary: " + "长" * 121, [
        f"{SMALL}:7:10: front-matter-value: the summary has 121 characters, more than 120; shorten it",
    ], id="summary too long"),
    pytest.param("tags: [微调]", "tags: [微条]", [
        f"{SMALL}:8:8: front-matter-value: '微条' is not a tag; use one of 对齐, 小模型与数据, 微调, 混合专家, 视觉, 语言模型, 领域模型 (docs/_data/tags.yml)",
    ], id="unknown tag"),
    pytest.param('builds_on: ["2005.14165"]', 'builds_on: [2005.14165, "2005.1416", "1706.03762"]', [
        f"{SMALL}:9:13: arxiv-id: YAML reads 2005.14165 as a number; put it in quotes: \"2005.14165\"",
        f"{SMALL}:9:25: arxiv-id: '2005.1416' needs 5 digits after the dot; copy the id from the paper's arXiv page",
        f"{SMALL}:9:38: ledger-record: 1706.03762 has no record in the ledger; run 'make new ID=1706.03762', or correct the id",
    ], id="three wrong ids in one list"),
    pytest.param('builds_on: ["2005.14165"]', 'builds_on: ["2106.09685"]', [
        f"{SMALL}:9:12: front-matter-value: 'builds_on' names the paper itself, 2106.09685; remove it",
    ], id="builds on itself"),
    pytest.param("{day: 2026-11-20, by: reviewer}", "{day: 2027-01-01, by: me}", [
        f"{SMALL}:10:16: front-matter-value: 2027-01-01 is in the future; write the day on which the page was checked",
    ], id="checked in the future"),
    pytest.param("{day: 2026-11-20, by: reviewer}", "yes", [
        f"{SMALL}:10:10: front-matter-value: 'checked' needs exactly 'day' and 'by'; write {{day: 2026-11-23, by: writer}} or by: reviewer",
    ], id="checked is not a mapping"),
    pytest.param("papers/old-name.html", "../../etc/passwd", [
        f"{SMALL}:11:17: front-matter-value: '../../etc/passwd' is not an address of this site; write it as papers/old-name.html",
    ], id="redirect that leaves the site"),
    pytest.param("name: LoRA", "name: LoRA\nname: LoRA", [
        f"{SMALL}:5:1: front-matter-key: 'name' is repeated; keep one",
    ], id="key twice"),
    pytest.param("name: LoRA", "name: dpo", [
        f"{SMALL}:4:7: page-title: docs/papers/dpo.md has the same name; tell the two apart",
    ], id="name of another page"),
    pytest.param("name: LoRA", "name: [LoRA", [
        f"{SMALL}:4:7: front-matter: not valid YAML: did not find expected ',' or ']'; correct it",
    ], id="no valid YAML"),
    pytest.param("name: LoRA", 'name: "LoRA', [
        f"{SMALL}:4:7: front-matter: '\"LoRA' is not in one pair of quotes; close it, with nothing behind",
    ], id="quotes that are not closed"),
    pytest.param("name: LoRA", 'name: "LoRA" 甲', [
        f"{SMALL}:4:7: front-matter: '\"LoRA\" 甲' is not in one pair of quotes; close it, with nothing behind",
    ], id="text behind the quotes"),
    pytest.param("name: LoRA", "name:LoRA", [
        f"{SMALL}:4:5: front-matter: a colon without a space behind it; write key: value",
    ], id="colon without a space"),
    pytest.param("name: LoRA", "name：LoRA", [
        f"{SMALL}:4:5: front-matter: a full-width colon behind a key; write key: value",
    ], id="full-width colon"),
    pytest.param("day: 2026-11-20, by", "day: 2026-11-20， by", [
        f"{SMALL}:10:26: front-matter: a full-width comma within brackets; write a half-width one, or the text in quotes",
    ], id="full-width comma in a mapping"),
    pytest.param("summary: 一句话概述。", "summary: 一句\n  # 注\n  话。", [
        f"{SMALL}:8:3: front-matter: a comment ends the value above it; move it above the key",
    ], id="comment within a value"),
    pytest.param("summary: 一句话概述。", "summary: 一句\u2028话。", [
        f"{SMALL}:7:12: unsafe-character: U+2028 LINE SEPARATOR; delete it; it is not seen, or not by all",
    ], id="hidden end of a line"),
    pytest.param("name: LoRA", "name: LoRA: 甲", [
        f"{SMALL}:4:7: front-matter: YAML does not read 'LoRA: 甲' as text; put the value in quotes",
    ], id="colon in a value"),
    pytest.param("name: LoRA", "name: LoRA\n甲", [
        f"{SMALL}:5:1: front-matter: '甲' has no key; write key: value, and indent what goes on from the line above",
    ], id="line without a key"),
    pytest.param("name: LoRA", "name: &a LoRA", [
        f"{SMALL}:4:7: front-matter: anchors and aliases are not allowed; write the value out",
    ], id="anchor"),
    pytest.param("name: LoRA", "name: !!python/name:os.system LoRA", [
        f"{SMALL}:4:7: front-matter: the tag 'tag:yaml.org,2002:python/name:os.system' is not allowed; write a plain value",
    ], id="YAML tag"),
    pytest.param("name: LoRA", "name: {a: {b: {c: {d: {e: {f: 1}}}}}}", [
        f"{SMALL}:4:27: front-matter: values are nested deeper than 6; flatten them",
    ], id="nested too deeply"),
]  # fmt: skip

BODY = [
    pytest.param("引用 [@2005.14165]、", "引用 [@2005.1416]、", [
        f"{SMALL}:19:6: paper-reference: '2005.1416' needs 5 digits after the dot; write [@2305.18290], the id from the paper's arXiv page",
    ], id="malformed reference"),
    pytest.param("引用 [@2005.14165]、", "引用 [@2106.09685v9]、", [
        f"{SMALL}:19:6: paper-reference: '2106.09685v9' names a version of which the ledger knows nothing; the newest is 2; correct it, or refresh the ledger",
    ], id="a version that is not there"),
    pytest.param("引用 [@2005.14165]、", "引用 arXiv:2005.1416、", [
        f"{SMALL}:19:4: arxiv-id: 'arXiv:2005.1416' needs 5 digits after the dot; copy the id from the paper's arXiv page",
    ], id="malformed id in the text"),
    pytest.param("引用 [@2005.14165]、", "引用 <https://arxiv.org/abs/2005.1416>、", [
        f"{SMALL}:19:5: arxiv-id: '2005.1416' needs 5 digits after the dot; copy the address from the paper's arXiv page",
    ], id="malformed id in an address"),
    pytest.param("引用 [@2005.14165]、", "引用 [页](nope.md)、", [
        f"{SMALL}:19:8: link-target: 'nope.md' does not exist; correct the path",
    ], id="link to nowhere"),
    pytest.param("引用 [@2005.14165]、", "引用 [页](../../../etc/passwd)、", [
        f"{SMALL}:19:8: link-target: '../../../etc/passwd' leaves docs/; link to a page of the site",
    ], id="link out of docs"),
    pytest.param("引用 [@2005.14165]、", "引用 [页](dpo.md#没有)、", [
        f"{SMALL}:19:8: link-anchor: '#没有' is not a heading of papers/dpo.md; copy the heading's text, or give it {{#id}}",
    ], id="link to no heading"),
    pytest.param("公式 $h = W_0 x + BAx$", r"公式 $h = \aplha x$", [
        f"{SMALL}:18:9: formula: 'h = \\aplha x': Unsupported function name: \\aplha; correct the TeX",
    ], id="mistyped macro"),
    pytest.param("公式 $h = W_0 x + BAx$", "公式 $h = W_0 x + BAx", [
        f"{SMALL}:18:4: formula: a dollar sign without its partner; close the formula with a second one in its paragraph, or write \\$ or 美元",
    ], id="formula that does not end"),
    pytest.param("c &= d\n\\end{aligned}", "c &= d\n\\end{cases}", [
        f"{SMALL}:25:1: formula: '\\begin{{aligned}} a &= b \\ c &= d \\end{{c…': Mismatch: \\begin{{aligned}} matched by \\end{{cases}}; correct the TeX",
    ], id="environment closed by another"),
    pytest.param("\\end{aligned}", "\\end{aligned}\n\\label{eq:both}", [
        f"{SMALL}:26:1: formula-label: nothing refers to the formula 'both'; write [@eq:both] where the text speaks of the formula, or remove the label",
    ], id="label that nothing refers to"),
    pytest.param("第一行以汉字结尾，", "由 [@eq:bpth] 与[@eq:both]，\n\n$$\nx\\label{eq:both}\n$$\n\n$$\ny\\label{eq:both}\n$$\n", [
        f"{SMALL}:16:3: formula-label: the page has no formula 'bpth'; did you mean both?",
        f"{SMALL}:23:2: formula-label: the label 'both' is repeated; give it another name",
    ], id="reference to no formula, label twice"),
    pytest.param("公式 $h = W_0 x + BAx$", "公式 $h\\label{eq:h} = x \\tag{1}$", [
        f"{SMALL}:18:6: formula: 'h\\label{{eq:h}} = x \\tag{{1}}': \\label is not for a page; label a formula on lines of its own by \\label{{eq:name}}, once, and refer to it by [@eq:name]",
    ], id="label in a line"),
    pytest.param("第一行以汉字结尾，", "见图 2、式 3 的推导，论文的图 2 和式 3，方式 1，", [
        f"{SMALL}:16:2: paper-number: '图 2' may be the paper's or ours; write 论文图 2, or refer to ours by [@fig:id]",
        f"{SMALL}:16:6: paper-number: '式 3' may be the paper's or ours; write 论文式 3, or refer to ours by [@eq:name]",
    ], id="numbers that may be the paper's"),
    pytest.param("【来源：§4.1，式 3】", "【来源：第四节】", [
        f"{SMALL}:19:52: source-mark: '第四节' is not a place; {MARK_FIX}",
    ], id="place in words"),
    pytest.param("【来源：§4.1，式 3】", "[来源：§4.1，式 3]", [
        f"{SMALL}:19:52: source-mark: '[来源：§4.1，式 3]' is not a source mark; write 【来源：§4.1，式 3】",
    ], id="mark in square brackets"),
    pytest.param("【来源：§4.1，式 3】", "【出处：§4.1】", [
        f"{SMALL}:19:52: source-mark: '【出处：§4.1】' is not a source mark; write 【来源：§4.1】",
    ], id="mark by another name"),
    pytest.param("【来源：§4.1，式 3】", "【【来源：§4.1，式 3】", [
        f"{SMALL}:19:52: source-mark: '【【来源：§4.1，式 3】' is not a source mark; write 【来源：§4.1，式 3】",
    ], id="mark in one bracket and a half"),
    pytest.param("【来源：§4.1，式 3】", "【来源：§4.1，式 3】】", [
        f"{SMALL}:19:52: source-mark: '【来源：§4.1，式 3】】' is not a source mark; write 【来源：§4.1，式 3】",
    ], id="mark closed again"),
    pytest.param("第一行以汉字结尾，", "第一行【旁注】以汉字结尾，", [
        f"{SMALL}:16:4: source-mark: '【旁注】' is not a source mark; these brackets are for source marks: write （）, or 【来源：§4.2】",
    ], id="brackets of a mark about something else"),
    pytest.param("@2305.18290v3 附录 A.1", "@2305.1829 附录 A.1", [
        f"{SMALL}:41:1: source-mark: '2305.1829' needs 5 digits after the dot; {MARK_FIX}",
    ], id="mark with a wrong id"),
    pytest.param("(https://github.com/microsoft/LoRA)】", "(http://github.com/microsoft/LoRA)】", [
        f"{SMALL}:41:37: unsafe-link: the link 'http://github.com/microsoft/LoRA' has the scheme 'http:'; use https, mailto, or a relative path",
    ], id="mark with a plain http link"),
    pytest.param("    提高了 0.6 分。【来源：表 2，自算】", "    提高了 0.6 分。", [
        f"{SMALL}:44:9: source-missing: '0.6' states a result without a source mark; end the paragraph with 【来源：…】",
    ], id="result without a mark"),
    pytest.param("| LoRA | 90.1 |\n\n【来源：", "| LoRA | 90.1 |\n\n见 【来源：", [
        f"{SMALL}:36:1: source-table: the table has no source line; put a line such as 【来源：表 1】 below it",
    ], id="table without a source line"),
    pytest.param("| 方法 | 分数 |", "| | 分数 |", [
        f"{SMALL}:36:2: table-header: a column has no name; write what its cells are",
    ], id="first column without a name"),
    pytest.param("| 方法 | 分数 |", "| 方法 ||", [
        f"{SMALL}:36:7: table-header: a column has no name; write what its cells are",
    ], id="last column without a name"),
    pytest.param("## 相关论文", "## 相关文章", [
        f"{SMALL}:13:1: section-missing: a short page needs the section '## 相关论文'; add it",
    ], id="section missing"),
    pytest.param("## 相关论文\n", "## 相关论文\n\n- 无\n\n## 附记\n", [
        f"{SMALL}:46:1: section-order: '## 相关论文' is not the last section; move it to the end",
    ], id="related papers not last"),
    pytest.param("## 写法", "# 写法", [
        f"{SMALL}:14:1: heading: '写法' is a heading of level 1; begin with ##; the title comes from the front matter",
    ], id="heading of level 1"),
    pytest.param("## 写法", "#### 写法", [
        f"{SMALL}:14:1: heading: '写法' skips from level 1 to 4; use ##",
    ], id="heading that skips"),
    pytest.param("## 写法", "## 结果", [
        f"{SMALL}:32:1: heading: '结果' is repeated on the page; tell the two apart",
    ], id="heading twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [*FRONT, *BODY])
def test_a_mistake_is_told_in_one_sentence(
    docs: Path, findings: Findings, old: str, new: str, expected: list[str]
) -> None:
    edit(docs, old, new)
    assert findings() == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "docs/papers/bad.md:1:1: page-size: the page is empty; write it or delete the file", id="empty"),
        pytest.param(b" \n\n", "docs/papers/bad.md:1:1: page-size: the page is empty; write it or delete the file", id="blank"),
        pytest.param(b"x" * (document.MAX_PAGE_BYTES + 1), "docs/papers/bad.md:1:1: page-size: the page has 1000001 bytes, more than 1000000; split it", id="too large"),
        pytest.param("---\ntitle: 中\n".encode("gbk"), "docs/papers/bad.md:2:1: page-encoding: byte 0xd6 is not UTF-8; save the page as UTF-8", id="GBK"),
        pytest.param(b"---\ntitle: a\n", "docs/papers/bad.md:1:1: front-matter: the front matter is not closed; end it with a line '---'", id="not closed"),
        pytest.param(b"\n\n---\ntitle: a\n---\n\n**a**: b\n", "docs/papers/bad.md:3:1: front-matter: blank lines stand above the front matter; begin the page with the line '---'", id="below blank lines"),
        pytest.param(b"---\nname: " + b"x" * document.MAX_FRONT_BYTES + b"\n---\n", "docs/papers/bad.md:1:1: front-matter: the front matter has 64007 bytes, more than 64000; move the text into the body", id="front matter too large"),
        pytest.param(b"---\n- a\n---\n", "docs/papers/bad.md:2:1: front-matter: the YAML is not a mapping; write 'key: value' lines", id="no mapping"),
        pytest.param("## 正文\n".encode(), "docs/papers/bad.md:1:1: front-matter: the page has no front matter; begin the page with '---' and its keys", id="no front matter"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read(docs: Path, findings: Findings, content: bytes, expected: str) -> None:
    (docs / "papers" / "bad.md").write_bytes(content)
    assert [line for line in findings() if "front-matter-key" not in line] == [expected]


def test_line_ends_marks_and_nuls(docs: Path, findings: Findings) -> None:
    file = docs / "papers" / "small.md"
    good = file.read_bytes()
    file.write_bytes(good.replace(b"\n", b"\r\n"))
    assert findings() == [f"{SMALL}:1:1: page-line-ends: the line ends with a carriage return; save with LF line ends"]
    file.write_bytes(b"\xef\xbb\xbf" + good)
    assert findings() == [
        f"{SMALL}:1:1: page-encoding: the page begins with a byte-order mark; save it as UTF-8 without BOM"
    ]
    file.write_bytes(good.replace("一句话概述".encode(), "一句\0话概述".encode()))
    assert findings() == [f"{SMALL}:7:12: page-encoding: the page holds a NUL character; delete it"]


def test_links_of_the_file_system_are_not_followed(docs: Path, findings: Findings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret", encoding="utf-8")
    (docs / "papers" / "leak.md").symlink_to(secret)
    (docs / "leak").symlink_to(tmp_path)
    assert findings() == [
        f"docs/leak:1:1: page-symlink: is a symbolic link to {quote(str(tmp_path))}; replace it by a file",
        f"docs/papers/leak.md:1:1: page-symlink: is a symbolic link to {quote(str(secret))}; replace it by a file",
    ]


def test_names_of_pages(docs: Path, findings: Findings) -> None:
    text = (docs / "topics" / "fine-tuning.md").read_text(encoding="utf-8")
    (docs / "topics" / "Fine-Tuning.md").write_text(text.replace("title: 微调", "title: 微调二"), encoding="utf-8")
    (docs / "topics" / "微调.md").write_text(text.replace("title: 微调", "title: 微调三"), encoding="utf-8")
    assert findings() == [
        "docs/topics/Fine-Tuning.md:1:1: page-name: 'Fine-Tuning' is not a name for a page; use a-z, 0-9 and single hyphens",
        "docs/topics/fine-tuning.md:1:1: page-name: differs from docs/topics/Fine-Tuning.md in case only; rename one of them",
        "docs/topics/微调.md:1:1: page-name: '微调' is not a name for a page; use a-z, 0-9 and single hyphens",
    ]


def test_a_page_below_and_above_its_length(docs: Path, findings: Findings) -> None:
    file = docs / "papers" / "dpo.md"
    text = file.read_text(encoding="utf-8")
    head, _, rest = text.partition("## 说明\n\n")
    paragraph = rest.partition("\n")[0]
    file.write_text(text.replace(paragraph, paragraph[:100]), encoding="utf-8")
    assert findings() == [
        "docs/papers/dpo.md:11:1: page-length: the body has 99 Han characters, a short page has 250 to 700; write more"
    ]
    file.write_text(text.replace(paragraph, paragraph * 3), encoding="utf-8")
    assert [line.partition("; ")[2] for line in findings()] == ["cut, or choose another tier"]
    assert head


def test_marks_whose_place_nobody_has_seen(docs: Path, findings: Findings) -> None:
    file = docs / "papers" / "dpo.md"
    text = file.read_text(encoding="utf-8")
    marks = "".join(f"第 {n} 处。【来源：未核对位置】\n\n" for n in range(6))
    file.write_text(text.replace("## 相关论文", marks + "## 相关论文"), encoding="utf-8")
    assert findings() == [
        "docs/papers/dpo.md:26:7: source-unseen: the page has 6 marks 未核对位置, a short page may have 5; "
        "look the place up in the paper, or leave the sentence out"
    ]


def test_drafts_are_left_out_of_the_build_and_reported_by_the_command(docs: Path) -> None:
    edit(docs, "name: LoRA", "name: ''\ndraft: true")
    edit(docs, "先读 [@2106.09685]。", "先读。", "topics/fine-tuning.md")
    build = checker.check(docs, root=docs.parent, today=date(2026, 11, 23))
    assert build.findings == [] or all(finding.path != SMALL for finding in build.findings)
    assert "papers/small.md" in build.site.drafts
    command = checker.check(docs, root=docs.parent, today=date(2026, 11, 23), drafts=True)
    assert [str(finding) for finding in command.findings if finding.path == SMALL] == [
        f"{SMALL}:4:7: front-matter-value: the text is empty; write it",
        f"{SMALL}:5:8: page-draft: the page is a draft and does not stand on the site; finish it and remove 'draft: true'",
    ]


def test_allowing_one_line(docs: Path, findings: Findings) -> None:
    edit(docs, "    提高了 0.6 分。【来源：表 2，自算】", "    提高了 0.6 分。<!-- allow source-missing: 例句 -->")
    assert findings() == []
    edit(docs, "<!-- allow source-missing: 例句 -->", "<!-- allow source-missing -->")
    assert findings() == [
        f"{SMALL}:44:9: source-missing: '0.6' states a result without a source mark; end the paragraph with 【来源：…】",
        f"{SMALL}:44:15: allow: the comment does not name a rule that can be allowed, with a reason; write <!-- allow rule-name: reason -->",
    ]
    edit(docs, "0.6 分。<!-- allow source-missing -->", "<!-- allow source-missing: 多余 -->")
    assert findings() == [f"{SMALL}:44:9: allow: nothing on this line breaks 'source-missing'; remove the comment"]


_LINES = (DOCS / "_data" / "papers.json").read_text(encoding="utf-8").rstrip("\n").split("\n")
LAST, END = len(_LINES) - 1, len(_LINES[-2]) + 1
"""Line of the last paper, and the column behind it."""
LEDGER = [
    pytest.param(None, ["docs/_data/papers.json:1:1: ledger: the ledger is missing; restore it from git"], id="missing"),
    pytest.param(lambda t: "\n".join(t.split("\n")[:3])[:-30], ["docs/_data/papers.json:3:"], id="truncated"),
    pytest.param(lambda t: t.replace("}\n]}", "},\n]}"), [f"docs/_data/papers.json:{LAST}:{END}: ledger: not valid JSON: a comma too many; restore the ledger from git"], id="a comma too many"),
    pytest.param(lambda t: t.replace("},\n", "}\n", 1), ["docs/_data/papers.json:2:", ], id="a comma too few"),
    pytest.param(lambda t: t.replace('"schema": 1', '"schema": 2'), ["docs/_data/papers.json:1:1: ledger: schema '2', this program reads schema 1; restore the ledger from git"], id="another schema"),
    pytest.param(lambda t: t.replace('{"count": ', '{"count": -', 1), ["docs/_data/papers.json:2:1: ledger-count: a count of '1506.02640' is '-"], id="negative count"),
    pytest.param(lambda t: t.replace('{"count": ', '{"count": 0.5e1, "x": ', 1), ["docs/_data/papers.json:2:1: ledger-count: a count of '1506.02640' is "], id="unknown key in a count"),
    pytest.param(lambda t: t.replace('"day": "2025', '"day": "2035', 1), ["docs/_data/papers.json:2:1: ledger-count: a count of '1506.02640' is of the day '2035-04-23', in the future; write the day it was read"], id="a day in the future"),
    pytest.param(lambda t: t.replace('"arxiv": "2005.14165"', '"arxiv": "1506.02640"'), ["docs/_data/papers.json:4:1: ledger: 1506.02640 is repeated; keep one line"], id="duplicate"),
    pytest.param(lambda t: t.replace('"arxiv": "1506.02640"', '"arxiv": "1506.0264"'), ["docs/_data/papers.json:2:1: ledger: the id '1506.0264' needs 5 digits after the dot; copy the id from the paper's arXiv page"], id="wrong id"),
    pytest.param(lambda t: t.replace('"withdrawn": false', '"withdrawn": "no"', 1), ["docs/_data/papers.json:2:1: ledger: 'withdrawn' of '1506.02640' is 'no'; write true or false"], id="wrong type"),
    pytest.param(lambda t: t.replace('{"arxiv"', '{"arxiv": "1", "arxiv"', 1), ["docs/_data/papers.json:2:16: ledger: not valid JSON: the key 'arxiv' is repeated in one object; restore the ledger from git"], id="key twice"),
    pytest.param(lambda t: t.replace('"version": 5', '"version": NaN', 1), ["docs/_data/papers.json:2:36: ledger: not valid JSON: NaN is not a JSON value; restore the ledger from git"], id="NaN"),
    pytest.param(lambda t: t.replace('"version"', "'version'", 1), ["docs/_data/papers.json:2:25: ledger: not valid JSON: a single quote where a double one belongs; restore the ledger from git"], id="single quotes"),
    pytest.param(lambda t: t.replace("{\"arxiv", "<<<<<<< HEAD\n{\"arxiv", 1), ["docs/_data/papers.json:2:1: ledger: not valid JSON: the mark of a merge conflict; restore the ledger from git"], id="merge conflict"),
    pytest.param(lambda t: "[" * 100_000, ["docs/_data/papers.json:1:1: ledger: nested too deeply; restore the ledger from git"], id="deeply nested"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), LEDGER)
def test_a_bad_ledger_is_one_line(
    docs: Path, findings: Findings, spoil: Callable[[str], str] | None, expected: list[str]
) -> None:
    file = docs / "_data" / "papers.json"
    if spoil:
        file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        file.unlink()
    lines = [line for line in findings() if "_data/papers.json" in line]
    assert len(lines) == len(expected)
    assert all(line.startswith(start) for line, start in zip(lines, expected, strict=True))


def test_every_mistake_of_a_page_is_told_at_once(docs: Path) -> None:
    """Twenty mistakes, and nothing else, through the command that a contributor runs."""
    mistakes = [
        ('arxiv: "2106.09685"', "arxiv: 2106.09685", 2, "arxiv-id"),
        ("version: 2", "version: two", 3, "front-matter-value"),
        ("name: LoRA", "name: ''", 4, "front-matter-value"),
        ("title: 小论文：每种写法各用一次", "title: 直接偏好优化", 5, "page-title"),
        ("tier: short", "tier: tiny", 6, "front-matter-value"),
        ("summary: 一句话概述。", "summary: [一, 二]", 7, "front-matter-value"),
        ("tags: [微调]", "tags: [微条]", 8, "front-matter-value"),
        ('builds_on: ["2005.14165"]', 'builds_on: ["2005.1416"]', 9, "arxiv-id"),
        ("by: reviewer}", "by: nobody}", 10, "front-matter-value"),
        ("redirect_from: [papers/old-name.html]", "redirect: []", 11, "front-matter-key"),
        ("## 写法", "### 写法", 14, "heading"),
        ("公式 $h = W_0 x + BAx$", r"公式 $h = \frc{1}{2}$", 18, "formula"),
        ("引用 [@2005.14165]、", "引用 [@2005.14165v0]、", 19, "paper-reference"),
        ("和 [@1706.03762]。", "和 [页](none.md)。", 19, "link-target"),
        ("【来源：§4.1，式 3】", "【来源：4.1 节】", 19, "source-mark"),
        ("| 方法 | 分数 |", "另见 https://arxiv.org/abs/1706.3762 一文。\n\n| 方法 | 分数 |", 36, "arxiv-id"),
        ("【来源：表 2；@2305.18290v3", "见【来源：表 2；@2305.18290v3", 38, "source-table"),
        ("    提高了 0.6 分。【来源：表 2，自算】", "    提高了 0.6 分。", 46, "source-missing"),
        ("- [@2305.18290]：另一页。", "- [另一页](dpo.md#不在)", 50, "link-anchor"),
    ]
    for old, new, _, _ in mistakes:
        edit(docs, old, new)
    edit(docs, 'papers: ["2106.09685", ', 'papers: ["2106.9685", ', "topics/fine-tuning.md")
    expected = {(SMALL, line, rule) for _, _, line, rule in mistakes} | {("docs/topics/fine-tuning.md", 5, "arxiv-id")}
    assert len(mistakes) + 1 == 20
    done = subprocess.run(
        [sys.executable, "-m", "papernotes", "check", "--docs", str(docs)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(Path(checker.__file__).parents[2])},
    )  # fmt: skip
    lines = [
        line for line in done.stdout.splitlines() if ": " in line and line.startswith("docs/") and line.count(":") >= 4
    ]
    found = [(line.split(":")[0], int(line.split(":")[1]), line.split(": ")[1]) for line in lines]
    assert done.returncode == 1
    assert done.stderr == ""
    assert set(found) == expected
    assert len(found) == 20


def test_front_matter_keeps_what_was_written() -> None:
    front, body, found = frontmatter.FrontMatter.split(
        "p.md", '---\na: 0704.0001\nb: "0704.0001"\nc: "甲，\n  乙"\n---\ntext\n', 1000
    )
    assert found == []
    assert front is not None
    assert (front.entries["a"].kind, front.entries["a"].text) == ("float", "0704.0001")
    assert (front.entries["b"].kind, front.entries["b"].value) == ("str", "0704.0001")
    assert front.entries["c"].value == "甲，乙"
    assert front.place("b") == (3, 4)
    assert body == 48


@pytest.mark.parametrize(
    ("value", "column"),
    [
        pytest.param("排在第 # 位", 7, id="a text, cut by what was no comment"),
        pytest.param("LoRA # a name", 8, id="a text with a comment, which looks the same"),
        pytest.param("'LoRA' # a name", None, id="a text in quotes"),
        pytest.param("LoRA#1", None, id="a sign within a word begins no comment"),
        pytest.param("7 # a number", None, id="a number"),
        pytest.param("true # a truth", None, id="true"),
        pytest.param("2026-11-23 # a day", None, id="a day"),
        pytest.param("[] # a list", None, id="a list"),
    ],
)
def test_a_comment_cuts_no_text(value: str, column: int | None) -> None:
    text = value.partition(" #")[0]
    _, _, found = frontmatter.FrontMatter.split("p.md", f"---\na: {value}\n---\n", 1000)
    assert [str(finding) for finding in found] == (
        []
        if column is None
        else [
            f"p.md:2:{column}: front-matter: a comment follows the plain value '{text}'; "
            "put the value in quotes, or the comment on a line of its own"
        ]
    )


def test_the_command_could_not_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "papernotes", "check"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(checker.__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "papernotes: there is no folder 'docs'; run from the root of the repository\n"


WITHOUT_ENGINE = """
import sys
from datetime import date
from pathlib import Path
sys.modules |= dict.fromkeys(("mkdocs", "properdocs", "material", "mkdocstrings"))  # importing one of them fails
from papernotes.rules import checker
docs = Path(sys.argv[1])
result = checker.check(docs, root=docs.parent, today=date(2026, 11, 23))
assert not result.findings
print(result.linked.rendered("papers/small.md").html)
"""


def test_a_page_is_read_checked_and_linked_without_mkdocs() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_ENGINE, str(DOCS)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for shown in ('<h2 id="写法">', 'class="pn-src"', 'href="dpo.html"', "<math"):
        assert shown in done.stdout, shown


ONE_CAUSE = [
    pytest.param("papers/dpo.md", "## 相关论文", "---\ntitle: 甲\nsummary: 乙\n---\n\n## 相关论文", "second block", id="a second block of front matter"),
    pytest.param("topics/vision.md", "    caption: 任务", "\n    caption: 任务", "blank line stands among", id="a blank line among the options of a figure"),
    pytest.param("topics/vision.md", "    caption: 任务", "\n\n    caption: 任务", "15:1: figure-block", id="two blank lines among the options"),
    pytest.param("topics/vision.md", "先读", "先读![甲](../guide/writing.md)，", "is no picture", id="a page for a picture"),
    pytest.param("topics/vision.md", "figure | Figure 1", "figure | 图 1", "figure-label", id="a Chinese label of a figure"),
    pytest.param("topics/vision.md", "caption: 任务、模型、数据", "caption: <i>任务</i>", "unsafe-html", id="HTML in a caption, which the page of figures repeats"),
    pytest.param("topics/vision.md", "先读", "先读[甲](javascript:x)，", "unsafe-link", id="a link that is no file either"),
    pytest.param("topics/vision.md", "先读", "先读低秩适应（direct preference optimization），", "term-gloss", id="the English of another term"),
    pytest.param("_data/papers.json", "10.48550/arXiv.1506.02640", "10.48550/arXiv.1506.02641", "2:1: ledger: the DOI of 1506.02640 is that of 1506.02641", id="the DOI of another paper"),
    pytest.param("_data/papers.json", '1506.02640", "withdrawn": false', '1506.02640", "withdrwan": false', "write 'withdrawn'", id="a misspelt key of a paper"),
    pytest.param("_data/terms.yml", "  en: vocabulary\n  abbr: null\n  zh: 词表", "  en: 词表\n  abbr: null\n  zh: vocabulary", "64:7: term-swapped", id="English and Chinese exchanged"),
    pytest.param("_data/terms.yml", "[令牌, 词元]", "[令牌，词元]", "31:13: term-table: a full-width comma", id="a full-width comma in a list of texts"),
    pytest.param("_data/terms.yml", "  en: token\n", "  en：token\n", "39:5: front-matter: a full-width colon", id="a full-width colon behind a key of an entry"),
    pytest.param("_data/terms.yml", "  zh: 词元", "\tzh: 词元", "41:1: front-matter: a tab indents the line", id="a tab in a table"),
    pytest.param("_data/terms.yml", "分词器认得的", "分词器**认得**的", "70:15: term-table: '**'", id="a mark of Markdown in a definition"),
    pytest.param("_data/models.yml", "licence: null\n  weights: null", "license: null\n  weights: null", "did you mean licence?", id="a misspelt key of a model"),
    pytest.param("_data/models.yml", "  sizes: {is: [175B, 13B]", "\tsizes: {is: [175B, 13B]", "8:1: front-matter: a tab indents the line", id="a tab below mappings in braces"),
    pytest.param("papers/dpo.md", "summary: 用", "summary: [甲](https://a.b) 用", "6:10: front-matter: YAML does not read", id="a link in a text of the front matter"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), ONE_CAUSE)
def test_of_what_follows_from_a_slip_nothing_is_said(
    docs: Path, findings: Findings, name: str, old: str, new: str, told: str
) -> None:
    edit(docs, old, new, name)
    found = findings()
    assert len(found) == 1
    assert told in found[0]
