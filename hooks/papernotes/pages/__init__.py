"""What templates and exports are handed, made from the records."""
