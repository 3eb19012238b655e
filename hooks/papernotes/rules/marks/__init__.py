"""Marks of Markdown that did nothing, or something else than was meant."""
