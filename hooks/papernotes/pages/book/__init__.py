"""The site as an e-book: chapters made of the linked pages, and the package around them. EPUB 3.3, without MkDocs."""
