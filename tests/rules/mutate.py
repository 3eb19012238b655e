"""Read mutated pages, blocks, ids, ledgers, term files, pictures and data files, one after the other, under a limit of memory and of time.

`python tests/rules/mutate.py SEED COUNT` prints one line of JSON: cases, the slowest in seconds, the most memory in MB; it exits 1 with
the case printed where one raises what it must not, or hangs.
"""

from __future__ import annotations

import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final
from xml.etree import ElementTree

import alone

from papernotes.base import arxiv
from papernotes.base.finding import Finding
from papernotes.data import ledger, term_table
from papernotes.data import site as site_module
from papernotes.data.models import results as model_results
from papernotes.data.models import table as model_table
from papernotes.data.reading import paths, reading_order
from papernotes.figures import catalogue, figure, inlining, plots, scan, svg
from papernotes.markdown.library import Library
from papernotes.rules import checker, files
from papernotes.text import blocks as blocks_module
from papernotes.text import document, frontmatter, source_mark

ROOT: Final = Path(__file__).resolve().parents[2]
PLOTS: Final = ROOT / "docs" / plots.FOLDER
TODAY: Final = date(2026, 11, 23)
SECONDS: Final = 5.0
"""One case may take this long on an idle machine's processor."""
MEMORY: Final = 1024
"""Address space in MB beyond which the run is killed."""
TOKENS: Final = [
    *"{}[]()<>$`_*\\&#!|:\"'=^~+%@\n\t -/,.;0123456789", "$$", "```", "\n\n", "    ", "**", "## ", "/// figure | Figure 2\n", "///\n",
    "---\n", "{onclick=x}", "javascript:", "<script>", "<!--", "-->", "【来源：", "】", "[@2305.18290]", "[@fig:", "[~", "!!! note", "&#x202e;",
    "\u202e", "\u200b", "\x00", "\x01", "\r\n", "\ufeff", "\ud7ff", "𝒜", "１", "：", "，", "。", "é\u0301", "null", "true", "1e999", "-1", "99999999999999999999",
    "!!python/name:os.system ", "&a ", "*a", "<<: ", "| ", "> ", "- ", "? ", "\\frac{", "\\begin{aligned}", "^{", "_{", "\\left(",
]  # fmt: skip


class Hang(BaseException):
    """A case took too long."""


def mutate(chance: random.Random, text: str) -> str:
    """A few random changes: a token more, a piece less, a piece twice, two pieces changed about, a run of one token."""
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        at = chance.randint(0, len(text))
        end = min(len(text), at + chance.choice([0, 1, 1, 2, 5, 40, 400]))
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:at] + chance.choice(TOKENS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[end:]
        elif kind == 2:
            text = text[:end] + text[at:end] * chance.choice([1, 1, 2, 30]) + text[end:]
        elif kind == 3:
            other = chance.randint(0, len(text))
            text = text[:at] + text[other : other + (end - at)] + text[end:]
        elif kind == 4:
            text = text[:at] + chance.choice(TOKENS) * chance.choice([2, 3, 10, 100, 1000]) + text[at:]
        else:
            text = text[:at]
    return text


@cache
def pages() -> list[tuple[Path, str]]:
    """The real pages, by path."""
    files = sorted([*(ROOT / "docs" / "papers").glob("*.md"), *(ROOT / "docs" / "topics").glob("*.md")])
    return [(file, file.read_text(encoding="utf-8")) for file in files]


@cache
def site() -> site_module.Site:
    """The real site, in which a mutated page stands alone."""
    return site_module.load(ROOT / "docs", root=ROOT, today=date.max, parse=library().parse)[0]


@cache
def library() -> Library:
    """What reads the pages."""
    return checker.library()


def valid(findings: list[Finding]) -> None:
    """Findings are one line each, of a known rule, with a place in the file."""
    for finding in findings:
        assert "\n" not in str(finding), finding
        assert finding.rule in checker.RULES, finding
        assert finding.line >= 1 and finding.column >= 1, finding


class _File:
    """A file that is not written to disk; what `document.read` needs of a path."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self._path, self._raw = path, raw

    def relative_to(self, other: Path) -> Path:
        return self._path.relative_to(other)

    def as_posix(self) -> str:
        return self._path.as_posix()

    def stat(self) -> Any:
        return type("Stat", (), {"st_size": len(self._raw)})

    def read_bytes(self) -> bytes:
        return self._raw


def page(chance: random.Random) -> str:
    """A whole page: read, part into blocks, check by every rule; what passes shows every sentence and no mark."""
    path, text = chance.choice(pages())
    changed = mutate(chance, text)
    raw = changed.encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        at = chance.randint(0, max(len(raw) - 1, 0))
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    read, findings = document.read(ROOT, _File(path, raw), ROOT / "docs")  # type: ignore[arg-type]
    if read:
        blocks_module.blocks(read)
        said, rendered = alone.judged(read, site(), library())
        findings += said
        if not findings and rendered:
            wrong = alone.lost_or_left(read, rendered) + alone.published(rendered)
            assert not wrong, wrong[:5]
            PASSED[0] += 1
    valid(findings)
    return changed


PASSED: Final = [0]
"""How many of the mutated pages have passed the checks."""


def block(chance: random.Random) -> str:
    """A figure block."""
    bodies = [found for _, text in pages() for found in text.split("\n\n/// figure")[1:]]
    body = "/// figure" + mutate(chance, chance.choice(bodies).partition("\n///")[0] + "\n///\n")
    read = document.Document("docs/papers/x.md", "papers/x.md", body, None, 0)
    scan.scan(read)
    valid(list(figure.check(read, site())))
    return body


def identifier(chance: random.Random) -> str:
    """An id, a link, a source mark: all three readers raise ValueError and nothing else."""
    text = mutate(chance, chance.choice(["2305.18290", "arXiv:2305.18290v3", "math.GT/0309136v2", "hep-th/9901001", "https://arxiv.org/abs/2305.18290v3", "https://doi.org/10.48550/arXiv.2305.18290", "https://arxiv.org/pdf/cs/0112017.pdf", "§4.2，表 1；@2310.16944v1 表 1，附录 B", "[公告](https://example.org/)", "图 2a–2c，未核对位置"]))  # fmt: skip
    for reader in (
        lambda: arxiv.parse_id(text, today=TODAY),
        lambda: arxiv.id_of_link(text, today=TODAY),
        lambda: source_mark.parse(text),
    ):
        try:
            reader()
        except ValueError as error:
            assert str(error)
    arxiv.is_arxiv_link(text)
    return text


def the_ledger(chance: random.Random) -> str:
    """A ledger."""
    text = (ROOT / "docs" / "_data" / "papers.json").read_text(encoding="utf-8")
    text = mutate(chance, text[: chance.choice([2000, 8000, len(text)])])
    records, findings = ledger.parse(text, "papers.json", today=TODAY)
    valid(findings)
    if not findings:
        ledger.serialise(records.values())
        for record in records.values():
            ledger.shown_count(record)
    return text


def terms(chance: random.Random) -> str:
    """A term file, and any YAML."""
    text = (ROOT / "docs" / "_data" / "terms.yml").read_text(encoding="utf-8")
    start = text.index("\n- ") + 1
    text = mutate(chance, text[start : start + chance.choice([500, 2000, 6000])])
    valid(term_table.parse("terms.yml", text)[1])
    front, _, findings = frontmatter.FrontMatter.split("page.md", f"---\n{text}\n---\n", document.MAX_FRONT_BYTES)
    valid(findings)
    if front:
        front.place("id")
    return text


PIECES: Final = [
    '<use href="#arrow"/>', '<g id="a"><use href="#a"/></g>', "<svg>", "</g>", "<script>evil()</script>", "<foreignObject/>", "<a href='javascript:evil()'/>",
    '<image href="https://a.example/b"/>', '<style>*{color:red}</style>', '<set attributeName="href"/>', '<pattern id="p"><rect fill="url(#p)"/></pattern>',
    ' onclick="evil()"', ' xmlns="http://www.w3.org/1999/xhtml"', ' xmlns:x="x" x:href="y"', ' style="fill:var(--pn-ink);background:url(//a.example)"',
    ' fill="URL(https://a.example)"', " fill='url( \"#arrow\" )'", ' marker-mid="u\\72l(//a.example#b)"', ' class="md-dialog"', ' transform="scale(99999)"', ' transform="scale(9e99)"',
    ' d="M0 0' + "h1e9" * 9 + '"', ' viewBox="0 0 1 1e9"', "&#x202e;", "&#0;", "&amp;", "&lt;script&gt;", "<!-- -- -->", "<![CDATA[<script>]]>", '<!DOCTYPE svg [<!ENTITY a "b">]>', "<?php x ?>", "\ufeff",
]  # fmt: skip


@cache
def pictures() -> list[str]:
    """The real pictures."""
    return [file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").glob("[pt]*/*/*.svg"))]


def picture(chance: random.Random) -> str:
    """A picture: refused with places, or inlined as nothing but shapes that refer to one another."""
    text = chance.choice(pictures())
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        piece = chance.choice(PIECES)
        places = [match.end() for match in re.finditer(r"<\w+(?= )" if piece.startswith(" ") else r"/>", text)]
        at = chance.choice(places or [0])
        text = text[:at] + piece + text[at:]
    if chance.random() < 0.6:
        text = mutate(chance, text)
    problems = list(svg.check(text.encode("utf-8", "surrogatepass")))
    valid([Finding("a.svg", each.line, each.column, "svg", each.what, each.fix) for each in problems])
    if not problems:
        root = ElementTree.fromstring(html := inlining.inline(text, prefix="p", label="甲"))
        for element in root.iter():
            assert element.tag in svg.ELEMENTS, html
            assert all(
                name in svg.ATTRIBUTES or name in {"aria-label", "aria-describedby"} for name in element.attrib
            ), html
            assert element.get("id", "p-").startswith("p-") and element.get("href", "#p-").startswith("#p-"), html
            for value in element.attrib.values():
                assert "url(" not in value.lower() or re.fullmatch(r"url\(#p-[a-z0-9-]+\)", value), html
    return text


READERS: Final[dict[str, Callable[[Path, Path], list[Finding]]]] = {
    "tags.yml": lambda file, root: site_module._read_tags(file.parent.parent, root)[1],
    "path.yml": lambda file, root: reading_order.load(file.parent.parent, root, site().papers)[1],
    "paths.yml": lambda file, root: paths.load(file.parent.parent, root, site().papers)[1],
    "terms.yml": lambda file, root: term_table.load(file.parent.parent, root)[1],
    "models.yml": lambda file, root: model_table.load(file.parent.parent, root, site().ledger, site().glossary, TODAY)[
        1
    ],
    "results.yml": lambda file, root: model_results.load(file.parent.parent, root)[1],
    **{f"plots/{file.name}": lambda file, _: plotted(file) for file in sorted(PLOTS.glob("*.*"))},
}
"""The data files by name below `_data`, and what reads each: (file, root) to findings."""


def plotted(file: Path) -> list[Finding]:
    """Read the numbers of a plot, or how they are drawn, beside the other of the two, and draw it where it can be drawn."""
    how, numbers = (file if file.suffix == end else PLOTS / f"{file.stem}{end}" for end in (".yml", ".csv"))
    plot, findings = catalogue.load(how, how.name)
    rows, more = plots.read(numbers, numbers.name, plot) if plot else ([], [])
    if plot and not more:
        assert not list(svg.check(plot.draw(rows).encode()))
    return [*findings, *more]


def data(chance: random.Random) -> str:
    """A data file, as bytes on a disk."""
    name = chance.choice([name for name in READERS if (ROOT / "docs" / "_data" / name).is_file()])
    text = mutate(chance, (ROOT / "docs" / "_data" / name).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "docs", "_data", name)
        file.parent.mkdir(parents=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        docs = Path(folder, "docs")
        valid(READERS[name](docs / "_data" / Path(name).name if "/" not in name else file, Path(folder)))
        valid(list(files._content(file, f"_data/{name}", f"docs/_data/{name}")))
    return text


KINDS: Final[dict[str, tuple[Callable[[random.Random], str], int]]] = {
    "page": (page, 20),
    "block": (block, 3),
    "id": (identifier, 3),
    "ledger": (the_ledger, 2),
    "terms": (terms, 2),
    "picture": (picture, 5),
    "data": (data, 3),
}
"""What is mutated, and how many of 38 cases are of it."""


def run(seed: int, count: int) -> dict[str, Any]:
    """Read `count` mutated things. Raises: whatever a reader raises, with the case's number noted; Hang."""
    kinds = [name for name, (_, share) in KINDS.items() for _ in range(share)]
    slowest, which, number = 0.0, "", 0

    def hang(*_: int | FrameType | None) -> None:
        raise Hang

    signal.signal(signal.SIGPROF, hang)
    pages()
    site()
    for number in range(count):
        name = kinds[number % len(kinds)]
        chance = random.Random(f"{seed} {number}")
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            KINDS[name][0](chance)
        except BaseException as error:
            error.add_note(f"case {number} of seed {seed}, a {name}")
            raise
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        taken = time.process_time() - started
        if taken > slowest:
            slowest, which = taken, f"{name} {number}"
    return {"cases": count, "slowest": round(slowest, 2), "which": which, "memory": _most_memory()}


def _most_memory() -> int:
    """MB that this program held at most. What `getrusage` says on Linux may be the memory of the one that started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="utf-8"))[1]) // 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 1024 * 1024,) * 2)
    try:
        print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
    except BaseException:
        traceback.print_exc()
        sys.exit(1)
