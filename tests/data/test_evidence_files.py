"""Files of evidence: read strictly, every fault a finding at its line; written as they are read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from papernotes.data import evidence
from papernotes.text import paper_places as places

TODAY = date(2026, 11, 28)
PATH = "docs/_data/evidence/2106.09685.json"
HEAD = {"schema": 1, "arxiv": "2106.09685", "version": 2, "read": {"by": "reader", "copy": "pdf", "day": "2026-11-28"}, "whole": True}  # fmt: skip
TABLE = {"place": "表 2", "in": "§5", "numbers": ["125.0M", "86.4", "87.2"], "rows": [["RoBERTa (FT)", "125.0M", "86.4"], ["RoBERTa (LoRA)", "87.2"]]}  # fmt: skip


def text(*entries: Any, **changed: Any) -> str:
    head = json.dumps(HEAD | changed, ensure_ascii=False)[:-1]
    return head + ', "places": [\n' + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]}\n"


def read(source: str) -> tuple[evidence.Evidence | None, list[str]]:
    found, findings = evidence.parse(source, PATH, today=TODAY)
    return found, [str(finding) for finding in findings]


def test_what_is_read_is_written_as_it_was() -> None:
    source = text({"place": "§5"}, TABLE, {"place": "图 1", "numbers": [], "unseen": True})
    found, findings = read(source)
    assert findings == []
    assert found is not None
    assert evidence.serialise(found) == source


def at(place: str, *entries: Any) -> list[str]:
    found, findings = read(text(*entries))
    assert found, findings
    parsed = places.parse(place)
    assert parsed
    return [entry.name for entry in found.at(parsed)]


def test_at() -> None:
    two, both = {"place": "表 2", "numbers": ["1"]}, {"place": "表 2–3", "numbers": ["1", "2"]}
    assert at("表 3", two, both) == ["表 2–3"]
    assert at("表 2", two, both) == ["表 2"]  # the range only for what was not read by itself
    assert at("§5", {"place": "§5.1", "numbers": ["1"]}, {"place": "§6"}) == ["§5.1"]


@pytest.mark.parametrize(
    ("place", "listed", "known"),
    [
        pytest.param("§5", True, True, id="there"),
        pytest.param("表 47", True, False, id="not there"),
        pytest.param("表 2c", True, True, id="a part of what is there"),
        pytest.param("表 2–3", True, False, id="a range of which one is not there"),
        pytest.param("摘要", False, True, id="every paper has one"),
        pytest.param("算法 1", False, False, id="a reader does not list algorithms"),
    ],
)
def test_knows(place: str, listed: bool, known: bool) -> None:
    found, _ = read(text({"place": "§5"}, TABLE))
    parsed = places.parse(place)
    assert found and parsed
    assert (found.is_listed(parsed), found.knows(parsed)) == (listed, known)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("[", ["1:2: evidence: not valid JSON: a value is missing; restore it from git"], id="cut"),
        pytest.param("[]", ["1:1: evidence: is not an object; restore it from git"], id="no object"),
        pytest.param("[" * 100_000, ["1:1: evidence: nested too deeply; restore it from git"], id="nested"),
        pytest.param('{"schema": 1, "schema": 1}', ["1:15: evidence: not valid JSON: the key 'schema' is repeated in one object; restore it from git"], id="key twice"),
        pytest.param('{"schema": NaN}', ["1:12: evidence: not valid JSON: NaN is not a JSON value; restore it from git"], id="NaN"),
        pytest.param(text(schema=2), ["1:1: evidence: schema '2', this program reads schema 1; restore it from git"], id="another schema"),
        pytest.param(text(texts=["57"]), ["1:1: evidence: the key 'texts' is unknown; remove it"], id="unknown key"),
        pytest.param(text(arxiv="2305.18290"), ["1:1: evidence: 'arxiv' is '2305.18290', the file is named '2106.09685'; write the paper's plain id in both"], id="of another paper"),
        pytest.param(text(version="2"), ["1:1: evidence: 'version' is '2'; write a number from 1, or null where the text names none"], id="version as text"),
        pytest.param(text(whole=None), ["1:1: evidence: 'whole' is 'None'; write true or false"], id="whole"),
        pytest.param(text(read={"by": "me", "copy": "pdf", "day": "2030-01-01"}), [
            "1:1: evidence: 'by' is 'me'; write 'program' or 'reader'",
            "1:1: evidence: 'day' is '2030-01-01'; write the day on which the text was read, YYYY-MM-DD",
        ], id="reader and day"),
        pytest.param(text({"place": "§5"}, TABLE, TABLE), ["4:1: evidence: 表 2 is repeated; keep one line"], id="a place twice"),
        pytest.param(text({"place": "Table 2"}), ["2:1: evidence: 'Table 2' is not a place; write it as a mark does: 摘要, §4.2, 附录 B, 表 1, 图 3"], id="no place"),
        pytest.param(text({"place": "§5", "number": []}), ["2:1: evidence: §5 has the unknown key 'number'; use only anchor, in, inferred, numbers, page, partial, place, rows, unseen"], id="misspelt key"),
        pytest.param(text({"place": "§5", "numbers": ["many"]}), ["2:1: evidence: 'many' of §5 is not a number; write it as printed, with its unit: 175B, 86.4%"], id="no number"),
        pytest.param(text({"place": "§5", "numbers": [5]}), ["2:1: evidence: '5' of §5 is not a number; write it as printed, with its unit: 175B, 86.4%"], id="a number that is not a text"),
        pytest.param(text({"place": "§5", "numbers": {"a": 1}}), ["2:1: evidence: the numbers of §5 are not a list; write a list, [] where there is none"], id="no list"),
        pytest.param(text({"place": "§5", "numbers": ["1"] * 5001}), ["2:1: evidence: §5 has 5001 numbers, more than 5000; split the place"], id="too many"),
        pytest.param(text({"place": "§5", "anchor": "S5\"onclick"}), ["2:1: evidence: §5 has the anchor 'S5\"onclick'; copy the id from the paper's HTML"], id="hostile anchor"),
        pytest.param(text({"place": "§5", "page": 0}), ["2:1: evidence: §5 is on page '0'; write the number of the PDF's page, from 1"], id="page 0"),
        pytest.param(text({"place": "§5", "page": "5"}), ["2:1: evidence: §5 is on page '5'; write the number of the PDF's page, from 1"], id="page as text"),
        pytest.param(text({"place": "表 2", "rows": [[1, "2"]]}), ["2:1: evidence: the rows of 表 2 are not lists that begin with a name; write [[\"LoRA\", \"73.4\"], …]"], id="row without name"),
        pytest.param(text(7), ["1:1: evidence: '7' is not a place; write {\"place\": \"§4.2\", …}"], id="a place that is not an object"),
    ],
)  # fmt: skip
def test_every_fault_is_a_finding_at_its_line(source: str, said: list[str]) -> None:
    assert read(source) == (None, [f"{PATH}:{each}" for each in said])


def test_a_folder_with_faults(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / evidence.FOLDER
    folder.mkdir(parents=True)
    (folder / "2106.09685.json").write_bytes(b"\xff")
    (folder / "2305.18290.json").write_bytes(b" " * (evidence.MAX_BYTES + 1))
    (folder / "2401.00001.json").write_text(text().replace("2106.09685", "2401.00001"), encoding="utf-8")
    found, findings = evidence.load(tmp_path / "docs", tmp_path, {"2106.09685", "2305.18290"}, today=TODAY)
    assert found == {}
    assert [str(finding) for finding in findings] == [
        f"{PATH}:1:1: evidence: the file is not UTF-8; save it as UTF-8",
        "docs/_data/evidence/2305.18290.json:1:1: evidence: the file has 1000001 bytes, more than 1000000; shorten it, or restore it from git",
        "docs/_data/evidence/2401.00001.json:1:1: evidence: the ledger has no paper '2401.00001'; add its record with its page, or remove the file",
    ]
