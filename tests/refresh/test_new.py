"""From an arXiv id to a draft: what is written, what is left blank, what is never overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, TODAY, configured
from fake_services import FakeServices, Paper
from mkdocs.exceptions import PluginError

from papernotes import cli
from papernotes.base import storage
from papernotes.build import state
from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.data.site import Site
from papernotes.refresh import clock, new
from papernotes.refresh.merge import merge
from papernotes.refresh.services.answer import Metadata
from papernotes.rules import checker
from papernotes.text.sentences import fingerprint

ATTENTION = Metadata(
    title="Attention Is All You Need",
    version=7,
    authors=("Ashish Vaswani", "Noam Shazeer"),
    published=date(2017, 6, 12),
    updated=date(2023, 8, 2),
    category="cs.CL",
    withdrawn=False,
)


@pytest.fixture
def folder(docs: Path) -> Path:
    """The tiny docs folder with the real templates."""
    shutil.copytree(ROOT / "docs" / "_data" / "templates", docs / "_data" / "templates")
    return docs


def answer(_: Record) -> Metadata:
    return ATTENTION


def read(folder: Path) -> dict[str, Record]:
    records, findings = ledger.read(folder, folder.parent, today=TODAY)
    assert findings == []
    return records


def check(folder: Path, page: str) -> list[str]:
    result = checker.check(folder, root=folder.parent, today=TODAY, only={page}, drafts=True)
    return [str(finding) for finding in result.findings]


def test_a_draft_and_a_record_are_written(folder: Path) -> None:
    before = read(folder)
    started = new.start(folder, "1706.03762", today=TODAY, ask=answer)
    assert started.page == folder / "papers" / "attention-is-all-you-need.md"
    record = read(folder)["1706.03762"]
    assert record.title == "Attention Is All You Need"
    assert record.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert (record.version, record.published, record.category) == (7, date(2017, 6, 12), "cs.CL")
    assert record.counts == ()
    assert {id_: r for id_, r in read(folder).items() if id_ != "1706.03762"} == before
    text = started.page.read_text(encoding="utf-8")
    assert text.startswith('---\narxiv: "1706.03762"\nversion: 7 # ')
    assert "# 原题：Attention Is All You Need\n" in text
    assert "\ndraft: true" in text
    assert "checked: {day: 2026-11-23, by: writer}" in text


@pytest.mark.parametrize("tier", ["full", "middle", "short"])
def test_a_filled_template_breaks_no_rule_but_those_about_what_is_missing(folder: Path, tier: str) -> None:
    new.start(folder, "1706.03762", tier=tier, today=TODAY, ask=answer)
    found = check(folder, "docs/papers/attention-is-all-you-need.md")
    assert {line.split(": ")[1] for line in found} == {"blank", "front-matter-value", "page-draft", "page-length"}
    assert (
        "docs/papers/attention-is-all-you-need.md:9:7: front-matter-value: there is no tag; "
        "give at least one of 对齐, 小模型与数据, 微调, 混合专家, 视觉, 语言模型, 领域模型" in found
    )
    assert (
        "docs/papers/attention-is-all-you-need.md:6:8: blank: '〔待填：中文标题〕' is not filled in; "
        "write the text in its place" in found
    )


def test_without_a_network_the_blanks_are_marked_and_the_ledger_stays_valid(folder: Path) -> None:
    started = new.start(folder, "1706.03762", today=TODAY, ask=None)
    assert started.page == folder / "papers" / "1706-03762.md"
    record = read(folder)["1706.03762"]
    assert (record.title, record.authors) == ("〔待填：英文题名〕", ("〔待填：作者，一人一项〕",))
    page = "docs/papers/1706-03762.md"
    found = check(folder, page)
    assert found[:2] == [
        f"{page}:1:1: blank: the page is still named by the paper's id, '1706-03762'; "
        "rename the file (and its folder) once: the name is the page's address for ever",
        f"{page}:2:8: blank: the ledger's record of 1706.03762 has blanks: title, authors; where there is a network, "
        "run 'make new ID=1706.03762' again; or fill its line in docs/_data/papers.json",
    ]
    assert checker.check(folder, root=folder.parent, today=TODAY).findings == []  # the build leaves the draft out


def test_a_second_run_fills_the_record_and_leaves_the_page(folder: Path) -> None:
    page = new.start(folder, "1706.03762", slug="attention", today=TODAY, ask=None).page
    page.write_text(page.read_text(encoding="utf-8") + "\n我写的一句。\n", encoding="utf-8")
    before = page.read_bytes()
    started = new.start(folder, "1706.03762", today=TODAY, ask=answer)
    assert (started.page, started.created, started.why_blank) == (page, False, None)
    assert page.read_bytes() == before
    assert read(folder)["1706.03762"].title == "Attention Is All You Need"
    assert "is as it was" in new.next_steps(started, folder.parent)


def test_a_refresh_fills_the_record_too(folder: Path) -> None:
    new.start(folder, "1706.03762", slug="attention", today=TODAY, ask=None)
    record, outcomes = merge(read(folder)["1706.03762"], {"arxiv": ATTENTION}, today=TODAY)
    assert (record.title, outcomes[0].state) == ("Attention Is All You Need", "updated")


def test_a_record_with_blanks_and_no_page_is_reported_in_the_ledger(folder: Path) -> None:
    new.start(folder, "1706.03762", today=TODAY, ask=None).page.unlink()
    found = [str(finding) for finding in checker.check(folder, root=folder.parent, today=TODAY).findings]
    lines = (folder / "_data" / "papers.json").read_text(encoding="utf-8").split("\n")
    place = 1 + next(number for number, text in enumerate(lines) if '"arxiv": "1706.03762"' in text)
    assert found == [
        f"docs/_data/papers.json:{place}:1: blank: the record of 1706.03762 has blanks: title, authors; "
        "fill them, or remove the line: no page is about the paper"
    ]


@pytest.mark.parametrize(
    ("text", "slug", "ask", "sentence"),
    [
        pytest.param("1706.3762", None, None, "'1706.3762' needs 5 digits after the dot; copy the id from the paper's arXiv page", id="malformed"),
        pytest.param("https://huggingface.co/papers/2106.09685", None, answer, "docs/papers/small.md is the page on 2106.09685 already; edit it, or choose another paper", id="has a page, by a link of another site"),
        pytest.param("2106.09685", None, answer, "docs/papers/small.md is the page on 2106.09685 already; edit it, or choose another paper", id="has a page"),
        pytest.param("1706.03762", "Attention", None, "'Attention' is not a name for a page; use a-z, 0-9 and single hyphens, such as lora", id="bad slug"),
        pytest.param("1706.03762", "dpo", None, "docs/papers/dpo.md is there already; choose another name: make new ID=1706.03762 SLUG=…", id="slug taken"),
        pytest.param("1706.03762", "../../evil", None, "'../../evil' is not a name for a page; use a-z, 0-9 and single hyphens, such as lora", id="slug with a path"),
        pytest.param("3001.00001", None, None, "'3001.00001' is dated 2030-01, in the future; copy the id from the paper's arXiv page", id="future"),
    ],
)  # fmt: skip
def test_what_cannot_be_started_changes_nothing(
    folder: Path, text: str, slug: str | None, ask: new.Ask | None, sentence: str
) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(new.CannotStartError) as caught:
        new.start(folder, text, slug=slug, today=TODAY, ask=ask)
    assert str(caught.value) == sentence
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("https://arxiv.org/abs/1706.03762v5", "version: 5 # "),
        ("arXiv:1706.03762v2", "version: 2 # "),
        ("https://arxiv.org/pdf/1706.03762", "version: 7 # "),
    ],
)
def test_links_and_versions_are_understood(folder: Path, text: str, version: str) -> None:
    page = new.start(folder, text, today=TODAY, ask=answer).page
    assert f'arxiv: "1706.03762"\n{version}' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("title", "slug", "name"),
    [
        ("LoRA: Low-Rank Adaptation of Large Language Models", "lora", "LoRA"),
        ("Attention Is All You Need", "attention-is-all-you-need", None),
        ("1-bit LLMs: a Survey", "1-bit-llms", "1-bit LLMs"),
        ("Über-Modelle für alle und jeden Zweck", "uber-modelle-fur-alle-und", None),
        ("注意力", "1706-03762", None),
    ],
)
def test_names_come_from_the_title(title: str, slug: str, name: str | None) -> None:
    record = Record("1706.03762", None, title, (), None, None, None, None, None, None)
    assert (new.slug_of(record), new.name_of(record)) == (slug, name)


def test_the_command_asks_arxiv(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServices([Paper("1706.03762", "Attention Is All You Need", version=7)]) as services:
        for name, value in services.environment.items():
            monkeypatch.setenv(name, value)
        assert cli.main(["new", "1706.03762", "--tier", "middle", "--docs", str(folder)]) == 0
        assert services.count("arxiv") == 1
        out = capsys.readouterr().out
        assert out.startswith(
            "1706.03762: Attention Is All You Need\nWritten: docs/papers/attention-is-all-you-need.md "
        )
        assert "make check ARGS=docs/papers/attention-is-all-you-need.md" in out
        assert cli.main(["new", "2106.01234", "--docs", str(folder)]) == 2
        assert capsys.readouterr().err == (
            "papernotes: arXiv knows no paper 2106.01234; copy the id from the paper's arXiv page\n"
        )
        assert not (folder / "papers" / "2106-01234.md").exists()


def test_two_at_once_keep_both_records(folder: Path) -> None:
    """The second begins and ends while the first one waits for arXiv."""

    def slow(record: Record) -> Metadata:
        new.start(folder, "2106.01234", today=TODAY, ask=lambda _: replace(ATTENTION, title="Other"))
        return answer(record)

    before = read(folder)
    new.start(folder, "1706.03762", today=TODAY, ask=slow)
    assert set(read(folder)) == {*before, "1706.03762", "2106.01234"}


def test_two_at_once_on_one_paper_make_one_page(folder: Path) -> None:
    def slow(record: Record) -> Metadata:
        new.start(folder, "1706.03762", today=TODAY, ask=answer)
        return answer(record)

    with pytest.raises(new.CannotStartError, match=r"attention-is-all-you-need\.md is there already"):
        new.start(folder, "1706.03762", today=TODAY, ask=slow)
    assert read(folder)["1706.03762"].title == ATTENTION.title


def test_killed_between_its_two_files_the_same_command_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(storage, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            new.start(folder, "1706.03762", today=TODAY, ask=answer)
    assert "1706.03762" not in read(folder)
    started = new.start(folder, "1706.03762", today=TODAY, ask=answer)
    assert not started.created
    assert read(folder)["1706.03762"].title == ATTENTION.title


def test_a_wrong_clock_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    monkeypatch.setattr(clock, "behind", lambda day, root: f"{day} is too early" if root == folder.parent else None)
    with pytest.raises(new.CannotStartError, match=f"^nothing was written: {TODAY} is too early$"):
        new.start(folder, "1706.03762", today=TODAY, ask=answer)
    monkeypatch.undo()
    with FakeServices([Paper("1706.03762", "Attention Is All You Need", version=7)]) as services:
        for name, value in services.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(clock, "date", type("Ahead", (date,), {"today": lambda: date(2027, 12, 1)}))
        monkeypatch.setattr(new, "date", clock.date)
        with pytest.raises(
            new.CannotStartError, match=r"^nothing was written: this machine's clock says 2027-12-01, the services say "
        ):
            new.start(folder, "1706.03762", today=TODAY, ask=new.ask_arxiv)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_the_command_without_a_network_and_without_an_id(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERNOTES_ARXIV_API", "http://127.0.0.1:1")
    assert cli.main(["new", "1706.03762", "--docs", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("Not filled from arXiv: the connection was refused.\n")
    assert cli.main(["new", "--docs", str(folder)]) == 2
    assert capsys.readouterr().err == "papernotes: which paper? Give its arXiv id: make new ID=2106.09685\n"


def built(folder: Path, command: str) -> Site:
    config = configured(folder, command)
    config.plugins.on_pre_build(config=config)
    return state.of(config).site


def drafted(folder: Path) -> Path:
    """A draft whose front matter is filled in."""
    page = new.start(folder, "1706.03762", slug="attention", today=TODAY, ask=answer).page
    text = page.read_text(encoding="utf-8").replace("tags: []", "tags: [微调]")
    page.write_text(text, encoding="utf-8")
    return page


def test_the_writer_sees_a_draft_while_serving_and_nobody_sees_it_built(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted(folder)
    served = built(folder, "serve")
    assert "papers/attention.md" in served.previews
    assert "1706.03762" in served.papers
    assert "docs/papers/attention.md:6:8: blank: '〔待填：中文标题〕' is not filled in" in capsys.readouterr().err
    site = built(folder, "build")
    assert (site.previews, site.drafts) == (frozenset(), {"papers/attention.md"})
    assert "1706.03762" not in site.papers
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text.replace("tags: [微调]", "tags: []"), id="front matter incomplete"),
        pytest.param(lambda text: text + "\n<script>alert(1)</script>\n", id="could do harm"),
        pytest.param(
            lambda text: text + "\n/// figure | Figure 1\n    id: x\n///\n", id="a figure that cannot be laid out"
        ),
    ],
)
def test_a_draft_that_cannot_be_shown_is_left_out(folder: Path, spoil: Callable[[str], str]) -> None:
    page = drafted(folder)
    page.write_text(spoil(page.read_text(encoding="utf-8")), encoding="utf-8")
    site = built(folder, "serve")
    assert (site.previews, site.drafts) == (frozenset(), {"papers/attention.md"})


def test_a_finding_elsewhere_stops_serving_as_it_stops_a_build(folder: Path) -> None:
    drafted(folder)
    file = folder / "papers" / "small.md"
    file.write_text(file.read_text(encoding="utf-8").replace("## 写法", "# 写法"), encoding="utf-8")
    for command in ("serve", "build"):
        with pytest.raises(PluginError, match="'写法' is a heading of level 1"):
            built(folder, command)


def test_the_abstract_that_came_is_a_block_of_blanks(folder: Path) -> None:
    def told(_: Record) -> Metadata:
        return replace(ATTENTION, abstract="We propose a model. It is good.")

    page = new.start(folder, "1706.03762", today=TODAY, ask=told).page
    text = page.read_text(encoding="utf-8")
    assert "\n---\n\n/// pairs | 摘要\n    of: abstract\n    cut: 1\n    version: 7\n    copy: arxiv\n" in text
    assert f"\n{fingerprint('It is good.')} 〔待填：译文，第 2 句〕\n///\n\n## " in text
    assert "We propose" not in text
    found = check(folder, f"docs/papers/{page.name}")
    assert any("'〔待填：译文，第 1 句〕' is not filled in" in each for each in found)
    assert not any(": pairs-" in each for each in found)
