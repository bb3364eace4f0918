"""Measures: their definitions, their observations as a Series, and where they stand."""
