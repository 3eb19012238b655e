"""The search of the site: an index made from the built pages, read by `overrides/assets/javascripts/search/`.

The folder shows the data flow: `text` reads the article of a built page, `fold` brings text and query to one form,
`postings` counts what stands where, `shards` cuts the counts into scripts, `build` writes all of it.
The format is described in `docs/guide/search-index.md`.
"""
