"""Pictures of ours: what is refused, in which words, and that what is accepted may be inlined twice."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT

from papernotes.figures import svg

PICTURES = sorted((ROOT / "docs").glob("[pt]*/*/*.svg"))


def picture(
    inside: str = "", *, root: str = 'viewBox="0 0 40 30"', said: str = "<title>甲</title><desc>乙</desc>"
) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{said}\n{inside}</svg>'


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [f"{each.line}:{each.column} {each.what}; {each.fix}" for each in svg.check(data)]


def test_a_good_picture() -> None:
    inside = """<defs><marker id="tip" viewBox="0 0 8 8" orient="auto"><path class="pn-svg__dark" d="M0 0h8z"/></marker></defs>
    <g transform="translate(2 2)"><path class="pn-svg__line" marker-end="url(#tip)" d="M0 0h20"/>
    <text class="pn-svg__small" x="3" y="4" style="fill: var(--pn-accent)">词元</text></g><use href="#tip" x="3"/>"""
    assert problems(picture(inside)) == []


RUNS = "a picture may not run anything: remove it"
LOADS = "a picture loads nothing: refer to its own ids only"
COLOURS = "colours come from the theme: a class, currentColor or none"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(picture("<script>x()</script>"), [f"2:1 <script>; {RUNS}"], id="script"),
        pytest.param(picture('<rect onclick="x()"/>'), [f"2:1 event attribute 'onclick'; {RUNS}"], id="event attribute"),
        pytest.param(picture('<rect ONLOAD="x()"/>'), [f"2:1 event attribute 'ONLOAD'; {RUNS}"], id="event in capitals"),
        pytest.param(picture('<use href="https://a.b/c.svg#d"/>'), [f"2:1 external reference 'https://a.b/c.svg#d'; {LOADS}"], id="external use"),
        pytest.param(picture('<use href="javascript:x()"/>'), [f"2:1 external reference 'javascript:x()'; {LOADS}"], id="javascript"),
        pytest.param(picture('<path fill="url(//a.b/c)"/>'), [f"2:1 fill 'url(//a.b/c)'; {COLOURS}", f"2:1 external reference '//a.b/c'; {LOADS}"], id="external paint"),
        pytest.param(picture('<rect style="fill:var(--pn-ink);background:url(x)"/>'), [
            "2:1 style 'fill:var(--pn-ink);background:url(x)'; only fill and stroke, as var(--pn-…), currentColor or none",
            f"2:1 external reference 'x'; {LOADS}",
        ], id="style that loads"),
        pytest.param(picture('<image href="data:image/png;base64,AAAA"/>'), [
            "2:1 <image>; pictures hold no raster images: draw it",
            f"2:1 external reference 'data:image/png;base64,AAAA'; {LOADS}",
        ], id="raster image"),
        pytest.param(picture("<style>p{color:red}</style>"), ["2:1 <style>; it would restyle the page: use the classes of figures.css"], id="style element"),
        pytest.param(picture("<foreignObject/>"), ["2:1 <foreignObject> is not allowed; use shapes, <text>, <g>, <defs>, <marker> and <use>"], id="foreign object"),
        pytest.param(picture("<animate attributeName='x'/>"), [
            "2:1 <animate> is not allowed; use shapes, <text>, <g>, <defs>, <marker> and <use>",
            "2:1 attribute 'attributeName' on <animate> is not allowed; remove it",
        ], id="animation"),
        pytest.param(picture('<text font-family="Comic"/>'), ["2:1 attribute 'font-family' on <text> is not allowed; remove it"], id="font"),
        pytest.param(picture('<rect fill="#f00"/>'), [f"2:1 fill '#f00'; {COLOURS}"], id="colour literal"),
        pytest.param(picture('<g id="a"/><g id="a"/>'), ["2:12 id 'a' twice; ids are used once in a picture"], id="duplicate id"),
        pytest.param(picture('<use href="#b"/>'), ["2:1 '#b' is not in this picture; use the id of one of its elements"], id="reference to nothing"),
        pytest.param(picture('<rect x="1"></g>'), ["2:15 not well-formed XML (mismatched tag); mend the markup"], id="broken markup"),
        pytest.param('<!DOCTYPE svg [<!ENTITY a "b">]>' + picture("&a;"), ["1:15 DOCTYPE; remove it: entities and external subsets have no place in a picture"], id="DOCTYPE"),
        pytest.param('<?xml-stylesheet href="a.css"?>' + picture(), ["1:1 processing instruction 'xml-stylesheet'; remove it"], id="stylesheet instruction"),
        pytest.param(picture(root=""), ["1:1 no viewBox of the form '0 0 width height'; without one the picture cannot scale: add it"], id="no viewBox"),
        pytest.param(picture(root='viewBox="0 0 4 3" width="400"'), ["1:1 width on <svg>; remove it: the viewBox gives the shape, the page gives the size"], id="fixed size"),
        pytest.param(picture(said=""), ["1:1 no <title>; say in a <title> below <svg> what is drawn", "1:1 no <desc>; say in a <desc> below <svg> what is drawn"], id="no words"),
        pytest.param("<html/>", ['1:1 the root is <html>; write <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 … …">'], id="no SVG"),
        pytest.param(b"\xff\xfe", ["1:1 byte 0 is not UTF-8; save the file as UTF-8"], id="not UTF-8"),
        pytest.param(b" " * (svg.LIMIT + 1), [f"1:1 more than {svg.LIMIT} bytes; simplify the picture"], id="over the limit"),
        pytest.param(picture("<g>" * 40 + "</g>" * 40), ["2:94 more than 32 elements inside one another; flatten the groups"], id="too deep"),
    ],
)  # fmt: skip
def test_a_bad_picture_is_named_with_its_line(text: str | bytes, sentences: list[str]) -> None:
    found = problems(text)
    assert found[: len(sentences)] == sentences
    if "root is" not in sentences[0]:
        assert len(found) == len(sentences)


def test_a_bad_picture_is_never_inlined() -> None:
    with pytest.raises(ValueError, match="event attribute 'onclick'"):
        svg.inline(picture('<rect onclick="x()"/>'), prefix="p", label="甲")


def test_inlined_twice_no_id_is_used_twice() -> None:
    text = picture(
        '<defs><marker id="tip"><path d="M0 0"/></marker></defs><path marker-end="url(#tip)" d="M0 0"/><use href="#tip"/>'
    )
    html = svg.inline(text, prefix="a", label="甲") + svg.inline(text, prefix="b", label="乙")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(ids) == ["a-desc", "a-tip", "a-title", "b-desc", "b-tip", "b-title"]
    assert re.findall(r'(?:url\(#|href="#)([\w-]+)', html) == ["a-tip", "a-tip", "b-tip", "b-tip"]


def test_an_inlined_picture_is_named_and_described() -> None:
    html = svg.inline(picture(), prefix="p", label='它说 "甲" & 乙')
    root = ElementTree.fromstring(html)
    assert root.get("role") == "img" and root.get("aria-label") == '它说 "甲" & 乙'
    described = root.get("aria-describedby")
    assert [element.text for element in root if element.get("id") == described] == ["乙"]
    assert (root.get("width"), root.get("height")) == ("48", "36")


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_picture_of_the_site_is_good(path: Path) -> None:
    assert problems(path.read_bytes()) == []
    root = ElementTree.fromstring(path.read_bytes())
    size = svg.read_size(root.attrib["viewBox"])
    assert size is not None and size.width <= 480, "wider, and its text is too small on a phone"
    for name in ("title", "desc"):
        assert re.search("[\u4e00-\u9fff]", root.findtext(f"{{{svg.NAMESPACE}}}{name}", "")), f"<{name}> in Chinese"


def test_there_are_pictures() -> None:
    assert len(PICTURES) >= 16


def test_every_class_of_a_picture_is_in_the_stylesheet() -> None:
    sheet = (ROOT / "overrides/assets/stylesheets/figures.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.(pn-svg__[a-z-]+)", sheet))
    used = {
        name
        for path in PICTURES
        for value in re.findall(r'class="([^"]+)"', path.read_text("utf-8"))
        for name in value.split()
    }
    assert used <= known
