"""The verb `read`: what is asked of arXiv, what is written, what is said; and what another version does to a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import making
import pytest
from conftest import TODAY
from fake_services import FakeServices, Handler

from papernotes import cli
from papernotes.base.finding import StopError
from papernotes.data import evidence as evidence_data
from papernotes.evidence import reading
from papernotes.refresh.reading import html, pdf
from papernotes.refresh.services.transport import Limits

PAGE = (making.PAPER / "paper.html").read_bytes()
LORA = b"LoRA: Low-Rank Adaptation of Large Language Models"
FAST = Limits(total=5.0, connect=1.0, read=0.5, retries=1, backoff=0.01, retry_after=0.3, body=300_000, pace=0.0)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process; that one of its own reads the same is told in test_reading."""
    monkeypatch.setattr(reading.apart, "read", lambda data: (pdf if data.startswith(b"%PDF") else html).read(data))


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with FakeServices() as services:
        yield services


@pytest.fixture
def read(docs: Path, services: FakeServices, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the verb against a server of our own; exit code, output and error output."""

    def run(*arguments: str) -> tuple[int, str, str]:
        import argparse

        parser = argparse.ArgumentParser()
        reading.add_arguments(parser)
        parsed = parser.parse_args([*arguments, "--docs", str(docs)])
        try:
            code = reading.run(parsed, environment=services.environment, limits=FAST, today=TODAY)
        except StopError as error:
            return error.code, capsys.readouterr().out, f"papernotes: {error}\n"
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def lora(version: int, *changes: tuple[bytes, bytes]) -> bytes:
    """A page of the paper of the small page, in arXiv's frame."""
    page = making.framed(PAGE, 2026, version=version, id_="2106.09685")
    for old, new in ((b"Counting Boats: 3 Invented Studies of a Harbour", LORA), *changes):
        assert old in page
        page = page.replace(old, new)
    return page


def test_a_paper_is_read_from_arxiv(read: Any, docs: Path, services: FakeServices) -> None:
    services.pages["2106.09685v2"] = lora(2)
    code, out, err = read("2106.09685")
    assert (code, err) == (0, "")
    assert out == (
        "2106.09685v2, read from its HTML on arXiv: 8 sections, 3 appendices, 3 tables, 3 figures, 4 equations, 1 footnotes;"
        " 97 numbers, 26 addresses or pages seen.\ndocs/_data/evidence/2106.09685.json is written.\n"
    )
    assert [seen.path for seen in services.seen] == [
        "/html/2106.09685v2"
    ]  # the version of the page, without being asked
    written, findings = evidence_data.load(docs, docs.parent, {"2106.09685", "1707.06347"}, today=TODAY)
    assert findings == []
    kept = written["2106.09685"]
    assert (kept.version, kept.by, kept.copy, kept.day, kept.whole) == (2, "program", "arxiv-html", TODAY, True)
    assert read("2106.09685")[1].endswith("docs/_data/evidence/2106.09685.json is as it was.\n")


def test_what_is_there_stays(read: Any, docs: Path, services: FakeServices) -> None:
    services.pages["2106.09685v2"] = lora(2)
    read("2106.09685v2")
    file = docs / evidence_data.FOLDER / "2106.09685.json"
    text = file.read_text(encoding="utf-8")
    other = (
        text.replace('"73.8", ', '"73.9", ')
        .replace('{"place": "致谢"', '{"place": "附录 C"')
        .replace(', "anchor": "Sx2"', "")
    )
    file.write_text(other, encoding="utf-8")
    code, out, _ = read("2106.09685v2")
    assert code == 0
    assert out.splitlines()[1:] == [
        "Only in the file: 附录 C.",
        "Only read now: 致谢.",
        "表 1: not read now: 73.9",
        "docs/_data/evidence/2106.09685.json is there and is as it was; ARGS=--replace writes over it. In a commit that also changes the page,",
        "name the text and the place where each number was read.",
    ]
    assert file.read_text(encoding="utf-8") == other
    assert read("2106.09685v2", "--replace")[1].endswith("is written.\n")
    assert file.read_text(encoding="utf-8") == text


def test_a_file_that_names_its_paper(read: Any, docs: Path, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_bytes(lora(2))
    assert read("--file", str(tmp_path / "saved.html"))[0] == 0
    assert (docs / evidence_data.FOLDER / "2106.09685.json").exists()


def test_what_latexml_made_is_the_source_and_has_no_addresses(read: Any, docs: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.html").write_bytes(PAGE)
    code, out, _ = read("2402.99999", "--file", str(tmp_path / "paper.html"))
    assert code == 0
    assert out.startswith("2402.99999, version unknown, read from paper.html: 8 sections")
    data = json.loads((docs / evidence_data.FOLDER / "2402.99999.json").read_text(encoding="utf-8"))
    assert (data["version"], data["read"]["copy"]) == (None, "latex")
    assert not any({"anchor", "page"} & place.keys() for place in data["places"])


def test_a_pdf(read: Any, docs: Path) -> None:
    assert read("--file", str(making.PAPER / "paper.pdf"))[0] == 0
    data = json.loads((docs / evidence_data.FOLDER / "2402.99999.json").read_text(encoding="utf-8"))
    assert (data["version"], data["read"]["copy"]) == (2, "pdf")
    pages = {place["place"]: place["page"] for place in data["places"]}
    assert (pages["§1"], pages["表 1"], pages["表 3"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "which paper? Give its id: make read ID=2305.18290v3, or a file: FILE=paper.html", id="nothing"),
        pytest.param(["2305.1829"], "'2305.1829' needs 5 digits after the dot; copy the id from the paper's arXiv page", id="a wrong id"),
        pytest.param(["2305.18290v9"], "arXiv has no HTML of 2305.18290v9; save its PDF and give that: FILE=paper.pdf", id="no HTML"),
        pytest.param(["2305.18290", "--file", "{saved}"], "saved.html is 2106.09685v2, not 2305.18290; give the paper that was asked for", id="another paper"),
        pytest.param(["2106.09685v1", "--file", "{saved}"], "saved.html is version 2 of 2106.09685, not 1; give that version", id="another version"),
        pytest.param(["--file", "{plain}"], "plain.html does not name its paper; give the id: ID=2305.18290v3", id="a file that names none"),
        pytest.param(["2305.18290", "--file", "{plain}"], "plain.html does not bear the title of 2305.18290 in the ledger; give that paper, or mend the ledger", id="another title"),
        pytest.param(["2106.09685", "--file", "{cut}"], "cut.html cannot be read: it is cut: its end is missing; fetch it again", id="cut"),
        pytest.param(["2106.09685", "--file", "none.html"], "'none.html' cannot be read: No such file or directory", id="no file"),
        pytest.param(["2106.09685", "--file", "."], "'.' cannot be read: Is a directory", id="a folder"),
    ],
)  # fmt: skip
def test_what_is_said_when_nothing_is_read(
    read: Any, docs: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    for name, data in (("saved", lora(2)), ("plain", PAGE), ("cut", PAGE[:9_000])):
        (tmp_path / f"{name}.html").write_bytes(data)
    names = {name: str(tmp_path / f"{name}.html") for name in ("saved", "plain", "cut")}
    code, out, err = read(*(argument.format(**names) for argument in arguments))
    assert (code, out, err) == (2, "", f"papernotes: {said}\n")
    assert [file.name for file in (docs / evidence_data.FOLDER).iterdir()] == ["1707.06347.json"]


def unavailable(handler: Handler) -> None:
    handler.reply(503, "<html>busy</html>", "text/html")


def elsewhere(handler: Handler) -> None:
    handler.reply(302, "", Location="https://example.org/")


def endless(handler: Handler) -> None:
    handler.reply(200, b"<p>" * 200_000, "text/html")


@pytest.mark.parametrize(
    ("weather", "why"),
    [
        pytest.param(unavailable, "503: an HTML page", id="busy"),
        pytest.param(elsewhere, "302, a redirect; not followed", id="sent elsewhere"),
        pytest.param(endless, "an answer of more than 300000 bytes; not read on", id="over the limit"),
    ],
)
def test_bad_weather(read: Any, services: FakeServices, weather: Callable[[Handler], None], why: str) -> None:
    services.weather["arxiv-html"] = weather
    code, _, err = read("2106.09685v2")
    assert (code, err) == (3, f"papernotes: arXiv did not answer: {why}; try later, or save the page and give it: FILE=paper.html\n")  # fmt: skip


# --- another version ---


MOVED = """\
准确率是 74.1，参数 70 亿。【来源：表 1】

花了 14.2 小时。【来源：表 2】

划艇占 41.7%，浮标占 24.9%。【来源：§3.1】

东岸只有 66.3。【来源：表 3】
"""


def test_another_version_is_reported_and_not_written(read: Any, docs: Path, services: FakeServices) -> None:
    file = docs / "papers" / "small.md"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("| 方法"), text.index('!!! note "译注"')
    file.write_text(text[:start] + MOVED + "\n" + text[end:], encoding="utf-8")
    services.pages["2106.09685v2"] = lora(2)
    services.pages["2106.09685v3"] = lora(
        3,
        (b">74.1<", b">74.9<"),  # changed
        (b">Table 2<", b">Table 9<"),  # under another number
        (b"41.7%", b"Many"), (b"Twelve harbours", b"Of 41.7% the harbours"),  # in another section
        (b">66.3<", b">-<"),  # gone
    )  # fmt: skip
    read("2106.09685v2")
    before = (docs / evidence_data.FOLDER / "2106.09685.json").read_bytes()
    code, out, _ = read("2106.09685v3")
    assert code == 0
    assert (docs / evidence_data.FOLDER / "2106.09685.json").read_bytes() == before
    first, gap, *lines = out.splitlines()
    assert first.startswith("2106.09685v3, read from its HTML on arXiv: 8 sections")
    assert gap == "Not found between the others: 表 2, 表 4, 表 5, 表 6, 表 7, 表 8; so what is missing proves nothing ('whole' is false)."  # fmt: skip
    assert lines == REPORT


REPORT = """\
docs/papers/small.md is written from version 2: nothing is written
2 result numbers stand where their marks say, 1 were not compared, 6 notes.
docs/papers/small.md:36:6: drift-number: '74.1' does not stand at 【来源：表 1】 in version 3, nor anywhere; new there: 74.9; read what changed, then correct the number or the mark
docs/papers/small.md:38:4: drift-number: '14.2 小时' does not stand at 【来源：表 2】 in version 3, but at 表 9; read what changed, then correct the number or the mark
docs/papers/small.md:38:12: drift-place: 表 2 is 表 9 in version 3; look at both, then correct the mark
docs/papers/small.md:40:5: drift-number: '41.7%' does not stand at 【来源：§3.1】 in version 3, but at §3.2; read what changed, then correct the number or the mark
docs/papers/small.md:42:6: drift-number: '66.3' does not stand at 【来源：表 3】 in version 3, nor anywhere; read what changed, then correct the number or the mark
docs/papers/small.md:45:15: drift-place: 表 2 is 表 9 in version 3; look at both, then correct the mark
When the page is brought up to date: set 'version: 3' in it, then run this again.
""".splitlines()


def test_newer_versions_are_looked_at(read: Any, docs: Path, services: FakeServices) -> None:
    ledger = docs / "_data" / "papers.json"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(
        text.replace('"arxiv": "2106.09685", "version": 2', '"arxiv": "2106.09685", "version": 3'), encoding="utf-8"
    )
    services.pages["2106.09685v3"] = lora(3)
    code, out, _ = read("--newer")
    assert code == 0
    assert out.startswith("Newer versions: 1 of ")
    assert "**docs/papers/small.md**, from version 2 to 3:" in out
    services.weather["arxiv-html"] = unavailable
    code, out, _ = read("--newer")
    assert (code, out.splitlines()[-1]) == (3, "- arXiv did not answer: 503: an HTML page")
    assert services.seen[0].headers["user-agent"] == "papernotes/1 (reads a paper to check notes on it, one at a time)"


def test_the_verb_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read"]) == 2
    assert "which paper?" in capsys.readouterr().err
