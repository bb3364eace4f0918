"""What a chart says, without drawing it."""
