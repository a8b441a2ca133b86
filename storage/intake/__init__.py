"""Registers brought in from files and taken out into them."""
