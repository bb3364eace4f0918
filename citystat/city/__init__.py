"""The open city: one door to the database, and the journal behind every change."""

from citystat.city.city import Change, City, Touched

__all__ = ["Change", "City", "Touched"]
