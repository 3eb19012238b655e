"""What we take from the theme by copying or by mending is what we know: an upgrade that changes it is looked at first."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import material
import pytest
from conftest import ROOT

from papernotes.build import steps
from papernotes.build.finish import theme

TEMPLATES = Path(material.__file__).parent / "templates"
KNOWN = {
    "main.html": "9948b55a7bc979c3",
    "404.html": "80c93494b5432b1b",
    "partials/header.html": "8cf3fb15bcf969ff",
    "partials/source.html": "6847616d67be4920",
    "partials/tabs.html": "d2c82916569e645a",
}
"""Files of the theme that ours stand in for, by the beginning of the SHA-256 of the original."""
BASE = "8536d352b0093623"
"""Its base template: previews are put before a part of it, and two of its attributes are mended."""


def digest(name: str) -> str:
    return hashlib.sha256((TEMPLATES / name).read_bytes()).hexdigest()[:16]


def test_every_shadowed_file_is_known() -> None:
    ours = ROOT / "overrides"
    shadowed = {
        p.relative_to(ours).as_posix() for p in ours.rglob("*.html") if (TEMPLATES / p.relative_to(ours)).is_file()
    }
    assert shadowed == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_the_original_is_the_one_that_was_copied(name: str) -> None:
    assert digest(name) == KNOWN[name], f"the theme's {name} has changed: compare it with overrides/{name}"


def test_the_base_template_is_the_one_we_mend() -> None:
    assert digest("base.html") == BASE, (
        "the theme's base.html has changed: look at papernotes/build/finish/theme.py and preview.py"
    )


def test_the_faults_of_the_base_template_are_mended() -> None:
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    mended, found = theme.mend(base)
    assert found == theme.TOGGLES
    assert 'type="checkbox" id="__drawer">' in mended
    assert "autocomplete" not in mended


def test_other_fields_keep_what_they_say() -> None:
    assert theme.mend('<input class="md-search__input" autocomplete="off">')[1] == 0


def test_a_label_with_no_place_in_the_order_says_none() -> None:
    label = '<label class="md-nav__link" for="__nav_10" id="__nav_10_label" tabindex="">'
    assert theme.mend(label)[0] == '<label class="md-nav__link" for="__nav_10" id="__nav_10_label">'
    kept = label.replace('""', '"0"')
    assert theme.mend(kept)[0] == kept


def test_what_firefox_complains_of_is_gone(built_site: Path) -> None:
    script = (TEMPLATES / "partials" / "javascripts" / "content.html").read_text(encoding="utf-8")
    mended = theme.mend(f'<link rel="prev" href="a.html"><link rel="next" href="b.html">{script}')[0]
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
        assert theme.mend(text)[1] == 0, name
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
