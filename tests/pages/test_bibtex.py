"""BibTeX of records that no one would hope for comes back from two parsers as it went in."""

from __future__ import annotations

import dataclasses
import string
from datetime import date

import pytest
from citing import Parts, plain, read_back, whole, without_tex
from conftest import DOCS, ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED

from papernotes.data import ledger
from papernotes.pages.files import bibtex, venues

RECORDS = ledger.read(DOCS, ROOT, today=date.max)[0]
DPO = RECORDS["2305.18290"]


def test_the_published_form() -> None:
    assert bibtex.entry(dataclasses.replace(DPO, authors=DPO.authors[:2])) == (
        "@inproceedings{rafailov2023direct,\n"
        "  title = {Direct Preference Optimization: Your Language Model is Secretly a Reward Model},\n"
        "  author = {Rafael Rafailov and Archit Sharma},\n"
        "  booktitle = {Advances in Neural Information Processing Systems},\n"
        "  year = {2023},\n"
        "  eprint = {2305.18290},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2305.18290},\n"
        "  note = {Oral},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("venue", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("", None, id="empty"),
        pytest.param("NeurIPS 2023", ("inproceedings", 2023, None, None), id="conference"),
        pytest.param("ICLR 2024 (spotlight)", ("inproceedings", 2024, None, "spotlight"), id="with a note"),
        pytest.param("JMLR 23 (2022)", ("article", 2022, "23", None), id="journal with a volume"),
        pytest.param("TMLR 2024", ("article", 2024, None, None), id="journal without a volume"),
        pytest.param("NeurIPS 2023 (Workshop on Robots)", None, id="a workshop is not a conference"),
        pytest.param("NeurIPS 2023 Workshop", None, id="nor is it here"),
        pytest.param("NeurIPS", None, id="no year"),
        pytest.param("ICML 40 (2023)", None, id="a conference has no volume"),
        pytest.param("OpenAI blog 2019", None, id="no BibTeX type fits"),
        pytest.param("neurips 2023", None, id="not as the ledger writes it"),
        pytest.param("NeurIPS 2023 (oral", None, id="bracket not closed"),
        pytest.param("JMLR 23 (2022", None, id="bracket of the year not closed"),
    ],
)
def test_a_venue(venue: str | None, expected: tuple[str, int, str | None, str | None] | None) -> None:
    found = venues.published(venue)
    assert (found and (found.kind, found.year, found.volume, found.note)) == expected
    kind, _, fields, _ = read_back(bibtex.entry(dataclasses.replace(DPO, venue=venue)))
    if expected is None:
        assert (kind, fields.get("note", "")) == ("misc", venue or ""), "what is not known is said as it is"
        assert fields["doi"] == DPO.doi
    else:
        assert kind == expected[0]


def test_a_doi_of_the_publisher_stays() -> None:
    fields = read_back(bibtex.entry(dataclasses.replace(DPO, doi="10.5555/3666122.3668460")))[2]
    assert fields["doi"] == "10.5555/3666122.3668460"


HOSTILE = [
    pytest.param("100% of $5 & a_b #1", id="characters of TeX"),
    pytest.param("an {unbalanced brace", id="one brace"),
    pytest.param("} closes first {", id="braces the wrong way round"),
    pytest.param(r"\input{/etc/passwd}", id="a command"),
    pytest.param(r"$\input{/etc/passwd}$", id="a command between dollar signs"),
    pytest.param(r"$\def\the{x}$", id="a definition between dollar signs"),
    pytest.param(r"$\href{javascript:alert(1)}{x}$", id="an address between dollar signs"),
    pytest.param(r"$\}{$ and \$x$", id="a formula that BibTeX cannot count"),
    pytest.param("$x % y$", id="a comment between dollar signs"),
    pytest.param("from $5 to $10", id="two prices"),
    pytest.param("a~b^c \\ d", id="tilde, caret, backslash"),
    pytest.param("say \"quoted\" and 'single'", id="quotes"),
    pytest.param("直接偏好优化 für Ångström", id="beyond ASCII"),
    pytest.param("<script>alert(1)</script>", id="markup"),
    pytest.param("x" * 300, id="300 characters"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_comes_back(text: str) -> None:
    _, _, fields, _ = read_back(bibtex.entry(dataclasses.replace(DPO, title=text, venue=text)))
    assert without_tex(fields["title"]) == text, "no formula"
    assert without_tex(fields["note"]) == text


@SEEDED
@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ${}\\"), min_size=1, max_size=80))
def test_any_title_comes_back(text: str) -> None:
    expected = " ".join(text.split()) or "x"
    _, _, fields, _ = read_back(bibtex.entry(dataclasses.replace(DPO, title=expected)))
    assert plain(fields["title"]) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param(r"$\pi_0$: A Model", r"{$\pi_0$}: A Model", id="a formula"),
        pytest.param(r"$O(n^{2})$ and $\Omega(n)$ Bounds", r"{$O(n^{2})$} and {$\Omega(n)$} Bounds", id="two, with braces"),
        pytest.param("QLoRA: Efficient Finetuning of Quantized LLMs", "{QLoRA}: Efficient Finetuning of Quantized {LLMs}", id="capitals inside"),
        pytest.param("Judging LLM-as-a-Judge with MT-Bench", "Judging {LLM-as-a-Judge} with {MT-Bench}", id="a compound, whole"),
        pytest.param("Mask R-CNN", "Mask {R-CNN}", id="a single letter"),
        pytest.param("Mistral 7B", "{Mistral} {7B}", id="a number"),
        pytest.param("Phi-3 Technical Report", "{Phi-3} Technical Report", id="a name joined to its number"),
        pytest.param("The Llama 3 Herd of Models", "The {Llama} 3 Herd of Models", id="a name before its number"),
        pytest.param("Textbooks Are All You Need II: phi-1.5", "Textbooks Are All You Need {II}: phi-1.5", id="a Roman number"),
        pytest.param("Why Zephyr and Orca 2 & Emu Video Differ", "Why {Zephyr} and {Orca 2} \\& {Emu Video} Differ", id="names that the site knows"),
        pytest.param("Zephyrs: Attention Is All You Need", "Zephyrs: Attention Is All You Need", id="a word in title case is none"),
        pytest.param("直接偏好优化", "直接偏好优化", id="letters without case"),
    ],
)  # fmt: skip
def test_a_title_keeps_the_case_that_matters(title: str, expected: str) -> None:
    entry = bibtex.entry(dataclasses.replace(DPO, title=title), names=["Zephyr", "Orca 2", "Emu Video", "phi-1"])
    assert read_back(entry)[2]["title"] == expected


@pytest.mark.parametrize(
    ("name", "parts", "key"),
    [
        pytest.param("Jane O'Neil-Smith", ("Jane", "", "O'Neil-Smith", ""), "oneilsmith", id="an ordinary name"),
        pytest.param("Guy L. Steele Jr.", ("Guy L.", "", "Steele", "Jr."), "steele", id="junior"),
        pytest.param("Guy L. Steele, Jr.", ("Guy L.", "", "Steele", "Jr."), "steele", id="junior behind a comma"),
        pytest.param("Hal Daumé III", ("Hal", "", "Daumé", "III"), "daume", id="the third"),
        pytest.param("Leandro von Werra", ("Leandro", "von", "Werra", ""), "werra", id="von"),
        pytest.param("Diego de Las Casas", ("Diego", "de", "Las Casas", ""), "casas", id="a capital after the particle"),
        pytest.param("George van den Driessche", ("George", "van den", "Driessche", ""), "driessche", id="two particles"),
        pytest.param("Otto von Braun III", ("Otto", "von", "Braun", "III"), "braun", id="von and the third"),
        pytest.param("Teven Le Scao", ("Teven", "", "Le Scao", ""), "scao", id="a particle in capitals"),
        pytest.param("William El Sayed", ("William", "", "El Sayed", ""), "sayed", id="an Arabic article in capitals"),
        pytest.param("Laurens Van Der Maaten", ("Laurens", "", "Van Der Maaten", ""), "maaten", id="two in capitals"),
        pytest.param("John Smith 3rd", ("John", "", "Smith", "3rd"), "smith", id="the third in digits"),
        pytest.param("Juan de La Cruz", ("Juan", "de", "La Cruz", ""), "cruz", id="a small one and one in capitals"),
        pytest.param("Le Scao", ("Le", "", "Scao", ""), "scao", id="a particle that may be a first name"),
        pytest.param("van der Wal", ("", "van der", "Wal", ""), "wal", id="no first name"),
        pytest.param("danah boyd", ("danah", "", "boyd", ""), "boyd", id="small letters"),
        pytest.param("Wei-Lin Chiang", ("Wei-Lin", "", "Chiang", ""), "chiang", id="a Chinese name in Latin letters"),
        pytest.param("王 小明", ("小明", "", "王", ""), "", id="a Chinese name: the family name comes first"),
        pytest.param("王小明", ("", "", "{王小明}", ""), "", id="a Chinese name in one"),
        pytest.param("Ane Øster", ("Ane", "", "Øster", ""), "oster", id="o with a stroke"),
        pytest.param("Jan Łoś", ("Jan", "", "Łoś", ""), "los", id="l with a stroke, s with an accent"),
        pytest.param("Uwe Groß", ("Uwe", "", "Groß", ""), "gross", id="sharp s"),
        pytest.param("Võ Đình Nghĩa Đỗ", ("Võ Đình Nghĩa", "", "Đỗ", ""), "do", id="d with a stroke"),
        pytest.param("Jens Kjær", ("Jens", "", "Kjær", ""), "kjaer", id="a ligature"),
        pytest.param("OpenAI", ("", "", "{OpenAI}", ""), "openai", id="one word"),
        pytest.param("Madonna", ("", "", "{Madonna}", ""), "madonna", id="one name only"),
        pytest.param("The ATLAS Collaboration", ("", "", "{The ATLAS Collaboration}", ""), "atlas", id="a collaboration"),
        pytest.param("Gemini Team Google", ("", "", "{Gemini Team, Google}", ""), "gemini", id="a team and its house"),
        pytest.param("BigScience Workshop", ("", "", "{BigScience Workshop}", ""), "bigscience", id="a workshop"),
        pytest.param("Seamless Communication", ("", "", "{Seamless Communication}", ""), "seamless", id="a group of no such word"),
        pytest.param("Jr.", ("", "", "{Jr.}", ""), "jr", id="a suffix alone"),
        pytest.param("et al.", ("", "", "{et al.}", ""), "et", id="what ends a list"),
        pytest.param("Team GLM", ("", "", "{Team GLM}", ""), "team", id="a team named behind"),
        pytest.param("Llama Team, AI @ Meta", ("", "", "{Llama Team, AI @ Meta}", ""), "llama", id="an organisation with a comma"),
        pytest.param("Research and Development", ("", "", "{Research and Development}", ""), "research", id="the word that parts names"),
        pytest.param("and others", ("", "", "{and others}", ""), "others", id="the words that end a list"),
        pytest.param("{Evil}", ("", "", r"{\textbraceleft{}Evil\textbraceright{}}", ""), "evil", id="braces"),
    ],
)  # fmt: skip
def test_a_name(name: str, parts: Parts, key: str) -> None:
    record = dataclasses.replace(DPO, authors=(name, "Ada Lovelace"))
    _, written, _, people = read_back(bibtex.entry(record))
    assert people == [parts, ("Ada", "", "Lovelace", "")]
    assert written == (f"{key}2023direct" if key else "arxiv230518290")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_an_entry(name: str) -> None:
    people = read_back(bibtex.entry(dataclasses.replace(DPO, authors=(name, "Ada Lovelace"))))[3]
    assert people[-1] == ("Ada", "", "Lovelace", "")
    assert sorted(whole(people[0]).replace(",", "")) == sorted(name)


def test_what_is_no_name_is_no_author() -> None:
    """A list of arXiv's holds the colon behind a team."""
    record = dataclasses.replace(DPO, authors=(":", "Gemini Team Google", "…", " ", "Ada Lovelace"))
    assert [whole(parts) for parts in read_back(bibtex.entry(record))[3]] == ["Gemini Team, Google", "Ada Lovelace"]
    assert bibtex.key(record) == "gemini2023direct"


def test_three_thousand_authors() -> None:
    authors = tuple(f"Given{number} Name{number}" for number in range(3000))
    assert [whole(parts) for parts in read_back(bibtex.entry(dataclasses.replace(DPO, authors=authors)))[3]] == list(
        authors
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = dataclasses.replace(DPO, authors=(), published=None, category=None, venue=None, doi=None)
    kind, name, fields, people = read_back(bibtex.entry(bare))
    assert (kind, name, people) == ("misc", "arxiv230518290", [])
    assert set(fields) == {"title", "year", "eprint", "archiveprefix", "url"}
    assert fields["year"] == "2023"


def test_the_key_keeps_the_year_of_the_preprint() -> None:
    """Else it would change on the day on which a paper is published."""
    record = dataclasses.replace(DPO, venue="ICLR 2024")
    _, name, fields, _ = read_back(bibtex.entry(record))
    assert (name, fields["year"]) == ("rafailov2023direct", "2024")


def test_keys_differ() -> None:
    records = [dataclasses.replace(DPO, arxiv=f"2305.{number:05}") for number in range(1, 31)]
    names = bibtex.keys(records)
    assert len(set(names.values())) == 30
    assert names["2305.00001"] == "rafailov2023direct"
    assert names["2305.00002"] == "rafailov2023directb"
    assert names["2305.00030"] == "rafailov2023direct230500030"
    assert len(set(bibtex.keys(RECORDS.values()).values())) == len(RECORDS)
    assert all(set(name) <= set(string.ascii_lowercase + string.digits) for name in names.values())


def test_a_key_that_changed_is_still_found() -> None:
    """By biblatex; and no key of one entry is an old one of another."""
    first = dataclasses.replace(DPO, authors=("Ane Øster",))
    second = dataclasses.replace(DPO, arxiv="2305.00001", authors=("Anna Ster",))
    third = dataclasses.replace(DPO, arxiv="2305.00002", authors=("Guy L. Steele Jr.",))
    found = {id_: read_back(text) for id_, text in bibtex.entries([first, second, third]).items()}
    assert {each[1]: each[2].get("ids") for each in found.values()} == {
        "oster2023direct": None,  # `ster2023direct` is the second's
        "ster2023direct": "ster2023directb",
        "steele2023direct": "jr2023direct",
    }
