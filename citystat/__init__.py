"""CityStat: run a city's stat meetings from a local database of department measures."""

__version__ = "0.1.0"
