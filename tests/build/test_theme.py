"""What we take from the theme by copying or by mending is what we know: an upgrade that changes it is looked at first."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import material
from conftest import ROOT
from jinja2 import Environment
from jinja2.meta import find_referenced_templates

from papernotes.build import engine, steps
from papernotes.build.finish import theme

TEMPLATES = Path(material.__file__).parent / "templates"
OURS = ROOT / "overrides"
ENV = Environment(extensions=["jinja2.ext.do"])
GUIDE = (ROOT / "docs/guide/code.md").read_text(encoding="utf-8")


def test_the_guide_lists_every_template_of_the_theme_that_may_be_used_as_it_is() -> None:
    waiting, used = [path.relative_to(OURS).as_posix() for path in OURS.rglob("*.html")], set()
    while waiting:
        name = waiting.pop()
        path = OURS / name if (OURS / name).is_file() else TEMPLATES / name
        if name not in used and path.suffix == ".html":
            used.add(name)
            waiting += filter(None, find_referenced_templates(ENV.parse(path.read_text(encoding="utf-8"))))
    theirs = {name: digest(name) for name in used if (TEMPLATES / name).is_file()}
    listed = {name: known for known, name in re.findall(r"^([0-9a-f]{16}) (\S+)$", GUIDE, re.MULTILINE)}
    assert listed == theirs, "the theme has changed: see what of it overrides/, finish/theme.py and preview.py rely on"


def test_the_guide_lists_what_is_taken_from_mkdocs() -> None:
    table = GUIDE.partition("| 从 MkDocs 拿的 |")[2].partition("\n\n")[0]
    listed = [name for row in table.split("\n")[2:] for name in re.findall("`(.*?)`", row.split("|")[1])]
    assert sorted(listed) == engine.__all__


def digest(name: str) -> str:
    return hashlib.sha256((TEMPLATES / name).read_bytes()).hexdigest()[:16]


def test_the_faults_of_the_base_template_are_mended() -> None:
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    mended, found = theme.mend(base, "跳")
    assert found == theme.TOGGLES
    assert 'type="checkbox" id="__drawer">' in mended
    assert "autocomplete" not in mended


def test_other_fields_keep_what_they_say() -> None:
    assert theme.mend('<input class="md-search__input" autocomplete="off">', "跳")[1] == 0


def test_a_label_with_no_place_in_the_order_says_none() -> None:
    label = '<label class="md-nav__link" for="__nav_10" id="__nav_10_label" tabindex="">'
    assert theme.mend(label, "跳")[0] == '<label class="md-nav__link" for="__nav_10" id="__nav_10_label">'
    kept = label.replace('""', '"0"')
    assert theme.mend(kept, "跳")[0] == kept


def test_what_firefox_complains_of_is_gone(built_site: Path) -> None:
    script = (TEMPLATES / "partials" / "javascripts" / "content.html").read_text(encoding="utf-8")
    mended = theme.mend(f'<link rel="prev" href="a.html"><link rel="next" href="b.html">{script}', "跳")[0]
    assert "__tabbed_" in script
    assert "__tabbed_" not in mended
    assert re.findall(r'rel="\w+"', mended) == ['rel="prev"']
    for name in ("index.html", "papers/dpo.html", "404.html"):
        text = (built_site / name).read_text(encoding="utf-8")
        assert "__tabbed_" not in text, name
        assert '<link rel="next"' not in text, name


def test_the_style_sheet_is_lightened(built_site: Path) -> None:
    original = next((TEMPLATES / "assets" / "stylesheets").glob("palette.*.css")).read_text(encoding="utf-8")
    sheet, found = theme.lighten(original)
    assert found
    assert len(original) - len(sheet) < 200
    built = next((built_site / "assets" / "stylesheets").glob("palette.*.css")).read_text(encoding="utf-8")
    assert not theme.lighten(built)[1]


def test_the_built_pages_are_mended(built_site: Path) -> None:
    for name in ("index.html", "papers/dpo.html", "404.html"):
        text = (built_site / name).read_text(encoding="utf-8")
        assert text.count('type="checkbox"') >= theme.TOGGLES
        assert theme.mend(text, "跳")[1] == 0, name
        assert text.count('<a href="#pn-content" class="md-skip">跳到正文</a>') == 1, name
        assert text.count('id="pn-content"') == 1, name


def test_a_page_outside_the_navigation_marks_the_tab_of_its_folder(built_site: Path) -> None:
    marked = re.compile(r'md-tabs__item--active">\s*<a href="([^"]*)"')
    for name, tab in (
        ("papers/dpo.html", ["index.html"]),
        ("papers/index.html", ["./", "index.html"]),
        ("index.html", ["./", "index.html"]),
    ):
        found = marked.findall((built_site / name).read_text(encoding="utf-8"))
        assert len(found) == 1, name
        assert found[0] in tab, name


def test_signatures_are_laid_out_alike_whatever_is_installed() -> None:
    """Ruff is, where tests run; a machine that only builds has none."""
    from mkdocstrings_handlers.python._internal import rendering

    steps.plain_signatures()
    code = f"f({'argument, ' * 30})"
    assert rendering.do_format_code(code, 60) == code
