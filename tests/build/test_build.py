"""Whole builds: what the site holds, that it is the same every time, and that nothing bad replaces something good."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import DOCS, ROOT, make_project, run

from papernotes.build import publish


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_a_paper_page_holds_its_facts(built_site: Path) -> None:
    page = text_of(built_site / "papers" / "small.html")
    assert "小论文：每种写法各用一次" in page
    assert "LoRA: Low-Rank Adaptation of Large Language Models" in page
    assert 'href="https://arxiv.org/abs/2106.09685v2"' in page
    assert "第一行以汉字结尾，第二行以汉字开头" in page
    assert re.search(r'<a class="pn-ref"[^>]* href="dpo\.html"[^>]*>另一篇</a>', page)
    assert ">arXiv:1706.03762</a>" in page
    assert "<code>[@bad]</code>" in page
    assert page.count("<math") >= 2
    assert "经另一位读者复核" in page
    dpo = text_of(built_site / "papers" / "dpo.html")
    assert "版本未注明" in dpo
    assert "未经复核" in dpo
    model = '<dd><a href="../models/language.html#model-instructgpt">InstructGPT</a></dd>'
    assert model in text_of(built_site / "papers" / "instructgpt.html")


@pytest.mark.parametrize("name", ["papers/small", "papers/dpo", "papers/instructgpt", "topics/vision", "about"])
def test_a_page_carries_the_stamp(built_site: Path, name: str) -> None:
    """A builder that ignores hooks publishes placeholders with exit 0; it cannot make this mark."""
    digest = hashlib.sha256((DOCS / f"{name}.md").read_bytes()).hexdigest()[:12]
    mark = rf'<meta name="pn-build" content="papernotes [0-9.]+ {digest}">'
    assert re.search(mark, text_of(built_site / f"{name}.html"))


def test_no_page_shows_our_markup(built_site: Path) -> None:
    for page in built_site.rglob("*.html"):
        if page.parent.name in {"guide", "reference"}:
            continue
        shown = re.sub(r"<(script|style|code|pre)\b.*?</\1>", "", text_of(page), flags=re.DOTALL)
        for raw in ("[@", "【来源", "/// ", "{{", "{%"):
            assert raw not in shown, (page.name, raw)


def test_without_an_address_no_link_that_needs_one(built_site: Path) -> None:
    assert not (built_site / "sitemap.xml").exists()
    for page in (built_site / "index.html", built_site / "papers" / "dpo.html"):
        text = text_of(page)
        assert 'rel="canonical"' not in text
        assert "md-source" not in text
        assert "/edit/main/" not in text
        assert "/issues/new" not in text
    assert "页面：papers/dpo.html\n哪一句：\n" in text_of(built_site / "papers" / "dpo.html"), (
        "what is reported by hand"
    )


def test_with_addresses_the_links_are_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://notes.example.org/")
    monkeypatch.setenv("REPO_URL", "https://github.com/example/notes")
    publish.build(project / "mkdocs.yml", site_dir=project / "site")
    text = text_of(project / "site" / "papers" / "dpo.html")
    assert '<link rel="canonical" href="https://notes.example.org/papers/dpo.html">' in text
    assert 'href="https://github.com/example/notes/edit/main/docs/papers/dpo.md"' in text
    report = re.search(r'<a [^>]*id="pn-report" href="([^"]*)" data-pn-report>报告错误', text)
    assert report and report[1].startswith("https://github.com/example/notes/issues/new?template=error.yml&amp;")
    query = parse_qs(urlsplit(unescape(report[1])).query)
    assert query["page"] == ["papers/dpo.html"]
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / query["template"][0]).read_text(encoding="utf-8"))
    assert set(query) - {"template", "title"} <= {field["id"] for field in form["body"]}
    assert 'data-md-component="source"' not in text, "the theme's script would ask the host's API"
    assert "https://notes.example.org/papers/dpo.html" in text_of(project / "site" / "sitemap.xml")


def test_addresses_may_stand_in_the_configuration(project: Path) -> None:
    config = project / "mkdocs.yml"
    extra = "\nextra:\n  site_url: https://notes.example.org/\n  repo_url: https://github.com/example/notes\n"
    assert text_of(config).count("\nextra:\n") == 1
    config.write_text(text_of(config).replace("\nextra:\n", extra), encoding="utf-8")
    publish.build(config, site_dir=project / "site")
    text = text_of(project / "site" / "papers" / "dpo.html")
    assert '<link rel="canonical" href="https://notes.example.org/papers/dpo.html">' in text
    assert "/edit/main/docs/papers/dpo.md" in text


def test_a_draft_is_left_out_and_said_so(project: Path) -> None:
    page = project / "docs" / "papers" / "small.md"
    page.write_text(text_of(page).replace("tier: short", "tier: short\ndraft: true"), encoding="utf-8")
    for uri in ("index.md", "papers/dpo.md", "topics/fine-tuning.md"):
        other = project / "docs" / uri
        other.write_text(text_of(other).replace("[小论文的结果](papers/small.md#结果)", "没有"), encoding="utf-8")
    done = run(project, "site")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "draft" in line] == [
        "INFO: papernotes: drafts left out: papers/small.md"
    ]
    assert not (project / "site" / "papers" / "small.html").exists()
    assert "小论文" not in text_of(project / "site" / "papers" / "index.html")


def test_old_addresses_lead_on(built_site: Path) -> None:
    page = text_of(built_site / "papers" / "old-name.html")
    assert '<meta http-equiv="refresh" content="0; url=small.html">' in page
    assert "<script" not in page


def test_what_no_reader_needs_is_left_out(built_site: Path) -> None:
    names = [path.name for path in built_site.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith(".map")]
    assert not [name for name in names if name.startswith(("lunr.", "tinyseg", "wordcut"))]
    assert not list(built_site.rglob("_data"))
    twins = list(built_site.rglob("*.md"))
    assert all(path.with_suffix(".html").is_file() and not text_of(path).startswith("---") for path in twins), (
        "no sources"
    )
    for script in (built_site / "assets").rglob("*.js"):
        assert "sourceMappingURL" not in text_of(script)


def test_two_builds_are_the_same(project: Path, tmp_path: Path) -> None:
    """In two folders, on two days, with two time zones and hash seeds."""
    other = tmp_path / "another-folder" / "project"
    shutil.copytree(project, other, symlinks=True)
    assert run(project, "site", TZ="UTC", PYTHONHASHSEED="1").returncode == 0
    day_later = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "2"}
    if shutil.which("faketime"):
        day_later["FAKETIME"] = "+1d"
    assert run(other, "site", **day_later).returncode == 0
    first, second = tree(project / "site"), tree(other / "site")
    assert first == second


def test_the_date_of_a_build_is_that_of_its_text(tmp_path: Path) -> None:
    """From the last commit; without git from the ledger. Never from the clock."""
    shutil.copytree(ROOT / "tests" / "site" / "docs", tmp_path / "docs")
    without_git = publish.build_time(tmp_path)
    assert without_git.date().isoformat() == "2026-07-19"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x", "--date", "2026-01-02T03:04:05Z"]):
        subprocess.run(
            [*git, *command], cwd=tmp_path, check=True, env={**os.environ, "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
        )
    assert publish.build_time(tmp_path).isoformat() == "2026-01-02T03:04:05+00:00"


def test_an_error_leaves_the_old_site(built_site: Path, project: Path) -> None:
    shutil.copytree(built_site, project / "site")
    before = tree(project / "site")
    page = project / "docs" / "papers" / "small.md"
    page.write_text(
        text_of(page).replace("version: 2", "version: 0").replace("[@2005.14165]、", "[@bad]、"), encoding="utf-8"
    )
    done = run(project, "site")
    assert done.returncode == 1
    assert "docs/papers/small.md:3:10: front-matter-value: '0' is not a version" in done.stderr
    assert "docs/papers/small.md:19:6: paper-reference: 'bad' is not of the form" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(project / "site") == before
    assert list(project.glob(".site-*")) == []
    said = [line for line in done.stderr.splitlines() if line.startswith("docs/")]
    checked = run(project, "check")
    assert checked.returncode == 1
    assert checked.stdout.splitlines()[: len(said)] == said, "one checker serves both"


def test_a_broken_template_leaves_the_old_site(built_site: Path, project: Path) -> None:
    shutil.copytree(built_site, project / "site")
    before = tree(project / "site")
    template = project / "overrides" / "partials" / "pn-facts.html"
    template.write_text("{% if %}\n" + text_of(template), encoding="utf-8")
    done = run(project, "site")
    assert done.returncode == 1
    assert f"{template}:1: Expected an expression, got 'end of statement block'; mend the template\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(project / "site") == before


def test_a_strict_warning_leaves_the_old_site(built_site: Path, project: Path) -> None:
    shutil.copytree(built_site, project / "site")
    before = tree(project / "site")
    config = project / "mkdocs.yml"
    config.write_text(text_of(config) + "nav:\n  - missing.md\n", encoding="utf-8")
    done = run(project, "site")
    assert done.returncode == 1
    assert "missing.md" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(project / "site") == before


def test_exchange_without_help_of_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_swap", lambda *_: False)
    new, old = tmp_path / ".site-x", tmp_path / "site"
    for folder, text in ((new, "new"), (old, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    publish.exchange(new, old)
    assert text_of(old / "index.html") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_a_site_moved_aside_by_a_killed_exchange_comes_back(tmp_path: Path) -> None:
    aside = tmp_path / ".site-abc-old"
    aside.mkdir()
    (aside / "index.html").write_text("old", encoding="utf-8")
    (tmp_path / ".site-def").mkdir()
    publish._sweep(tmp_path / "site")
    assert text_of(tmp_path / "site" / "index.html") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file with a hash of its bytes, but for the generator's name and what is counted or hashed from pages with it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix in {".html", ".xml"}:
                data = re.sub(rb'<meta name="generator" content="[^"]*">', b"", data)
                data = re.sub(rb'(?<=data-bytes=")[0-9]+', b"", data)
            if path.name == "sw.js" or path.parent.name == "sw":
                data = re.sub(rb'"[0-9a-f]{12,64}"', b"", data)
            yield path.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest()


def test_two_builders_make_the_same_site(built_site: Path, tmp_path: Path) -> None:
    """MkDocs has no maintainer; its continuation builds the same repository to the same bytes."""
    project = make_project(tmp_path / "project", nav=True)
    out = tmp_path / "site"
    done = run(project, "site", "--builder", "properdocs", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert f"ProperDocs {version('properdocs')}" in text_of(out / "index.html")
    assert dict(pages(out)) == dict(pages(built_site))
