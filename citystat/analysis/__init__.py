"""Numbers in, findings out: no database, no Qt, no files."""
