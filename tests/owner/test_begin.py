"""A site of one's own: clean and buildable at once, with what its owner wished; or refused, with nothing written."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from mkdocs.config import load_config

from papernotes import cli
from papernotes.build import publish
from papernotes.data import ledger
from papernotes.owner import begin

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    begin.begin(
        folder,
        begin.Wishes(
            "O'Neil 组的论文：甲#乙", "一句话，『引号』也行。", "https://example.org/notes/", "https://example.org/repo"
        ),
    )
    return folder


def test_it_is_clean_holds_the_wishes_and_is_built(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--docs", str(begun / "docs"), "--strict"]) == 0
    assert "(1 papers, 0 drafts): 0 findings" in capsys.readouterr().out
    config = load_config(str(begun / "mkdocs.yml"))
    assert (config.site_name, config.site_url) == ("O'Neil 组的论文：甲#乙", "https://example.org/notes/")
    publish.build(begun / "mkdocs.yml", site_dir=begun / "site")
    home = (begun / "site/index.html").read_text(encoding="utf-8")
    assert '<h1 class="pn-home__name">O&#39;Neil 组的论文：甲#乙</h1>' in home
    page = (begun / "site/papers/adam.html").read_text(encoding="utf-8")
    for part in ('class="pn-figure__mark"', "<math", 'class="pn-src"', '<a class="pn-ref', "这是本站的译文", "译注"):
        assert part in page
    assert "https://example.org/repo/edit/main/docs/papers/adam.md" in page
    for published in ("_data", "papers/adam/start.svg"):
        assert not (begun / "site" / published).exists()


MARKS = {
    "pairs": r"^/// pairs",
    "formula in a line": r"(?<!\$)\$[^$\n]+\$",
    "formula of its own": r"^\$\$$",
    "figure": r"^/// figure",
    "reference to a figure": r"\[@fig:",
    "reference": r"\[@\d{4}\.\d{5}\]",
    "reference in one's own words": r"\[@\d{4}\.\d{5} [^\]]+\]",
    "link to a section": r"\]\(#",
    "table": r"^\| ---",
    "source of places": r"【来源：§2，算法 1】",
    "source worked out": r"，自算】",
    "note": r'^!!! note "译注"$',
    "term with its English": r"指数滑动平均（exponential moving average, EMA）",
    "a claim of ours": r"我们的理解",
}


def test_the_example_shows_each_mark(begun: Path) -> None:
    text = (begun / "docs/papers/adam.md").read_text(encoding="utf-8")
    assert [name for name, mark in MARKS.items() if not re.search(mark, text, re.MULTILINE)] == []


def test_what_begins_a_page_names_the_guide_that_is_there_and_changes_no_other_record(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (begun / "docs" / ledger.FILE).read_text("utf-8")
    assert cli.main(["new", "2006.11239", "--offline", "--docs", str(begun / "docs")]) == 0
    (named,) = re.findall(r"\(how: (.*)\)", capsys.readouterr().out)
    assert (begun / named).is_file()
    assert (begun / "docs" / ledger.FILE).read_text("utf-8").startswith(before.removesuffix("\n]}\n"))


def test_nothing_of_this_site_is_in_it(begun: Path) -> None:
    ours = re.compile("论文译读|Raschka|Zeta|〔(?:名称|说明|网址|仓库|版本)〕")
    files = [
        path for path in begun.rglob("*") if path.is_file() and path.parent.name != "templates"
    ]  # whose marks `new` fills
    found = [path for path in files if ours.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_it_can_be_retired_once_there_is_another_page(begun: Path) -> None:
    page = (begun / "docs/papers/adam.md").read_text(encoding="utf-8")
    other = (
        page.replace("1412.6980", "1711.05101")
        .replace("version: 9\n", "")
        .replace("Adam", "AdamW")
        .replace("@1711.05101", "@1412.6980")
    )
    (begun / "docs/papers/adamw.md").write_text(other, encoding="utf-8")
    shutil.copytree(begun / "docs/papers/adam", begun / "docs/papers/adamw")
    assert cli.main(["retire", "--docs", str(begun / "docs"), "--force", "adam"]) in (0, 1)
    assert not (begun / "docs/papers/adam.md").exists()
    assert "picture" not in (begun / "docs/_data/terms.yml").read_text(encoding="utf-8").partition("\n- id")[2]


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        pytest.param(['"><b>x'], "the name holds '\"', which is no text; write it without", id="quotes and markup"),
        pytest.param(["<script>"], "the name holds '<', which is no text; write it without", id="markup"),
        pytest.param(["a\nb: c"], "the name holds '\\n', which is no text; write it without", id="a line break"),
        pytest.param(["〔版本〕"], "the name holds '〔', which is no text; write it without", id="a mark of ours"),
        pytest.param(["\u202e论文"], "the name holds '\\u202e', which is no text; write it without", id="a direction"),
        pytest.param([" "], "the name ' ' is empty, or begins or ends with a space; write it plainly", id="blank"),
        pytest.param(["字" * 61], "the name has 61 characters, more than 60; shorten it", id="too long"),
        pytest.param(["a", "--description", "{{ x }}`"], "the description holds '`', which is no text; write it without", id="code"),
        pytest.param(["a", "--url", "example.org"], "the address 'example.org' is not one; write it as https://example.org/notes/", id="no scheme"),
        pytest.param(["a", "--url", "javascript:alert(1)"], "the address 'javascript:alert(1)' is not one; write it as https://example.org/notes/", id="a script"),
        pytest.param(["a", "--repo", "https://a.example/'x"], "the address of the repository \"https://a.example/'x\" is not one; write it as https://example.org/notes/", id="a quote in an address"),
    ],
)  # fmt: skip
def test_wishes_that_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wishes: list[str], says: str
) -> None:
    assert cli.main(["init", str(tmp_path / "notes"), "--name", *wishes]) == 2
    assert capsys.readouterr().err == f"papernotes: {says}\n"
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_refused(tmp_path: Path, begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full, file = tmp_path / "full", tmp_path / "file"
    (full / "a").mkdir(parents=True)
    file.write_text("")
    for folder, why in (
        (full, "is not empty; name a new folder"),
        (file, "is a file; name a new folder"),
        (begun, "is not empty; name a new folder"),
        (begun / "docs" / "sub", f"lies in the site '{begun}'; name a folder outside of it"),
    ):
        assert cli.main(["init", str(folder)]) == 2
        assert capsys.readouterr().err == f"papernotes: '{folder}' {why}\n"
    assert not (begun / "docs" / "sub").exists()


def test_the_folder_in_which_its_owner_stands_is_filled_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "."]) == 0
    assert "  1. git init && git add ." in capsys.readouterr().out
    assert {".github", "docs", "mkdocs.yml"} <= {path.name for path in Path().iterdir()}
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}-*"))


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", "/notes")

    monkeypatch.setattr("tempfile.mkdtemp", denied)
    assert cli.main(["init", str(tmp_path / "notes")]) == 2
    assert capsys.readouterr().err == "papernotes: [Errno 13] Permission denied: '/notes'\n"


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> list[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("papernotes.owner.begin.schema.write", full)
    (tmp_path / "notes").mkdir()
    assert cli.main(["init", str(tmp_path / "notes")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes"] and not list((tmp_path / "notes").iterdir())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("format: 2\n", "1:9: data-format: papernotes {v} reads format 1; the data are of format 2; install the version that requirements.txt asks for, or a newer one", id="the program is older"),
        pytest.param("format: 0\n", "1:9: data-format: papernotes {v} reads format 1; the data are of format 0; bring them up to date as the program's CHANGELOG says, then write its number here", id="the program is newer"),
        pytest.param("format: new\n", "1:1: data-format: does not say the format of the data; write 'format: 1'", id="no number"),
        pytest.param("form: 1\n", "1:1: data-format: does not say the format of the data; write 'format: 1'", id="another key"),
    ],
)  # fmt: skip
def test_data_of_another_format_are_the_only_finding(
    begun: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    from papernotes import __version__

    (begun / "docs/_data/format.yml").write_text(text, encoding="utf-8")
    data = json.loads((begun / "docs/_data/papers.json").read_text(encoding="utf-8")) | {"schema": 2}
    (begun / "docs/_data/papers.json").write_text(json.dumps(data), encoding="utf-8")
    assert cli.main(["check", "--docs", str(begun / "docs")]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if re.match(r"docs/[^:]+:\d+:\d+:", line)]
    assert found == [f"docs/_data/format.yml:{says.format(v=__version__)}"]
