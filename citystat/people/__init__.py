"""Departments and the people who answer for them."""
