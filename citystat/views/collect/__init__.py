"""Bringing data in, on the screen."""
