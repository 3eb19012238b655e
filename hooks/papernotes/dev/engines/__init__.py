"""The engines other than Chromium, each driven by its own protocol, and what is looked at in them."""
