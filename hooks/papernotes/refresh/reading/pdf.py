"""A paper's places and numbers read from a PDF: headings and captions tell the places, rules and cells the tables.

A heading must be set apart (bold or larger), and its number must follow the one before, so that an item of a list is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pypdfium2

from papernotes.refresh.reading.floats import Floats
from papernotes.refresh.reading.glyphs import MAX_PAGES, Line, Page, pages
from papernotes.refresh.reading.layout import LEADING, Layout, append, joined
from papernotes.refresh.reading.numerals import BREAK
from papernotes.refresh.reading.outline import Draft, Found, Outline, UnreadableError, captioned, gaps, named, of_roman

_STAMP: Final = re.compile(
    r"arXiv:\s?(?P<id>[0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})v(?P<version>[0-9]{1,3})", re.IGNORECASE
)
_HEADING: Final = re.compile(
    r"(?P<appendix>Appendix\s)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVXL]{1,6})"
    r"(?:(?:[.:]|(?P<run>\)))?\s(?P<title>\S.*)|(?<=Appendix\s.)\Z)",
    re.IGNORECASE,
)
_THEOREM: Final = re.compile(r"(?P<tag>(?:Theorem|Lemma|Proposition) [A-Z]?\.?\d+(?:\.\d+)*)\b")
_EQUATION: Final = re.compile(r"(?:.*\t)?[.,]?\s?\((?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?)\)", re.DOTALL)
_CONTENTS: Final = re.compile(r"(?:\t|\.\s?\.\s?)\s*\d+\Z")
"""How a line of a table of contents ends."""
_WORKS: Final = re.compile(r"references|bibliography", re.IGNORECASE)
_ABSTRACT: Final = re.compile(r"a\s?b\s?s\s?t\s?r\s?a\s?c\s?t\b\s*[.:—-]*\s*", re.IGNORECASE)


def read(data: bytes) -> Found:
    """Read a PDF. Raises: UnreadableError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("it is encrypted; save it without a password") from None
        raise UnreadableError("it is broken, or no PDF; fetch it again") from None
    if len(document) > MAX_PAGES:
        raise UnreadableError(f"it has {len(document)} pages, more than {MAX_PAGES}; give the paper itself")
    try:
        found = list(pages(document))
    except pypdfium2.PdfiumError:
        raise UnreadableError("one of its pages is broken; fetch it again") from None
    if sum(len(line.text) for page in found for line in page.lines) < 100 * max(1, len(found)):
        raise UnreadableError(
            "it holds hardly any text: a scan, or pictures of pages; give the HTML, or a PDF with text"
        )
    return _Reader(found).found()


class _Reader:
    """Goes through the lines in the order of the file."""

    def __init__(self, found: Sequence[Page]) -> None:
        self.outline = Outline()
        self.layout = Layout(found)
        self.lines = self.layout.lines
        self.number: list[int] = []
        """Of the last section."""
        self.letter: list[int] = []
        """Of the last appendix: A is 1."""
        self.is_roman = False
        self.level = 0.0
        """The size of first-level headings."""
        self.draft: Draft | None = None
        """The section, or abstract, that lines go to."""
        self.theorem: Draft | None = None
        self.before: Line | None = None
        self.equations: dict[str, int] = {}
        """The last number, by what stands before it: of `(A.3)` that is A."""
        self.notes: dict[int, list[Draft]] = {}
        """Footnotes by page."""
        self.sections: dict[int, dict[str, Draft]] = {}
        """Sections by page and name."""

    def found(self) -> Found:
        """What the paper holds."""
        where = Floats(self.layout, self.outline).read()
        self._footnotes()
        for index, line in enumerate(self.lines):
            if index in where:
                self.outline.drafts[where[index].name].section = self._section
            if index not in self.layout.claimed:
                self._line(index, line)
        self._place_notes()
        for name, draft in self.outline.drafts.items():  # a part stands where the whole stands
            if name[-1].islower() and (whole := self.outline.drafts.get(name[:-1])):
                draft.section = whole.section
        entries = self.outline.entries(citations=True)
        if not any(entry.name[0] in "§附" for entry in entries):
            raise UnreadableError("no numbered section was found in it, so marks could name nothing; give the HTML")
        head = " ".join(line.words for line in self.lines if line.page == 0)[:3_000]
        id_, version = named(_STAMP.search(f"{self.layout.pages[0].margin.replace(' ', '')} {head}"))
        return Found("pdf", entries, head, id_, version, tuple(gaps(entries)))

    @property
    def _section(self) -> str | None:
        return self.draft.name if self.draft and self.draft.name[0] in "§附" else None

    def _footnotes(self) -> None:
        """Small lines that begin with the next number, raised, and those that follow them."""
        number = 0
        for indices in self.layout.at_page.values():
            draft: Draft | None = None
            for index in indices:
                line = self.lines[index]
                if index in self.layout.claimed or line.size > 0.93 * self.layout.body:
                    draft = None
                    continue
                if line.mark.isdigit() and int(line.mark) == number + 1:
                    number += 1
                    draft = self.outline.place(f"脚注 {number}", page=line.page + 1)
                    self.notes.setdefault(line.page, []).append(draft)
                if draft:
                    append(draft, line.words)
                    self.layout.claimed.add(index)

    def _place_notes(self) -> None:
        """Which section a note belongs to is not told where a page has several; its numbers stand in each of them."""
        for page, notes in self.notes.items():
            sections = self.sections.get(page, {})
            for note in notes:
                note.section = next(iter(sections)) if len(sections) == 1 else None
                for section in sections.values():
                    section.write(BREAK + "".join(note.text))

    def _line(self, index: int, line: Line) -> None:
        heading = self._heading(line)
        if heading is not None:
            name, rest = heading
            self.draft, self.theorem = self.outline.place(name, page=line.page + 1) if name else None, None
            if self.draft:
                self.draft.write(rest)
        elif self.draft:
            text = self._numbered_equation(index, line) or self._begun_theorem(line) or line.words
            for each in (self.draft, self.theorem):
                if each:
                    append(each, text)
            if self._section:
                self.sections.setdefault(line.page, {})[self.draft.name] = self.draft
        self.before = line

    def _begun_theorem(self, line: Line) -> str | None:
        """What follows the number of a theorem that begins with a line; a gap ends the one before."""
        match = _THEOREM.match(line.words)
        if match and line.bold and (name := captioned(match["tag"])):
            self.theorem = self.outline.place(name, section=self._section, page=line.page + 1)
            return line.words[match.end() :]
        if self.before and self.before.page == line.page and self.before.base - line.base > LEADING * line.size:
            self.theorem = None
        return None

    def _numbered_equation(self, index: int, line: Line) -> str | None:
        """The line without its number, where it ends with the next number of an equation, apart from the rest."""
        match = _EQUATION.fullmatch(line.text)
        if match is None:
            return None
        number = match["number"]
        stem, last = re.fullmatch(r"(.*?)(\d+)", number).groups()  # type: ignore[union-attr]  # it ends with a digit
        if int(last) != self.equations.get(stem, 0) + 1:
            return None
        self.equations[stem] = int(last)
        text = line.words[: line.words.rindex("(")]
        near = [
            each.words
            for each in self.lines[max(0, index - 12) : index]
            if each.page == line.page and abs(each.base - line.base) < 1.6 * line.size
        ]
        equation = self.outline.place(f"式 {number}", section=self._section, page=line.page + 1)
        equation.write(joined([*near, text]))
        return text or " "

    def _heading(self, line: Line) -> tuple[str | None, str] | None:
        """What begins with a line, where it is a heading: the place, None where marks cannot name it; what else it holds."""
        words = line.words
        apart = line.bold or line.size > 1.08 * self.layout.body
        match = _ABSTRACT.match(words)
        if match and not self.number and (match.end() == len(words) or line.bold or line.italic):
            return "摘要", words[match.end() :]
        match = None if _CONTENTS.search(line.text) else _HEADING.match(words)
        name = (self._numbered(match, line) if apart else None) or self._ieee(match, line) if match else None
        if name:
            return name, ""
        if not (apart or words.isupper()) or not self.number or len(words) > 60:
            return None
        if words.casefold().startswith("acknowledg"):
            return "致谢", ""
        is_level = line.bold and abs(line.size - self.level) < 0.3 and not match
        return (None, "") if is_level or _WORKS.fullmatch(words) else None

    def _numbered(self, match: re.Match[str], line: Line) -> str | None:
        """The name of a section whose number follows the one before."""
        first, *below = match["number"].split(".")
        if first.isdigit():
            number = [int(first), *map(int, below)]
            jump = 2 if self.level and abs(line.size - self.level) < 0.3 else 1
            if self.letter or not _follows(number, self.number, jump):
                return None
            self.number = number
            self.level = self.level if below else line.size
            return f"§{match['number']}"
        if len(first) > 1 or not first.isupper() or not self.number:
            return None
        number = [ord(first) - 64, *map(int, below)]
        if not _follows(number, self.letter):
            return None
        self.letter = number
        return f"附录 {match['number']}"

    def _ieee(self, match: re.Match[str], line: Line) -> str | None:
        """The name of a section numbered `II. TITLE` in capitals, `B. Title` and `1) Title` in italics below it, or `APPENDIX A`."""
        number, title = match["number"], match["title"] or ""
        if match["appendix"] and not title and self.number:
            return self._numbered(match, line)
        value = int(number) if number.isdigit() else ord(number[0].upper()) - 64 if len(number) == 1 else 0
        if self.letter and self.is_roman and line.italic and _follows([*self.letter[:1], value], self.letter):
            self.letter = [self.letter[0], value]
            return f"附录 {chr(64 + self.letter[0])}.{value}"
        if self.letter or (self.number and not self.is_roman):
            return None
        if title.isupper() and of_roman(number) == (self.number or [0])[0] + 1:
            self.is_roman, self.number = True, [of_roman(number)]
            return f"§{self.number[0]}"
        below = [*self.number[: 2 if match["run"] else 1], value]
        if line.italic and len(below) > 1 and number.isdigit() == bool(match["run"]) and _follows(below, self.number):
            self.number = below
            return "§" + ".".join(map(str, below))
        return None


def _follows(number: list[int], last: list[int], jump: int = 1) -> bool:
    """Whether a section's number comes next: 2.1 after 2, 2.2 or 3 after 2.1.4. `jump`: how far one of first level may be."""
    if not last:
        return number == [1]
    if len(number) == 1 and last[0] < number[0] <= last[0] + jump:
        return True
    return number == [*last, 1] or any(number == [*last[:depth], last[depth] + 1] for depth in range(len(last)))
