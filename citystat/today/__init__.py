"""What wants a person today."""
