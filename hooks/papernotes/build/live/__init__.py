"""`make serve`: the site as its writer sees it while it is being written."""
