"""Our Markdown: marks, references, formulas, terms, typography."""
