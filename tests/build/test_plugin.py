"""Another project's mkdocs.yml: one line brings every step, twice named stops, and without it nothing is built."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from conftest import DOCS, ROOT
from mkdocs import plugins
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from papernotes import kit
from papernotes.build import plugin, publish, state

MATERIAL = "theme: {name: material, language: zh}\n"
LINE = "plugins: [papernotes]\n"
HOOK = f"hooks: [{ROOT / 'hooks' / 'papernotes_hook.py'}]\n"


pytestmark = pytest.mark.usefixtures("installed")


def configured(folder: Path, settings: str) -> MkDocsConfig:
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(f"site_name: 别处\n{settings}", encoding="utf-8")
    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    return config.plugins.on_config(config)


def test_one_line_brings_templates_styles_script_and_what_is_not_published(tmp_path: Path) -> None:
    config = configured(tmp_path, MATERIAL + LINE + 'exclude_docs: "/notes/"\nextra_css: [own.css]\n')
    theme = kit.find(kit.THEME)
    assert state.of(config).theme == theme and config.theme.dirs[0] == str(theme)
    assert config.extra_css[0].startswith("assets/stylesheets/papernotes.") and config.extra_css[1:] == ["own.css"]
    assert [str(script).startswith("assets/javascripts/papernotes.") for script in config.extra_javascript] == [True]
    assert not config.use_directory_urls
    assert config.exclude_docs is not None
    for name in ("_data/papers.json", "papers/dpo/weight.svg", "notes/a.md"):
        assert config.exclude_docs.match_file(name), name
    assert not config.exclude_docs.match_file("guide/img/page.svg")


def test_a_site_may_have_templates_of_its_own_before_ours(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    config = configured(tmp_path, "theme: {name: material, custom_dir: mine}\n" + LINE)
    assert config.theme.dirs[:2] == [str(tmp_path / "mine"), str(kit.find(kit.THEME))]


def test_a_site_may_say_words_of_the_templates_in_another_way(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "words.yml").write_text('search.field: "Search"\n', encoding="utf-8")
    config = configured(tmp_path, "theme: {name: material, custom_dir: mine}\n" + LINE)
    assert state.of(config).words["search.field"] == "Search"
    assert state.of(config).words["search.clear"] == "清空"


def test_wrong_words_stop_the_build_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "words.yml").write_text('search.feild: "Search"\n', encoding="utf-8")
    with pytest.raises(PluginError, match=r"^1 findings; nothing was built\nmine/words\.yml:1:15: front-matter-key: "):
        configured(tmp_path, "theme: {name: material, custom_dir: mine}\n" + LINE)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param(MATERIAL + LINE + HOOK, "mkdocs.yml names papernotes twice, as a hook and as a plugin; remove one of them", id="hook and plugin"),
        pytest.param(LINE, "papernotes needs the theme material; write 'theme: {name: material, language: zh}' in mkdocs.yml", id="another theme"),
    ],
)  # fmt: skip
def test_a_configuration_that_stops(tmp_path: Path, settings: str, says: str) -> None:
    with pytest.raises(PluginError) as error:
        configured(tmp_path, settings)
    assert str(error.value) == says


def test_a_site_without_our_steps_is_not_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs").symlink_to(DOCS)
    (tmp_path / "mkdocs.yml").write_text("site_name: 别处\n" + MATERIAL, encoding="utf-8")
    with pytest.raises(publish.BuildFailed) as error:
        publish.build(tmp_path / "mkdocs.yml", site_dir=tmp_path / "site")
    assert str(error.value) == "mkdocs.yml does not name papernotes; add 'plugins: [papernotes]' to it"
    assert not (tmp_path / "site").exists()


def test_the_hook_file_hands_on_the_same_list() -> None:
    spec = importlib.util.spec_from_file_location("the_hook", ROOT / "hooks" / "papernotes_hook.py")
    assert spec and spec.loader
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    handed = {name: value for name, value in vars(hook).items() if name.startswith("on_")}
    assert handed == {event.__name__: event for event in plugin.EVENTS}
    assert set(handed) <= {f"on_{name}" for name in plugins.EVENTS}
    assert all(getattr(plugin.PapernotesPlugin, name) is event for name, event in handed.items())
