"""Priorities, goals and the measures that show progress towards them."""
