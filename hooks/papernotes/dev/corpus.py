"""A site of synthetic papers, as large as one likes, for measuring: pages of 2,100 Chinese characters, ledger included.

The text is drawn word by word from a vocabulary with the frequencies of a language (Zipf's law: the n-th word comes 1/n as
often as the first), so that pairs of characters repeat as they do in real pages. The same seed gives the same site.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

from papernotes.base.han import HAN
from papernotes.data import term_table

CHARACTERS_PER_PAGE: Final = 2100

# The commonest characters of written Chinese without numerals and units, which would need source marks.
_COMMON: Final = (
    "的是在不了有和人这中大为上个国我以要他来用们生到作地于出就对成会可主发动同工也能下过子说产种面而方后多定行学法所民得经之进着等部"
    "家电力里如水化高自理起小物现实加都体制机当使点从业本去把性好应开它合还因由其些然前外政那社义事平形相全表间样与关各重新线内正心反你"
    "明看原又么利比或但质气向道命此变条只没结解问意建公无系很情者最立代想已通并提直题程展果料象员革位入常文总品式活设及管特件长求老头"
    "基资边流路少图山统接知较将组见计别手角期根论运农指区强放决西被干做必战先回则任取据处队南给色光门即保治北造规热领海口东导器压志世增"
    "争济阶油思术极交受联什认共权收证改清己美再采转更单风切打白教速花带安场身车例真务具每目至达走积示议声报完类离华名确才科张信马节话"
    "整空况集温传土许步群广石记需段研界拉林律且究观越织装影算低持音众书布复容须际商非验连断深难近周委素技备半办青省列习响支般史感劳便团"
    "往历何除消构称准精值率维划选标写存候快效院查型眼按格易置层片始却专状育识适属圆包火住调满局照参细引听该严"
)
_SYLLABLES: Final = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "or", "pe", "qui", "ra", "si", "to", "vu", "wen",
    "xal", "yor", "zet", "brin", "clo", "dran", "fel",
]  # fmt: skip
_SECTIONS: Final = ("要点", "方法", "结果", "局限", "怎么读")
_TAGS: Final = ("语言模型", "微调", "对齐", "混合专家", "小模型与数据", "领域模型", "视觉")


@dataclass(frozen=True)
class Vocabulary:
    """Words with the running totals of their frequencies, as `random.choices` wants them."""

    words: tuple[str, ...]
    totals: tuple[float, ...]

    @classmethod
    def of(cls, words: list[str]) -> Vocabulary:
        """The n-th word is 1/n as frequent as the first."""
        return cls(tuple(words), tuple(accumulate(1 / rank for rank in range(1, len(words) + 1))))

    def draw(self, source: random.Random, count: int) -> list[str]:
        """Words in a row."""
        return source.choices(self.words, cum_weights=self.totals, k=count)


def vocabularies(source: random.Random) -> tuple[Vocabulary, Vocabulary]:
    """Chinese words of two to four characters, and Latin words of two to four syllables."""
    han = {"".join(source.choices(_COMMON, k=source.choice((1, 2, 2, 2, 2, 3, 4)))) for _ in range(6000)}
    latin = {"".join(source.choices(_SYLLABLES, k=source.choice((2, 2, 3, 3, 4)))) for _ in range(900)}
    shuffled = []
    for words in (han, latin):
        ordered = sorted(words)
        source.shuffle(ordered)
        shuffled.append(Vocabulary.of(ordered))
    return shuffled[0], shuffled[1]


@dataclass(frozen=True)
class Writer:
    """Writes sentences from its vocabularies; none holds a word that the site's language check refuses."""

    source: random.Random
    han: Vocabulary
    latin: Vocabulary
    terms: Vocabulary
    refused: tuple[str, ...]

    def sentence(self) -> str:
        """A sentence of 8 to 18 words."""
        while True:
            drawn = _sentence(self.source, self.han, self.latin)
            if not any(form in drawn for form in self.refused):
                return drawn

    def words(self, count: int) -> str:
        """Chinese words in a row, at most twelve characters."""
        while True:
            drawn = "".join(self.han.draw(self.source, count))[:12]
            if not any(form in drawn for form in self.refused):
                return drawn


def _terms(repository: Path) -> tuple[Vocabulary, tuple[str, ...]]:
    """The terms, as a page first names them, and the renderings that the table does not want."""
    terms = term_table.load(repository / "docs", repository)[0].terms.values()
    unwanted = {form for term in terms for form in (*term.forbidden, *term.variants, *term.not_for)}
    names = [
        f"{term.zh}（{', '.join(filter(None, (term.en, term.abbr)))}）"
        for term in terms
        if re.fullmatch(f"[{HAN}]+", term.zh)
    ]
    return Vocabulary.of(names), tuple(unwanted)


def _sentence(source: random.Random, han: Vocabulary, latin: Vocabulary) -> str:
    words = han.draw(source, source.randint(8, 18))
    if source.random() < 0.5:
        words.insert(source.randrange(1, len(words)), f" {latin.draw(source, 1)[0].capitalize()} ")
    if len(words) > 12:
        words.insert(source.randrange(4, 9), "，")
    return "".join(words).replace(" ，", "，").replace("， ", "，").strip() + "。"


def arxiv_id(number: int) -> str:
    """The id of the n-th synthetic paper, in the scheme of 2015 and later."""
    month = number % 96
    return f"{15 + month // 12:02}{1 + month % 12:02}.{90000 + number // 96:05}"


def _page(number: int, writer: Writer) -> tuple[str, dict[str, object]]:
    """One page, and its record in the ledger."""
    source, latin = writer.source, writer.latin
    title = writer.words(4)
    english = " ".join(word.capitalize() for word in latin.draw(source, 6))
    name = f"{latin.draw(source, 1)[0].capitalize()}-{number}"
    tags = [_TAGS[number % len(_TAGS)]]
    lines = [
        "---",
        f'arxiv: "{arxiv_id(number)}"',
        "version: 1",
        f"name: {name}",
        f"title: {title}：合成页 {number}",
        "tier: full",
        f"summary: {writer.sentence()}",
        f"tags: [{tags[0]}]",
        "builds_on: []",
        "checked: {day: 2024-01-01, by: writer}",
        "---",
    ]
    share = CHARACTERS_PER_PAGE // len(_SECTIONS)
    for section in _SECTIONS:
        lines += ["", f"## {section}", ""]
        written = 0
        while written < share:
            sentences = [writer.sentence() for _ in range(4)]
            lines += [*sentences, ""]
            written += sum(map(len, sentences))
        if section == "方法":
            lines += [
                f"这一步用到{'、'.join(dict.fromkeys(writer.terms.draw(source, 8)))}，见 [@fig:overview]。",
                "",
                *_figure(writer),
            ]
    lines += ["## 相关论文", "", writer.sentence(), ""]
    record: dict[str, object] = {
        "arxiv": arxiv_id(number),
        "version": 1,
        "title": f"{english}: Synthetic Paper {number}",
        "authors": [" ".join(word.capitalize() for word in latin.draw(source, 2)) for _ in range(3)],
        "published": f"20{arxiv_id(number)[:2]}-{arxiv_id(number)[2:4]}-15",
        "updated": None,
        "category": "cs.CL",
        "venue": None,
        "code": None,
        "doi": None,
        "withdrawn": False,
        "counts": [],
    }
    return "\n".join(lines), record


def _figure(writer: Writer) -> list[str]:
    options = ["id: overview", f"caption: {writer.words(5)}", "status: 已核"]
    return [
        "/// figure | Figure 1",
        *(f"    {option}" for option in options),
        f"1. {writer.sentence()}",
        "",
        f"结论：{writer.sentence()}",
        "///",
        "",
    ]


def _evidence(arxiv: str) -> str:
    """The second book of a paper of whose numbers the page has none."""
    place = '{"place": "图 1", "numbers": []}'
    read = '{"by": "reader", "copy": "pdf", "day": "2024-01-01"}'
    return (
        f'{{"schema": 1, "arxiv": "{arxiv}", "version": 1, "read": {read}, "whole": true, "places": [\n{place}\n]}}\n'
    )


def write(root: Path, pages: int, *, repository: Path, seed: int = 9) -> None:
    """Lay a repository of synthetic papers at `root`: docs with the ledger, and the real configuration, hooks and theme."""
    source = random.Random(seed)
    writer = Writer(source, *vocabularies(source), *_terms(repository))
    docs = root / "docs"
    (docs / "papers").mkdir(parents=True)
    (docs / "topics").mkdir()
    records = []
    for number in range(pages):
        text, record = _page(number, writer)
        (docs / f"papers/p{number:05}.md").write_text(text, encoding="utf-8")
        records.append(record)
    records.sort(key=lambda record: str(record["arxiv"]))
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (docs / "_data/evidence").mkdir(parents=True)
    for record in records:
        arxiv = str(record["arxiv"])
        (docs / f"_data/evidence/{arxiv}.json").write_text(_evidence(arxiv), encoding="utf-8")
    (docs / "_data/papers.json").write_text(f'{{"schema": 1, "papers": [\n{lines}\n]}}\n', encoding="utf-8")
    tags = "".join(f"- {{tag: {tag}, topic: null}}\n" for tag in _TAGS)
    (docs / "_data/tags.yml").write_text(tags, encoding="utf-8")
    terms = (repository / "docs/_data/terms.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in terms if not line.startswith("  picture:"))  # the pictures of papers are not there
    (docs / "_data/terms.yml").write_text(kept, encoding="utf-8")
    plain = {"index": "首页", "papers/index": "全部论文", "lists": "全部页面", "map": "论文地图", "glossary": "术语表"}
    plain |= {"figures": "图目录", "check": "核对", "offline": "离线阅读"}
    for place, name in plain.items():
        (docs / f"{place}.md").write_text(f"---\ntitle: {name}\nsummary: {name}。\n---\n\n{name}。\n", encoding="utf-8")
    config = (repository / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    nav = "\nnav:\n  - 首页: index.md\n  - 论文: papers/index.md\n  - 全部页面: lists.md\n"
    (root / "mkdocs.yml").write_text(config + nav, encoding="utf-8")
    for folder in ("hooks", "overrides"):
        (root / folder).symlink_to(repository / folder, target_is_directory=True)
