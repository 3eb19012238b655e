"""Figure blocks: the sentence that the author of a bad one reads, and what a good one becomes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from papernotes.data import site as sites
from papernotes.figures import block_rules, figure
from papernotes.figures.render import Gallery, list_of_figures, show_thumbnails, totals
from papernotes.rules import checker, pairs, source
from papernotes.text import slash_blocks
from papernotes.text.document import Document

Findings = Callable[[], list[str]]

PATH = "docs/papers/yolo.md"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">
  <title>格子</title>
  <desc>一个方格</desc>
  <defs><marker id="tip" viewBox="0 0 8 8"><path class="pn-svg__dark" d="M0 0h8z"/></marker></defs>
  <path class="pn-svg__line" marker-end="url(#tip)" d="M0 0h20"/>
</svg>
"""
FILL = "把整张图切成小格，每格直接报出框和类别，快是快了，却也因此漏掉挤在一起的小东西。" * 8
PAGE = f"""---
arxiv: "1506.02640"
version: 5
name: YOLO
title: 你只看一次
tier: short
summary: 一句话。
tags: [视觉]
builds_on: []
checked: {{day: 2026-11-20, by: writer}}
---

## 做法

{FILL}

/// figure | Figure 4
    id: errors
    caption: 两种错误的比例
    status: 已核
    page: 6
    html: {{url: "https://arxiv.org/html/1506.02640v5#S4.F4", checked: 2026-11-22}}
    picture: grid.svg
    alt: 一个方格
    markers: [[0.25, 0.5], [1, 0]]
1. 先看左边，
   再看右边。
2. 看「定位」一块。

结论：错得不一样。
///

见 [@fig:errors]、[@fig:yolo/other 那张图]，代码 `[@fig:no]` 不算。

/// figure | Table A3
    id: other
    caption: 另一张
    status: 待核
    paper: "2005.14165"
1. 只看一处。

结论：见 [@fig:errors]。
///

## 相关论文

- [@2106.09685]：另一页。
"""
FIRST = 17  # line of the first block's header
SECOND = 35


@pytest.fixture
def page(docs: Path) -> Path:
    """A page with two good blocks and a picture, in the tiny docs folder."""
    file = docs / "papers/yolo.md"
    file.write_text(PAGE, encoding="utf-8")
    (docs / "papers/yolo").mkdir()
    (docs / "papers/yolo/grid.svg").write_text(SVG, encoding="utf-8")
    return file


def edit(page: Path, old: str, new: str) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    page.write_text(text.replace(old, new), encoding="utf-8")


def test_the_page_is_clean(page: Path, findings: Findings) -> None:
    assert findings() == []
    lines = PAGE.splitlines()
    assert lines[FIRST - 1].startswith("/// figure | Figure") and lines[SECOND - 1].startswith("/// figure | Table")


BAD = [
    pytest.param("/// figure | Figure 4", "/// figrue | Figure 4", [
        f"{PATH}:17:1: figure-block: there is no block named 'figrue'; did you mean figure?",
    ], id="misspelt name"),
    pytest.param("/// figure | Figure 4", "/// Figure | Figure 4", [
        f"{PATH}:17:1: figure-block: there is no block named 'Figure'; did you mean figure?",
    ], id="name in capitals, which Blocks would accept"),
    pytest.param("/// figure | Figure 4", "  /// figure | Figure 4", [
        f"{PATH}:17:1: figure-block: '/// figure | Figure 4' is indented; start the line at the left margin",
    ], id="indented header"),
    pytest.param("/// figure | Figure 4", "//// figure | Figure 4", [
        f"{PATH}:17:1: figure-block: '//// figure | Figure 4' has 4 slashes; write three",
    ], id="four slashes"),
    pytest.param("/// figure | Figure 4", "/// figure Figure 4", [
        f"{PATH}:17:1: figure-block: '/// figure Figure 4' is not a block header; write /// figure | Figure N or /// pairs | 摘要",
    ], id="no bar"),
    pytest.param("结论：错得不一样。\n///", "结论：错得不一样。", [
        f"{PATH}:17:1: figure-block: the block is not closed; end it with a line that is only ///",
    ], id="unclosed, the next block follows"),
    pytest.param("结论：见 [@fig:errors]。\n///", "结论：见 [@fig:errors]。", [
        f"{PATH}:35:1: figure-block: the block is not closed; end it with a line that is only ///",
    ], id="unclosed, a heading follows"),
    pytest.param(f"{FILL}\n\n///", f"{FILL}\n///", [
        f"{PATH}:16:1: figure-block: no blank line before the block; add one",
    ], id="no blank line before"),
    pytest.param("| Figure 4", "| Fig two", [
        f"{PATH}:17:1: figure-label: 'Fig two' is not a label; write Figure 2, Figure 2a, Table A3, Algorithm 1, or 自绘 for a drawing of ours",
    ], id="Fig two"),
    pytest.param("| Figure 4", "", [
        f"{PATH}:17:1: figure-label: '' is not a label; write Figure 2, Figure 2a, Table A3, Algorithm 1, or 自绘 for a drawing of ours",
    ], id="no label"),
    pytest.param("    page: 6\n", "    page: 6\n    wide: true\n", [
        f"{PATH}:22:5: figure-option: unknown option 'wide'; the options are id, caption, status, version, paper, page, html, picture, alt, markers",
    ], id="unknown option"),
    pytest.param("    page: 6\n", "    page: 6\n    attrs: {onclick: 'x'}\n", [
        f"{PATH}:22:5: figure-option: unknown option 'attrs'; the options are id, caption, status, version, paper, page, html, picture, alt, markers",
    ], id="attributes, which Blocks would accept"),
    pytest.param("    page: 6\n", "    page: seven\n", [
        f"{PATH}:21:11: figure-option: page 'seven' is not a number; write a whole number from 1",
    ], id="page in words"),
    pytest.param("    page: 6\n", "    page: 6\n    page: 7\n", [
        f"{PATH}:22:5: figure-option: 'page' is repeated; keep one",
    ], id="option twice"),
    pytest.param("caption: 两种错误的比例", "caption: [两种]", [
        f"{PATH}:19:14: figure-option: caption '' is not a text; write a text",
    ], id="caption is a list"),
    pytest.param("    caption: 两种错误的比例\n", "", [
        f"{PATH}:17:1: figure-option: no caption; add caption: a Chinese caption of our own",
    ], id="no caption"),
    pytest.param("caption: 两种错误的比例", "caption: 两种: 错误", [
        f"{PATH}:19:14: figure-option: YAML does not read '两种: 错误' as text; put the value in quotes",
        "docs/papers/yolo/grid.svg:1:1: picture-file: no figure uses this picture; name it in a block of docs/papers/yolo.md, or delete it",
    ], id="bad YAML"),
    pytest.param("caption: 两种错误的比例", "caption: &a 两种", [
        f"{PATH}:19:14: figure-option: anchors and aliases are not allowed; write the value out",
    ], id="YAML anchor"),
    pytest.param("status: 已核", "status: 核过", [
        f"{PATH}:20:13: figure-option: status '核过'; write 已核 where the number was seen, else 待核",
    ], id="unknown status"),
    pytest.param("    status: 已核\n", "", [
        f"{PATH}:17:1: figure-option: no status; add status: 已核 where the number was seen, else 待核",
    ], id="no status"),
    pytest.param("id: errors", "id: 错误", [
        f"{PATH}:18:9: figure-id: '错误' is not an id; use a-z, 0-9 and single hyphens, starting with a letter",
    ], id="id in Chinese"),
    pytest.param("id: other", "id: errors", [
        f"{PATH}:36:9: figure-id: 'errors' is also the id of figure 1; give it another id",
    ], id="duplicate id"),
    pytest.param('paper: "2005.14165"', 'paper: "1703.06870"', [
        f"{PATH}:39:12: figure-paper: '1703.06870' is not in the ledger; check the id, or add the record",
    ], id="unknown paper"),
    pytest.param('paper: "2005.14165"', "paper: 2005.14165", [
        f"{PATH}:39:12: figure-option: paper '2005.14165' is not a text; write the id in quotes: \"2310.16944\"",
    ], id="paper without quotes"),
    pytest.param('paper: "2005.14165"', 'paper: "2005.14165"\n    version: 5', [
        f"{PATH}:40:14: figure-paper: 2005.14165 has no version 5; the newest known to the ledger is 4",
    ], id="version unknown to the ledger"),
    pytest.param('paper: "2005.14165"', 'paper: "2005.14165"\n    page: 3', [
        f"{PATH}:40:11: figure-paper: a page without a version; add the version it was seen in",
    ], id="page of no version"),
    pytest.param("1506.02640v5#S4.F4", "1506.02640v4#S4.F4", [
        f"{PATH}:22:11: figure-paper: html is of another paper or version; give both the same",
    ], id="HTML anchor of another version"),
    pytest.param("checked: 2026-11-22}", "checked: 2027-01-01}", [
        f"{PATH}:22:11: figure-paper: checked on 2027-01-01; that day is in the future",
    ], id="HTML anchor checked in the future"),
    pytest.param("https://arxiv.org/html", "https://example.org/html", [
        f"{PATH}:22:11: figure-option: html is not an anchor with its day; write {{url: https://arxiv.org/html/2305.18290v3#S4.F2, checked: 2026-11-23}}",
    ], id="HTML anchor elsewhere"),
    pytest.param("picture: grid.svg", "picture: gird.svg", [
        f"{PATH}:23:14: figure-picture: there is no docs/papers/yolo/gird.svg; draw it, or mend the name",
    ], id="picture that is not there"),
    pytest.param("picture: grid.svg", "picture: ../../../secret.svg", [
        f"{PATH}:23:14: figure-picture: picture '../../../secret.svg'; name an SVG of docs/papers/yolo/, in a-z, 0-9 and hyphens",
    ], id="picture outside of the page's folder"),
    pytest.param("alt: 一个方格", "alt: 一个 $x_{IA}$ 方格", [
        f"{PATH}:24:10: figure-option: alt holds '$x_{{IA}}$', which is read out as it stands; write plain words",
    ], id="a formula in what is read out"),
    pytest.param("    alt: 一个方格\n", "", [
        f"{PATH}:23:14: figure-picture: no alt; say in one sentence what the picture shows",
    ], id="no alternative text"),
    pytest.param("    picture: grid.svg\n", "", [
        f"{PATH}:23:10: figure-picture: alt without picture; remove it, or add the picture",
        f"{PATH}:24:14: figure-picture: markers without picture; remove it, or add the picture",
        "docs/papers/yolo/grid.svg:1:1: picture-file: no figure uses this picture; name it in a block of docs/papers/yolo.md, or delete it",
    ], id="alt without picture"),
    pytest.param("/// figure | Table A3", "/// figure | 自绘", [
        f"{PATH}:35:1: figure-picture: a drawing of ours without picture; add picture: name.svg",
    ], id="drawing without picture"),
    pytest.param("| Figure 4", "| 自绘", [
        f"{PATH}:21:11: figure-option: page on a drawing of ours; remove it: 自绘 has none",
        f"{PATH}:22:11: figure-option: html on a drawing of ours; remove it: 自绘 has none",
    ], id="drawing with a page"),
    pytest.param("[1, 0]]", "[1.2, 0]]", [
        f"{PATH}:25:14: figure-marker: marker 2 at [1.2, 0] is outside the picture; give fractions of width and height from 0 to 1",
    ], id="marker outside"),
    pytest.param("[[0.25, 0.5], [1, 0]]", "[[0.25, 0.5]]", [
        f"{PATH}:25:14: figure-marker: 1 markers for 2 annotations; give one per annotation",
    ], id="too few markers"),
    pytest.param("[[0.25, 0.5], [1, 0]]", "[[0.25, left], [1, 0]]", [
        f"{PATH}:25:14: figure-option: markers are not a list of points; write [[0.2, 0.4], [0.7, 0.3]]",
    ], id="marker in words"),
    pytest.param("2. 看「定位」", "3. 看「定位」", [
        f"{PATH}:28:1: figure-note: annotation 3 where 2 is due; number them 1, 2, 3 without a gap",
    ], id="gap in the numbers"),
    pytest.param("1. 只看一处。\n\n", "", [
        f"{PATH}:35:1: figure-note: no annotations; write what to look at as a list: 1. ……",
    ], id="no annotations"),
    pytest.param("结论：错得不一样。", "错得不一样。", [
        f"{PATH}:30:1: figure-note: '错得不一样。' is neither an annotation nor the conclusion; a block holds a numbered list and one paragraph that starts with 结论：",
    ], id="no conclusion"),
    pytest.param("    caption: 两种错误的比例", "  caption: 两种错误的比例", [
        f"{PATH}:19:1: figure-block: the option 'caption' is not indented like the others; indent it by four spaces",
    ], id="an option indented by two spaces"),
    pytest.param("一块。\n\n结论", "一块。\n结论", [
        f"{PATH}:29:1: figure-note: no blank line before 结论：; add one, or it joins the list",
    ], id="conclusion joined to the list"),
    pytest.param("[@fig:errors]、", "[@fig:erors]、", [
        f"{PATH}:33:3: figure-reference: papers/yolo.md has no figure 'erors'; did you mean errors?",
    ], id="misspelt reference"),
    pytest.param("[@fig:yolo/other 那张图]", "[@fig:yoloo/other]", [
        f"{PATH}:33:17: figure-reference: there is no page 'yoloo'; did you mean yolo?",
    ], id="reference to no page"),
    pytest.param("[@fig:yolo/other 那张图]", "[@fig:]", [
        f"{PATH}:33:17: figure-reference: '[@fig:]' names no figure; write [@fig:id] or [@fig:page/id]",
    ], id="reference to nothing"),
    pytest.param("见 [@fig:errors]、", "见 ", [
        f"{PATH}:18:9: figure-unmentioned: no text leads to the figure 'errors'; write [@fig:errors] in a paragraph that speaks of it",
    ], id="reference in a figure alone"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentences"), BAD)
def test_a_bad_block_is_a_finding(page: Path, findings: Findings, old: str, new: str, sentences: list[str]) -> None:
    edit(page, old, new)
    rules = {sentence.split(": ")[1] for sentence in sentences}  # what follows from it elsewhere is not the point here
    found = [sentence for sentence in findings() if sentence.split(": ")[1] in rules]
    assert found == sorted(sentences, key=_place)


def _place(sentence: str) -> tuple[str, int, int]:
    path, line, column, _ = sentence.split(":", 3)
    return path, int(line), int(column)


def test_every_rule_of_figures_has_a_bad_page() -> None:
    seen = {sentence.split(": ")[1] for case in BAD for sentence in case.values[2]}
    other = {"svg"}  # in test_svg.py
    assert {rule.name for rule in block_rules.RULES} == seen | other


@pytest.mark.parametrize("name", ["figure2.png", "photo.jpg", "figure.pdf"])
def test_only_drawings_of_ours_stand_among_the_pages(page: Path, findings: Findings, name: str) -> None:
    (page.parent / "yolo" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    what = f"a file '{Path(name).suffix}' does not belong here"
    assert any(sentence.startswith(f"docs/papers/yolo/{name}:1:1: unsafe-file: {what}; ") for sentence in findings())


def test_a_bad_picture_is_a_finding_at_its_own_line(page: Path, findings: Findings) -> None:
    picture = page.parent / "yolo/grid.svg"
    picture.write_text(SVG.replace('d="M0 0h20"', 'd="M0 0h20" onclick="x()"'), encoding="utf-8")
    what = "event attribute 'onclick'; a picture may not run anything: remove it"
    assert findings() == [f"docs/papers/yolo/grid.svg:5:3: svg: {what}"]


def test_a_figure_stands_in_papers_or_topics_only(docs: Path, page: Path, findings: Findings) -> None:
    block = PAGE[PAGE.index("/// figure | Table") : PAGE.index("## 相关论文")].replace("[@fig:errors]", "如此")
    index = docs / "index.md"
    index.write_text(f"{index.read_text(encoding='utf-8')}\n\n{block}", encoding="utf-8")
    assert any(
        "figure-block: a figure on this page; figures live in papers/ and topics/" in each for each in findings()
    )


@pytest.mark.parametrize("text", ["```\n/// figure | Figure 1\n```", "<!-- /// figure | Figure 1 -->", "`/// figure`"])
def test_a_block_shown_as_code_is_none(text: str) -> None:
    assert slash_blocks.scan(Document("p.md", "p.md", text, None, 0)) == slash_blocks.Scan((), ())


# --- rendering --------------------------------------------------------------------------------------------------------


def render(docs: Path, uri: str = "papers/yolo.md") -> tuple[str, Gallery]:
    library = checker.library()
    site, _ = sites.load(docs, root=docs.parent, today=date(2026, 11, 23), parse=library.parse)
    linked = library.linked(site, terms=False)
    return linked.rendered(uri).html, linked.gallery


def test_blocks_become_numbered_figures_with_their_links(page: Path) -> None:
    html, gallery = render(page.parent.parent)
    assert "///" not in html
    ids = re.findall(r'<figure class="pn-figure" id="([^"]+)"', html)
    assert ids == ["fig-errors", "fig-other"]
    assert '<a class="pn-figure__number" href="#fig-errors">图\u00a01</a> 两种错误的比例' in html
    assert (
        '<a href="https://arxiv.org/pdf/1506.02640v5#page=6">YOLO v5，Figure\u00a04，PDF 第\u00a06\u00a0页</a>' in html
    )
    assert '<a href="https://arxiv.org/html/1506.02640v5#S4.F4">HTML 版</a>（2026-11-22 查）' in html
    assert '<a href="https://arxiv.org/abs/2005.14165">' in html  # no version read, no page seen
    assert html.count("图号待核</span>") == 1
    assert html.count("请对着原图看：") == 1 and html.index("请对着原图看：") > html.index('id="fig-other"')
    assert '<p class="pn-figure__conclusion">结论：错得不一样。</p>' in html
    assert [figure.number for figure in gallery.pages["papers/yolo.md"]] == [1, 2]


def test_markers_and_notes_are_tied(page: Path) -> None:
    html, _ = render(page.parent.parent)
    assert 'id="fig-errors-mark-1" style="left:25.00%;top:50.00%">1</a>' in html
    assert 'href="#fig-errors-note-2" id="fig-errors-mark-2" style="left:100.00%;top:0.00%"' in html
    assert '<li id="fig-errors-note-1"><a aria-label="图上的标记 1"' in html
    assert 'href="#fig-errors-mark-1">1</a>先看左边' in html
    assert "fig-other-mark" not in html


def test_the_picture_is_inlined_with_ids_of_its_own(page: Path) -> None:
    html, _ = render(page.parent.parent)
    assert '<svg viewBox="0 0 40 30"' in html and 'aria-label="一个方格"' in html
    assert 'id="fig-errors-svg-tip"' in html and "url(#fig-errors-svg-tip)" in html
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_references_lead_to_the_figure_and_bring_its_preview(page: Path) -> None:
    html, _ = render(page.parent.parent)
    assert '<a class="pn-figure-reference" data-pn-preview="fig-yolo-errors" href="#fig-errors">图\u00a01</a>' in html
    assert ">那张图</a>" in html
    assert "<code>[@fig:no]</code>" in html
    cards = re.findall(r'id="pn-preview-([^"]+)"', html)
    assert cards == ["fig-yolo-errors", "fig-yolo-other"]
    edit(page.parent / "small.md", "## 相关论文", "又见 [@fig:yolo/errors]。\n\n## 相关论文")
    html, _ = render(page.parent.parent, "papers/small.md")
    assert (
        '<a class="pn-figure-reference" data-pn-preview="fig-yolo-errors" href="yolo.html#fig-errors">YOLO 图\u00a01</a>'
        in html
    )


def test_the_list_names_every_figure_and_says_what_is_unverified(page: Path) -> None:
    _, gallery = render(page.parent.parent)
    listed = list_of_figures(gallery).splitlines()
    assert [line for line in listed if "张：" in line] == [
        "示意图，5 张：[InstructGPT 图\u00a01](papers/instructgpt.md#fig-pipeline)、[InstructGPT 图\u00a03](papers/instructgpt.md#fig-own)、"
        "[SAM 图\u00a01](papers/segment-anything.md#fig-parts)、[YOLO 图\u00a01](papers/yolo.md#fig-errors)、[视觉 图\u00a01](topics/vision.md#fig-overview)。",
        "要对着原图看的，2 张：[InstructGPT 图\u00a02](papers/instructgpt.md#fig-candidates)、[YOLO 图\u00a02](papers/yolo.md#fig-other)。",
    ]
    assert listed[listed.index("## YOLO") :][:4] == [
        "## YOLO",
        "",
        "- <!--pn-thumbnail:papers/yolo/grid.svg-->[图 1](papers/yolo.md#fig-errors) 两种错误的比例（原图：[YOLO v5，Figure\u00a04，PDF 第\u00a06\u00a0页](https://arxiv.org/pdf/1506.02640v5#page=6)）",
        "- [图 2](papers/yolo.md#fig-other) 另一张（原图：[Language Models are Few-Shot Learners，版本未注明，Table\u00a0A3](https://arxiv.org/abs/2005.14165)；图号待核）",
    ]
    html = show_thumbnails("\n".join(listed), page.parent.parent)
    shown = re.findall(r'<span class="pn-thumbnail"><svg [^>]*aria-hidden="true"', html)
    assert len(shown) == 5 and "<title" not in html and re.search('id="pn-thumbnail-[1-5]-tip"', html)
    assert totals(gallery)["figures"] == sum(line.startswith("- ") for line in listed)


@pytest.mark.parametrize(("old", "new", "sentences"), [case for case in BAD if "reference" not in str(case.id)])
def test_a_bad_block_is_never_half_rendered(page: Path, old: str, new: str, sentences: list[str]) -> None:
    """With the checker off: a block with a finding is not said to be a paper's, and none of its attributes reaches the page."""
    edit(page, old, new)
    html, gallery = render(page.parent.parent)
    sourced = re.findall(r'<p class="pn-figure__source">[^<]', html)
    assert len(sourced) <= len(gallery.of("papers/yolo.md")) < 2, sentences
    assert not re.search(r"<[^>]*\bonclick", html)


# --- what hides a block from the scanner but not from Markdown --------------------------------------------------------

HIDING = [
    pytest.param(f"{FILL}\n", f"{FILL}\n\n```\n", [
        f"{PATH}:17:1: page-unclosed: the fence ``` is not closed; end the block with ```",
    ], id="open fence"),
    pytest.param(f"{FILL}\n", f"{FILL}\n\n~~~~ text\n~~~\n", [
        f"{PATH}:17:1: page-unclosed: the fence ~~~~ is not closed; end the block with ~~~~",
    ], id="fence closed by a shorter one"),
    pytest.param(f"{FILL}\n", f"{FILL}\n\n<!-- 待补\n", [
        f"{PATH}:17:1: page-unclosed: the comment is not closed; end it with -->",
    ], id="open comment"),
    pytest.param(f"{FILL}\n", f"{FILL}<!-- 待补\n\n-->\n", [
        f"{PATH}:15:{len(FILL) + 1}: page-unclosed: the comment starts in a line and runs over a blank one; start it on a line of its own",
    ], id="comment over a blank line, begun within a line"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentences"), HIDING)
def test_nothing_hides_from_the_checks(
    page: Path, findings: Findings, old: str, new: str, sentences: list[str]
) -> None:
    edit(page, old, new)
    assert [sentence for sentence in findings() if ": page-unclosed: " in sentence] == sentences


@pytest.mark.parametrize(
    "text", ["```\n<!--\n```", "`<!--`", "<!-- 一\n\n二 -->", "句中<!-- 一 -->句末", "~~~\n```\n~~~"]
)
def test_what_is_closed_is_left_alone(page: Path, findings: Findings, text: str) -> None:
    edit(page, f"{FILL}\n", f"{FILL}\n\n{text}\n")
    assert [sentence for sentence in findings() if ": page-unclosed: " in sentence] == []


def test_mutated_pages_are_found_or_rendered_whole(docs: Path, page: Path) -> None:
    """A seeded part of a longer run: whatever is done to a page, no traceback, and what has no finding is rendered."""
    library = checker.library()
    site, _ = sites.load(docs, root=docs.parent, today=date(2026, 11, 23), parse=library.parse)
    body = site.documents["papers/yolo.md"].body
    bits = ["///", "////", "\n", "    ", "1. ", "9" * 5000, "结论：", "[@fig:", "&a", "!!x", "{", "]", ": ", "```\n", "<!--", "-->", "~~~", "> ", "## x\n", "2023-13-45", ".nan"]  # fmt: skip
    draw = random.Random(4)
    for _ in range(300):
        text = body
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(len(text))
            cut = draw.choice([0, 0, draw.randint(1, 40)])
            text = text[:at] + (draw.choice(bits) if not cut else "") + text[at + cut :]
        document = replace(site.documents["papers/yolo.md"], text=text, body_start=0)
        if [*figure.check(document, site), *source.check(document, site), *pairs.check(document, site)]:
            continue
        here = replace(site, documents={**site.documents, document.uri: document})
        html = library.linked(here, terms=False).rendered(document.uri).html
        assert html.count('<figure class="pn-figure"') == len(figure.figures_of(document, here)), text
        assert "<p>///" not in html, text
