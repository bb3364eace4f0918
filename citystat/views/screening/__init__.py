"""The page of what the screening found."""
