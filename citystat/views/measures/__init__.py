"""Measures on the screen."""
