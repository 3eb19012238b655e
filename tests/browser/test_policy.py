"""The policy of built pages in a browser: the site's own pages keep to it in silence, and what is injected does not run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import looks
from playwright.sync_api import Page

INJECT = """async (wait) => {
  window.ran = [];
  const script = document.createElement("script");
  script.textContent = "ran.push('inline script')";
  document.body.append(script);
  const file = document.createElement("script");
  file.src = "data:text/javascript,ran.push('data script')";
  document.body.append(file);
  document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror=\\"ran.push('event attribute')\\">");
  const link = document.createElement("a");
  link.href = "javascript:ran.push('javascript link')";
  document.body.append(link);
  link.click();
  setTimeout(() => {  // later, because the browser lets the debugger that drives it evaluate text
    try { new Function("ran.push('new Function')")(); } catch (error) { /* refused */ }
    try { (0, eval)("ran.push('eval')"); } catch (error) { /* refused */ }
    setTimeout("ran.push('text of a timer')", 0);
  }, 10);
  const base = document.createElement("base");
  base.href = "https://evil.example/";
  document.head.prepend(base);
  if (new URL("x", document.baseURI).host === "evil.example") ran.push("base");
  base.remove();
  const frame = document.createElement("iframe");
  frame.srcdoc = "<script>parent.ran.push('frame')</script>";
  document.body.append(frame);
  const end = performance.now() + wait;
  while (window.ran.length < 9 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return window.ran;
}"""


def test_every_page_keeps_to_its_policy_in_silence(base: str, built_site: Path, visit: Callable[..., Any]) -> None:
    """`visit` fails at its end where the console said anything or another host was asked. From a server, the pages that a reader
    stays on are seen in silence by `test_every_page_holds_together_in_every_look`.
    """
    here = visit(base)
    tab: Page = here.open()
    stay = looks.pages_of(built_site)
    assert len(stay) >= 20
    if base.startswith("file:"):
        for page in stay:
            if page != "404.html":  # its addresses begin at the root of a server
                tab.goto(f"{base}/{page}")
    lead_on = sorted({file.relative_to(built_site).as_posix() for file in built_site.rglob("*.html")} - set(stay))
    assert lead_on
    for page in lead_on:
        tab.goto(f"{base}/{page}")
        tab.wait_for_url(lambda url, page=page: not url.endswith(page))  # type: ignore[misc]
    here.check()


def test_nothing_injected_runs(base: str, visit: Callable[..., Any]) -> None:
    """As if a fault in a script of ours had let an attacker write into the page. The refusals stand in the console."""
    tab: Page = visit(base, strict=False).open("papers/dpo.html")
    assert tab.evaluate(INJECT, 300) == []


def test_without_a_policy_all_of_it_runs(tmp_path: Path, visit: Callable[..., Any]) -> None:
    """The control: each way in is open where no policy closes it."""
    (tmp_path / "index.html").write_text("<!doctype html><meta charset=utf-8><title>t</title><p>t", encoding="utf-8")
    tab: Page = visit(f"file://{tmp_path}", strict=False).open()
    assert set(tab.evaluate(INJECT, 20_000)) == {
        "inline script", "data script", "event attribute", "javascript link", "new Function", "eval", "text of a timer", "base", "frame",
    }  # fmt: skip
