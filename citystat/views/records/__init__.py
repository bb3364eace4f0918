"""Records in the window: how a file of them becomes measures, and the records behind a number."""
