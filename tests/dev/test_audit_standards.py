"""What the audits of the built site make of what their tools say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from papernotes.build.finish import assets
from papernotes.dev import host, standards


def run(path: str, **scores: float) -> dict[str, Any]:
    full = {"performance": 1.0, "accessibility": 1.0, "best-practices": 1.0, "seo": 1.0}
    metrics = {
        "first-contentful-paint": 1234.0,
        "largest-contentful-paint": 2000.0,
        "total-blocking-time": 12.0,
        "cumulative-layout-shift": 0.0,
        "bytes": 139_600.0,
        "requests": 8,
    }
    failed = {name: [f"{name}-audit"] for name in full}
    return {"path": path, "scores": full | scores, "failed": failed, "metrics": metrics}


def test_a_single_slow_run_is_noise_and_a_slow_median_is_not() -> None:
    noise = [run("a", performance=value) for value in (1.0, 0.99, 0.42)]
    assert list(standards.below(noise)) == []
    slow = [run("a", performance=value) for value in (1.0, 0.98, 0.98)]
    assert list(standards.below(slow)) == ["a: performance has a median of 0.98, not 0.99: performance-audit"]


@pytest.mark.parametrize("name", standards.ALWAYS)
def test_the_other_categories_are_full_in_every_run(name: str) -> None:
    results = [run("a"), run("b"), run("a", **{name: 0.97})]
    assert list(standards.below(results)) == [f"a: {name} is 0.97 in run 2: {name}-audit"]


def test_the_table_of_figures() -> None:
    lines = list(standards.table([run("a"), run("a", performance=0.98), run("a", performance=0.99)]))
    assert lines[2] == "| a | 98, 99, 100 | 99 | 100 | 100 | 100 | 1.2 s | 2.0 s | 12 ms | 0 | 140 KB | 8 |"


def test_known_faults_are_left_out_and_ours_are_not() -> None:
    label = "The value of the “for” attribute of the “label” element must be the ID of a non-hidden form control."
    messages = [
        {"type": "error", "url": "file:/s/a.html", "message": label, "extract": '<label for="__toc">', "lastLine": 3},
        {"type": "error", "url": "file:/s/a.html", "message": label, "extract": '<label for="pn-x">', "lastLine": 4},
        {"type": "info", "url": "file:/s/a.html", "message": "a remark", "extract": ""},
    ]
    assert list(standards.faults(messages, "file:///s")) == [f"a.html:4:1: {label}"]


def test_style_sheets_are_merged_in_order(tmp_path: Path) -> None:
    folder = tmp_path / assets.STYLES
    folder.mkdir(parents=True)
    (folder / "all.css").write_text('@import "b.css";\n@import "a.css";\n')
    (folder / "b.css").write_text("b {}\n\n")
    (folder / "a.css").write_text("a {}")
    merged = assets.sheet(tmp_path, "all.css")
    assert merged.content == "b {}\na {}\n"
    assert re.fullmatch(r"assets/stylesheets/all\.[0-9a-f]{8}\.css", merged.path)


def test_only_pages_with_python_link_its_style_sheet() -> None:
    page = '<head>\n  <link rel="stylesheet" href="../assets/_mkdocstrings.css">\n  <title>x</title></head>{}'
    sheet = "assets/_mkdocstrings.css"
    assert assets.without_reference_styles(page.format(""), sheet) == "<head>\n  <title>x</title></head>"
    shown = page.format('<div class="doc doc-object">')
    assert assets.without_reference_styles(shown, sheet) == shown
    assert assets.without_reference_styles("<head></head>", sheet) == "<head></head>"


def test_the_host_gives_nothing_outside_its_folder(tmp_path: Path) -> None:
    import http.client

    (tmp_path / "secret.txt").write_text("secret")
    site = tmp_path / "site"
    site.mkdir()
    (site / "404.html").write_text("nothing here")
    with host.serving(site) as running:
        connection = http.client.HTTPConnection(running.address.removeprefix("http://"))
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/%00"):
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            assert (answer.status, body) == (404, b"nothing here"), path
        connection.close()
