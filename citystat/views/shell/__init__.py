"""Main window, sidebar, theme and settings."""
