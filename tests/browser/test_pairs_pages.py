"""An abstract as a reader meets it: 中文, 对照, 原文, without scripts too, wide and narrow, light and dark, from disk and http."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import make_project, once, serving
from looks import axe_complaints
from playwright.sync_api import Page, expect
from searching import LINKS, ask

from papernotes.build import publish
from papernotes.data import abstracts
from papernotes.data.abstracts import Abstracts
from papernotes.text import sentences

PAGE = "papers/small.html"
ENGLISH = ("We propose a method.", "It needs little memory.", "Code for $n$ chores isn’t hard.")
NOW = (ENGLISH[0], "It needs no memory.", ENGLISH[2])
APOSTROPHE = """e => {
  const range = document.createRange(), at = e.lastChild.data.indexOf("’");
  range.setStart(e.lastChild, at);
  range.setEnd(e.lastChild, at + 1);
  return range.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize);
}"""  # how wide it is, in em
CHINESE = ("我们提出一种方法。", "它占用的内存很少。", "若干琐事的代码已经公开。")


def _paired(folder: Path) -> None:
    """A site with an abstract whose second sentence has changed, and its originals."""
    project = make_project(folder / "project", nav=True)
    options = "    of: abstract\n    cut: 1\n    version: 2\n    copy: arxiv\n    seen: 某处的转载\n"
    for name, paper in (("small", ""), ("dpo", "Elsewhere: ")):
        pairs = zip(ENGLISH, CHINESE, strict=True)
        lines = "".join(f"{sentences.fingerprint(paper + en)} {zh}\n" for en, zh in pairs)
        file = project / f"docs/papers/{name}.md"
        head, body = file.read_text(encoding="utf-8").split("\n---\n", 1)
        file.write_text(f"{head}\n---\n\n/// pairs | 摘要\n{options}{lines}///\n\n{body.lstrip()}", encoding="utf-8")
    seen = abstracts.make("2106.09685", 2, date(2026, 11, 20), " ".join(NOW), originals=True)
    assert seen
    text = abstracts.serialise(Abstracts(True, {seen.arxiv: seen}))
    (project / "docs" / abstracts.FILE).write_text(text, encoding="utf-8")
    publish.build(project / "mkdocs.yml", site_dir=folder / "site")


@pytest.fixture(scope="module")
def paired_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "paired-site", _paired) / "site"


@pytest.fixture(params=["http", "file"])
def paired(request: pytest.FixtureRequest, paired_site: Path) -> Iterator[str]:
    if request.param == "file":
        yield f"file://{paired_site}"
    else:
        with serving(paired_site) as address:
            yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_three_ways_to_read(paired: str, visit: Callable[..., Any], width: int, dark: bool, scripts: bool) -> None:
    page: Page = visit(paired, width=width, dark=dark, java_script_enabled=scripts).open(PAGE)
    chinese, english = page.locator(".pn-pairs__zh"), page.locator(".pn-pairs__en")
    expect(chinese).to_have_text(list(CHINESE))
    expect(english).to_have_text([ENGLISH[0], re.compile("^Code for n.* chores isn’t hard. $")])
    expect(english.locator("math")).to_have_count(1)
    expect(page.locator(".pn-pairs__drift")).to_have_text(["原文已改"])
    expect(chinese.first).to_be_visible()
    expect(english.first).to_be_hidden()

    page.get_by_label("对照").check()
    expect(chinese.first).to_be_visible()
    expect(english.first).to_be_visible()
    left, right = chinese.first.bounding_box(), english.first.bounding_box()
    assert left
    assert right
    if width == 1280:
        assert abs(left["y"] - right["y"]) < 1
        assert right["x"] >= left["x"] + left["width"]
    else:
        assert right["y"] >= left["y"] + left["height"] - 1
    assert right["x"] + right["width"] <= width
    assert english.nth(1).evaluate(APOSTROPHE) < 0.5, "as wide as a Chinese character"

    chinese.first.hover()
    marked = "e => getComputedStyle(e.closest('.pn-pairs__pair')).backgroundColor"
    assert chinese.first.evaluate(marked) != chinese.nth(2).evaluate(marked)
    page.mouse.move(1, 1)
    english.nth(1).focus()
    assert chinese.nth(2).evaluate(marked) != chinese.first.evaluate(marked)

    page.get_by_label("原文").check()
    expect(chinese.first).to_be_hidden()
    expect(english.first).to_be_visible()
    expect(chinese.nth(1)).to_be_visible()  # whose original has changed stays in Chinese

    page.get_by_label("中文").check()
    expect(english.first).to_be_hidden()


def test_the_choice_is_remembered(paired: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(paired).open(PAGE)
    page.get_by_label("对照").check()
    page.reload()
    expect(page.get_by_label("对照")).to_be_checked()
    expect(page.locator(".pn-pairs__en").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("taken", "left"), [("zh", "en"), ("en", "zh")])
def test_copying_takes_one_language(
    paired_site: Path, visit: Callable[..., Any], width: int, taken: str, left: str
) -> None:
    page: Page = visit(f"file://{paired_site}", width=width).open(PAGE)
    page.get_by_label("对照").check()
    words = page.locator(f".pn-pairs__{taken}")
    page.locator(".pn-pairs").evaluate("section => section.scrollIntoView({block: 'center', behavior: 'instant'})")
    for number, move in ((0, page.mouse.down), (-1, page.mouse.up)):
        box = words.nth(number).bounding_box()
        assert box
        page.mouse.move(box["x"] + 1 - number * (box["width"] - 2), box["y"] + box["height"] / 2)
        move()
    copied = page.evaluate("getSelection().toString()")
    text = {"zh": ("我们提出一种方法。", "的代码"), "en": ("We propose a method.", "chores")}
    assert all(words in copied for words in text[taken])
    assert not any(words in copied for words in text[left])


@pytest.mark.parametrize(
    ("chosen", "taken", "left"), [("对照", "zh", "en"), ("原文", "en", "zh"), ("中文", "zh", "en")]
)
def test_all_selected_by_the_keyboard_is_one_language(
    paired: str, visit: Callable[..., Any], chosen: str, taken: str, left: str
) -> None:
    page: Page = visit(paired).open(PAGE)
    page.get_by_label(chosen).check()
    page.mouse.move(1, 1)
    page.keyboard.press("Control+a")
    copied = page.evaluate("getSelection().toString()")
    words = {"zh": "我们提出一种方法。", "en": "We propose a method."}
    assert words[taken] in copied
    assert words[left] not in copied


def test_search_for_words_of_an_original_leads_to_its_sentence(paired: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(paired).open("index.html")
    ask(page, "chores")
    address = f"s-{sentences.fingerprint(ENGLISH[2])}"
    page.locator(f'{LINKS}[href*="{PAGE}"][href$="#{address}"]').first.click()
    expect(page).to_have_url(re.compile(f"#{address}$"))
    expect(page.locator(f"#{address}")).to_be_in_viewport()
    expect(page.get_by_label("中文")).to_be_checked()
    expect(page.locator(f"#{address} .pn-pairs__en")).to_be_visible()
    expect(page.locator(".pn-pairs__en").first).to_be_hidden()


def test_a_page_without_originals_is_chinese_whatever_is_remembered(paired: str, visit: Callable[..., Any]) -> None:
    page: Page = visit(paired).open(PAGE)
    page.get_by_label("原文").check()
    page.goto(f"{paired}/papers/dpo.html")
    expect(page.locator(".pn-pairs__zh")).to_have_text(list(CHINESE))
    expect(page.locator(".pn-pairs__zh").first).to_be_visible()
    expect(page.locator(".pn-pairs__modes")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(paired_site: Path, visit: Callable[..., Any], dark: bool) -> None:
    with serving(paired_site) as address:  # from disk it may not read the style sheets
        page: Page = visit(address, dark=dark).open(PAGE)
        page.get_by_label("对照").check()
        assert axe_complaints(page, ".pn-pairs") == []
