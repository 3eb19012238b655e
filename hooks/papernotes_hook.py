"""The list of steps, for `hooks:` of mkdocs.yml: this repository needs no installed plugin to be built by MkDocs itself."""

from papernotes.build.plugin import EVENTS

globals().update({event.__name__: event for event in EVENTS})
