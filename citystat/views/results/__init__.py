"""Results on the screen: what the city measures of them, and the catalogue."""
