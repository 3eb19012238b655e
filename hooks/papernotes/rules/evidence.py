"""Double entry: a page's places and result numbers must be those that were read in the paper itself.

Nothing is said where the evidence cannot tell: no evidence, another version, places of which none was read, drawings, notes that
show a part. A number that stands in an unread place has a mark of its own: beside a place that was read, no slip would be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from papernotes.base.finding import Finding, quote
from papernotes.base.rule import Rule
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.evidence.compare import compare, named, unread
from papernotes.figures import block_rules, plots
from papernotes.figures.block_rules import KINDS
from papernotes.figures.scan import scan
from papernotes.text import paper_places as places
from papernotes.text import source_mark
from papernotes.text.document import Document
from papernotes.text.source_mark import DERIVED, MARK, groups_of

RULES = (
    Rule(
        "place-unknown",
        "来源标记所指的位置，论文里有",
        "写错编号的位置，读者按它什么也找不到。",
        "【来源：表 47】",
        "【来源：表 7】",
    ),
    Rule(
        "number-unseen",
        "结果数字见于来源标记所指的位置",
        "数字由两个人各从论文里读一遍；两边对不上，至少有一边错了。",
        "准确率是 57%。【来源：表 1】",
        "准确率是 75%。【来源：表 1】",
    ),
    Rule(
        "figure-unseen",
        "已核的图号，论文依据里有",
        "已核是说在论文里亲眼见过这个编号；论文没有读全，依据里又没有这张图，就是还没有见过。",
        "    status: 已核",
        "    status: 待核",
    ),
)  # fmt: skip


def check(document: Document, site: Site) -> Iterator[Finding]:
    """Marks that name a place which the paper lacks; result numbers that stand in none of the places named."""
    if not site.evidence:
        return
    places_unknown = list(check_places(document, site))
    yield from (finding for _, finding in places_unknown)
    unknown = {at for at, _ in places_unknown}
    yield from check_figures(document, site)
    for number in compare(document, site) if kind_of(document.uri) != "plain" else ():
        if number.outcome == "missing" and number.passage.mark.start() not in unknown:  # else the place is the cause
            what = f"{quote(number.amount.text.strip())} stands in none of the places of {number.passage.mark.group()}"
            fix = "compare it with the paper: correct the number or the place, or add 自算 where it was worked out"
            if any(map(unread, named(number.passage.groups, document, site))):
                what += " that were read"
                fix += "; if it stands in one of the others, give it a mark of its own that names that place alone"
            yield document.finding(number.amount.start, "number-unseen", what, fix)


def check_places(document: Document, site: Site) -> Iterator[tuple[int, Finding]]:
    """Marks that name a place which the evidence would have if the paper had it. Shape: where each begins in the body, what is wrong."""
    for mark in MARK.finditer(document.prose):
        for each in named(groups_of(mark), document, site):
            evidence = each.evidence
            if evidence and evidence.is_listed(each.place) and not evidence.knows(each.place):
                what = f"{evidence.arxiv}v{evidence.version} has no {each.place}"
                fix = f"correct the place, or add it to docs/_data/evidence/{evidence.arxiv}.json from the paper's text"
                yield mark.start(), document.finding(mark.start(), "place-unknown", what, fix)


def check_plots(site: Site) -> Iterator[Finding]:
    """Numbers of plots that stand in none of the places which their rows name, all of those read whole."""
    for plot, path, rows, findings in plots.drawn(site.docs_dir, site.root):
        if findings or plot is None:
            continue
        for line, row in enumerate(rows, 2):
            items = [item for group in source_mark.parse(str(row["place"])) for item in group.items]
            evidence = site.evidence.get(str(row["arxiv"]))
            stands = [place for item in items if isinstance(item, str) and (place := places.parse(item))]
            entries = [entry for place in stands for entry in (evidence.at(place) if evidence else ())]
            if DERIVED in items or not entries or not all(entry.is_complete for entry in entries):
                continue
            printed = {value for entry in entries for each in entry.amounts for value in (each.value, each.number)}
            for column in plot.numbers:
                value = abs(Decimal(str(row[column])))
                if not printed & {value, value * TEN_THOUSAND}:  # an axis may count in 万
                    what = f"{column} {value:f} stands in none of the places of {quote(str(row['place']))}"
                    fix = "compare it with the paper: correct the number or the place, or add 自算 where it was worked out"
                    yield Finding(path, line, 1, "number-unseen", what, fix)


TEN_THOUSAND: Final = 10_000


def check_figures(document: Document, site: Site) -> Iterator[Finding]:
    """Figures that are 已核 but that the evidence of their paper would show if their number had been seen, and does not."""
    for block in scan(document):
        kind, _, number = block.label.partition(" ")
        place = places.parse(f"{KINDS[kind]} {number}") if kind in KINDS else None
        id_, version = block_rules.paper_of(block, document, site)
        evidence = site.evidence.get(id_ or "")
        if place is None or evidence is None or block.text("status") != "已核" or evidence.knows(place):
            continue
        is_other = (evidence.whole and evidence.version is None) or (
            evidence.version and version not in {None, evidence.version}
        )
        if not is_other:
            file = f"docs/_data/evidence/{id_}.json"
            what = f"{block.label} is 已核, and {file} does not show {place}"
            yield document.finding(
                block.at("status"), "figure-unseen", what, "write 待核, or add it there from the paper's text"
            )
