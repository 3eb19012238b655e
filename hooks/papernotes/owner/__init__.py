"""What the owner of a site does with it as a whole: take a page away, begin a site."""
