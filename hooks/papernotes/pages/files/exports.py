"""The site for machines: papers.json and its schema, llms.txt, structured data, days. Everything comes from the records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from urllib.parse import quote, urljoin

from papernotes.base.fields import Schema, closed, described, dump
from papernotes.base.git import Change
from papernotes.data import front_matter
from papernotes.data.front_matter import PAPER_FIELDS
from papernotes.data.ledger import COUNT_FIELDS, RECORD_FIELDS, Count, Record
from papernotes.data.paper import Note, Paper, Topic
from papernotes.data.site import Site
from papernotes.pages.files import schema, twin
from papernotes.text import special_pages
from papernotes.text.document import address as page_address

PAPERS_SCHEMA: Final = 1
"""Of papers.json. Raised when a key goes away or changes its type or its meaning; not for a key, a tag or a source more.

So a program reads the keys it knows, and checks a file only against the schema that was published beside it.
"""
PAPERS_REVISION: Final = 5
"""Raised when a key is added."""
MOST_AUTHORS: Final = 50
"""Of a paper in the head of its page; papers.json has them all."""
LANGUAGE: Final = "zh-Hans"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
HOME: Final = page_address(special_pages.HOME)
GLOSSARY: Final = page_address(special_pages.GLOSSARY)
_CONTEXT: Final = {"@context": "https://schema.org"}

DATA: Final = {
    "papers.json": "data.papers",
    "papers.schema.json": "data.papers_schema",
    "models.json": "data.models",
    "models.schema.json": "data.models_schema",
    "papers.bib": "data.bib",
    "llms.txt": "data.llms",
    "llms-full.txt": "data.llms_full",
    "feed.xml": "data.feed",
}
"""The files for machines that pages link to, and the words for what each holds."""


_OF_LEDGER: Final = (
    "authors", "published", "updated", "category", "venue", "code", "doi", "withdrawn", "licences", "authors_zh",
)  # fmt: skip
"""Keys that are those of the ledger, in its order."""


def papers_json(site: Site, site_url: str = "") -> str:
    """Every paper page with its facts, one line a paper.

    Shape: `{"schema": 1, "revision": 5, "papers": [{...}]}`, sorted by id; addresses from the site's root, and whole where `site_url` is set.
    """
    lines = [json.dumps(_paper(paper, site_url), ensure_ascii=False) for paper in site.papers.values()]
    return f'{{"schema": {PAPERS_SCHEMA}, "revision": {PAPERS_REVISION}, "papers": [\n' + ",\n".join(lines) + "\n]}\n"


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
        "markdown": address(site_url, twin.path_of(paper.url)) if site_url else twin.path_of(paper.url),
        "tier": paper.tier,
        "tags": list(paper.tags),
        "builds_on": list(paper.builds_on),
        **{field.name: field.dump(getattr(record, field.name)) for field in RECORD_FIELDS if field.name in _OF_LEDGER},
        "citations": _count(paper.count) if paper.count else None,
        "counts": [_count(count) for count in record.counts],
        "checked": {"day": _day(paper.checked.day), "by": paper.checked.by},
    }


def _count(count: Count) -> dict[str, Any]:
    """With the name of its source, also of one that the ledger need not name."""
    return {**dump(COUNT_FIELDS, count), "source_name": count.source_name}


def papers_schema(site: Site, site_url: str = "") -> str:
    """What `papers.json` may hold: a JSON Schema, to be published beside it.

    Shape: draft 2020-12; no key but these, and each of them in every paper. `$id` is the schema's own address, and left out
    where the site has none: it is then named by wherever it was read from. `papers.json` does not name its schema, as no
    standard has a key for that; it gives the number, which the schema asks for.
    Source: https://json-schema.org/draft/2020-12/json-schema-core#section-9.1
    """
    record, page = described(RECORD_FIELDS), front_matter.schemas(PAPER_FIELDS, list(site.tags))
    count = described(COUNT_FIELDS)
    count["source_name"] = {**count["source_name"], "description": "来源的名字。"}
    counted = closed(count)
    page["tier"].pop("enumDescriptions")  # a word of editors, which strict validators do not know

    def place(ending: str) -> Schema:
        path = rf"papers/[a-z0-9-]+\.{ending}$"
        whole = {"format": "uri", "pattern": f"^https?://.+/{path}"} if site_url else {"pattern": f"^{path}"}
        return {"type": "string", **whole}

    paper: dict[str, Schema] = {
        "arxiv": record["arxiv"],
        "version_read": {**record["version"], "description": "所读的版本；读的文本没有注明版本就是 null。"},
        "version_latest": record["version"],
        "name": page["name"],
        "title": record["title"],
        "title_zh": page["title"],
        "summary_zh": page["summary"],
        "url": {**place("html"), "description": "本站那一页的地址；网站没有设地址时，从网站的根算起。"},
        "markdown": {**place("md"), "description": "那一页的 Markdown 版本的地址。"},
        "tier": page["tier"],
        "tags": {**page["tags"], "description": "标签，第一个决定论文在地图上的位置。"},
        "builds_on": {**page["builds_on"], "description": "它所依据的论文的编号。"},
        **{name: record[name] for name in _OF_LEDGER},
        "citations": {
            **counted,
            "type": ["object", "null"],
            "description": "引用数，带日期、来源和数据集；没有就是 null。不同来源的数不能相比。",
        },
        "counts": {**record["counts"], "items": counted, "description": "台账里的全部引用数；按日期排。"},
        "checked": page["checked"],
    }
    papers = {"type": "array", "items": closed(paper), "description": "按编号排。"}
    number = {"const": PAPERS_SCHEMA, "description": "格式的编号；键减少、改类型或改含义时加一，键增多时不变。"}
    revision = {"const": PAPERS_REVISION, "description": "格式的修订号；键增多时加一。"}
    whole: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if site_url:
        whole["$id"] = address(site_url, "papers.schema.json")
    return schema.serialise(
        {
            **whole,
            "title": "全部论文",
            "description": "与本文件一同发布的 papers.json 的格式。null 表示不知道。",
            **closed({"schema": number, "revision": revision, "papers": papers}),
        }
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def address(site_url: str, path: str) -> str:
    """The whole address of a page."""
    return urljoin(site_url.rstrip("/") + "/", quote(path))


def change_of(page: Note, changes: Mapping[str, Change]) -> Change:
    """When a page changed, for the feed and the sitemap: its commits say so, else the day it was checked."""
    checked = datetime.combine(page.checked.day, time(), UTC)
    return changes.get(page.uri) or Change(checked, checked)


def last_day(uri: str, site: Site, changes: Mapping[str, Change], program: date | None) -> date | None:
    """The day on which a page last changed: of a note its own, of a page that is made from others that of the newest of them.

    `program`: when our Python last changed, from whose docstrings and rules some pages are made. None: nothing is known.
    """
    if uri in site.notes:
        return change_of(site.notes[uri], changes).last
    days = [changes[uri].last] if uri in changes else []
    if uri.startswith(special_pages.REFERENCE) or uri == special_pages.RULES:
        days += [program] if program else []
    elif uri in special_pages.GATHERED:
        days += [change.last for change in changes.values()]
        days += [change_of(note, changes).last for note in site.notes.values()]
    return max(days, default=None)


def website(name: str, description: str, site_url: str) -> dict[str, Any]:
    """JSON-LD for the first page: the site.

    Source: https://schema.org/WebSite
    """
    return {**_CONTEXT, **_website(name, site_url), "description": description, "inLanguage": LANGUAGE}


def term_set(title: str, description: str, site_name: str, site_url: str) -> dict[str, Any]:
    """JSON-LD for the glossary. Its terms stand in the page; a second time would cost every reader 45 KB.

    Source: https://schema.org/DefinedTermSet
    """
    return {**_own("DefinedTermSet", GLOSSARY, site_name, site_url), "name": title, "description": description}


def structured_data(
    page: Note, ledger: Mapping[str, Record], site_name: str, site_url: str, change: Change | None
) -> dict[str, Any]:
    """JSON-LD for a page: a Chinese article about a scholarly article, or one that mentions several, never one itself.

    Source: https://schema.org/Article, https://schema.org/ScholarlyArticle
    """
    data = {**_own("Article", page.url, site_name, site_url), "headline": page.title, "description": page.summary}
    if change:
        data["datePublished"], data["dateModified"] = _day(change.first), _day(change.last)
    if isinstance(page, Paper):
        data["about"] = _scholarly(page.record)
    elif isinstance(page, Topic):
        data["mentions"] = [_scholarly(ledger[id_], authors=0) for id_ in page.papers]
    return data


def _own(kind: str, path: str, site_name: str, site_url: str) -> dict[str, Any]:
    """What is true of every page of ours."""
    data = {
        **_CONTEXT,
        "@type": kind,
        "inLanguage": LANGUAGE,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": _website(site_name, site_url),
    }
    if site_url:
        data["url"] = data["mainEntityOfPage"] = address(site_url, path)
    return data


def _website(name: str, site_url: str) -> dict[str, Any]:
    data = {"@type": "WebSite", "name": name}
    return {**data, "url": address(site_url, HOME)} if site_url else data


def _scholarly(record: Record, authors: int = MOST_AUTHORS) -> dict[str, Any]:
    """A paper; its first authors only, where there are more."""
    data: dict[str, Any] = {
        "@type": "ScholarlyArticle",
        "name": record.title,
        "inLanguage": "en",
        "identifier": f"arXiv:{record.arxiv}",
        "url": f"https://arxiv.org/abs/{record.arxiv}",
    }
    if names := record.authors[:authors]:
        data["author"] = [{"@type": "Person", "name": name} for name in names]
    if record.published:
        data["datePublished"] = _day(record.published)
    if record.doi:
        data["sameAs"] = f"https://doi.org/{quote(record.doi, safe='/:;()')}"
    return data


def llms_txt(site: Site, site_name: str, description: str, site_url: str = "") -> str:
    """A map of the site for language models; its pages are the Markdown twins.

    Source: https://llmstxt.org/
    """

    def link(title: str, path: str, note: str) -> str:
        path = twin.path_of(path)
        target = address(site_url, path) if site_url else path
        return f"- [{_plain(title)}]({target}): {_plain(note)}"

    lines = [f"# {_plain(site_name)}", "", f"> {_plain(description)}", ""]
    say = site.words.say
    lines += [say("llms.about"), ""]
    lines += [
        f"## {say('lists.topics')}",
        "",
        *(link(topic.title, topic.url, topic.summary) for topic in site.topics.values()),
        "",
    ]
    lines += [f"## {say('lists.papers')}", ""]
    lines += [
        link(paper.title, paper.url, f"{paper.record.title} (arXiv:{paper.arxiv})。{paper.summary}")
        for paper in site.papers.values()
    ]
    terms = site.documents.get(special_pages.GLOSSARY)
    if terms and terms.title and (summary := terms.key("summary")):
        lines += ["", f"## {say('llms.terms')}", "", link(terms.title, GLOSSARY, summary.value)]
    lines += ["", f"## {say('llms.data')}", ""]
    lines += [link(name, name, say(note)) for name, note in data_files(site_url).items() if name != "llms.txt"]
    return "\n".join(lines) + "\n"


def llms_full(
    site: Site, site_name: str, description: str, texts: Mapping[str, str], site_url: str = ""
) -> Iterator[str]:
    """The twins of topics and papers, in the order of `llms.txt`, each under its address. Shape: the text, in pieces.

    `texts`: by uri, links from the root; a page that was not built (`serve --dirty`) has none.
    """
    yield f"# {_plain(site_name)}\n\n> {_plain(description)}\n"
    pages = [*site.topics.values(), *site.papers.values(), *site.others.values()]
    for page in (page for page in pages if page.uri in texts):
        place = address(site_url, page.url) if site_url else page.url
        yield f"\n---\n\n{site.words['llms.address']}[{place}]({place})\n\n{texts[page.uri]}"


def data_files(site_url: str) -> dict[str, str]:
    """`DATA` as far as it is published: a feed needs the site's address."""
    return {name: note for name, note in DATA.items() if site_url or name != "feed.xml"}


def _plain(text: str) -> str:
    """One line that Markdown reads as text and that cannot close a link; its brackets become （）."""
    line = " ".join(text.split()).replace("[", "（").replace("]", "）")
    return re.sub(r"[\\`]", r"\\\g<0>", re.sub(r"&(?=#?\w+;)", "&amp;", line).replace("<", "&lt;"))


def robots_txt(site_url: str) -> str:
    """Everything may be read; where the site has an address, its map is named."""
    lines = ["User-agent: *", "Allow: /"]
    if site_url:
        lines.append(f"Sitemap: {address(site_url, 'sitemap.xml')}")
    return "\n".join(lines) + "\n"
