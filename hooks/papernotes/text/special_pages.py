"""The pages that the program itself knows: it makes a part of them, links to them, or treats them unlike others."""

from __future__ import annotations

from typing import Final

ABOUT: Final = "about.md"
ARTICLE: Final = "article.md"
"""The page that follows the article which the site comes from."""
HOME: Final = "index.md"
PAPERS: Final = "papers/index.md"
"""The table of all papers."""
MAP: Final = "map.md"
GLOSSARY: Final = "glossary.md"
"""The page whose entries the terms are."""
FIGURES: Final = "figures.md"
"""The list of all figures."""
CHECK: Final = "check.md"
"""What is known of how true each page is."""
MODELS: Final = "models.md"
"""The table of all models; their entries stand on the pages of the folder `models/`."""
PATHS: Final = "paths.md"
"""The ways through the papers."""
LISTS: Final = "lists.md"
"""The list of all pages."""
TOPICS: Final = "topics/index.md"
ERRATA: Final = "errata.md"
"""The one page that quotes wrong renderings."""
RULES: Final = "guide/rules.md"
"""The page whose entries the rules are."""
OFFLINE: Final = "offline.md"
NOT_FOUND: Final = "404.md"
REFERENCE: Final = "reference/"
"""The folder whose pages mkdocstrings makes from the docstrings of our Python."""

GATHERED: Final = frozenset({HOME, PAPERS, MAP, GLOSSARY, FIGURES, CHECK, MODELS, PATHS, LISTS, TOPICS})
"""The pages that show what others say, and so change when those do."""
