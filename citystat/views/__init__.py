"""Everything with Qt: one folder a subject."""
