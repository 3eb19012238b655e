"""`make serve`, without a clock: what is shown after a save, what is wrong beside it, and that nothing ends it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from conftest import make_project, once, run
from edits import Editor
from mkdocs.config import load_config
from seeded import SOAK
from selectolax.lexbor import LexborHTMLParser

from papernotes.build import publish
from papernotes.build.live import panel, server
from papernotes.build.live.server import Server
from papernotes.build.live.writer import Writer
from papernotes.data import site
from papernotes.rules import checker

PPO = "papers/ppo.md"
SENTENCE = "这一句是后来加的。"
BROKEN = "错的标点,在这里。"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture site's project, with all that is kept of a build."""

    def make(folder: Path) -> None:
        project = make_project(folder / "project", nav=True)
        with Live(project) as live:
            live.writer.refresh()

    return once(tmp_path_factory, "live-project", make) / "project"


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "project", symlinks=True))


@pytest.fixture(scope="module")
def running(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One that all tests edit, and leave as it was."""
    with Live(Path(shutil.copytree(made, tmp_path_factory.mktemp("live") / "project", symlinks=True))) as live:
        live.writer.refresh()
        yield live


@pytest.fixture
def live(running: Live, made: Path) -> Iterator[Live]:
    yield running
    shutil.rmtree(running.project / "docs")
    shutil.copytree(made / "docs", running.project / "docs")
    running.writer.refresh({PPO, "papers/dpo.md"})
    assert running.server.shown.problems == {}


class Live:
    """A server with its writer, which looks when it is told to."""

    def __init__(self, project: Path) -> None:
        self.project = project

    def __enter__(self) -> Live:
        self._around = publish.environment(self.project)
        self._around.__enter__()
        config_file = self.project / "mkdocs.yml"
        config = load_config(str(config_file), strict=False)
        self.server = Server("127.0.0.1", 0, "docs")
        self.server.start()
        self.writer = Writer(config_file, self.server, config, cache=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        if self.server.shown.folder:
            shutil.rmtree(self.server.shown.folder)
        self._around.__exit__(None, None, None)

    def save(self, uri: str, change: Callable[[str], str]) -> None:
        """Write a page, and let the writer look."""
        file = self.project / "docs" / uri
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
        self.writer.refresh({uri})

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of what a browser gets."""
        try:
            with urllib.request.urlopen(f"http://{self.server.address}/{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def said(self, path: str) -> str:
        """The words of the panel of a page; empty where there is none."""
        found = LexborHTMLParser(self.get(path)[1]).css_first(".pn-live")
        return found.text() if found else ""

    def pages(self) -> dict[str, bytes]:
        """Every page as it lies in the folder that is served."""
        folder = self.server.shown.folder
        assert folder is not None
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


def more(words: str) -> Callable[[str], str]:
    return lambda text: f"{text.rstrip()}\n\n{words}\n"


def without(words: str) -> Callable[[str], str]:
    return lambda text: text.replace(f"\n{words}\n", "")


def test_a_sentence_writes_its_page_and_no_page_that_shows_nothing_of_it(live: Live) -> None:
    live.save(PPO, more(SENTENCE))
    before, moment = live.pages(), live.server.shown.moment
    live.save(PPO, more("又一句。"))
    after = live.pages()
    assert {name for name, page in after.items() if page != before[name]} == {"papers/ppo.html"}
    assert "又一句。" in live.get("papers/ppo.html")[1]
    assert live.server.shown.moment > moment
    moment = live.server.shown.moment
    live.writer.refresh({PPO})
    assert live.server.shown.moment == moment, "saved without a change"


def test_of_a_sentence_nothing_but_its_page_is_read(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.save("papers/dpo.md", more(SENTENCE))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the site is read again")

    monkeypatch.setattr(site, "load", refuse)
    live.save(PPO, more(SENTENCE))
    assert SENTENCE in live.get("papers/ppo.html")[1]
    live.save(PPO, more(BROKEN))
    assert "punctuation: " in live.said("papers/ppo.html")
    live.save(PPO, without(BROKEN))
    assert live.said("papers/ppo.html") == ""
    with pytest.raises(AssertionError):
        live.save(PPO, lambda text: text.replace("tags: [对齐]", "tags: [没有]"))
    monkeypatch.undo()


def test_what_nobody_has_told_of_is_seen_all_the_same(live: Live) -> None:
    live.save(PPO, more(SENTENCE))
    for uri in ("papers/dpo.md", "_data/papers.json"):
        file = live.project / "docs" / uri
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text.rstrip()}\n\n{BROKEN}\n", encoding="utf-8")
        live.save(PPO, more("又一句。"))
        assert f"docs/{uri}" in live.server.shown.problems
        file.write_text(text, encoding="utf-8")
        live.writer.refresh()
        assert live.server.shown.problems == {}


def test_a_page_that_looks_as_before_is_read_all_the_same(live: Live) -> None:
    live.save(PPO, more("前一句。"))
    file = live.project / "docs" / PPO
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("前一句。", "后一句。"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    live.writer.refresh({PPO})
    assert "后一句。" in live.get("papers/ppo.html")[1]


def test_a_page_that_became_a_link_is_no_page(live: Live) -> None:
    live.save(PPO, more(SENTENCE))
    file = live.project / "docs" / PPO
    file.rename(live.project / "ppo.md")
    file.symlink_to(live.project / "ppo.md")
    live.writer.refresh({PPO})
    assert "page-symlink: " in live.said("papers/ppo.html")
    file.unlink()
    (live.project / "ppo.md").rename(file)
    live.writer.refresh({PPO})
    assert live.said("papers/ppo.html") == ""


def test_the_search_follows(live: Live) -> None:
    live.save(PPO, more("独角兽的角。"))
    live.writer.follow()
    assert live.server.shown.folder is not None
    index = "".join(path.read_text(encoding="utf-8") for path in (live.server.shown.folder / "search").rglob("*.js"))
    assert "独角兽" in index


def test_a_broken_page_is_told_at_its_line_above_its_last_good_version_and_heals(live: Live) -> None:
    live.save(PPO, more(SENTENCE))
    live.save(PPO, more(BROKEN))
    status, page = live.get("papers/ppo.html")
    assert status == 200
    assert SENTENCE in page
    assert BROKEN not in LexborHTMLParser(page).css_first("article").text()
    line = (live.project / "docs" / PPO).read_text(encoding="utf-8").count("\n")
    said = live.said("papers/ppo.html")
    assert "改好之前，下面是上一个没有问题的样子。" in said
    assert f"docs/papers/ppo.md:{line}:" in said
    assert "punctuation: " in said
    assert ["pn-live--stands" in live.get(f"papers/{name}.html")[1] for name in ("ppo", "dpo")] == [True, False]
    assert live.said("papers/dpo.html") == "要改的还有 docs/papers/ppo.md（1 处）。"
    live.save("papers/dpo.md", more(SENTENCE))  # the others go on
    assert SENTENCE in live.get("papers/dpo.html")[1]
    live.save(PPO, without(BROKEN))
    assert [live.said(path) for path in ("papers/ppo.html", "papers/dpo.html")] == ["", ""]


@pytest.mark.parametrize(
    ("spoil", "rule", "shown"),
    [
        pytest.param(more(BROKEN), "punctuation", BROKEN, id="as a draft is"),
        pytest.param(
            more("<script>alert(1)</script>"), "unsafe-html", "这一页还没有能看的样子。", id="not what could do harm"
        ),
        pytest.param(lambda text: text.replace("---", "--", 1), "front-matter", "", id="nor what has no front matter"),
        pytest.param(
            lambda text: text.replace("tags: [对齐]", "tags: [没有]"), "front-matter-value", "", id="or a wrong one"
        ),
    ],
)
def test_it_starts_with_a_broken_page(project: Path, spoil: Callable[[str], str], rule: str, shown: str) -> None:
    file = project / "docs" / PPO
    good = file.read_text(encoding="utf-8")
    file.write_text(spoil(good), encoding="utf-8")
    with Live(project) as live:
        live.writer.refresh()
        status, page = live.get("papers/ppo.html")
        assert status == 200
        assert shown in page
        assert f"{rule}: " in live.said("papers/ppo.html")
        assert live.get("papers/dpo.html")[0] == 200
        live.save(PPO, lambda _: good)
        assert "这一段只为凑够篇幅而写" in live.get("papers/ppo.html")[1]
        assert live.said("papers/ppo.html") == ""


def test_why_a_draft_is_not_shown_is_told(live: Live) -> None:
    page, harm = "papers/small.md", "\n<script>alert(1)</script>\n"
    live.save(page, lambda text: text.replace("\ntier: ", "\ndraft: true\ntier: ", 1) + harm)
    for _ in range(2):
        assert "这一页还没有能看的样子。" in live.get("papers/small.html")[1]
        assert "unsafe-html: " in live.said("papers/small.html")
        live.writer.refresh()
    live.save(page, lambda text: text.replace(harm, ""))
    assert "小论文：每种写法各用一次" in live.get("papers/small.html")[1]
    live.save(page, lambda text: text.replace("tags: [微调]", "tags: []"))
    assert "front-matter-value: " in live.said("papers/small.html")


def test_what_stops_the_site_or_leaves_a_draft_out_is_told_before_all_pages_are_looked_at(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    monkeypatch.setattr(checker, "_of_pages", lambda *_: told.append({*live.server.shown.problems}) or [])
    live.save("papers/small.md", lambda text: text.replace("\ntags: [微调]", "\ndraft: true\ntags: []", 1))
    live.save("_data/papers.json", lambda text: text.replace('"papers"', "papers", 1))
    assert told[-2:] == [{"docs/papers/small.md"}, {"docs/papers/small.md", "docs/_data/papers.json"}]
    live.save("_data/papers.json", lambda text: text.replace("papers", '"papers"', 1))
    live.save("papers/small.md", lambda text: text.replace("\ndraft: true\ntags: []", "\ntags: [微调]", 1))
    assert "papernotes: nothing is wrong any more\n" in capsys.readouterr().err


def test_a_page_that_is_no_text_stays_as_it_was(live: Live) -> None:
    file = live.project / "docs" / PPO
    good = file.read_bytes()
    file.write_bytes("论文".encode("gbk"))
    live.writer.refresh({PPO})
    assert "这一段只为凑够篇幅而写" in live.get("papers/ppo.html")[1]
    assert "page-encoding: " in live.said("papers/ppo.html")
    file.write_bytes(good)
    live.writer.refresh({PPO})
    assert live.said("papers/ppo.html") == ""


def test_a_broken_file_of_data_keeps_the_whole_site(live: Live) -> None:
    before = live.pages()
    live.save("_data/papers.json", lambda text: text.replace('"papers"', "papers", 1))
    live.save(PPO, more(SENTENCE))
    assert live.pages() == before
    assert "整个网站停在上一个没有问题的样子" in live.said("index.html")
    assert "docs/_data/papers.json:1:" in live.said("papers/dpo.html")
    live.save("_data/papers.json", lambda text: text.replace("papers", '"papers"', 1))
    assert live.said("index.html") == ""
    assert SENTENCE in live.get("papers/ppo.html")[1]


def test_it_starts_with_a_broken_file_of_data(project: Path) -> None:
    file = project / "docs/_data/tags.yml"
    good = file.read_text(encoding="utf-8")
    file.write_text("[", encoding="utf-8")
    with Live(project) as live:
        assert "网站正在建" in live.get("index.html")[1]
        live.writer.refresh()
        status, page = live.get("papers/dpo.html")
        assert status == 200
        assert "网站还建不起来。" in page
        assert "docs/_data/tags.yml:" in live.said("papers/dpo.html")
        live.save("_data/tags.yml", lambda _: good)
        assert live.said("index.html") == ""


def test_a_title_is_shown_where_others_show_it(live: Live) -> None:
    live.save(PPO, lambda text: re.sub("^title: .*$", "title: 换过的题目", text, flags=re.MULTILINE))
    for path in ("papers/ppo.html", "papers/index.html"):
        assert "换过的题目" in live.get(path)[1]


def test_a_page_goes_and_comes_back(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    file = live.project / "docs/guide/writing.md"
    text = file.read_text(encoding="utf-8")
    file.unlink()
    live.writer.refresh({"guide/writing.md"})
    assert live.get("guide/writing.html")[0] == 404
    assert "link-target: 'writing.md' does not exist" in live.said("guide/index.html")
    file.write_text(text, encoding="utf-8")
    live.writer.refresh({"guide/writing.md"})
    assert live.get("guide/writing.html")[0] == 200
    assert live.said("guide/index.html") == ""


def test_the_folder_goes_and_comes_back(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    docs = live.project / "docs"
    docs.rename(live.project / "away")
    live.writer.refresh()
    assert (
        capsys.readouterr().err.splitlines()[-1]
        == "papernotes: docs/ is gone; what was built is shown until it is back"
    )
    assert live.get("index.html")[0] == 200
    (live.project / "away").rename(docs)
    live.save(PPO, more(SENTENCE))
    assert SENTENCE in live.get("papers/ppo.html")[1]


def test_after_many_edits_the_pages_are_those_of_a_new_start(live: Live) -> None:
    editor = Editor(live.project, Random(5))
    done = []
    for _ in range(60 if SOAK else 3):
        done.append(editor.edit())
        live.writer.refresh({uri for uri in (PPO, "papers/dpo.md") if uri.rpartition("/")[2] in done[-1]})
    with Live(live.project) as fresh:
        fresh.writer.refresh()
        told = {path for path, found in fresh.server.shown.problems.items() if found}
        assert told == {path for path, found in live.server.shown.problems.items() if found}, done
        if not told:  # what is broken is shown as it was, or, at a new start, as a draft
            assert live.pages() == fresh.pages(), done


@pytest.mark.parametrize("name", [".ppo.md.swp", "4913", "ppo.md~", "#ppo.md#"])
def test_an_editors_own_files_are_no_findings(live: Live, name: str) -> None:
    (live.project / "docs/papers" / name).write_bytes(b"b0VIM 9.0")
    live.save(PPO, more(SENTENCE))
    assert SENTENCE in live.get("papers/ppo.html")[1]
    assert live.said("papers/ppo.html") == ""


@pytest.mark.parametrize(
    "path", ["gone.html", "papers/../../mkdocs.yml", "%2e%2e/mkdocs.yml", "//etc/passwd", "assets"]
)
def test_what_is_not_there(live: Live, path: str) -> None:
    status, text = live.get(path)
    assert status == 404
    assert "site_name" not in text


def test_a_page_that_waits_is_told_of_a_change_or_to_ask_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.01)
    now = live.server.shown.moment
    assert live.get(f"-/changed?since={now}")[0] == 204
    assert [live.get(f"-/changed?since={since}")[0] for since in (now - 1, "x", "")] == [200] * 3
    html = live.get("papers/ppo.html")[1]
    assert f'data-moment="{now}"' in html
    assert live.get(panel.SCRIPT.lstrip("/"))[0] == 200


def test_findings_are_text(live: Live) -> None:
    live.save(PPO, more("一句,<b>二</b>。"))
    assert "<b>" not in panel.panel(live.server.shown.problems, "docs/papers/ppo.md", (), "docs")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            ("--port", "65536"), "an address is a host and a port from 0 to 65535, as 127.0.0.1:8000", id="a port"
        ),
        pytest.param(
            ("--address", "8000"), "an address is a host and a port from 0 to 65535, as 127.0.0.1:8000", id="no host"
        ),
    ],
)
def test_a_wrong_address_is_one_line(project: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(project, "serve", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"papernotes: {words}\n")


def test_a_busy_port_is_one_line_before_anything_is_built(project: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = run(project, "serve", "--port", str(port))
    other = f"stop what listens there, or take another port: make serve ARGS='--port {port % 65535 + 1}'"
    assert (done.returncode, done.stderr) == (2, f"papernotes: 127.0.0.1:{port} is in use; {other}\n")


@pytest.mark.parametrize(
    ("error", "said"), [(BrokenPipeError(), False), (ConnectionResetError(), False), (ValueError(), True)]
)
def test_who_no_longer_waits_for_an_answer_is_no_error(
    error: Exception, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server("127.0.0.1", 0, "docs") as answering:
        try:
            raise error
        except Exception:
            answering.handle_error(None, ("127.0.0.1", 1))
    assert ("Traceback" in capsys.readouterr().err) == said


def test_saves_are_noticed_from_the_first_moment_on(project: Path) -> None:
    command = [sys.executable, "-m", "papernotes", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            address = re.search(r"http://\S+/", process.stderr.readline())
            assert address
            assert next(line for line in process.stderr if line.startswith("papernotes: built"))
            for sentence in SENTENCE, "再存一次，也看得见。":  # the first before the files are watched
                with (project / "docs" / PPO).open("a", encoding="utf-8") as file:
                    file.write(f"\n{sentence}\n")
                for _ in range(200):
                    with urllib.request.urlopen(f"{address[0]}papers/ppo.html") as answer:
                        if shown := sentence in answer.read().decode():
                            break
                    time.sleep(0.1)
                assert shown
        finally:
            process.kill()
