"""The site for programs: BibTeX, JSON, feeds, Markdown, and what editors need."""
