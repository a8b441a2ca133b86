"""Agreements with other cities, and appeals taken for them until these have them."""
