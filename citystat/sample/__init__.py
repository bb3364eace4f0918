"""Riverton, the sample city, made by code from a fixed seed."""
