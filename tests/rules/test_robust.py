"""Robust reading: whatever a file holds, the readers answer, in bounded time and memory, and never with a traceback."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import date

import alone
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from seeded import SEEDED, SOAK

from papernotes.base import arxiv
from papernotes.data import ledger, term_table
from papernotes.data import site as site_module
from papernotes.figures import scan
from papernotes.rules import checker
from papernotes.text import blocks, document, frontmatter, source_mark
from papernotes.text.document import Document

TODAY = date(2026, 11, 23)
CASES = 38_000 if SOAK else 380
MEMORY = 400  # MB at most, of a run of the length of a soak; measured 64 at 2,000 cases
SLOWEST = 5.0  # seconds of one case's processor time

PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["[@", "]", "【来源：", "】", "§4.2", "，", "；", "表 1", "@2310.16944v1", "[a](https://x.y)", "自算", "–", "\n", "\0"]),
    st.sampled_from(["2305.18290", "v3", "arXiv:", "math.GT/0309136", "https://arxiv.org/abs/", "https://doi.org/10.48550/", "%2F", "#", "?"]),
    st.sampled_from(["---\n", "key: ", "[", "]", "{", "}", "&a ", "*a", "!!x ", "|\n", ">\n", "- ", '"', "'", "\t", "...\n", "<<: ", "1e9", "~"]),
    st.sampled_from(["## ", "```", "$$", "$", "/// figure | Figure 2\n", "///\n", "    id: a\n", "| a |\n", "<b>", "<!--", "-->", "{#a}", "[~"]),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def page_of(body: str) -> Document:
    return Document("docs/papers/x.md", "papers/x.md", body, None, 0)


@SEEDED
@given(TEXTS)
def test_parse_id_gives_an_id_or_says_what_is_wrong(text: str) -> None:
    try:
        parsed = arxiv.parse_id(text, today=TODAY)
    except ValueError as error:
        assert str(error)
    else:
        assert arxiv.parse_id(str(parsed), today=TODAY) == parsed
        assert str(parsed).isascii()


@SEEDED
@given(TEXTS)
def test_id_of_link_gives_an_id_or_says_what_is_wrong(text: str) -> None:
    try:
        parsed = arxiv.id_of_link(text, today=TODAY)
    except ValueError as error:
        assert str(error)
    else:
        assert arxiv.id_of_link(parsed.abs_url, today=TODAY) == parsed


@SEEDED
@given(TEXTS)
def test_a_source_mark_is_read_or_refused(text: str) -> None:
    try:
        groups = source_mark.parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert all(group.items for group in groups)


@SEEDED
@given(TEXTS)
def test_front_matter_is_split_at_a_place_in_the_text(text: str) -> None:
    front, body, findings = frontmatter.FrontMatter.split("page.md", text, document.MAX_FRONT_BYTES)
    assert 0 <= body <= len(text)
    for finding in findings:
        assert 1 <= finding.line <= text.count("\n") + 2
    assert front is None or front.entries or not findings


@SEEDED
@given(TEXTS)
def test_yaml_is_read_into_nodes_or_findings(text: str) -> None:
    root, findings = frontmatter.read_yaml("data.yml", text)
    assert root is None or root.line >= 1
    for finding in findings:
        assert "\n" not in str(finding)
    term_table.parse("terms.yml", text)


@SEEDED
@given(ANYTHING)
def test_a_ledger_of_anything_is_records_or_findings(value: object) -> None:
    for data in (value, {"schema": 1, "papers": value}, {"schema": 1, "papers": [value]}):
        records, findings = ledger.parse(json.dumps(data), "papers.json", today=TODAY)
        assert findings or all(ledger.serialise([record]) for record in records.values())


@SEEDED
@given(TEXTS)
def test_a_ledger_of_any_text_is_records_or_findings(text: str) -> None:
    assert ledger.parse(text, "papers.json", today=TODAY)[1]


@SEEDED
@given(st.binary(max_size=200))
def test_any_bytes_are_a_page_or_findings(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "bytes"
    folder.mkdir(exist_ok=True)
    (folder / "page.md").write_bytes(raw)
    read, findings = document.read(folder, folder / "page.md", folder)
    assert read or findings
    if read:
        assert read.body == read.text[read.body_start :]


@SEEDED
@given(TEXTS)
def test_masked_texts_keep_every_offset(text: str) -> None:
    page = page_of(text)
    for masked in (page.prose, page.plain):
        assert len(masked) == len(page.body)
        assert masked.count("\n") == page.body.count("\n")
    for block in blocks.blocks(page):
        assert page.prose[block.offset : block.offset + len(block.text)] == block.text or block.kind == "heading"
    scan.scan(page)


@SEEDED
@given(TEXTS)
def test_every_rule_reads_every_page(text: str) -> None:
    for finding in alone.judged(page_of(text), _site(), LIBRARY)[0]:
        assert finding.rule in checker.RULES
        assert "\n" not in str(finding)
        assert 1 <= finding.line <= text.count("\n") + 2


def _site() -> site_module.Site:
    if not _SITES:
        docs = ROOT / "tests" / "site" / "docs"
        _SITES.append(site_module.load(docs, root=docs.parent, today=TODAY, parse=LIBRARY.parse)[0])
    return _SITES[0]


_SITES: list[site_module.Site] = []
LIBRARY = checker.library()


@pytest.mark.parametrize(
    "token",
    ["[", "[@", "[@fig:", "[~", "[^", "![", "](", "【来源：", "`", "``` ", "$", "$$", "\\(", "<", "<a ", "<!--", "<!-- allow", "{", "{#",
     "*", "_", "> ", "- ", "| ", "\n| ", "# ", "\n## ", "\n/// figure", "\n    id: ", "\n!!! note", "\\", "&", "&#", "（", "「", "《",
     "7B", "1.5%", "a\n", "\n\n", " ", "模", "模型 ", "LoRA", "https://arxiv.org/abs/", "arXiv:", "2305.", "§1–"],
)  # fmt: skip
def test_a_token_repeated_takes_no_longer_than_it_should(token: str) -> None:
    """Thousands of one token: what takes more than linear time shows here (a cubic reader would take minutes)."""
    time_is_bounded("文字。\n\n", token, "")


@pytest.mark.parametrize("token", ["-", "- |", ":-", " |", "|-"])
def test_a_table_of_many_columns_takes_no_longer_than_it_should(token: str) -> None:
    time_is_bounded("文字。\n\n| a | b |\n|", token, "x|", most=100_000)


def time_is_bounded(before: str, token: str, after: str, most: int = 8000) -> None:
    page = page_of(before + token * ((200_000 if SOAK else most) // len(token)) + after)
    started = time.process_time()
    alone.judged(page, _site(), LIBRARY)
    assert time.process_time() - started < SLOWEST


def test_a_link_too_long_for_a_file_system_is_a_broken_link() -> None:
    """Found by the soak: seed 7, case 16628."""
    found, _ = alone.judged(page_of(f"[a]({'x=' * 400}.svg)"), _site(), LIBRARY)
    assert [finding.rule for finding in found] == ["link-target"]


def test_mutated_files_leave_no_traceback() -> None:
    """In `make soak` 20,000 pages among 38,000 cases; here 200 among 380. A process of its own, so that memory can be limited
    (1 GB of address space) and measured.
    """
    seed = random.SystemRandom().randrange(10**6) if SOAK else 1
    command = [sys.executable, str(ROOT / "tests" / "rules" / "mutate.py"), str(seed), str(CASES)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'hooks'}:{ROOT / 'tests'}"},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["cases"] == CASES
    assert result["slowest"] < SLOWEST, result
    assert result["memory"] < MEMORY, result


def test_a_case_that_hangs_or_raises_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    import mutate

    def fails(_: random.Random) -> str:
        raise KeyError("x")

    def hangs(_: random.Random) -> str:
        while True:
            pass

    monkeypatch.setattr(mutate, "SECONDS", 0.2)
    monkeypatch.setattr(mutate, "KINDS", {"page": (fails, 1)})
    with pytest.raises(KeyError) as raised:
        mutate.run(1, 1)
    assert raised.value.__notes__ == ["case 0 of seed 1, a page"]
    monkeypatch.setattr(mutate, "KINDS", {"page": (hangs, 1)})
    with pytest.raises(mutate.Hang):
        mutate.run(1, 1)


def test_safety_reads_a_page_of_the_largest_size_in_bounded_time() -> None:
    body = ("文字 [链接](dpo.md) 和 `代码`。\n\n" * 40_000)[: document.MAX_PAGE_BYTES // 3]
    started = time.process_time()
    alone.judged(page_of(body), _site(), LIBRARY)
    assert time.process_time() - started < SLOWEST
