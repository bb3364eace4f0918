"""Meetings on the screen: list, agenda, operator console, audience window, review."""
