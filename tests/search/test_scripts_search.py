"""Search in the browser, without one: reading the index, parsing a query, finding, ranking, snippets."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import quickjs
from scripts import Scripts, module
from searching import index_files

from papernotes.search import signs
from papernotes.search.postings import Page, Term
from papernotes.search.text import Article, Section

KINDS = {"论文": 1.0, "术语": 0.1, "页面": 0.7}


def page(url: str, body: str, title: str, kind: str = "论文", heading: str = "方法", **more: Any) -> Page:
    return Page(url, kind, Article(title, [Section("", "", ""), Section("s", heading, body)]), **more)


PAGES = [
    page(
        "dpo.html",
        "直接偏好优化不训练奖励模型。偏好数据来自人。",
        "直接偏好优化",
        names=("DPO", "2305.18290"),
        about=("Rafael Rafailov",),
    ),
    page(
        "rlhf.html",
        "先训练奖励模型，再用近端策略优化；人给出偏好。",
        "从人的反馈学习",
        about=("Long Ouyang",),
        summary="用人的偏好训练。",
    ),
    page(
        "lora.html",
        "LoRA 把权重的改变写成两个小矩阵的积。QLoRA 再量化。",
        "LoRA：低秩适应",
        names=("LoRA",),
        about=("Edward Hu",),
    ),
    page("gpt.html", "GPT-4 与 GPT 3 不同；48 GB 显存。", "大模型", about=("Tom Brown", "Xia Hu")),
    page(
        "llama2.html",
        "参数从 70 亿到 700 亿，读 2 万亿词元，用一千条示范微调。Østergård 与 Łoś 没有参加。",
        "开放的聊天模型",
        names=("Llama 2", "2307.09288"),
    ),
    page("chat.html", "Llama 2 的安全与显存。", "怎样守护聊天", about=("Wei-Lin Jiang",), names=("RLHF zero",)),
    page("glossary.html", "按偏好改模型。", "术语表", kind="术语", heading="奖励模型"),
    page("about.html", "本站介绍论文。偏与好分开写，还将看例子。", "关于", kind="页面"),
]
TERMS = [
    Term(("奖励模型", "reward model")),
    Term(("偏好优化", "preference optimization", "preference optimisation")),
    Term(("低秩适应", "LoRA")),
    Term(("内存", "显存"), is_entry=False),
]


@pytest.fixture(scope="module")
def engine() -> Scripts:
    """The engine over a small index, whose files come from memory."""
    data = {}
    for script in index_files(PAGES, TERMS, KINDS).values():
        name, _, rest = script.removeprefix("pnSearchData(").partition(",")
        data[json.loads(name)] = rest.partition(",")[2].removesuffix(");\n")
    files = ",".join(f"{json.dumps(name)}: {text}" for name, text in data.items())
    loaded = (
        "{ read: async (name) => { reads.push(name); return files[name]; }, readFirst: async () => files.index, reads }"
    )
    scripts = Scripts(
        "search/engine.js",
        {
            "search/files.js": f"(() => {{ const files = {{{files}}}, reads = []; return {loaded}; }})()",
            "load.js": "{ load: async (file, name) => pnModules[name] }",
        },
    )
    scripts.call(module("search/index.js", "open"))
    return scripts


SEARCH = """async (query) => {
  const found = await pnModules["search/engine.js"].search(query, () => true);
  if (!found.answer) return found;
  const results = found.results;
  while (!found.answer.done) results.push(...(await found.answer.next(() => true)));
  const { total, sure, partly, notes } = found.answer;
  return { results, total, sure, partly, notes };
}"""


def ask(engine: Scripts, query: str) -> list[str]:
    return [result["url"] for result in engine.call(SEARCH, query)["results"]]


@pytest.mark.parametrize(
    ("query", "urls"),
    [
        pytest.param("直接偏好优化", ["dpo.html"], id="the title"),
        pytest.param("偏好优化", ["dpo.html"], id="characters that are scattered are not match"),
        pytest.param("偏好優化", ["dpo.html"], id="traditional"),
        pytest.param("训练奖励模型", ["rlhf.html", "dpo.html", "glossary.html"], id="a phrase, then a part of it"),
        pytest.param(
            "奖励模型",
            ["glossary.html", "dpo.html", "rlhf.html"],
            id="a term that no paper has in its headings: its entry first",
        ),
        pytest.param(
            "什么是奖励模型", ["glossary.html", "dpo.html", "rlhf.html"], id="what a term means: its entry first"
        ),
        pytest.param("秩适", ["lora.html"], id="the middle of words"),
        pytest.param("qlora", ["lora.html"], id="a word of a text"),
        pytest.param("raf", ["dpo.html"], id="the beginning of a name"),
        pytest.param("Edward Hu", ["lora.html", "gpt.html"], id="all words of one name"),
        pytest.param("https://arxiv.org/pdf/2305.18290v2.pdf", ["dpo.html"], id="a link with its version"),
        pytest.param("gpt4", ["gpt.html"], id="a sign left out"),
        pytest.param("48GB", ["gpt.html"], id="a unit without its space"),
        pytest.param("Rafailow", ["dpo.html"], id="one letter wrong"),
        pytest.param("preference optimisation", ["dpo.html"], id="another form of a term"),
        pytest.param("量子力学", [], id="nothing"),
        pytest.param("70B", ["llama2.html"], id="a number in another way of writing"),
        pytest.param("1000 条", ["llama2.html"], id="digits for a Chinese numeral"),
        pytest.param("2T 词元", ["llama2.html"], id="a number beside a word"),
        pytest.param(
            "Llama 2 安全", ["llama2.html", "chat.html"], id="the paper that is named, though it lacks the rest"
        ),
        pytest.param("llama2-chat 安全", ["llama2.html", "chat.html"], id="a name with something joined to it"),
        pytest.param("ostergard", ["llama2.html"], id="letters that do not come apart"),
        pytest.param("Los", ["llama2.html"], id="the same in a capital"),
        pytest.param("lroa 安全", ["lora.html", "chat.html"], id="a name with a slip is heard"),
        pytest.param("用直接偏号优化", ["dpo.html"], id="a homophone is heard"),
        pytest.param("E. J. Hu", ["lora.html", "gpt.html"], id="initials before a surname"),
        pytest.param("Hu, X.", ["gpt.html", "lora.html"], id="initials behind it"),
        pytest.param("内存", ["chat.html", "gpt.html"], id="a word that pages have another for"),
    ],
)
def test_a_query_finds_its_pages_in_order(engine: Scripts, query: str, urls: list[str]) -> None:
    assert ask(engine, query) == urls


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("。！", {"empty": True, "cut": False}, id="only signs"),
        pytest.param("a", {"short": True, "cut": False}, id="one letter"),
        pytest.param(f"{'。' * 130}", {"empty": True, "cut": True}, id="too long"),
    ],
)
def test_a_query_that_asks_for_nothing_is_said(engine: Scripts, query: str, said: dict[str, bool]) -> None:
    assert engine.call(SEARCH, query) == said


@pytest.mark.parametrize(
    ("query", "page"),
    [
        pytest.param("LoRA 显存", "lora.html", id="a name"),
        pytest.param("偏好优化的数据", "dpo.html", id="a part of a title"),
        pytest.param("不训练奖励模型", "glossary.html", id="the page that has a term most prominently"),
        pytest.param("从人的反馈学习 内存", "rlhf.html", id="a title before it"),
        pytest.param("两个小矩阵", None, id="a text that no title has"),
        pytest.param("RLHF 之外还有哪些省事的训练办法", None, id="a name that is a small part of it"),
    ],
)
def test_the_page_that_is_named_is_fetched_at_once(engine: Scripts, query: str, page: str | None) -> None:
    run = """async (query) => {
        const { reads, read } = pnModules["search/files.js"];
        reads.length = 0;
        await pnModules["search/engine.js"].search(query, () => true);
        const first = reads[0];
        return first[0] === "p" ? (await read(first))[0] : null;
    }"""
    assert engine.call(run, query) == page


@pytest.mark.parametrize(
    ("query", "fetched"),
    [
        pytest.param("pianhao", True, id="what may be pinyin"),
        pytest.param("Wei Lin", False, id="two words, which are an author, often"),
        pytest.param("qlora", False, id="what is no pinyin"),
    ],
)
def test_the_sounds_are_fetched_beside_the_shards(engine: Scripts, query: str, fetched: bool) -> None:
    run = """async (query) => {
        const { reads } = pnModules["search/files.js"];
        reads.length = 0;
        await pnModules["search/engine.js"].search(query, () => true);
        return reads.indexOf("s0") >= 0 && reads.indexOf("s0") < reads.findIndex((name) => name[0] === "k");
    }"""
    assert engine.call(run, query) == fetched


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        pytest.param(
            [("评测", 30), ("测聊", 1), ("聊天", 20), ("天模", 2), ("模型", 60)], ["评测", "聊天", "模型"], id="even"
        ),
        pytest.param([("写代", 3), ("代码", 40)], ["代码"], id="an ideograph before a word"),
        pytest.param([("代码", 40), ("码写", 3)], ["代码"], id="an ideograph behind a word"),
        pytest.param([("奖励", 0), ("励模", 0)], [], id="what stands nowhere is no word"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_the_pairs_of_a_run_that_are_words(engine: Scripts, pairs: list[tuple[str, int]], words: list[str]) -> None:
    found = engine.call(
        module("search/query.js", "wordsIn"), [{"pair": pair, "list": {"size": size}} for pair, size in pairs]
    )
    assert [word["pair"] for word in found] == words


def test_parts_are_found_where_nothing_has_the_whole(engine: Scripts) -> None:
    found = engine.call(SEARCH, "奖励模型显存")
    assert found["partly"]
    assert {result["url"] for result in found["results"]} <= {
        "dpo.html",
        "rlhf.html",
        "gpt.html",
        "glossary.html",
        "chat.html",
    }
    assert found["results"]


def test_pages_with_a_part_of_the_query_are_told_apart(engine: Scripts) -> None:
    found = engine.call(SEARCH, "不训练奖励模型")
    assert [(result["url"], result["partly"]) for result in found["results"]] == [
        ("dpo.html", False),
        ("rlhf.html", True),
        ("glossary.html", True),
    ]
    assert (found["total"], found["partly"]) == (1, False)


TABLE = "按大小列出。\n模型｜参数｜分数\nLLaMA｜65B｜63.4\n甲｜乙\n说明。"


@pytest.mark.parametrize(
    ("text", "forms", "shown"),
    [
        pytest.param(TABLE, ["65b"], "LLaMA ｜ 参数 [65B] ｜ 分数 63.4", id="a row with its head"),
        pytest.param(TABLE, ["llama"], "[LLaMA] ｜ 参数 65B ｜ 分数 63.4", id="the first cell needs none"),
        pytest.param(
            TABLE,
            ["按大小"],
            "[按大小]列出。 · 模型｜参数｜分数 · LLaMA｜65B｜63.4 · 甲｜乙 · 说明。",
            id="beside a table",
        ),
        pytest.param(TABLE, ["乙"], "甲｜[乙] · 说明。", id="a row of another length"),
        pytest.param("前" * 30 + "〔来源：§2；表 1〕后", ["表1"], "〔来源：§2；[表 1]〕后", id="a source mark"),
        pytest.param("令 \u2061 为损失", ["损失"], "令〔公式〕为[损失]", id="a formula is no cut"),
    ],
)
def test_a_snippet(engine: Scripts, text: str, forms: list[str], shown: str) -> None:
    make = """(source, forms) => pnModules["search/snippet.js"].snippet(
        { id: "", heading: "", head: "", start: 0, source, folded: pnModules["search/fold.js"].fold(source) }, forms, 90)"""
    pieces = engine.call(make, text, forms)
    assert "".join(f"[{text}]" if marked else text for text, marked in pieces) == shown


def test_a_number_is_marked_as_the_page_writes_it(engine: Scripts) -> None:
    first = engine.call(SEARCH, "70B")["results"][0]
    assert first["forms"] == ["700亿"]
    assert ["700 亿", True] in first["sections"][0]["text"]


def test_a_result_marks_what_was_found(engine: Scripts) -> None:
    first = engine.call(SEARCH, "不训练奖励模型")["results"][0]
    assert first["sections"][0]["id"] == "s"
    assert first["sections"][0]["text"] == [
        ["直接偏好优化", False],
        ["不训练奖励模型", True],
        ["。偏好数据来自人。", False],
    ]
    assert first["forms"] == ["不训练奖励模型"]


@pytest.mark.parametrize(
    ("query", "text", "cut"),
    [
        pytest.param("  LoRA  微调 ", "lora微调", False, id="folded and trimmed"),
        pytest.param("arXiv:2305.18290v3", "2305.18290", False, id="a name before the id"),
        pytest.param("https://arxiv.org/abs/2305.18290#S1", "2305.18290", False, id="a link with a fragment"),
        pytest.param("10.48550/arXiv.2305.18290", "2305.18290", False, id="a DOI"),
        pytest.param("230518290", "2305.18290", False, id="an id without its full stop"),
        pytest.param("231301234", "231301234", False, id="nine digits of which no month comes"),
        pytest.param("cs/0112017v1", "cs.0112017v1", False, id="an old id outside a link stays as it is"),
        pytest.param("2305.18290v2 和 LoRA", "2305.18290和lora", False, id="a version in a sentence"),
        pytest.param("文" * 200, "文" * 120, True, id="too long"),
        pytest.param("𠮷" * 200, "𠮷" * 120, True, id="too long, of two code units each"),
    ],
)
def test_normalise(engine: Scripts, query: str, text: str, cut: bool) -> None:
    assert engine.call(module("search/query.js", "normalise"), query) == {"text": text, "cut": cut}


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        pytest.param("偏好优化的数据", ["偏好优化"], ["的数据"], id="at the beginning"),
        pytest.param("preference optimizations", ["preference optimization"], [], id="a plural"),
        pytest.param("preference.optimization", ["preference optimization"], [], id="a sign in place of its space"),
        pytest.param("rewardmodel", ["reward model"], [], id="its words joined"),
        pytest.param("preference optimized", ["preference optimization"], [], id="another ending"),
        pytest.param("preference. optimization", [], ["preference. optimization"], id="not over what parts a list"),
        pytest.param("qlora", [], ["qlora"], id="not inside a word"),
        pytest.param("用lora微调", ["lora"], ["用", "微调"], id="ideographs end a word"),
    ],
)
def test_terms_are_taken_out_of_a_query(engine: Scripts, text: str, found: list[str], rest: list[str]) -> None:
    split = engine.call(module("search/query.js", "splitTerms"), text)
    assert ([hit["form"] for hit in split["found"]], split["rest"]) == (found, rest)


@pytest.mark.parametrize(
    ("text", "ordered", "meant"),
    [
        pytest.param("lora先读哪篇", True, ["lora"], id="which first"),
        pytest.param("偏好优化从哪里开始看", True, ["偏好优化"], id="from where"),
        pytest.param("奖励模型按什么顺序学", True, ["奖励模型"], id="in what order"),
        pytest.param("新手先看哪篇论文", True, ["阅读顺序"], id="nothing else is asked"),
        pytest.param("奖励模型从哪里来", False, ["奖励模型"], id="where a thing comes from is no order"),
        pytest.param("偏好优化的顺序", False, ["偏好优化", "顺序"], id="an order that is not of reading"),
        pytest.param("a lora和the a100", False, ["lora", "a100"], id="an article is none at the beginning of a name"),
        pytest.param("混和奖励模型", False, ["奖励模型", "混和"], id="nor is an ideograph that asks within a word"),
        pytest.param(
            "偏好优化之后还要训练吗", False, ["偏好优化", "训练"], id="what joins sentences is not looked for"
        ),
    ],
)
def test_what_only_asks_is_taken_away(engine: Scripts, text: str, ordered: bool, meant: list[str]) -> None:
    plan = """async (text) => {
        const plan = await pnModules["search/query.js"].plan(text);
        return [plan.ordered, plan.meant.map((unit) => unit.forms[0])];
    }"""
    assert engine.call(plan, text) == [ordered, meant]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        pytest.param("mistral", "mistral", 0, id="the same"),
        pytest.param("mistral", "mistrel", 1, id="a wrong letter"),
        pytest.param("mistral", "mistal", 1, id="a missing letter"),
        pytest.param("mistral", "misstral", 1, id="a letter too many"),
        pytest.param("mistral", "msitral", 1, id="two changed about"),
        pytest.param("mistral", "imstral", 1, id="the first two changed about"),
        pytest.param("mistral", "pistral", None, id="the first letter is seldom the wrong one"),
        pytest.param("mistral", "nistral", 1, id="unless by the key beside it"),
        pytest.param("qlora", "alora", 1, id="or by the key below it"),
        pytest.param("qlora", "slora", None, id="a key two steps away"),
        pytest.param("int8", "int4", None, id="a digit is not a slip"),
        pytest.param("mistral", "mixtrel", 2, id="two wrong letters"),
        pytest.param("bloomberg", "blombegr", 2, id="a missing letter and two changed about"),
    ],
)
def test_slips_between_words(engine: Scripts, one: str, other: str, slips: int | None) -> None:
    between = """(one, other) => {
        const slips = pnModules["search/slips.js"].slipsBetween(one, other);
        return slips < Infinity ? slips : null;
    }"""
    assert engine.call(between, one, other) == slips
    assert engine.call(between, other, one) == slips


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        pytest.param("直接偏号优化", {"直接偏号优化": "直接偏好优化"}, id="a homophone within a title"),
        pytest.param("偏号优华的数据", {"偏号优华": "偏好优化"}, id="two within a term, beside what is no slip"),
        pytest.param("pianhaoyouhua", {"pianhaoyouhua": "偏好优化"}, id="pinyin"),
        pytest.param("jiangli moxing", {"jiangli": "奖励", "moxing": "模型"}, id="pinyin in two words"),
        pytest.param("偏好youhua", {"youhua": "优化"}, id="a part of it in pinyin"),
        pytest.param("显存", {}, id="what stands there is no homophone"),
        pytest.param("训练将例", {"将例": "奖励"}, id="a homophone beside what stands there"),
        pytest.param("还将例子", {}, id="what lies over the borders of words is none"),
        pytest.param("量子力学", {}, id="what sounds like nothing"),
        pytest.param("mobile", {}, id="letters that spell no word of the site"),
        pytest.param("rafailwo", {"rafailwo": "rafailov"}, id="two slips in a long word"),
        pytest.param("loar", {"loar": "lora"}, id="one slip in a short word"),
        pytest.param("lraoo", {}, id="two slips in a short word"),
        pytest.param("lorav2", {"lorav2": "lora"}, id="a version that no page has"),
        pytest.param("姜伟林", {"姜伟林": "jiang weilin"}, id="an author by the sound of a Chinese name"),
        pytest.param("weilinjiang", {"weilinjiang": "weilin jiang"}, id="or in pinyin without a space"),
        pytest.param("rlhfzero", {"rlhfzero": "rlhf zero"}, id="a name whose parts are not apart"),
        pytest.param("rlhfzaro", {"rlhfzaro": "rlhf zero"}, id="with a slip"),
    ],
)
def test_what_was_meant_is_told(engine: Scripts, query: str, notes: dict[str, str]) -> None:
    assert engine.call(SEARCH, query)["notes"] == [{"typed": typed, "used": [used]} for typed, used in notes.items()]


def test_a_list_is_read_as_it_was_written(engine: Scripts) -> None:
    draw = random.Random(4)
    levels: dict[int, list[int]] = {}
    wanted = {number: draw.randrange(6) for number in sorted(draw.sample(range(5000), 400))}
    for number, level in wanted.items():
        levels.setdefault(level, []).append(number)
    text = ",".join(
        f"{level}{''.join(signs.number(here - before - 1) for before, here in zip([-1, *numbers], numbers, strict=False))}"
        for level, numbers in sorted(levels.items())
    )
    read = "(text) => { const list = pnModules['search/pages.js'].decode(text, 5000); return list.numbers.map((n) => [n, list.get(n)]); }"
    assert {number: level - 1 for number, level in engine.call(read, text)} == wanted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9!", id="no such level"),
        pytest.param('0"', id="no sign of a number"),
        pytest.param("0!!!!!!!!", id="a page that the index has not"),
        pytest.param("+!", id="cut before what follows"),
    ],
)
def test_a_broken_list_is_said(engine: Scripts, text: str) -> None:
    read = "(text) => pnModules['search/pages.js'].decode(text, 3).numbers"
    with pytest.raises(quickjs.JSException, match="search index: broken: list"):
        engine.call(read, text)


@pytest.mark.parametrize(
    ("forms", "source", "ranges"),
    [
        pytest.param(["偏好"], "偏好与偏 好", [[0, 2], [3, 6]], id="over a space"),
        pytest.param(["偏好", "好优"], "偏好优化", [[0, 3]], id="overlapping forms are joined"),
        pytest.param(["gpt.4"], "GPT-4、GPT 4、GPT4", [[0, 5], [6, 11], [12, 16]], id="with a sign, a space, nothing"),
        pytest.param(["lora"], "QLoRA 与 LoRAs", [[8, 12]], id="a word from its beginning"),
        pytest.param(["𠮷野"], "在𠮷野家", [[1, 4]], id="of two code units"),
        pytest.param(["2305.18290"], "2305 18290 与 230518290", [[0, 10]], id="digits keep their sign"),
    ],
)
def test_ranges(engine: Scripts, forms: list[str], source: str, ranges: list[list[int]]) -> None:
    find = """(forms, source) => pnModules["search/match.js"].rangesOf(
        forms, { source, ...pnModules["search/fold.js"].foldWithPlaces(source) }, 100)"""
    assert engine.call(find, forms, source) == ranges
