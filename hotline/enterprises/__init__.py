"""Enterprises: their contacts, and who is on duty when."""
