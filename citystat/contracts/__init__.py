"""Contracted services: what vendors must reach, whether they reach it, and what they are paid for it."""
