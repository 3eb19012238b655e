"""Search as a reader meets it, on a server and from a disk, with every other host out of reach."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import yaml
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, expect
from searching import ANSWERED, ENGINE, INPUT, LINKS, ask, missed, searched_pages

from papernotes.dev import browser as chromium
from papernotes.search import fold

CASES = ROOT / "tests/cases/search"
FOLDS: list[dict[str, Any]] = yaml.safe_load((CASES / "fold.yml").read_text("utf-8"))
META = ".md-search-result__meta"
LONG = "papers/instructgpt.html"
"""A page that scrolls, however large the window."""


@pytest.fixture
def page(base: str, visit: Callable[..., Any]) -> Page:
    opened: Page = visit(base).open()
    opened.locator(INPUT).focus()
    opened.evaluate(ENGINE)
    return opened


def test_any_run_of_characters_finds_its_page(base: str, built_site: Path, visit: Callable[..., Any]) -> None:
    assert missed(visit, base, searched_pages(built_site), number=200) == []


def test_fold_is_the_same_in_the_browser(chrome: Browser, built_site: Path) -> None:
    """The unit tests run this in another engine, whose tables of characters are not the browser's."""
    context = chrome.new_context()
    opened = context.new_page()
    opened.goto(f"file://{built_site}/index.html")
    table = sorted(fold.simplified().items())
    folded = opened.evaluate(
        """async ([from, to, texts]) => {
          await pnModules["search/box.js"].loadView();
          await pnModules["search/index.js"].open();
          pnModules["search/fold.js"].setSimplified(from, to);
          return texts.map(pnModules["search/fold.js"].fold);
        }""",
        ["".join(p[0] for p in table), "".join(p[1] for p in table), [case["text"] for case in FOLDS]],
    )
    context.close()
    assert folded == [case["folded"] for case in FOLDS]


def test_a_result_has_sections_and_marks_and_so_has_the_opened_page(page: Page) -> None:
    ask(page, "奖励投机")
    first = page.locator(".md-search-result__item", has=page.locator('a[href*="instructgpt"]')).first
    assert first.locator("a").count() >= 2
    assert "奖励投机" in first.locator("mark").all_inner_texts()
    section = first.locator("a").nth(1)
    assert section.locator("mark").count() >= 1
    section.click()
    page.wait_for_url("**/papers/instructgpt.html*")
    assert urlsplit(page.url).fragment
    expect(page.locator("article mark").first).to_have_text("奖励投机")


def test_a_term_leads_to_its_entry(page: Page) -> None:
    ask(page, "词元")
    first = page.locator(LINKS).first
    assert urlsplit(str(first.get_attribute("href"))).path.endswith("glossary.html")
    assert urlsplit(str(first.get_attribute("href"))).fragment == "term-token"


def test_results_show_before_every_page_is_read(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open()
    held: list[Any] = []
    seen: list[str] = []

    def hold(route: Any) -> None:
        seen.append(route.request.url)
        if len(seen) == 2:  # the best page comes first
            held.append(route)
        else:
            route.continue_()

    page.route("**/search/p/*.js*", hold)
    page.locator(INPUT).fill("偏好优化")
    expect(page.locator(LINKS).first).to_be_visible()
    assert page.evaluate(ANSWERED) is None, "the list is not complete"
    before = page.locator(".md-search-result__item").count()
    held[0].continue_()
    page.wait_for_function(f"() => {ANSWERED} === '偏好优化'")
    assert page.locator(".md-search-result__item").count() > before
    assert "papers/dpo.html" in str(page.locator(LINKS).first.get_attribute("href"))


def test_marks_run_over_markup(page: Page) -> None:
    page.evaluate(
        """() => { document.querySelector("article").innerHTML = "<p>偏<b>好</b>\\n优<i>化</i>，<math><mi>偏好</mi></math></p>";
        history.replaceState(null, "", "?h=%E5%81%8F%E5%A5%BD%E4%BC%98%E5%8C%96");
        return pnModules["search/box.js"].loadMark().then(() => undefined); }"""
    )
    assert [text.strip() for text in page.locator("article mark").all_inner_texts()] == ["偏", "好", "优", "化"]
    assert page.locator("article p").inner_text().startswith("偏好 优化，")


def test_count_and_announcement(page: Page) -> None:
    ask(page, "Rafailov")
    meta = page.locator(META)
    assert meta.get_attribute("role") == "status"
    assert re.fullmatch(r"\d+ 个页面。", meta.inner_text())
    ask(page, "Qlroa")
    expect(meta).to_contain_text("没有「Qlroa」，改为查找「QLoRA」。")


def test_an_empty_result_helps(page: Page) -> None:
    assert ask(page, "qzxjv") == []
    expect(page.locator(META)).to_have_text("没有找到。")
    expect(page.locator(".pn-search__help")).to_be_visible()
    page.locator(".pn-search__help a").click()
    page.wait_for_url("**/lists.html*")


def test_keys(page: Page) -> None:
    """F, S and / open; arrows step through field and results; Escape closes; Enter opens the first result."""
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()
    for key in ("/", "s", "f"):
        page.keyboard.press(key)
        expect(page.locator(INPUT)).to_be_focused()
        expect(page.locator("#__search")).to_be_checked()
        assert page.locator(INPUT).input_value() == ""
        page.keyboard.press("Escape")
    page.keyboard.press("/")
    links = ask(page, "DPO")
    page.keyboard.press("ArrowDown")
    expect(page.locator(LINKS).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(LINKS).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/dpo.html*")
    assert urlsplit(page.url).path == links[0]


def test_half_typed_letters_are_not_searched(page: Page) -> None:
    """While an input method composes, the list stays; what it hands over is searched."""
    before = ask(page, "LoRA")
    client = page.context.new_cdp_session(page)
    page.locator(INPUT).fill("")
    ask(page, "LoRA")
    page.locator(INPUT).select_text()
    client.send("Input.imeSetComposition", {"text": "pian'hao", "selectionStart": 8, "selectionEnd": 8})
    page.wait_for_timeout(300)
    assert page.locator(INPUT).input_value() == "pian'hao"
    assert urlsplit(str(page.locator(LINKS).first.evaluate("link => link.href"))).path == before[0]
    client.send("Input.insertText", {"text": "偏好"})
    page.wait_for_function(f"() => {ANSWERED} === '偏好'")
    assert page.locator(LINKS).first.get_attribute("href", timeout=1000)
    assert "papers/dpo.html" in str(page.locator(LINKS).first.get_attribute("href"))


def test_the_query_stands_in_the_address_and_can_be_shared(page: Page, base: str) -> None:
    ask(page, "拒绝采样")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == ["拒绝采样"])
    page.goto(f"{base}/papers/small.html?q={quote('拒绝采样')}")
    page.wait_for_function(f"() => {ANSWERED} === '拒绝采样'")
    assert page.locator(INPUT).input_value() == "拒绝采样"
    assert any("papers/instructgpt.html" in str(link.get_attribute("href")) for link in page.locator(LINKS).all())


# Whether the results are open, how far the page is scrolled, and whether it can be.
PANEL = """() => [document.getElementById("__search").checked, Math.round(-parseFloat(document.body.style.top) || scrollY),
  document.body.hasAttribute("data-md-scrolllock")]"""


def click(element: Locator) -> None:
    """Click as a reader does: `Locator.click` scrolls the page to try again where something is in its way for a moment."""
    expect(element).to_be_visible()
    box = element.bounding_box()
    assert box
    element.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def search_from_the_middle(page: Page, width: int) -> None:
    page.evaluate("scrollTo(0, 900)")
    if width < 960:
        click(page.locator("label.md-header__button[for=__search]"))
    else:
        page.keyboard.press("/")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.type("segment", delay=20)
    page.wait_for_function(f"() => {ANSWERED} === 'segment'")
    if width < 960:
        expect(page.locator("body")).to_have_attribute("data-md-scrolllock", "")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_back_leads_to_the_results_and_then_to_the_text(
    base: str, visit: Callable[..., Any], width: int
) -> None:
    page = visit(base, width=width).open(LONG)
    search_from_the_middle(page, width)
    click(page.locator(LINKS).first)
    page.wait_for_url("**/papers/segment-anything.html*")
    page.go_back()
    expect(page.locator(LINKS).first).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["segment"]}
    locked = str(width < 960).lower()  # the results may be there before the browser has scrolled back
    page.wait_for_function(
        f"() => {{ const [, top, locked] = ({PANEL})(); return top === 900 && locked === {locked}; }}"
    )
    assert page.evaluate(PANEL) == [True, 900, width < 960]
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !({PANEL})()[2]")
    assert page.evaluate(PANEL) == [False, 900, False]
    assert urlsplit(page.url).query == "", "what is closed is not what the address leads to"


@pytest.mark.parametrize("key", ["Escape", "Tab"])
def test_a_phone_scrolls_again_once_search_is_closed(base: str, visit: Callable[..., Any], key: str) -> None:
    page = visit(base, width=390).open(LONG)
    search_from_the_middle(page, 390)
    page.keyboard.press(key)
    page.wait_for_function(f"() => !({PANEL})()[2]")
    assert page.evaluate(PANEL) == [False, 900, False]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_back_to_a_page_that_the_browser_kept(site_server: str, chrome: Browser, width: int) -> None:
    """Playwright turns this cache off; every reader's browser has it."""
    kept = chrome.browser_type.launch(
        executable_path=chromium.find(whole=True),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = kept.new_page(viewport={"width": width, "height": 844})
    page.goto(f"{site_server}/{LONG}")
    page.evaluate("window.mine = true")
    search_from_the_middle(page, width)
    click(page.locator(LINKS).first)
    page.wait_for_url("**/papers/segment-anything.html*")
    page.go_back(wait_until="commit")
    page.wait_for_function("() => document.getElementById('__search').checked")
    assert page.evaluate("window.mine"), "the page was not kept"
    expect(page.locator(LINKS).first).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !({PANEL})()[2]")
    assert page.evaluate(PANEL) == [False, 900, False]
    kept.close()


def test_a_list_that_changes_keeps_the_focus_in_search(page: Page) -> None:
    ask(page, "偏好优化")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.md-search-result__list') !== null")
    page.evaluate(
        """() => { const input = document.querySelector(".md-search__input"); input.value = "数据";
        input.dispatchEvent(new InputEvent("input", { bubbles: true })); }"""
    )
    page.wait_for_function(f"() => {ANSWERED} === '数据'")
    expect(page.locator(INPUT)).to_be_focused()


def test_an_entry_of_the_glossary_shows_what_the_term_means(page: Page) -> None:
    ask(page, "什么是词元")
    first = page.locator(".md-search-result__item").first
    expect(first.locator(".pn-search__section").first).to_have_text("词元")
    expect(first.locator(".pn-search__section + .pn-search__text").first).to_contain_text("模型处理的最小单位")


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("scaling laws", ""),  # a term, though no page has the word laws
        ("int8", ""),  # no misspelt int4
        ("Rafailow", "改为查找「Rafailov」。"),
        ("Liang", ""),  # not Jiang: the first letter is seldom the wrong one
        ("self-instuct", "没有「self-instuct」，改为查找「self-instruct」。"),
    ],
)
def test_a_word_is_corrected_only_where_it_may_be_a_slip(page: Page, query: str, note: str) -> None:
    ask(page, query)
    said = page.locator(META).inner_text()
    assert note in said
    assert ("改为" in said) == bool(note)
    assert "Jiang" not in said


def test_a_result_for_an_id_says_what_the_page_is(page: Page) -> None:
    ask(page, "2305.18290")
    expect(page.locator(".pn-search__text").first).to_have_text(re.compile("^用偏好数据直接微调"))


def test_the_list_grows_as_one_scrolls(page: Page) -> None:
    ask(page, "模型")
    items = page.locator(".md-search-result__item")
    before = items.count()
    total = int(re.findall(r"\d+", page.locator(META).inner_text())[0])
    assert total > before
    for _ in range(300):
        page.locator(".md-search__scrollwrap").evaluate("wrap => { wrap.scrollTop = wrap.scrollHeight; }")
        page.wait_for_timeout(100)
        if items.count() == total:
            break
    assert items.count() == total


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("偏好" * 5000, id="ten thousand characters"),
        pytest.param("a" * 10_000, id="one word of ten thousand letters"),
        pytest.param("\x00\x01\x02偏好\x1f\x7f", id="control characters"),
        pytest.param("(.*)+[a-z]{2,}?\\b^$|", id="regular-expression signs"),
        pytest.param("，。！？、；：", id="only punctuation"),
        pytest.param("🎉👩‍👩‍👧‍👦", id="emoji"),
        pytest.param('<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>', id="markup"),
        pytest.param("__proto__ constructor toString", id="names of every object"),
        pytest.param("%E0%A4%A", id="a broken escape"),
        pytest.param("2305.18290v999999999", id="a version too long"),
    ],
)
def test_bad_queries(page: Page, query: str) -> None:
    page.locator(INPUT).fill(query)
    page.wait_for_timeout(400)
    assert page.locator(META).inner_text().strip()
    assert page.evaluate("() => window.pwned") is None
    assert page.locator(".md-search img, .md-search script").count() == 0
    assert "papers/dpo.html" in ask(page, "直接偏好优化")[0]


def test_a_lone_surrogate(page: Page) -> None:
    page.evaluate(
        """() => { const input = document.querySelector(".md-search__input"); input.value = "偏好\\ud83d";
        input.dispatchEvent(new InputEvent("input", { bubbles: true })); }"""
    )
    page.wait_for_function(f"() => {ANSWERED} !== null")
    assert "papers/dpo.html" in str(page.locator(LINKS).first.get_attribute("href"))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        pytest.param("index.js", None, "没有载入", id="no index"),
        pytest.param("index.js", lambda text: text[: len(text) // 2], "已损坏", id="index cut"),
        pytest.param("index.js", lambda _: "", "已损坏", id="index empty"),
        pytest.param(
            "index.js", lambda text: re.sub(r'"format":\d+', '"format":0', text), "已损坏", id="index of another format"
        ),
        pytest.param("k/*.js", None, "没有载入", id="no shards"),
        pytest.param("k/*.js", lambda text: text[: len(text) // 2], "已损坏", id="shards cut"),
        pytest.param(
            "k/*.js",
            lambda text: text.replace(text.split('"')[3], "0" * 12),
            "网站刚刚更新过",
            id="shards of another build",
        ),
        pytest.param(
            "p/*.js", lambda text: re.sub(r',\[".*', ",{});", text, flags=re.S), "已损坏", id="pages of another shape"
        ),
        pytest.param("p/*.js", None, "没有载入", id="no pages"),
    ],
)
@pytest.mark.parametrize("where", ["http", "file"])
def test_a_spoilt_index_is_said(
    where: str, name: str, change: Any, message: str, built_site: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    from conftest import serving

    copy = tmp_path / "site"
    shutil.copytree(built_site, copy)
    for file in (copy / "search").glob(name):
        if change is None:
            file.unlink()
        else:
            file.write_text(change(file.read_text("utf-8")), "utf-8")

    def look(home: str) -> None:
        page = visit(home, strict=False).open()
        page.locator(INPUT).fill("直接偏好优化")
        expect(page.locator(META)).to_contain_text(message)
        assert page.locator(LINKS).count() == 0

    if where == "file":
        look(f"file://{copy}")
    else:
        with serving(copy) as home:
            look(home)


def test_without_javascript_every_page_is_reached(base: str, built_site: Path, visit: Callable[..., Any]) -> None:
    page = visit(base, java_script_enabled=False).open()
    expect(page.locator(INPUT)).to_be_hidden()
    page.locator(".pn-search__lists").click()
    links = page.locator("article a").evaluate_all("links => links.map((link) => link.href)")
    reached = {urlsplit(link).path.rsplit(str(built_site), 1)[-1].lstrip("/") for link in links}
    assert set(searched_pages(built_site)) - reached == set()
