"""The words of templates, scripts and the program: all in one file, all of them used, and what a translation may not do."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from conftest import ROOT
from jinja2 import Environment, nodes

from papernotes import words
from papernotes.base.han import HAN

THEME = ROOT / "overrides"
TEMPLATES = sorted(THEME.glob("**/*.html"))
SCRIPTS = sorted(THEME.glob("assets/javascripts/**/*.js"))
SHEETS = {
    file.name: re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for file in sorted(THEME.glob("assets/stylesheets/*.css"))
}
LANGUAGE = {"engine", "fold", "numbers", "papers", "query", "rank", "snippet", "units"}
"""The scripts that hold what Chinese readers type and what the index calls a kind of page."""
PACKAGE = ROOT / "hooks/papernotes"
MODULES = sorted(PACKAGE.rglob("*.py"))
KEPT = {
    "build/bundle", "build/epub", "build/live/panel", "build/live/server", "build/steps", "figures/render",
    "markdown/bodies/models_page", "markdown/bodies/paths_page", "markdown/bodies/stated", "markdown/formula",
    "markdown/references", "markdown/source_marks", "markdown/typography",
    "pages/files/evidence_schema", "pages/files/exports",
    "pages/files/models_json", "pages/files/schema", "pages/files/twin", "search/pages",
}  # fmt: skip
"""The modules between the records and the built page that hold Chinese: what authors write (图 1, 【来源：…】), what describes
data, what a writer alone sees, and what is yet to move."""
WORDS, FOUND = words.read([THEME], ROOT)
CHINESE = re.compile(rf"[{HAN}\u3000-\u303f\uff00-\uffef]")
"""Its full-width punctuation too: a translation has its own."""


def test_no_template_script_or_style_holds_chinese() -> None:
    assert [name for name, text in SHEETS.items() if re.search(f"[{HAN}]", text)] == []
    held = {
        f"{file.name}:{number}: {line.strip()}"
        for file in [*TEMPLATES, *(file for file in SCRIPTS if file.stem not in LANGUAGE)]
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if CHINESE.search(line)
    }
    assert not held
    assert CHINESE.search("（") and CHINESE.search("词")


def calls() -> Iterator[tuple[str, set[str]]]:
    """The key of each call of `t` in the templates, and the names of the values it is given."""
    for file in TEMPLATES:
        tree = Environment(extensions=["jinja2.ext.loopcontrols"]).parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                keys = [call.args[0], *call.args[0].find_all(nodes.Const)]
                for key in keys:
                    if isinstance(key, nodes.Const):
                        yield key.value, {each.key for each in call.kwargs}


def said(text: str) -> Iterator[tuple[str, set[str]]]:
    """The same of a script; no names where the words are filled in elsewhere."""
    for match in re.finditer(r'\b(?:t|parts)\(\s*"([\w.]+)"(?:, \{([^{}]*)\})?', text):
        values = match[2] or ""
        while (less := re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\?[^,]*", "", values)) != values:
            values = less
        yield match[1], {each.partition(":")[0].strip() for each in values.split(",") if each.strip()}


def test_the_names_of_values_are_read_from_a_script() -> None:
    text = 'f(t("a.b"), parts("c.d", { x: [g(y, z)], n }), t("e.f", { why: e ? e.name : String(e) }))'
    assert list(said(text)) == [("a.b", set()), ("c.d", {"x", "n"}), ("e.f", {"why"})]


def test_scripts_give_the_values_that_their_words_ask_for() -> None:
    for file in SCRIPTS:
        for key, values in said(file.read_text(encoding="utf-8")):
            assert not values or values == set(re.findall(r"\{(\w+)\}", WORDS[key])), (file.name, key)


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a module that are not documentation."""
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    documents = {id(part.value) for part in parts}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node


def says(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The key of each call of `say` in Python, where it is written there, and the names of the values it is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
            for key in strings(node.args[0]) if node.args else ():
                if key.value in WORDS and all(each.arg for each in node.keywords):
                    yield key.value, {each.arg or "" for each in node.keywords}


def test_templates_use_the_words_there_are_with_the_values_they_ask_for() -> None:
    assert not FOUND
    given: dict[str, list[set[str]]] = defaultdict(list)
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in MODULES]
    for key, values in (*calls(), *(each for tree in trees for each in says(tree))):
        given[key].append(values)
    styles = {key for text in SHEETS.values() for key in re.findall(r'\bt\("([\w.]+)"\)', text)}
    scripts = {key for file in SCRIPTS for key, _ in said(file.read_text(encoding="utf-8"))}
    python = {node.value for tree in trees for node in strings(tree) if node.value in WORDS}
    assert given.keys() | styles | scripts | python == WORDS.keys()
    for key, each in given.items():
        asked = {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(WORDS[key]) if name}
        assert all(values == asked for values in each), (key, asked, each)


def test_no_more_modules_hold_chinese_that_readers_see() -> None:
    held = {
        file.relative_to(PACKAGE).with_suffix("").as_posix()
        for file in MODULES
        for node in strings(ast.parse(file.read_text(encoding="utf-8")))
        if re.search(f"[{HAN}]", node.value)
    }
    assert {name for name in held if re.match(r"build/|figures/render|markdown/|pages/|search/pages", name)} == KEPT


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            'home.papres: "{n} papers"',
            "2:14: front-matter-key: 'home.papres' is not a key of the words; use one of those of the program's own words.yml",
            id="a key that is not one",
        ),
        pytest.param(
            'home.papers: "{count} papers"',
            "2:14: front-matter-value: '{count}' is not filled in at 'home.papers'; "
            "use those of the program's own words.yml: {n}",
            id="a name that no template gives",
        ),
        pytest.param(
            'home.papers: "{n.__class__} papers"',
            "2:14: front-matter-value: '{n.__class__}' is not filled in at 'home.papers'; "
            "use those of the program's own words.yml: {n}",
            id="a part of a value that the words do not have",
        ),
        pytest.param(
            'home.newest: "New {day}"',
            "2:14: front-matter-value: '{day}' is not filled in at 'home.newest'; "
            "use those of the program's own words.yml: none",
            id="a name where nothing is filled in",
        ),
        pytest.param(
            'home.papers: "{n papers"',
            "2:14: front-matter-value: a brace of 'home.papers' has no partner; close it, or remove it",
            id="a brace that is not closed",
        ),
        pytest.param(
            "home.papers: 12",
            "2:14: front-matter-value: 'home.papers' is not text; put it in quotes",
            id="a number",
        ),
        pytest.param(
            'home.papers: "{n} papers',
            "3:1: front-matter: not valid YAML: found unexpected end of stream; correct it",
            id="a quote that is not closed",
        ),
    ],
)
def test_what_is_wrong_with_a_translation_is_said_at_its_place(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / words.FILE).write_text(f"# English\n{line}\n", encoding="utf-8")
    _, found = words.read([THEME, tmp_path], tmp_path)
    assert [str(each) for each in found] == [f"words.yml:{said}"]


def test_a_translation_may_say_some_and_fill_in_what_it_likes(tmp_path: Path) -> None:
    text = 'home.papers: "papers: {n}"\nday: "{day.month}/{day.day}"\nhome.path: Reading order\n'
    (tmp_path / words.FILE).write_text(text, encoding="utf-8")
    found, faults = words.read([THEME, tmp_path], tmp_path)
    assert not faults
    assert found.say("home.papers", n=3) == "papers: 3"
    assert found.say("home.path", n=3) == "Reading order"
    assert found["home.newest"] == WORDS["home.newest"]
