"""Paths: what is incomplete is told with its place, an answer says where it was seen, and its numbers stand on the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import checked

from papernotes.data.reading import paths
from papernotes.markdown.bodies import paths_page

IDS = ("1706.03762", "1707.06347", "2106.09685", "2203.02155", "2305.18290")
PAPERS: dict[str, Any] = {id_: SimpleNamespace(arxiv=id_) for id_ in IDS}


def ask(answer: str = "选一个。【来源：@2106.09685 §4.1】", question: str = "为什么？") -> str:
    return f'{{question: "{question}", answer: "{answer}"}}'


def step(paper: str, asks: str = f"{ask()}, {ask()}") -> str:
    return f'    - {{paper: "{paper}", look: 看图, asks: [{asks}]}}\n'


def path(steps: str = "".join(map(step, IDS)), id_: str = "one") -> str:
    return f"- id: {id_}\n  title: 甲\n  about: 乙。\n  steps:\n{steps}"


GOOD = "".join(map(step, IDS[1:]))
BAD = [
    pytest.param("{}", "paths.yml:1:1: reading-path: is not a list; begin each path with '- id:'", id="no list"),
    pytest.param("- 甲", "paths.yml:1:3: reading-path: the entry is not a mapping; write 'key: value' lines", id="no mapping"),
    pytest.param(path().replace("  about: 乙。\n", ""), "paths.yml:1:3: reading-path: the key 'about' is missing; add it", id="key missing"),
    pytest.param(path().replace("about: 乙。", "about: [乙]"), "paths.yml:3:10: reading-path: 'about' is not a text of one line", id="wrong kind"),
    pytest.param(path().replace("  about", "  colour: 红\n  about"), "paths.yml:3:11: reading-path: the key 'colour' is unknown; use one of id, title, about, steps", id="key unknown"),
    pytest.param(path(id_="One"), "paths.yml:1:7: reading-path: the id is not lower-case letters, digits and single hyphens; rename it", id="id"),
    pytest.param(path() + path(), "paths.yml:10:7: reading-path: the id 'one' is repeated; rename one", id="id twice"),
    pytest.param(path(GOOD), "paths.yml:5:5: reading-path: the path has 4 steps, not 5 to 8; part it, or add to it", id="too short"),
    pytest.param(path(GOOD + step("2305.99999")), "paths.yml:9:15: path: '2305.99999' is not the id of a paper with a page; write the page, or remove the step", id="a paper without a page"),
    pytest.param(path(GOOD + step(IDS[1])), "paths.yml:9:15: reading-path: '1707.06347' is repeated; keep one step", id="a paper twice"),
    pytest.param(path(GOOD + step(IDS[0], ask())), "reading-path: the step has 1 questions, not 2; write two", id="one question"),
    pytest.param(path(GOOD + step(IDS[0], f"{ask(question='说说。')}, {ask()}")), "reading-path: the question does not end with ？; ask something", id="no question"),
    pytest.param(path(GOOD + step(IDS[0], f"{ask('选一个。')}, {ask()}")), "paths.yml:9:73: reading-answer: the answer is not sentences with one mark at their end; end it with a mark such as 【来源：@2106.09685 §4.1】", id="no source"),
    pytest.param(path(GOOD + step(IDS[0], f"{ask('选一个。【来源：第三页】')}, {ask()}")), "reading-answer: '第三页' is not a place", id="no place"),
    pytest.param(path(GOOD + step(IDS[0], f"{ask('选一个。【来源：§4.1】')}, {ask()}")), "reading-answer: '§4.1' does not say which paper it is about", id="place without paper"),
    pytest.param(path(GOOD + step(IDS[0], f"{ask('选一个。【来源：@2106.09685 未核对位置】')}, {ask()}")), "reading-answer: a place that nobody has seen (未核对位置) is not the source of an answer", id="an unseen place"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_what_is_wrong_is_told_with_its_place(text: str, sentence: str) -> None:
    made, findings = paths.read("paths.yml", text, PAPERS)
    assert [str(each) for each in findings if sentence in str(each)], findings
    assert len(made) == ("repeated; rename" in sentence)


def test_a_path_is_read_and_its_answers_parted_from_their_marks() -> None:
    made, findings = paths.read("paths.yml", path(), PAPERS)
    assert findings == []
    assert [each.paper for each in made[0].steps] == list(IDS)
    assert made[0].steps[0].asks[0] == paths.Question("为什么？", "选一个。", "@2106.09685 §4.1")


def test_what_is_markup_in_a_path_is_shown_as_it_is_written() -> None:
    hostile = "<img src=x onerror=a()> [a](javascript:b) `c`。"
    made = paths.ReadingPath(
        "one", hostile, hostile, (paths.Step("甲", hostile, (paths.Question(hostile, hostile, "@甲 §1"),)),)
    )
    site: Any = SimpleNamespace(paths=(made,), papers={"甲": SimpleNamespace(name="甲")})
    assert "<img" not in paths_page.markdown(site)
    assert "](javascript" not in paths_page.markdown(site)


def test_a_number_of_an_answer_stands_on_the_page(docs: Path) -> None:
    site = checked(docs).site
    paper = next(each for each in site.papers.values())
    body = site.documents[paper.uri].body
    number = next(each for each in paths_page._NUMBER.findall(body))

    def told(answer: str) -> list[str]:
        question = paths.Question("几个？", answer, f"@{paper.arxiv} §1", 7)
        made = paths.ReadingPath("one", "甲", "乙", (paths.Step(paper.arxiv, "看图", (question,)),))
        return [str(each) for each in paths_page.check(site.documents[paper.uri], replace(site, paths=(made,)))]

    assert told(f"共 {number} 个。") == []
    assert told("共 98,765 个。") == [
        f"docs/_data/paths.yml:7:1: reading-answer: '98,765' of an answer is not on docs/{paper.uri}; write what the page says"
    ]
