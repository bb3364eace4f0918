"""Records: 311 requests, permits, incidents; each row is one, and measures are what comes of many."""
