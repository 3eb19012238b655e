"""What is done with a site, or with the program, as a whole: begin a site, take a page away, release a version."""
