"""All measures and breakdowns at once: what is new, ranked, with few false alarms."""
