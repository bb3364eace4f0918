"""Stat meetings: series, agenda, running, capture, the action register, and minutes and memos as content."""
