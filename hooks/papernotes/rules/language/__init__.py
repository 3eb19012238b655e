"""What the words, characters and numbers of a page must keep to."""
