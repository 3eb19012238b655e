"""Orders in which papers are read: the path of the site, and further ones with what to look for."""
