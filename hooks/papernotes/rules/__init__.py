"""What a page must keep to: one generator of findings a rule."""
