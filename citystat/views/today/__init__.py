"""What wants a person today, on the screen."""
