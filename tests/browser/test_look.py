"""The site in a browser: nothing overflows, everything is in reach of a keyboard, previews behave, standards are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from looks import DRAWN, axe_complaints, check_pages, pages_of
from picturing import drawn
from playwright.sync_api import Page, expect

from papernotes.data.site import Site
from papernotes.figures.render import Gallery
from papernotes.pages import map as map_module

KINDS = [
    "index.html",
    "papers/instructgpt.html",
    "papers/segment-anything.html",
    "papers/small.html",
    "topics/vision.html",
    "topics/index.html",
    "glossary.html",
    "figures.html",
    "map.html",
    "papers/index.html",
    "lists.html",
    "check.html",
    "offline.html",
    "about.html",
    "guide/writing.html",
    "guide/rules.html",
]
"""A page of every kind."""
PAPER = "papers/instructgpt.html"
"""With all that a paper page can have."""


@pytest.mark.parametrize("part", range(2))
def test_every_page_holds_together_in_every_look(
    built_site: Path, site_server: str, visit: Callable[..., Any], fixture: Site, part: int
) -> None:
    pages = pages_of(built_site)
    assert set(KINDS) < set(pages)
    opened = visit(site_server, width=320, dark=True, reduced_motion="reduce")
    check_pages(opened, pages[part::2], axe=pages, figures=drawn(Gallery(fixture)))


def test_one_faint_text_among_many_is_found(site_server: str, visit: Callable[..., Any]) -> None:
    """The control of the test above."""
    page = visit(site_server, reduced_motion="reduce").open("papers/small.html")
    page.locator("article p:visible").last.evaluate("text => { text.style.color = '#bbb'; }")
    assert [complaint.partition(":")[0] for complaint in axe_complaints(page)] == ["color-contrast"]


def test_axe_finds_nothing_in_an_open_preview(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server, reduced_motion="reduce").open(PAPER)
    page.locator("a.pn-ref[data-pn-preview]").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".pn-preview")).to_be_visible()
    assert axe_complaints(page) == []


def test_a_phone_has_the_contents_in_reach(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base, width=390, height=780).open(PAPER)
    contents, button = page.locator(".pn-contents > nav"), page.locator(".pn-contents > summary")
    expect(page.locator(".md-sidebar--secondary")).to_be_hidden()
    page.locator("#怎么读").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('怎么读').scrollIntoView()")
    button.click()
    expect(contents.locator("[aria-current]")).to_have_text("怎么读")
    contents.get_by_role("link", name="做法", exact=True).click()
    expect(contents).to_be_hidden()
    expect(page.locator("#做法")).to_be_in_viewport()
    button.click()
    expect(contents.locator("[aria-current]")).to_have_text("做法")
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    button.click()
    page.mouse.click(200, 770)
    expect(contents).to_be_hidden()


def test_the_contents_open_without_scripts(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base, width=390, height=780, java_script_enabled=False).open(PAPER)
    page.locator(".pn-contents > summary").click()
    page.locator(".pn-contents > nav").get_by_role("link", name="局限", exact=True).click()
    expect(page.locator("#局限")).to_be_in_viewport()


def test_headings_figures_tables_and_formulas_are_called_by_their_names(
    site_server: str, visit: Callable[..., Any]
) -> None:
    page = visit(site_server).open(PAPER)
    for role, name in [
        ("heading", "大论文：用人的反馈训练模型听从指令"),
        ("heading", "做法"),
        ("table", "结果：表格"),
        ("group", "做法：公式"),
        ("group", "式 1"),
        (
            "figure",
            "图 1 三步：示范、排序、强化学习 本站示意图，原图：InstructGPT v1，Figure 2，PDF 第 3 页，HTML 版（2026-11-22 查）",
        ),
    ]:
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)


def card(page: Page) -> Any:
    return page.locator(".pn-preview")


def test_a_paper_s_card_shows_on_hover_and_goes(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base).open(PAPER)
    link = page.locator('article p a.pn-ref[data-pn-preview="paper-dpo"]').first
    link.hover()
    expect(card(page)).to_contain_text("Your Language Model is Secretly a Reward Model")
    expect(card(page)).to_contain_text("Semantic Scholar")
    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()


def test_escape_closes_a_card(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base).open(PAPER)
    page.locator("article p a.pn-ref").first.hover()
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()


def test_a_tap_opens_the_card_and_its_link_leads_on(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base, width=390, has_touch=True).open(PAPER)
    page.locator('article p a.pn-ref[data-pn-preview="paper-dpo"]').first.tap()
    expect(card(page)).to_be_visible()
    assert page.url.endswith(PAPER)
    box = card(page).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    card(page).locator("a").tap()
    page.wait_for_url("**/papers/dpo.html")


def test_the_card_of_a_node_stands_beside_it_and_on_a_phone_below_the_map(
    site_server: str, visit: Callable[..., Any], fixture: Site
) -> None:
    page = visit(site_server, width=1280, height=800).open("map.html")
    for name in fixture.by_slug:
        node = page.locator(f'[data-pn-node="{name}"]')
        node.hover()
        expect(card(page)).to_have_attribute("aria-label", node.text_content())
        at, box = node.bounding_box(), card(page).bounding_box()
        assert (
            box["x"] >= at["x"] + at["width"]
            or box["x"] + box["width"] <= at["x"]
            or box["y"] >= at["y"] + at["height"]
            or box["y"] + box["height"] <= at["y"]
        ), name
        page.mouse.move(5, 5)
        expect(card(page)).to_be_hidden()
    page = visit(site_server, width=390, height=780, has_touch=True).open("map.html")
    node = page.locator('[data-pn-node="segment-anything"]')
    node.tap()
    expect(card(page)).to_be_visible()
    at, box = node.bounding_box(), card(page).bounding_box()
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 780)
    assert at["y"] + at["height"] <= box["y"]


def test_every_card_stands_once_and_outside_the_article(base: str, visit: Callable[..., Any]) -> None:
    for path, page in visit(base).tour((PAPER, "index.html", "map.html", "topics/fine-tuning.html")):
        keys = page.locator("[data-pn-preview]").evaluate_all(
            "all => [...new Set(all.map((each) => each.dataset.pnPreview))]"
        )
        assert keys
        for key in keys:
            assert page.locator(f"[id='pn-preview-{key}']").count() == 1, (path, key)
        assert page.locator("article [id^='pn-preview-paper-']").count() == 0


def test_notes_and_captions_stand_in_the_margin(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server, width=1280).open(PAPER)
    text = page.locator("article h2").first.bounding_box()
    alone, *pair = [each.bounding_box() for each in page.locator(".pn-article .admonition.note").all()]
    assert len(pair) == 2
    for box in pair:  # one would push the other down, beside what it does not speak of
        assert box["x"] < text["x"] + 20
    for name in (".admonition.note >> nth=0", ".pn-figure__caption"):
        for box in [each.bounding_box() for each in page.locator(f".pn-article {name}").all()]:
            assert box["x"] >= text["x"] + text["width"], name
            assert box["x"] + box["width"] <= 1280
    notes = [alone, *(each.bounding_box() for each in page.locator(".pn-article .pn-figure__caption").all())]
    notes.sort(key=lambda box: box["y"])
    for upper, lower in pairwise(notes):
        assert upper["y"] + upper["height"] <= lower["y"] + 1
    narrow = visit(site_server, width=1000).open(PAPER)
    note = narrow.locator(".admonition.note").first.bounding_box()
    assert note["x"] < narrow.locator("article h2").first.bounding_box()["x"] + 20


@pytest.mark.parametrize(("path", "rows"), [(PAPER, 5), ("papers/small.html", 2)])
def test_rows_of_formulas_are_there_to_be_looked_at(built_site: Path, path: str, rows: int) -> None:
    html = (built_site / path).read_text("utf-8")
    assert (
        sum(formula.count("<mtr") for formula in re.findall(r"pn-formula--display.*?</math>", html, re.DOTALL)) == rows
    )


def test_formulas_in_a_line_stand_on_it(site_server: str, visit: Callable[..., Any]) -> None:
    """A box that clips is set with its lower edge on the line and lifts the formula."""
    page = visit(site_server, width=1280).open(PAPER)
    off = page.evaluate("""() => {
      const formula = [...document.querySelectorAll("p > .pn-formula")].find((each) => each.textContent.startsWith("x"));
      const mark = document.createElement("span");
      mark.style.cssText = "display:inline-block;width:0;height:0";
      formula.after(mark);
      return formula.querySelector("math").getBoundingClientRect().bottom - mark.getBoundingClientRect().bottom;
    }""")
    assert -2 <= off <= 6


def test_the_head_of_a_long_table_stays_in_view_and_no_row_is_hidden(
    site_server: str, visit: Callable[..., Any]
) -> None:
    page = visit(site_server, width=390, height=700).open("map.html")
    table = page.locator(".pn-table")
    table.locator("tbody").evaluate("rows => { rows.innerHTML = rows.innerHTML.repeat(40); }")
    expect(table).to_contain_class("pn-table--long")
    table.evaluate("box => { scrollTo(0, box.getBoundingClientRect().top + scrollY + 600); box.scrollLeft = 80; }")
    assert table.get_attribute("tabindex") == "0"
    assert table.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    expect(page.locator(".pn-table th").first).to_be_in_viewport()
    head, box = page.locator(".pn-table th").first.bounding_box(), table.bounding_box()
    below = page.locator(".md-header").bounding_box()["height"]
    assert abs(head["y"] - below) < 2
    assert abs(head["x"] - box["x"]) < 2
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate(DRAWN)
    head, box = page.locator(".pn-table thead").bounding_box(), table.bounding_box()
    assert head["y"] + head["height"] <= box["y"] + box["height"] + 1


@pytest.mark.parametrize(
    ("path", "box"), [("papers/instructgpt.html", ".pn-table"), ("guide/writing.html", ".highlight > pre > code")]
)
def test_what_is_cut_at_the_edge_fades_until_its_end(
    site_server: str, visit: Callable[..., Any], path: str, box: str
) -> None:
    page = visit(site_server, width=390).open(path)
    cut = page.locator(box).first

    def fade(way: int) -> float:
        cut.evaluate("(box, way) => { box.scrollLeft = way; }", way)
        page.evaluate(DRAWN)
        return float(cut.evaluate("box => parseFloat(getComputedStyle(box).getPropertyValue('--pn-fade'))"))

    assert fade(0) > 20
    assert fade(9999) < 1


def test_the_button_of_a_block_lies_on_no_code(site_server: str, visit: Callable[..., Any]) -> None:
    pages = ("guide/writing.html", "guide/rules.html", "papers/small.html")
    looks = ((path, page, width) for path, page in visit(site_server).tour(pages) for width in (390, 640, 1280))
    for path, page, width in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRAWN)
        covered = page.locator(".highlight:not(.pn-wrong) > .pn-copy").evaluate_all("""buttons => buttons.filter((button) => {
          const at = button.getBoundingClientRect(), code = button.parentElement.querySelector("code");
          const style = getComputedStyle(code), box = code.getBoundingClientRect();
          const top = box.top + parseFloat(style.paddingTop);
          return at.bottom > top + 4 && at.left < box.right;
        }).length""")
        assert covered == 0, (path, width)


def test_the_map_opens_at_the_beginning_of_a_year(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open()
    for width in (390, 640):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site_server}/map.html")
        papers = page.locator(".pn-map").first
        starts = papers.locator(".pn-map__year").evaluate_all("""years => years.map((year) => {
          const picture = year.ownerSVGElement;
          return year.dataset.pnFrom * picture.clientWidth / picture.viewBox.baseVal.width;
        })""")
        at = papers.locator(".pn-map__frame").evaluate("frame => frame.scrollLeft")
        assert at > 0
        assert min(abs(start - at) for start in starts) < 1
        expect(papers.locator(".pn-map__hint")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site_server}/map.html")
    expect(page.locator(".pn-map__hint").first).to_be_hidden()


def test_print_is_a_clean_document(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server, width=800).open(PAPER)
    page.emulate_media(media="print")
    for name in (
        ".md-header",
        ".md-footer",
        ".pn-more",
        ".md-sidebar--secondary",
        ".pn-actions",
        ".pn-steps",
    ):
        assert not page.locator(name).first.is_visible(), name
    assert page.locator("article h1").is_visible()
    after = page.locator('article a[href^="https://arxiv.org"]').first.evaluate(
        "a => getComputedStyle(a, '::after').content"
    )
    assert "attr(href)" in after or "arxiv.org" in after


def test_print_opens_of_the_uses_of_a_term_what_the_reader_opened(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open("glossary.html")
    page.locator(".pn-entry__uses > summary").first.click()
    page.emulate_media(media="print")
    page.evaluate(DRAWN)
    lists = page.locator(".pn-entry__uses > ul")
    assert [lists.nth(index).is_visible() for index in range(3)] == [True, False, False]


def test_print_keeps_a_picture_below_half_a_page_and_its_shape(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server, width=718, height=900).open(PAPER)
    page.emulate_media(media="print")
    for picture in page.locator(".pn-figure__stage .pn-svg").all():
        box, stage = picture.bounding_box(), picture.locator("xpath=../..").bounding_box()
        shape = picture.evaluate("svg => svg.viewBox.baseVal.width / svg.viewBox.baseVal.height")
        assert box["height"] <= 406
        assert abs(box["width"] / box["height"] - shape) < 0.02
        assert abs(stage["width"] - box["width"]) < 1  # the marks stand in parts of the stage


def test_print_is_ink_on_paper_in_the_dark_too(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server, dark=True, reduced_motion="reduce").open(PAPER)
    page.emulate_media(media="print", color_scheme="dark")
    ink, paper = page.evaluate(
        "[getComputedStyle(document.querySelector('article h1')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert sum(map(int, ink[4:-1].split(", "))) < 150
    assert paper == "rgb(255, 255, 255)"


def test_without_scripts_the_pages_are_whole(site_server: str, visit: Callable[..., Any], fixture: Site) -> None:
    opened = visit(site_server, java_script_enabled=False)
    page = opened.open("papers/index.html")
    papers = len(fixture.papers)
    assert page.locator(".pn-papers tbody tr").count() == papers
    assert page.locator(".pn-list__form").count() == 0
    page = opened.open("map.html")
    assert page.locator(".pn-table tbody tr").count() == papers
    page = opened.open("papers/dpo.html")
    assert page.locator(".pn-cite__entry").text_content().startswith("@inproceedings{rafailov2023direct,")
    for button in page.locator(".pn-actions button").all():
        assert not button.is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_bibtex_is_copied(site_server: str, visit: Callable[..., Any], width: int) -> None:
    page = visit(site_server, width=width, permissions=["clipboard-read", "clipboard-write"]).open("papers/dpo.html")
    page.locator(".pn-cite summary").click()
    for name, words in (("复制 BibTeX", "BibTeX 已复制"), ("复制链接", "链接已复制")):
        button = page.get_by_role("button", name=name)
        said = page.get_by_role("status").filter(has_text=words)
        button.click()
        expect(said).to_be_visible()
        at, beside = button.bounding_box(), said.bounding_box()
        assert at and beside
        assert abs(at["y"] - beside["y"]) < 4 and 0 < beside["x"] - at["x"] - at["width"] < 24
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("@inproceedings{rafailov2023direct,") if "BibTeX" in name else copied == page.url


def test_the_home_page_opens_the_search(base: str, visit: Callable[..., Any]) -> None:
    page = visit(base).open()
    page.locator("[data-pn-search]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".md-search__input")).to_be_focused()


def test_the_map_by_keyboard(base: str, visit: Callable[..., Any], fixture: Site) -> None:
    page = visit(base).open("map.html")
    node = page.locator('[data-pn-node="dpo"]')
    page.keyboard.press("Tab")  # what follows is focused by keyboard
    node.focus()
    expect(card(page)).to_contain_text("Direct Preference Optimization")
    drawn = map_module.draw(fixture)
    assert drawn is not None
    touching = [edge for edge in drawn.edges if "dpo" in (edge.start, edge.end)]
    assert page.locator(".pn-map__edge--lit").count() == len(touching) > 1
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/dpo.html")


def test_a_report_names_the_page_its_section_and_the_sentence(site_server: str, visit: Callable[..., Any]) -> None:
    """The link stands on the page only where the site knows its repository; what the script does is the same."""
    page = visit(site_server).open(PAPER)
    page.evaluate("""() => {
      const link = document.createElement("a");
      link.href = "https://github.com/example/notes/issues/new?template=error.yml&page=papers%2Finstructgpt.html";
      link.dataset.pnReport = "";
      link.id = "pn-report";
      link.textContent = "报告错误";
      link.addEventListener("click", (event) => event.preventDefault());
      document.getElementById("pn-report").replaceWith(link);
      const heading = document.getElementById("结果");
      heading.scrollIntoView();
      document.getSelection().selectAllChildren(heading.nextElementSibling);
      window.sentence = String(document.getSelection()).trim().slice(0, 500);
      link.click();
    }""")
    query = parse_qs(urlsplit(page.get_by_text("报告错误").get_attribute("href") or "").query)
    assert query["template"] == ["error.yml"]
    assert query["page"] == ["papers/instructgpt.html，「结果」一节"]
    assert query["sentence"] == [page.evaluate("window.sentence")]


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        pytest.param("标注者更喜欢经过预训练、指令微调（instruction tuning）和对齐的模型，困惑度和过拟合另有说法。", "§4.1，图\u00a01", id="a paragraph"),
        pytest.param("上面的表格", "表\u00a01", id="below a table"),
    ],
)  # fmt: skip
def test_an_error_is_reported_from_its_mark(
    site_server: str, visit: Callable[..., Any], sentence: str, place: str
) -> None:
    """To a form where the site knows its repository; else as a text to copy."""
    page = visit(site_server, permissions=["clipboard-read", "clipboard-write"]).open(PAPER)
    texts = page.locator("article p:has(> .pn-src)").filter(has=page.locator(".pn-src", has_text=place))
    label = texts.locator(".pn-src__label").first
    label.click()
    assert "#" not in page.url, "the card opens; the page stays where it is"
    page.get_by_role("button", name="复制报告用的文字").click()
    expect(page.locator(".pn-preview [role=status]").first).to_have_text("已复制")
    written = f"页面：{PAPER}，「结果」一节\n哪一句：{sentence}\n应当是：\n出处：{place}"
    assert page.evaluate("navigator.clipboard.readText()") == written
    page.get_by_role("button", name="复制这一处的链接").click()
    expect(page.locator(".pn-preview [role=status]").last).to_have_text("链接已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site_server}/{PAPER}{label.get_attribute('href')}"
    assert page.locator(f"#{urlsplit(copied).fragment}").evaluate("owner => owner.matches('p, li, table')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject() } })")
    for _ in range(2):
        page.get_by_role("button", name="复制报告用的文字").click()
        expect(page.locator(".pn-preview__text")).to_have_text(written)
    page.keyboard.press("Escape")
    page.evaluate("""() => {
      const link = document.createElement("a");
      link.href = "https://github.com/example/notes/issues/new?template=error.yml&page=papers%2Finstructgpt.html";
      link.id = "pn-report";
      document.getElementById("pn-report").replaceWith(link);
      document.querySelector("#pn-preview-report").innerHTML = '<a href="#pn-report" data-pn-report>报告这一处</a>';
      document.addEventListener("click", (event) => { window.asked = event.target.href; event.preventDefault(); });
    }""")
    page.mouse.move(0, 0)
    label.hover()
    page.get_by_role("link", name="报告这一处").click()
    query = parse_qs(urlsplit(page.evaluate("window.asked")).query)
    assert query == {
        "template": ["error.yml"],
        "page": [f"{PAPER}，「结果」一节"],
        "sentence": [sentence],
        "source": [place],
    }


def test_what_is_known_of_each_page_is_a_table(site_server: str, visit: Callable[..., Any], fixture: Site) -> None:
    """Whole without scripts; the facts of a page lead to its row."""
    opened = visit(site_server, java_script_enabled=False)
    rows = opened.open("check.html").locator(".pn-check tbody tr")
    assert rows.count() == len(fixture.papers)
    assert "没有另读" in rows.first.inner_text(), "those that want work most come first"
    page = opened.open("papers/ppo.html")
    line = page.locator(".pn-facts__line")
    assert line.all_inner_texts() == ["结果数字 0 个", "对照：PDF 的文本，全文，第 2 版"]
    line.first.get_by_role("link").click()
    expect(page.locator("#ppo")).to_be_in_viewport()


def test_a_mark_is_printed_without_addresses(site_server: str, visit: Callable[..., Any]) -> None:
    page = visit(site_server).open(PAPER)
    page.emulate_media(media="print")
    shown = "(links) => [...new Set(links.map((link) => getComputedStyle(link, '::after').content))]"
    assert page.locator(".pn-src a").evaluate_all(shown) == ["none"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_button_that_saves_the_site_looks_like_one(site_server: str, visit: Callable[..., Any], dark: bool) -> None:
    page = visit(site_server, width=390, dark=dark).open("offline.html")
    button = page.locator(".pn-offline__button").first
    expect(button).to_be_visible()
    fill, ground = (
        where.evaluate("(each) => getComputedStyle(each).backgroundColor") for where in (button, page.locator("body"))
    )
    assert fill != ground
    text = page.locator(".pn-article > p").first.bounding_box()
    assert (button.bounding_box() or {})["x"] == (text or {})["x"]


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        pytest.param("dpo", "2,025 次", id="below ten thousand"),
        pytest.param("instructgpt", "2.1 万 次（20,786）", id="from ten thousand on, with the exact number"),
    ],
)
def test_a_count_is_no_year_and_says_its_day(
    site_server: str, visit: Callable[..., Any], paper: str, words: str
) -> None:
    page = visit(site_server).open(f"papers/{paper}.html")
    count = page.locator(".pn-facts .pn-count").inner_text()
    assert words in count
    assert re.search(r"，\d{4} 年 \d+ 月 \d+ 日或更早(，生成本页时已过至少 [\d 年个月]+)?$", count), count
