"""Pages at old addresses: `redirect_from:` in front matter."""

from __future__ import annotations

from html import escape
from posixpath import relpath
from urllib.parse import quote

from papernotes.build.finish import security
from papernotes.data.paper import kind_of
from papernotes.data.site import Site
from papernotes.text.document import address
from papernotes.words import Words


def redirects(site: Site) -> dict[str, str]:
    """Old address -> address now, both from the site's root."""
    made = {old: note.url for note in site.notes.values() for old in note.redirect_from}
    for uri, document in site.documents.items():
        if kind_of(uri) == "plain" and (listed := document.key("redirect_from")):
            made |= {str(node.value): address(uri) for node in listed.value}
    return made


def page(old: str, new: str, site: Site, said: Words) -> str:
    """The page that leads on, without script; to a page that lists others where the old one has been taken away."""
    there = f"{new.removesuffix('.html')}.md"
    link = escape(quote(relpath(new, old.rpartition("/")[0] or ".")))
    title, text = said.say("moved.title"), said.say("moved.where", link=link)
    if kind_of(there) == "plain":
        name = escape(site.documents[there].title or new)
        title, text = said.say("moved.gone"), said.say("moved.instead", link=link, page=name)
    return (
        '<!doctype html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
        f'{security.BEGINNING}{security.policy(())}">\n<title>{title}</title>\n'
        f'<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url={link}">\n</head>\n'
        f"<body>\n<p>{text}</p>\n</body>\n</html>\n"
    )
