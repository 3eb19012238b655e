"""What the program adds to pages, as Markdown to follow their own: the entries of the models, and the numbers that tables state."""
