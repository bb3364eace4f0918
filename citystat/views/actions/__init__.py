"""The action register on the screen."""
