"""The only code that knows MkDocs: records and pages become files."""
