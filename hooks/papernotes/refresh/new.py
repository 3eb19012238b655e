"""The verb `new`: from an arXiv id to a draft page and a ledger record, with marked blanks for what is not known."""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from papernotes.base import arxiv, storage
from papernotes.base.finding import StopError
from papernotes.data import blanks, ledger
from papernotes.data import site as site_module
from papernotes.data.abstracts import block_of
from papernotes.data.ledger import Record
from papernotes.data.paper import TIERS, is_draft
from papernotes.refresh import clock
from papernotes.text.document import relative

if TYPE_CHECKING:
    from papernotes.refresh.services.answer import Metadata

TEMPLATES: Final = "_data/templates"
DEFAULT_TIER: Final = "short"
GUIDES: Final = ("docs/guide/writing.md", "docs/guide/index.md")
"""Where a site may say how a page is written; one of one's own has a single page of it."""
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_WORDS: Final = 5
_YAML_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_NAME_LIMIT: Final = 24
"""Characters of a short name that is taken from the title: what stands before its colon."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `new`."""
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="the arXiv id, such as 2106.09685, or a link")
    parser.add_argument("--tier", choices=list(TIERS), default=DEFAULT_TIER, help=f"how long (default: {DEFAULT_TIER})")
    parser.add_argument("--slug", help="the page's name and address (default: made from the title)")
    parser.add_argument("--offline", action="store_true", help="do not ask arXiv; leave blanks")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run(arguments: argparse.Namespace) -> int:
    """Write a draft page and its ledger record, and say what to do next."""
    if not arguments.id:
        raise CannotStartError("which paper? Give its arXiv id: make new ID=2106.09685")
    docs_dir = arguments.docs.resolve()
    started = start(
        docs_dir,
        arguments.id,
        tier=arguments.tier,
        slug=arguments.slug or None,
        today=date.today(),
        ask=None if arguments.offline else ask_arxiv,
    )
    print(next_steps(started, docs_dir.parent))
    return 0


def add_pairs(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `pairs`."""
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="the arXiv id, such as 2106.09685")


def run_pairs(arguments: argparse.Namespace) -> int:
    """Print the block for the translation of a paper's abstract as arXiv has it: fingerprints, and blanks for the sentences."""
    answer = ask_arxiv(_unknown(_id(arguments.id, date.today()).id))
    if isinstance(answer, str):
        raise CannotStartError(answer)
    block = block_of(answer.abstract, answer.version)
    if not block:
        raise CannotStartError("arXiv gave no abstract that can be cut into sentences")
    print(block)
    return 0


class CannotStartError(StopError):
    """Nothing was written. The text says why and what to do, in one line."""


Ask = Callable[[Record], "Metadata | str"]
"""Asks arXiv about a paper; a text says, in one line, why there is no answer.

Raises: CannotStartError where arXiv knows no such paper.
"""


@dataclass(frozen=True)
class Started:
    """What `start` has written."""

    page: Path
    created: bool
    """Whether the page is new; False: it was there, and only blanks of its ledger record were filled."""
    record: Record
    why_blank: str | None
    """Why the record has blanks; None where it has none."""


def start(
    docs_dir: Path, text: str, *, tier: str = DEFAULT_TIER, slug: str | None = None, today: date, ask: Ask | None
) -> Started:
    """Write the draft page of a paper and its ledger record.

    Shape: `text` is an arXiv id or a link to one; a version in it is the version read. `ask` None: without network.
    Never overwrites: a page that is there stays as it is; of its ledger record only blanks are filled.
    Raises: CannotStartError, with nothing written; OSError where the file system fails.
    """
    root = docs_dir.parent
    if problem := clock.behind(today, root):
        raise CannotStartError(f"nothing was written: {problem}")
    id_ = _id(text, today)
    site, findings = site_module.load(docs_dir, root=root, today=today)
    if bad := [finding for finding in findings if finding.rule in {"ledger", "ledger-count"}]:
        raise CannotStartError(f"the ledger cannot be used; mend it first\n{bad[0]}")
    page = next((each for each in site.documents.values() if each.arxiv == id_.id), None)
    record = site.ledger.get(id_.id) or _unknown(id_.id)
    has_blanks = bool(blanks.blanks_of(record))
    if page and not has_blanks:
        begun = is_draft(page)
        what = f"{page.path} is the {'draft' if begun else 'page'} on {id_.id} already"
        go_on = f"go on with it: make check ARGS={page.path}" if begun else "edit it, or choose another paper"
        raise CannotStartError(f"{what}; {go_on}")
    if slug is not None and not _SLUG.fullmatch(slug):
        raise CannotStartError(f"{slug!r} is not a name for a page; use a-z, 0-9 and single hyphens, such as lora")

    why, abstract = None, ""
    if has_blanks:
        record, abstract, why = _filled(record, ask, today)
    file = root / page.path if page else docs_dir / "papers" / f"{slug or slug_of(record)}.md"
    if page is None and file.exists():
        name = relative(file, root)
        raise CannotStartError(f"{name} is there already; choose another name: make new ID={id_.id} SLUG=…")
    with storage.locked((docs_dir / ledger.FILE).resolve().parent):
        records, findings = ledger.read(
            docs_dir, root, today=today
        )  # again: another process may have written meanwhile
        if findings:
            raise CannotStartError(f"the ledger cannot be used; mend it first\n{findings[0]}")
        if page is None:  # before the record: of a page without one, this command knows what to do
            draft = fill((docs_dir / TEMPLATES / f"{tier}.md").read_text("utf-8"), record, id_, today, site.tags)
            if block := block_of(abstract, record.version):
                draft = draft.replace("\n---\n\n", f"\n---\n\n{block}\n\n", 1)
            storage.create(file, draft, scratch=root)
        storage.replace(docs_dir / ledger.FILE, ledger.serialise({**records, id_.id: record}.values()), scratch=root)
    return Started(file, page is None, record, why)


def ask_arxiv(record: Record) -> Metadata | str:
    """Ask arXiv's API about one paper, for a quarter of a minute at most.

    Raises: CannotStartError where arXiv knows no such paper, or by its clock today is another day.
    """
    import os

    from papernotes.refresh.services.answer import Metadata, Nonsense, Silent, Unknown
    from papernotes.refresh.services.ask import one
    from papernotes.refresh.services.service import SettingError, accesses
    from papernotes.refresh.services.transport import Limits

    try:
        access = accesses(os.environ)["arxiv"]
    except SettingError as error:
        return str(error)
    answer, day = one(record, access, Limits(total=15.0, connect=4.0, read=10.0, retries=1, retry_after=4.0))
    if problem := clock.wrong(date.today(), [day]):
        raise CannotStartError(f"nothing was written: {problem}")
    match answer:
        case Metadata():
            return answer
        case Unknown():
            raise CannotStartError(f"arXiv knows no paper {record.arxiv}; copy the id from the paper's arXiv page")
        case Silent(why) | Nonsense(why):
            return why
        case _:
            return "no answer about the paper"


def fill(template: str, record: Record, id_: arxiv.ArxivId, today: date, tags: Iterable[str]) -> str:
    """Put what is known into a template; what is not known becomes a blank."""
    known = not blanks.blanks_of(record)
    version = id_.version or record.version
    values = {
        "〔编号〕": record.arxiv,
        "〔版本〕": f"version: {version} # 所读的版本；读的是另一版就改，文本没有注明就删去这一行"
        if version
        else "# version: 1 # 所读的版本；文本没有注明就删去这一行",
        "〔短名〕": _quoted(name_of(record) or blanks.blank("短名，用在列表和引用里，如 LoRA")),
        "〔英文题名〕": record.title if known else "（离线，未取到）",
        "〔标签表〕": "、".join(tags),
        "〔今天〕": today.isoformat(),
    }
    for mark, value in values.items():
        template = template.replace(mark, value)
    return template


def name_of(record: Record) -> str | None:
    """The short name in a title such as `LoRA: Low-Rank Adaptation of Large Language Models`; None: it has none."""
    name, colon, _ = record.title.partition(":")
    return name.strip() if colon and 1 < len(name.strip()) <= _NAME_LIMIT and not blanks.BLANK.search(name) else None


def slug_of(record: Record) -> str:
    """A name for the page: the short name, else the title's first words, else the id."""
    if blanks.blanks_of(record):
        return re.sub(r"[^a-z0-9]+", "-", record.arxiv.lower())
    plain = unicodedata.normalize("NFKD", name_of(record) or record.title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:_SLUG_WORDS]
    return "-".join(words) or re.sub(r"[^a-z0-9]+", "-", record.arxiv.lower())


def next_steps(started: Started, root: Path) -> str:
    """What was written and what to do now, for the writer's terminal."""
    page = relative(started.page, root)
    guide = next((each for each in GUIDES if (root / each).is_file()), GUIDES[0])
    lines = []
    if started.why_blank:
        lines += [
            f"Not filled from arXiv: {started.why_blank}.",
            "Title and authors are blanks in docs/_data/papers.json. Either run the same command again where there is a",
            f"network, or write them into the line of {started.record.arxiv} there (null for what is not known).",
        ]
    elif started.record.title:
        lines += [f"{started.record.arxiv}: {started.record.title}"]
    if started.record.withdrawn:
        lines += ["Careful: arXiv marks this paper as withdrawn."]
    if not started.created:
        what = "has blanks still" if started.why_blank else "is filled in now"
        return "\n".join([*lines, f"{page} was there and is as it was; its record in the ledger {what}."])
    rename = blanks.is_provisional(started.page.stem)
    tier = next((tier for tier in TIERS if f"\ntier: {tier}\n" in started.page.read_text(encoding="utf-8")), "")
    least, most = TIERS[tier]
    return "\n".join(
        [
            *lines,
            f"Written: {page} (a draft, {tier}: {least} to {most} Han characters) and its record in the ledger.",
            *(
                [
                    f"It is named by its id for want of a title: rename it now, NAME being short: mv -n {page} docs/papers/NAME.md"
                ]
                if rename
                else []
            ),
            "",
            "Next:",
            f"  1. Write {page}: fill every 〔待填：…〕 (how: {guide}).",
            f"  2. make check ARGS={page}   tells what is still missing, line by line.",
            "  3. make serve   shows the draft on http://127.0.0.1:8000 once its front matter is filled in.",
            "  4. Remove the line 'draft: true', make check once more, commit, and open a pull request.",
        ]
    )


def _id(text: str, today: date) -> arxiv.ArxivId:
    try:
        return arxiv.id_in(text, today=today)
    except ValueError as error:
        raise CannotStartError(f"{error}; copy the id from the paper's arXiv page") from None


def _filled(record: Record, ask: Ask | None, today: date) -> tuple[Record, str, str | None]:
    """A record with what arXiv says, and the abstract; or the record as it was, with the reason."""
    if ask is None:
        return record, "", "it was not asked (--offline)"
    answer = ask(record)
    if isinstance(answer, str):
        return record, "", answer
    changed = replace(record, **{name: value for name, value in vars(answer).items() if name in vars(record)})
    _, findings = ledger.parse(ledger.serialise([changed]), "", today=today)
    if findings:
        return record, "", f"its answer cannot stand in the ledger ({findings[0].what})"
    return changed, answer.abstract, None


def _unknown(id_: str) -> Record:
    return Record(
        arxiv=id_,
        version=None,
        title=blanks.blank("英文题名"),
        authors=(blanks.blank("作者，一人一项"),),
        published=None,
        updated=None,
        category=None,
        venue=None,
        code=None,
        doi=f"10.48550/arXiv.{id_}",
    )


def _quoted(text: str) -> str:
    """A text as a YAML value: in quotes where YAML would read it otherwise."""
    plain = re.fullmatch(r"[A-Za-z〔][\w .〔〕：，+-]*", text) and text.lower() not in _YAML_WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
