"""A page is taken away: nothing of it is left, nothing that led to it breaks, and what an owner names wrongly stays as it is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import TODAY, WORDS

from papernotes import cli
from papernotes.build.finish import redirects
from papernotes.data import site as site_module
from papernotes.data.reading import paths
from papernotes.owner import commands
from papernotes.owner.retire import plan as planned

Findings = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    class Day(type(TODAY)):  # type: ignore[misc]
        @classmethod
        def today(cls) -> object:
            return TODAY

    monkeypatch.setattr(commands, "date", Day)


def retire(docs: Path, *arguments: str) -> int:
    return cli.main(["retire", "--docs", str(docs), *arguments])


def text(docs: Path, name: str) -> str:
    return (docs / name).read_text(encoding="utf-8")


def edit(docs: Path, name: str, old: str, new: str) -> None:
    before = text(docs, name)
    assert before.count(old) == 1
    (docs / name).write_text(before.replace(old, new), encoding="utf-8")


def snapshot(docs: Path) -> dict[str, bytes]:
    return {file.relative_to(docs).as_posix(): file.read_bytes() for file in sorted(docs.rglob("*")) if file.is_file()}


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["dpo"], id="a page on the path and in a topic"),
        pytest.param(["papers/instructgpt.md"], id="a page whose pictures another table and page show"),
        pytest.param(["docs/papers/segment-anything", "topics/vision"], id="a topic with its only paper"),
        pytest.param(["ppo", "instructgpt", "segment-anything", "vision", "dpo"], id="all papers but one"),
    ],
)
def test_what_is_left_is_clean(docs: Path, names: list[str]) -> None:
    assert retire(docs, "--force", *names) == 0  # it checks what is left
    for name in names:
        stem = name.removeprefix("docs/").removesuffix(".md").rpartition("/")[2]
        assert not [file for file in docs.glob(f"*/{stem}*") if "_data" not in file.parts]


def test_links_figures_path_topic_and_address_lead_on(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(
        docs,
        "about.md",
        "---\n\n",
        '---\n\n见 [这一页](papers/dpo.md#结果 "题")，[图](<papers/dpo.md>)，`[码](papers/dpo.md)`。\n\n',
    )
    assert retire(docs, "--force", "dpo", "instructgpt") == 0
    said = capsys.readouterr().out
    arxiv = "https://arxiv.org/abs/2305.18290"
    assert f'见 [这一页]({arxiv} "题")，[图](<{arxiv}>)，`[码](papers/dpo.md)`。' in text(docs, "about.md")
    assert "docs/about.md:6:9: led to docs/papers/dpo.md, leads to arXiv now\n" in said
    assert "| 1 | [InstructGPT 论文图 2](https://arxiv.org/abs/2203.02155) |" in text(docs, "figures.md")
    assert yaml.safe_load(text(docs, "_data/path.yml")) == ["1707.06347"]
    assert 'papers: ["2106.09685"]' in text(docs, "topics/fine-tuning.md")
    assert "redirect_from:\n  - papers/dpo.html\n  - papers/instructgpt.html\n---\n" in text(docs, "papers/index.md")
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)
    assert redirects.redirects(site)["papers/dpo.html"] == "papers/index.html"
    page = redirects.page("papers/dpo.html", "papers/index.html", site, WORDS)
    assert '<p>这一页已经撤下，请看<a href="index.html">全部论文</a>。</p>' in page


def a_path(name: str, *ids: str) -> str:
    asks = "".join(
        f"        - question: 第 {n} 问？\n          answer: 答。【来源：@{{id}} §1】\n" for n in (1, 2)
    )  # each step has two
    steps = "".join(f'    - paper: "{id_}"\n      look: 看。\n      asks:\n{asks.format(id=id_)}' for id_ in ids)
    return f"# {name}\n\n- id: {name}\n  title: {name}\n  about: 一句话。\n  steps:\n{steps}\n"


def test_a_path_loses_a_step_and_goes_with_too_many_of_them(
    docs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "STEPS", (2, 8))
    dpo, gpt, ppo, sam, lora = "2305.18290", "2203.02155", "1707.06347", "2304.02643", "2106.09685"
    written = [a_path("long", dpo, gpt, ppo, sam), a_path("short", dpo, lora), a_path("other", sam, lora)]
    (docs / "_data/paths.yml").write_text("".join(written), encoding="utf-8")
    assert retire(docs, "--force", "dpo", "ppo") == 0
    said = capsys.readouterr().out
    assert text(docs, "_data/paths.yml") == a_path("long", gpt, sam) + "# short\n\n\n" + a_path("other", sam, lora)
    assert "docs/_data/paths.yml:7:1: the path 'long' lost a step\n" in said
    assert "docs/_data/paths.yml:14:1: the path 'long' lost a step\n" in said
    assert "docs/_data/paths.yml:24:1: the path 'short' is gone, too few of its papers stay\n" in said


def test_a_page_takes_the_place_with_the_former_addresses(docs: Path) -> None:
    edit(docs, "about.md", "---\n\n", "---\n\n见 [旧的一页](papers/small.md#结果)。\n\n")
    edit(
        docs,
        "topics/fine-tuning.md",
        'papers: ["2106.09685", "2305.18290"]',
        'papers:\n  - "2106.09685"\n  - "2305.18290"',
    )
    assert retire(docs, "--force", "small", "--to", "dpo") == 0
    assert "[旧的一页](papers/dpo.md)" in text(docs, "about.md")
    assert 'papers:\n  - "2305.18290"\nchecked' in text(docs, "topics/fine-tuning.md")
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)
    assert site.by_slug["dpo"].redirect_from == ("papers/small.html", "papers/old-name.html")
    page = redirects.page("papers/small.html", "papers/dpo.html", site, WORDS)
    assert '<p>这一页搬到了<a href="dpo.html">新的地址</a>。</p>' in page


def test_records_stay_for_those_who_name_the_paper_and_no_longer(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retire(docs, "--force", "segment-anything", "vision") == 0
    kept = {record["arxiv"] for record in json.loads(text(docs, "_data/papers.json"))["papers"]}
    assert "2304.02643" in kept  # the term of its model names it
    assert retire(docs, "--force", "ppo") == 0
    assert (docs / "_data/evidence/1707.06347.json").exists() == ("1707.06347" in text(docs, "papers/instructgpt.md"))
    assert "of 1707.06347 stays: other pages or data name it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("last", "left"),
    [
        pytest.param("papers/ppo.md", ["papers/ppo.md"], id="the first of two"),
        pytest.param("papers/dpo.md", [], id="all"),
    ],
)
def test_what_is_said_of_the_tables_of_a_page_goes_with_it(docs: Path, last: str, left: list[str]) -> None:
    head = "    head: [模型, 分数]\n    skip: 不比\n"
    text_ = f"benchmarks: {{}}\ntables:\n  - page: papers/dpo.md\n{head}  - page: {last}\n{head}# 完\n"
    (docs / "_data/results.yml").write_text(text_, encoding="utf-8")
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)
    made = planned(site, ["papers/dpo.md"]).texts[docs / "_data/results.yml"]
    assert [table["page"] for table in yaml.safe_load(made)["tables"]] == left
    assert made.endswith("# 完\n")


def test_a_draft_had_no_address(docs: Path) -> None:
    edit(docs, "papers/segment-anything.md", "tier:", "draft: true\ntier:")
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)
    made = planned(site, ["papers/segment-anything.md", "topics/vision.md"])
    assert docs / "papers/index.md" not in made.texts
    assert "- topics/vision.html" in made.texts[docs / "topics/index.md"]


@pytest.mark.parametrize(
    "name", [pytest.param("dpo", id="a page beside it"), pytest.param("resnet", id="itself, which is given up")]
)
def test_a_draft_that_is_begun_is_in_the_way_of_nothing(docs: Path, name: str) -> None:
    draft = '---\narxiv: "1512.03385"\nname: 〔待填：短名〕\ntags: []\ndraft: true\n---\n\n## 〔待填：标题〕\n'
    (docs / "papers/resnet.md").write_text(draft, encoding="utf-8")
    assert retire(docs, "--force", name) == (0 if name == "resnet" else 1)  # what the draft misses is told
    assert not (docs / f"papers/{name}.md").exists()


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        pytest.param('- "2203.02155"\n- "2305.18290"\n', '- "2203.02155"\n- "2305.18290" # last\n', ["1707.06347", "2203.02155"], id="a comment behind"),
        pytest.param('- "1707.06347"\n- "2203.02155"\n- "2305.18290"\n', '["1707.06347", "2305.18290", "2203.02155"]\n', ["1707.06347", "2203.02155"], id="in brackets"),
        pytest.param('- "1707.06347"\n- "2203.02155"\n- "2305.18290"\n', '- "2305.18290"\n', None, id="the only one"),
    ],
)  # fmt: skip
def test_the_path_is_edited_as_it_is_laid_out(docs: Path, old: str, new: str, left: list[str] | None) -> None:
    edit(docs, "_data/path.yml", old, new)
    site, _ = site_module.load(docs, root=docs.parent, today=TODAY)
    path = planned(site, ["papers/dpo.md"]).texts[docs / "_data/path.yml"]
    assert yaml.safe_load(path) == left
    assert path.startswith("# The reading order")


REFUSED = [
    pytest.param(["dop"], {}, "'dop' is not the page of a paper or a topic; did you mean dpo?", id="misspelt"),
    pytest.param(["about"], {}, "'about' is not the page of a paper or a topic; name it as its file is named: dpo", id="a page of another kind"),
    pytest.param(["papers/index"], {}, "'papers/index' is not the page of a paper or a topic; name it as its file is named: dpo", id="the list"),
    pytest.param(["small", "dpo", "segment-anything"], {}, "docs/topics/fine-tuning.md, docs/topics/vision.md would be left without a paper; name other papers there first, or retire topics/fine-tuning topics/vision as well", id="the last papers of two topics"),
    pytest.param(["small", "dpo"], {}, "docs/topics/fine-tuning.md would be left without a paper; name other papers there first, or retire topics/fine-tuning as well", id="the last papers of a topic"),
    pytest.param(["dpo", "--to", "dpo"], {}, "docs/papers/dpo.md cannot go and take the place of a page; name another one", id="in its own place"),
    pytest.param(["dpo", "--to", "../x"], {}, "'../x' is not the page of a paper or a topic; name it as its file is named: dpo", id="in the place of what is not there"),
    pytest.param(["ppo"], {"_data/path.yml": '- - "1707.06347"\n'}, "the site cannot be read whole; mend this first (make check)\ndocs/_data/path.yml:2:3: path: the entry is not the id of a paper with a page; write the page, or remove the line", id="data that is broken"),
    pytest.param(["ppo"], {"_data/tags.yml": "- {tag: 未归类, topic: null}\n# "}, "the site cannot be read whole; mend this first (make check)\ndocs/papers/instructgpt.md:8:12: front-matter-value: '语言模型' is not a tag; use one of 对齐, 小模型与数据, 微调, 未归类, 混合专家, 视觉, 领域模型 (docs/_data/tags.yml)", id="a tag that pages have is gone"),
    pytest.param(["vision", "segment-anything"], {"_data/tags.yml": "- tag: 旧\n  topic: topics/vision.md\n"}, None, id="a tag over two lines whose topic goes"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "more", "says"), REFUSED)
def test_what_is_refused_is_left_whole(
    docs: Path, capsys: pytest.CaptureFixture[str], names: list[str], more: dict[str, str], says: str | None
) -> None:
    for name, words in more.items():
        (docs / name).write_text(
            text(docs, name).split("- ")[0] + words + "- " + text(docs, name).partition("- ")[2], "utf-8"
        )
    before = snapshot(docs)
    code = retire(docs, "--force", *names)
    if says is None:
        assert code == 0 and "topic: null" in text(docs, "_data/tags.yml")
    else:
        assert (code, capsys.readouterr().err) == (2, f"papernotes: {says}\n")
        assert snapshot(docs) == before


def test_a_tag_over_two_lines_that_goes_is_told(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(docs, "_data/tags.yml", "- {tag: 视觉, topic: topics/vision.md}", "- tag: 视觉\n  topic: topics/vision.md")
    before = snapshot(docs)
    assert retire(docs, "--force", "vision", "segment-anything") == 2
    where = (
        "docs/_data/tags.yml:8:3: the entry does not stand on a line of its own; lay it out so, then retire the page"
    )
    assert capsys.readouterr().err == f"papernotes: {where}\n"
    assert snapshot(docs) == before


def test_git_holds_what_goes(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
            cwd=docs.parent,
            check=True,
            capture_output=True,
        )

    assert retire(docs, "dpo") == 2
    assert capsys.readouterr().err.endswith("; add --force to do without\n")
    git("init", "-q")
    git("add", "docs/about.md")
    assert retire(docs, "dpo") == 2
    assert (
        capsys.readouterr().err
        == "papernotes: git does not hold 'docs/papers/dpo.md' as it is; commit it, or add --force\n"
    )
    (docs.parent / "README.md").write_text("[DPO](docs/papers/dpo.md)\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "all")
    assert retire(docs, "dpo") == 0
    assert (
        "Named outside docs/, and left as they are:\nREADME.md:1:[DPO](docs/papers/dpo.md)\n" in capsys.readouterr().out
    )


def test_interrupted_it_is_finished_by_the_same_command(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, missing_ok: bool = False) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.unlink", full)
        assert retire(docs, "--force", "dpo") == 2
    assert (docs / "papers/dpo.md").exists()
    assert retire(docs, "--force", "dpo") == 0
    assert text(docs, "papers/index.md").count("papers/dpo.html") == 1


def test_an_address_belongs_to_one_page(docs: Path, findings: Findings) -> None:
    edit(docs, "papers/index.md", "title:", "redirect_from: [papers/dpo.html, papers/old-name.html]\ntitle:")
    rule = "front-matter-value"
    assert findings() == [
        f"docs/papers/index.md:2:17: {rule}: 'papers/dpo.html' is the address of docs/papers/dpo.md, now or once; keep it in one page, for what is gone",
        f"docs/papers/small.md:11:17: {rule}: 'papers/old-name.html' is the address of docs/papers/index.md, now or once; keep it in one page, for what is gone",
    ]
