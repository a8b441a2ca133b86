"""Specialists drawn into matters, on a database."""
