"""The verbs `check` and `fix`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from papernotes.base import git, storage, store
from papernotes.base.finding import Finding, StopError, visible
from papernotes.data import outdated
from papernotes.data import site as site_module
from papernotes.markdown import dialect as dialects
from papernotes.markdown import references, source_marks
from papernotes.rules import checker
from papernotes.rules.language import claims, prose
from papernotes.text import source_mark, special_pages
from papernotes.text.document import address

REFERRING: Final = frozenset(
    {"link-target", "link-anchor", "figure-reference", "figure-paper", "ledger-record", "path", "term-table"}
)
"""Rules that a page comes to break because another file was changed: where the main branch is clean, this one did it."""
MOST: Final = 100
"""Findings of one rule on one page that are printed as text; who has more will not read them one by one."""


def add_check(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `check`."""
    parser.add_argument("paths", nargs="*", help="report findings of these files and folders alone")
    parser.add_argument(
        "--changed", nargs="?", const="", metavar="BASE",
        help="what this branch has broken since it left BASE (default: origin/main or main), and the rest of its files",
    )  # fmt: skip
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.add_argument("--format", choices=["text", "json", "github"], default="text", help="how findings are printed")
    parser.add_argument(
        "--all", action="store_true", help="also list the pages that arXiv has left behind; no findings"
    )
    parser.add_argument(
        "--review", action="store_true",
        help="also list the sentences that claim a cause, a comparison or a correction without a source; no findings",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="ids that no ledger record confirms are findings too")
    parser.add_argument("--explain", action="store_true", help="say of each rule broken what it asks for, and why")
    parser.add_argument("--fix", action="store_true", help="first mend what is safe to mend, and show the changes")
    parser.add_argument("--no-cache", action="store_true", help=store.UNUSED)


def add_fix(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `fix`: a check that mends first."""
    parser.add_argument("paths", nargs="*", help="these files alone")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    parser.set_defaults(
        format="text", all=False, review=False, changed=None, strict=False, explain=False, fix=True, no_cache=False
    )


def _fix(docs_dir: Path, root: Path, only: Collection[str] | None) -> None:
    """Mend characters, punctuation and spacing in place; the diff goes to the standard output."""
    site, _ = site_module.load(docs_dir, root=root, today=date.today(), parse=checker.library().parse)
    for document, text, diff in prose.mend(site, only):
        storage.replace(root / document.path, text, scratch=root)
        print(diff, end="")


def run_check(arguments: argparse.Namespace) -> int:
    """Print every finding and a summary."""
    docs_dir = storage.there(arguments.docs)
    root = docs_dir.parent
    only = _chosen(arguments, root)
    config = root / "mkdocs.yml"
    reader = checker.library(dialects.of(config), None if arguments.no_cache else store.beside(config))
    if arguments.fix:
        _fix(docs_dir, root, only)
    result = checker.check(
        docs_dir,
        root=root,
        today=date.today(),
        only=None if arguments.changed is not None else only,
        drafts=True,
        strict=arguments.strict,
        reader=reader,
        publish=False,
    )
    reader.store.trim()
    if arguments.changed is not None:
        result = replace(result, findings=_by_branch(result.findings, only or frozenset(), root, arguments))
    for line in lines(result.findings, arguments.format):
        print(line)
    if arguments.explain and arguments.format == "text":
        _explain(result.findings)
    if arguments.format == "text":
        _print_summary(result, only, drift_too=arguments.all, strict=arguments.strict)
        if arguments.review:
            _print_claims(result, only)
    return 1 if result.findings else 0


def _chosen(arguments: argparse.Namespace, root: Path) -> frozenset[str] | None:
    """The files whose findings are asked for, as paths from the root; None: all.

    Raises: StopError for a path that is not there, or not below the root; NoGitError.
    """
    if arguments.changed is None and not arguments.paths:
        return None
    only = set(git.changed_files(root, arguments.changed or None)) if arguments.changed is not None else set()
    for text in arguments.paths:
        path = Path(text).resolve()
        if not path.exists():
            raise StopError(f"there is no {text!r}")
        if not path.is_relative_to(root):
            raise StopError(f"{text!r} is not below {root.name}/; give a page such as docs/papers/dpo.md")
        found = path.rglob("*") if path.is_dir() else [path]
        only |= {file.relative_to(root).as_posix() for file in found}
    return frozenset(only)


def _by_branch(
    findings: Sequence[Finding], only: Collection[str], root: Path, arguments: argparse.Namespace
) -> list[Finding]:
    """The findings of a branch: first what it has broken, in its lines and where others refer to what it has changed."""
    changed = git.changed_lines(root, arguments.changed or None)

    def rank(finding: Finding) -> int:
        own = any(finding.line in lines for lines in changed.get(finding.path, ()))
        return 0 if own else 1 if finding.rule in REFERRING else 2

    kept = [each for each in findings if each.path in only or (each.rule in REFERRING and not arguments.paths)]
    return sorted(kept, key=lambda finding: (rank(finding), finding))


def _print_summary(result: checker.Result, only: frozenset[str] | None, *, drift_too: bool, strict: bool) -> None:
    """How much was checked, how much was found, and what is not a finding but worth knowing."""
    site, findings = result.site, result.findings
    if findings:
        counts = Counter(finding.rule for finding in findings)
        print()
        print(f"by rule: {', '.join(f'{rule} {count}' for rule, count in counts.most_common())}")
        print(
            f"what each rule asks for, with examples: docs/{special_pages.RULES} ({address(special_pages.RULES)}#{findings[0].rule})"
        )
    asked = [d for d in site.documents.values() if only is None or d.path in only]
    where = f"{len({finding.path for finding in findings})} files" if findings else "no file"
    print(
        f"{len(asked)} pages checked of {len(site.documents)} ({len(site.papers)} papers, {len(site.drafts)} drafts): "
        f"{len(findings)} findings in {where}, {result.silenced} silenced"
    )
    for document in asked:
        if document.uri.startswith("papers/") and (unseen := source_marks.count_unseen(document)):
            print(f"{visible(document.path)}: {unseen} source marks {source_mark.UNSEEN}")
    is_told = strict or any(each.rule == "ledger" for each in findings)
    for note in () if is_told else references.unconfirmed(site, only):
        print(f"{visible(note.path)}:{note.line}: {note.what}; {note.fix}")
    if drift_too:
        for note in outdated.notes(site):
            if only is None or note.path in only:
                print(note)


def _print_claims(result: checker.Result, only: frozenset[str] | None) -> None:
    """What a second reader holds against the papers first, and how much of it there is."""
    site = result.site
    found = [each for d in site.documents.values() if only is None or d.path in only for each in claims.unmarked(d)]
    for claim in found:
        print(visible(str(claim)))
    print(
        f"{len(found)} sentences claim a cause, a comparison or a correction without a source mark; these are no findings"
    )


def lines(findings: Sequence[Finding], form: str) -> Iterator[str]:
    """Each finding on a line of its own; as text, those of one rule on one page only as far as `MOST` go."""
    if form == "json":
        yield "["
        yield from (
            f"{_json(finding)}{',' if number < len(findings) else ''}" for number, finding in enumerate(findings, 1)
        )
        yield "]"
        return
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        seen[finding.path, finding.rule] += 1
        if form == "github":
            yield _annotation(finding)
        elif seen[finding.path, finding.rule] <= MOST:
            yield str(finding)
    if form == "text":
        for (path, rule), count in seen.items():
            if count > MOST:
                yield f"{visible(path)}: {rule}: {count - MOST} more; all {count} with --format json"


def _json(finding: Finding) -> str:
    """One line of JSON; what does not print is an escape there too."""
    text = json.dumps(vars(finding), ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _explain(findings: Sequence[Finding]) -> None:
    """Of each rule broken: what it asks for, why, and the right form, in the words of the catalogue."""
    for name in dict.fromkeys(finding.rule for finding in findings):
        rule = checker.RULES[name]
        shown = "\n".join(f"    {line}" for line in rule.good.split("\n"))
        print(f"\n{name}：{rule.title}。\n  {rule.why}\n  写成：\n{shown}")


def _annotation(finding: Finding) -> str:
    """A GitHub workflow command; `%`, line ends, and in properties `:` and `,` are escaped as GitHub asks."""

    def escape(text: str, property_: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if property_ else text

    where = f"file={escape(visible(finding.path), True)},line={finding.line},col={finding.column}"
    title = f"{finding.rule}：{checker.RULES[finding.rule].title}"
    return f"::error {where},title={escape(title, True)}::{escape(visible(f'{finding.what}; {finding.fix}'))}"
