"""The models that pages name: what each is called, what is known of it and from where, and which tables of pages measure it."""
