"""The term table, and what becomes of it: findings with their places, previews in the text, the glossary page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import markdown
import pytest
from conftest import DOCS, ROOT
from looks import check_term_links, check_uses
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from steps import TOLERATED, growth
from term_step import TermStep

from papernotes import words
from papernotes.build import publish
from papernotes.data import term_table, terms
from papernotes.data.terms import Glossary
from papernotes.markdown.bodies import glossary_page as glossary
from papernotes.markdown.term_links import Place, cards
from papernotes.rules import checker

FIXTURE, _ = term_table.load(DOCS, ROOT)

TABLE = """\
- {id: fine-tuning, en: fine-tuning, abbr: null, zh: 微调, variants: [精调], group: 训练, definition: 接着训练。, arxiv: null}
- id: lora
  en: low-rank adaptation
  abbr: LoRA
  zh: 低秩适应
  short: [低秩适应法]
  variants: [低秩适配]
  forbidden: [低阶适应]
  group: 训练
  definition: 只训练两个小矩阵。
  arxiv: "2106.09685"
  related: [fine-tuning]
- {id: quantization, en: quantization, abbr: null, zh: 量化, stop: [向量化], group: 压缩, definition: 少用几个比特。, arxiv: null, plain: true}
- {id: double-quantization, en: double quantization, abbr: null, zh: 双重量化, group: 压缩, definition: 量化两次。, arxiv: null, related: [quantization]}
- {id: mask, en: mask, abbr: null, zh: 掩码, variants: [遮罩], group: 视觉, definition: 标出物体的图。, arxiv: null}
- {id: sam, en: Segment Anything Model, abbr: SAM, zh: 分割一切模型, forbidden: [割任何事物], allowed: [分割任何事物], group: 视觉, definition: 按提示分割。, arxiv: "2304.02643", related: [mask]}
- {id: mixtral, en: Mixtral, abbr: null, zh: Mixtral, group: 模型名, definition: 一个模型。, arxiv: null}
"""


def parse(text: str) -> tuple[Glossary, list[str]]:
    found, findings = term_table.parse("terms.yml", text)
    return found, [str(finding) for finding in findings]


TERMS, FINDINGS = parse(TABLE)


def test_the_table_of_these_tests_is_clean() -> None:
    assert FINDINGS == []


# --- what is wrong with a table ---------------------------------------------------------------------------------------


def edited(old: str, new: str) -> list[str]:
    assert TABLE.count(old) == 1, old
    return parse(TABLE.replace(old, new))[1]


KEYS = "id, en, abbr, zh, group, definition, arxiv, picture, short, variants, forbidden, allowed, not_for, stop, related, plain"

WRONG = [
    pytest.param("  zh: 低秩适应\n", "", [
        "terms.yml:2:3: term-table: the key 'zh' is missing; add it",
    ], id="missing key"),
    pytest.param("abbr: LoRA", "abbrev: LoRA", [
        "terms.yml:4:11: term-table: the key 'abbrev' is unknown; did you mean abbr?",
    ], id="misspelt key"),
    pytest.param("abbr: LoRA", "abbr: LoRA\n  colour: red", [
        f"terms.yml:5:11: term-table: the key 'colour' is unknown; use one of {KEYS}",
    ], id="unknown key"),
    pytest.param("short: [低秩适应法]", "short: 低秩适应法", [
        "terms.yml:6:10: term-table: 'short' is not a list of texts; write 'short: [一种写法, 另一种]', numbers in quotes",
    ], id="text for a list"),
    pytest.param("short: [低秩适应法]", "short: [4]", [
        "terms.yml:6:10: term-table: 'short' is not a list of texts; write 'short: [一种写法, 另一种]', numbers in quotes",
    ], id="number in a list"),
    pytest.param('arxiv: "2106.09685"', "arxiv: 2106.09685", [
        "terms.yml:11:10: term-table: 'arxiv' is not a text; write a text, in quotes where YAML reads it otherwise",
    ], id="id without quotes"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2106.0968"', [
        "terms.yml:11:10: term-table: '2106.0968' needs 5 digits after the dot; copy the id from the paper's arXiv page",
    ], id="malformed id"),
    pytest.param('arxiv: "2106.09685"', 'arxiv: "2106.09685v1"', [
        "terms.yml:11:10: term-table: '2106.09685v1' has a version; leave it out",
    ], id="id with a version"),
    pytest.param("plain: true", "plain: 1", [
        "terms.yml:13:125: term-table: 'plain' is not a truth value; write 'plain: true' or leave it out",
    ], id="plain is not a truth value"),
    pytest.param("- id: lora", "- id: LoRA", [
        "terms.yml:2:7: term-table: the id 'LoRA' is not lower-case letters, digits and single hyphens; rename it",
    ], id="upper case in an id"),
    pytest.param("definition: 只训练两个小矩阵。", f"definition: {'甲' * 600}。", [
        "terms.yml:10:15: term-table: a text of 601 characters, more than 600; shorten it",
    ], id="a long definition"),
    pytest.param("- id: lora", "- id: " + "a" * 201, [
        "terms.yml:2:7: term-table: a text of 201 characters, more than 200; shorten it",
    ], id="a long name"),
    pytest.param("definition: 只训练两个小矩阵。", "definition: two small matrices", [
        "terms.yml:10:15: term-table: the definition is not a Chinese sentence; write one to three sentences that end with 。",
    ], id="English definition"),
    pytest.param("definition: 只训练两个小矩阵。", "definition: 一。二。三。四。", [
        "terms.yml:10:15: term-table: the definition has more than three sentences; shorten it",
    ], id="long definition"),
    pytest.param("- id: lora", "- id: mask", [
        "terms.yml:15:8: term-duplicate: the id 'mask' stands at line 2 already; merge the entries or rename one",
    ], id="two entries of one id"),
    pytest.param("variants: [低秩适配]", "variants: [精调]", [
        "terms.yml:7:13: term-duplicate: '精调' is the 'variants' of 'fine-tuning' at line 1 too; keep it in one entry",
    ], id="one form in two entries"),
    pytest.param("zh: 掩码", "zh: 量化", [
        "terms.yml:15:40: term-duplicate: '量化' is the 'zh' of 'quantization' at line 13 too; keep it in one entry",
    ], id="one rendering for two terms"),
    pytest.param("variants: [低秩适配]", "variants: [低秩适应]", [
        "terms.yml:7:13: term-duplicate: '低秩适应' stands under 'zh' and 'variants'; keep one",
    ], id="preferred and variant"),
    pytest.param("forbidden: [低阶适应]", "forbidden: [低秩适配]", [
        "terms.yml:8:14: term-duplicate: '低秩适配' stands under 'variants' and 'forbidden'; keep one",
    ], id="variant and forbidden"),
    pytest.param("variants: [遮罩]", "variants: [遮罩, 遮罩]", [
        "terms.yml:15:54: term-duplicate: '遮罩' is repeated; keep one",
    ], id="twice in one list"),
    pytest.param("allowed: [分割任何事物]", "allowed: [分割万物]", [
        "terms.yml:16:93: term-table: '分割万物' holds no forbidden form of the term; list under 'allowed' only longer forms of forbidden ones",
    ], id="allowed form without a forbidden one"),
    pytest.param("stop: [向量化]", "stop: [向量]", [
        "terms.yml:13:66: term-table: '向量' holds no form of the term; list under 'stop' only longer words that hold one",
    ], id="stop word without a form"),
    pytest.param("  en: low-rank adaptation\n  abbr: LoRA\n  zh: 低秩适应", "  en: 低秩适应\n  abbr: null\n  zh: low-rank adaptation", [
        "terms.yml:3:7: term-swapped: the English '低秩适应' is Chinese; swap 'en' and 'zh'",
    ], id="English and Chinese swapped"),
    pytest.param("abbr: LoRA", "abbr: 低秩", [
        "terms.yml:4:9: term-swapped: the abbreviation '低秩' is Chinese; move it to 'short'",
    ], id="Chinese abbreviation"),
    pytest.param("related: [mask]", "related: [maks]", [
        "terms.yml:16:164: term-relation: there is no term 'maks'; correct the id or remove it",
    ], id="dangling relation"),
    pytest.param("related: [mask]", "related: [mask, mask]", [
        "terms.yml:16:164: term-duplicate: 'mask' is repeated; keep one",
    ], id="relation written twice"),
    pytest.param("related: [mask]", "related: [sam]", [
        "terms.yml:16:164: term-relation: the relation runs in a circle: sam → sam; write each pair once, from the special term to the general one",
    ], id="relation to itself"),
    pytest.param("plain: true}", "plain: true, related: [double-quantization]}", [
        "terms.yml:13:140: term-relation: the relation runs in a circle: quantization → double-quantization → quantization; write each pair once, from the special term to the general one",
    ], id="circle of two"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "findings"), WRONG)
def test_what_is_wrong_with_a_table(old: str, new: str, findings: list[str]) -> None:
    found = edited(old, new)
    rules = [finding.split(": ")[1] for finding in found]
    assert found[: len(findings)] == findings
    # An entry that cannot be read leaves relations to it dangling; nothing else may follow.
    assert set(rules[len(findings) :]) <= {"term-relation"}
    assert set(rules) <= checker.RULES.keys()


def test_swapped_abbreviations_name_their_owner() -> None:
    text = TABLE.replace("abbr: LoRA", "abbr: SAM@").replace("abbr: SAM,", "abbr: LoRA,").replace("SAM@", "SAM")
    assert parse(text)[1] == [
        "terms.yml:4:9: term-swapped: 'SAM' does not abbreviate 'low-rank adaptation'; it may belong to 'sam' at line 16",
        "terms.yml:16:47: term-swapped: 'LoRA' does not abbreviate 'Segment Anything Model'; it may belong to 'lora' at line 2",
    ]


def test_a_long_circle_is_told_once() -> None:
    ring = "".join(
        f"- {{id: t{n}, en: thing {n}, abbr: null, zh: 东西{n}号, group: 组, definition: 一样东西。, arxiv: null, related: [t{(n + 1) % 5}]}}\n"
        for n in range(5)
    )
    found = parse(ring)[1]
    assert len(found) == 1
    assert "in a circle" in found[0] and found[0].count("→") == 5


NO_TABLE = [
    pytest.param("a: 1", "terms.yml:1:1: term-table: is not a list; begin each term with '- id:'", id="mapping"),
    pytest.param("- 一个词", "terms.yml:1:3: term-table: the entry is not a mapping; write 'key: value' lines", id="plain text"),
    pytest.param("- {id: x", "terms.yml:", id="broken YAML"),
    pytest.param("- &a {id: x}\n- *a", "terms.yml:1:3: front-matter: anchors and aliases are not allowed; write the value out", id="alias"),
    pytest.param("- !!python/object:os.system {id: x}", "terms.yml:1:3: front-matter: the tag", id="tag"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "finding"), NO_TABLE)
def test_what_is_no_table(text: str, finding: str) -> None:
    found = parse(text)[1]
    assert found[0].startswith(finding)


def test_files_that_are_no_table(tmp_path: Path) -> None:
    assert term_table.load(tmp_path, tmp_path) == (terms.EMPTY, [])
    file = tmp_path / term_table.FILE
    file.parent.mkdir()
    file.write_bytes(b"- {id: \xff}")
    assert [str(finding) for finding in term_table.load(tmp_path, tmp_path)[1]] == [
        "_data/terms.yml:1:1: term-table: the file is not UTF-8; save it as UTF-8"
    ]
    file.write_bytes(b"#" * (term_table.MAX_BYTES + 1))
    assert [str(finding) for finding in term_table.load(tmp_path, tmp_path)[1]] == [
        "_data/terms.yml:1:1: term-table: the file has 500001 bytes, more than 500000; shorten it, or restore it from git"
    ]


@pytest.mark.parametrize(
    ("abbr", "en", "right"),
    [
        ("LoRA", "low-rank adaptation", True),
        ("RoPE", "rotary position embedding", True),
        ("ALiBi", "attention with linear biases", True),
        ("NF4", "4-bit NormalFloat", True),
        ("T2V", "text-to-video generation", True),
        ("CNN", "convolutional neural network", True),
        ("PPO", "direct preference optimization", False),
        ("DPO", "proximal policy optimization", False),
        ("4", "4-bit", False),
    ],
)
def test_abbreviates(abbr: str, en: str, right: bool) -> None:
    assert term_table.abbreviates(abbr, en) is right


@pytest.mark.parametrize(
    ("english", "plural"),
    [
        ("policy", "policies"),
        ("loss", "losses"),
        ("mask", "masks"),
        ("batch", "batches"),
        ("key", "keys"),
        ("mixture of experts", "mixtures of experts"),
    ],
)
def test_plural(english: str, plural: str) -> None:
    assert terms.plural(english) == plural


# --- previews in the text ---------------------------------------------------------------------------------------------


def render(text: str, uri: str = "papers/x.md", terms: Glossary = TERMS) -> str:
    """The HTML of a page with our step and the extensions that it meets, and the cards behind it."""
    place = Place(terms, uri)
    extensions: list[Any] = [
        "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc", "pymdownx.superfences",
        TermStep(lambda: place),
    ]  # fmt: skip
    return markdown.markdown(text, extensions=extensions) + "\n" + cards(place.marks, uri, words.program())


def marked(text: str, terms: Glossary = TERMS) -> list[str]:
    return re.findall(r'<a [^>]*class="pn-term"[^>]*>([^<]*)</a>', render(text, terms=terms))


PAGES = [
    pytest.param("使用LoRA微调。", ["LoRA", "微调"], id="inside Chinese"),
    pytest.param("QLoRA 不是它，RsLoRA 也不是。", [], id="inside another name"),
    pytest.param("We use low-rank adaptation for fine-tuning.", ["low-rank adaptation", "fine-tuning"], id="in English"),
    pytest.param("Low-Rank Adaptations 与 Low-rank adaptation", ["Low-Rank Adaptations"], id="capitals, plural, once"),
    pytest.param("双重量化先于量化。", ["双重量化", "量化"], id="the longest wins"),
    pytest.param("向量化没有用到。", [], id="stop word"),
    pytest.param("微调，再微调。", ["微调"], id="once in a section"),
    pytest.param("微调。\n\n## 甲\n\n微调。\n\n### 乙\n\n微调。\n\n## 丙\n\n没有。", ["微调"] * 3, id="once in each section"),
    pytest.param("## 微调\n\n正文说微调。", ["微调"], id="not in a heading"),
    pytest.param("`微调` 与\n\n```\n微调\n```\n\n    微调\n", [], id="not in code"),
    pytest.param("[微调](https://example.org) 与 <https://example.org/微调>", [], id="not in a link"),
    pytest.param('<a href="x">微调</a>之后微调。', ["微调"], id="not in a raw HTML link"),
    pytest.param('<a href="x">先<b>微调</b>再</a>', [], id="not below a raw HTML link"),
    pytest.param('<a href="x"><b>量化</b></a>，*微调*', ["微调"], id="after a raw HTML link"),
    pytest.param("<kbd>微调</kbd>、<code>微调</code>、<button>微调</button>", [], id="not in other raw HTML"),
    pytest.param('<b>微调</b>和<span title="量化">字</span>', ["微调"], id="in raw HTML that is prose"),
    pytest.param('<div><a href="x">微调</a></div>\n\n微调', ["微调"], id="raw blocks stay as they are"),
    pytest.param('<a href="x">没有关上\n\n微调', ["微调"], id="an open raw link ends with its paragraph"),
    pytest.param("**微调**，*量化*", ["微调", "量化"], id="in emphasis"),
    pytest.param("- 微调\n- 量化", ["微调", "量化"], id="in a list"),
    pytest.param("| 微调 | 乙 |\n| --- | --- |\n| 量化 | 二 |", ["量化"], id="in cells, not in the head of a table"),
    pytest.param('!!! note "微调"\n    量化。', ["量化"], id="in a note, not in its title"),
    pytest.param("[~微调]这一处不要，微调这一处要。", ["微调"], id="the escape"),
    pytest.param("![微调](x.png)", [], id="not in an alternative text"),
    pytest.param("微调[^1]\n\n[^1]: 脚注里的量化", ["微调", "量化"], id="in a footnote"),
    pytest.param("微\n调", [], id="not across a line end"),
    pytest.param("<!-- 微调 -->", [], id="not in a comment"),
    pytest.param("分割任何事物、SAM。", ["SAM"], id="variants and allowed forms are not uses"),
    pytest.param("精调、低秩适配、低阶适应。", [], id="variants and forbidden forms show no card"),
    pytest.param("Mixtral 是一个名字。", ["Mixtral"], id="a name"),
    pytest.param("# 量化\n\n微调", ["微调"], id="title"),
    pytest.param("术语\n:   微调的解释", ["微调"], id="definition list"),
    pytest.param("", [], id="empty page"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "terms"), PAGES)
def test_which_uses_are_marked(text: str, terms: list[str]) -> None:
    assert marked(text) == terms


def test_the_english_of_a_term_behind_its_chinese_is_never_parted() -> None:
    """「混合专家（Mixture of Experts, MoE）」 is one link; the Experts in the brackets are not those of 专家."""
    assert marked("混合专家（Mixture of Experts, MoE）", FIXTURE) == ["混合专家"]
    parted = [
        (term.zh, english)
        for term in FIXTURE.terms.values()
        for english in term.english
        if marked(f"{term.zh}（{english}）", FIXTURE) != [term.zh]
    ]
    assert parted == []


def test_a_text_comes_out_whole() -> None:
    text = "先用LoRA微调，*再*用量化，<b>最后</b>掩码；微调两次，`量化`不动，SAM 也不动。"
    html = render(text)
    assert html.count("pn-term") == 5
    assert re.sub(r"<[^>]*>", "", html.partition("\n")[0]) == re.sub(r"<[^>]*>", "", markdown.markdown(text))


def test_marks_know_their_section() -> None:
    place = Place(TERMS, "index.md")
    text = "微调。\n\n## 甲 {#first}\n\n微调。\n\n### 乙\n\n量化。"
    markdown.markdown(text, extensions=["attr_list", "toc", TermStep(lambda: place)])
    assert [(mark.entry.id, mark.section) for mark in place.marks] == [
        ("fine-tuning", ""),
        ("fine-tuning", "first"),
        ("quantization", "_1"),
    ]


def test_a_card_stands_once_with_its_way_to_the_entry() -> None:
    html = render("LoRA。\n\n## 甲\n\nLoRA 与 Mixtral。")
    assert html.count('id="pn-preview-term-lora"') == 1
    assert html.count('data-pn-preview="term-lora"') == 2
    assert html.count('href="../glossary.html#term-lora"') == 3
    assert 'aria-describedby="pn-preview-term-lora"' in html
    assert "只训练两个小矩阵。" in html and "low-rank adaptation（LoRA）" in html
    assert html.count('<p class="pn-card__meta"') == 1  # a name has no English apart from itself
    assert 'href="glossary.html#term-lora"' in render("LoRA", uri="index.md")


def test_a_page_may_go_without() -> None:
    extension = TermStep(lambda: None)
    assert markdown.markdown("LoRA 与 [~LoRA]", extensions=[extension]) == (
        '<p>LoRA 与 <span class="pn-plain">LoRA</span></p>'
    )


def test_text_from_the_table_is_escaped() -> None:
    terms, findings = parse(TABLE.replace("低秩适应法", '<script><b>"&低秩'))
    assert findings == []
    assert "<script>" not in render("LoRA", terms=terms)

    class NoSite:
        papers: dict[str, object] = {}  # noqa: RUF012
        ledger: dict[str, object] = {}  # noqa: RUF012
        docs_dir = DOCS
        words = words.program()

    page = glossary.markdown(terms, NoSite())  # type: ignore[arg-type]
    assert "<script>" not in page and "<b>" not in page and "&lt;script&gt;" in page


def test_the_step_takes_time_that_grows_as_the_page_does() -> None:
    paragraph = "使用 LoRA 微调，再作双重量化，掩码与 Mixtral 另说。" * 5 + "\n\n"
    assert growth(lambda times: render(paragraph * times), 50, 200) < 4 * TOLERATED


# --- the glossary page ------------------------------------------------------------------------------------------------


def test_every_use_leads_to_a_section_that_marks_the_term(built_site: Path) -> None:
    assert check_uses(built_site) == len(FIXTURE.terms)


def test_every_term_link_leads_to_an_entry(built_site: Path) -> None:
    assert check_term_links(built_site) > 50


def build(docs: Path, site: Path) -> None:
    """Build another docs folder with the real configuration."""
    with publish.environment(ROOT):
        mkdocs_build(
            load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(site), nav=None, strict=False)
        )


def test_a_small_site_shows_its_terms(docs: Path, tmp_path: Path) -> None:
    (docs / "_data/terms.yml").write_text(TABLE, "utf-8")
    (docs / "glossary.md").write_text("---\ntitle: 术语表\nsummary: 全部术语。\n---\n\n全部术语。\n", "utf-8")
    for other in docs.rglob("*.md"):  # only this page uses the term
        other.write_text(other.read_text("utf-8").replace("掩码", "涂层"), "utf-8")
    page = docs / "papers/small.md"
    page.write_text(
        page.read_text("utf-8").replace("## 相关论文", "## 掩码怎么画\n\n先画掩码（mask）。\n\n## 相关论文"), "utf-8"
    )
    build(docs, tmp_path / "site")
    html = (tmp_path / "site/glossary.html").read_text("utf-8")
    assert 'id="term-mask"' in html
    assert "用在 1 页、1 节" in html
    assert 'href="papers/small.html#掩码怎么画">掩码怎么画</a>' in html
