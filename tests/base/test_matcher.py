"""Phrases in a text: Chinese runs into Latin, the longest wins, names that merely hold a phrase do not match."""

from __future__ import annotations

import random
import re
import time

import pytest

from papernotes.base.matcher import Matcher

FORMS = [
    "LoRA", "QLoRA", "MoE", "SAM", "CNN", "KL", "KL 散度", "Top-k 路由", "微调", "指令微调", "监督微调", "参数", "超参数", "专家",
    "混合专家", "量化", "向量化", "双重量化", "视觉 Transformer", "Transformer", "SA-1B", "phi-1", "pass@k", "C++", "词元", "（注）",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("使用LoRA微调", ["LoRA", "微调"], id="Latin between Chinese without spaces"),
        pytest.param("使用 LoRA 微调", ["LoRA", "微调"], id="Latin between spaces"),
        pytest.param("QLoRA 省显存", ["QLoRA"], id="a longer name that holds a shorter one"),
        pytest.param("RsLoRA、LoRA2、LoRA_x", [], id="names that go on"),
        pytest.param("LoRA，LoRA。（LoRA）", ["LoRA", "LoRA", "LoRA"], id="next to punctuation"),
        pytest.param("指令微调与监督微调都是微调", ["指令微调", "监督微调", "微调"], id="the longest wins"),
        pytest.param("双重量化、向量化、量化", ["双重量化", "向量化", "量化"], id="a longer word hides a part of it"),
        pytest.param("混合专家的专家", ["混合专家", "专家"], id="the rest of a match is not matched again"),
        pytest.param("超参数和参数", ["超参数", "参数"], id="leftmost before longest"),
        pytest.param("KL 散度与 KL", ["KL 散度", "KL"], id="mixed scripts, the longer first"),
        pytest.param("KL散度", ["KL"], id="another spacing is another phrase"),
        pytest.param("R-CNN 与 CNN-RNN、非 CNN", ["CNN"], id="R-CNN is another network"),
        pytest.param("SAM-2、SAM2、SAM-H 和 SAM", ["SAM"], id="versions are other names"),
        pytest.param("phi-1.5 与 phi-1", ["phi-1"], id="a decimal goes on"),
        pytest.param("phi-1。", ["phi-1"], id="a full stop does not"),
        pytest.param("7B-MoE、MoE 层、MoE-层", ["MoE", "MoE", "MoE"], id="hyphens to Chinese and to sizes"),
        pytest.param("pass@k 与 C++ 都是", ["pass@k", "C++"], id="characters with a meaning in expressions"),
        pytest.param("（注）", ["（注）"], id="punctuation in a phrase"),
        pytest.param("Top-k 路由，top-k 路由", ["Top-k 路由"], id="case counts"),
        pytest.param("参\n数", [], id="not across a line end"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_what_is_found(text: str, found: list[str]) -> None:
    matches = list(Matcher({form: form for form in FORMS}).find(text))
    assert [match.phrase for match in matches] == found
    assert all(text[match.start : match.end] == match.phrase == match.value for match in matches)


def test_a_window_of_a_text() -> None:
    matcher = Matcher({"微调": 1})
    assert [match.start for match in matcher.find("微调微调微调", 2, 4)] == [2]
    assert list(matcher.find("微调微调", 1, 3)) == []


def test_no_phrases_and_empty_phrases() -> None:
    assert list(Matcher({}).find("微调")) == []
    with pytest.raises(ValueError, match="must not be empty"):
        Matcher({"": 1})


def plain_search(forms: list[str], text: str) -> list[tuple[int, str]]:
    """The same by trying every form at every place."""
    found, at = [], 0
    while at < len(text):
        here = [form for form in forms if text.startswith(form, at) and not runs_on(text, at, form)]
        if here:
            longest = max(here, key=len)
            found.append((at, longest))
            at += len(longest)
        else:
            at += 1
    return found


def runs_on(text: str, at: int, form: str) -> bool:
    word = r"[A-Za-z0-9_]"
    before, after = text[:at], text[at + len(form) :]
    starts = re.match(word, form) and (
        re.search(rf"{word}\Z", before) or re.search(rf"(?<!{word[:-1]}])[A-Za-z]-\Z", before)
    )
    ends = re.search(rf"{word}\Z", form) and re.match(rf"{word}|-[A-Z0-9]|-v\d|\.\d", after)
    return bool(starts or ends)


def test_random_texts_agree_with_a_plain_search() -> None:
    chance = random.Random(5)
    alphabet = [
        "LoRA",
        "Q",
        "KL",
        " ",
        "散度",
        "微调",
        "指令",
        "量化",
        "双重",
        "向",
        "-",
        "2",
        ".",
        "C",
        "NN",
        "R",
        "参数",
        "超",
        "MoE",
        "，",
        "SA-1B",
    ]
    matcher = Matcher(dict.fromkeys(FORMS))
    for _ in range(3_000):
        text = "".join(chance.choice(alphabet) for _ in range(12))
        assert [(match.start, match.phrase) for match in matcher.find(text)] == plain_search(FORMS, text), text


def test_time_hardly_grows_with_the_number_of_phrases() -> None:
    text = "在使用LoRA微调的混合专家里，每个词元只经过少数几个专家，参数多而计算少。" * 300

    def find(count: int) -> None:
        matcher = Matcher({form: form for form in FORMS} | {f"另一个第{number}号术语": "x" for number in range(count)})
        started = time.process_time()
        list(matcher.find(text))
        taken.append(time.process_time() - started)

    least = {}
    for count in (20, 2_000):
        taken: list[float] = []
        for _ in range(5):
            find(count)
        least[count] = min(taken)
    assert least[2_000] < 3 * least[20]
