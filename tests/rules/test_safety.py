"""Hostile pages: what the checker says of each payload, and that what it lets pass unrendered is harmless."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import DOCS, ROOT, checked

from papernotes.base.finding import Finding, visible
from papernotes.data import site as site_module
from papernotes.markdown.dialect import Dialect
from papernotes.markdown.library import Library
from papernotes.markdown.parse import Reader
from papernotes.rules import checker, files, hidden, html
from papernotes.text import bounds
from papernotes.text.document import MAX_FRONT_BYTES, Document
from papernotes.text.frontmatter import FrontMatter

TODAY = date(2026, 11, 23)
CASES = ROOT / "tests" / "cases" / "safety"
PAGE = "topics/hostile.md"
FRONT = "---\ntitle: 敌意\nsummary: 一句话。\ntag: 视觉\npapers: []\nchecked: {day: 2026-11-20, by: writer}\n---\n\n"

Findings = Callable[[], list[str]]
Say = Callable[..., list[Finding]]


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
    for finding in checked(docs).findings:
        assert finding.rule in checker.RULES
        if finding.path == path:
            ours = finding.rule.startswith("unsafe-")
            found.append(
                str(finding)[len(visible(path)) + 1 :] if ours else f"{finding.line}:{finding.column}: {finding.rule}"
            )
    return found


@pytest.fixture(scope="module")
def say() -> Callable[..., list[Finding]]:
    """What the checks say of a page with a body, in the fixture site, which is read once."""
    library = checker.library()
    site, _ = site_module.load(DOCS, root=DOCS.parent, today=TODAY, parse=library.parse)

    def run(body: str, uri: str = PAGE, reader: Library = library) -> list[Finding]:
        text = f"{FRONT}{body}\n"
        front, start, found = FrontMatter.split(f"docs/{uri}", text, MAX_FRONT_BYTES)
        document = Document(f"docs/{uri}", uri, text, front, start)
        alone = replace(site, documents={**site.documents, uri: document}, parse=reader.parse)
        found += checker.of_page(document, alone, reader.linked(alone))
        assert {finding.rule for finding in found} <= set(checker.RULES)
        return sorted(set(found))

    return run


@pytest.mark.parametrize("case", cases(*PAGES))
def test_what_the_checker_says_of_a_payload(say: Say, case: dict[str, Any]) -> None:
    found = [
        f"{each.line}:{each.column}: {each.rule}"
        + (f": {each.what}; {each.fix}" if each.rule.startswith("unsafe-") else "")
        for each in say(case["body"])
    ]
    hidden = {each[: each.index(": ")] for each in found if ": unsafe-character: " in each}
    assert [each for each in found if each not in {f"{place}: character" for place in hidden}] == case["findings"]


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
def test_what_authors_need_is_let_pass(say: Say, body: str) -> None:
    assert unsafe(say(body)) == []


def unsafe(findings: list[Finding]) -> list[str]:
    """The rules of hostile pages among those broken."""
    return [finding.rule for finding in findings if finding.rule.startswith("unsafe-")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("::: papernotes.data.site", [], id="a module"),
        pytest.param("文字。\n\n::: papernotes.base.arxiv.parse_id\n\n`::` 是冒号。", [], id="an object and prose"),
        pytest.param("| 甲 | 乙 |\n| --- | --- |\n| [`a`](arxiv.md) | 乙 |", [], id="a table"),
        pytest.param("::: papernotes.data.site\n    options:\n      extensions: [./docs/evil.py]", [10], id="options"),
        pytest.param("::: papernotes.data.site\n    handler: python", [10], id="another handler"),
        pytest.param(
            "::: papernotes.data.site\n\tforce_inspection: true", [10], id="inspection, which runs the module"
        ),
        pytest.param("::: papernotes.data.site\n options:\n  x: 1", [10], id="indented by one space"),
        pytest.param("::: papernotes.data.site options", [9], id="more on the line"),
        pytest.param("::: os", [9], id="another module"),
        pytest.param("::: papernotes.data.sight", [9], id="a module that does not exist"),
        pytest.param("::: papernotes.data.site.Sight", [9], id="an object that does not exist"),
        pytest.param("::: papernotes.....data", [9], id="dots"),
        pytest.param("## ::: os", [9], id="behind a heading"),
        pytest.param("- ::: os", [9], id="in a list"),
        pytest.param("1. 甲\n2. ::: os", [10], id="in a numbered list"),
        pytest.param("> ::: os", [9], id="in a quote"),
        pytest.param(":::os", [9], id="without a space"),
        pytest.param("[^1]: ::: os", [9], id="in a footnote"),
        pytest.param("<div markdown>\n::: os\n</div>", [9, 10], id="in raw HTML"),
        pytest.param("<span onclick=alert(1)>甲</span>", [9], id="raw HTML"),
        pytest.param("[甲](arxiv.md){onclick=alert(1)}", [9], id="an attribute"),
        pytest.param("[甲](javascript:alert(1))", [9], id="a link that runs"),
        pytest.param("::: papernotes.data.site\n\n见[甲][os.path]。", [11], id="a link by name, which stops the build"),
    ],
)
def test_a_page_of_the_reference_names_modules_and_nothing_else(say: Say, body: str, found: list[int]) -> None:
    """What these pages name mkdocstrings runs, and takes options from what stands below."""
    assert (
        sorted({finding.line for finding in say(body, "reference/site.md") if finding.rule.startswith("unsafe-")})
        == found
    )


def test_an_extension_of_the_build_is_judged_too(say: Say) -> None:
    """What mkdocs.yml adds is read by the checker as well: there is no second list."""
    library = checker.library(Dialect().with_(("pymdownx.tilde",), {}))
    found = say("~~甲~~", reader=library)
    assert [finding.what for finding in found if finding.rule == "unsafe-html"] == ["'<del>' is not allowed"]
    assert unsafe(say("~~甲~~")) == []


def test_an_error_of_markdowns_is_a_finding_and_the_next_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Any, parent: Any, blocks: list[str]) -> None:
        raise KeyError(blocks[0])

    reader = Reader(Dialect())
    quotes = reader.md.parser.blockprocessors["quote"]
    monkeypatch.setattr(type(quotes), "run", fails)
    page = Document(f"docs/{PAGE}", PAGE, "甲\n\n- 乙\n\n- 丙\n\n    > 丁\n\n戊\n", None, 0)
    failure = reader.parse(page).failure
    assert failure and (failure.line, failure.what) == (7, "Markdown cannot read the page (KeyError)")
    read = reader.parse(Document(f"docs/{PAGE}", PAGE, "甲\n\n乙\n", None, 0))
    assert [leaf.tag for leaf in read.leaves] == ["p", "p"]


@pytest.mark.parametrize("case", cases("nesting"))
def test_a_page_made_to_take_long_is_refused_unread(case: dict[str, Any]) -> None:
    body = case["body"] * 20
    document = Document(f"docs/{PAGE}", PAGE, body, None, 0)
    failure = bounds.exceeded(document)
    assert failure and failure.rule == "unsafe-nesting"


FILES = [
    pytest.param("papers/dpo.js", b"alert(1)", ["1:1: unsafe-file: a file '.js' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="script"),
    pytest.param("papers/evil.html", b"<script>", ["1:1: unsafe-file: a file '.html' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="web page"),
    pytest.param("evil.xhtml", b"<script/>", ["1:1: unsafe-file: a file '.xhtml' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="XHTML"),
    pytest.param("assets/javascripts/bundle.js", b"alert(1)", ["1:1: unsafe-file: a file '.js' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="script over the theme's"),
    pytest.param("guide/a.png", b"<script>alert(1)</script>", ["1:1: unsafe-file: is not a .png picture; save it anew"], id="no picture"),
    pytest.param("guide/a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>a</title><desc>b</desc><script>alert(1)</script></svg>', ["1:89: svg"], id="SVG of the guide"),
    pytest.param(".htaccess", b"x", ["1:1: unsafe-file: a file '.htaccess' does not belong here; docs/ holds pages, our SVGs, and the data that the site reads"], id="server settings"),
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
    found = [str(each) for each in checked(docs).findings]
    assert "docs/guide.md:1:1: unsafe-file: is not a file but a device, a pipe or a socket; delete it" in found
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
    rules = (*html.RULES, *hidden.RULES, *files.RULES)
    assert {rule.name for rule in rules} <= set(checker.RULES)
    for rule in rules:
        assert rule.title and rule.why and rule.bad and rule.good
        assert rule.name in checker.UNSILENCEABLE


@pytest.mark.parametrize("rule", [rule for rule in html.RULES if rule.name in {"unsafe-html", "unsafe-attribute", "unsafe-link", "unsafe-image"}], ids=lambda rule: rule.name)  # fmt: skip
def test_the_examples_of_the_catalogue_are_right(say: Say, rule: Any) -> None:
    assert unsafe(say(rule.bad)) == [rule.name]
    assert unsafe(say(rule.good)) == []
