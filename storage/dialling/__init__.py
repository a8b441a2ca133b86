"""Attempts of calls that the hotline places by itself, and campaigns."""
