"""Pages at old addresses: `redirect_from:` in front matter."""

from __future__ import annotations

from html import escape
from posixpath import relpath
from urllib.parse import quote

from papernotes.build.finish import security
from papernotes.data.paper import Paper, Topic
from papernotes.data.site import Site


def redirects(site: Site) -> dict[str, str]:
    """Old address -> address now, both from the site's root."""
    pages: list[Paper | Topic] = [*site.papers.values(), *site.topics.values()]
    return {old: page.url for page in pages for old in page.redirect_from}


def page(old: str, new: str) -> str:
    """The page that leads on, without script."""
    address = escape(quote(relpath(new, old.rpartition("/")[0] or ".")))
    return (
        '<!doctype html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
        f'{security.BEGINNING}{security.policy(())}">\n<title>页面已移动</title>\n'
        f'<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url={address}">\n</head>\n'
        f'<body>\n<p>这一页搬到了<a href="{address}">新的地址</a>。</p>\n</body>\n</html>\n'
    )
