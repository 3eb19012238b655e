"""The site for machines: papers.json and its schema, an Atom feed, llms.txt, structured data. Everything comes from the records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urljoin
from xml.etree import ElementTree

from papernotes import schema
from papernotes.changes import Change
from papernotes.ledger import Count
from papernotes.paper import PAPER_FIELDS, Paper, Topic
from papernotes.schema import Schema
from papernotes.site import Site

PAPERS_SCHEMA: Final = 1
"""Of papers.json. Raised when a key goes away or changes its type or its meaning; not for a key, a tag or a source more.

So a program reads the keys it knows, and checks a file only against the schema that was published beside it.
"""
FEED_ENTRIES: Final = 50
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_ATOM: Final = "http://www.w3.org/2005/Atom"


def papers_json(site: Site, site_url: str = "") -> str:
    """Every paper page with its facts, one line a paper.

    Shape: `{"schema": 1, "papers": [{...}]}`, sorted by id; addresses from the site's root, and whole where `site_url` is set.
    """
    lines = [json.dumps(_paper(paper, site_url), ensure_ascii=False) for paper in site.papers.values()]
    return f'{{"schema": {PAPERS_SCHEMA}, "papers": [\n' + ",\n".join(lines) + "\n]}\n"


def _paper(paper: Paper, site_url: str) -> dict[str, Any]:
    record = paper.record
    return {
        "arxiv": paper.arxiv,
        "version_read": paper.version,
        "version_latest": record.version,
        "name": paper.name,
        "title": record.title,
        "title_zh": paper.title,
        "summary_zh": paper.summary,
        "url": address(site_url, paper.url) if site_url else paper.url,
        "tier": paper.tier,
        "tags": list(paper.tags),
        "builds_on": list(paper.builds_on),
        "authors": list(record.authors),
        "published": _day(record.published),
        "category": record.category,
        "venue": record.venue,
        "code": record.code,
        "doi": record.doi,
        "withdrawn": record.withdrawn,
        "citations": _count(paper.count),
        "checked": {"day": _day(paper.checked.day), "by": paper.checked.by},
    }


def papers_schema(site: Site, site_url: str = "") -> str:
    """What `papers.json` may hold: a JSON Schema, to be published beside it.

    Shape: draft 2020-12; no key but these, and each of them in every paper. `$id` is the schema's own address, and left out
    where the site has none: it is then named by wherever it was read from. `papers.json` does not name its schema, as no
    standard has a key for that; it gives the number, which the schema asks for.
    Source: https://json-schema.org/draft/2020-12/json-schema-core#section-9.1
    """
    record, page = schema.described(schema.RECORD_FIELDS), schema.keys(PAPER_FIELDS, list(site.tags))
    page["tier"].pop("enumDescriptions")  # a word of editors, which strict validators do not know
    path = r"papers/[a-z0-9-]+\.html$"
    url = {"format": "uri", "pattern": f"^https?://.+/{path}"} if site_url else {"pattern": f"^{path}"}
    paper: dict[str, Schema] = {
        "arxiv": record["arxiv"],
        "version_read": {**record["version"], "description": "所读的版本；读的文本没有注明版本就是 null。"},
        "version_latest": record["version"],
        "name": page["name"],
        "title": record["title"],
        "title_zh": page["title"],
        "summary_zh": page["summary"],
        "url": {"type": "string", **url, "description": "本站那一页的地址；网站没有设地址时，从网站的根算起。"},
        "tier": page["tier"],
        "tags": {**page["tags"], "description": "标签，第一个决定论文在地图上的位置。"},
        "builds_on": {**page["builds_on"], "description": "它所依据的论文的编号。"},
        "authors": record["authors"],
        "published": record["published"],
        "category": record["category"],
        "venue": record["venue"],
        "code": record["code"],
        "doi": record["doi"],
        "withdrawn": record["withdrawn"],
        "citations": {
            **schema.closed(schema.described(schema.COUNT_FIELDS)),
            "type": ["object", "null"],
            "description": "引用数，带日期、来源和数据集；没有就是 null。不同来源的数不能相比。",
        },
        "checked": page["checked"],
    }
    papers = {"type": "array", "items": schema.closed(paper), "description": "按编号排。"}
    number = {"const": PAPERS_SCHEMA, "description": "格式的编号；键减少、改类型或改含义时加一，键增多时不变。"}
    whole: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if site_url:
        whole["$id"] = address(site_url, "papers.schema.json")
    return schema.serialise(
        {
            **whole,
            "title": "全部论文",
            "description": "与本文件一同发布的 papers.json 的格式。null 表示不知道。",
            **schema.closed({"schema": number, "papers": papers}),
        }
    )


def _count(count: Count | None) -> dict[str, Any] | None:
    if count is None:
        return None
    return {
        "count": count.count,
        "day": _day(count.day),
        "day_is": count.day_is,
        "source": count.source,
        "dataset": count.dataset,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def address(site_url: str, path: str) -> str:
    """The whole address of a page."""
    return urljoin(site_url.rstrip("/") + "/", quote(path))


def structured_data(paper: Paper, site_url: str, change: Change | None) -> dict[str, Any]:
    """JSON-LD for a paper page: a Chinese note about a scholarly article, not the article.

    Source: https://schema.org/Article, https://schema.org/ScholarlyArticle
    """
    record = paper.record
    about: dict[str, Any] = {
        "@type": "ScholarlyArticle",
        "name": record.title,
        "inLanguage": "en",
        "author": [{"@type": "Person", "name": name} for name in record.authors[:50]],
        "identifier": f"arXiv:{paper.arxiv}",
        "url": f"https://arxiv.org/abs/{paper.arxiv}",
    }
    if record.published:
        about["datePublished"] = _day(record.published)
    if record.doi:
        about["sameAs"] = f"https://doi.org/{record.doi}"
    note: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": paper.title,
        "description": paper.summary,
        "inLanguage": "zh-Hans",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "about": about,
    }
    if change:
        note["datePublished"], note["dateModified"] = _day(change.first), _day(change.last)
    if site_url:
        note["url"] = note["mainEntityOfPage"] = address(site_url, paper.url)
    return note


def feed(site: Site, site_url: str, site_name: str, changed: Mapping[str, Change], built: date) -> str:
    """An Atom feed of new and changed pages, newest first.

    A page's day is that of its last commit, else the day it was checked.
    Source: RFC 4287.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-Hans"})

    def add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = text
        return element

    pages: list[Paper | Topic] = [*site.papers.values(), *site.topics.values()]

    def days(uri: str, checked: date) -> Change:
        return changed.get(uri) or Change(checked, checked)

    dated = sorted(
        ((days(page.uri, page.checked.day), page) for page in pages), key=lambda pair: (pair[0].last, pair[1].uri)
    )
    newest = dated[-1][0].last if dated else built
    add(root, "id", address(site_url, ""))
    add(root, "title", site_name)
    add(root, "updated", f"{newest.isoformat()}T00:00:00Z")
    add(root, "link", rel="self", type="application/atom+xml", href=address(site_url, "feed.xml"))
    add(root, "link", rel="alternate", type="text/html", href=address(site_url, "index.html"))
    add(add(root, "author"), "name", site_name)
    add(root, "rights", f"CC BY 4.0 {LICENCE}")
    for change, page in reversed(dated[-FEED_ENTRIES:]):
        entry = add(root, "entry")
        add(entry, "id", address(site_url, page.url))
        add(entry, "title", page.title)
        add(entry, "link", rel="alternate", type="text/html", href=address(site_url, page.url))
        add(entry, "published", f"{change.first.isoformat()}T00:00:00Z")
        add(entry, "updated", f"{change.last.isoformat()}T00:00:00Z")
        add(entry, "summary", page.summary)
        for tag in page.tags if isinstance(page, Paper) else (page.tag,):
            add(entry, "category", term=tag)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def llms_txt(site: Site, site_name: str, description: str, site_url: str = "") -> str:
    """A map of the site for language models.

    Source: https://llmstxt.org/
    """

    def link(title: str, path: str, note: str) -> str:
        target = address(site_url, path) if site_url else path
        return f"- [{_plain(title)}]({target}): {_plain(note)}"

    lines = [f"# {site_name}", "", f"> {description}", ""]
    lines += ["页面用中文写成，说的是论文里写了什么；论文本身属于它们的作者。文字以 CC BY 4.0 发布。", ""]
    lines += ["## 专题", "", *(link(topic.title, topic.url, topic.summary) for topic in site.topics.values()), ""]
    lines += ["## 论文", ""]
    lines += [
        link(paper.title, paper.url, f"{paper.record.title} (arXiv:{paper.arxiv})。{paper.summary}")
        for paper in site.papers.values()
    ]
    lines += ["", "## 数据", "", link("papers.json", "papers.json", "全部论文的记录，每个引用数带来源和日期。")]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """One line that cannot close a Markdown link."""
    return " ".join(text.split()).replace("[", "（").replace("]", "）")


def robots_txt(site_url: str) -> str:
    """Everything may be read; where the site has an address, its map is named."""
    lines = ["User-agent: *", "Allow: /"]
    if site_url:
        lines.append(f"Sitemap: {address(site_url, 'sitemap.xml')}")
    return "\n".join(lines) + "\n"
