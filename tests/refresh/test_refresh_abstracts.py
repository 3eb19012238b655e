"""The abstracts that come with a refresh: what is reported of translations, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fake_services import FakeServices, Paper

from papernotes import cli
from papernotes.data import abstracts, ledger
from papernotes.data.ledger import Record
from papernotes.refresh import command, new, report
from papernotes.refresh.services.answer import Metadata
from papernotes.refresh.services.transport import Limits
from papernotes.text import sentences

TODAY = date(2026, 11, 23)
FAST = Limits(total=3.0, connect=1.0, read=1.0, retries=0, pace=0.0)
TEXT = ("We propose a method.", "It is small.", "Code is there.")
NO_ABSTRACT = "version 2 has no text, or too long a one for an abstract; it was not compared, and what was kept stays"
SUMMARY = "  We propose a\nmethod. It is small.\n  Code is there.\n"


def write(docs: Path, copy: str = "arxiv", originals: bool = False) -> None:
    """A docs folder with one page, its abstract translated."""
    (docs / "_data").mkdir(parents=True)
    (docs / "papers").mkdir()
    record = Record(
        "2301.00001", 1, "Paper of one kind", ("A",), date(2023, 5, 29), None, None, None, None, None, False, ()
    )
    (docs / ledger.FILE).write_text(ledger.serialise([record]), encoding="utf-8")
    text = f'{{"schema": 1, "originals": {json.dumps(originals)}, "abstracts": []}}\n'
    (docs / abstracts.FILE).write_text(text, encoding="utf-8")
    lines = "".join(f"{sentences.fingerprint(text)} 译文。\n" for text in TEXT)
    options = f"    of: abstract\n    cut: 1\n    version: 1\n    copy: {copy}\n    seen: 某处\n"
    page = f'---\narxiv: "2301.00001"\n---\n\n/// pairs | 摘要\n{options}{lines}///\n'
    (docs / "papers/a.md").write_text(page, encoding="utf-8")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return tmp_path / "docs"


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with FakeServices([Paper("2301.00001", "Paper of one kind", summary=SUMMARY)], prefix="/a/mirror") as services:
        yield services


def run(docs: Path, services: FakeServices) -> report.Report:
    return command.run(
        docs, (), accept=False, environment=services.environment, limits=FAST, today=TODAY, step=lambda *_: None
    )


def kept(docs: Path) -> abstracts.Abstracts:
    read, findings = abstracts.read(docs, docs.parent, today=TODAY)
    assert findings == []
    return read


def test_the_same_words_in_other_lines_are_no_change(docs: Path, services: FakeServices) -> None:
    write(docs)
    done = run(docs, services)
    assert done.abstracts == ()
    seen = kept(docs).of["2301.00001"]
    assert seen.fingerprints == tuple(map(sentences.fingerprint, TEXT))
    assert seen.sentences == (), "the setting is off: no English is written"
    before = (docs / abstracts.FILE).read_bytes()
    run(docs, services)
    assert (docs / abstracts.FILE).read_bytes() == before
    assert "small" not in before.decode()


def test_with_the_setting_the_sentences_are_kept(docs: Path, services: FakeServices) -> None:
    write(docs, originals=True)
    run(docs, services)
    assert kept(docs).of["2301.00001"].sentences == TEXT


def test_no_request_is_made_for_it(docs: Path, services: FakeServices, tmp_path: Path) -> None:
    write(docs)
    with_page = [row.requests for row in run(docs, services).rows]
    (docs / "papers/a.md").unlink()
    assert [row.requests for row in run(docs, services).rows] == with_page


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        pytest.param("arxiv", "version 1 was translated; in version 2 sentence 2 was changed, sentence 4 was added", id="arXiv's own"),
        pytest.param("other", "translated from another copy; sentences that differ in version 2: 2", id="another copy"),
    ],
)  # fmt: skip
def test_a_change_is_reported_by_the_sentence(docs: Path, copy: str, expected: str) -> None:
    write(docs, copy)
    paper = Paper(
        "2301.00001", "Paper of one kind", summary="We propose a method. It is tiny. Code is there. So is data."
    )
    with FakeServices([paper], prefix="/a/mirror") as services:
        done = run(docs, services)
    assert [str(each) for each in done.abstracts] == [expected]
    assert "Abstracts that are not those that were translated:" in report.table(done)
    assert json.loads(report.as_json(done))["abstracts"][0]["arxiv"] == "2301.00001"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        pytest.param("Word.", "version 1 was translated; in version 2 sentence 1 was changed, sentence 2 was removed, sentence 3 was removed", id="one word"),
        pytest.param("One. " * 10_000, NO_ABSTRACT, id="ten thousand sentences"),
        pytest.param("x" * 6000, NO_ABSTRACT, id="one word of 6000 letters"),
        pytest.param("", NO_ABSTRACT, id="nothing"),
        pytest.param("這是另一種語言。" * 50, "version 1 was translated; in version 2 sentence 1 was changed, sentence 2 was removed, sentence 3 was removed", id="another language"),
        pytest.param(r"\textbf{ $x^{ <b>Bold</b> {{ }} . \end{document}", "version 1 was translated; in version 2 sentence 1 was changed, sentence 2 was changed, sentence 3 was removed", id="TeX and markup that do not close"),
        pytest.param("We\u202e propose a method. It \u0085 is small. Code is there.", None, id="characters that steer"),
    ],
)  # fmt: skip
def test_of_a_strange_abstract_one_line_is_told(docs: Path, summary: str, expected: str | None) -> None:
    write(docs, originals=True)
    with FakeServices([Paper("2301.00001", "Paper of one kind", summary=summary)], prefix="/a/mirror") as services:
        told = [str(each) for each in run(docs, services).abstracts]
    assert told == ([expected] if expected else [])
    assert ("2301.00001" in kept(docs).of) is (expected != NO_ABSTRACT)


def test_of_an_older_version_that_was_translated_the_abstract_comes_in_the_same_request(docs: Path) -> None:
    """Its sentences stay beside their translations; what changed since is told of the newest."""
    write(docs, originals=True)
    paper = Paper("2301.00001", "Paper of one kind", summary="We propose a method. It is tiny.", earlier={1: SUMMARY})
    with FakeServices([paper], prefix="/a/mirror") as services:
        run(docs, services)  # the ledger learns that there is a version 2
        before = services.count("arxiv")
        done = run(docs, services)
        assert services.count("arxiv") == before + 1
    assert [str(each) for each in done.abstracts] == [
        "version 1 was translated; in version 2 sentence 2 was changed, sentence 3 was removed"
    ]
    newest, older = kept(docs).all_of("2301.00001")
    assert (newest.version, newest.sentences) == (2, ("We propose a method.", "It is tiny."))
    assert (older.version, older.sentences) == (1, TEXT)
    page = docs / "papers/a.md"
    page.write_text(page.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    with FakeServices([paper], prefix="/a/mirror") as services:
        run(docs, services)
    assert [each.version for each in kept(docs).all_of("2301.00001")] == [2]


def test_a_file_that_cannot_be_read_stays_as_it_is(docs: Path, services: FakeServices) -> None:
    write(docs)
    (docs / abstracts.FILE).write_text("{", encoding="utf-8")
    run(docs, services)
    assert (docs / abstracts.FILE).read_text(encoding="utf-8") == "{"


def test_the_command_prints_a_block(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Metadata("Title", 3, ("A",), date(2023, 1, 1), date(2023, 1, 1), None, False, " ".join(TEXT))
    monkeypatch.setattr(new, "ask_arxiv", lambda _: answer)
    assert cli.main(["pairs", "2301.00001"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("/// pairs | 摘要\n    of: abstract\n    cut: 1\n    version: 3\n    copy: arxiv\n")
    assert f"\n{sentences.fingerprint(TEXT[1])} 〔待填：译文，第 2 句〕\n" in out
    monkeypatch.setattr(new, "ask_arxiv", lambda _: "no answer")
    assert cli.main(["pairs", "2301.00001"]) == 2
    assert cli.main(["pairs", "nonsense"]) == 2
