"""The rules and their catalogue: every rule of the code is listed, explained, and held by a test to its exact sentence."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT, checked

import papernotes
from papernotes.base.rule import Rule
from papernotes.data import outdated
from papernotes.rules import catalogue, checker
from papernotes.text import special_pages
from papernotes.text.document import address, blank_code

TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests").rglob("*"))
    if path.suffix in {".py", ".yml"} and path.is_file()
)
RULES = sorted(checker.RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_test_holds_every_rule_to_its_sentence(name: str) -> None:
    """The sentence as an author reads it: the place, the rule, what is wrong; what to do."""
    assert re.search(rf"[0-9}}]: {re.escape(name)}: \S", TESTS), f"no test quotes a finding of {name!r}"


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_explained_in_chinese_with_a_bad_and_a_good_example(name: str) -> None:
    rule = checker.RULES[name]
    assert re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name)
    assert re.search(r"[\u4e00-\u9fff]", rule.title)
    assert not rule.title.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", rule.why)
    assert rule.why.endswith("。")
    assert rule.bad.strip()
    assert rule.good.strip()
    assert rule.bad != rule.good


def modules() -> Iterator[ModuleType]:
    """Every module of the package."""
    for found in pkgutil.walk_packages(papernotes.__path__, "papernotes."):
        if found.name not in {"papernotes.__main__", "papernotes.dev.bootstrap"}:
            yield importlib.import_module(found.name)


def test_no_two_modules_declare_one_rule() -> None:
    declared: dict[int, str] = {}
    for module in modules():
        for value in vars(module).values():
            for rule in value if isinstance(value, tuple | list) else [value]:
                if isinstance(rule, Rule):
                    declared[id(rule)] = rule.name  # one that is imported is the same
    assert sorted(declared.values()) == RULES


def test_every_finding_that_the_code_makes_names_a_rule() -> None:
    named = set()
    for module in modules():
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = {"finding": 1, "front_finding": 1, "Finding": 3}.get(called)
                if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    named.add(node.args[place].value)
    assert len(named) > 10
    assert named <= set(RULES)


def test_the_catalogue_lists_every_rule_once_in_order() -> None:
    text = blank_code(catalogue.markdown(checker.RULES.values()))
    assert re.findall(r"^## (\S+) \{#(\S+)\}$", text, re.MULTILINE) == [(name, name) for name in RULES]


def test_the_catalogue_escapes_what_markdown_and_we_ourselves_would_read() -> None:
    rule = Rule("a-rule", "写成 [@编号]，用 `[@编号]`", "<b> 和 $x$ 和 【来源：x】。", "````\n```x```\n````", "好")
    text = catalogue.markdown([rule])
    assert "写成 &#91;@编号&#93;，用 `[@编号]`" in text
    assert "&#60;b&#62; 和 &#36;x&#36; 和 &#12304;来源：x&#12305;。" in text
    assert "`````{.text .pn-wrong}\n````\n```x```\n````\n`````" in text


def test_the_built_catalogue_has_an_address_for_every_rule(built_site: Path) -> None:
    html = (built_site / address(special_pages.RULES)).read_text(encoding="utf-8")
    missing = [name for name in RULES if f'id="{name}"' not in html]
    assert missing == []
    assert (
        html.count("会报错：") == html.count("改成：") == html.count('<div class="pn-wrong highlight">') == len(RULES)
    )
    for name in ("source-missing", "paper-reference"):
        assert f'href="#{name}"' in html


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("- 视觉\n", "docs/_data/tags.yml:1:3: tags: the entry is not a tag; write {tag: 名称, topic: null}", id="not a mapping"),
        pytest.param("- {tag: 微调, topic: null}\n- {tag: 微调, topic: null}\n", "docs/_data/tags.yml:2:3: tags: '微调' is repeated; keep one", id="twice"),
        pytest.param("# nothing\n", "docs/_data/tags.yml:1:1: tags: there is no tag; restore the list from git", id="none"),
    ],
)  # fmt: skip
def test_a_bad_list_of_tags(docs: Path, findings: Callable[[], list[str]], text: str, sentence: str) -> None:
    (docs / "_data" / "tags.yml").write_text(text, encoding="utf-8")
    assert [line for line in findings() if line.startswith("docs/_data/tags.yml:")] == [sentence]


def test_pages_that_arxiv_has_left_behind_are_told_and_are_no_findings(docs: Path) -> None:
    file = docs / "_data" / "papers.json"
    lines = file.read_text(encoding="utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines) if '"arxiv": "2106.09685"' in line]
    lines[number] = (
        lines[number].replace('"version": 2', '"version": 4').replace('"withdrawn": false', '"withdrawn": true')
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    result = checked(docs)
    assert result.findings == []
    assert [str(note) for note in outdated.notes(result.site)] == [
        "docs/papers/small.md:3:10: drift-version: the page was written from version 2, arXiv has version 4; "
        "read what changed, then set 'version' and 'checked'",
        "docs/papers/small.md:2:8: drift-withdrawn: 2106.09685 was withdrawn from arXiv; say so on the page, with the reason",
    ]
