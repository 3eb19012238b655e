"""The built site of this repository."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from conftest import ROOT, problems

from papernotes.data.site import Site
from papernotes.pages.files import exports
from papernotes.rules import checker
from papernotes.text import special_pages
from papernotes.text.document import address


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_page_carries_the_stamp(real_site: Path, real: Site) -> None:
    """A builder that ignores hooks publishes placeholders with exit 0; it cannot make this mark."""
    for uri in set(real.documents) - set(real.drafts):
        digest = hashlib.sha256((ROOT / "docs" / uri).read_bytes()).hexdigest()[:12]
        mark = rf'<meta name="pn-build" content="papernotes [0-9.]+ {digest}">'
        assert re.search(mark, text_of((real_site / uri).with_suffix(".html"))), uri


def test_no_page_shows_our_markup(real_site: Path) -> None:
    for page in real_site.rglob("*.html"):
        if page.parent.name in {"guide", "reference"}:
            continue
        shown = re.sub(r"<(script|style|code|pre)\b.*?</\1>", "", text_of(page), flags=re.DOTALL)
        for raw in ("[@", "【来源", "/// ", "{{", "{%"):
            assert raw not in shown, (page.name, raw)


def test_every_page_has_its_policy(real_site: Path) -> None:
    for page in real_site.rglob("*.html"):
        assert text_of(page).count('http-equiv="Content-Security-Policy"') == 1, page


def test_the_files_for_machines_are_there(real_site: Path, real: Site) -> None:
    data = json.loads(text_of(real_site / "papers.json"))
    assert len(data["papers"]) == len(real.papers)
    assert problems(data, json.loads(text_of(real_site / "papers.schema.json"))) == []
    assert all((real_site / paper["url"]).is_file() for paper in data["papers"])
    assert all((real_site / name).is_file() for name in exports.DATA if name != "feed.xml")
    assert not (real_site / "feed.xml").exists(), "a feed needs the site's address"


def test_the_first_note_on_the_article_leads_to_what_it_is(real_site: Path, real: Site) -> None:
    links = {
        page.name: text_of(page).count('<a class="pn-paper__article" href="../about.html#缘起">')
        for page in (real_site / "papers").glob("*.html")
    }
    assert max(links.values()) == 1
    assert links["dpo.html"] == 1
    assert 'id="缘起"' in text_of(real_site / "about.html")


def test_every_rule_has_its_address_in_the_catalogue(real_site: Path) -> None:
    html = text_of(real_site / address(special_pages.RULES))
    assert [name for name in checker.RULES if f'id="{name}"' not in html] == []
