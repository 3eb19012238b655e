"""A paper read from LaTeXML's output, from arXiv's pages and from a PDF: the same places, the same numbers; and bad files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import making
import pypdfium2
import pytest
from seeded import SOAK

from papernotes.refresh.reading import apart, html, pdf, tex
from papernotes.refresh.reading.apart import Bounds
from papernotes.refresh.reading.numerals import clean, numerals, without_references
from papernotes.refresh.reading.outline import Found, Outline, UnreadableError, captioned, gaps, row

PAGE = (making.PAPER / "paper.html").read_bytes()
PDF = (making.PAPER / "paper.pdf").read_bytes()


# --- numbers ---


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        pytest.param(r"6.0\times 10^{-4}", ["6.0×10^-4"], id="power of ten"),
        pytest.param(r"2^{10}", ["2^10"], id="power of two"),
        pytest.param(r"\mathbf{75.5}\pm 0.4", ["75.5±0.4"], id="bold, with a deviation"),
        pytest.param(r"86.4_{\pm 0.2}", ["86.4±0.2"], id="deviation set low"),
        pytest.param(r"86.4_{0.2}", ["86.4", "0.2"], id="second value set low"),
        pytest.param(r"86.4^{3}", ["86.4"], id="mark of a note"),
        pytest.param(r"\beta_{2}=0.95", ["0.95"], id="an index is no number"),
        pytest.param(r"x_1^2 + 3", ["3"], id="nor the power of a letter"),
        pytest.param(r"1{,}024\,000", ["1,024,000"], id="separators"),
        pytest.param(r"2.5\times", ["2.5×"], id="times"),
        pytest.param(r"0.35\,x)", ["0.35"], id="a variable is not times"),
        pytest.param(r"\frac{1}{3}", ["1", "3"], id="fraction"),
        pytest.param(r"\unknown{} 5\%", ["5%"], id="unknown command"),
        pytest.param("{" * 1000 + "3", [], id="nested without end"),
        pytest.param("^" * 100, [], id="superscripts of nothing"),
    ],
)
def test_numbers_of_a_formula(formula: str, found: list[str]) -> None:
    assert numerals(clean(tex.plain(formula))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("1.3M pictures in 12–15 GPU hours, for $4,000", ["1.3M", "12-15 GPU hours", "$4,000"], id="units"),
        pytest.param("from 200 to 400 billion", ["200 to 400 billion"], id="a range shares its unit"),
        pytest.param("10⁻⁴ and 5 ± 0.3", ["10^-4", "5±0.3"], id="raised digits of Unicode"),
        pytest.param("LLaMA-13B beats GPT-3", ["13B"], id="the size in a name, but no name"),
        pytest.param("as Table 2, Sections 3.1 and 4 and Figures 3a–c show", [], id="numbers that point elsewhere"),
        pytest.param("In Table 2, 75.5% of Table 3", ["75.5%"], id="a result behind one that points"),
        pytest.param("5% and 5%", ["5%"], id="each once"),
        pytest.param("5 ; M", ["5"], id="not over the edge of a cell"),
        pytest.param("9" * 100_000, [], id="digits without end"),
        pytest.param("1 " * 5_000, ["1"], id="many"),
    ],
)
def test_numerals(text: str, found: list[str]) -> None:
    assert numerals(without_references(clean(text))) == found


def test_citations_are_no_numbers() -> None:
    text = "as shown [3, 17] (Gull et al., 2019; Heron, 2021) in 12 harbours, by Gull et al. (2019)"
    assert numerals(without_references(text, citations=True)) == ["12"]


# --- places ---


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        pytest.param(["1 ", "1.1", "2", "2.1.4"], ["§1", "§1.1", "§2", "§2.1.4"], id="arabic"),
        pytest.param(["I ", "II", "II-A", "II-A1", "III"], ["§1", "§2", "§2.1", "§2.1.1", "§3"], id="Roman, counted"),
        pytest.param(["1", "Appendix A ", "A.1", "B"], ["§1", "附录 A", "附录 A.1", "附录 B"], id="appendices"),
        pytest.param(["1", "Appendix C", "I"], ["§1", "附录 C", "附录 I"], id="a letter that could be Roman"),
        pytest.param(["1", "-D"], ["§1", "附录 D"], id="an appendix without its own letter"),
        pytest.param(["*", "α", ""], [None, None, None], id="what marks cannot name"),
    ],
)
def test_names_of_sections(tags: list[str], names: list[str | None]) -> None:
    outline = Outline()
    assert [outline.section(tag) for tag in tags] == names


@pytest.mark.parametrize(
    ("tag", "whole", "name"),
    [
        pytest.param("Table 2: ", None, "表 2", id="table"),
        pytest.param("TABLE IV", None, "表 4", id="Roman"),
        pytest.param("Fig. S3.", None, "图 S3", id="supplement"),
        pytest.param("Algorithm 1", None, "算法 1", id="algorithm"),
        pytest.param("Theorem 2.1", None, "定理 2.1", id="theorem"),
        pytest.param("(a) ", "图 1", "图 1a", id="part"),
        pytest.param("((b))", "表 3", "表 3b", id="part, as older pages have it"),
        pytest.param("(a)", None, None, id="part of nothing"),
        pytest.param("Box 1", None, None, id="something else"),
    ],
)
def test_names_of_captions(tag: str, whole: str | None, name: str | None) -> None:
    assert captioned(tag, whole) == name


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        pytest.param(["LoRA", "73.4", "4.7M"], ("LoRA", "73.4", "4.7M"), id="name and numbers"),
        pytest.param(["", "large", "Heron-13B", "75.5±0.4"], ("large Heron-13B", "75.5±0.4"), id="two cells of name"),
        pytest.param(["10", "75.5"], ("10", "75.5"), id="a number as name"),
        pytest.param(["Rule", "–", "61"], ("Rule", "61"), id="an empty value"),
        pytest.param(["Size", "North"], None, id="a head"),
        pytest.param(["a prompt that goes on and on and on until it is a sentence", "5"], ("a prompt that goes on and on and on", "5"), id="no sentence is kept"),
    ],
)  # fmt: skip
def test_rows(cells: list[str], kept: tuple[str, ...] | None) -> None:
    assert row(cells) == kept


# --- the same paper, four times ---


def places(found: Found) -> dict[str, frozenset[str]]:
    return {entry.name: frozenset(entry.numbers or ()) for entry in found.entries}


@pytest.mark.parametrize(
    ("read", "data", "named"),
    [
        pytest.param(html.read, making.framed(PAGE, 2024), ("arxiv-html", making.ID, 2), id="arXiv's frame of 2024"),
        pytest.param(html.read, making.framed(PAGE, 2026), ("arxiv-html", making.ID, 2), id="arXiv's frame of 2026"),
        pytest.param(pdf.read, PDF, ("pdf", making.ID, 2), id="PDF"),
    ],
)
def test_the_same_places_and_the_same_numbers_in_tables_and_abstract(
    read: Callable[[bytes], Found], data: bytes, named: tuple[str, str, int]
) -> None:
    plain, other = html.read(PAGE), read(data)
    assert (plain.copy, plain.arxiv) == ("latex", None)
    assert (other.copy, other.arxiv, other.version) == named
    one, two = places(plain), places(other)
    assert list(one) == list(two)
    alike = {name for name in one if name[0] in "表图摘附定引" or named[0] != "pdf"}
    assert {name: one[name] for name in alike} == {name: two[name] for name in alike}
    assert [entry.rows for entry in plain.entries] == [entry.rows for entry in other.entries]
    assert {entry.name: entry.unseen for entry in plain.entries} == {
        entry.name: entry.unseen for entry in other.entries
    }
    sections = [
        {entry.name: entry.section for entry in each.entries if entry.name[0] in "表图式"} for each in (plain, other)
    ]
    assert sections[0] == sections[1]
    assert plain.gaps == other.gaps == ()


def test_what_is_read_of_the_paper() -> None:
    entries = {entry.name: entry for entry in html.read(making.framed(PAGE, 2026)).entries}
    assert " ".join(entries) == (
        "摘要 §1 §2 §2.1 §2.1.1 §2.2 §3 §3.1 §3.2 附录 A 附录 A.1 附录 B 表 1 表 2 表 3 图 1 图 1a 图 1b 式 1 式 2 式 3 式 4"
        " 算法 1 定理 1 引理 1 脚注 1 致谢"
    )
    assert entries["摘要"].numbers == (
        "13B", "75.5%", "1,200", "61%", "2.5×", "1.3M", "12-15 GPU hours", "6.0×10^-4", "$4,000", "three", "86.4±0.2 points", "Two-thirds",
    )  # fmt: skip
    assert entries["§1"].numbers == ("40 hours", "7 billion", "one", "12", "9.5%", "310", "0.95", "16")
    assert entries["表 1"].rows[2] == ("large Heron-13B", "75.5±0.4", "71.0±0.6", "13B")
    assert (entries["表 1"].section, entries["表 1"].anchor) == ("§3", "S3.T1")
    assert (entries["图 1b"].numbers, entries["图 1b"].anchor, entries["图 1b"].unseen) == (("10",), "S3.F0.sf2", True)
    assert (entries["式 2"].numbers, entries["式 2"].anchor) == (("0.25",), "S2.E2")
    assert (entries["脚注 1"].numbers, entries["脚注 1"].anchor) == (("9.5%", "310"), "footnote1")
    assert not any("1 entrance" in str(entry) for entry in entries.values())  # of a section without number


def test_gaps_are_told() -> None:
    found = html.read(PAGE.replace(b"Table 2", b"Table 4"))
    assert list(gaps(found.entries)) == ["表 2"]


# --- bad files ---


def page(inside: bytes) -> bytes:
    return b'<!DOCTYPE html><html><body><article class="ltx_document">' + inside + b"</article></body></html>"


def section(inside: bytes) -> bytes:
    head = b'<section class="ltx_section"><h2 class="ltx_title"><span class="ltx_tag">1 </span>A</h2>'
    return page(head + inside + b"</section>")


def table(number: int) -> bytes:
    caption = f'<figcaption><span class="ltx_tag">Table {number}: </span></figcaption>'
    return f'<figure class="ltx_table">{caption}<table class="ltx_tabular"><tr><td>a</td><td>{number}</td></tr></table></figure>'.encode()


def test_scripts_and_drawings_are_not_read() -> None:
    found = html.read(section(b"<script>document.write('77')</script><p onclick=x>88<svg><text>99</text></svg><style>.a{b:66}</style></p>"))  # fmt: skip
    assert places(found) == {"§1": {"88"}}


def test_a_conversion_error_makes_a_place_partial() -> None:
    found = html.read(section(b'<p>88 <span class="ltx_ERROR undefined">\\foo</span></p>'))
    assert [entry.partial for entry in found.entries] == [True]


def test_thousands_of_tables() -> None:
    found = html.read(section(b"".join(table(number) for number in range(1, 1_501))))
    assert len(found.entries) == 1_501
    assert found.entries[-1].rows == (("a", "1500"),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(PAGE[: len(PAGE) // 2], "it is cut: its end is missing; fetch it again", id="cut"),
        pytest.param(bytes(range(256)) * 100, "it holds no paper as LaTeXML writes one (article.ltx_document); save arXiv's HTML page, or give the PDF", id="bytes of anything"),
        pytest.param(page(b"<p>See pages 1-last of 0_main.pdf</p>"), "it has no numbered section, so marks could name nothing in it; give the PDF, or another version", id="a page that holds a PDF"),
        pytest.param(page(b"<div>" * 400 + b"</div>" * 400), "its elements nest more than 250 deep, as in no paper; give the paper itself", id="deep"),
        pytest.param(page(b"<div>" * 9_000), "its elements nest more than 250 deep, as in no paper; give the paper itself", id="deep and open"),
        pytest.param(page(b"<b>" * 1_600_000), "it has more than 1500000 tags, as no paper has; give the paper itself", id="tags without end"),
        pytest.param(section(b"".join(table(number) for number in range(1, 5_002))), "it has more than 5000 places, as no paper has; give the paper itself", id="more tables than any paper"),
        pytest.param(b"%PDF-1.5\n" + b"x" * 2_000, "it is broken, or no PDF; fetch it again", id="PDF by its head alone"),
        pytest.param(PDF[: len(PDF) // 2], "it is broken, or no PDF; fetch it again", id="cut PDF"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_bad_file(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        apart.read(data) if not data else (pdf if data.startswith(b"%PDF") else html).read(data)
    assert str(raised.value) == why


ENCRYPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[4 0 R]/Count 1>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/O<28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A>/U<00000000000000000000000000000000000000000000000000000000000000AA>/P -4>>endobj
4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]/Size 5>>
%%EOF
"""


def blank(pages: int) -> bytes:
    """A PDF of pages without text, as a scan is."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    import io

    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(ENCRYPTED, "it is encrypted; save it without a password", id="encrypted"),
        pytest.param(blank(3), "it holds hardly any text: a scan, or pictures of pages; give the HTML, or a PDF with text", id="scan"),
        pytest.param(blank(1_001), "it has 1001 pages, more than 1000; give the paper itself", id="a thousand pages"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_bad_pdf(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        pdf.read(data)
    assert str(raised.value) == why


@pytest.mark.parametrize(
    ("data", "bounds", "why"),
    [
        pytest.param(section(b"<b>1</b> " * 700_000), Bounds(seconds=1), "reading it took more than 1 s; give another copy", id="time"),
        pytest.param(section(b"<p>1 </p>" * 30_000), Bounds(memory=50_000_000), "reading it took more than 50 MB; give another copy", id="memory"),
        pytest.param(b" " * (apart.MAX_BYTES + 1), None, f"it has {apart.MAX_BYTES + 1} bytes, more than {apart.MAX_BYTES}; give the paper itself", id="bytes"),
    ],
)  # fmt: skip
def test_reading_is_bounded(data: bytes, bounds: Bounds | None, why: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        apart.read(data if data.strip() else b"x" * len(data), bounds)
    assert str(raised.value) == why


def test_a_process_of_its_own_reads_both() -> None:
    assert places(apart.read(PAGE)) == places(html.read(PAGE))
    assert places(apart.read(PDF)) == places(pdf.read(PDF))


# --- made anew ---


@pytest.mark.skipif(not SOAK, reason="takes LaTeXML, pdfTeX and a minute")
@pytest.mark.parametrize(
    ("read", "make"),
    [
        pytest.param(html.read, lambda folder: making.html(folder, ids=True), id="HTML with ids"),
        pytest.param(html.read, lambda folder: making.html(folder, ids=False), id="HTML"),
        pytest.param(pdf.read, making.pdf, id="PDF"),
        pytest.param(pdf.read, lambda folder: making.pdf(folder, style="twocolumn", margin="0.8in"), id="PDF in two columns"),
    ],
)  # fmt: skip
def test_files_made_anew_say_the_same(
    read: Callable[[bytes], Found], make: Callable[[Path], bytes], tmp_path: Path
) -> None:
    one, two = places(html.read(PAGE)), places(read(make(tmp_path)))
    assert one.keys() == two.keys()
    assert {name: one[name] for name in one if name[0] in "表摘"} == {
        name: two[name] for name in one if name[0] in "表摘"
    }


@pytest.mark.skipif(not SOAK, reason="takes half a minute")
def test_a_pdf_of_five_hundred_pages() -> None:
    long, paper = pypdfium2.PdfDocument.new(), pypdfium2.PdfDocument(PDF)
    for _ in range(167):
        long.import_pages(paper)
    assert places(apart.read(saved(long))).keys() == places(pdf.read(PDF)).keys()
