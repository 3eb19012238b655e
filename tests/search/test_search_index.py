"""The index: what is counted, how it is cut and written."""

from __future__ import annotations

import json
import random
import re

import pytest
from searching import index_files

from papernotes.search import bigrams, postings, shards, signs, sounds
from papernotes.search.postings import ABOUT, HEADING, MENTION, NAME, REPEATED, Page, Term
from papernotes.search.text import Article, Section

KINDS = {"论文": 1.0, "页面": 0.7}


def page(url: str, body: str, *, heading: str = "", kind: str = "论文", **more: object) -> Page:
    return Page(url, kind, Article("", [Section("s", heading, body)]), **more)  # type: ignore[arg-type]


def lists_of(found: postings.Postings, key: str) -> dict[int, int]:
    """Page -> level of a key, read from its entry."""
    return {page: level for page, (level, _) in decode(dict(found.entries()).get(key, "")).items()}


def level_of(found: postings.Postings, key: str, number: int = 0) -> int:
    return lists_of(found, key).get(number, -1)


def read_number(text: str, place: int) -> tuple[int, int]:
    """The inverse of `signs.number`, as search/pages.js has it."""
    signs = [chr(code) for code in range(33, 127) if chr(code) not in '"\\,;']
    value = 0
    while True:
        digit = signs.index(text[place])
        place += 1
        if digit < 45:
            return value * 45 + digit, place
        value = value * 45 + digit - 45


def decode(lists: str) -> dict[int, tuple[int, str]]:
    """Page -> level, and the sign for what follows where there is one."""
    found = {}
    for part in filter(None, lists.split(",")):
        followed = part[0] == bigrams.FOLLOWED
        last, place = -1, 1
        while place < len(part):
            gap, place = read_number(part, place)
            last += gap + 1
            found[last] = (0 if followed else int(part[0]), part[place] if followed else "")
            place += followed
    return found


def test_levels() -> None:
    found = postings.collect(
        [
            page(
                "a.html",
                "专家。专家。专家。路由",
                heading="容量",
                title="混合专家",
                names=("MoE",),
                about=("Noam Shazeer",),
            )
        ]
    )
    assert level_of(found, "路由") == MENTION
    assert level_of(found, "容量") == HEADING
    assert level_of(found, "shazeer") == ABOUT
    assert level_of(found, "moe") == level_of(found, "专家") == NAME
    assert level_of(found, "量专") == MENTION, "a heading runs on into what follows"


def test_repeated() -> None:
    assert level_of(postings.collect([page("a.html", "路由。路由。路由")]), "路由") == REPEATED


def test_a_mention_tells_what_follows() -> None:
    found = postings.collect([page("a.html", "偏好优化。偏好"), page("b.html", "偏好。好优")])
    following = dict(found.entries())["偏好"]
    assert following[0] == bigrams.FOLLOWED
    assert decode(following) == {
        0: (MENTION, signs.SIGNS[1 << ord("优") % bigrams.CLASSES]),
        1: (MENTION, signs.SIGNS[0]),
    }


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("偏好优", ["偏好", "好优", "优"], id="the last ideograph by itself"),
        pytest.param("偏好 lora", ["偏好", "好", "lora"], id="a word ends a run"),
        pytest.param("𠮷野", ["𠮷野", "野"], id="outside the basic plane"),
        pytest.param("一。二", ["一", "二"], id="runs of one"),
        pytest.param("。", [], id="no ideograph"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_keys(text: str, keys: list[str]) -> None:
    found = postings.collect([page("a.html", text)])
    assert sorted(key for key, _ in found.entries()) == sorted(keys)


def test_counting_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(3)
    chars = list("偏好优化模型专家路由词元数据去重")
    titles = ["".join(draw.choices(chars, k=3)) for _ in range(30)]
    pages = [
        page(f"{number}.html", "".join(draw.choices([*chars, "。"], k=200)), title=title)
        for number, title in enumerate(titles)
    ]
    whole = list(postings.collect(pages).entries())
    monkeypatch.setattr(bigrams, "_BLOCK", 700)
    assert list(postings.collect(pages).entries()) == whole
    # Page by page and pair by pair, without numpy.
    for key, lists in whole:
        for number, (level, _) in decode(lists).items():
            body = pages[number].article.sections[0]
            text = f"{body.heading}\n{body.text}"
            runs = re.findall("[\u4e00-\u9fff]+", text)
            times = sum(run[place : place + 2] == key for run in runs for place in range(len(run)))
            named = re.search(key if len(key) > 1 else f"{key}$", titles[number])
            if len(key) > 1 and not named:
                assert level == (times > 2) + (times > 7), (key, number)
            if named:
                assert level == NAME, (key, number)


def test_terms_stand_for_all_their_forms() -> None:
    terms = [Term(("混合专家", "mixture of experts", "MoE"), "1701.06538"), Term(("路由",))]
    pages = [
        page("a.html", "Mixture of Experts"),
        page("b.html", "MoEs"),
        page("c.html", "moev"),
        page("d.html", "另一篇", names=("x", "1701.06538")),
    ]
    found = postings.collect(pages, terms)
    assert [level_of(found, "#0", number) for number in range(4)] == [MENTION, MENTION, -1, NAME]
    assert level_of(found, "#1") == -1


def test_a_beginning_of_many_words_has_a_list_of_its_own() -> None:
    many = " ".join(f"ab{n}" for n in range(30))
    found = postings.collect([page("a.html", many), page("b.html", "abx zz")])
    assert level_of(found, "ab*", 0) == level_of(found, "ab*", 1) == MENTION
    assert level_of(found, "zz*", 1) == -1


@pytest.mark.parametrize("value", [0, 1, 44, 45, 2024, 2025, 91124, 91125, 10**9])
def test_numbers(value: int) -> None:
    text = signs.number(value)
    assert read_number(text, 0) == (value, len(text))


def test_gaps() -> None:
    numbers = sorted(random.Random(1).sample(range(100_000), 500))
    assert list(decode(f"1{signs.gaps(numbers)}")) == numbers


def test_every_key_is_found_by_the_firsts() -> None:
    draw = random.Random(2)
    chars = [chr(code) for code in range(0x4E00, 0x4E80)]
    found = postings.collect([page(f"{n}.html", "".join(draw.choices(chars, k=300)) + " word") for n in range(20)])
    cut = list(shards.cut(found.entries(), size=500))
    assert len(cut) > 20
    firsts = [shard.first for shard in cut]
    assert firsts == sorted(firsts)
    for place, shard in enumerate(cut):
        for entry in shard.entries.strip(";").split(";"):
            key = entry.split(" ")[0]
            assert max(index for index, first in enumerate(firsts) if first <= key) == place


def test_files_are_scripts_of_one_call_and_one_build() -> None:
    made = index_files([page("a.html", '引号"和\\斜线</script>'), page("b.html", "乙", kind="页面")], [], KINDS)
    builds = set()
    for path, script in made.items():
        match = re.fullmatch(r'pnSearchData\("(\w+)","([0-9a-f]{12})",(.*)\);\n', script, re.S)
        assert match, path
        json.loads(match[3])
        builds.add(match[2])
    assert len(builds) == 1
    assert {path.split("/")[1] for path in made} == {"index.js", "k", "p", "s", "t", "w"}


def test_the_order_of_pages_changes_nothing() -> None:
    pages = [page("a.html", "甲乙"), page("c.html", "丙丁", kind="页面"), page("b.html", "甲丁")]
    assert index_files(pages, [], KINDS) == index_files(pages[::-1], [], KINDS)


def test_a_change_of_one_page_changes_the_build() -> None:
    one, two = (index_files([page("a.html", text)], [], KINDS)["search/index.js"] for text in ("甲乙", "甲丙"))
    assert one[:40] != two[:40]


@pytest.mark.parametrize(
    ("texts", "has", "lacks"),
    [
        pytest.param(["微调"], ["wei ", "diao ", "tiao "], ["qing "], id="of two readings both"),
        pytest.param(["lora", ""], [], ["a "], id="no ideograph"),
        pytest.param(["恺"], ["kai 恺"], ["kai 开"], id="not what sounds alike"),
        pytest.param(None, ["kai 开", "a ", "zuo "], [], id="all of it"),
    ],
)
def test_the_table_of_sounds(texts: list[str] | None, has: list[str], lacks: list[str]) -> None:
    lines = sounds.table(texts).split("\n")
    assert [start for start in has if not any(line.startswith(start) for line in lines)] == []
    assert [line for line in lines if line.startswith(tuple(lacks))] == []


def test_an_empty_site() -> None:
    assert list(index_files([], [], KINDS)) == ["search/index.js"]


def test_the_tables_of_traditional_forms_hold_only_what_pages_need() -> None:
    files = index_files([page("a.html", "学习。数据。著。後")], [], KINDS)
    index, rest = (
        json.loads(files[path].split(",", 2)[2].removesuffix(");\n")) for path in ("search/index.js", "search/t/0.js")
    )
    assert index["simplified"] == ["後著", "后着"]  # it stands on a page; GB/T 2312 has it
    assert set(rest[1]) == {"学", "习", "数", "据"}
    assert set("學習數據") <= set(rest[0])
