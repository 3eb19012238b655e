"""The policy of built pages: which scripts it lets run, where it stands, what it costs."""

from __future__ import annotations

import re
from pathlib import Path

import material
import pytest
from conftest import WORDS
from steps import TOLERATED, growth

from papernotes.build.finish import redirects, security
from papernotes.data.site import Site

THEME = Path(material.__file__).parent / "templates"
HEAD = '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>t</title>\n</head>\n<body>'


@pytest.fixture(scope="module")
def templates() -> security.Templates:
    return security.Templates([THEME])


def policy_of(html: str) -> dict[str, list[str]]:
    """The policy of a page by directive; there must be one."""
    (value,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    return {part.split()[0]: part.split()[1:] for part in value.split(";")}


def test_every_built_page_has_one_policy_before_anything_it_acts_on(built_site: Path) -> None:
    pages = sorted(built_site.rglob("*.html"))
    assert len(pages) >= 20
    for page in pages:
        html = page.read_text(encoding="utf-8")
        head = html[html.index("<head>") :]
        assert re.findall(r"<[a-z]+", head)[:3][1] == "<meta", page
        assert re.match(r'<head>\s*<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy"', head), page
        policy = policy_of(html)
        assert policy["default-src"] == ["'none'"]
        assert policy["object-src"] == policy["base-uri"] == policy["frame-src"] == ["'none'"]
        assert policy["script-src"][0] == "'self'"
        assert all(source.startswith("'sha256-") for source in policy["script-src"][1:])
        assert "unsafe-eval" not in html
        assert html.index("charset=") < 1024


def test_the_scripts_of_a_built_page_are_those_that_its_policy_names(built_site: Path) -> None:
    html = (built_site / "papers" / "dpo.html").read_text(encoding="utf-8")
    scripts = security.inline_scripts(html)
    assert len(scripts) == 2
    assert policy_of(html)["script-src"] == ["'self'", *map(security.hash_source, scripts)]


def test_hash_source_is_what_a_browser_computes() -> None:
    """The example of https://www.w3.org/TR/CSP3/#external-hash is computed the same way; this one by openssl."""
    assert security.hash_source("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('__md_scope=new URL("..",location)', id="part of a template"),
        pytest.param("alert(1)", id="foreign"),
        pytest.param("", id="empty"),
    ],
)
def test_a_script_that_is_no_template_is_not_allowed(templates: security.Templates, script: str) -> None:
    page, unknown = security.protect(f"{HEAD}<script>{script}</script>", templates)
    assert unknown == [script]
    assert policy_of(page)["script-src"] == ["'self'"]


def test_a_template_prints_an_address_and_nothing_else(templates: security.Templates) -> None:
    source = next(
        script
        for file in THEME.rglob("*.html")
        for script in security.inline_scripts(file.read_text(encoding="utf-8"))
        if script.startswith("__md_scope")
    )
    for address, known in [("..", True), ("/papers/", True), ('"),alert(1),("', False), ("x y", False), ("`", False)]:
        script = re.sub(r"\{\{.*?\}\}", lambda _, address=address: address, source)
        assert templates.know(script) is known, address


@pytest.mark.parametrize(
    ("tag", "counted"),
    [
        pytest.param("<script>", True, id="plain"),
        pytest.param('<SCRIPT type="module">', True, id="module"),
        pytest.param("<script\ndefer>", True, id="attribute on the next line"),
        pytest.param('<script src="a.js">', False, id="file"),
        pytest.param('<script id="__config" type="application/json">', False, id="data"),
    ],
)
def test_inline_scripts(tag: str, counted: bool) -> None:
    assert security.inline_scripts(f"{tag}f()</script>") == (["f()"] if counted else [])


def test_a_page_without_charset_is_an_error(templates: security.Templates) -> None:
    with pytest.raises(ValueError, match="no <meta charset"):
        security.protect("<html><head></head></html>", templates)


def test_a_redirect_has_a_policy_too(fixture: Site) -> None:
    policy = policy_of(redirects.page("papers/old.html", "papers/new.html", fixture, WORDS))
    assert policy["script-src"] == ["'self'"]


def test_disarm_makes_text_of_what_no_policy_stops() -> None:
    before = '<p>a <b>b</b></p><META http-equiv="refresh"><link rel="preconnect"><base href="//x/"><metal>'
    after = '<p>a <b>b</b></p>&lt;META http-equiv="refresh">&lt;link rel="preconnect">&lt;base href="//x/"><metal>'
    assert security.disarm(before) == after


def test_the_policy_costs_what_the_page_is_long(built_site: Path, templates: security.Templates) -> None:
    page = (built_site / "papers" / "instructgpt.html").read_text(encoding="utf-8")
    before, article, after = page.partition("<article")

    def protect(times: int) -> None:
        security.protect(before + (article + after.partition("</article>")[0]) * times + "</body></html>", templates)

    assert growth(protect, 25, 100) < 4 * TOLERATED
