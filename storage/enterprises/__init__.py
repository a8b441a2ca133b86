"""Enterprises and their contacts."""
