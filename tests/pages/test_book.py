"""Pages as chapters: what e-book readers cannot show is gone, and every link leads somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from conftest import ROOT

from papernotes.build.finish import assets
from papernotes.data.site import Site
from papernotes.pages.book import chapter, contents, package, style, xhtml

DPO = "papers/dpo.md"
SHEETS = ROOT / "overrides" / assets.STYLES
PUBLISHER = package.Publisher(
    "示例站", "", datetime(2026, 11, 28, 14, 9, 16, tzinfo=UTC), "p { color: var(--pn-ink) }", "", {}
)


def made(
    html: str, site: Site, uri: str = DPO, uris: tuple[str, ...] = (DPO, "papers/ppo.md"), site_url: str = ""
) -> chapter.Chapter:
    result = chapter.make(html, uri, "题", site, uris, site_url, ("dpo",))
    chapter.settle([result, *(chapter.make("", each, "", site, uris, "", ()) for each in uris if each != uri)])
    return result


def shown(html: str, site: Site, **options: str) -> str:
    """What the body of a chapter holds."""
    text = ElementTree.tostring(made(html, site, **options).body, encoding="unicode")
    return text.removeprefix('<body class="pn-chapter">').removesuffix("</body>")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>a&nbsp;&amp;<br>b", "<p>a\xa0&amp;<br />b</p>", id="HTML that XML does not take"),
        pytest.param("<p>来源：\u2060\x01甲<!--x--></p>", "<p>来源：甲</p>", id="what XML or small fonts do not have"),
        pytest.param(
            '<h2 id="3.1 甲"><a class="pn-heading" href="#3.1 甲">甲</a></h2>', '<h2 id="_3.1_20_甲">甲</h2>', id="an id that is not a name"
        ),
        pytest.param('<p id="a"><a href="#a">x</a> <a href="#b">y</a></p>', '<p id="a"><a href="#a">x</a> y</p>', id="places in the chapter"),
        pytest.param('<a href="ppo.html">x</a>', '<a href="ppo.xhtml">x</a>', id="a chapter"),
        pytest.param('<a href="ppo.html#away">x</a>', '<a href="ppo.xhtml">x</a>', id="a place that another chapter lacks"),
        pytest.param('<a href="../glossary.html#term-x">x</a>', "x", id="a page that is not in the book"),
        pytest.param(
            '<a href="instructgpt.html#要点">x</a>', '<a href="https://arxiv.org/abs/2203.02155v1">x</a>', id="a paper that is not in the book"
        ),
        pytest.param('<a href="https://example.org/?a=1&amp;b">x</a>', '<a href="https://example.org/?a=1&amp;b">x</a>', id="the net"),
        pytest.param(
            '<p class="pn-actions"><button>x</button></p><div class="pn-card" hidden>y</div>z<wbr>', "z", id="controls and cards"
        ),
        pytest.param(
            '<dd><details class="pn-facts__more"><summary lang="zh">等 9 人</summary><div class="pn-facts__all">A, B</div></details></dd>',
            '<dd><span class="pn-facts__more"><span lang="zh">等 9 人</span></span></dd>',
            id="authors that the page folds away",
        ),
        pytest.param(
            '<span class="pn-formula" tabindex="0"><math display="block" style="x:y"><semantics><mi>x</mi>'
            '<annotation encoding="application/x-tex">a &lt;\n b</annotation></semantics></math></span>',
            '<span class="pn-formula"><math display="block" alttext="a &lt; b"><mi>x</mi></math></span>',
            id="a formula has its TeX as its other text alone",
        ),
        pytest.param('<p><img src="a.avif" alt="甲"></p>', "<p><em>甲</em></p>", id="a picture that readers do not know"),
        pytest.param('<p><img src="none.png" alt="甲"></p>', "<p><em>甲</em></p>", id="a picture that is not there"),
        pytest.param('<table><tr><td style="text-align: right;" onclick="x">1', '<table><tbody><tr><td style="text-align: right;">1</td></tr></tbody></table>', id="attributes"),
    ],
)  # fmt: skip
def test_a_page_becomes_a_chapter(html: str, expected: str, fixture: Site) -> None:
    assert shown(html, fixture) == expected


def test_a_published_site_is_where_links_out_of_the_book_lead(fixture: Site) -> None:
    text = shown('<a href="../guide/index.html#要">x</a>', fixture, site_url="https://example.org/zh/")
    assert text == '<a href="https://example.org/zh/guide/index.html#要">x</a>'


def test_a_term_is_a_note_that_pops_up_and_leads_back(fixture: Site) -> None:
    term = next(iter(fixture.glossary.terms.values()))
    link = f'<a class="pn-term" data-pn-preview="{term.anchor}" aria-describedby="x" href="../glossary.html#{term.anchor}">词</a>'
    body = made(f"<p>{link}，{link}</p>", fixture).body
    first, second = xhtml.with_class(body, "pn-term")
    note = xhtml.with_class(body, "pn-note")
    assert first.attrib == {
        "class": "pn-term",
        "href": f"#note-{term.anchor}",
        "id": f"ref-{term.anchor}",
        "epub:type": "noteref",
        "role": "doc-noteref",
    }
    assert "id" not in second.attrib
    assert [(each.tag, each.attrib["id"], each.attrib["epub:type"]) for each in note] == [
        ("aside", f"note-{term.anchor}", "footnote")
    ]
    assert note[0][0][0].attrib["href"] == f"#ref-{term.anchor}"
    assert term.definition in xhtml.text_of(note[0])


def test_the_markers_of_a_picture_are_drawn_into_it(fixture: Site) -> None:
    body = made(
        '<figure class="pn-figure" id="f"><figcaption class="pn-figure__caption">c</figcaption><div class="pn-figure__stage"><div><svg viewBox="0 0 200 100" role="img"><defs><path id="p"/></defs>'
        '<use href="#p"/></svg></div><a aria-label="批注 1" class="pn-figure__mark" href="#n" id="m" style="left:50.00%;top:25.00%">1</a></div>'
        '<ol><li id="n"><a class="pn-figure__to-mark" href="#m">1</a>x</li></ol></figure>',
        fixture,
    ).body
    (drawing,) = body.iter("svg")
    mark = drawing[-1]
    assert drawing.attrib["role"] == "group"
    assert drawing[1].attrib == {"xlink:href": "#p"}
    assert mark.attrib == {"id": "m", "class": "pn-figure__mark", "aria-label": "批注 1", "xlink:href": "#n"}
    assert (mark[0].attrib["cx"], mark[0].attrib["cy"], mark[1].text) == ("100", "25", "1")
    assert [each.attrib["href"] for each in xhtml.with_class(body, "pn-figure__to-mark")] == ["#m"]
    block = body[0]
    assert (block.tag, block.get("id"), [each.tag for each in block]) == ("div", "f", ["figure", "ol"])
    assert [each.tag for each in block[0]] == ["figcaption", "div"], "the caption and the picture stay on one page"


def test_the_glossary_has_the_terms_of_the_book_and_no_empty_group(fixture: Site) -> None:
    html = (
        '<p>序</p><h2 id="a">甲</h2><section class="pn-entry" id="term-x"></section>'
        '<h2 id="b">乙</h2><section class="pn-entry" id="term-y"></section><section class="pn-entry" id="term-z"></section>'
    )
    made = chapter.make(html, "glossary.md", "术语表", fixture, ["glossary.md"], "", ["z"])
    assert [each.get("id") for each in made.body] == [None, "b", "term-z"]
    assert made.sections == (("b", "乙"),)


@pytest.mark.parametrize("one", ["a b", "a_20_b", "1", "_1", "甲", "a:b", "", "fn:1"])
def test_ids_are_names_and_stay_apart(one: str) -> None:
    ids = ["a b", "a-b", "1", "甲", "a:b", "fn:1", "fn-1"]
    assert xhtml.name(one)[0].isalpha() or xhtml.name(one).startswith("_") or not one
    assert len({xhtml.name(each) for each in ids}) == len(ids)


# --- the style sheet ---------------------------------------------------------------------------------------------------

THEME = """
:root { --pn-serif: "Song", serif; }
[data-md-color-scheme] { --pn-ink: #111; --pn-code: var(--pn-ink); }
@media screen { [data-md-color-scheme="slate"] { --pn-ink: #eee; } }
@media print { [data-md-color-scheme] { --pn-ink: #000; } }
"""


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        pytest.param("p { margin: 0 }", "p { margin: 0; }\n", id="no colour"),
        pytest.param(
            "p { color: var(--pn-ink); margin: 0 }",
            "p { color: #111; margin: 0; }\n@media (prefers-color-scheme: dark) {\n  p { color: #eee; }\n}\n"
            ".calibre-viewer-dark-colors :is(p) { color: #eee; }\n",
            id="a colour, in the dark alone again",
        ),
        pytest.param(
            "a, b { border: 1px solid var(--pn-code) }",
            "a, b { border: 1px solid #111; }\n@media (prefers-color-scheme: dark) {\n  a, b { border: 1px solid #eee; }\n}\n"
            ".calibre-viewer-dark-colors :is(a, b) { border: 1px solid #eee; }\n",
            id="a colour that names another",
        ),
        pytest.param("p { font-family: var(--pn-serif) }", 'p { font-family: "Song", serif; }\n', id="fonts"),
        pytest.param("p { font: var(--no, inherit) }", "p { font: inherit; }\n", id="a fallback"),
        pytest.param("@media print { p { color: red } }\n/* x */", "\n", id="what is for printers"),
    ],
)
def test_custom_properties_are_put_in(sheet: str, expected: str) -> None:
    assert style.style(sheet, THEME) == expected


def test_no_custom_property_is_left_in_the_sheet_of_books() -> None:
    sheet = style.style(
        assets.sheet(ROOT / "overrides", "book.css").content, (SHEETS / "theme.css").read_text(encoding="utf-8")
    )
    assert "var(" not in sheet
    assert "initial" not in sheet
    assert "@media (prefers-color-scheme: dark)" in sheet


# --- the package -------------------------------------------------------------------------------------------------------


def files(book: contents.Contents, site: Site, html: str = "<h1>题</h1>") -> dict[str, str]:
    theme = (SHEETS / "theme.css").read_text(encoding="utf-8")
    found = package.files(book, site, replace(PUBLISHER, theme=theme), lambda _: html, lambda _: [])
    return {path: data.decode() for path, data in found.items()}


def test_titles_are_text_whatever_is_in_them(fixture: Site) -> None:
    hostile = "A <b>\"bold\"</b> & $\\alpha^2$ title：'x'"
    made = files(contents.Contents("x", hostile, hostile, (contents.Part(None, ("about.md",)),)), fixture)
    for path, text in made.items():
        if path.endswith((".xhtml", ".opf", ".svg", ".xml")):
            root = ElementTree.fromstring(text)
            assert not [element for element in root.iter() if element.tag.endswith("}b")]
    package_document = ElementTree.fromstring(made["EPUB/package.opf"])
    assert package_document.findtext(".//{http://purl.org/dc/elements/1.1/}title") == hostile


def test_a_topic_without_papers_is_a_book_of_one_chapter(fixture: Site) -> None:
    first = next(iter(fixture.topics.values()))
    topic = replace(first, title="空", summary="什么也没有。", papers=())
    book = contents.of_topic(topic, fixture)
    assert book.uris == (first.uri, "glossary.md", "about.md")
    made = files(book, fixture)
    assert "EPUB/glossary.xhtml" not in made, "no term is used"
    assert [path for path in made if path.endswith(".xhtml")] == [
        "EPUB/title.xhtml",
        "EPUB/contents.xhtml",
        f"EPUB/{chapter.path_of(first.uri)}",
        "EPUB/about.xhtml",
    ]


def test_the_package_lists_every_file_once_and_says_what_is_in_it(fixture: Site) -> None:
    html = '<h1>题</h1><svg viewBox="0 0 1 1"></svg><math><mi>x</mi></math>'
    made = files(contents.Contents("x", "题", "", (contents.Part("甲", ("about.md",)),)), fixture, html)
    assert next(iter(made.items())) == ("mimetype", "application/epub+zip")
    root = ElementTree.fromstring(made["EPUB/package.opf"])
    items = {element.attrib["href"]: element.attrib for element in root.iter("{http://www.idpf.org/2007/opf}item")}
    assert {f"EPUB/{path}" for path in items} | {"mimetype", "META-INF/container.xml", "EPUB/package.opf"} == set(made)
    assert items["about.xhtml"]["properties"] == "mathml svg"
    assert items["contents.xhtml"]["properties"] == "nav"
    assert items["cover.svg"]["properties"] == "cover-image"


def test_a_book_keeps_its_identifier_and_another_site_has_another() -> None:
    book = contents.Contents("x", "题", "", ())
    assert book.identifier("") == replace(book, title="新题").identifier("")
    assert (
        len({book.identifier(""), book.identifier("https://example.org/"), replace(book, name="y").identifier("")}) == 3
    )
