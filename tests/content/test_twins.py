"""The Markdown twins of this repository's pages have every link of the page, and nothing of ours unresolved."""

from __future__ import annotations

import re
from pathlib import Path

from linking import links, links_of_text, pages, without_code

from papernotes.pages.files import twin


def test_every_twin_has_the_links_of_its_page(real_site: Path) -> None:
    for url in pages(real_site):
        text = (real_site / twin.path_of(url)).read_text(encoding="utf-8")
        assert links_of_text(text, url) == links((real_site / url).read_text(encoding="utf-8"), url), url
        assert not re.search(r"(?<!\\)\[[@~]|【来源|^///", without_code(text), re.MULTILINE), url
