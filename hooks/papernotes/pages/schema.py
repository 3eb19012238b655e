"""What editors need to complete and to check as one types, made from the fields the code itself reads.

JSON Schemas of the front matter, the term table, the tags and the ledger, and snippets for Markdown, all described in Chinese.
Source: https://json-schema.org/draft-07 (the newest draft that VS Code reads in full).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from papernotes.data import ledger, paper
from papernotes.data.paper import Field
from papernotes.text import storage
from papernotes.text.frontmatter import Node

Schema = dict[str, Any]

FOLDER: Final = "_data/schemas"
SNIPPETS: Final = ".vscode/papernotes.code-snippets"
ARXIV_ID: Final = r"^(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})$"
_DAY: Final[Schema] = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
"""The pattern too: whether a validator looks at formats is its user's choice."""
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"

TERM_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "id": ("text", "固定的地址：小写字母、数字和连字符；定了就不改，也不再给别的术语用。"),
    "en": ("text", "英文术语，小写；专名照原样写。"),
    "abbr": ("text?", "英文缩写；没有就写 null。"),
    "zh": ("text", "首选的中文译名；不译的名字与 en 写得一样。"),
    "group": ("text", "术语页上的小节。"),
    "definition": ("text", "一到三句中文定义，以句号结尾。"),
    "arxiv": ("id?", "提出这个术语的论文；没有核对过就写 null。"),
    "picture": ("text?", "说明它的自绘图，如 papers/lora/bypass.svg。"),
    "short": ("texts", "首次出现之后可以用的短称。"),
    "variants": ("texts", "搜索认得、但正文里会报告的其他译法。"),
    "forbidden": ("texts", "在哪里都算错的译法。"),
    "allowed": ("texts", "含有禁用译法、本身却正确的长词。"),
    "not_for": ("texts", "只在英文或缩写旁边才算错的译法。"),
    "stop": ("texts", "含有这个术语的字、却不是它的长词。"),
    "related": ("ids of terms", "它所依赖的术语的 id；每对只写一次。"),
    "plain": ("bool", "true 表示常用到首次出现不必附英文。"),
}  # fmt: skip
"""Keys of an entry of the term table, with kind and description."""

RECORD_FIELDS: Final[Mapping[str, tuple[Schema, str]]] = {
    "arxiv": ({"type": "string", "pattern": ARXIV_ID}, "arXiv 编号，不带版本。"),
    "version": ({"type": ["integer", "null"], "minimum": 1}, "arXiv 上已知的最新版本。"),
    "title": ({"type": "string", "minLength": 1}, "英文题名。"),
    "authors": ({"type": "array", "items": {"type": "string", "minLength": 1}}, "作者，按论文上的顺序。"),
    "published": ({"type": ["string", "null"], **_DAY}, "第 1 版的日期。"),
    "updated": ({"type": ["string", "null"], **_DAY}, "最新版本的日期。"),
    "category": ({"type": ["string", "null"]}, "arXiv 主分类。"),
    "venue": ({"type": ["string", "null"]}, "发表的会议或期刊。"),
    "code": ({"type": ["string", "null"], "pattern": "^https://"}, "作者公布的代码。"),
    "doi": ({"type": ["string", "null"]}, "DOI。"),
    "withdrawn": ({"type": "boolean"}, "论文是否已被撤回。"),
    "counts": ({"type": "array"}, "引用数，每个都带日期、来源和数据集。"),
}
"""Keys of a ledger record, in the order of the file, with schema and description."""

COUNT_FIELDS: Final[Mapping[str, tuple[Schema, str]]] = {
    "count": ({"type": "integer", "minimum": 0, "maximum": ledger.MAX_COUNT}, "引用数。"),
    "day": ({"type": "string", **_DAY}, "日期。"),
    "day_is": ({"enum": list(ledger.DAY_IS)}, "read：当天读到；no-later-than：当天或更早。"),
    "source": ({"enum": list(ledger.SOURCES)}, "谁数的。"),
    "dataset": ({"type": "string", "pattern": "^[a-z0-9-]{1,40}$"}, "取自哪个数据集或接口。"),
}


def schemas(tags: Iterable[str]) -> dict[str, Schema]:
    """Every schema by the name of its file."""
    tags = list(tags)
    return {
        "paper": _front_matter("论文页的头信息", paper.PAPER_FIELDS, tags),
        "topic": _front_matter("专题页的头信息", paper.TOPIC_FIELDS, tags),
        "page": _front_matter("其他页面的头信息", paper.PLAIN_FIELDS, tags),
        "terms": _document("术语表", {"type": "array", "items": closed(_term_properties(), _TERM_REQUIRED)}),
        "tags": _document("标签表", {"type": "array", "items": closed(_TAG_PROPERTIES)}),
        "ledger": _document("台账", closed(_ledger_properties())),
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
        f"summary: ${{6:一句话概述，不超过 {paper.SUMMARY_LIMIT} 字。}}",
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
    keys = {field.name: field for field in (*paper.PAPER_FIELDS, *paper.TOPIC_FIELDS, *paper.PLAIN_FIELDS)}
    for name, field in keys.items():
        made[f"头信息：{name}"] = (f"{name}:", [f"{name}: {_placeholder(field, tag, tier, checker)}"])
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
        if storage.replace(file, text):
            changed.append(path)
    return changed


def plain(node: Node) -> Any:
    """A value of front matter as JSON has it; days are texts."""
    if node.kind == "map":
        return {key: plain(value) for key, value in node.value.items()}
    if node.kind == "list":
        return [plain(item) for item in node.value]
    return node.text if node.kind in {"date", "float"} else node.value


_TERM_REQUIRED: Final = ["id", "en", "abbr", "zh", "group", "definition", "arxiv"]
_TAG_PROPERTIES: Final[dict[str, Schema]] = {
    "tag": {"type": "string", "minLength": 1, "description": "标签的名字。"},
    "topic": {"type": ["string", "null"], "description": "带读这一标签的专题页，从 docs/ 起；没有就写 null。"},
}


def keys(fields: Iterable[Field], tags: list[str]) -> dict[str, Schema]:
    """The keys of a page's front matter, each with its schema and its description."""
    return {field.name: {**_kind(field, tags), "description": field.description} for field in fields}


def described(fields: Mapping[str, tuple[Schema, str]]) -> dict[str, Schema]:
    """The keys of a table such as `RECORD_FIELDS`, each with its description in its schema."""
    return {name: {**schema, "description": description} for name, (schema, description) in fields.items()}


def closed(properties: Mapping[str, Schema], required: Iterable[str] | None = None) -> Schema:
    """An object with these keys and no others; all of them are required where `required` does not say which."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def serialise(value: Any) -> str:
    """The text of a generated file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _front_matter(title: str, fields: tuple[Field, ...], tags: list[str]) -> Schema:
    return _document(title, closed(keys(fields, tags), [field.name for field in fields if field.required]))


def _kind(field: Field, tags: list[str]) -> Schema:
    id_: Schema = {"type": "string", "pattern": ARXIV_ID}
    tag: Schema = {"enum": tags}
    text: Schema = {"type": "string", "minLength": 1}
    if field.name == "summary":
        text["maxLength"] = paper.SUMMARY_LIMIT
    kinds: dict[str, Callable[[], Schema]] = {
        "text": lambda: text,
        "id": lambda: id_,
        "ids": lambda: {"type": "array", "items": id_, "uniqueItems": True},
        "version": lambda: {"type": "integer", "minimum": 1, "maximum": 999},
        "bool": lambda: {"type": "boolean"},
        "tags": lambda: {"type": "array", "items": tag, "minItems": 1, "uniqueItems": True},
        "tag": lambda: tag,
        "tier": lambda: {
            "enum": list(paper.TIERS),
            "enumDescriptions": [
                f"{paper.TIER_NAMES[name]}：{least} 至 {most} 个汉字。" for name, (least, most) in paper.TIERS.items()
            ],
        },
        "checked": lambda: closed(
            {
                "day": {"type": "string", **_DAY, "description": "核对的日期。"},
                "by": {
                    "enum": list(paper.CHECKERS),
                    "description": "writer：作者本人；reviewer：另一位读者对照论文读过。",
                },
            }
        ),
        "redirects": lambda: {
            "type": "array",
            "items": {"type": "string", "pattern": r"^(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9-]*\.html$"},
            "uniqueItems": True,
        },
        "search": lambda: closed({"exclude": {"type": "boolean"}}),
        "hide": lambda: {"type": "array", "items": {"enum": ["navigation", "toc"]}, "uniqueItems": True},
    }
    return dict(kinds[field.kind]())


def _term_properties() -> dict[str, Schema]:
    texts: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
    kinds: dict[str, Schema] = {
        "text": {"type": "string", "minLength": 1},
        "text?": {"type": ["string", "null"], "minLength": 1},
        "id?": {"type": ["string", "null"], "pattern": ARXIV_ID},
        "texts": texts,
        "ids of terms": {**texts, "uniqueItems": True},
        "bool": {"type": "boolean"},
    }
    properties = {
        name: {**kinds[kind], "description": description} for name, (kind, description) in TERM_FIELDS.items()
    }
    properties["id"]["pattern"] = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
    properties["definition"]["pattern"] = "[。！？]$"
    return properties


def _ledger_properties() -> dict[str, Schema]:
    record = described(RECORD_FIELDS)
    record["counts"]["items"] = closed(described(COUNT_FIELDS))
    return {
        "schema": {"const": ledger.SCHEMA, "description": "格式的版本。"},
        "papers": {
            "type": "array",
            "items": closed(record),
            "description": "每行一篇，按编号排。",
        },
    }


def _placeholder(field: Field, tag: str, tier: str, checker: str) -> str:
    """What a snippet offers for one key of the front matter."""
    return {
        "id": '"${1:2106.09685}"',
        "ids": '["${1:2005.14165}"]',
        "version": "${1:1}",
        "bool": "true",
        "tags": f"[${{1{tag}}}]",
        "tag": f"${{1{tag}}}",
        "tier": f"${{1{tier}}}",
        "checked": f"{{day: $CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE, by: ${{1{checker}}}}}",
        "redirects": "[${1:papers/old-name.html}]",
        "search": "{exclude: true}",
        "hide": "[${1|navigation,toc|}]",
    }.get(field.kind, "$1")


def _document(title: str, schema: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **schema}
