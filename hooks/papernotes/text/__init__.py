"""One page as text, strictly read, with its places; knows no site."""
