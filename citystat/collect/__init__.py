"""Bringing data in: readers, recipe, checks, store."""
