"""There is one list of extensions: what the configuration adds, checker and build read with alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import TODAY

from papernotes.base.finding import StopError
from papernotes.markdown import dialect
from papernotes.rules import checker


@pytest.mark.parametrize(
    ("written", "added"),
    [
        pytest.param("", (), id="no list"),
        pytest.param("markdown_extensions: []", (), id="an empty list"),
        pytest.param("markdown_extensions: [pymdownx.tilde]", ("pymdownx.tilde",), id="a name"),
        pytest.param(
            "markdown_extensions:\n  - pymdownx.tilde: {subscript: false}", ("pymdownx.tilde",), id="with options"
        ),
        pytest.param("markdown_extensions:\n  pymdownx.tilde: {}", ("pymdownx.tilde",), id="a mapping"),
        pytest.param(
            "site_name: !ENV [X, y]\nmarkdown_extensions: [toc, tables]", (), id="those that are there already"
        ),
    ],
)
def test_what_the_configuration_adds(tmp_path: Path, written: str, added: tuple[str, ...]) -> None:
    file = tmp_path / "mkdocs.yml"
    file.write_text(written, encoding="utf-8")
    assert dialect.of(file).extensions == (*dialect.EXTENSIONS, *added)


def test_a_list_that_runs_code_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mkdocs.yml"
    file.write_text("markdown_extensions:\n  - toc: {slugify: !!python/name:os.system }", encoding="utf-8")
    with pytest.raises(StopError, match=r"mkdocs\.yml: markdown_extensions cannot be read"):
        dialect.of(file)


def test_the_checker_obeys_an_extension_that_is_added(docs: Path) -> None:
    page = docs / "papers" / "small.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("## 相关论文", "这里~~删去~~了。\n\n## 相关论文"), encoding="utf-8"
    )
    plain = checker.check(docs, root=docs.parent, today=TODAY)
    (docs.parent / "mkdocs.yml").write_text("markdown_extensions: [pymdownx.tilde]", encoding="utf-8")
    added = checker.check(docs, root=docs.parent, today=TODAY)
    assert "<del" not in plain.linked.rendered("papers/small.md").html
    assert "<del" in added.linked.rendered("papers/small.md").html
    assert [str(each) for each in added.findings if each.rule == "unsafe-html"], "a tag that is not on the list"
