"""The last look at a built site: what nobody meant to publish stops the build, wherever it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import make_project

from papernotes.build import publish
from papernotes.build.finish import verify


@pytest.fixture(scope="module")
def page(built_site: Path) -> str:
    """A built page of every kind of markup: figures with pictures, formulas, tables, source marks."""
    return (built_site / "papers" / "segment-anything.html").read_text(encoding="utf-8")


def new_problems(folder: Path, before: str, after: str) -> list[str]:
    """What is said of a changed page alone and was not said of it before."""
    (folder / "papers").mkdir()
    file = folder / "papers" / "x.html"
    file.write_text(before, encoding="utf-8")
    said = verify.problems(folder)
    file.write_text(after, encoding="utf-8")
    return [each.partition(": ")[2] for each in verify.problems(folder) if each not in said]


@pytest.fixture(autouse=True)
def all_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST", 10_000)


POLICY = "its policy is not the one of its scripts"


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        pytest.param("<p>文字 <em>甲</em> <kbd>K</kbd></p>", [], id="what a page may hold"),
        pytest.param("<script>alert(1)</script>", [POLICY, "<script> in the article"], id="script"),
        pytest.param('<script src="../assets/x.js"></script>', ["<script> in the article"], id="script of the site"),
        pytest.param("<p onclick=alert(1)>x</p>", ["the attribute 'onclick' on <p> in the article"], id="event"),
        pytest.param('<p style="position:fixed">x</p>', ["the attribute 'style' on <p> in the article"], id="style"),
        pytest.param('<p class="pn-x md-overlay evil">x</p>', ["the class 'evil' on <p> in the article"], id="class"),
        pytest.param('<a href="javascript:alert(1)">x</a>', ["the link 'javascript:alert(1)' has the scheme 'javascript:' in the article"], id="link that runs"),
        pytest.param('<a href="java&Tab;script:alert(1)">x</a>', ["the link 'java\\tscript:alert(1)' has the scheme 'javascript:' in the article"], id="hidden link that runs"),
        pytest.param('<a href="//evil.example/">x</a>', ["the link '//evil.example/' leads to another host in the article"], id="another host"),
        pytest.param('<a href="http://evil.example/">x</a>', ["the link 'http://evil.example/' has the scheme 'http:' in the article"], id="without encryption"),
        pytest.param('<img src="https://evil.example/a.png" alt="">', ["the image 'https://evil.example/a.png' is not a file of the site in the article"], id="image from elsewhere"),
        pytest.param('<iframe src="x"></iframe>', ["<iframe> in the article"], id="frame"),
        pytest.param("<form><input></form>", ["<form> in the article"], id="form"),
        pytest.param('<meta http-equiv="refresh" content="0; url=https://evil.example/">', ["<meta> in the article"], id="refresh"),
        pytest.param('<svg><script>alert(1)</script></svg>', [POLICY, "<script> in a picture or a formula"], id="script in a picture"),
        pytest.param('<svg onload="alert(1)"></svg>', ["the attribute 'onload' on <svg> in a picture or a formula"], id="event of a picture"),
        pytest.param('<svg><use href="https://evil.example/#a"></use></svg>', ["the attribute 'href' on <use> in a picture or a formula"], id="picture from elsewhere"),
        pytest.param('<svg><a href="javascript:alert(1)"></a></svg>', ["the attribute 'href' on <a> in a picture or a formula"], id="link that runs in a picture"),
        pytest.param('<svg><foreignObject><p onclick="alert(1)">x</p></foreignObject></svg>', ["<foreignObject> in a picture or a formula", "<p> in a picture or a formula", "the attribute 'onclick' on <p> in a picture or a formula"], id="HTML in a picture"),
        pytest.param('<svg><path style="fill:url(https://evil.example/)"></path></svg>', ["the attribute 'style' on <path> in a picture or a formula"], id="style that loads"),
        pytest.param('<svg><rect><animate attributeName="href" to="javascript:alert(1)"/></rect></svg>', ["<animate> in a picture or a formula"], id="animation"),
        pytest.param('<math href="javascript:alert(1)"><mi>x</mi></math>', ["the attribute 'href' on <math> in a picture or a formula"], id="formula that runs"),
        pytest.param("</article><article>x", ["more than one article"], id="forged end"),
        pytest.param("</article><p onclick=alert(1)>x</p>", ["the attribute 'onclick' on <p> outside the article"], id="behind a forged end"),
        pytest.param('</article><script src="https://evil.example/a.js"></script>', ["the address 'https://evil.example/a.js' on <script>"], id="script from elsewhere"),
        pytest.param('</article><link rel="stylesheet" href="//evil.example/a.css">', ["the address '//evil.example/a.css' on <link>"], id="style sheet from elsewhere"),
        pytest.param('</article><meta http-equiv="refresh" content="0; url=x.html">', ["<meta http-equiv='refresh'>"], id="refresh behind a forged end"),
        pytest.param('</article><base href="https://evil.example/">', ["<base> outside the article"], id="base"),
        pytest.param('</article><form action="https://evil.example/"></form>', ["the address 'https://evil.example/' on <form>"], id="form that sends elsewhere"),
        pytest.param('<a href="nowhere.html">x</a>', ["the link 'nowhere.html' leads to no file"], id="broken link"),
        pytest.param('<a href="#nowhere">x</a><a href="x.html#nowhere">y</a>', ["the link '#nowhere' leads to no place in papers/x.html", "the link 'x.html#nowhere' leads to no place in papers/x.html"], id="broken fragment"),
        pytest.param('<h2 id="甲">甲</h2><a href="#%E7%94%B2">x</a><a href="x.html?a=b#甲">y</a>', [], id="right fragments"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_page(tmp_path: Path, page: str, payload: str, found: list[str]) -> None:
    assert sorted(new_problems(tmp_path, page, page.replace("</article>", f"{payload}</article>", 1))) == sorted(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("script-src 'self'", "script-src 'self' 'unsafe-inline'", id="weakened"),
        pytest.param("default-src 'none'", "default-src *", id="wide"),
        pytest.param('<meta http-equiv="Content-Security-Policy"', '<meta name="x"', id="gone"),
        pytest.param("</head>", '<meta http-equiv="content-security-policy" content="x"></head>', id="twice"),
    ],
)
def test_a_page_has_the_policy_of_its_scripts(tmp_path: Path, page: str, old: str, new: str) -> None:
    assert old in page
    assert POLICY in new_problems(tmp_path, page, page.replace(old, new, 1))


@pytest.mark.parametrize("name", ["papers/evil.js", "evil.svg", "assets/evil.html.exe", ".htaccess", "papers/a.pdf", "topics/x/a.svg", "_data/terms.yml", "CNAME"])  # fmt: skip
def test_a_file_of_no_expected_kind_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    assert verify.problems(tmp_path) == [f"{name}: is not a file of the site"]


def test_markdown_of_no_page_is_told(tmp_path: Path, page: str) -> None:
    """A source that slipped in; the twin of a page lies beside it."""
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    assert verify.problems(tmp_path) == ["README.md: is not a page's Markdown"]
    (tmp_path / "README.html").write_text(page, encoding="utf-8")
    assert "README.md: is not a page's Markdown" not in verify.problems(tmp_path)


@pytest.mark.parametrize(
    ("base", "said"),
    [("/zh/", []), ("/", ["404.html: the link '/zh/robots.txt' leads to no file"])],
    ids=["below a path", "at the root"],
)
def test_the_page_for_wrong_addresses_leads_from_the_host(
    tmp_path: Path, page: str, base: str, said: list[str]
) -> None:
    (tmp_path / "robots.txt").write_text("x", encoding="utf-8")
    article = '<article><a href="/zh/robots.txt">x</a></article>'
    start, end = page.index("<article"), page.index("</article>") + len("</article>")
    (tmp_path / "404.html").write_text(page[:start] + article + page[end:], encoding="utf-8")
    assert [each for each in verify.problems(tmp_path, base) if "leads" in each] == said


def test_a_link_in_the_file_system_is_told(tmp_path: Path) -> None:
    (tmp_path / "robots.txt").symlink_to("/etc/passwd")
    assert verify.problems(tmp_path) == ["robots.txt: is not a file of the site"]


def test_a_build_that_would_publish_it_stops_and_leaves_the_old_site(tmp_path: Path) -> None:
    """The hole is in a template here: no rule of pages sees it."""
    project = make_project(tmp_path / "project")
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("old", encoding="utf-8")
    template = project / "overrides" / "partials" / "pn-title.html"
    template.write_text(f'<p onclick="alert(1)">x</p>{template.read_text("utf-8")}', encoding="utf-8")
    with pytest.raises(
        publish.BuildFailed, match=r"papers/dpo\.html: the attribute 'onclick' on <p> in the article"
    ) as raised:
        publish.build(project / "mkdocs.yml", site_dir=project / "site")
    assert len(str(raised.value).splitlines()) <= verify.MOST + 1
    assert [file.read_text("utf-8") for file in (project / "site").iterdir()] == ["old"]
    assert sorted(each.name for each in project.iterdir() if each.name.startswith(".site")) == []
