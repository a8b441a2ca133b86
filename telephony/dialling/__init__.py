"""Calls that the hotline places by itself, and conferences."""
