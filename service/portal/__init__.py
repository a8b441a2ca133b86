"""Digests of closings: made and signed after each day, and verified by anybody."""
