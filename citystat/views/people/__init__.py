"""Departments and people."""
