"""Double entry: the numbers of our pages compared with those read in the papers."""
