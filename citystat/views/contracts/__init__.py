"""Contracts: the list, a contract's scorecard, its renewal, and contractors side by side."""
