"""Codes by which staff sign in at a telephone."""
