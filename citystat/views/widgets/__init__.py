"""A few parts that pages share."""
