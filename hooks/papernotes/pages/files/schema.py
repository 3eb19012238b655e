"""What editors need to complete and to check as one types, made from the fields the code itself reads.

JSON Schemas of the front matter, the tables of terms and of models, the tags, the ledger and the evidence, and snippets, all described in Chinese.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from papernotes.base import fields, storage
from papernotes.base.fields import TEXT, Schema, closed
from papernotes.data import front_matter, ledger, paper, term_table
from papernotes.data.front_matter import Field
from papernotes.data.models import results
from papernotes.data.models import table as model_table
from papernotes.data.reading import paths
from papernotes.figures import catalogue
from papernotes.pages.files import evidence_schema
from papernotes.text.frontmatter import Node

FOLDER: Final = "_data/schemas"
SNIPPETS: Final = ".vscode/papernotes.code-snippets"
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def schemas(tags: Iterable[str]) -> dict[str, Schema]:
    """Every schema by the name of its file."""
    tags = list(tags)
    labels = {record.__name__.lower(): f"{record.LABEL}页" for record in paper.KINDS.values()} | {"plain": "其他页面"}
    return {
        **{
            "page" if kind == "plain" else kind: _front_matter(f"{labels[kind]}的头信息", keys, tags)
            for kind, keys in front_matter.FIELDS.items()
        },
        "terms": _document("术语表", {"type": "array", "items": fields.record(term_table.FIELDS)}),
        "models": _document("模型表", {"type": "array", "items": fields.record(model_table.FIELDS)}),
        "results": _document("成绩表的读法", results.SCHEMA),
        "paths": _document("路径", paths.SCHEMA),
        "plot": _document("由数据画的图怎样画", catalogue.SCHEMA),
        "tags": _document("标签表", {"type": "array", "items": closed(_TAG_PROPERTIES)}),
        "ledger": _document("台账", closed(_LEDGER_PROPERTIES)),
        "evidence": _document("论文依据", evidence_schema.SCHEMA),
    }


def snippets(tags: Iterable[str]) -> dict[str, Any]:
    """Markdown snippets: type the prefix, choose, and press Tab from place to place."""
    tag = "|" + ",".join(tags) + "|"
    tier = "|" + ",".join(paper.TIERS) + "|"
    checker = "|" + ",".join(paper.CHECKERS) + "|"
    front = [
        "---",
        'arxiv: "${1:2106.09685}"',
        "version: ${2:1}",
        "name: ${3:短名}",
        "title: ${4:中文标题}",
        f"tier: ${{5{tier}}}",
        f"summary: ${{6:一句话概述，不超过 {front_matter.SUMMARY_LIMIT} 字。}}",
        f"tags: [${{7{tag}}}]",
        "builds_on: [$8]",
        f"checked: {{day: $CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE, by: ${{9{checker}}}}}",
        "---",
        "$0",
    ]
    figure = [
        "/// figure | ${1|Figure,Table,Algorithm|} ${2:1}",
        "    id: ${3:name}",
        "    caption: ${4:我们自己的图题}",
        "    status: ${5|已核,待核|}",
        "1. ${6:先看什么}",
        "2. ${7:再看什么}",
        "",
        "结论：${8:一句话}",
        "///",
        "$0",
    ]
    made = {
        "论文页的头信息": ("pn-paper", front),
        "图表注解": ("pn-figure", figure),
        "来源标记": ("pn-source", ["【来源：${1:§4.2}，${2|表,图,式,算法,附录|} ${3:1}】$0"]),
        "引用论文": ("pn-ref", ["[@${1:2305.18290}]$0"]),
        "引用图": ("pn-figref", ["[@fig:${1:name}]$0"]),
        "译注": ("pn-note", ['!!! note "译注"', "    ${1:文章写作……；论文是……。}【来源：${2:表 2}】", "$0"]),
        "放行一条规则": ("pn-allow", ["<!-- allow ${1:rule-name}: ${2:理由} -->$0"]),
    }
    keys = {field.name: field for fields_ in front_matter.FIELDS.values() for field in fields_}
    for name, field in keys.items():
        made[f"头信息：{name}"] = (f"{name}:", [f"{name}: {_choices(field.kind.snippet, tag, tier, checker)}"])
    descriptions = {f"头信息：{name}": field.description for name, field in keys.items()}
    return {
        name: {
            "scope": "markdown",
            "prefix": prefix,
            "body": body,
            "description": descriptions.get(name, name),
        }
        for name, (prefix, body) in made.items()
    }


def files(tags: Iterable[str]) -> dict[str, str]:
    """The text of every generated file, by path from the root of the repository."""
    tags = list(tags)
    made = {f"docs/{FOLDER}/{name}.schema.json": serialise(schema) for name, schema in schemas(tags).items()}
    made[SNIPPETS] = serialise(snippets(tags))
    return made


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `schemas`."""
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")


def run(arguments: argparse.Namespace) -> int:
    """Write what editors use, and say which files changed."""
    for path in write(storage.there(arguments.docs)):
        print(f"written: {path}")
    return 0


def write(docs_dir: Path) -> list[str]:
    """Write what has changed; returns those paths, from the root of the repository.

    Raises: OSError where the file system fails.
    """
    from datetime import date

    from papernotes.data import site

    root = docs_dir.parent
    known, _ = site.load(docs_dir, root=root, today=date.today())
    changed = []
    for path, text in files(known.tags).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if storage.replace(file, text, scratch=root):
            changed.append(path)
    return changed


def plain(node: Node) -> Any:
    """A value of front matter as JSON has it; days are texts."""
    if node.kind == "map":
        return {key: plain(value) for key, value in node.value.items()}
    if node.kind == "list":
        return [plain(item) for item in node.value]
    return node.text if node.kind in {"date", "float"} else node.value


_TAG_PROPERTIES: Final[dict[str, Schema]] = {
    "tag": {**TEXT, "description": "标签的名字。"},
    "topic": {"type": ["string", "null"], "description": "带读这一标签的专题页，从 docs/ 起；没有就写 null。"},
}


def serialise(value: Any) -> str:
    """The text of a generated file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


_LEDGER_PROPERTIES: Final[dict[str, Schema]] = {
    "schema": {"const": ledger.SCHEMA, "description": "格式的版本。"},
    "papers": {"type": "array", "items": fields.record(ledger.RECORD_FIELDS), "description": "每行一篇，按编号排。"},
}


def _front_matter(title: str, keys: tuple[Field, ...], tags: list[str]) -> Schema:
    return _document(title, closed(front_matter.schemas(keys, tags), [key.name for key in keys if key.required]))


def _choices(snippet: str, tag: str, tier: str, checker: str) -> str:
    """What a snippet offers for one key of the front matter."""
    return snippet.replace("{tag}", tag).replace("{tier}", tier).replace("{checker}", checker)


def _document(title: str, schema: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **schema}
