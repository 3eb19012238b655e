"""A paper's own text read by program: which places it has, where each is in arXiv's HTML, and which numbers stand there.

Nothing here knows our pages, so that what is read can be held against them.
"""
