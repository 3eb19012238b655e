"""The table of terms of this repository, and the pages that use it."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT
from looks import check_term_links, check_uses
from markdown import Markdown
from term_step import TermStep

from papernotes.base.finding import Finding
from papernotes.data import term_table
from papernotes.data.site import Site
from papernotes.markdown.term_links import Place

REAL, FINDINGS = term_table.load(ROOT / "docs", ROOT)


def test_the_table_is_clean() -> None:
    assert list[Finding]() == FINDINGS
    assert REAL.terms


def test_every_form_of_the_table_is_found_in_chinese_prose() -> None:
    for term in REAL.terms.values():
        for form in term.forms:
            text = f"这里的{form}用得很多"
            assert [match.value for match in REAL.uses.find(text)] == [term], form


def test_every_stop_word_of_the_table_stops() -> None:
    for term in REAL.terms.values():
        for word in term.stop:
            assert term not in [match.value for match in REAL.uses.find(f"这里的{word}很多")], word


def test_the_english_of_a_term_behind_its_chinese_is_never_parted() -> None:
    """「混合专家（Mixture of Experts, MoE）」 is one link; the Experts in the brackets are not those of 专家."""
    place = Place(REAL, "papers/x.md")
    parted = []
    for term in REAL.terms.values():
        for english in term.english:
            place = Place(REAL, "papers/x.md")
            Markdown(extensions=[TermStep(lambda place=place: place)]).convert(f"{term.zh}（{english}）")
            if [mark.entry for mark in place.marks] != [term]:
                parted.append((term.zh, english))
    assert parted == []


def test_every_use_leads_to_a_section_that_marks_the_term(real_site: Path) -> None:
    assert check_uses(real_site) == len(REAL.terms)


def test_every_term_link_leads_to_an_entry(real_site: Path, real: Site) -> None:
    assert check_term_links(real_site) > len(real.papers)
