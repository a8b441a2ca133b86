"""Rosters on a database."""
