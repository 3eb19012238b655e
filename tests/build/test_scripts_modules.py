"""The join of ES modules: what it makes runs as the modules would, and what it cannot join is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import quickjs
from conftest import ROOT
from scripts import WORDS

from papernotes.build.finish import assets, modules, offline

SOURCES = ROOT / "overrides" / assets.SCRIPTS


def lay(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def run(folder: Path, expression: str) -> Any:
    """Run every script of `main.js`, the last first as a browser does, and give the value of an expression."""
    context = quickjs.Context()
    for script in reversed(modules.build(folder, "main.js")):
        context.eval(script.content)
    return json.loads(context.eval(f"JSON.stringify({expression})"))


@pytest.mark.parametrize(
    ("text", "light"),
    [
        pytest.param("/** What\n * and why. */\nconst a = 1;\n", "const a = 1;\n", id="a comment on lines of its own"),
        pytest.param(
            "f(() => {\n  g(); // why\n});\n", "f(() => {\ng();\n});\n", id="behind a statement, and indented"
        ),
        pytest.param('const a = "x; // y";\n', 'const a = "x; // y";\n', id="what looks like one in a text"),
        pytest.param("const a = f(x, // one\n  `y // z`);\n", "const a = f(x,\n`y // z`);\n", id="or in a template"),
        pytest.param("const a = `x\n  y`;\n", "const a = `x\n  y`;\n", id="a template over two lines"),
    ],
)
def test_what_no_browser_needs_is_left_out(tmp_path: Path, text: str, light: str) -> None:
    (made,) = modules.build(lay(tmp_path, {"main.js": text}), "main.js")
    assert light.rstrip() in made.content


@pytest.mark.parametrize(
    ("files", "value"),
    [
        pytest.param({"main.js": "export const value = 1;\n"}, 1, id="a constant"),
        pytest.param(
            {
                "main.js": 'import { one } from "./a.js";\nexport const value = one();\n',
                "a.js": "export function one() {\n  return 1;\n}\n",
            },
            1,
            id="a function",
        ),
        pytest.param(
            {
                "main.js": 'import { A as B, f } from "./a.js";\nexport const value = [new B().x, f.name];\n',
                "a.js": "export class A {\n  x = 2;\n}\nexport async function f() {}\n",
            },
            [2, "f"],
            id="a class under another name",
        ),
        pytest.param(
            {
                "main.js": 'import * as a from "./in/a.js";\nexport const value = a.x + a.y;\n',
                "in/a.js": 'import { y as z } from "../b.js";\nexport const x = 1;\nexport const y = z;\n',
                "b.js": "export const y = 4;\n",
            },
            5,
            id="all of a module in a folder",
        ),
        pytest.param(
            {
                "main.js": 'import { x } from "./a.js";\nconst own = 1;\nexport const value = x + own;\n',
                "a.js": "const own = 10;\nexport const x = own;\n",
            },
            11,
            id="each module has its own names",
        ),
        pytest.param(
            {
                "main.js": 'import { seen } from "./a.js";\nimport { b } from "./b.js";\nexport const value = seen;\n',
                "b.js": 'import { seen } from "./a.js";\nseen.push("b");\nexport const b = 0;\n',
                "a.js": 'export const seen = ["a"];\n',
            },
            ["a", "b"],
            id="a module runs once, before what imports it",
        ),
        pytest.param(
            {"main.js": '/** Of\n * two lines. */\n// why\nexport const value = ["// kept", "/* kept */"]; // kept\n'},
            ["// kept", "/* kept */"],
            id="only comments that fill their lines go",
        ),
    ],
)
def test_a_join_runs_as_its_modules(tmp_path: Path, files: dict[str, str], value: Any) -> None:
    assert run(lay(tmp_path, files), "pnModules['main.js'].value") == value


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {"main.js": "export default 1;\n"}, r"main\.js: 'export default 1;' cannot be joined", id="default"
        ),
        pytest.param(
            {"main.js": "export let a = 1;\n"}, "'export let a = 1;' cannot be joined", id="may be assigned again"
        ),
        pytest.param({"main.js": 'export { a } from "./a.js";\n'}, "cannot be joined", id="passed on"),
        pytest.param({"main.js": "const a = 1;\nexport { a };\n"}, "'export { a };' cannot be joined", id="a list"),
        pytest.param({"main.js": 'import "./a.js";\n'}, "cannot be joined", id="without names"),
        pytest.param({"main.js": 'import a from "./a.js";\n'}, "cannot be joined", id="import of a default"),
        pytest.param({"main.js": 'import { a } from "lib";\n'}, "cannot be joined", id="of a package"),
        pytest.param({"main.js": 'import {\n  a,\n} from "./a.js";\n'}, "cannot be joined", id="over lines"),
        pytest.param({"main.js": "const a = import(name);\n"}, "cannot be joined", id="loaded by a computed name"),
        pytest.param(
            {"main.js": 'import { a } from "./a.js";\n'}, r"main\.js: imports a\.js, which is not there", id="missing"
        ),
        pytest.param(
            {
                "main.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./main.js";\nexport const a = 1;\n',
            },
            r"main\.js: imports itself by way of a\.js",
            id="circle",
        ),
    ],
)
def test_what_cannot_be_joined_is_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        modules.build(lay(tmp_path, files), "main.js")


def test_the_words_of_a_key_are_put_in_its_place(tmp_path: Path) -> None:
    files = {
        "load.js": "export function load() {}\n",
        "words.js": "export function t(words) {\n  return words;\n}\n",
        "main.js": 'import { t } from "./words.js";\nexport const value = t("a.one");\nexport const go = () => import("./later.js");\n',
        "later.js": 'import { t } from "./words.js";\nexport const more = t("a.two", 1) + set("a.one");\n',
    }
    words = {"a.one": 'the "first"', "a.two": "{n} 个", "a.three": "unsaid"}
    later, main = modules.build(lay(tmp_path, files), "main.js", words=words)
    assert 'const value = t("the \\"first\\"");' in main.content
    assert 't("{n} 个", 1) + set("a.one")' in later.content
    assert "unsaid" not in main.content + later.content
    with pytest.raises(ValueError, match=r"^later\.js: 'a\.two' is not a key of the words$"):
        modules.build(tmp_path, "main.js", words={})


def test_what_is_loaded_later_is_a_script_without_what_ran_before(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "load.js": "export function load(file, name) {\n  asked.push([file, name]);\n}\n",
            "a.js": "export const a = { times: 0 };\na.times += 1;\n",
            "b.js": "export const b = 7;\n",
            "later.js": 'import { a } from "./a.js";\nimport { b } from "./b.js";\na.times += 10;\nexport const value = a.times + b;\n',
            "main.js": 'import { a } from "./a.js";\nexport const go = () => import("./later.js");\nexport const again = () => import("./later.js");\n',
        },
    )
    later, main = modules.build(tmp_path, "main.js")
    assert "times: 0" not in later.content
    context = quickjs.Context()
    context.eval(f"var asked = []; {main.content}; pnModules['main.js'].go(); {later.content}; {later.content}")
    assert json.loads(context.eval("JSON.stringify(asked)")) == [[later.name, "later.js"]]
    assert context.eval("pnModules['later.js'].value") == 18, "the same a.js, and each module once"


def test_a_name_changes_with_the_text_of_any_part(tmp_path: Path) -> None:
    files = {
        "load.js": "export const load = 0;\n",
        "main.js": 'import("./later.js");\n',
        "later.js": "export const a = 1;\n",
    }
    before = [script.name for script in modules.build(lay(tmp_path, files), "main.js")]
    after = [
        script.name for script in modules.build(lay(tmp_path, files | {"later.js": "export const a = 2;\n"}), "main.js")
    ]
    assert [name.split(".")[0] for name in before] == ["later", "main"]
    assert not set(before) & set(after)


def test_every_module_of_the_site_is_part_of_a_script() -> None:
    content = "".join(script.content for script in modules.build(SOURCES, "papernotes.js", words=WORDS))
    here = {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.js")} - {Path(offline.WORKER).name}
    assert {path for path in here if f'pnModules["{path}"] ||=' not in content} == set()
    assert {path.name for path in (ROOT / "overrides" / assets.STYLES).glob("*.css")} - {
        "papernotes.css",
        "book.css",
    } == set(assets._PART.findall((ROOT / "overrides" / assets.STYLES / "papernotes.css").read_text()))
