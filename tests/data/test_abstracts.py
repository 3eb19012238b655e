"""The file of abstracts: written and read again, cut, edited, of another schema."""

from __future__ import annotations

import random
from datetime import date

import pytest

from papernotes.data import abstracts
from papernotes.data.abstracts import Abstracts
from papernotes.text import sentences
from papernotes.text.pairs import Step, drift

TODAY = date(2026, 11, 28)
TEXT = "We train a small model. It “works” well."


def file(*, originals: bool) -> str:
    """A file with one abstract."""
    made = abstracts.make("2106.09685", 2, TODAY, TEXT, originals=originals)
    assert made
    return abstracts.serialise(Abstracts(originals, {made.arxiv: made}))


@pytest.mark.parametrize("originals", [True, False])
def test_what_is_written_is_read(originals: bool) -> None:
    text = file(originals=originals)
    read, findings = abstracts.parse(text, "a.json", today=TODAY)
    assert findings == []
    assert abstracts.serialise(read) == text
    kept = read.of["2106.09685"]
    assert (kept.version, kept.day, len(kept.fingerprints)) == (2, TODAY, 2)
    assert kept.sentences == (("We train a small model.", "It “works” well.") if originals else ())
    assert ("small" in text) is originals, "without the setting no English is written"


def test_an_older_version_is_kept_beside_the_newest() -> None:
    versions = [abstracts.make("2106.09685", version, TODAY, TEXT, originals=True) for version in (2, 1)]
    new, old = (version for version in versions if version)
    text = abstracts.serialise(Abstracts(True, {new.arxiv: new}, {old.arxiv: old}))
    read, findings = abstracts.parse(text, "a.json", today=TODAY)
    assert findings == []
    assert read.all_of("2106.09685") == [new, old]
    assert abstracts.serialise(read) == text
    line = text.split("\n")[2]
    _, findings = abstracts.parse(text.replace(line, f"{line},\n{line}"), "a.json", today=TODAY)
    assert [str(each).partition(";")[0] for each in findings] == [
        "a.json:2:1: abstracts: 2106.09685 is repeated, and not by one older version"
    ]


def test_an_empty_file_is_read() -> None:
    assert abstracts.parse(abstracts.serialise(Abstracts()), "a.json", today=TODAY) == (Abstracts(), [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="white space"),
        pytest.param("x" * 6000, id="one word of 6000 letters"),
        pytest.param("One. " * 10_000, id="ten thousand sentences"),
    ],
)
def test_what_can_be_no_abstract_is_not_kept(text: str) -> None:
    assert abstracts.make("2106.09685", 2, TODAY, text, originals=True) is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("]}\n]}", "]}", "a.json:2:196: abstracts: not valid JSON: a comma is missing", id="cut"),
        pytest.param('"schema": 1', '"schema": 2', "a.json:1:1: abstracts: the file is not of schema 1", id="another schema"),
        pytest.param('"originals": true', '"originals": "yes"', "a.json:1:1: abstracts: 'originals' is not true or false, or 'abstracts' is not a list", id="setting of another kind"),
        pytest.param('"version": 2', '"version": 0', "a.json:2:1: abstracts: '0' is not a version", id="version zero"),
        pytest.param("2026-11-28", "2030-01-01", "a.json:2:1: abstracts: the day of 2106.09685 is in the future", id="a day to come"),
        pytest.param('"fingerprints": ["', '"fingerprints": ["x', "a.json:2:1: abstracts: the fingerprints of 2106.09685 are not fingerprints", id="no fingerprint"),
        pytest.param("small", "large", "a.json:2:1: abstracts: the sentences of 2106.09685 do not have its fingerprints", id="edited"),
        pytest.param("small", "sm\\u202eall", "a.json:2:1: abstracts: the sentences of 2106.09685 are not texts", id="a character that turns the text"),
        pytest.param('"2106.09685"', '"2106.0968"', "a.json:2:1: abstracts: '2106.0968' needs 5 digits after the dot", id="no id"),
    ],
)  # fmt: skip
def test_a_bad_file_is_a_finding(old: str, new: str, expected: str) -> None:
    text = file(originals=True)
    assert old in text
    read, findings = abstracts.parse(text.replace(old, new), "a.json", today=TODAY)
    assert read == Abstracts()
    assert [str(each).partition(";")[0] for each in findings] == [expected]


WORDS = [
    "we",
    "train",
    "large",
    "models",
    "on",
    "“small”",
    "data",
    "and",
    "find",
    "--",
    "often",
    "--",
    "that",
    "they",
    "learn",
    "more",
]


@pytest.mark.parametrize("seed", range(100))
def test_one_word_of_a_stored_original_is_one_sentence_changed(seed: int) -> None:
    """From arXiv's text to the drift of a page: other lines, quotation marks and dashes, and a new version, are none."""
    chance = random.Random(seed)
    before = [
        f"{' '.join(chance.choices(WORDS, k=chance.randint(6, 20))).capitalize()} {number}."
        for number in range(chance.randint(3, 12))
    ]
    place = chance.randrange(len(before))
    changed = before[place].split()
    changed[chance.randrange(len(changed) - 1)] = "otherwise"
    same = " ".join(before).replace("“small”", "``small''").replace(" -- ", " — ")
    same = "".join("\n" if char == " " and chance.random() < 0.3 else char for char in same)
    after = " ".join([*before[:place], " ".join(changed), *before[place + 1 :]])
    translated = tuple(map(sentences.fingerprint, before))
    for version in (2, 3):
        for text, steps in ((same, ()), (after, (Step("changed", place, place),))):
            made = abstracts.make("2106.09685", version, TODAY, text, originals=True)
            assert made
            read, _ = abstracts.parse(abstracts.serialise(Abstracts(True, {made.arxiv: made})), "", today=TODAY)
            assert drift(translated, read.of[made.arxiv].fingerprints) == steps
