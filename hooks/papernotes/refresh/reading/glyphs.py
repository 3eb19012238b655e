"""The lines of a PDF: glyphs with their places, put together as they were set, superscripts and cells told apart.

TeX writes a page column by column, a table row by row; so the order in the file is kept, and nothing is guessed from columns.
Lengths in PDF points (1/72 inch), from the lower left corner.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from papernotes.refresh.reading.numerals import scripted

MAX_PAGES: Final = 1_000
MAX_GLYPHS: Final = 60_000
"""Of one page; a full one has 8,000."""
MAX_OBJECTS: Final = 20_000
"""Of one page; of more, as drawings have, the first are looked at for rules."""
WORD_GAP: Final = 0.18
"""In ems: from here on a gap is a space; TeX's thinnest between words is 0.22, its thin space 0.17."""
CELL_GAP: Final = 0.9
"""In ems: from here on a gap parts two cells; a space stretched in a full line has 0.6."""
_BOLD: Final = re.compile(r"bold|black|heavy|demi|medi(?!um)|cmbx|cmb\d|sfbx|bx\d|-bd", re.IGNORECASE)
_ITALIC: Final = re.compile(r"ital|oblique|cmti|sfti|-it\b", re.IGNORECASE)


@dataclass(frozen=True)
class Glyph:
    """One character where it was set."""

    char: str
    left: float
    right: float
    base: float
    """Height of the line it stands on."""
    size: float
    index: int


@dataclass
class Line:
    """Glyphs on one line, in the order of the file. Cells are parted by tabs."""

    page: int
    base: float
    size: float
    """Of most of its glyphs."""
    left: float
    right: float
    text: str = ""
    mark: str = ""
    """What is raised before its first word: the number of a footnote."""
    bold: bool = False
    italic: bool = False
    end: float = 0.0
    sizes: dict[float, int] = field(default_factory=dict)

    @property
    def height(self) -> float:
        """The size of its largest glyphs: in small capitals those of the capitals."""
        return max(self.sizes)

    @property
    def words(self) -> str:
        """Its text with single spaces."""
        return " ".join(self.text.split())

    @property
    def cells(self) -> list[str]:
        """Its text, cell by cell."""
        return self.text.split("\t")


@dataclass(frozen=True)
class Rule:
    """A horizontal rule."""

    left: float
    right: float
    base: float


@dataclass
class Page:
    """What stands on a page."""

    number: int
    height: float
    lines: list[Line]
    rules: list[Rule]
    """From top to bottom."""
    margin: str
    """What is set from bottom to top, as arXiv's stamp is."""


def pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    """The pages of a document, one after the other; only one is held by PDFium at a time."""
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        try:
            upright, turned = _glyphs(text)
            lines = list(_lines(number, upright))
            for line in lines:
                name = _font(text, int(line.end))
                line.bold, line.italic = bool(_BOLD.search(name)), bool(_ITALIC.search(name))
            yield Page(number, page.get_height(), lines, _rules(page), turned)
        finally:
            text.close()
            page.close()


def _glyphs(text: pypdfium2.PdfTextPage) -> tuple[list[Glyph], str]:
    """The upright glyphs of a page, and the text of those that are turned."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    upright: list[Glyph] = []
    turned: list[str] = []
    for index in range(min(text.count_chars(), MAX_GLYPHS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code <= 32 or code in (0xA0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            if code == 32:
                turned.append(" ")
            continue
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box) or not pdfium.FPDFText_GetMatrix(text, index, matrix):
            continue
        char = chr(0x2D if code == 2 else code)
        if abs(matrix.b) > abs(matrix.a):
            turned.append(char)
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        size = pdfium.FPDFText_GetFontSize(text, index) * abs(matrix.d)
        if 1 < size < 200:
            upright.append(Glyph(char, box.left, max(box.right, box.left), y.value, size, index))
    return upright, re.sub(r" +", " ", "".join(turned))[:2_000]


def _font(text: pypdfium2.PdfTextPage, index: int) -> str:
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text, index, buffer, 128, flags)
    return buffer.value.decode("utf-8", "replace") if 0 < length <= 128 else ""


def _lines(page: int, glyphs: list[Glyph]) -> Iterator[Line]:
    builder: _Builder | None = None
    for glyph in glyphs:
        if builder is None or not builder.add(glyph):
            if builder:
                yield builder.line()
            builder = _Builder(page, glyph)
    if builder:
        yield builder.line()


class _Builder:
    """A line while its glyphs come in."""

    def __init__(self, page: int, first: Glyph) -> None:
        self.page, self.first = page, first
        self.base, self.size = first.base, first.size
        self.left, self.right = first.left, first.right
        self.text, self.mark = first.char, ""
        self.script, self.raised, self.script_right = "", False, 0.0
        self.sizes = {round(first.size, 1): 1}
        self.index = first.index

    def add(self, glyph: Glyph) -> bool:
        """Take the next glyph; False where it begins another line."""
        edge = max(self.right, self.script_right)
        gap, rise = glyph.left - edge, glyph.base - self.base
        if gap < -1.2 * self.size:
            return False
        small = glyph.size < 0.88 * self.size
        if abs(rise) > 0.12 * self.size or (self.script and small and abs(rise) > 0.05 * self.size):
            if small and abs(rise) < 0.75 * self.size and gap < self.size:
                self._script(glyph, rise > 0, gap)
                return True
            if (
                glyph.size > 1.1 * self.size
                and abs(rise) < 0.75 * glyph.size
                and len(self.text) <= 3
                and gap < glyph.size
            ):
                self.mark, self.text, self.size, self.base = self.text, "", glyph.size, glyph.base
                self._put(glyph, 0.0)
                self.index = glyph.index
                return True
            return False
        self._flush()
        self._put(glyph, gap)
        return True

    def _put(self, glyph: Glyph, gap: float) -> None:
        unit = min(glyph.size, self.size)
        self.text += ("\t" if gap > CELL_GAP * unit else " " if gap > WORD_GAP * unit else "") + glyph.char
        self.right, self.script_right = max(self.right, glyph.right), 0.0
        self.size = max(self.size, glyph.size)
        key = round(glyph.size, 1)
        self.sizes[key] = self.sizes.get(key, 0) + 1

    def _script(self, glyph: Glyph, raised: bool, gap: float) -> None:
        if self.script and raised != self.raised:
            self._flush()
        self.raised = raised
        self.script += (" " if self.script and gap > WORD_GAP * glyph.size else "") + glyph.char
        self.script_right = glyph.right

    def _flush(self) -> None:
        if self.script:
            self.text += scripted(self.text, self.script, raised=self.raised)
            self.right = max(self.right, self.script_right)
            self.script = ""

    def line(self) -> Line:
        """The line. Its `end` is for now the index of the glyph whose font is its own."""
        self._flush()
        size = max(self.sizes, key=lambda each: self.sizes[each])
        return Line(
            self.page, self.base, size, self.left, self.right, self.text, self.mark, end=self.index, sizes=self.sizes
        )


def _rules(page: pypdfium2.PdfPage) -> list[Rule]:
    found = []
    for number, item in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=1)):
        if number == MAX_OBJECTS:
            break
        left, bottom, right, top = item.get_bounds()
        if right - left >= 15 and top - bottom <= 3:
            found.append(Rule(left, right, (top + bottom) / 2))
    return sorted(found, key=lambda rule: -rule.base)
