"""Hostile pages: what the checker says of each payload, and that what it lets pass unrendered is harmless."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from mkdocs.config import load_config
from steps import TOLERATED, growth

from papernotes.data import site as site_module
from papernotes.rules import checker, html
from papernotes.text.document import Document
from papernotes.text.finding import visible

TODAY = date(2026, 11, 23)
CASES = ROOT / "tests" / "cases" / "safety"
PAGE = "topics/hostile.md"
FRONT = "---\ntitle: 敌意\nsummary: 一句话。\ntag: 视觉\npapers: []\nchecked: {day: 2026-11-20, by: writer}\n---\n\n"

Findings = Callable[[], list[str]]


def load(name: str) -> list[dict[str, Any]]:
    """The payloads of a file; `times` repeats a body."""
    found = yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    return [{"body": case["body"] * case.get("times", 1), "findings": case["findings"]} for case in found]


def cases(*names: str) -> list[Any]:
    return [pytest.param(case, id=f"{name}-{number}") for name in names for number, case in enumerate(load(name))]


PAGES = ("html", "attributes", "links", "characters", "includes", "nesting", "blocks", "styles", "formulas")


def shown(docs: Path, path: str) -> list[str]:
    """Findings of one file: those of `safety` in full, of other rules their place and name."""
    found = []
    for finding in checker.check(docs, root=docs.parent, today=TODAY).findings:
        assert finding.rule in checker.RULES
        if finding.path == path:
            ours = finding.rule.startswith("unsafe-")
            found.append(
                str(finding)[len(visible(path)) + 1 :] if ours else f"{finding.line}:{finding.column}: {finding.rule}"
            )
    return found


@pytest.mark.parametrize("case", cases(*PAGES))
def test_what_the_checker_says_of_a_payload(docs: Path, case: dict[str, Any]) -> None:
    (docs / PAGE).write_text(f"{FRONT}{case['body']}\n", encoding="utf-8")
    assert shown(docs, f"docs/{PAGE}") == case["findings"]


def test_there_are_enough_payloads() -> None:
    payloads = [case for name in PAGES for case in load(name)]
    assert len(payloads) >= 300
    assert sum(bool(case["findings"]) for case in payloads) >= 285


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("H<sub>2</sub>O、x<sup>2</sup>、<kbd>Ctrl</kbd> 一行<br>一行<br />", id="the short list of HTML"),
        pytest.param("```html\n<script>alert(1)</script>\n[a](javascript:alert(1)){onclick=x}\n```", id="fenced code"),
        pytest.param("`<script>` 和 `{onclick=x}` 和 `javascript:`", id="code spans"),
        pytest.param("    <div onclick=x>", id="indented code"),
        pytest.param("$x_{<t}$，$\\{y\\}$，$a<b$", id="formulas"),
        pytest.param("## 结果 {#results}\n\n[到结果](#results)", id="heading with a name"),
        pytest.param("<https://example.org/>、<someone@example.org>、[信](mailto:a@b.example)", id="addresses"),
        pytest.param('[文字](https://example.org/a?b=c&d=e "标题")', id="link with a title"),
        pytest.param("| 甲 | 乙 |\n| :- | -: |\n| 1 | 2 |", id="aligned table"),
        pytest.param("文字[^1]。\n\n[^1]: 脚注。", id="footnote"),
        pytest.param("5. 甲\n6. 乙\n\n> 引文\n\n词\n:   释义", id="lists and quotes"),
        pytest.param('!!! note "译注"\n    文字。', id="note"),
        pytest.param("[@2305.18290]、[@2305.18290 这篇]。【来源：§3；@2310.16944 表 1】", id="our marks"),
        pytest.param("AT&T、R&D、&amp;、&copy;", id="ampersands"),
        pytest.param("<!-- allow term-variant: 引用原题 -->", id="comment"),
    ],
)
def test_what_authors_need_is_let_pass(body: str) -> None:
    assert list(html.problems_of(body, body)) == []


def test_the_extensions_are_those_of_the_build() -> None:
    """A page is judged by the Markdown that builds it; an extension added to the build is to be judged here too."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert config["markdown_extensions"] == list(html.EXTENSIONS)
    slugify = config["mdx_configs"]["toc"].pop("slugify")
    ours = {name: dict(options) for name, options in html.CONFIGS.items()}
    assert slugify("甲 B", "-") == ours["toc"].pop("slugify")("甲 B", "-")
    assert config["mdx_configs"] == ours
    config.plugins.on_startup(command="build", dirty=False)
    added = config.plugins.on_config(config)["markdown_extensions"][len(html.EXTENSIONS) :]
    known = {  # ours: they write text and attributes of this site; the author's Markdown inside them is judged as Markdown
        "SourcesExtension", "ReferencesExtension", "FormulaExtension", "TypographyExtension", "FigureExtension", "TooltipsExtension",
        "EnglishExtension", "MkdocstringsExtension", "AutorefsExtension", "AutorefsInternalExtension",
    }  # fmt: skip
    assert {type(each).__name__ for each in added} <= known


FRAGMENTS = [
    *"{}[]()<>$`_*\\&#!|:\"'=^~+%@\n", "$$", "```", "\n\n", "    ", "**", "## ", "/// ", "///\n", "onclick=alert(1)", "style=x",
    "javascript:alert(1)", ".md-x", "#__config", "https://evil.example/", "dpo.md", "文", "a", "}_{", "\\frac{", "[^a]", "[^a]: ",
    "[a]: ", "> ", "- ", "1. ", "!!! note", "---\n", "| a | b |\n| - | - |\n", "{onclick=alert(1)}", "{#__c}", "__", "pn-", "md-",
    "<!--", "-->", "【来源：", "】", "[@2305.18290]", "//", "{: ", "<b ", "[~a]",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_passes_unrendered_is_harmless_rendered(seed: int) -> None:
    """The quick look must never let pass what the tree would show. Runs of 60,000 are in the soak."""
    chance = random.Random(seed)
    payloads = [case["body"] for name in PAGES for case in load(name)]
    payloads = [body for body in payloads if len(body) < 1000]
    plain = 0
    for _ in range(1500):
        if chance.random() < 0.5:
            body = "".join(chance.choice(FRAGMENTS) for _ in range(chance.randint(2, 25)))
        else:
            body = chance.choice(payloads)
            for _ in range(chance.randint(1, 4)):
                at = chance.randint(0, len(body))
                body = body[:at] + chance.choice(FRAGMENTS) + body[at + chance.choice([0, 0, 1, 2]) :]
        if html.is_plain(body):
            plain += 1
            assert list(html.problems_of(body, body)) == [], body
    assert plain > 50


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("_链接_{onclick=alert(1)}", id="braces behind an underscore"),
        pytest.param("$$\n\n[a](b){onclick=alert(1)}\n\n$$", id="braces between dollars that are no formula"),
        pytest.param("## pn> search-list", id="heading whose id gets its hyphen from a space"),
        pytest.param("- ## __config", id="heading in a list"),
        pytest.param("- !!! md-overlay", id="note in a list"),
        pytest.param("<&@:\\[a@b.example>", id="address of a mail with a reference"),
        pytest.param("[a](https://ar)xiv.org)", id="address that ends early"),
        pytest.param('| 1 | 2 {style="text-align: center;position:fixed"} |', id="style that begins well"),
    ],
)
def test_what_once_passed_unseen_does_so_no_more(body: str) -> None:
    assert not html.is_plain(body)


@pytest.mark.parametrize("case", cases("nesting"))
def test_a_page_made_to_take_long_is_refused_at_once(case: dict[str, Any], docs: Path) -> None:
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)

    def judge(times: int) -> None:
        document = Document(f"docs/{PAGE}", PAGE, case["body"] * times, None, 0)
        assert [finding.rule for finding in html.check(document, site)] != []

    assert growth(judge, 5, 20) < 4 * TOLERATED


FILES = [
    pytest.param("papers/dpo.js", b"alert(1)", ["1:1: unsafe-file: a file '.js' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="script"),
    pytest.param("papers/evil.html", b"<script>", ["1:1: unsafe-file: a file '.html' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="web page"),
    pytest.param("evil.xhtml", b"<script/>", ["1:1: unsafe-file: a file '.xhtml' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="XHTML"),
    pytest.param("assets/javascripts/bundle.js", b"alert(1)", ["1:1: unsafe-file: a file '.js' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="script over the theme's"),
    pytest.param("guide/a.png", b"<script>alert(1)</script>", ["1:1: unsafe-file: is no .png picture; save it anew"], id="no picture"),
    pytest.param("guide/a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>a</title><desc>b</desc><script>alert(1)</script></svg>', ["1:89: svg"], id="SVG of the guide"),
    pytest.param(".htaccess", b"x", ["1:1: unsafe-file: a file '.htaccess' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads", "1:1: unsafe-name: '.htaccess' is not the same on every system; use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"], id="server settings"),
    pytest.param("guide/Frontier 2.png", b"\x89PNG\r\n\x1a\n", ["1:1: unsafe-name: 'Frontier 2.png' is not the same on every system; use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"], id="space and capital"),
    pytest.param("guide/con.png", b"\x89PNG\r\n\x1a\n", ["1:1: unsafe-name: 'con.png' is not the same on every system; use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"], id="kept by Windows"),
    pytest.param("guide/图.png", b"\x89PNG\r\n\x1a\n", ["1:1: unsafe-name: '图.png' is not the same on every system; use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"], id="Chinese name"),
    pytest.param("guide/gpj\u202egnp.png", b"\x89PNG\r\n\x1a\n", ["1:1: unsafe-name: 'gpj\\u202egnp.png' is not the same on every system; use a-z, 0-9 and hyphens, and no name that Windows keeps for itself"], id="direction in a name"),
    pytest.param("guide/big.png", b"\x89PNG\r\n\x1a\n" + b"x" * 1_000_000, ["1:1: unsafe-file: the file has 1000008 bytes, more than 1000000; make it smaller"], id="too large"),
    pytest.param("_data/plots/a.csv", "a,b\n1,2\u202e\n".encode(), ["2:4: unsafe-character: U+202E RIGHT-TO-LEFT OVERRIDE; delete it; it is not seen, or not by all"], id="direction in data"),
    pytest.param("_data/plots/a.csv", "a,b\n1,АВС\n".encode(), ["2:3: character"], id="look-alikes in data"),
    pytest.param("_data/evil.js", b"alert(1)", ["1:1: unsafe-file: a file '.js' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="script among the data"),
    pytest.param("guide/b.png", b"\x89PNG\r\n\x1a\nrest", [], id="a screenshot"),
]  # fmt: skip


@pytest.mark.parametrize(("uri", "content", "expected"), FILES)
def test_files_under_docs(docs: Path, uri: str, content: bytes, expected: list[str]) -> None:
    file = docs / uri
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    found = [each for each in shown(docs, f"docs/{uri}") if not each.endswith(": plot")]
    assert sorted(found) == sorted(expected)


def test_links_and_pipes_are_no_files(docs: Path) -> None:
    os.mkfifo(docs / "guide.md")
    (docs / "secret.svg").symlink_to("/etc/passwd")
    (docs / "papers" / "etc").symlink_to("/etc", target_is_directory=True)
    found = [str(each) for each in checker.check(docs, root=docs.parent, today=TODAY).findings]
    assert "docs/guide.md:1:1: unsafe-file: is no file but a device, a pipe or a socket; delete it" in found
    assert "docs/secret.svg:1:1: page-symlink: is a symbolic link to '/etc/passwd'; replace it by a file" in found
    assert "docs/papers/etc:1:1: page-symlink: is a symbolic link to '/etc'; replace it by a file" in found


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param("papers/small.md", "name: LoRA", 'name: "Lo\\u202eRA"', "4:7: unsafe-character: U+202E RIGHT-TO-LEFT OVERRIDE (written as an escape); delete it; it is not seen, or not by all", id="front matter"),
        pytest.param("papers/small.md", "name: LoRA", "name: Lo\u200bRA", "4:9: unsafe-character: U+200B ZERO WIDTH SPACE; delete it; it is not seen, or not by all", id="front matter as it stands"),
        pytest.param("papers/small.md", "name: LoRA", "name: &x LoRA\nalias: *x", "4:7: front-matter", id="alias"),
        pytest.param("papers/small.md", "name: LoRA", "<<: {name: LoRA}", "4:1: front-matter-key", id="merge key"),
        pytest.param("_data/tags.yml", "- ", "- !!python/name:os.system\n- ", ": front-matter", id="YAML tag among the tags"),
        pytest.param("_data/tags.yml", "- ", "- &a [x]\n- *a\n- ", ": front-matter", id="alias among the tags"),
        pytest.param("_data/terms.yml", "- ", "- !!python/object/apply:os.system [id]\n- ", ": front-matter", id="YAML tag among the terms"),
        pytest.param("_data/terms.yml", "- ", "- &a [x, x]\n- &b [*a, *a]\n- ", ": front-matter", id="alias bomb among the terms"),
        pytest.param("_data/terms.yml", "- ", "- [[[[[[[[[x]]]]]]]]]\n- ", ": front-matter", id="depth among the terms"),
        pytest.param("_data/tags.yml", "- ", '- {tag: "a\\u202eb", topic: null}\n- ', "unsafe-character: U+202E RIGHT-TO-LEFT OVERRIDE (written as an escape); delete it; it is not seen, or not by all", id="YAML escape among the tags"),
        pytest.param("_data/papers.json", '"LoRA: Low', '"Lo\\u202eRA: Low', "unsafe-character: U+202E RIGHT-TO-LEFT OVERRIDE (written as an escape); delete it; it is not seen, or not by all", id="JSON escape in the ledger"),
        pytest.param("_data/papers.json", '"LoRA: Low', '"Lo\\ud800RA: Low', "unsafe-character: U+D800 a control, private or unassigned character (written as an escape); delete it; it is not seen, or not by all", id="half of a pair in the ledger"),
    ],
)  # fmt: skip
def test_values_of_yaml_and_json(docs: Path, file: str, old: str, new: str, expected: str) -> None:
    path = docs / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(each.endswith(expected) for each in shown(docs, f"docs/{file}")), shown(docs, f"docs/{file}")


def test_no_comment_silences_what_is_unsafe(docs: Path, findings: Findings) -> None:
    body = "<script>alert(1)</script> <!-- allow unsafe-html: 我想要 -->\n"
    (docs / PAGE).write_text(f"{FRONT}{body}", encoding="utf-8")
    rules = {line.split(": ")[1] for line in findings()}
    assert rules == {"allow", "unsafe-html"}


def test_every_rule_has_its_entry() -> None:
    assert {rule.name for rule in html.RULES} <= set(checker.RULES)
    for rule in html.RULES:
        assert rule.title and rule.why and rule.bad and rule.good
        assert rule.name in checker.UNSILENCEABLE


@pytest.mark.parametrize("rule", [rule for rule in html.RULES if rule.name in {"unsafe-html", "unsafe-attribute", "unsafe-link", "unsafe-image"}], ids=lambda rule: rule.name)  # fmt: skip
def test_the_examples_of_the_catalogue_are_right(rule: Any) -> None:
    assert [problem.rule for problem in html.problems_of(rule.bad, rule.bad)] == [rule.name]
    assert list(html.problems_of(rule.good, rule.good)) == []
